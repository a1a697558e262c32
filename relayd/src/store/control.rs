//! What a person does to one message of the queue.

use jiff::Timestamp;
use sqlx::{Any, Transaction};

use super::{
    Store, StoreError, accept::insert_events, record::Record, record::micros, settle::delete_bodies,
};
use crate::model::{Event, EventKind, MessageId, MessageState, RouteId};

/// What can be done to a message that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Queued to held: no further attempt.
    Hold,
    /// Held to queued, due at once.
    Release,
    /// Due at once.
    Retry,
    /// Taken out of the queue; recipients that were served already stay so.
    Cancel,
}

impl Control {
    const fn applies_to(self, state: MessageState) -> bool {
        match self {
            Self::Hold | Self::Retry => matches!(state, MessageState::Queued),
            Self::Release => matches!(state, MessageState::Held),
            Self::Cancel => matches!(state, MessageState::Queued | MessageState::Held),
        }
    }

    const fn leads_to(self) -> MessageState {
        match self {
            Self::Hold => MessageState::Held,
            Self::Release | Self::Retry => MessageState::Queued,
            Self::Cancel => MessageState::Cancelled,
        }
    }

    const fn event(self) -> EventKind {
        match self {
            Self::Hold => EventKind::Held,
            Self::Release => EventKind::Released,
            Self::Retry => EventKind::Retried,
            Self::Cancel => EventKind::Cancelled,
        }
    }
}

impl Store {
    /// Does it, tells it in the message's history (`by` says who), and gives the route whose lane
    /// should look. [`StoreError::Conflict`] when the message's state does not allow it.
    pub async fn control(
        &self,
        id: MessageId,
        control: Control,
        at: Timestamp,
        by: &str,
    ) -> Result<RouteId, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(lock) = self.engine().message_lock() {
            lock.execute(&mut tx, &[id], |id, values| {
                values.bytes(id.as_bytes());
            })
            .await?;
        }
        let row = sqlx::query("SELECT id, route_id, state FROM messages WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(StoreError::NotFound)?;
        let record = Record::new("messages", &row);
        let state: MessageState = record.parse("state")?;
        if !control.applies_to(state) {
            return Err(StoreError::Conflict(format!("the message is {state}")));
        }
        sqlx::query("UPDATE messages SET state = $1, due_at = $2 WHERE id = $3")
            .bind(control.leads_to().as_str())
            .bind(micros(at))
            .bind(id.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        if control == Control::Cancel {
            cancel(&mut tx, id, at).await?;
        }
        let event = Event {
            at,
            message_id: id,
            kind: control.event(),
            recipients: Vec::new(),
            reason: None,
            reply: String::new(),
            detail: by.to_owned(),
            client: None,
        };
        insert_events(&mut tx, &[&event]).await?;
        tx.commit().await?;
        record.id("route_id")
    }
}

async fn cancel(
    tx: &mut Transaction<'static, Any>,
    id: MessageId,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET finished_at = $1 WHERE id = $2")
        .bind(micros(at))
        .bind(id.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "UPDATE recipients SET state = 'cancelled' WHERE message_id = $1 AND state = 'queued'",
    )
    .bind(id.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    delete_bodies(tx, &[id]).await
}
