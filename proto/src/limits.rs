//! Limits: those of the plan, those set besides, and how much of them is used.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, endpoint::endpoints, words::words};

words! {
    /// Whose messages a limit counts.
    LimitScope {
        /// Those of a whole account.
        Account = "account",
        /// Those of one relay user.
        User = "user",
        /// Those that come from one system.
        System = "system",
    }
}

words! {
    /// What is limited.
    LimitName {
        /// Messages in any minute.
        MessagesPerMinute = "messages_per_minute",
        /// Messages in a day (UTC).
        MessagesPerDay = "messages_per_day",
        /// Recipients in a day (UTC).
        RecipientsPerDay = "recipients_per_day",
        /// Recipients of one message.
        RecipientsPerMessage = "recipients_per_message",
        /// Size of one message, in bytes.
        MessageSize = "message_size",
    }
}

words! {
    /// Where a limit that is in force comes from.
    LimitOrigin {
        /// The plan of the account.
        Plan = "plan",
        /// Set for the relay user.
        User = "user",
        /// Set for the system.
        System = "system",
        /// Set for the account.
        Account = "account",
        /// The server of the route takes no larger messages.
        Route = "route",
        /// The configuration of relayd.
        Ceiling = "ceiling",
    }
}

words! {
    /// Who set limits.
    LimitAuthority {
        /// Who runs relayd.
        Operator = "operator",
        /// Who owns the account.
        Owner = "owner",
    }
}

/// Which limits of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsQuery {
    /// Whose; those of the account as a whole when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<LimitScope>,
    /// Name or id of the relay user or system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Limits to set; those that are not given stay, and 0 goes back to the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Messages in any minute; a burst of as many at once is fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_minute: Option<u32>,
    /// Messages in a day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_day: Option<u32>,
    /// Recipients in a day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_message: Option<u32>,
    /// Size of one message, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_size: Option<u64>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    /// What is limited.
    pub limit: LimitName,
    /// What the plan gives each relay user; for relay users only.
    pub plan: Option<u64>,
    /// What is set besides.
    #[serde(rename = "override")]
    pub set: Option<u64>,
    /// What counts now; none when there is no such limit in this scope.
    pub in_force: Option<u64>,
    /// Where that comes from.
    pub origin: Option<LimitOrigin>,
    /// How much of it is used now, in this minute or today.
    pub used: Option<u64>,
}

/// The limits of one account, relay user or system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limits {
    /// Name of the account.
    pub account: String,
    /// Whose messages are counted.
    pub scope: LimitScope,
    /// Name of the account, relay user or system.
    pub name: String,
    /// Who set limits besides those of the plan, if anybody did.
    pub set_by: Option<LimitAuthority>,
    /// The limits.
    pub limits: Vec<Limit>,
}

endpoints! {
    /// Shows limits of an account, of a relay user or of a system, and how much of them is used.
    ShowLimits: Owner Get "/v1/accounts/{account}/limits" (AccountPath, LimitsQuery, Nothing) -> 200 Limits;
    /// Sets limits of an account, of a relay user or of a system.
    SetLimits: Owner Patch "/v1/accounts/{account}/limits" (AccountPath, LimitsQuery, LimitSettings) -> 200 Limits;
    /// Goes back to the limits of the plan.
    ResetLimits: Owner Delete "/v1/accounts/{account}/limits" (AccountPath, LimitsQuery, Nothing) -> 200 Limits;
}
