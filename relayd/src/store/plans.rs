//! What can be subscribed to.

use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, AccountState, Limits, Plan, PlanId, PlanState};

const SELECT: &str = "SELECT id, name, state, relay_users, messages_per_minute, messages_per_day,
    recipients_per_day, recipients_per_message, message_size, version FROM plans";

/// Accounts that are named as those whom a plan would become too small for.
const NAMED: i64 = 6;

/// Why a plan was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdatePlanError {
    /// Accounts that have it use more relay users: their names and how many they use; not all of
    /// them where there are many.
    #[error("accounts use more relay users")]
    TooSmall(Vec<(String, u32)>),
    /// Anything else; `NotFound` is a version that is stale.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a plan. A conflict is a name that is taken.
    pub async fn insert_plan(&self, plan: &Plan, now: Timestamp) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Plan(plan.id)).await?;
        sqlx::query(
            "INSERT INTO plans (id, name, state, relay_users, messages_per_minute,
                messages_per_day, recipients_per_day, recipients_per_message, message_size,
                created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(plan.id.as_bytes().as_slice())
        .bind(plan.name.as_str())
        .bind(plan.state.as_str())
        .bind(i64::from(plan.relay_users))
        .bind(i64::from(plan.limits.messages_per_minute))
        .bind(i64::from(plan.limits.messages_per_day))
        .bind(i64::from(plan.limits.recipients_per_day))
        .bind(i64::from(plan.limits.recipients_per_message))
        .bind(bytes(plan.limits.message_size))
        .bind(micros(now))
        .bind(plan.version)
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// Writes what can change of a plan, provided that its version is still the one given, and
    /// that it stays large enough for those who have it.
    pub async fn update_plan(&self, plan: &Plan) -> Result<(), UpdatePlanError> {
        let mut change = self.change(Topic::Plan(plan.id)).await?;
        // First the row: it stays locked, so that nobody creates a relay user by the old number
        // while the new one is judged.
        let done = sqlx::query(
            "UPDATE plans SET state = $1, relay_users = $2, messages_per_minute = $3,
                messages_per_day = $4, recipients_per_day = $5, recipients_per_message = $6,
                message_size = $7, version = version + 1
             WHERE id = $8 AND version = $9",
        )
        .bind(plan.state.as_str())
        .bind(i64::from(plan.relay_users))
        .bind(i64::from(plan.limits.messages_per_minute))
        .bind(i64::from(plan.limits.messages_per_day))
        .bind(i64::from(plan.limits.recipients_per_day))
        .bind(i64::from(plan.limits.recipients_per_message))
        .bind(bytes(plan.limits.message_size))
        .bind(plan.id.as_bytes().as_slice())
        .bind(plan.version)
        .execute(change.connection())
        .await
        .map_err(StoreError::from)?;
        found(&done)?;
        let beyond = users_beyond(change.connection(), plan).await?;
        if !beyond.is_empty() {
            return Err(UpdatePlanError::TooSmall(beyond));
        }
        Ok(change.commit().await?)
    }

    /// Deletes a plan that never was anybody's. A conflict when it was.
    pub async fn delete_plan(&self, id: PlanId) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Plan(id)).await?;
        let done = sqlx::query("DELETE FROM plans WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        found(&done)?;
        change.commit().await
    }

    /// The plan of that id.
    pub async fn plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_plan).transpose()
    }

    /// The plan of that name.
    pub async fn plan_by_name(&self, name: &str) -> Result<Option<Plan>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE name = $1")))
            .bind(name)
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_plan).transpose()
    }

    /// At most `limit` plans whose names stand behind `after`, by name, each with how many accounts
    /// have it. For an account only those that are offered, and its own.
    pub async fn plans(
        &self,
        reader: Option<AccountId>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(Plan, u32)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, name, state, relay_users, messages_per_minute, messages_per_day,
                recipients_per_day, recipients_per_message, message_size, version,
                (SELECT COUNT(*) FROM subscriptions s
                 WHERE s.plan_id = plans.id AND s.ended_at IS NULL) AS subscribers
             FROM plans
             WHERE name > $1 AND ($2 = 1 OR state = $3 OR id IN
                 (SELECT s.plan_id FROM subscriptions s
                  WHERE s.account_id = $4 AND s.ended_at IS NULL))
             ORDER BY name LIMIT $5",
        )
        .bind(after)
        .bind(i64::from(reader.is_none()))
        .bind(PlanState::Offered.as_str())
        .bind(reader.unwrap_or(AccountId::NONE).as_bytes().to_vec())
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let subscribers = Record::new("subscriptions", row).number("subscribers")?;
                Ok((read_plan(row)?, subscribers))
            })
            .collect()
    }

    /// How many accounts have a plan now.
    pub async fn count_subscribers(&self, plan: PlanId) -> Result<u32, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS subscribers FROM subscriptions
             WHERE plan_id = $1 AND ended_at IS NULL",
        )
        .bind(plan.as_bytes().as_slice())
        .fetch_one(self.reads())
        .await?;
        Record::new("subscriptions", &row).number("subscribers")
    }
}

/// Accounts that have the plan and more relay users than it allows.
async fn users_beyond(
    connection: &mut AnyConnection,
    plan: &Plan,
) -> Result<Vec<(String, u32)>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.name AS name, COUNT(*) AS users
         FROM subscriptions s
         JOIN accounts a ON a.id = s.account_id
         JOIN relay_users u ON u.account_id = s.account_id
         WHERE s.plan_id = $1 AND s.ended_at IS NULL AND a.state <> $2
         GROUP BY a.name HAVING COUNT(*) > $3
         ORDER BY a.name LIMIT $4",
    )
    .bind(plan.id.as_bytes().as_slice())
    .bind(AccountState::Closed.as_str())
    .bind(i64::from(plan.relay_users))
    .bind(NAMED)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let record = Record::new("accounts", row);
            Ok((record.text("name")?.to_owned(), record.number("users")?))
        })
        .collect()
}

fn bytes(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// A row that has the columns of plans.
fn read_plan(row: &AnyRow) -> Result<Plan, StoreError> {
    let record = Record::new("plans", row);
    Ok(Plan {
        id: record.id("id")?,
        name: record.text("name")?.to_owned(),
        state: record.parse("state")?,
        relay_users: record.number("relay_users")?,
        limits: read_limits(&record)?,
        version: record.number("version")?,
    })
}

/// The limits in a row that has the columns of plans.
pub(super) fn read_limits(record: &Record<'_>) -> Result<Limits, StoreError> {
    Ok(Limits {
        messages_per_minute: record.number("messages_per_minute")?,
        messages_per_day: record.number("messages_per_day")?,
        recipients_per_day: record.number("recipients_per_day")?,
        recipients_per_message: record.number("recipients_per_message")?,
        message_size: record.number("message_size")?,
    })
}
