//! Search in what was submitted.

use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;

use super::{
    AddressFilter, Store, StoreError,
    condition::Statement,
    record::{Record, micros},
};
use crate::model::{AccountId, MessageId, MessageState};

/// A message with the names of what it belongs to, as far as that still exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Queue id.
    pub id: MessageId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Name of the account.
    pub account: Option<String>,
    /// User name that signed in.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Where it stands.
    pub state: MessageState,
    /// Envelope sender; empty for the null path.
    pub sender: String,
    /// First envelope recipient.
    pub recipient: String,
    /// Number of envelope recipients.
    pub recipient_count: u64,
    /// From header.
    pub header_from: String,
    /// Subject.
    pub subject: String,
    /// Message-ID.
    pub header_id: String,
    /// Size in bytes.
    pub size: u64,
    /// Address the device connected from.
    pub client: String,
    /// What it called itself.
    pub helo: String,
    /// TLS version and cipher; empty for none.
    pub tls: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When the next attempt is due; meaningless unless queued.
    pub due_at: Timestamp,
    /// When the last recipient was done with.
    pub finished_at: Option<Timestamp>,
    /// Attempts so far.
    pub attempts: u32,
    /// The last literal reply.
    pub last_reply: String,
}

/// Which messages. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// Envelope sender.
    pub from: Option<AddressFilter>,
    /// An envelope recipient.
    pub to: Option<AddressFilter>,
    /// User name.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Where they stand; empty for anywhere.
    pub states: Vec<MessageState>,
    /// Accepted at or after.
    pub since: Option<Timestamp>,
    /// Accepted before.
    pub until: Option<Timestamp>,
}

/// The order of a listing by queue id, which is the order of acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Newest first, behind this id.
    NewestFirst(Option<MessageId>),
    /// Oldest first, behind this id.
    OldestFirst(Option<MessageId>),
}

/// An id holds when a mail began to arrive, which is not more than this before its acceptance.
const ARRIVAL: SignedDuration = SignedDuration::from_hours(1);
/// How far a clock may have been put back: ids go on from the latest, and so hold a time that is
/// later than the acceptance by as much.
const CLOCK_STEP: SignedDuration = SignedDuration::from_hours(24);

pub(super) const SELECT_MESSAGES: &str = "SELECT m.id AS id, m.account_id AS account_id,
    COALESCE(a.name, '') AS account, COALESCE(r.username, '') AS username,
    COALESCE(s.name, '') AS system_name, m.state AS state, m.reverse_path AS reverse_path,
    COALESCE((SELECT c.address FROM recipients c
              WHERE c.message_id = m.id AND c.position = 0), '') AS recipient,
    m.recipient_count AS recipient_count, m.header_from AS header_from, m.subject AS subject,
    m.header_id AS header_id, m.size AS size, m.client AS client, m.helo AS helo, m.tls AS tls,
    m.accepted_at AS accepted_at, m.due_at AS due_at, m.finished_at AS finished_at,
    m.attempts AS attempts, m.last_reply AS last_reply
    FROM messages m
    LEFT JOIN accounts a ON a.id = m.account_id
    LEFT JOIN relay_users r ON r.id = m.user_id
    LEFT JOIN systems s ON s.id = m.system_id
    WHERE 1 = 1";

impl Store {
    /// At most `limit` messages that the filter names.
    pub async fn search_messages(
        &self,
        filter: &LogFilter,
        order: Order,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut statement = Statement::new(SELECT_MESSAGES);
        filter.narrow(&mut statement);
        order_by_id(&mut statement, order, limit);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_entry).collect()
    }

    /// The same in a span of ids, newest first: from the first on, and before the second.
    pub(super) async fn search_piece(
        &self,
        filter: &LogFilter,
        (from, before): (MessageId, MessageId),
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut statement = Statement::new(SELECT_MESSAGES);
        filter.narrow_but_recipient(&mut statement);
        match (filter.recipient(), filter.account) {
            // All recipients of the span lie side by side; those of one account do not.
            (Some((condition, value)), None) => {
                statement
                    .text(" AND m.id IN (SELECT c.message_id FROM recipients c WHERE 1 = 1")
                    .and("c.message_id >= ?", Some(from.as_bytes()))
                    .and("c.message_id < ?", Some(before.as_bytes()))
                    .and(&condition, Some(value))
                    .text(")");
            }
            _ => filter.narrow_recipient(&mut statement),
        }
        statement.and("m.id >= ?", Some(from.as_bytes()));
        order_by_id(&mut statement, Order::NewestFirst(Some(before)), limit);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_entry).collect()
    }
}

impl LogFilter {
    /// Whether it names more than an account and a span of time, which indices know.
    pub(super) fn is_sieve(&self) -> bool {
        let names = [self.user.is_some(), self.system.is_some()];
        let addresses = [self.from.is_some(), self.to.is_some()];
        !self.states.is_empty() || names.contains(&true) || addresses.contains(&true)
    }

    /// The ids that messages of its span of time can have: from the first on, and before the
    /// second. With them the primary key bounds the search.
    pub(super) fn ids(&self) -> (Option<MessageId>, Option<MessageId>) {
        let since = self.since.map(|since| since.saturating_sub(ARRIVAL));
        let until = self.until.map(|until| until.saturating_add(CLOCK_STEP));
        (
            since.map(|since| MessageId::first_at(since.unwrap_or(Timestamp::MIN))),
            until.map(|until| MessageId::first_at(until.unwrap_or(Timestamp::MAX))),
        )
    }

    /// Adds the conditions to a statement over `messages m`.
    pub(super) fn narrow(&self, statement: &mut Statement) {
        self.narrow_but_recipient(statement);
        self.narrow_recipient(statement);
    }

    /// The condition on `recipients c`, with its value.
    fn recipient(&self) -> Option<(String, String)> {
        self.to.as_ref().map(|to| to.condition("c.address"))
    }

    fn narrow_recipient(&self, statement: &mut Statement) {
        if let Some(to) = &self.to {
            to.narrow_recipient(statement);
        }
    }

    fn narrow_but_recipient(&self, statement: &mut Statement) {
        let (since, until) = self.ids();
        narrow_owner(
            statement,
            self.account,
            self.user.as_deref(),
            self.system.as_deref(),
        );
        statement
            .and("m.id >= ?", since.as_ref().map(MessageId::as_bytes))
            .and("m.id < ?", until.as_ref().map(MessageId::as_bytes))
            .and("m.accepted_at >= ?", self.since.map(micros))
            .and("m.accepted_at < ?", self.until.map(micros));
        if let Some(from) = &self.from {
            from.narrow(statement, "m.reverse_path");
        }
        self.narrow_states(statement);
    }

    fn narrow_states(&self, statement: &mut Statement) {
        // Literals, so that the partial indices on the state serve.
        match self.states.as_slice() {
            [] => {}
            states => {
                let terms: Vec<_> = states
                    .iter()
                    .map(|state| format!("m.state = '{state}'"))
                    .collect();
                statement.text(&format!(" AND ({})", terms.join(" OR ")));
            }
        }
    }
}

/// Adds whose messages are meant to a statement over `messages m`. Names become ids first, so that
/// the order of the messages leads and not their relay user.
pub(super) fn narrow_owner(
    statement: &mut Statement,
    account: Option<AccountId>,
    user: Option<&str>,
    system: Option<&str>,
) {
    statement
        .and(
            "m.account_id = ?",
            account.as_ref().map(AccountId::as_bytes),
        )
        .and(
            "m.user_id = (SELECT u.id FROM relay_users u WHERE u.username = ?)",
            user,
        )
        .and(
            "m.system_id IN (SELECT y.id FROM systems y WHERE y.name = ?)",
            system,
        );
}

pub(super) fn order_by_id(statement: &mut Statement, order: Order, limit: u32) {
    match order {
        Order::NewestFirst(behind) => statement
            .and("m.id < ?", behind.as_ref().map(MessageId::as_bytes))
            .text(" ORDER BY m.id DESC"),
        Order::OldestFirst(behind) => statement
            .and("m.id > ?", behind.as_ref().map(MessageId::as_bytes))
            .text(" ORDER BY m.id"),
    };
    statement.with(" LIMIT ?", i64::from(limit));
}

pub(super) fn read_entry(row: &AnyRow) -> Result<LogEntry, StoreError> {
    let record = Record::new("messages", row);
    let text = |column| record.text(column).map(str::to_owned);
    Ok(LogEntry {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        account: record.parse_optional("account")?,
        user: record.parse_optional("username")?,
        system: record.parse_optional("system_name")?,
        state: record.parse("state")?,
        sender: text("reverse_path")?,
        recipient: text("recipient")?,
        recipient_count: record.number("recipient_count")?,
        header_from: text("header_from")?,
        subject: text("subject")?,
        header_id: text("header_id")?,
        size: record.number("size")?,
        client: text("client")?,
        helo: text("helo")?,
        tls: text("tls")?,
        accepted_at: record.time("accepted_at")?,
        due_at: record.time("due_at")?,
        finished_at: record.time_optional("finished_at")?,
        attempts: record.number("attempts")?,
        last_reply: text("last_reply")?,
    })
}
