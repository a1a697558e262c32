//! Search in what was refused at the door.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    condition::Statement,
    record::{Record, micros},
};
use crate::model::{AccountId, Reason};

/// A refusal at the door, with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectEntry {
    /// Number of the row; the cursor.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// The user name that was tried.
    pub username: String,
    /// Where it connected from.
    pub client: String,
    /// The listener.
    pub listener: String,
    /// What it called itself.
    pub helo: String,
    /// Sender of the transaction.
    pub sender: String,
    /// Recipient at hand.
    pub recipient: String,
    /// Why.
    pub reason: Reason,
    /// What the client was told.
    pub reply: String,
}

/// Which refusals. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct RejectFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// The user name that was tried.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Why.
    pub reason: Option<Reason>,
    /// At or after.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl Store {
    /// At most `limit` refusals that the filter names, newest first, behind the row `before`.
    pub async fn search_rejects(
        &self,
        filter: &RejectFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<RejectEntry>, StoreError> {
        let mut statement = Statement::new(
            "SELECT f.id AS number, f.at AS at, COALESCE(a.name, '') AS account,
                COALESCE(s.name, '') AS system_name, f.username AS username, f.client AS client,
                f.listener AS listener, f.helo AS helo, f.sender AS sender,
                f.recipient AS recipient, f.reason AS reason, f.reply AS reply
             FROM refusals f
             LEFT JOIN accounts a ON a.id = f.account_id
             LEFT JOIN systems s ON s.id = f.system_id
             WHERE 1 = 1",
        );
        statement
            .and(
                "f.account_id = ?",
                filter.account.as_ref().map(AccountId::as_bytes),
            )
            .and("f.username = ?", filter.user.as_deref())
            .and("s.name = ?", filter.system.as_deref())
            .and("f.reason = ?", filter.reason.map(Reason::code))
            .and("f.at >= ?", filter.since.map(micros))
            .and("f.at < ?", filter.until.map(micros))
            .and("f.id < ?", before)
            .with(" ORDER BY f.id DESC LIMIT ?", i64::from(limit));
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_reject).collect()
    }
}

fn read_reject(row: &AnyRow) -> Result<RejectEntry, StoreError> {
    let record = Record::new("refusals", row);
    let text = |column| record.text(column).map(str::to_owned);
    Ok(RejectEntry {
        id: record.number("number")?,
        at: record.time("at")?,
        account: record.parse_optional("account")?,
        system: record.parse_optional("system_name")?,
        username: text("username")?,
        client: text("client")?,
        listener: text("listener")?,
        helo: text("helo")?,
        sender: text("sender")?,
        recipient: text("recipient")?,
        reason: record.parse("reason")?,
        reply: text("reply")?,
    })
}
