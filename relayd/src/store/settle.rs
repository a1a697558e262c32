//! Settlement: what came of an attempt becomes the state of recipients and message.
//!
//! A person may have acted meanwhile. What was handed over is recorded as handed over; for the
//! rest, a recipient that a person cancelled stays cancelled, and a held message held.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    NewMessage, NoticeKind, RecipientOutcome, Settlement, StoreError,
    accept::insert_events,
    engine::Engine,
    locks::lock_messages,
    record::Record,
    rows::Rows,
    tally::{Settled, Tally},
    upstream_id,
};
use crate::model::{Event, EventKind, MessageId, MessageState, Reason, RecipientState};

/// How many recipients of a message stand where.
#[derive(Debug, Default, Clone, Copy)]
struct Standing {
    queued: i64,
    delivered: i64,
    failed: i64,
    cancelled: i64,
}

impl Standing {
    fn add(&mut self, state: RecipientState, count: i64) {
        *match state {
            RecipientState::Queued => &mut self.queued,
            RecipientState::Delivered => &mut self.delivered,
            RecipientState::Failed => &mut self.failed,
            RecipientState::Cancelled => &mut self.cancelled,
        } += count;
    }

    /// The state that follows for the message.
    const fn state(self) -> MessageState {
        match self {
            Self { queued: 1.., .. } => MessageState::Queued,
            Self { cancelled: 1.., .. } => MessageState::Cancelled,
            Self { failed: 0, .. } => MessageState::Delivered,
            Self { delivered: 0, .. } => MessageState::Failed,
            Self { .. } => MessageState::Partial,
        }
    }
}

/// Whether nothing will happen to it any more.
const fn is_finished(state: MessageState) -> bool {
    !matches!(state, MessageState::Queued | MessageState::Held)
}

/// What remains of a message waits for a person where its history says so.
fn state_after(settlement: &Settlement, standing: Standing) -> MessageState {
    let mut events = settlement.events.iter();
    match standing.state() {
        MessageState::Queued if events.any(|event| event.kind == EventKind::Held) => {
            MessageState::Held
        }
        state => state,
    }
}

/// A message's row after its settlement.
struct Update<'s> {
    settlement: &'s Settlement,
    state: MessageState,
    last_reply: &'s str,
}

impl Update<'_> {
    fn finished_at(&self) -> Option<Timestamp> {
        is_finished(self.state).then_some(self.settlement.at)
    }
}

/// Applies settlements, and counts what they changed. Gives the notices that are called for, for
/// the caller to accept.
pub(super) async fn apply<'s>(
    tx: &mut AnyConnection,
    engine: Engine,
    settlements: &'s [Settlement],
    tally: &mut Tally,
) -> Result<Vec<&'s NewMessage>, StoreError> {
    // A statement takes each message once, so a second settlement of one waits for the next wave.
    let mut waves: Vec<BTreeMap<MessageId, &'s Settlement>> = Vec::new();
    for settlement in settlements {
        let id = settlement.message_id;
        match waves.iter_mut().find(|wave| !wave.contains_key(&id)) {
            Some(wave) => drop(wave.insert(id, settlement)),
            None => waves.push(BTreeMap::from([(id, settlement)])),
        }
    }
    let (mut events, mut mails) = (Vec::with_capacity(settlements.len()), Vec::new());
    for wave in waves {
        let untold = untold_delays(tx, &wave).await?;
        let changed = apply_wave(tx, engine, &wave, tally).await?;
        for (id, settlement) in wave {
            let changed = changed.get(&id).copied().unwrap_or_default();
            let is_true = |event: &&Event| changed.failed > 0 || event.kind != EventKind::Failed;
            events.extend(settlement.events.iter().filter(is_true));
            for notice in &settlement.notices {
                let called_for = match notice.kind {
                    NoticeKind::Failed => changed.failed > 0,
                    NoticeKind::Relayed => changed.delivered > 0,
                    NoticeKind::Delayed => changed.queued > 0 && untold.contains(&id),
                };
                if called_for {
                    events.push(&notice.event);
                    mails.push(&*notice.mail);
                }
            }
        }
    }
    insert_events(tx, &events).await?;
    Ok(mails)
}

/// Of the messages whose sender is to be told of a delay, those whose sender was not told yet.
async fn untold_delays(
    tx: &mut AnyConnection,
    wave: &BTreeMap<MessageId, &Settlement>,
) -> Result<BTreeSet<MessageId>, StoreError> {
    static SELECT: Rows = Rows::list(
        "SELECT id FROM messages WHERE delay_told = 0 AND id IN (",
        ")",
    );
    let late: Vec<_> = wave
        .values()
        .filter(|settlement| tells_delay(settlement))
        .map(|settlement| settlement.message_id)
        .collect();
    let rows = SELECT
        .fetch(tx, &late, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await?;
    rows.iter()
        .map(|row| Record::new("messages", row).id("id"))
        .collect()
}

fn tells_delay(settlement: &Settlement) -> bool {
    let mut notices = settlement.notices.iter();
    notices.any(|notice| notice.kind == NoticeKind::Delayed)
}

/// Tells what it changed of the recipients of each message.
async fn apply_wave(
    tx: &mut AnyConnection,
    engine: Engine,
    wave: &BTreeMap<MessageId, &Settlement>,
    tally: &mut Tally,
) -> Result<BTreeMap<MessageId, Standing>, StoreError> {
    let ids: Vec<MessageId> = wave.keys().copied().collect();
    // A cancellation by another node comes before or after this settlement, not in its middle.
    lock_messages(tx, engine, &ids).await?;
    let mut standings = read_standings(tx, &ids).await?;
    let cancelled = read_cancelled(tx, wave, &standings).await?;
    let settled = update_recipients(tx, wave, &cancelled).await?;
    let mut changed: BTreeMap<_, Standing> = BTreeMap::new();
    for it in &settled {
        let standing = standings.entry(it.message_id).or_default();
        standing.add(RecipientState::Queued, -i64::from(!it.was_cancelled));
        standing.add(RecipientState::Cancelled, -i64::from(it.was_cancelled));
        standing.add(it.state, 1);
        changed.entry(it.message_id).or_default().add(it.state, 1);
    }
    let mut by_message: BTreeMap<MessageId, Vec<&Settled>> = BTreeMap::new();
    for it in &settled {
        by_message.entry(it.message_id).or_default().push(it);
    }
    for (id, settlement) in wave {
        let settled = by_message.remove(id).unwrap_or_default();
        count(tally, settlement, &settled);
    }
    let updates: Vec<_> = wave
        .values()
        .filter_map(|settlement| {
            Some(Update {
                settlement,
                state: state_after(settlement, *standings.get(&settlement.message_id)?),
                last_reply: last_reply(settlement),
            })
        })
        .collect();
    update_messages(tx, &updates).await?;
    let finished: Vec<_> = updates
        .iter()
        .filter(|update| is_finished(update.state))
        .map(|update| update.settlement.message_id)
        .collect();
    delete_bodies(tx, &finished).await?;
    Ok(changed)
}

/// Counts a settlement as its history tells it: what is put off for two reasons at a time is put
/// off once.
fn count(tally: &mut Tally, settlement: &Settlement, settled: &[&Settled]) {
    let events = settlement.events.iter();
    let deferred: Vec<_> = events
        .filter(|event| event.kind == EventKind::Deferred)
        .collect();
    let reasons: BTreeSet<Reason> = deferred.iter().filter_map(|event| event.reason).collect();
    let reasons: Vec<Reason> = reasons.into_iter().collect();
    tally.settle(settlement, settled, &reasons, !deferred.is_empty());
}

/// When the recipients were cancelled that were handed over meanwhile.
async fn read_cancelled(
    tx: &mut AnyConnection,
    wave: &BTreeMap<MessageId, &Settlement>,
    standings: &BTreeMap<MessageId, Standing>,
) -> Result<BTreeMap<(MessageId, u32), Option<Timestamp>>, StoreError> {
    static SELECT: Rows = Rows::list(
        "SELECT message_id, position, settled_at FROM recipients
         WHERE state = 'cancelled' AND message_id IN (",
        ")",
    );
    let is_cancelled = |id: &&MessageId| standings.get(id).is_some_and(|it| it.cancelled > 0);
    let ids: Vec<_> = wave.keys().filter(is_cancelled).collect();
    let rows = SELECT
        .fetch(tx, &ids, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await?;
    rows.iter()
        .map(|row| {
            let record = Record::new("recipients", row);
            let key = (record.id("message_id")?, record.number("position")?);
            Ok((key, record.time_optional("settled_at")?))
        })
        .collect()
}

/// Sets the new states where they may be set, and tells which were.
async fn update_recipients(
    tx: &mut AnyConnection,
    wave: &BTreeMap<MessageId, &Settlement>,
    cancelled: &BTreeMap<(MessageId, u32), Option<Timestamp>>,
) -> Result<Vec<Settled>, StoreError> {
    static UPDATE: Rows = Rows::of(
        "UPDATE recipients SET state = v.column3, reply = v.column4, upstream_id = v.column6,
            settled_at = CASE WHEN v.column3 = 'queued' THEN NULL ELSE v.column5 END
         FROM (VALUES ",
        6,
        ") AS v
         WHERE recipients.message_id = v.column1 AND recipients.position = v.column2
           AND (recipients.state = 'queued'
                OR (v.column3 = 'delivered' AND recipients.state = 'cancelled'))
         RETURNING message_id, position, state, address",
    );
    let mut outcomes: BTreeMap<(MessageId, u32), (&Settlement, &RecipientOutcome)> =
        BTreeMap::new();
    for (id, settlement) in wave {
        for outcome in &settlement.recipients {
            let key = (*id, outcome.position);
            outcomes.entry(key).or_insert((settlement, outcome));
        }
    }
    let rows: Vec<_> = outcomes.iter().collect();
    let rows = UPDATE
        .fetch(
            tx,
            &rows,
            |((id, position), (settlement, outcome)), values| {
                values
                    .bytes(id.as_bytes())
                    .number(*position)
                    .text(outcome.state.as_str())
                    .text(&outcome.reply)
                    .time(settlement.at)
                    .text(&upstream_id(outcome));
            },
        )
        .await?;
    rows.iter()
        .map(|row| {
            let record = Record::new("recipients", row);
            let key = (record.id("message_id")?, record.number("position")?);
            let was_cancelled = cancelled.get(&key);
            Ok(Settled {
                message_id: key.0,
                state: record.parse("state")?,
                address: record.text("address")?.to_owned(),
                reason: outcomes.get(&key).and_then(|(_, outcome)| outcome.reason),
                was_cancelled: was_cancelled.is_some(),
                cancelled_at: was_cancelled.copied().flatten(),
            })
        })
        .collect()
}

/// What the other side calls the mail, once it has it.
fn upstream_id(outcome: &RecipientOutcome) -> String {
    match outcome.state {
        RecipientState::Delivered => upstream_id::of_reply(&outcome.reply),
        _ => String::new(),
    }
}

async fn read_standings(
    tx: &mut AnyConnection,
    ids: &[MessageId],
) -> Result<BTreeMap<MessageId, Standing>, StoreError> {
    static COUNT: Rows = Rows::list(
        "SELECT message_id, state, COUNT(*) AS recipients FROM recipients WHERE message_id IN (",
        ") GROUP BY message_id, state",
    );
    let rows = COUNT
        .fetch(tx, ids, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await?;
    let mut standings: BTreeMap<_, Standing> = BTreeMap::new();
    for row in &rows {
        let record = Record::new("recipients", row);
        let standing = standings.entry(record.id("message_id")?).or_default();
        standing.add(record.parse("state")?, record.number("recipients")?);
    }
    Ok(standings)
}

async fn update_messages(tx: &mut AnyConnection, updates: &[Update<'_>]) -> Result<(), StoreError> {
    static UPDATE: Rows = Rows::of(
        "UPDATE messages SET
            state = CASE WHEN messages.state = 'held' AND v.column2 = 'queued'
                         THEN messages.state ELSE v.column2 END,
            attempts = messages.attempts + v.column3,
            due_at = CASE WHEN v.column2 = 'queued' THEN v.column4 ELSE messages.due_at END,
            last_reply = CASE WHEN v.column5 = '' THEN messages.last_reply ELSE v.column5 END,
            finished_at = COALESCE(messages.finished_at, v.column6),
            delay_told = CASE WHEN v.column7 = 1 THEN 1 ELSE messages.delay_told END
         FROM (VALUES ",
        7,
        ") AS v WHERE messages.id = v.column1",
    );
    UPDATE
        .execute(tx, updates, |update, values| {
            let settlement = update.settlement;
            values
                .bytes(settlement.message_id.as_bytes())
                .text(update.state.as_str())
                .number(settlement.is_attempt)
                .time(settlement.due_at)
                .text(update.last_reply)
                .time_optional(update.finished_at())
                .number(tells_delay(settlement));
        })
        .await
}

/// What the other side said last, or else what happened, for `relayctl queue list`.
fn last_reply(settlement: &Settlement) -> &str {
    let details = settlement.events.iter().map(|event| &event.detail);
    let replies = settlement.recipients.iter().map(|outcome| &outcome.reply);
    details
        .chain(replies)
        .chain(settlement.events.iter().map(|event| &event.reply))
        .rfind(|text| !text.is_empty())
        .map_or("", String::as_str)
}

/// Deletes the bodies of finished messages.
async fn delete_bodies(tx: &mut AnyConnection, ids: &[MessageId]) -> Result<(), StoreError> {
    static DELETE: Rows = Rows::list("DELETE FROM bodies WHERE message_id IN (", ")");
    DELETE
        .execute(tx, ids, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_message_follows_from_its_recipients() {
        use MessageState as S;
        for (queued, delivered, failed, cancelled, state) in [
            (1, 0, 0, 0, S::Queued),
            (1, 1, 1, 1, S::Queued),
            (0, 2, 0, 0, S::Delivered),
            (0, 0, 2, 0, S::Failed),
            (0, 1, 1, 0, S::Partial),
            (0, 0, 0, 1, S::Cancelled),
            (0, 1, 1, 1, S::Cancelled),
        ] {
            let standing = Standing {
                queued,
                delivered,
                failed,
                cancelled,
            };
            assert_eq!(standing.state(), state, "{standing:?}");
        }
    }
}
