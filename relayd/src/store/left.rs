//! What of messages has left already, for those who call them back.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{LogFilter, Store, StoreError, condition::Statement, record::Record};
use crate::model::{AccountId, MessageId};

/// A message that was handed over for some of its recipients, or for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartlyLeft {
    /// Queue id.
    pub id: MessageId,
    /// Recipients that have it.
    pub delivered: u64,
    /// Number of envelope recipients.
    pub recipient_count: u64,
    /// When the first of them got it; not known of what was settled by an earlier version.
    pub first_at: Option<Timestamp>,
    /// When the last of them got it.
    pub last_at: Option<Timestamp>,
}

/// How much has left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftCount {
    /// Messages handed over for at least one recipient.
    pub messages: u64,
    /// Those recipients.
    pub recipients: u64,
}

const FROM: &str = " FROM messages m
    JOIN recipients d ON d.message_id = m.id AND d.state = 'delivered'
    LEFT JOIN relay_users r ON r.id = m.user_id
    LEFT JOIN systems s ON s.id = m.system_id
    WHERE 1 = 1";

fn details() -> Statement {
    let mut statement = Statement::new(
        "SELECT m.id AS id, m.recipient_count AS recipient_count, COUNT(*) AS delivered,
                MIN(d.settled_at) AS first_at, MAX(d.settled_at) AS last_at",
    );
    statement.text(FROM);
    statement
}

impl Store {
    /// Of the messages that the filter names, the first that have left for some recipients.
    pub async fn partly_left(
        &self,
        filter: &LogFilter,
        limit: u32,
    ) -> Result<Vec<PartlyLeft>, StoreError> {
        let mut statement = details();
        filter.narrow(&mut statement);
        statement
            .text(" GROUP BY m.id, m.recipient_count")
            .with(" ORDER BY m.id LIMIT ?", i64::from(limit));
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read).collect()
    }

    /// How much of the messages that the filter names has left.
    pub async fn count_left(&self, filter: &LogFilter) -> Result<LeftCount, StoreError> {
        let mut statement =
            Statement::new("SELECT COUNT(DISTINCT m.id) AS messages, COUNT(*) AS recipients");
        statement.text(FROM);
        filter.narrow(&mut statement);
        let rows = statement.fetch_all(self.reads()).await?;
        let Some(row) = rows.first() else {
            return Ok(LeftCount::default());
        };
        let record = Record::new("messages", row);
        Ok(LeftCount {
            messages: record.number("messages")?,
            recipients: record.number("recipients")?,
        })
    }

    /// Those of the messages that have left for some recipients, or for all; within an account when
    /// one is given. At most a few hundred ids at a time.
    pub async fn partly_left_of(
        &self,
        ids: &[MessageId],
        account: Option<AccountId>,
    ) -> Result<Vec<PartlyLeft>, StoreError> {
        let mut statement = details();
        statement
            .and(
                "m.account_id = ?",
                account.as_ref().map(AccountId::as_bytes),
            )
            .text(" AND ")
            .is_in("m.id", ids.iter().map(MessageId::as_bytes))
            .text(" GROUP BY m.id, m.recipient_count ORDER BY m.id");
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read).collect()
    }

    /// Those of the messages that the filter names, too.
    pub async fn named_among(
        &self,
        filter: &LogFilter,
        ids: &[MessageId],
    ) -> Result<Vec<MessageId>, StoreError> {
        let mut statement = Statement::new(
            "SELECT m.id AS id FROM messages m
             LEFT JOIN relay_users r ON r.id = m.user_id
             LEFT JOIN systems s ON s.id = m.system_id WHERE 1 = 1",
        );
        filter.narrow(&mut statement);
        statement
            .text(" AND ")
            .is_in("m.id", ids.iter().map(MessageId::as_bytes))
            .text(" ORDER BY m.id");
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| Record::new("messages", row).id("id"))
            .collect()
    }
}

fn read(row: &AnyRow) -> Result<PartlyLeft, StoreError> {
    let record = Record::new("messages", row);
    Ok(PartlyLeft {
        id: record.id("id")?,
        delivered: record.number("delivered")?,
        recipient_count: record.number("recipient_count")?,
        first_at: record.time_optional("first_at")?,
        last_at: record.time_optional("last_at")?,
    })
}
