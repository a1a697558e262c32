//! One message: how it is found by whatever is known of it, its recipients and its history.

use sqlx::any::AnyRow;

use super::{
    LogEntry, Order, Store, StoreError,
    condition::{Statement, Value, containing},
    log::{SELECT_MESSAGES, order_by_id, read_entry},
    record::Record,
    upstream_id,
};
use crate::model::{AccountId, Event, MessageId, RecipientState};

/// Messages whose replies are read for a piece of text; older ones are found by whole ids only.
const RECENT: i64 = 50_000;

/// What is known of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientStanding {
    /// Where the mail goes.
    pub address: String,
    /// Where it stands.
    pub state: RecipientState,
    /// The last literal reply.
    pub reply: String,
}

impl Store {
    /// The message of that queue id; else the newest messages whose queue ids begin so; else those
    /// that have that Message-ID; else those that the other side knows by that id; else those among
    /// the latest whose recipients had a reply that holds the key.
    pub async fn trace_messages(
        &self,
        key: &str,
        account: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        // A whole id is the prefix of itself.
        if let Some((first, last)) = ids_with_prefix(key) {
            let by_id = [
                ("m.id >= ?", first.as_bytes().into()),
                ("m.id <= ?", last.as_bytes().into()),
            ];
            let found = self.trace_by(by_id, account, limit).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let bare = key.trim_start_matches('<').trim_end_matches('>');
        let by_header = [(
            "m.id IN (SELECT h.id FROM messages h WHERE h.header_id IN (?, '<' || ? || '>'))",
            bare.into(),
        )];
        let found = self.trace_by(by_header, account, limit).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        let by_upstream_id = [(
            "m.id IN (SELECT c.message_id FROM recipients c
                      WHERE c.upstream_id <> '' AND c.upstream_id = ?)",
            upstream_id::key(key).into(),
        )];
        let found = self.trace_by(by_upstream_id, account, limit).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        let recent = self.recent_floor(account).await?;
        let by_reply = [
            ("m.id >= ?", recent.as_bytes().into()),
            (
                "EXISTS (SELECT 1 FROM recipients c
                         WHERE c.message_id = m.id AND c.reply LIKE ? ESCAPE '\\')",
                containing(key).into(),
            ),
        ];
        self.trace_by(by_reply, account, limit).await
    }

    /// The first of the messages whose replies are read.
    async fn recent_floor(&self, account: Option<AccountId>) -> Result<MessageId, StoreError> {
        let mut statement = Statement::new("SELECT m.id AS id FROM messages m WHERE 1 = 1");
        statement
            .and(
                "m.account_id = ?",
                account.as_ref().map(AccountId::as_bytes),
            )
            .with(" ORDER BY m.id DESC LIMIT 1 OFFSET ?", RECENT - 1);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.first().map_or(Ok(MessageId::NONE), |row| {
            Record::new("messages", row).id("id")
        })
    }

    async fn trace_by(
        &self,
        conditions: impl IntoIterator<Item = (&'static str, Value)>,
        account: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut statement = Statement::new(SELECT_MESSAGES);
        statement.and(
            "m.account_id = ?",
            account.as_ref().map(AccountId::as_bytes),
        );
        for (condition, value) in conditions {
            statement.and(condition, Some(value));
        }
        order_by_id(&mut statement, Order::NewestFirst(None), limit);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_entry).collect()
    }

    /// The recipients of a message, in the order of its envelope.
    pub async fn recipients_of(&self, id: MessageId) -> Result<Vec<RecipientStanding>, StoreError> {
        let rows = sqlx::query(
            "SELECT address, state, reply FROM recipients WHERE message_id = $1 ORDER BY position",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("recipients", row);
                Ok(RecipientStanding {
                    address: record.text("address")?.to_owned(),
                    state: record.parse("state")?,
                    reply: record.text("reply")?.to_owned(),
                })
            })
            .collect()
    }

    /// The history of a message, oldest first.
    pub async fn events_of(&self, id: MessageId) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, message_id, kind, recipients, reason, reply, detail, client
             FROM events WHERE message_id = $1 ORDER BY events.id",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_event).collect()
    }
}

/// The least and the greatest id whose text begins with `prefix`.
fn ids_with_prefix(prefix: &str) -> Option<(MessageId, MessageId)> {
    const TEXT_LEN: usize = 20;
    let room = TEXT_LEN.checked_sub(prefix.len())?;
    let filled = |digit: &str| format!("{prefix}{}", digit.repeat(room)).parse().ok();
    Some((filled("0")?, filled("z")?))
}

fn read_event(row: &AnyRow) -> Result<Event, StoreError> {
    let record = Record::new("events", row);
    Ok(Event {
        at: record.time("at")?,
        message_id: record.id("message_id")?,
        kind: record.parse("kind")?,
        recipients: record
            .text("recipients")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        reason: record.parse_optional("reason")?,
        reply: record.text("reply")?.to_owned(),
        detail: record.text("detail")?.to_owned(),
        client: record.parse_optional("client")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_an_id_names_a_span_of_ids() {
        let id = "00d202fefc8h4wcn2x9t";
        let whole: MessageId = id.parse().unwrap();
        assert_eq!(ids_with_prefix(id), Some((whole, whole)));
        let (first, last) = ids_with_prefix("00D202fef").unwrap();
        assert!(first < whole && whole < last);
        assert!(last.to_string().starts_with("00d202fef"));
        for other in ["localhost", "5.1.10", "00d202fefc8h4wcn2x9t0"] {
            assert_eq!(ids_with_prefix(other), None, "{other}");
        }
    }
}
