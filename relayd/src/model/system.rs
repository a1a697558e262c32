//! Registered devices.

use jiff::Timestamp;

use super::{AccountId, Network, SystemId, UserId, text_enum};

text_enum! {
    /// How a system proves who it is.
    SystemAuth {
        /// By the relay user's password and its address.
        Password = "password",
        /// By its address alone, on listeners that allow it.
        Address = "address",
    }
}

text_enum! {
    /// Whether a system may send.
    SystemState {
        /// It may.
        Active = "active",
        /// Stopped for now.
        Suspended = "suspended",
    }
}

text_enum! {
    /// Whose mail goes first in the lane of an account.
    Priority {
        /// Before all that is not high: alarms, one-time passwords.
        High = "high",
        /// In turn with all others.
        Normal = "normal",
    }
}

/// A device or application that sends mail from a known address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Identifier.
    pub id: SystemId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Name, unique in its account.
    pub name: String,
    /// Where it connects from.
    pub network: Network,
    /// The relay user it sends as.
    pub user_id: UserId,
    /// How it proves who it is.
    pub auth: SystemAuth,
    /// Whether it may send.
    pub state: SystemState,
    /// Whether its mail goes first.
    pub priority: Priority,
    /// When it last had a message accepted.
    pub last_seen_at: Option<Timestamp>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}
