//! Subscriptions: the plan of an account, now and before. The owner books, changes and cancels its
//! own; a plan that is not offered is given by the operator.

use super::{Accounts, AdminError, Listing, account::refuse_ended};
use crate::{
    model::{Account, Authority, Plan, PlanId, PlanState, Reason, SubscriptionId},
    store::{NewSubscription, StartError, StoreError, Subscription},
};

/// A subscription with its plan and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionOverview {
    /// The subscription.
    pub subscription: Subscription,
    /// Name of the account.
    pub account: String,
    /// Its plan.
    pub plan: Plan,
    /// Relay users that the account has.
    pub relay_users_used: u32,
}

impl Accounts {
    /// Subscribes an account to a plan; a running subscription ends in the same moment. To the
    /// plan that it has already, nothing changes.
    pub async fn start_subscription(
        &self,
        account: &str,
        plan: &str,
        authority: Authority,
    ) -> Result<SubscriptionOverview, AdminError> {
        let account = self.find_account(account).await?;
        refuse_ended(&account)?;
        let key = plan;
        let running = self.store.subscription(account.id).await?;
        let running = running.map(|running| running.plan_id);
        let Some(plan) = self.plan_to_book(key, running, authority).await? else {
            return self.subscription_of(account).await;
        };
        let now = self.clock.now();
        let subscription = NewSubscription {
            id: SubscriptionId::new(&self.ids, now),
            account_id: account.id,
            plan_id: plan.id,
            started_at: now,
        };
        let started = self.store.start_subscription(&subscription).await;
        started.map_err(|error| match error {
            StartError::TooSmall { used, allowed } => too_small(&plan.name, used, allowed),
            StartError::Store(StoreError::NotFound) => AdminError::not_found("plan", key),
            StartError::Store(error) => AdminError::Store(error),
        })?;
        tracing::info!(account = %account.name, plan = %plan.name, "subscription started");
        self.subscription_of(account).await
    }

    /// The plan that `key` names, as far as `authority` may book it; `None` when it runs already.
    pub(super) async fn plan_to_book(
        &self,
        key: &str,
        running: Option<PlanId>,
        authority: Authority,
    ) -> Result<Option<Plan>, AdminError> {
        let plan = self.find_plan(key).await?;
        if running == Some(plan.id) {
            return Ok(None);
        }
        if plan.state == PlanState::Retired && authority == Authority::Owner {
            return Err(AdminError::not_found("plan", key));
        }
        Ok(Some(plan))
    }

    /// Cancels the subscription of an account: its mail is refused from now on, and what is in the
    /// queue still leaves.
    pub async fn cancel_subscription(
        &self,
        account: &str,
    ) -> Result<SubscriptionOverview, AdminError> {
        let account = self.find_account(account).await?;
        let cancelled = self
            .store
            .cancel_subscription(account.id, self.clock.now())
            .await;
        cancelled.map_err(|error| match error {
            StoreError::NotFound => none(&account),
            error => AdminError::Store(error),
        })?;
        tracing::info!(account = %account.name, "subscription cancelled");
        self.subscription_of(account).await
    }

    /// The subscription that an account has, or the last one when it was cancelled.
    pub async fn show_subscription(
        &self,
        account: &str,
    ) -> Result<SubscriptionOverview, AdminError> {
        let account = self.find_account(account).await?;
        self.subscription_of(account).await
    }

    /// The subscriptions that an account has had before the one of that id, newest first.
    pub async fn list_subscriptions(
        &self,
        account: &Account,
        before: Option<SubscriptionId>,
        limit: u32,
    ) -> Result<Listing<Subscription, SubscriptionId>, AdminError> {
        let found = self
            .store
            .subscriptions(account.id, before, limit + 1)
            .await?;
        Ok(Listing::cut(found, limit, |subscription| subscription.id))
    }

    async fn subscription_of(&self, account: Account) -> Result<SubscriptionOverview, AdminError> {
        let subscription = match self.store.subscription(account.id).await? {
            Some(running) => Some(running),
            None => self.store.subscriptions(account.id, None, 1).await?.pop(),
        };
        let subscription = subscription.ok_or_else(|| none(&account))?;
        let plan = self.store.plan(subscription.plan_id).await?;
        Ok(SubscriptionOverview {
            subscription,
            plan: plan.ok_or_else(|| none(&account))?,
            relay_users_used: self.store.count_relay_users(account.id).await?,
            account: account.name,
        })
    }
}

fn none(account: &Account) -> AdminError {
    AdminError::not_found("subscription of account", account.name.as_str())
}

/// The way out of a plan that is too small, with the numbers.
pub(super) fn too_small(plan: &str, used: u32, allowed: u32) -> AdminError {
    let detail = format!(
        "the account has {used} relay users, {plan} allows {allowed}: delete {} by relayctl user \
         delete NAME, or choose a larger plan",
        used - allowed
    );
    AdminError::refused(Reason::PlanLimit, detail)
}
