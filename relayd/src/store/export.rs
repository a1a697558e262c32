//! What an export reads that nobody else does, piece by piece along the keys of the tables.

use jiff::Timestamp;

use super::{
    Counts, Store, StoreError,
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

/// The key of an hour of use: hour, relay user, system.
pub type UseKey = (i64, Vec<u8>, Vec<u8>);

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
    /// What went through.
    pub counts: Counts,
}

/// The key of an hour of refusals: system, reason, hour.
pub type RefusalKey = (Vec<u8>, String, i64);

/// What was refused in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourOfRefusals {
    /// Its key.
    pub key: RefusalKey,
    /// When the hour begins.
    pub hour: Timestamp,
    /// Name of the system, where known.
    pub system: Option<String>,
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
        (hour, user, system): &UseKey,
        limit: u32,
    ) -> Result<Vec<HourOfUse>, StoreError> {
        let rows = sqlx::query(
            "SELECT u.hour AS hour, u.user_id AS user_id, u.system_id AS system_id,
                COALESCE(r.username, '') AS username, COALESCE(s.name, '') AS system_name,
                u.accepted AS accepted, u.recipients AS recipients, u.bytes AS bytes,
                u.delivered AS delivered, u.failed AS failed, u.deferred AS deferred
             FROM usage u
             LEFT JOIN relay_users r ON r.id = u.user_id
             LEFT JOIN systems s ON s.id = u.system_id
             WHERE u.account_id = $1 AND u.hour >= $2
               AND (u.hour, u.user_id, u.system_id) > ($2, $3, $4)
             ORDER BY u.hour, u.user_id, u.system_id LIMIT $5",
        )
        .bind(account.as_bytes().as_slice())
        .bind(*hour)
        .bind(user.as_slice())
        .bind(system.as_slice())
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
                    ),
                    hour,
                    user: name(&record, "username")?,
                    system: name(&record, "system_name")?,
                    counts: read_counts(row)?,
                })
            })
            .collect()
    }

    /// What was refused for an account, by system, reason and hour, behind a key.
    pub async fn hours_of_refusals(
        &self,
        account: AccountId,
        (system, reason, hour): &RefusalKey,
        limit: u32,
    ) -> Result<Vec<HourOfRefusals>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.system_id AS system_id, c.reason AS reason, c.hour AS hour,
                c.count AS refused, COALESCE(s.name, '') AS system_name
             FROM refusal_counts c LEFT JOIN systems s ON s.id = c.system_id
             WHERE c.account_id = $1 AND (c.system_id, c.reason, c.hour) > ($2, $3, $4)
             ORDER BY c.system_id, c.reason, c.hour LIMIT $5",
        )
        .bind(account.as_bytes().as_slice())
        .bind(system.as_slice())
        .bind(reason.as_str())
        .bind(*hour)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("refusal_counts", row);
                let hour = record.time("hour")?;
                Ok(HourOfRefusals {
                    key: (
                        record.bytes("system_id")?.to_vec(),
                        record.text("reason")?.to_owned(),
                        micros(hour),
                    ),
                    hour,
                    system: name(&record, "system_name")?,
                    reason: record.parse("reason")?,
                    count: record.number("refused")?,
                })
            })
            .collect()
    }
}

/// A name; what is gone has none.
fn name(record: &Record<'_>, column: &'static str) -> Result<Option<String>, StoreError> {
    let text = record.text(column)?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
