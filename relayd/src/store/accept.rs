//! Acceptance: limits are judged and messages written in the transaction that makes them last.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AnyConnection;

use super::{
    BodyChunk, NewMessage, StoreError,
    engine::Engine,
    limits::read_meter,
    mail::notify_text,
    record::{Record, micros},
    rows::Rows,
};
use crate::{
    model::{
        AccountId, AccountState, DsnReturn, Event, EventKind, MessageId, MessageState, Reason,
        Recipient, RecipientState, Refusal, Subject,
    },
    policy::{self, Meter},
};

/// Judges the messages in order, each by what the ones before it left of its quotas, and writes
/// down what they used.
pub(super) async fn judge(
    tx: &mut AnyConnection,
    engine: Engine,
    messages: &[NewMessage],
) -> Result<Vec<Result<(), Refusal>>, StoreError> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let ended = ended(tx, engine, messages).await?;
    let incomplete = incomplete(tx, messages).await?;
    let mut meters = lock_meters(tx, messages).await?;
    let verdicts = messages
        .iter()
        .map(|message| {
            if let Some(state) = ended.get(&message.account_id) {
                let detail = format!("it is {state}");
                return Err(Refusal::new(Reason::AccountNotActive, detail));
            }
            if incomplete.contains(&message.id) {
                let detail = "pieces of the body are gone";
                return Err(Refusal::new(Reason::StoreUnavailable, detail));
            }
            let recipients = u32::try_from(message.envelope.recipients.len()).unwrap_or(u32::MAX);
            policy::count(
                &mut meters,
                &message.quotas,
                recipients,
                message.accepted_at,
            )
        })
        .collect();
    write_meters(tx, &meters).await?;
    Ok(verdicts)
}

/// The accounts that have ended while their mail came in. The door refuses before; but mail for
/// which there is a 250 must not meet a queue that is being given up.
async fn ended(
    tx: &mut AnyConnection,
    engine: Engine,
    messages: &[NewMessage],
) -> Result<BTreeMap<AccountId, AccountState>, StoreError> {
    let accounts: BTreeSet<_> = messages.iter().map(|message| message.account_id).collect();
    let accounts: Vec<_> = accounts.into_iter().collect();
    let rows = engine
        .account_states()
        .fetch(tx, &accounts, |account, values| {
            values.bytes(account.as_bytes());
        })
        .await?;
    let mut ended = BTreeMap::new();
    for row in &rows {
        let record = Record::new("accounts", row);
        let state: AccountState = record.parse("state")?;
        if state.has_ended() {
            ended.insert(record.id("id")?, state);
        }
    }
    Ok(ended)
}

/// The messages whose pieces are not all there. It does not happen unless the sweep took a mail
/// that came in for hours for one that never would; but a 250 for half a mail must be impossible.
async fn incomplete(
    tx: &mut AnyConnection,
    messages: &[NewMessage],
) -> Result<BTreeSet<MessageId>, StoreError> {
    static COUNT: Rows = Rows::list(
        "SELECT message_id AS id, COUNT(*) AS pieces FROM bodies WHERE message_id IN (",
        ") GROUP BY message_id",
    );
    let long: Vec<_> = messages
        .iter()
        .filter(|message| message.stored_chunks > 0)
        .map(|message| (message.id, message.stored_chunks))
        .collect();
    let mut expected: BTreeMap<_, _> = long.iter().copied().collect();
    let rows = COUNT
        .fetch(tx, &long, |(id, _), values| {
            values.bytes(id.as_bytes());
        })
        .await?;
    for row in &rows {
        let record = Record::new("bodies", row);
        let (id, pieces): (MessageId, u32) = (record.id("id")?, record.number("pieces")?);
        if expected.get(&id) == Some(&pieces) {
            expected.remove(&id);
        }
    }
    Ok(expected.into_keys().collect())
}

/// Reads the meters of all subjects in the batch and keeps other nodes from them until the commit.
/// The upsert locks a row that exists and makes one that does not, and the order of the ids keeps
/// two nodes from waiting for each other.
async fn lock_meters(
    tx: &mut AnyConnection,
    messages: &[NewMessage],
) -> Result<BTreeMap<[u8; 12], Meter>, StoreError> {
    static LOCK: Rows = Rows::of(
        "INSERT INTO rates (subject_id, arrival, day, messages, recipients) VALUES ",
        5,
        " ON CONFLICT (subject_id) DO UPDATE SET arrival = rates.arrival
          RETURNING subject_id, arrival, day, messages, recipients",
    );
    let quotas = messages.iter().flat_map(|message| &message.quotas);
    let subjects: BTreeSet<Subject> = quotas.map(|quota| quota.subject).collect();
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    let rows = LOCK
        .fetch(tx, &subjects, |subject, values| {
            values.bytes(subject.as_bytes());
            for _ in 0..4 {
                values.number(0);
            }
        })
        .await?;
    rows.iter().map(read_meter).collect()
}

async fn write_meters(
    tx: &mut AnyConnection,
    meters: &BTreeMap<[u8; 12], Meter>,
) -> Result<(), StoreError> {
    static UPDATE: Rows = Rows::of(
        "UPDATE rates SET arrival = v.column2, day = v.column3, messages = v.column4,
                          recipients = v.column5
         FROM (VALUES ",
        5,
        ") AS v WHERE rates.subject_id = v.column1",
    );
    let meters: Vec<_> = meters.iter().collect();
    UPDATE
        .execute(tx, &meters, |(subject, meter), values| {
            values
                .bytes(subject.as_slice())
                .number(meter.arrival)
                .number(meter.day)
                .number(meter.messages)
                .number(meter.recipients);
        })
        .await
}

/// Writes accepted messages with their recipients, the rest of their bodies and their first event,
/// and the pieces of bodies that are still on their way.
pub(super) async fn write(
    tx: &mut AnyConnection,
    chunks: &[BodyChunk],
    messages: &[&NewMessage],
) -> Result<(), StoreError> {
    insert_bodies(tx, chunks, messages).await?;
    insert_messages(tx, messages).await?;
    insert_recipients(tx, messages).await?;
    let events: Vec<_> = messages.iter().map(|message| accepted(message)).collect();
    insert_events(tx, &events.iter().collect::<Vec<_>>()).await
}

async fn insert_bodies(
    tx: &mut AnyConnection,
    chunks: &[BodyChunk],
    messages: &[&NewMessage],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO bodies (message_id, position, chunk) VALUES ",
        3,
        "",
    );
    let ahead = chunks
        .iter()
        .map(|chunk| (chunk.message_id, chunk.position, &chunk.bytes));
    let tails = messages
        .iter()
        .map(|message| (message.id, message.stored_chunks, &message.tail));
    let pieces: Vec<_> = ahead.chain(tails).collect();
    INSERT
        .execute(tx, &pieces, |(id, position, bytes), values| {
            values.bytes(id.as_bytes()).number(*position).bytes(bytes);
        })
        .await
}

async fn insert_messages(
    tx: &mut AnyConnection,
    messages: &[&NewMessage],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO messages (id, account_id, route_id, user_id, system_id, state, reverse_path,
            encoding, smtputf8, dsn_return, envelope_id, header_from, subject, header_id, size,
            recipient_count, client, helo, tls, accepted_at, due_at, attempts, last_reply,
            finished_at) VALUES ",
        24,
        "",
    );
    INSERT
        .execute(tx, messages, |message, values| {
            let envelope = &message.envelope;
            values
                .bytes(message.id.as_bytes())
                .bytes(message.account_id.as_bytes())
                .bytes(message.route_id.as_bytes())
                .bytes(message.user_id.as_bytes())
                .bytes(message.system_id.as_bytes())
                .text(MessageState::Queued.as_str())
                .text(envelope.reverse_path.as_str())
                .text(envelope.encoding.as_str())
                .number(envelope.smtputf8)
                .text(envelope.dsn_return.map_or("", DsnReturn::as_str))
                .text(&envelope.envelope_id)
                .text(&message.header_from)
                .text(&message.subject)
                .text(&message.header_id)
                .number(i64::try_from(message.size).unwrap_or(i64::MAX))
                .number(i64::try_from(envelope.recipients.len()).unwrap_or(i64::MAX))
                .text(&message.client.to_string())
                .text(&message.helo)
                .text(&message.tls)
                .time(message.accepted_at)
                .time(message.accepted_at)
                .number(0)
                .text("")
                .time_optional(None);
        })
        .await
}

async fn insert_recipients(
    tx: &mut AnyConnection,
    messages: &[&NewMessage],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO recipients (message_id, position, address, notify, original, state, reply)
         VALUES ",
        7,
        "",
    );
    let recipients: Vec<(MessageId, u32, &Recipient)> = messages
        .iter()
        .flat_map(|message| {
            (0..)
                .zip(&message.envelope.recipients)
                .map(|(position, recipient)| (message.id, position, recipient))
        })
        .collect();
    INSERT
        .execute(tx, &recipients, |(id, position, recipient), values| {
            values
                .bytes(id.as_bytes())
                .number(*position)
                .text(recipient.address.as_str())
                .text(&notify_text(recipient.notify))
                .text(&recipient.original)
                .text(RecipientState::Queued.as_str())
                .text("");
        })
        .await
}

fn accepted(message: &NewMessage) -> Event {
    Event {
        at: message.accepted_at,
        message_id: message.id,
        kind: EventKind::Accepted,
        recipients: Vec::new(),
        reason: None,
        reply: String::new(),
        detail: message.story.clone(),
        client: Some(message.client),
    }
}

/// Appends to the histories of messages.
pub(super) async fn insert_events(
    tx: &mut AnyConnection,
    events: &[&Event],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO events (at, message_id, kind, recipients, reason, reply, detail, client)
         VALUES ",
        8,
        "",
    );
    INSERT
        .execute(tx, events, |event, values| {
            values
                .number(micros(event.at))
                .bytes(event.message_id.as_bytes())
                .text(event.kind.as_str())
                .text(&event.recipients.join(" "))
                .text(event.reason.map_or("", Reason::code))
                .text(&event.reply)
                .text(&event.detail)
                .text(&event.client.map_or_else(String::new, |ip| ip.to_string()));
        })
        .await
}
