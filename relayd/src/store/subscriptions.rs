//! Which plan an account has.

use jiff::Timestamp;

use super::{
    Store, StoreError,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, PlanId, SubscriptionId};

/// An account's subscription to a plan; it runs until another takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is to.
    pub plan_id: PlanId,
    /// Since when.
    pub started_at: Timestamp,
}

impl Store {
    /// The subscription that an account has now.
    pub async fn subscription(
        &self,
        account: AccountId,
    ) -> Result<Option<Subscription>, StoreError> {
        let row = sqlx::query(
            "SELECT id, account_id, plan_id, started_at FROM subscriptions
             WHERE account_id = $1 AND ended_at IS NULL",
        )
        .bind(account.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let record = Record::new("subscriptions", &row);
        Ok(Some(Subscription {
            id: record.id("id")?,
            account_id: record.id("account_id")?,
            plan_id: record.id("plan_id")?,
            started_at: record.time("started_at")?,
        }))
    }

    /// Starts a subscription; the running one ends in the same moment.
    pub async fn start_subscription(&self, new: &Subscription) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Subscription(new.account_id)).await?;
        sqlx::query(
            "UPDATE subscriptions SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL",
        )
        .bind(micros(new.started_at))
        .bind(new.account_id.as_bytes().as_slice())
        .execute(change.connection())
        .await?;
        sqlx::query(
            "INSERT INTO subscriptions (id, account_id, plan_id, started_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(new.id.as_bytes().as_slice())
        .bind(new.account_id.as_bytes().as_slice())
        .bind(new.plan_id.as_bytes().as_slice())
        .bind(micros(new.started_at))
        .execute(change.connection())
        .await?;
        change.commit().await
    }
}
