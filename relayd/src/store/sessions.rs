//! Sessions of owners. Their tokens are not stored, only SHA-256 of them.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, SessionId};

/// A session without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerSession {
    /// Identifier.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to a minute.
    pub used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Store {
    /// Begins a session. Those of the account that ended by themselves are swept.
    pub async fn insert_session(&self, session: &OwnerSession) -> Result<(), StoreError> {
        let topic = Topic::Session(session.id, Some(session.account_id));
        let mut change = self.act(topic).await?;
        sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND expires_at <= $2")
            .bind(session.account_id.as_bytes().as_slice())
            .bind(micros(session.created_at))
            .execute(change.connection())
            .await?;
        sqlx::query(
            "INSERT INTO sessions (id, account_id, hash, created_at, used_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.id.as_bytes().as_slice())
        .bind(session.account_id.as_bytes().as_slice())
        .bind(session.hash.as_slice())
        .bind(micros(session.created_at))
        .bind(micros(session.used_at))
        .bind(micros(session.expires_at))
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// The session whose token has that hash.
    pub async fn session_by_hash(&self, hash: &[u8]) -> Result<Option<OwnerSession>, StoreError> {
        let row = sqlx::query(
            "SELECT id, account_id, hash, created_at, used_at, expires_at FROM sessions
             WHERE hash = $1",
        )
        .bind(hash)
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_session).transpose()
    }

    /// Notes that a session was used. Nobody's change: the audit log has nothing of it.
    pub async fn touch_session(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE sessions SET used_at = $1 WHERE id = $2")
            .bind(micros(at))
            .bind(id.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends a session, if it has not ended yet.
    pub async fn delete_session(&self, id: SessionId) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Session(id, None)).await?;
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        change.commit().await
    }
}

fn read_session(row: &AnyRow) -> Result<OwnerSession, StoreError> {
    let record = Record::new("sessions", row);
    Ok(OwnerSession {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        hash: record.bytes("hash")?.to_vec(),
        created_at: record.time("created_at")?,
        used_at: record.time("used_at")?,
        expires_at: record.time("expires_at")?,
    })
}
