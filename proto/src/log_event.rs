//! The log as it goes on: what happens to mail, and what is refused at the door.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{LogEventKind, Nothing, endpoint::endpoints};

/// One event of the log as it happens: of a message, or a refusal at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEvent {
    /// Where the stream goes on behind this event: `after`, or the header `Last-Event-ID`.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Queue id; `null` of a refusal.
    pub queue_id: Option<String>,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// User name that signed in; of a refusal the one that was tried. Hostile text.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Envelope sender; empty for a bounce, and where none was named yet.
    pub sender: String,
    /// The recipients it concerns, at most 20 of them.
    pub recipients: Vec<String>,
    /// How many recipients it concerns.
    pub recipient_count: u64,
    /// What happened.
    pub kind: LogEventKind,
    /// Code of the reason, where something was refused or failed.
    pub reason: Option<String>,
    /// The literal reply of the other side, or what the device was told; empty when there was none.
    pub reply: String,
    /// Anything else worth telling.
    pub detail: String,
    /// Address the device connected from, where it matters.
    pub client: Option<String>,
}

/// Which events, and from where on. All conditions must hold. The header `Last-Event-ID` counts
/// before all that says where to begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogEventQuery {
    /// Name or id of the account; all accounts, and refusals of no account, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// User name of the relay user; of refusals the one that was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Envelope sender: an address, or `@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// An envelope recipient of the message: an address, or `@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What happened: one kind, or several with commas between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Code of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether refusals at the door are among them: yes when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusals: Option<bool>,
    /// Begin with what happened at this time; now when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Begin with so many of the latest events: 1 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u32>,
    /// Begin behind the event of this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

endpoints! {
    /// Follows the log as it goes on: server-sent events until the client hangs up.
    TailLog: Owner Get "/v1/log/events" (Nothing, LogEventQuery, Nothing) -> 200 LogEvent;
}
