//! Sums over the hourly usage and the counts of refusals.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    condition::Statement,
    record::{Record, micros},
};
use crate::model::{AccountId, Reason, UserId};

const HOUR: i64 = 3_600_000_000;

/// A span of time and whose usage in it. The first hour counts whole.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    /// Beginning.
    pub since: Timestamp,
    /// End, not included.
    pub until: Timestamp,
}

impl Span {
    /// The beginning as it is counted: the hour that it falls in.
    pub fn first_hour(&self) -> Timestamp {
        let micros = self.since.as_microsecond();
        Timestamp::from_microsecond(micros - micros.rem_euclid(HOUR)).unwrap_or(self.since)
    }
}

/// What went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages accepted.
    pub accepted: u64,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Bytes of accepted messages.
    pub bytes: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Attempts put off.
    pub deferred: u64,
}

/// What one relay user sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCounts {
    /// Whose it is.
    pub account_id: AccountId,
    /// Name of the account.
    pub account: String,
    /// The relay user.
    pub user_id: UserId,
    /// User name.
    pub user: String,
    /// What it sent.
    pub counts: Counts,
    /// Messages it submitted today.
    pub messages_today: u64,
}

/// What one system sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemCounts {
    /// Name of the account.
    pub account: String,
    /// Name of the system.
    pub system: String,
    /// What it sent.
    pub counts: Counts,
}

/// How often a reason turned mail away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalCount {
    /// Name of the account, where known.
    pub account: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u64,
}

/// SUM of BIGINT is NUMERIC on PostgreSQL, which `Any` cannot read.
pub(super) const SUMS: &str = "CAST(COALESCE(SUM(u.accepted), 0) AS BIGINT) AS accepted,
    CAST(COALESCE(SUM(u.recipients), 0) AS BIGINT) AS recipients,
    CAST(COALESCE(SUM(u.bytes), 0) AS BIGINT) AS bytes,
    CAST(COALESCE(SUM(u.delivered), 0) AS BIGINT) AS delivered,
    CAST(COALESCE(SUM(u.failed), 0) AS BIGINT) AS failed,
    CAST(COALESCE(SUM(u.deferred), 0) AS BIGINT) AS deferred";

impl Store {
    /// What went through in a span.
    pub async fn sum_usage(&self, span: &Span) -> Result<Counts, StoreError> {
        let mut statement = Statement::new("SELECT ");
        statement.text(SUMS).text(" FROM usage u WHERE ");
        within(&mut statement, "u", span);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.first().map_or(Ok(Counts::default()), read_counts)
    }

    /// How often mail was refused in a span.
    pub async fn sum_refusals(&self, span: &Span) -> Result<u64, StoreError> {
        let mut statement = Statement::new(
            "SELECT CAST(COALESCE(SUM(c.count), 0) AS BIGINT) AS refused
             FROM refusal_counts c WHERE ",
        );
        within(&mut statement, "c", span);
        let rows = statement.fetch_all(self.reads()).await?;
        rows.first().map_or(Ok(0), |row| {
            Record::new("refusal_counts", row).number("refused")
        })
    }

    /// What each relay user sent in a span, most first; `today` is the start of the day.
    pub async fn usage_by_user(
        &self,
        span: &Span,
        today: Timestamp,
        limit: u32,
    ) -> Result<Vec<UserCounts>, StoreError> {
        let mut statement = Statement::new("SELECT a.id AS account_id, a.name AS account, ");
        statement
            .text("r.id AS user_id, r.username AS username, ")
            .text(SUMS)
            .with(
                ", (SELECT CAST(COALESCE(SUM(t.accepted), 0) AS BIGINT) FROM usage t
                    WHERE t.user_id = r.id AND t.hour >= ?) AS today",
                micros(today),
            )
            .text(
                " FROM usage u JOIN relay_users r ON r.id = u.user_id
                  JOIN accounts a ON a.id = r.account_id WHERE ",
            );
        within(&mut statement, "u", span);
        statement.with(
            " GROUP BY a.id, a.name, r.id, r.username ORDER BY accepted DESC, username LIMIT ?",
            i64::from(limit),
        );
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("usage", row);
                Ok(UserCounts {
                    account_id: record.id("account_id")?,
                    account: record.text("account")?.to_owned(),
                    user_id: record.id("user_id")?,
                    user: record.text("username")?.to_owned(),
                    counts: read_counts(row)?,
                    messages_today: record.number("today")?,
                })
            })
            .collect()
    }

    /// What each system sent in a span, most first.
    pub async fn usage_by_system(
        &self,
        span: &Span,
        limit: u32,
    ) -> Result<Vec<SystemCounts>, StoreError> {
        let mut statement = Statement::new("SELECT a.name AS account, s.name AS system_name, ");
        statement.text(SUMS).text(
            " FROM usage u JOIN systems s ON s.id = u.system_id
              JOIN accounts a ON a.id = s.account_id WHERE ",
        );
        within(&mut statement, "u", span);
        statement.with(
            " GROUP BY a.name, s.name ORDER BY accepted DESC, system_name LIMIT ?",
            i64::from(limit),
        );
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("usage", row);
                Ok(SystemCounts {
                    account: record.text("account")?.to_owned(),
                    system: record.text("system_name")?.to_owned(),
                    counts: read_counts(row)?,
                })
            })
            .collect()
    }

    /// Refusals of a span by account, system and reason, most first.
    pub async fn refusals_by_reason(
        &self,
        span: &Span,
        limit: u32,
    ) -> Result<Vec<RefusalCount>, StoreError> {
        let mut statement = Statement::new(
            "SELECT COALESCE(a.name, '') AS account, COALESCE(s.name, '') AS system_name,
                c.reason AS reason, CAST(SUM(c.count) AS BIGINT) AS refused
             FROM refusal_counts c
             LEFT JOIN accounts a ON a.id = c.account_id
             LEFT JOIN systems s ON s.id = c.system_id
             WHERE ",
        );
        within(&mut statement, "c", span);
        statement.with(
            " GROUP BY a.name, s.name, c.reason ORDER BY refused DESC, c.reason LIMIT ?",
            i64::from(limit),
        );
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("refusal_counts", row);
                Ok(RefusalCount {
                    account: record.parse_optional("account")?,
                    system: record.parse_optional("system_name")?,
                    reason: record.parse("reason")?,
                    count: record.number("refused")?,
                })
            })
            .collect()
    }
}

pub(super) fn within(statement: &mut Statement, table: &str, span: &Span) {
    statement
        .with(&format!("{table}.hour >= ?"), micros(span.first_hour()))
        .and(&format!("{table}.hour < ?"), Some(micros(span.until)))
        .and(
            &format!("{table}.account_id = ?"),
            span.account.as_ref().map(AccountId::as_bytes),
        );
}

pub(super) fn read_counts(row: &AnyRow) -> Result<Counts, StoreError> {
    let record = Record::new("usage", row);
    Ok(Counts {
        accepted: record.number("accepted")?,
        recipients: record.number("recipients")?,
        bytes: record.number("bytes")?,
        delivered: record.number("delivered")?,
        failed: record.number("failed")?,
        deferred: record.number("deferred")?,
    })
}
