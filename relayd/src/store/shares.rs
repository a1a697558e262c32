//! What the window of a lane is filled with: a share of the due mail of each relay user and system,
//! read along one index, so that ten thousand mails of one do not hide the single mail of another.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    QueuedMessage, Store, StoreError,
    queued::{Unreadable, read_message, read_recipients},
    record::{Record, micros},
};
use crate::model::{RouteId, SystemId, UserId};

/// Least share of one relay user and system.
const LEAST: usize = 8;

/// How much is to be read.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Messages that are shared by those who have some.
    pub shared: usize,
    /// Messages that are known already, by relay user and system; they come on top.
    pub known: HashMap<(UserId, SystemId), usize>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Due {
    /// Messages that are due, those of each relay user and system in order.
    pub messages: Vec<QueuedMessage>,
    /// Whether more may be due.
    pub has_more: bool,
    /// When the first is due that is not due now.
    pub next_due: Option<Timestamp>,
}

/// A relay user and system with queued mail, and when the first of it is due.
struct Waiting {
    user: UserId,
    system: SystemId,
    first_due: Timestamp,
}

impl Store {
    /// For every route that has queued messages, when the first of them is due.
    pub async fn next_due(&self) -> Result<Vec<(RouteId, Timestamp)>, StoreError> {
        let mut connection = self.reads().acquire().await?;
        let (mut found, mut after) = (Vec::new(), Vec::new());
        while let Some(route) = next_route(&mut connection, &after).await? {
            let waiting = waiting(&mut connection, route).await?;
            let first = waiting.iter().map(|it| it.first_due).min();
            found.extend(first.map(|first| (route, first)));
            after = route.as_bytes().to_vec();
        }
        Ok(found)
    }

    /// Messages of a route that are queued and due now, without bodies: a share for each relay user
    /// and system. One that cannot be read is held, so that it does not stop the others.
    pub async fn due_shares(
        &self,
        route: RouteId,
        room: &Room,
        now: Timestamp,
    ) -> Result<Due, StoreError> {
        loop {
            let (due, unreadable) = self.read_shares(route, room, now).await?;
            if unreadable.is_empty() {
                return Ok(due);
            }
            // Read again: whoever gets fewer than the limit takes that for all there is.
            self.set_aside(&unreadable, now).await?;
        }
    }

    async fn read_shares(
        &self,
        route: RouteId,
        room: &Room,
        now: Timestamp,
    ) -> Result<(Due, Vec<Unreadable>), StoreError> {
        let mut connection = self.reads().acquire().await?;
        let waiting = waiting(&mut connection, route).await?;
        let (mut ready, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|it| it.first_due <= now);
        ready.sort_by_key(|it| it.first_due);
        let most = room.shared.saturating_mul(2) + room.known.values().sum::<usize>();
        let share = (room.shared / ready.len().max(1)).max(LEAST.min(room.shared));
        let mut due = Due {
            next_due: later.iter().map(|it| it.first_due).min(),
            ..Due::default()
        };
        let mut unreadable = Vec::new();
        for it in &ready {
            if due.messages.len() > most {
                // Very many have mail: those that wait longest come first.
                due.has_more = true;
                break;
            }
            let known = room.known.get(&(it.user, it.system)).copied();
            let limit = known.unwrap_or(0) + share + 1;
            let found = share_of(&mut connection, route, it, limit, now).await?;
            let count = found.0.len() + found.1.len();
            due.messages.extend(found.0);
            unreadable.extend(found.1);
            if count >= limit {
                due.has_more = true;
            } else {
                let next = next_of(&mut connection, route, it, now).await?;
                due.next_due = [due.next_due, next].into_iter().flatten().min();
            }
        }
        unreadable.extend(read_recipients(&mut connection, &mut due.messages).await?);
        // Settled between the two reads.
        due.messages.retain(|message| !message.positions.is_empty());
        Ok((due, unreadable))
    }
}

/// Who has queued mail: two looks into the index for each, however much mail there is. SQLite would
/// find the pair behind a pair by walking the mail of the first.
async fn waiting(
    connection: &mut AnyConnection,
    route: RouteId,
) -> Result<Vec<Waiting>, StoreError> {
    let mut found: Vec<Waiting> = Vec::new();
    loop {
        let next = match found.last() {
            Some(last) => match next_system(connection, route, last).await? {
                None => next_user(connection, route, last.user.as_bytes()).await?,
                next => next,
            },
            None => next_user(connection, route, &[]).await?,
        };
        match next {
            Some(next) => found.push(next),
            None => return Ok(found),
        }
    }
}

async fn next_system(
    connection: &mut AnyConnection,
    route: RouteId,
    last: &Waiting,
) -> Result<Option<Waiting>, StoreError> {
    let row = sqlx::query(
        "SELECT user_id, system_id, due_at FROM messages
         WHERE route_id = $1 AND state = 'queued' AND user_id = $2 AND system_id > $3
         ORDER BY system_id, due_at LIMIT 1",
    )
    .bind(route.as_bytes().as_slice())
    .bind(last.user.as_bytes().as_slice())
    .bind(last.system.as_bytes().as_slice())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read_waiting).transpose()
}

async fn next_user(
    connection: &mut AnyConnection,
    route: RouteId,
    after: &[u8],
) -> Result<Option<Waiting>, StoreError> {
    let row = sqlx::query(
        "SELECT user_id, system_id, due_at FROM messages
         WHERE route_id = $1 AND state = 'queued' AND user_id > $2
         ORDER BY user_id, system_id, due_at LIMIT 1",
    )
    .bind(route.as_bytes().as_slice())
    .bind(after.to_vec())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read_waiting).transpose()
}

fn read_waiting(row: &AnyRow) -> Result<Waiting, StoreError> {
    let record = Record::new("messages", row);
    Ok(Waiting {
        user: record.id("user_id")?,
        system: record.id("system_id")?,
        first_due: record.time("due_at")?,
    })
}

/// The route behind another that has queued mail.
async fn next_route(
    connection: &mut AnyConnection,
    after: &[u8],
) -> Result<Option<RouteId>, StoreError> {
    let row = sqlx::query(
        "SELECT route_id FROM messages WHERE state = 'queued' AND route_id > $1
         ORDER BY route_id LIMIT 1",
    )
    .bind(after.to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Record::new("messages", &row).id("route_id"))
        .transpose()
}

async fn share_of(
    connection: &mut AnyConnection,
    route: RouteId,
    waiting: &Waiting,
    limit: usize,
    now: Timestamp,
) -> Result<(Vec<QueuedMessage>, Vec<Unreadable>), StoreError> {
    let rows = sqlx::query(
        "SELECT id, account_id, route_id, user_id, system_id, reverse_path, encoding, smtputf8,
                dsn_return, envelope_id, header_id, size, accepted_at, attempts, due_at, delay_told
         FROM messages
         WHERE route_id = $1 AND state = 'queued' AND user_id = $2 AND system_id = $3
           AND due_at <= $4
         ORDER BY due_at, accepted_at, id LIMIT $5",
    )
    .bind(route.as_bytes().as_slice())
    .bind(waiting.user.as_bytes().as_slice())
    .bind(waiting.system.as_bytes().as_slice())
    .bind(micros(now))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
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
    Ok((messages, unreadable))
}

async fn next_of(
    connection: &mut AnyConnection,
    route: RouteId,
    waiting: &Waiting,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let row = sqlx::query(
        "SELECT MIN(due_at) AS due_at FROM messages
         WHERE route_id = $1 AND state = 'queued' AND user_id = $2 AND system_id = $3
           AND due_at > $4",
    )
    .bind(route.as_bytes().as_slice())
    .bind(waiting.user.as_bytes().as_slice())
    .bind(waiting.system.as_bytes().as_slice())
    .bind(micros(now))
    .fetch_one(connection)
    .await?;
    Record::new("messages", &row).time_optional("due_at")
}
