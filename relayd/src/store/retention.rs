//! What is deleted by age: finished mail with its history, refusals, counters, audit entries. In
//! small pieces, each a transaction of its own, so that the journal never waits long.

use jiff::Timestamp;
use serde_json::json;

use super::{
    Store, StoreError,
    audit::{self, Origin},
    queued::first_id_of,
    record::{Record, micros},
    rows::Rows,
    tally::hour,
};
use crate::model::{MessageId, UserId};

/// Name of the operation that deletes audit entries by age.
pub(super) const SWEEP_AUDIT: &str = "SweepAudit";

/// Messages, or refusals, of one transaction.
const PIECE: i64 = 200;

impl Store {
    /// Deletes messages that were finished before a time, with their recipients and history;
    /// never one that still waits or is held. Gives how many went.
    pub async fn sweep_messages(&self, before: Timestamp) -> Result<u64, StoreError> {
        // A message is finished after it was made, so its id bounds the search.
        let limit = first_id_of(before);
        let (mut after, mut swept) = (vec![], 0);
        loop {
            let rows = sqlx::query(
                "SELECT id FROM messages WHERE id > $1 AND id < $2 AND finished_at < $3
                   AND state NOT IN ('queued', 'held') ORDER BY id LIMIT $4",
            )
            .bind(after.as_slice())
            .bind(limit.as_slice())
            .bind(micros(before))
            .bind(PIECE)
            .fetch_all(self.reads())
            .await?;
            let ids = rows
                .iter()
                .map(|row| Record::new("messages", row).id("id"))
                .collect::<Result<Vec<MessageId>, _>>()?;
            let Some(last) = ids.last() else {
                return Ok(swept);
            };
            after = last.as_bytes().to_vec();
            self.delete_messages(&ids).await?;
            swept += ids.len() as u64;
        }
    }

    async fn delete_messages(&self, ids: &[MessageId]) -> Result<(), StoreError> {
        static DELETES: [Rows; 4] = [
            Rows::list("DELETE FROM events WHERE message_id IN (", ")"),
            Rows::list("DELETE FROM recipients WHERE message_id IN (", ")"),
            Rows::list("DELETE FROM bodies WHERE message_id IN (", ")"),
            Rows::list("DELETE FROM messages WHERE id IN (", ")"),
        ];
        let mut tx = self.begin().await?;
        for delete in &DELETES {
            delete
                .execute(&mut tx, ids, |id, values| {
                    values.bytes(id.as_bytes());
                })
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Deletes listed refusals from before a time; their counts stay. Gives how many went.
    pub async fn sweep_refusals_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut swept = 0;
        loop {
            let mut tx = self.begin().await?;
            let done = sqlx::query(
                "DELETE FROM refusals WHERE id IN
                   (SELECT id FROM refusals WHERE at < $1 ORDER BY id LIMIT $2)",
            )
            .bind(micros(before))
            .bind(PIECE)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            swept += done.rows_affected();
            if done.rows_affected() < PIECE.unsigned_abs() {
                return Ok(swept);
            }
        }
    }

    /// Deletes counters of hours before a time. Gives how many rows went.
    pub async fn sweep_statistics(&self, before: Timestamp) -> Result<u64, StoreError> {
        let first_kept = hour(before);
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM refusal_counts WHERE hour < $1")
            .bind(first_kept)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        let mut swept = done.rows_affected();
        // User by user, along the key of the table.
        let mut after = vec![];
        loop {
            let row = sqlx::query(
                "SELECT user_id FROM usage WHERE user_id > $1 ORDER BY user_id LIMIT 1",
            )
            .bind(after.as_slice())
            .fetch_optional(self.reads())
            .await?;
            let Some(row) = row else { return Ok(swept) };
            let user: UserId = Record::new("usage", &row).id("user_id")?;
            after = user.as_bytes().to_vec();
            let mut tx = self.begin().await?;
            let done = sqlx::query("DELETE FROM usage WHERE user_id = $1 AND hour < $2")
                .bind(after.as_slice())
                .bind(first_kept)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            swept += done.rows_affected();
        }
    }

    /// Deletes audit entries from before a time, the oldest first, up to the first that is younger.
    /// The chain goes on from the last of them, and an entry of its own tells of it. Gives how many
    /// went.
    pub async fn sweep_audit(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let Some(cut) = audit::cut(&mut tx, self.engine(), before).await? else {
            return Ok(0);
        };
        let mut origin = Origin::new(
            now,
            "relayd".to_owned(),
            "retention".to_owned(),
            SWEEP_AUDIT,
        );
        "/v1/audit".clone_into(&mut origin.object);
        let entry = audit::Entry {
            origin: &origin,
            account: None,
            before: None,
            after: Some(json!({
                "entries": cut.entries,
                "last": cut.last,
                "hash": blake3::Hash::from_bytes(cut.hash).to_hex().to_string(),
            })),
        };
        audit::append(&mut tx, self.engine(), &entry).await?;
        tx.commit().await?;
        Ok(cut.entries)
    }
}
