//! Plans and subscriptions.

use super::{Accounts, AdminError, Listing};
use crate::{
    model::{Account, AccountId, AccountState, Plan, Reason, SubscriptionId},
    store::Subscription,
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
    /// The plans whose names stand behind `after`, by name.
    pub async fn list_plans(&self, after: &str, limit: u32) -> Result<Listing<Plan>, AdminError> {
        let plans = self.store.plans(after, limit + 1).await?;
        Ok(Listing::cut(plans, limit, |plan| plan.name.clone()))
    }

    /// The plan that `key` names, by id or name.
    pub async fn find_plan(&self, key: &str) -> Result<Plan, AdminError> {
        let by_id = match key.parse() {
            Ok(id) => self.store.plan(id).await?,
            Err(_) => None,
        };
        let found = match by_id {
            None => self.store.plan_by_name(key).await?,
            found => found,
        };
        found.ok_or_else(|| AdminError::not_found("plan", key))
    }

    /// Subscribes an account to a plan; a running subscription ends in the same moment. To the
    /// plan that it has already, nothing changes.
    pub async fn start_subscription(
        &self,
        account: &str,
        plan: &str,
    ) -> Result<SubscriptionOverview, AdminError> {
        let account = self.find_account(account).await?;
        if account.state == AccountState::Closed {
            let detail = format!("account {} is closed", account.name);
            return Err(AdminError::refused(Reason::StateConflict, detail));
        }
        let plan = self.find_plan(plan).await?;
        let used = self.store.count_relay_users(account.id).await?;
        if used > plan.relay_users {
            let detail = format!(
                "the account has {used} relay users, {} allows {}",
                plan.name, plan.relay_users
            );
            return Err(AdminError::refused(Reason::PlanLimit, detail));
        }
        let running = self.store.subscription(account.id).await?;
        if running.is_none_or(|running| running.plan_id != plan.id) {
            let now = self.clock.now();
            let subscription = Subscription {
                id: SubscriptionId::new(&self.ids, now),
                account_id: account.id,
                plan_id: plan.id,
                started_at: now,
            };
            self.store.start_subscription(&subscription).await?;
            tracing::info!(account = %account.name, plan = %plan.name, "subscription started");
        }
        self.subscription_of(account).await
    }

    /// The subscription that an account has.
    pub async fn show_subscription(
        &self,
        account: &str,
    ) -> Result<SubscriptionOverview, AdminError> {
        let account = self.find_account(account).await?;
        self.subscription_of(account).await
    }

    /// The plan that an account has now.
    pub(super) async fn plan_of(&self, account: AccountId) -> Result<Option<Plan>, AdminError> {
        match self.store.subscription(account).await? {
            Some(subscription) => Ok(self.store.plan(subscription.plan_id).await?),
            None => Ok(None),
        }
    }

    async fn subscription_of(&self, account: Account) -> Result<SubscriptionOverview, AdminError> {
        let nothing = || AdminError::not_found("subscription of account", account.name.as_str());
        let subscription = self.store.subscription(account.id).await?;
        let subscription = subscription.ok_or_else(nothing)?;
        let plan = self.store.plan(subscription.plan_id).await?;
        Ok(SubscriptionOverview {
            subscription,
            plan: plan.ok_or_else(nothing)?,
            relay_users_used: self.store.count_relay_users(account.id).await?,
            account: account.name,
        })
    }
}
