//! Requests that may be repeated: whoever lost the reply asks again with the same key and gets
//! the same reply, and nothing is done twice.

use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{
    Store, StoreError,
    record::{Record, micros},
};

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Keys of one caller that are kept; the oldest go first.
const KEYS: i64 = 10_000;
/// A request takes 90 seconds at most; one that has not ended after this never will.
const ABANDONED: SignedDuration = SignedDuration::from_secs(120);

/// Names a request of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks.
    pub caller: String,
    /// The key that came with the request.
    pub key: String,
}

/// A reply as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptReply {
    /// The HTTP status.
    pub status: u16,
    /// The entity tag; empty when there is none.
    pub etag: String,
    /// The JSON, without secrets; empty when there is none.
    pub json: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// Nothing: the key belongs to this request now.
    Fresh,
    /// The request was done, and this was the reply.
    Done(KeptReply),
    /// Another request came with this key.
    Different,
    /// The request is being worked on.
    Running,
    /// The request changed something, and its reply was not kept.
    ReplyLost,
}

impl Store {
    /// What a request is recognised by. Keyed, since requests hold secrets.
    pub fn fingerprint(&self, method: &str, path: &str, body: &[u8]) -> [u8; 32] {
        let mut hasher = self.key().fingerprinting();
        for part in [method.as_bytes(), path.as_bytes(), body] {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
        *hasher.finalize().as_bytes()
    }

    /// Takes a key for a request, or says what is known of it. Of several that ask at once, one
    /// gets it.
    pub async fn reserve_key(
        &self,
        key: &RequestKey,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Reservation, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO idempotency (caller, key, fingerprint, process, begun_at, is_changed,
                status, etag, reply)
             VALUES ($1, $2, $3, $4, $5, 0, 0, '', '') ON CONFLICT (caller, key) DO NOTHING",
        )
        .bind(key.caller.as_str())
        .bind(key.key.as_str())
        .bind(fingerprint.as_slice())
        .bind(self.shared.process)
        .bind(micros(now))
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() > 0 {
            drop_oldest(&mut tx, &key.caller).await?;
            tx.commit().await?;
            return Ok(Reservation::Fresh);
        }
        let known = self.look_up(&mut tx, key, fingerprint, now).await?;
        if known == Reservation::Fresh {
            sqlx::query(
                "UPDATE idempotency SET fingerprint = $1, process = $2, begun_at = $3,
                    is_changed = 0, status = 0, etag = '', reply = ''
                 WHERE caller = $4 AND key = $5",
            )
            .bind(fingerprint.as_slice())
            .bind(self.shared.process)
            .bind(micros(now))
            .bind(key.caller.as_str())
            .bind(key.key.as_str())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(known)
    }

    async fn look_up(
        &self,
        tx: &mut AnyConnection,
        key: &RequestKey,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Reservation, StoreError> {
        let text = format!(
            "SELECT * FROM idempotency WHERE caller = $1 AND key = $2{}",
            self.engine().for_update()
        );
        let row = sqlx::query(AssertSqlSafe(text))
            .bind(key.caller.as_str())
            .bind(key.key.as_str())
            .fetch_optional(tx)
            .await?;
        // Given back in this moment: whoever asks again will get it.
        let Some(row) = row else {
            return Ok(Reservation::Running);
        };
        let record = Record::new("idempotency", &row);
        let age = now.duration_since(record.time("begun_at")?);
        if age > KEPT {
            return Ok(Reservation::Fresh);
        }
        if record.bytes("fingerprint")? != fingerprint {
            return Ok(Reservation::Different);
        }
        let status = record.number("status")?;
        let is_running =
            age <= ABANDONED && record.number::<i64>("process")? == self.shared.process;
        Ok(match (status, is_running) {
            (1.., _) => Reservation::Done(KeptReply {
                status,
                etag: record.text("etag")?.to_owned(),
                json: record.text("reply")?.to_owned(),
            }),
            (_, true) => Reservation::Running,
            (_, false) if record.flag("is_changed")? => Reservation::ReplyLost,
            (_, false) => Reservation::Fresh,
        })
    }

    /// Keeps the reply to a request.
    pub async fn keep_reply(&self, key: &RequestKey, reply: &KeptReply) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE idempotency SET status = $1, etag = $2, reply = $3
             WHERE caller = $4 AND key = $5",
        )
        .bind(i64::from(reply.status))
        .bind(reply.etag.as_str())
        .bind(reply.json.as_str())
        .bind(key.caller.as_str())
        .bind(key.key.as_str())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Gives a key back: its request failed and may be tried again.
    pub async fn release_key(&self, key: &RequestKey) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM idempotency WHERE caller = $1 AND key = $2 AND status = 0")
            .bind(key.caller.as_str())
            .bind(key.key.as_str())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Drops the keys that are too old to be asked for again. Tells how many.
    pub async fn sweep_keys(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM idempotency WHERE begun_at < $1")
            .bind(micros(now - KEPT))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

/// Notes, in the transaction of the change, that the request has changed something.
pub(super) async fn mark_changed(
    tx: &mut AnyConnection,
    key: &RequestKey,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE idempotency SET is_changed = 1 WHERE caller = $1 AND key = $2")
        .bind(key.caller.as_str())
        .bind(key.key.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

async fn drop_oldest(tx: &mut AnyConnection, caller: &str) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM idempotency WHERE caller = $1 AND status > 0
           AND begun_at < (SELECT begun_at FROM idempotency WHERE caller = $1
                           ORDER BY begun_at DESC LIMIT 1 OFFSET $2)",
    )
    .bind(caller)
    .bind(KEYS)
    .execute(tx)
    .await?;
    Ok(())
}
