//! What stands behind a place, both kinds by their time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{LogPlace, TailEntry, TailFilter, TailKind, TailPage, select::Table};
use crate::{
    model::MessageId,
    store::{Store, StoreError, record::Record, rows::Rows},
};

/// Numbers that one statement looks at: bounds what a filter costs that hardly anything passes.
const WINDOW: i64 = 5_000;
/// Entries of each kind that are read at a time: bounds what a reader holds in memory.
const PAGE: usize = 100;
/// Recipients of an event that are named.
const NAMED: usize = 20;

/// Entries of one kind, in the order of their numbers.
struct Part {
    entries: Vec<(i64, TailEntry)>,
    /// The last number that was looked at.
    reached: i64,
}

impl Store {
    /// What stands behind a place, as far as one look goes.
    pub async fn log_after(
        &self,
        filter: &TailFilter,
        place: LogPlace,
    ) -> Result<TailPage, StoreError> {
        let head = self.log_head().await?;
        // A place beyond the end comes from a store that was put back to an earlier day.
        let place = LogPlace {
            event: place.event.min(head.event),
            refusal: place.refusal.min(head.refusal),
        };
        let mut events = self
            .part(Table::Events, filter, (place.event, head.event))
            .await?;
        let mut refusals = self
            .part(Table::Refusals, filter, (place.refusal, head.refusal))
            .await?;
        // What is cut off by its number is not overtaken by what is younger.
        let last = |part: &Part| {
            let is_full = part.entries.len() == PAGE;
            part.entries
                .last()
                .filter(|_| is_full)
                .map(|(_, entry)| entry.at)
        };
        let (last_event, last_refusal) = (last(&events), last(&refusals));
        match (last_event, last_refusal) {
            (Some(event), Some(refusal)) if event <= refusal => refusals.cut(event, place.refusal),
            (_, Some(refusal)) => events.cut(refusal, place.event),
            (Some(event), None) => refusals.cut(event, place.refusal),
            (None, None) => {}
        }
        let reached = LogPlace {
            event: events.reached,
            refusal: refusals.reached,
        };
        let mut entries = merged(events, refusals, place);
        self.name_recipients(&mut entries).await?;
        Ok(TailPage {
            entries,
            place: reached,
            has_more: reached != head,
        })
    }

    /// Entries of one kind behind the first number and up to the second.
    async fn part(
        &self,
        table: Table,
        filter: &TailFilter,
        (after, head): (i64, i64),
    ) -> Result<Part, StoreError> {
        let end = head.min(after.saturating_add(WINDOW));
        let select = filter.select(table, table.columns(), (after, end));
        let nothing = |reached| Part {
            entries: Vec::new(),
            reached,
        };
        let Some(mut statement) = select else {
            return Ok(nothing(head));
        };
        if after == end {
            return Ok(nothing(end));
        }
        statement.text(table.oldest_first());
        statement.with(" LIMIT ?", i64::try_from(PAGE).unwrap_or(i64::MAX));
        let rows = statement.fetch_all(self.reads()).await?;
        let read = match table {
            Table::Events => read_event,
            Table::Refusals => read_refusal,
        };
        let entries = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let reached = match entries.last() {
            Some((last, _)) if entries.len() == PAGE => *last,
            _ => end,
        };
        Ok(Part { entries, reached })
    }

    /// Fills in the recipients of events that concern all of their message: the first [`NAMED`].
    async fn name_recipients(&self, entries: &mut [TailEntry]) -> Result<(), StoreError> {
        static SELECT: Rows = Rows::list(
            "SELECT message_id, address FROM recipients WHERE position < 20 AND message_id IN (",
            ") ORDER BY message_id, position",
        );
        let of_all = |entry: &TailEntry| entry.message_id.filter(|_| entry.recipients.is_empty());
        let mut ids: Vec<MessageId> = entries.iter().filter_map(of_all).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let mut connection = self.reads().acquire().await?;
        let rows = SELECT
            .fetch(&mut connection, &ids, |id, values| {
                values.bytes(id.as_bytes());
            })
            .await?;
        drop(connection);
        let mut known: BTreeMap<MessageId, Vec<String>> = BTreeMap::new();
        for row in &rows {
            let record = Record::new("recipients", row);
            let address = record.text("address")?.to_owned();
            known
                .entry(record.id("message_id")?)
                .or_default()
                .push(address);
        }
        for entry in entries {
            if let Some(addresses) = of_all(entry).and_then(|id| known.get(&id)) {
                entry.recipients.clone_from(addresses);
            }
        }
        Ok(())
    }
}

impl Part {
    /// Leaves what is younger than `last` for the next look, which then begins at the first of it.
    fn cut(&mut self, last: Timestamp, before: i64) {
        let Some(kept) = self.entries.iter().position(|(_, entry)| entry.at > last) else {
            return;
        };
        self.entries.truncate(kept);
        self.reached = self.entries.last().map_or(before, |(number, _)| *number);
    }
}

/// Both kinds by time, each in the order of its numbers, with the place behind each entry.
fn merged(events: Part, refusals: Part, mut place: LogPlace) -> Vec<TailEntry> {
    let mut entries = Vec::with_capacity(events.entries.len() + refusals.entries.len());
    let mut events = events.entries.into_iter().peekable();
    let mut refusals = refusals.entries.into_iter().peekable();
    loop {
        let is_event = match (events.peek(), refusals.peek()) {
            (None, None) => return entries,
            (Some((_, event)), Some((_, refusal))) => event.at <= refusal.at,
            (event, _) => event.is_some(),
        };
        let next = if is_event {
            events.next().inspect(|(number, _)| place.event = *number)
        } else {
            refusals
                .next()
                .inspect(|(number, _)| place.refusal = *number)
        };
        entries.extend(next.map(|(_, entry)| TailEntry { place, ..entry }));
    }
}

fn read_event(row: &AnyRow) -> Result<(i64, TailEntry), StoreError> {
    let record = Record::new("events", row);
    let text = |column| record.text(column).map(str::to_owned);
    let concerned = record.text("recipients")?;
    let named = concerned.split_whitespace();
    let recipient_count = match concerned {
        "" => record.number("recipient_count")?,
        _ => u64::try_from(named.clone().count()).unwrap_or(u64::MAX),
    };
    let entry = TailEntry {
        place: LogPlace::default(),
        at: record.time("at")?,
        message_id: Some(record.id("message_id")?),
        account: record.parse_optional("account")?,
        user: record.parse_optional("username")?,
        system: record.parse_optional("system_name")?,
        sender: text("sender")?,
        recipients: named.take(NAMED).map(str::to_owned).collect(),
        recipient_count,
        kind: TailKind::Event(record.parse("kind")?),
        reason: record.parse_optional("reason")?,
        reply: text("reply")?,
        detail: text("detail")?,
        client: record.parse_optional("client")?,
    };
    Ok((record.number("number")?, entry))
}

fn read_refusal(row: &AnyRow) -> Result<(i64, TailEntry), StoreError> {
    let record = Record::new("refusals", row);
    let text = |column| record.text(column).map(str::to_owned);
    let recipients: Vec<String> = record.parse_optional("recipient")?.into_iter().collect();
    let mut detail = format!("listener {}", record.text("listener")?);
    match record.text("helo")? {
        "" => {}
        helo => detail.extend(["; it says it is ", helo]),
    }
    let entry = TailEntry {
        place: LogPlace::default(),
        at: record.time("at")?,
        message_id: None,
        account: record.parse_optional("account")?,
        user: record.parse_optional("username")?,
        system: record.parse_optional("system_name")?,
        sender: text("sender")?,
        recipient_count: u64::try_from(recipients.len()).unwrap_or(u64::MAX),
        recipients,
        kind: TailKind::Refused,
        reason: Some(record.parse("reason")?),
        reply: text("reply")?,
        detail,
        client: record.parse_optional("client")?,
    };
    Ok((record.number("number")?, entry))
}
