//! The log in the order in which it was written: events of messages, and refusals at the door.
//!
//! Both have numbers that only grow, and become visible in their order (`Engine::begin_log`). A
//! place in the log is a number of each, so that nothing is missed or told twice, whatever was
//! deleted meanwhile.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;

use super::{
    AddressFilter, Store, StoreError,
    condition::Statement,
    record::{Record, micros},
    rows::Rows,
};
use crate::model::{AccountId, EventKind, MessageId, Reason};

/// Numbers that one statement looks at: bounds what a filter costs that hardly anything passes.
const WINDOW: i64 = 5_000;
/// Entries of each kind that are read at a time: bounds what a reader holds in memory.
const PAGE: usize = 100;
/// Numbers of each kind among which the latest entries are looked for.
const LOOK_BACK: i64 = 50_000;
/// Recipients of an event that are named.
const NAMED: usize = 20;
/// What is written may be dated a little before what was written already.
const DISORDER: SignedDuration = SignedDuration::from_mins(10);

/// A place in the log: the last event and the last refusal before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogPlace {
    event: i64,
    refusal: i64,
}

/// A text that is no place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of an earlier event")]
pub struct NoLogPlace;

impl std::fmt::Display for LogPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.event, self.refusal)
    }
}

impl std::str::FromStr for LogPlace {
    type Err = NoLogPlace;

    fn from_str(text: &str) -> Result<Self, NoLogPlace> {
        let number = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = is_plain.then(|| text.parse().ok()).flatten();
            number.ok_or(NoLogPlace)
        };
        let (event, refusal) = text.split_once('-').ok_or(NoLogPlace)?;
        Ok(Self {
            event: number(event)?,
            refusal: number(refusal)?,
        })
    }
}

/// What an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailKind {
    /// An event of a message.
    Event(EventKind),
    /// A refusal at the door.
    Refused,
}

/// Which entries. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct TailFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// User name; of a refusal the one that was tried.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Envelope sender.
    pub from: Option<AddressFilter>,
    /// An envelope recipient of the message.
    pub to: Option<AddressFilter>,
    /// What the events tell; empty for whatever.
    pub kinds: Vec<EventKind>,
    /// No events at all, only refusals.
    pub no_events: bool,
    /// No refusals.
    pub no_refusals: bool,
    /// Why.
    pub reason: Option<Reason>,
    /// At or after.
    pub since: Option<Timestamp>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailEntry {
    /// The place behind it.
    pub place: LogPlace,
    /// When.
    pub at: Timestamp,
    /// The message; none of a refusal.
    pub message_id: Option<MessageId>,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// User name that signed in, or was tried. Hostile text.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Envelope sender.
    pub sender: String,
    /// The recipients it concerns, the first of them.
    pub recipients: Vec<String>,
    /// How many it concerns.
    pub recipient_count: u64,
    /// What happened.
    pub kind: TailKind,
    /// Why.
    pub reason: Option<Reason>,
    /// A literal reply.
    pub reply: String,
    /// Anything else.
    pub detail: String,
    /// Where the device connected from.
    pub client: Option<String>,
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailPage {
    /// What passed the filter.
    pub entries: Vec<TailEntry>,
    /// Up to where the log was looked at.
    pub place: LogPlace,
    /// Whether there was more already.
    pub has_more: bool,
}

/// Entries of one kind, in the order of their numbers.
struct Part {
    entries: Vec<(i64, TailEntry)>,
    /// The last number that was looked at.
    reached: i64,
}

/// The two tables that make the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Events,
    Refusals,
}

impl Store {
    /// The end of the log.
    pub async fn log_head(&self) -> Result<LogPlace, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM events) AS event,
                    (SELECT COALESCE(MAX(id), 0) FROM refusals) AS refusal",
        )
        .fetch_one(self.reads())
        .await?;
        let record = Record::new("events", &row);
        Ok(LogPlace {
            event: record.number("event")?,
            refusal: record.number("refusal")?,
        })
    }

    /// A place that nothing of that time or later lies before.
    pub async fn log_since(&self, since: Timestamp) -> Result<LogPlace, StoreError> {
        let head = self.log_head().await?;
        let since = micros(since.saturating_sub(DISORDER).unwrap_or(Timestamp::MIN));
        Ok(LogPlace {
            event: self.before(Table::Events, since, head.event).await?,
            refusal: self.before(Table::Refusals, since, head.refusal).await?,
        })
    }

    /// The last number of a time before `since`, by bisection: numbers are about in the order of
    /// time, and an index for this alone would cost every mail something.
    async fn before(&self, table: Table, since: i64, head: i64) -> Result<i64, StoreError> {
        let text = match table {
            Table::Events => {
                "SELECT id AS number, at FROM events WHERE id > $1 ORDER BY id LIMIT 1"
            }
            Table::Refusals => {
                "SELECT id AS number, at FROM refusals WHERE id > $1 ORDER BY id LIMIT 1"
            }
        };
        let (mut low, mut high) = (0, head);
        while low < high {
            let middle = low + (high - low) / 2;
            let row = sqlx::query(text).bind(middle).fetch_optional(self.reads());
            let Some(row) = row.await? else {
                high = middle;
                continue;
            };
            let record = Record::new("events", &row);
            let (number, at): (i64, i64) = (record.number("number")?, record.number("at")?);
            if number <= high && at < since {
                low = number;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The place before the latest `count` entries that the filter names, as far as they are
    /// among the latest tens of thousands of all.
    pub async fn log_last(&self, filter: &TailFilter, count: u32) -> Result<LogPlace, StoreError> {
        let head = self.log_head().await?;
        let mut found = Vec::new();
        for (table, head) in [(Table::Events, head.event), (Table::Refusals, head.refusal)] {
            let span = (head.saturating_sub(LOOK_BACK), head);
            let Some(mut statement) = filter.select(table, table.numbers(), span) else {
                continue;
            };
            statement.text(table.newest_first());
            statement.with(" LIMIT ?", i64::from(count));
            for row in statement.fetch_all(self.reads()).await? {
                let record = Record::new("events", &row);
                let (number, at): (i64, i64) = (record.number("number")?, record.number("at")?);
                found.push((at, table, number));
            }
        }
        found.sort_by_key(|(at, _, number)| std::cmp::Reverse((*at, *number)));
        found.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        let first = |of: Table, head: i64| {
            let numbers = found.iter().filter(|(_, table, _)| *table == of);
            numbers
                .map(|(_, _, number)| number - 1)
                .min()
                .unwrap_or(head)
        };
        Ok(LogPlace {
            event: first(Table::Events, head.event),
            refusal: first(Table::Refusals, head.refusal),
        })
    }

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

    /// Fills in the recipients of events that concern all of their message.
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

impl Table {
    /// What is selected to show an entry. The CROSS JOIN keeps the order of the tables on SQLite:
    /// the span of numbers is small, whatever the filter.
    const fn columns(self) -> &'static str {
        match self {
            Self::Events => {
                "SELECT e.id AS number, e.at AS at, e.message_id AS message_id, e.kind AS kind,
                    e.recipients AS recipients, e.reason AS reason, e.reply AS reply,
                    e.detail AS detail, e.client AS client, COALESCE(a.name, '') AS account,
                    COALESCE(r.username, '') AS username, COALESCE(s.name, '') AS system_name,
                    m.reverse_path AS sender, m.recipient_count AS recipient_count
                 FROM events e CROSS JOIN messages m
                 LEFT JOIN accounts a ON a.id = m.account_id
                 LEFT JOIN relay_users r ON r.id = m.user_id
                 LEFT JOIN systems s ON s.id = m.system_id
                 WHERE m.id = e.message_id"
            }
            Self::Refusals => {
                "SELECT f.id AS number, f.at AS at, COALESCE(a.name, '') AS account,
                    f.username AS username, COALESCE(s.name, '') AS system_name,
                    f.client AS client, f.listener AS listener, f.helo AS helo,
                    f.sender AS sender, f.recipient AS recipient, f.reason AS reason,
                    f.reply AS reply
                 FROM refusals f
                 LEFT JOIN accounts a ON a.id = f.account_id
                 LEFT JOIN systems s ON s.id = f.system_id
                 WHERE 1 = 1"
            }
        }
    }

    /// What is selected to count entries.
    const fn numbers(self) -> &'static str {
        match self {
            Self::Events => {
                "SELECT e.id AS number, e.at AS at FROM events e CROSS JOIN messages m
                 WHERE m.id = e.message_id"
            }
            Self::Refusals => "SELECT f.id AS number, f.at AS at FROM refusals f WHERE 1 = 1",
        }
    }

    const fn oldest_first(self) -> &'static str {
        match self {
            Self::Events => " ORDER BY e.id",
            Self::Refusals => " ORDER BY f.id",
        }
    }

    const fn newest_first(self) -> &'static str {
        match self {
            Self::Events => " ORDER BY e.id DESC",
            Self::Refusals => " ORDER BY f.id DESC",
        }
    }
}

impl TailFilter {
    /// The entries of a table in a span of numbers, or nothing where none can pass.
    fn select(&self, table: Table, head: &str, (after, end): (i64, i64)) -> Option<Statement> {
        let mut statement = Statement::new(head);
        match table {
            Table::Events if self.no_events => return None,
            Table::Refusals if self.no_refusals => return None,
            Table::Events => {
                statement
                    .and("e.id > ?", Some(after))
                    .and("e.id <= ?", Some(end));
                self.narrow_events(&mut statement);
            }
            Table::Refusals => {
                statement
                    .and("f.id > ?", Some(after))
                    .and("f.id <= ?", Some(end));
                self.narrow_refusals(&mut statement);
            }
        }
        Some(statement)
    }

    fn narrow_events(&self, statement: &mut Statement) {
        statement
            .and(
                "m.account_id = ?",
                self.account.as_ref().map(AccountId::as_bytes),
            )
            .and(
                "m.user_id = (SELECT u.id FROM relay_users u WHERE u.username = ?)",
                self.user.as_deref(),
            )
            .and(
                "m.system_id IN (SELECT y.id FROM systems y WHERE y.name = ?)",
                self.system.as_deref(),
            )
            .and("e.reason = ?", self.reason.map(Reason::code))
            .and("e.at >= ?", self.since.map(micros));
        if !self.kinds.is_empty() {
            statement.text(" AND ");
            statement.is_in("e.kind", self.kinds.iter().map(|kind| kind.as_str()));
        }
        statement
            .and(
                "lower(m.reverse_path) LIKE ? ESCAPE '\\'",
                self.from.as_ref().map(AddressFilter::pattern),
            )
            .and(
                "EXISTS (SELECT 1 FROM recipients c WHERE c.message_id = m.id
                         AND lower(c.address) LIKE ? ESCAPE '\\')",
                self.to.as_ref().map(AddressFilter::pattern),
            );
    }

    fn narrow_refusals(&self, statement: &mut Statement) {
        statement
            .and(
                "f.account_id = ?",
                self.account.as_ref().map(AccountId::as_bytes),
            )
            .and("f.username = ?", self.user.as_deref())
            .and(
                "f.system_id IN (SELECT y.id FROM systems y WHERE y.name = ?)",
                self.system.as_deref(),
            )
            .and("f.reason = ?", self.reason.map(Reason::code))
            .and("f.at >= ?", self.since.map(micros))
            .and(
                "lower(f.sender) LIKE ? ESCAPE '\\'",
                self.from.as_ref().map(AddressFilter::pattern),
            )
            .and(
                "lower(f.recipient) LIKE ? ESCAPE '\\'",
                self.to.as_ref().map(AddressFilter::pattern),
            );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_is_one() {
        let place = LogPlace {
            event: 17,
            refusal: 4,
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in [
            "",
            "17",
            "-",
            "17-",
            "-4",
            "+1-2",
            "1--2",
            "1-2-3",
            "9999999999999999999-1",
        ] {
            assert_eq!(text.parse::<LogPlace>(), Err(NoLogPlace), "{text}");
        }
    }
}
