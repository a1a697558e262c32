//! What is deleted by age: finished mail with its history, refusals, counters, audit entries. In
//! small pieces, each a transaction of its own, so that the journal never waits long.

use jiff::Timestamp;
use serde_json::json;

use super::{
    Store, StoreError,
    audit::{Entry, Origin},
    audit_chain,
    queued::first_id_of,
    record::{Record, micros},
    rows::Rows,
    tally::day,
};
use crate::model::MessageId;

/// Name of the operation that deletes audit entries by age.
pub(super) const SWEEP_AUDIT: &str = "SweepAudit";

/// Messages, or refusals, of one transaction.
const PIECE: i64 = 200;

/// What deletes the counters of the day `$1`, and whether it takes rows of hours.
const DELETE_DAY: [(&str, bool); 6] = [
    (
        "DELETE FROM usage WHERE hour >= $1 AND hour < $1 + 86400000000",
        true,
    ),
    (
        "DELETE FROM error_counts WHERE hour >= $1 AND hour < $1 + 86400000000",
        true,
    ),
    ("DELETE FROM usage_days WHERE day = $1", false),
    ("DELETE FROM error_days WHERE day = $1", false),
    ("DELETE FROM summed_days WHERE day = $1", false),
    ("DELETE FROM recipient_domains WHERE day = $1", false),
];

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

    /// Deletes the counters of days (UTC) that were over at a time, day by day. Gives how many rows
    /// of hours went.
    pub async fn sweep_statistics(&self, before: Timestamp) -> Result<u64, StoreError> {
        let first_kept = day(micros(before));
        let mut swept = 0;
        loop {
            let row = sqlx::query(
                "SELECT MIN(hour) AS first_hour FROM
                   (SELECT MIN(hour) AS hour FROM usage
                    UNION ALL SELECT MIN(hour) AS hour FROM error_counts
                    UNION ALL SELECT MIN(day) AS hour FROM recipient_domains
                    UNION ALL SELECT MIN(day) AS hour FROM summed_days) AS hours",
            )
            .fetch_one(self.reads())
            .await?;
            let first = Record::new("usage", &row).time_optional("first_hour")?;
            let Some(first) = first.map(|first| day(micros(first))) else {
                return Ok(swept);
            };
            if first >= first_kept {
                return Ok(swept);
            }
            let mut tx = self.begin().await?;
            if let Some(lock) = self.engine().summing_lock() {
                sqlx::query(lock).execute(&mut *tx).await?;
            }
            for (text, counts) in DELETE_DAY {
                let done = sqlx::query(text).bind(first).execute(&mut *tx).await?;
                swept += if counts { done.rows_affected() } else { 0 };
            }
            tx.commit().await?;
        }
    }

    /// Deletes audit entries from before a time, the oldest first, up to the first that is younger.
    /// The chain goes on from the last of them, and an entry of its own tells of it. Gives how many
    /// went.
    pub async fn sweep_audit(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let Some(cut) = audit_chain::cut(&mut tx, self.engine(), before).await? else {
            return Ok(0);
        };
        let mut origin = Origin::new(
            now,
            "relayd".to_owned(),
            "retention".to_owned(),
            SWEEP_AUDIT,
        );
        "/v1/audit".clone_into(&mut origin.object);
        let entry = Entry {
            origin: &origin,
            part: None,
            account: None,
            before: None,
            after: Some(json!({
                "entries": cut.entries,
                "last": cut.last,
                "hash": blake3::Hash::from_bytes(cut.hash).to_hex().to_string(),
            })),
        };
        audit_chain::append(&mut tx, self.engine(), std::slice::from_ref(&entry)).await?;
        tx.commit().await?;
        Ok(cut.entries)
    }
}
