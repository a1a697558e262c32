//! What a subscription allows.

use super::{PlanId, text_enum};

text_enum! {
    /// Whether a plan can be started.
    PlanState {
        /// By everybody.
        Offered = "offered",
        /// By the operator alone; accounts that have it keep it.
        Retired = "retired",
    }
}

/// The send limits of each relay user under a plan. All counts are at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages a relay user may submit in any minute (a burst of as many at once is fine).
    pub messages_per_minute: u32,
    /// Messages a relay user may submit in a day (UTC).
    pub messages_per_day: u32,
    /// Recipients a relay user may address in a day (UTC).
    pub recipients_per_day: u32,
    /// Recipients of one message.
    pub recipients_per_message: u32,
    /// Size of one message, in bytes as submitted.
    pub message_size: u64,
}

/// A plan that accounts can subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Identifier.
    pub id: PlanId,
    /// Name, unique. It stays.
    pub name: String,
    /// Whether it can be started.
    pub state: PlanState,
    /// How many relay users an account may have.
    pub relay_users: u32,
    /// The limits of each relay user.
    pub limits: Limits,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

impl Plan {
    /// The plans that a new store has: name, relay users, limits.
    pub const BUILT_IN: [(&'static str, u32, Limits); 3] = [
        ("starter", 3, built_in_limits(30, 2_000)),
        ("business", 5, built_in_limits(60, 5_000)),
        ("enterprise", 10, built_in_limits(120, 10_000)),
    ];
}

/// 35 MiB is the message size a mailbox of Exchange Online takes unless its owner raises it.
const fn built_in_limits(messages_per_minute: u32, per_day: u32) -> Limits {
    Limits {
        messages_per_minute,
        messages_per_day: per_day,
        recipients_per_day: per_day,
        recipients_per_message: 500,
        message_size: 35 * 1024 * 1024,
    }
}
