//! Replies that nobody has judged yet: counted, for the operator to see, in bounded room.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{Store, StoreError, record::Record, rows::Rows};
use crate::model::MessageId;

/// Different replies that are kept; the longest unseen go.
const MOST: i64 = 500;

/// A reply that no row of the table of replies knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownReply {
    /// Code and text, without addresses, ids and numbers.
    pub reply: String,
    /// What was done about it, by its first digit.
    pub verdict: String,
    /// How often it came.
    pub count: u64,
    /// When it came first.
    pub first_at: Timestamp,
    /// When it came last.
    pub last_at: Timestamp,
    /// A message that met it: the last.
    pub message_id: MessageId,
}

impl Store {
    /// The replies that nobody has judged yet, the latest first.
    pub async fn unknown_replies(&self) -> Result<Vec<UnknownReply>, StoreError> {
        let rows = sqlx::query("SELECT * FROM unknown_replies ORDER BY last_at DESC, reply")
            .fetch_all(self.reads())
            .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("unknown_replies", row);
                Ok(UnknownReply {
                    reply: record.text("reply")?.to_owned(),
                    verdict: record.text("verdict")?.to_owned(),
                    count: record.number("count")?,
                    first_at: record.time("first_at")?,
                    last_at: record.time("last_at")?,
                    message_id: record.id("message_id")?,
                })
            })
            .collect()
    }
}

/// Adds what a batch met: one row for each different reply, however many mails met it.
pub(super) async fn write(
    connection: &mut AnyConnection,
    met: &[UnknownReply],
) -> Result<(), StoreError> {
    static UPSERT: Rows = Rows::of(
        "INSERT INTO unknown_replies (reply, verdict, count, first_at, last_at, message_id) VALUES ",
        6,
        " ON CONFLICT (reply) DO UPDATE SET verdict = excluded.verdict,
            count = unknown_replies.count + excluded.count, last_at = excluded.last_at,
            message_id = excluded.message_id",
    );
    if met.is_empty() {
        return Ok(());
    }
    let mut sums: BTreeMap<&str, UnknownReply> = BTreeMap::new();
    for one in met {
        let first = || UnknownReply {
            count: 0,
            ..one.clone()
        };
        let sum = sums.entry(&one.reply).or_insert_with(first);
        sum.count += one.count;
        sum.verdict.clone_from(&one.verdict);
        (sum.last_at, sum.message_id) = (one.last_at, one.message_id);
    }
    let sums: Vec<_> = sums.into_values().collect();
    UPSERT
        .execute(connection, &sums, |one, values| {
            values
                .text(&one.reply)
                .text(&one.verdict)
                .number(i64::try_from(one.count).unwrap_or(i64::MAX))
                .time(one.first_at)
                .time(one.last_at)
                .bytes(one.message_id.as_bytes());
        })
        .await?;
    sqlx::query(
        "DELETE FROM unknown_replies WHERE reply NOT IN
            (SELECT reply FROM unknown_replies ORDER BY last_at DESC, reply LIMIT $1)",
    )
    .bind(MOST)
    .execute(connection)
    .await?;
    Ok(())
}
