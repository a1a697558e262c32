//! What the lanes read: messages that are due, their bodies, and what a lane has sent.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    QueuedMessage, Store, StoreError,
    accept::insert_events,
    commit::delete_orphans,
    locks::lock_messages,
    mail::parse_notify,
    record::{Record, micros},
    rows::Rows,
    tally::hour,
};
use crate::model::{Envelope, Event, EventKind, MessageId, Reason, Recipient, RouteId};

/// Ids of one round of the sweep; between rounds the journal gets its turn.
const SWEEP_ROUND: i64 = 256;

/// What waits for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// The route.
    pub route_id: RouteId,
    /// Messages that wait for an attempt.
    pub messages: u64,
    /// When the oldest of them was accepted.
    pub oldest_at: Timestamp,
}

impl Store {
    /// Messages of a route that are queued and due by a time, the longest due first, without
    /// bodies. One that cannot be read is held, so that it does not stop the others; `now` is when
    /// its history says so.
    pub async fn due(
        &self,
        route: RouteId,
        by: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<QueuedMessage>, StoreError> {
        loop {
            let (messages, unreadable) = self.read_due(route, by, limit).await?;
            if unreadable.is_empty() {
                return Ok(messages);
            }
            // Read again: whoever gets fewer than the limit takes that for all there is.
            self.set_aside(&unreadable, now).await?;
        }
    }

    async fn read_due(
        &self,
        route: RouteId,
        by: Timestamp,
        limit: u32,
    ) -> Result<(Vec<QueuedMessage>, Vec<Unreadable>), StoreError> {
        let mut connection = self.reads().acquire().await?;
        let rows = sqlx::query(
            "SELECT id, account_id, route_id, user_id, system_id, reverse_path, encoding, smtputf8,
                    dsn_return, envelope_id, header_id, size, accepted_at, attempts, due_at,
                    delay_told
             FROM messages WHERE route_id = $1 AND state = 'queued' AND due_at <= $2
             ORDER BY due_at, accepted_at, id LIMIT $3",
        )
        .bind(route.as_bytes().as_slice())
        .bind(micros(by))
        .bind(i64::from(limit))
        .fetch_all(&mut *connection)
        .await?;
        let (mut messages, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in &rows {
            let record = Record::new("messages", row);
            match read_message(&record) {
                Ok(message) => messages.push(message),
                Err(problem) => unreadable.push(Unreadable {
                    id: record.id("id")?,
                    problem,
                }),
            }
        }
        unreadable.extend(read_recipients(&mut connection, &mut messages).await?);
        // Settled between the two reads.
        messages.retain(|message| !message.positions.is_empty());
        Ok((messages, unreadable))
    }

    /// Holds messages that cannot be read, for a person to look at.
    pub(super) async fn set_aside(
        &self,
        messages: &[Unreadable],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        static HOLD: Rows = Rows::list(
            "UPDATE messages SET state = 'held' WHERE state = 'queued' AND id IN (",
            ")",
        );
        let ids: BTreeSet<MessageId> = messages.iter().map(|message| message.id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let told = messages.iter().map(|Unreadable { id, problem }| {
            tracing::error!(queue_id = %id, %problem, "the message is held: it cannot be read");
            Event {
                at: now,
                message_id: *id,
                kind: EventKind::Held,
                recipients: Vec::new(),
                reason: Some(Reason::Internal),
                reply: String::new(),
                detail: problem.to_string(),
                client: None,
            }
        });
        let events: Vec<_> = told.collect();
        let mut tx = self.begin_log().await?;
        lock_messages(&mut tx, self.engine(), &ids).await?;
        HOLD.execute(&mut tx, &ids, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await?;
        insert_events(&mut tx, &events.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        self.logged();
        Ok(())
    }

    /// What waits for each route that has queued messages.
    pub async fn backlogs(&self) -> Result<Vec<Backlog>, StoreError> {
        let rows = sqlx::query(
            "SELECT route_id, COUNT(*) AS messages, MIN(accepted_at) AS oldest_at
             FROM messages WHERE state = 'queued' GROUP BY route_id",
        )
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("messages", row);
                Ok(Backlog {
                    route_id: record.id("route_id")?,
                    messages: record.number("messages")?,
                    oldest_at: record.time("oldest_at")?,
                })
            })
            .collect()
    }

    /// One piece of a body; `None` behind the last, and when the body is gone.
    pub async fn body_chunk(
        &self,
        id: MessageId,
        position: u32,
    ) -> Result<Option<Bytes>, StoreError> {
        let row = sqlx::query("SELECT chunk FROM bodies WHERE message_id = $1 AND position = $2")
            .bind(id.as_bytes().as_slice())
            .bind(i64::from(position))
            .fetch_optional(self.reads())
            .await?;
        row.map(|row: AnyRow| Ok(Bytes::from(row.try_get::<Vec<u8>, _>("chunk")?)))
            .transpose()
    }

    /// Deletes pieces of bodies whose message never got its 250, where the message's id was made
    /// before the given time. Gives the number of such messages.
    pub async fn sweep_bodies(&self, made_before: Timestamp) -> Result<u64, StoreError> {
        let limit = first_id_of(made_before);
        let mut swept = 0;
        loop {
            // Found by a reader, so that the journal waits for the deletion only.
            let rows = sqlx::query(
                "SELECT DISTINCT message_id FROM bodies WHERE message_id < $1
                   AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = bodies.message_id)
                 LIMIT $2",
            )
            .bind(limit.as_slice())
            .bind(SWEEP_ROUND)
            .fetch_all(self.reads())
            .await?;
            let ids = rows
                .iter()
                .map(|row| Record::new("bodies", row).id("message_id"))
                .collect::<Result<Vec<MessageId>, _>>()?;
            if ids.is_empty() {
                return Ok(swept);
            }
            let mut tx = self.begin().await?;
            delete_orphans(&mut tx, &ids).await?;
            tx.commit().await?;
            swept += ids.len() as u64;
        }
    }

    /// Recipients handed over through a route since a time. Where the account has no other route,
    /// its counters tell, from the full hour in which that time lies.
    pub async fn recipients_handed_over(
        &self,
        route: RouteId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let others = sqlx::query(
            "SELECT id FROM routes
             WHERE id <> $1 AND account_id = (SELECT account_id FROM routes WHERE id = $1)",
        )
        .bind(route.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        if others.is_some() {
            return self.handed_over_by(route, since).await;
        }
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered FROM usage
             WHERE account_id = (SELECT account_id FROM routes WHERE id = $1) AND hour >= $2",
        )
        .bind(route.as_bytes().as_slice())
        .bind(hour(since))
        .fetch_one(self.reads())
        .await?;
        Record::new("usage", &row).number("delivered")
    }

    /// The same by the mails themselves, those of a week that went by this route.
    async fn handed_over_by(&self, route: RouteId, since: Timestamp) -> Result<u64, StoreError> {
        const WEEK: Duration = Duration::from_hours(7 * 24);
        let oldest = since.checked_sub(WEEK).unwrap_or(Timestamp::UNIX_EPOCH);
        let row = sqlx::query(
            "SELECT COUNT(*) AS delivered FROM messages m
             JOIN recipients r ON r.message_id = m.id
             WHERE m.account_id = (SELECT account_id FROM routes WHERE id = $1) AND m.id >= $2
               AND m.route_id = $1 AND r.state = 'delivered' AND r.settled_at >= $3",
        )
        .bind(route.as_bytes().as_slice())
        .bind(first_id_of(oldest).as_slice())
        .bind(micros(since))
        .fetch_one(self.reads())
        .await?;
        Record::new("recipients", &row).number("delivered")
    }
}

/// The smallest id that can be made at a time: ids begin with 48 bits of milliseconds.
pub(super) fn first_id_of(time: Timestamp) -> [u8; 12] {
    let millis = u64::try_from(time.as_millisecond()).unwrap_or(0);
    let mut id = [0; 12];
    id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    id
}

/// A queued message with a value that relayd cannot have written.
pub(super) struct Unreadable {
    pub(super) id: MessageId,
    pub(super) problem: StoreError,
}

/// Fills in the recipients that still wait. Gives the messages with one that cannot be read.
pub(super) async fn read_recipients(
    connection: &mut AnyConnection,
    messages: &mut [QueuedMessage],
) -> Result<Vec<Unreadable>, StoreError> {
    static SELECT: Rows = Rows::list(
        "SELECT message_id, position, address, notify, original FROM recipients
         WHERE state = 'queued' AND message_id IN (",
        ") ORDER BY message_id, position",
    );
    let places: HashMap<MessageId, usize> = messages
        .iter()
        .enumerate()
        .map(|(place, message)| (message.id, place))
        .collect();
    let rows = SELECT
        .fetch(connection, messages, |message, values| {
            values.bytes(message.id.as_bytes());
        })
        .await?;
    let mut unreadable: BTreeMap<MessageId, StoreError> = BTreeMap::new();
    for row in &rows {
        let record = Record::new("recipients", row);
        let id: MessageId = record.id("message_id")?;
        let Some(message) = places.get(&id).and_then(|place| messages.get_mut(*place)) else {
            continue;
        };
        match read_recipient(&record) {
            Ok((position, recipient)) => {
                message.positions.push(position);
                message.envelope.recipients.push(recipient);
            }
            Err(problem) => drop(unreadable.insert(id, problem)),
        }
    }
    let unreadable = unreadable.into_iter();
    Ok(unreadable
        .map(|(id, problem)| Unreadable { id, problem })
        .collect())
}

pub(super) fn read_message(record: &Record<'_>) -> Result<QueuedMessage, StoreError> {
    Ok(QueuedMessage {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        route_id: record.id("route_id")?,
        user_id: record.id("user_id")?,
        system_id: record.id("system_id")?,
        envelope: Envelope {
            reverse_path: record.parse("reverse_path")?,
            recipients: Vec::new(),
            encoding: record.parse("encoding")?,
            smtputf8: record.flag("smtputf8")?,
            dsn_return: record.parse_optional("dsn_return")?,
            envelope_id: record.text("envelope_id")?.to_owned(),
        },
        positions: Vec::new(),
        header_id: record.text("header_id")?.to_owned(),
        size: record.number("size")?,
        accepted_at: record.time("accepted_at")?,
        attempts: record.number("attempts")?,
        due_at: record.time("due_at")?,
        delay_told: record.flag("delay_told")?,
        body: None,
    })
}

/// A recipient and its position.
fn read_recipient(record: &Record<'_>) -> Result<(u32, Recipient), StoreError> {
    let recipient = Recipient {
        address: record.parse("address")?,
        notify: parse_notify(record.text("notify")?),
        original: record.text("original")?.to_owned(),
    };
    Ok((record.number("position")?, recipient))
}
