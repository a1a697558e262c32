//! Plans: what can be subscribed to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, PageQuery, endpoint::endpoints, words::words};

words! {
    /// Whether a plan can be started.
    PlanState {
        /// By everybody.
        Offered = "offered",
        /// By the operator alone; accounts that have it keep it.
        Retired = "retired",
    }
}

/// A plan: what a subscription to it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Identifier.
    pub id: String,
    /// Name, unique.
    pub name: String,
    /// Whether it can be started.
    pub state: PlanState,
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
    /// Accounts that have it now; told to the operator in lists and when it is shown.
    pub subscribers: Option<u32>,
    /// Counts changes.
    pub version: i64,
}

/// A new plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Name: 2 to 40 lower-case letters, digits and `-`. It stays.
    pub name: String,
    /// Relay users an account may have: 1 to 10000.
    pub relay_users: u32,
    /// Messages a relay user may submit in a minute: 1 to 1000000.
    pub messages_per_minute: u32,
    /// Messages a relay user may submit in a day (UTC).
    pub messages_per_day: u32,
    /// Recipients a relay user may address in a day (UTC); as many as messages when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message; 500 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_message: Option<u32>,
    /// Size of one message in bytes, at most `message_size` of the server; 35 MiB, or what the
    /// server takes, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_size: Option<u64>,
}

/// Changes of a plan; fields that are not given stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// Relay users an account may have; no fewer than any account with this plan has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_users: Option<u32>,
    /// Messages a relay user may submit in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_minute: Option<u32>,
    /// Messages a relay user may submit in a day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_day: Option<u32>,
    /// Recipients a relay user may address in a day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_message: Option<u32>,
    /// Size of one message, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_size: Option<u64>,
}

/// Names a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanPath {
    /// Its name or id.
    pub plan: String,
}

endpoints! {
    /// Lists the plans; to an owner those that are offered, and its own.
    ListPlans: SignedIn Get "/v1/plans" (Nothing, PageQuery, Nothing) -> 200 Page<Plan>;
    /// Shows a plan.
    ShowPlan: SignedIn Get "/v1/plans/{plan}" (PlanPath, Nothing, Nothing) -> 200 Plan;
    /// Makes a plan.
    CreatePlan: Operator Post "/v1/plans" (Nothing, Nothing, NewPlan) -> 201 Plan;
    /// Changes what a plan allows, for all who have it, at once.
    EditPlan: Operator Patch "/v1/plans/{plan}" (PlanPath, Nothing, PlanChange) -> 200 Plan;
    /// Offers a plan no longer; accounts that have it keep it.
    RetirePlan: Operator Post "/v1/plans/{plan}/retire" (PlanPath, Nothing, Nothing) -> 200 Plan;
    /// Offers a retired plan again.
    OfferPlan: Operator Post "/v1/plans/{plan}/offer" (PlanPath, Nothing, Nothing) -> 200 Plan;
    /// Deletes a plan that no account has or ever had.
    DeletePlan: Operator Delete "/v1/plans/{plan}" (PlanPath, Nothing, Nothing) -> 204 Nothing;
}
