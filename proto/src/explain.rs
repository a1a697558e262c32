//! What would come of a mail, and why: the answer of the door to a mail that nobody sends.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, endpoint::endpoints, words::words};

/// A mail to explain. Nothing is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailToExplain {
    /// Name or id of the relay user that signs in; by address alone when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// IP address that the device connects from.
    pub address: String,
    /// Sender of the envelope (MAIL FROM); empty for none.
    pub from: String,
    /// Text of the header From; that of the envelope when not given, none when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_from: Option<String>,
    /// Recipients (RCPT TO).
    pub to: Vec<String>,
    /// Bytes of the mail; a small one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Name of the listener; the first that takes such a device when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listener: Option<String>,
    /// Whether the device encrypts; as the listener does when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
}

words! {
    /// What came of one thing that was looked at.
    StepVerdict {
        /// It is right.
        Ok = "ok",
        /// The mail is taken; but it waits, or is changed.
        Warning = "warning",
        /// It is refused.
        Refused = "refused",
        /// It cannot be judged while an earlier one is refused, or is not to be told.
        Skipped = "skipped",
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedStep {
    /// What it is about, such as `Account`.
    pub name: String,
    /// When a device meets it: `connect`, `AUTH`, `MAIL`, `RCPT`, `DATA` or `queue`.
    pub stage: String,
    /// What came of it.
    pub verdict: StepVerdict,
    /// What was found.
    pub detail: String,
    /// Why it is not right, as a stable code.
    pub reason: Option<String>,
    /// What mends it; empty when nothing has to be.
    pub remedy: String,
    /// What the device is told, where it is refused and told anything.
    pub reply: Option<String>,
}

/// What would come of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// Whether the mail would be taken.
    pub accepted: bool,
    /// Whether it would be taken and wait.
    pub waits: bool,
    /// Why not, as a stable code: the first thing that is refused.
    pub reason: Option<String>,
    /// The reply that the device would get; `null` when the connection is closed without one.
    pub reply: Option<String>,
    /// The listener that was looked at.
    pub listener: String,
    /// Whether the connection would be encrypted.
    pub encrypted: bool,
    /// The relay user, where one is known.
    pub user: Option<String>,
    /// The system, where one is known.
    pub system: Option<String>,
    /// The kind of the route and where it leads, where there is one that was checked.
    pub route: Option<String>,
    /// Sender of the envelope that would go out, where it may; empty for none.
    pub sender: Option<String>,
    /// What was looked at, in the order in which a device meets it: every obstacle is named, not the
    /// first only.
    pub steps: Vec<ExplainedStep>,
}

endpoints! {
    /// Says whether a mail would be taken, and why not: by the rules of the door itself, in the order in which a device meets them. Nothing is sent, counted or written down, so a read-only token may ask.
    ExplainMail: Owner Post "/v1/accounts/{account}/explain" (AccountPath, Nothing, MailToExplain) -> 200 Explanation;
}
