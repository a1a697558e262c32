//! Which plan an account has, and which it had.

use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{
    Store, StoreError,
    engine::Engine,
    record::{Record, micros},
    relay_users::count_users,
    topic::Topic,
};
use crate::model::{AccountId, PlanId, SubscriptionId};

const SELECT: &str = "SELECT s.id AS id, s.account_id AS account_id, s.plan_id AS plan_id,
    s.started_at AS started_at, s.started_by AS started_by, s.ended_at AS ended_at,
    s.ended_by AS ended_by, s.cancelled AS cancelled, p.name AS plan_name
    FROM subscriptions s JOIN plans p ON p.id = s.plan_id";

/// A subscription to a plan; it runs until another takes its place or it is cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is to.
    pub plan_id: PlanId,
    /// The name of that plan.
    pub plan_name: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Who started it; empty where that is not known.
    pub started_by: String,
    /// How it ended; `None` while it runs.
    pub end: Option<SubscriptionEnd>,
}

/// The end of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionEnd {
    /// When.
    pub at: Timestamp,
    /// By whom; empty where that is not known.
    pub by: String,
    /// No other took its place.
    pub is_cancelled: bool,
}

/// A subscription that is to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewSubscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is to.
    pub plan_id: PlanId,
    /// Since when.
    pub started_at: Timestamp,
}

/// Why a subscription was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The account has more relay users than the plan allows.
    #[error("the account has {used} relay users, the plan allows {allowed}")]
    TooSmall {
        /// Relay users of the account.
        used: u32,
        /// Relay users of the plan.
        allowed: u32,
    },
    /// Anything else; `NotFound` is a plan that was deleted meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The subscription that an account has now.
    pub async fn subscription(
        &self,
        account: AccountId,
    ) -> Result<Option<Subscription>, StoreError> {
        let statement = format!("{SELECT} WHERE s.account_id = $1 AND s.ended_at IS NULL");
        let row = sqlx::query(AssertSqlSafe(statement))
            .bind(account.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_subscription).transpose()
    }

    /// At most `limit` subscriptions of an account before the one of that id, newest first.
    pub async fn subscriptions(
        &self,
        account: AccountId,
        before: Option<SubscriptionId>,
        limit: u32,
    ) -> Result<Vec<Subscription>, StoreError> {
        let statement = format!(
            "{SELECT} WHERE s.account_id = $1 AND ($2 = 0 OR s.id < $3) ORDER BY s.id DESC LIMIT $4"
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(account.as_bytes().as_slice())
            .bind(i64::from(before.is_some()))
            .bind(before.unwrap_or(SubscriptionId::NONE).as_bytes().to_vec())
            .bind(i64::from(limit))
            .fetch_all(self.reads())
            .await?;
        rows.iter().map(read_subscription).collect()
    }

    /// Starts a subscription, provided that its plan is large enough; the running one ends in the
    /// same moment.
    pub async fn start_subscription(&self, new: &NewSubscription) -> Result<(), StartError> {
        let tx = self.begin_open(new.account_id).await?;
        let mut change = self
            .change_in(tx, Topic::Subscription(new.account_id))
            .await?;
        let (connection, engine) = (change.connection(), self.engine());
        let allowed = lock_plan(connection, engine, new.plan_id).await?;
        let used = count_users(connection, new.account_id).await?;
        if used > allowed {
            return Err(StartError::TooSmall { used, allowed });
        }
        begin(connection, new, self.actor()).await?;
        Ok(change.commit().await?)
    }

    /// Ends the subscription of an account. `NotFound` when none runs.
    pub async fn cancel_subscription(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Subscription(account)).await?;
        let actor = self.actor();
        if end_running(change.connection(), account, at, actor, 1).await? == 0 {
            return Err(StoreError::NotFound);
        }
        change.commit().await
    }
}

/// How many relay users a plan allows; it stays as it is until the transaction ends. `NotFound` when
/// there is none.
pub(super) async fn lock_plan(
    connection: &mut AnyConnection,
    engine: Engine,
    plan: PlanId,
) -> Result<u32, StoreError> {
    let statement = format!(
        "SELECT relay_users FROM plans WHERE id = $1{}",
        engine.for_update()
    );
    let row = sqlx::query(AssertSqlSafe(statement))
        .bind(plan.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    let row = row.ok_or(StoreError::NotFound)?;
    Record::new("plans", &row).number("relay_users")
}

/// Starts a subscription in the place of the one that runs.
pub(super) async fn begin(
    connection: &mut AnyConnection,
    new: &NewSubscription,
    actor: &str,
) -> Result<(), StoreError> {
    end_running(connection, new.account_id, new.started_at, actor, 0).await?;
    sqlx::query(
        "INSERT INTO subscriptions (id, account_id, plan_id, started_at, started_by)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.id.as_bytes().as_slice())
    .bind(new.account_id.as_bytes().as_slice())
    .bind(new.plan_id.as_bytes().as_slice())
    .bind(micros(new.started_at))
    .bind(actor)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends what runs; gives how many that were.
pub(super) async fn end_running(
    connection: &mut AnyConnection,
    account: AccountId,
    at: Timestamp,
    by: &str,
    cancelled: i64,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE subscriptions SET ended_at = $1, ended_by = $2, cancelled = $3
         WHERE account_id = $4 AND ended_at IS NULL",
    )
    .bind(micros(at))
    .bind(by)
    .bind(cancelled)
    .bind(account.as_bytes().as_slice())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

fn read_subscription(row: &AnyRow) -> Result<Subscription, StoreError> {
    let record = Record::new("subscriptions", row);
    let end = match record.time_optional("ended_at")? {
        None => None,
        Some(at) => Some(SubscriptionEnd {
            at,
            by: record.text("ended_by")?.to_owned(),
            is_cancelled: record.flag("cancelled")?,
        }),
    };
    Ok(Subscription {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        plan_id: record.id("plan_id")?,
        plan_name: record.text("plan_name")?.to_owned(),
        started_at: record.time("started_at")?,
        started_by: record.text("started_by")?.to_owned(),
        end,
    })
}
