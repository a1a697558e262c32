//! What an export reads that nobody else does, piece by piece along the keys of the tables.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Counts, ErrorKind, Store, StoreError,
    limits::{SELECT_LIMITS, read_override},
    record::{Record, micros},
    stats::read_counts,
};
use crate::model::{AccountId, LimitScope, Override, Reason, SubscriptionId};

/// A subscription that an account has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSubscription {
    /// Identifier, as text.
    pub id: SubscriptionId,
    /// Name of the plan.
    pub plan: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when; `None` while it runs.
    pub ended_at: Option<Timestamp>,
}

/// Limits that are set for something of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetLimits {
    /// The id of what they are set for; the key.
    pub subject: Vec<u8>,
    /// What that is.
    pub scope: LimitScope,
    /// Its name, where it is a relay user or a system.
    pub name: String,
    /// The limits.
    pub set: Override,
}

/// The key of an hour of use: hour, relay user, system, sender domain.
pub type UseKey = (i64, Vec<u8>, Vec<u8>, String);

/// What went through in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourOfUse {
    /// Its key.
    pub key: UseKey,
    /// When the hour begins.
    pub hour: Timestamp,
    /// User name.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Domain of the sender.
    pub domain: Option<String>,
    /// What went through.
    pub counts: Counts,
}

/// The key of an hour of errors: hour, relay user, system, sender domain, kind, reason.
pub type ErrorKey = (i64, Vec<u8>, Vec<u8>, String, String, String);

/// What was refused, failed or was put off in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourOfErrors {
    /// Its key.
    pub key: ErrorKey,
    /// When the hour begins.
    pub hour: Timestamp,
    /// User name, where known.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Domain of the sender, where known.
    pub domain: Option<String>,
    /// What it came to.
    pub kind: ErrorKind,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u64,
}

impl Store {
    /// The subscriptions that an account has had behind one, oldest first. Empty is before all.
    pub async fn past_subscriptions(
        &self,
        account: AccountId,
        after: &[u8],
        limit: u32,
    ) -> Result<Vec<PastSubscription>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.id AS id, p.name AS plan, s.started_at AS started_at, s.ended_at AS ended_at
             FROM subscriptions s JOIN plans p ON p.id = s.plan_id
             WHERE s.account_id = $1 AND s.id > $2 ORDER BY s.id LIMIT $3",
        )
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("subscriptions", row);
                Ok(PastSubscription {
                    id: record.id("id")?,
                    plan: record.text("plan")?.to_owned(),
                    started_at: record.time("started_at")?,
                    ended_at: record.time_optional("ended_at")?,
                })
            })
            .collect()
    }

    /// What limits are set for an account and what belongs to it, behind one subject.
    pub async fn set_limits_of(
        &self,
        account: AccountId,
        after: &[u8],
        limit: u32,
    ) -> Result<Vec<SetLimits>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT l.*, COALESCE(r.username, s.name, '') AS name
             FROM ({SELECT_LIMITS} WHERE account_id = $1 AND subject_id > $2) AS l
             LEFT JOIN relay_users r ON r.id = l.subject_id
             LEFT JOIN systems s ON s.id = l.subject_id
             ORDER BY l.subject_id LIMIT $3"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("limits", row);
                Ok(SetLimits {
                    subject: record.bytes("subject_id")?.to_vec(),
                    scope: record.parse("scope")?,
                    name: record.text("name")?.to_owned(),
                    set: read_override(row)?,
                })
            })
            .collect()
    }

    /// What went through for an account, hour by hour, behind a key.
    pub async fn hours_of_use(
        &self,
        account: AccountId,
        (hour, user, system, domain): &UseKey,
        limit: u32,
    ) -> Result<Vec<HourOfUse>, StoreError> {
        let rows = sqlx::query(
            "SELECT u.*, COALESCE(r.username, '') AS username, COALESCE(s.name, '') AS system_name
             FROM usage u
             LEFT JOIN relay_users r ON r.id = u.user_id
             LEFT JOIN systems s ON s.id = u.system_id
             WHERE u.account_id = $1 AND u.hour >= $2
               AND (u.hour, u.user_id, u.system_id, u.domain) > ($2, $3, $4, $5)
             ORDER BY u.hour, u.user_id, u.system_id, u.domain LIMIT $6",
        )
        .bind(account.as_bytes().as_slice())
        .bind(*hour)
        .bind(user.as_slice())
        .bind(system.as_slice())
        .bind(domain.as_str())
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("usage", row);
                let hour = record.time("hour")?;
                Ok(HourOfUse {
                    key: (
                        micros(hour),
                        record.bytes("user_id")?.to_vec(),
                        record.bytes("system_id")?.to_vec(),
                        record.text("domain")?.to_owned(),
                    ),
                    hour,
                    user: name(&record, "username")?,
                    system: name(&record, "system_name")?,
                    domain: name(&record, "domain")?,
                    counts: read_counts(row)?,
                })
            })
            .collect()
    }

    /// What was refused, failed or was put off for an account, hour by hour, behind a key.
    pub async fn hours_of_errors(
        &self,
        account: AccountId,
        (hour, user, system, domain, kind, reason): &ErrorKey,
        limit: u32,
    ) -> Result<Vec<HourOfErrors>, StoreError> {
        let rows = sqlx::query(
            "SELECT e.*, COALESCE(r.username, '') AS username, COALESCE(s.name, '') AS system_name
             FROM error_counts e
             LEFT JOIN relay_users r ON r.id = e.user_id
             LEFT JOIN systems s ON s.id = e.system_id
             WHERE e.account_id = $1 AND e.hour >= $2
               AND (e.hour, e.user_id, e.system_id, e.domain, e.kind, e.reason)
                 > ($2, $3, $4, $5, $6, $7)
             ORDER BY e.hour, e.user_id, e.system_id, e.domain, e.kind, e.reason LIMIT $8",
        )
        .bind(account.as_bytes().as_slice())
        .bind(*hour)
        .bind(user.as_slice())
        .bind(system.as_slice())
        .bind(domain.as_str())
        .bind(kind.as_str())
        .bind(reason.as_str())
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_errors).collect()
    }
}

fn read_errors(row: &AnyRow) -> Result<HourOfErrors, StoreError> {
    let record = Record::new("error_counts", row);
    let hour = record.time("hour")?;
    Ok(HourOfErrors {
        key: (
            micros(hour),
            record.bytes("user_id")?.to_vec(),
            record.bytes("system_id")?.to_vec(),
            record.text("domain")?.to_owned(),
            record.text("kind")?.to_owned(),
            record.text("reason")?.to_owned(),
        ),
        hour,
        user: name(&record, "username")?,
        system: name(&record, "system_name")?,
        domain: name(&record, "domain")?,
        kind: record.parse("kind")?,
        reason: record.parse("reason")?,
        count: record.number("count")?,
    })
}

/// A name; what is gone has none.
fn name(record: &Record<'_>, column: &'static str) -> Result<Option<String>, StoreError> {
    let text = record.text(column)?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
