//! Plans and subscriptions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, Page, PageQuery, endpoint::endpoints};

/// A plan: what a subscription to it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Identifier.
    pub id: String,
    /// Name, unique.
    pub name: String,
    /// Relay users an account may have.
    pub relay_users: u32,
    /// Messages a relay user may submit in a minute.
    pub messages_per_minute: u32,
    /// Messages a relay user may submit in a day (UTC).
    pub messages_per_day: u32,
    /// Recipients a relay user may address in a day (UTC).
    pub recipients_per_day: u32,
    /// Recipients of one message.
    pub recipients_per_message: u32,
    /// Size of one message, in bytes.
    pub message_size: u64,
}

/// Names a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanPath {
    /// Its name or id.
    pub plan: String,
}

/// The plan that an account has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscription {
    /// Identifier.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// What it allows.
    pub plan: Plan,
    /// Relay users that the account has now.
    pub relay_users_used: u32,
    /// Since when.
    pub started_at: Timestamp,
}

/// The plan to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChoice {
    /// Name or id of the plan.
    pub plan: String,
}

endpoints! {
    /// Lists the plans.
    ListPlans: Get "/v1/plans" (Nothing, PageQuery, Nothing) -> 200 Page<Plan>;
    /// Shows a plan.
    ShowPlan: Get "/v1/plans/{plan}" (PlanPath, Nothing, Nothing) -> 200 Plan;
    /// Starts an account's subscription; a running one ends in the same moment.
    StartSubscription: Put "/v1/accounts/{account}/subscription" (AccountPath, Nothing, PlanChoice) -> 200 Subscription;
    /// Shows an account's subscription.
    ShowSubscription: Get "/v1/accounts/{account}/subscription" (AccountPath, Nothing, Nothing) -> 200 Subscription;
}
