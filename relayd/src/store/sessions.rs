//! Sessions of owners. Their tokens are not stored, only SHA-256 of them.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, Address, SessionId};

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
    /// The address that signed in; empty on the Unix socket.
    pub created_from: String,
    /// When it was last used, to a minute.
    pub used_at: Timestamp,
    /// The address that used it then; empty on the Unix socket.
    pub used_from: String,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Sessions that an account has at a time.
const MOST: i64 = 50;

/// What an owner signed in with, as it was when the password was verified.
#[derive(Debug, Clone, Copy)]
pub struct SignedInBy<'s> {
    /// The contact e-mail of the account.
    pub email: &'s Address,
    /// The hash that the password fitted.
    pub hash: &'s str,
}

const SELECT: &str = "SELECT id, account_id, hash, created_at, created_from, used_at, used_from,
    expires_at FROM sessions";

impl Store {
    /// Begins a session of who signed in by `by`. `NotFound` when that counts no more: e-mail or
    /// password was changed meanwhile. Those of the account that ended by themselves, or were not
    /// used after `used_since`, are swept, and of more than fifty those not used for longest.
    pub async fn insert_session(
        &self,
        session: &OwnerSession,
        by: &SignedInBy<'_>,
        used_since: Timestamp,
    ) -> Result<(), StoreError> {
        let account = session.account_id;
        let topic = Topic::Session(session.id, Some(account));
        let mut change = self.act(topic).await?;
        let present = format!(
            "SELECT 1 FROM sign_ins JOIN accounts ON id = account_id
             WHERE account_id = $1 AND hash = $2 AND email = $3{}",
            self.engine().for_update()
        );
        sqlx::query(sqlx::AssertSqlSafe(present))
            .bind(account.as_bytes().as_slice())
            .bind(by.hash)
            .bind(by.email.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or(StoreError::NotFound)?;
        sqlx::query(
            "DELETE FROM sessions WHERE account_id = $1
             AND (expires_at <= $2 OR used_at <= $3 OR id NOT IN (
                SELECT id FROM sessions WHERE account_id = $1
                ORDER BY used_at DESC, id DESC LIMIT $4))",
        )
        .bind(account.as_bytes().as_slice())
        .bind(micros(session.created_at))
        .bind(micros(used_since))
        .bind(MOST - 1)
        .execute(change.connection())
        .await?;
        sqlx::query(
            "INSERT INTO sessions (id, account_id, hash, created_at, created_from, used_at,
                used_from, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(session.id.as_bytes().as_slice())
        .bind(session.account_id.as_bytes().as_slice())
        .bind(session.hash.as_slice())
        .bind(micros(session.created_at))
        .bind(session.created_from.as_str())
        .bind(micros(session.used_at))
        .bind(session.used_from.as_str())
        .bind(micros(session.expires_at))
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// The session whose token has that hash.
    pub async fn session_by_hash(&self, hash: &[u8]) -> Result<Option<OwnerSession>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE hash = $1")))
            .bind(hash)
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_session).transpose()
    }

    /// At most `limit` sessions of an account behind the one with the id `after`, oldest first:
    /// those that go on at `now` and were used after `used_since`.
    pub async fn sessions(
        &self,
        account: AccountId,
        after: Option<SessionId>,
        limit: u32,
        now: Timestamp,
        used_since: Timestamp,
    ) -> Result<Vec<OwnerSession>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND id > $2 AND expires_at > $3 AND used_at > $4
             ORDER BY id LIMIT $5"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(after.map_or_else(Vec::new, |id| id.as_bytes().to_vec()))
        .bind(micros(now))
        .bind(micros(used_since))
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_session).collect()
    }

    /// Notes that a session was used, and from where. Nobody's change: the audit log has nothing
    /// of it.
    pub async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        from: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE sessions SET used_at = $1, used_from = $2 WHERE id = $3")
            .bind(micros(at))
            .bind(from)
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

    /// Ends a session of an account; `NotFound` where there is none of that id.
    pub async fn delete_session_of(
        &self,
        account: AccountId,
        id: SessionId,
    ) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Session(id, Some(account))).await?;
        let done = sqlx::query("DELETE FROM sessions WHERE id = $1 AND account_id = $2")
            .bind(id.as_bytes().as_slice())
            .bind(account.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        found(&done)?;
        change.commit().await
    }

    /// Ends the sessions of an account, but for the one whose token has the hash `kept`. How many
    /// those were.
    pub async fn delete_sessions(
        &self,
        account: AccountId,
        kept: &[u8],
    ) -> Result<u64, StoreError> {
        let mut change = self.act(Topic::SignIn(account)).await?;
        let ended = end(change.connection(), account, kept).await?;
        change.commit().await?;
        Ok(ended)
    }
}

/// Ends the sessions of an account as part of something larger, but for the one whose token has
/// the hash `kept`. How many those were.
pub(super) async fn end(
    connection: &mut AnyConnection,
    account: AccountId,
    kept: &[u8],
) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND hash <> $2")
        .bind(account.as_bytes().as_slice())
        .bind(kept)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

fn read_session(row: &AnyRow) -> Result<OwnerSession, StoreError> {
    let record = Record::new("sessions", row);
    Ok(OwnerSession {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        hash: record.bytes("hash")?.to_vec(),
        created_at: record.time("created_at")?,
        created_from: record.text("created_from")?.to_owned(),
        used_at: record.time("used_at")?,
        used_from: record.text("used_from")?.to_owned(),
        expires_at: record.time("expires_at")?,
    })
}
