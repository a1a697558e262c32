//! What can be subscribed to.

use sqlx::any::AnyRow;

use super::{Store, StoreError, record::Record};
use crate::model::{Limits, Plan, PlanId};

const SELECT: &str = "SELECT id, name, relay_users, messages_per_minute, messages_per_day,
    recipients_per_day, recipients_per_message, message_size FROM plans";

impl Store {
    /// The plan of that id.
    pub async fn plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_plan).transpose()
    }

    /// The plan of that name.
    pub async fn plan_by_name(&self, name: &str) -> Result<Option<Plan>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE name = $1")))
            .bind(name)
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_plan).transpose()
    }

    /// At most `limit` plans whose names stand behind `after`, by name.
    pub async fn plans(&self, after: &str, limit: u32) -> Result<Vec<Plan>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE name > $1 ORDER BY name LIMIT $2"
        )))
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_plan).collect()
    }
}

fn read_plan(row: &AnyRow) -> Result<Plan, StoreError> {
    let record = Record::new("plans", row);
    Ok(Plan {
        id: record.id("id")?,
        name: record.text("name")?.to_owned(),
        relay_users: record.number("relay_users")?,
        limits: read_limits(&record)?,
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
