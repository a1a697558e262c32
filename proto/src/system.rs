//! Registered devices.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, CheckStep, Nothing, Page, PageQuery, endpoint::endpoints, words::words};

words! {
    /// How a system proves who it is.
    SystemAuth {
        /// By the relay user's password and its address.
        Password = "password",
        /// By its address alone, on listeners that allow it.
        Address = "address",
    }
}

words! {
    /// Whether a system may send.
    SystemState {
        /// It may.
        Active = "active",
        /// Stopped for now.
        Suspended = "suspended",
    }
}

words! {
    /// Whose mail goes first among that of an account.
    Priority {
        /// Before all that is not high: alarms, one-time passwords.
        High = "high",
        /// In turn with all others.
        Normal = "normal",
    }
}

/// A device or application that sends mail from a known address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct System {
    /// Identifier.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// Name, unique in its account.
    pub name: String,
    /// Where it connects from, as a network.
    pub address: String,
    /// Name of the relay user it sends as.
    pub user: String,
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
    /// Counts changes.
    pub version: i64,
}

/// A new system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSystem {
    /// Name: lower-case letters, digits and `.-_`, 2 to 64, unique in its account.
    pub name: String,
    /// IP address or network it connects from.
    pub address: String,
    /// Name or id of the relay user it sends as.
    pub user: String,
    /// How it proves who it is; `password` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<SystemAuth>,
    /// Whether its mail goes first; `normal` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// Changes of a system; fields that are not given stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemChange {
    /// IP address or network it connects from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name or id of the relay user it sends as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// How it proves who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<SystemAuth>,
    /// Whether it may send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SystemState>,
    /// Whether its mail goes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// Whether a system could send now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemTest {
    /// Whether it could, and its mail would leave.
    pub ok: bool,
    /// Whether its mail is taken. When only that is so, its mail waits in the queue.
    #[serde(default)]
    pub accepted: bool,
    /// What was looked at: every obstacle is named, not the first only.
    pub steps: Vec<CheckStep>,
}

/// Names a system.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SystemPath {
    /// Name or id of the account.
    pub account: String,
    /// Name or id of the system.
    pub system: String,
}

endpoints! {
    /// Registers a system.
    AddSystem: Owner Post "/v1/accounts/{account}/systems" (AccountPath, Nothing, NewSystem) -> 201 System;
    /// Lists an account's systems.
    ListSystems: Owner Get "/v1/accounts/{account}/systems" (AccountPath, PageQuery, Nothing) -> 200 Page<System>;
    /// Shows a system.
    ShowSystem: Owner Get "/v1/accounts/{account}/systems/{system}" (SystemPath, Nothing, Nothing) -> 200 System;
    /// Changes a system.
    EditSystem: Owner Patch "/v1/accounts/{account}/systems/{system}" (SystemPath, Nothing, SystemChange) -> 200 System;
    /// Removes a system.
    RemoveSystem: Owner Delete "/v1/accounts/{account}/systems/{system}" (SystemPath, Nothing, Nothing) -> 204 Nothing;
    /// Tells whether a system could send now, and if not, why.
    TestSystem: Owner Post "/v1/accounts/{account}/systems/{system}/test" (SystemPath, Nothing, Nothing) -> 200 SystemTest;
}
