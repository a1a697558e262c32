//! Subscriptions: the plan of an account, now and before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, Page, PageQuery, Plan, endpoint::endpoints, words::words};

words! {
    /// Whether a subscription runs, and how it ended.
    SubscriptionState {
        /// It runs.
        Active = "active",
        /// Another plan took its place.
        Replaced = "replaced",
        /// It was cancelled; the account sends no mail until another is started.
        Cancelled = "cancelled",
    }
}

/// The plan that an account has, or had last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscription {
    /// Identifier.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// What it allows.
    pub plan: Plan,
    /// `active` or `cancelled`.
    pub state: SubscriptionState,
    /// Relay users that the account has now.
    pub relay_users_used: u32,
    /// Since when.
    pub started_at: Timestamp,
    /// Who started it, as in the audit log; `null` where that is not known.
    pub started_by: Option<String>,
    /// When it was cancelled.
    pub ended_at: Option<Timestamp>,
    /// Who cancelled it.
    pub ended_by: Option<String>,
}

/// A time in which an account had a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubscriptionPeriod {
    /// Identifier of the subscription.
    pub id: String,
    /// Name of the plan.
    pub plan: String,
    /// Whether it runs, and how it ended.
    pub state: SubscriptionState,
    /// When it began.
    pub started_at: Timestamp,
    /// Who started it, as in the audit log; `null` where that is not known.
    pub started_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<String>,
}

/// The plan to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChoice {
    /// Name or id of the plan.
    pub plan: String,
}

endpoints! {
    /// Starts an account's subscription; a running one ends in the same moment.
    StartSubscription: Owner Put "/v1/accounts/{account}/subscription" (AccountPath, Nothing, PlanChoice) -> 200 Subscription;
    /// Shows an account's subscription, or the last one when it was cancelled.
    ShowSubscription: Owner Get "/v1/accounts/{account}/subscription" (AccountPath, Nothing, Nothing) -> 200 Subscription;
    /// Cancels an account's subscription: its mail is refused from now on.
    CancelSubscription: Owner Delete "/v1/accounts/{account}/subscription" (AccountPath, Nothing, Nothing) -> 200 Subscription;
    /// Lists the plans that an account has had, newest first.
    ListSubscriptions: Owner Get "/v1/accounts/{account}/subscription/history" (AccountPath, PageQuery, Nothing) -> 200 Page<SubscriptionPeriod>;
}
