//! What waits, why, and what to do about it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountPath, Hold, Message, Nothing, Page, RouteKind, RouteRole, Trace, endpoint::endpoints,
    words::words,
};

words! {
    /// What a lane does.
    LaneState {
        /// Nothing waits.
        Idle = "idle",
        /// Mail is going out.
        Sending = "sending",
        /// Mail waits for its next attempt.
        Waiting = "waiting",
        /// Mail waits for the pace of the route.
        Paced = "paced",
        /// The lane stands still; see `hold`.
        Held = "held",
    }
}

/// The lane of one route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lane {
    /// Identifier of the route.
    pub route: String,
    /// Name of the account.
    pub account: String,
    /// Whether it is the account's first way or the one beside it.
    #[serde(default = "crate::route::primary")]
    pub role: RouteRole,
    /// Kind of the route.
    pub kind: RouteKind,
    /// Server of the route; empty for `capture`.
    pub server: String,
    /// What the lane does.
    pub state: LaneState,
    /// Why mail waits, in words; empty when none does.
    pub why: String,
    /// Why it stands still, when it does.
    pub hold: Option<Hold>,
    /// Messages that wait for an attempt.
    pub depth: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// When the oldest waiting message was accepted.
    pub oldest_at: Option<Timestamp>,
    /// When the next attempt is due.
    pub next_due_at: Option<Timestamp>,
    /// Connections open now.
    pub connections: u32,
}

/// Whose queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueSummaryQuery {
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// The queue at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueSummary {
    /// Messages that wait for an attempt.
    pub depth: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// When the oldest waiting message was accepted.
    pub oldest_at: Option<Timestamp>,
    /// Every lane that has a route, the deepest first.
    pub lanes: Vec<Lane>,
}

words! {
    /// Which of the messages that have not left.
    QueueState {
        /// Waiting for an attempt.
        Queued = "queued",
        /// Stopped by a person.
        Held = "held",
    }
}

/// Which messages of the queue. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueQuery {
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// User name of the relay user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Domain of the envelope sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_domain: Option<String>,
    /// Domain of a recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_domain: Option<String>,
    /// Accepted at least so many seconds ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than: Option<u64>,
    /// Waiting or stopped; both when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<QueueState>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most messages of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What to act on. A selector is required: ids, a condition, or `all`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueSelection {
    /// These messages, by queue id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Within this account only, by name or id. On its own it is no selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Those of this relay user, by user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Those of this system, by name; the operator names the account, too, since systems of several
    /// accounts may have that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Those with an envelope sender in this domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_domain: Option<String>,
    /// Those with a recipient in this domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_domain: Option<String>,
    /// Those accepted at least so many seconds ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than: Option<u64>,
    /// Every message, of the account when one is given.
    #[serde(default)]
    pub all: bool,
    /// Refuse when more than this many would be touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// Why; kept in the history of each message.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Count only; change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// What came of acting on the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueChange {
    /// Messages that the selection named and whose state allows the action.
    pub matched: u64,
    /// Messages that were changed; 0 in a dry run.
    pub changed: u64,
    /// Ids that were given and are not in the queue, or not in a state that allows the action.
    pub skipped: Vec<String>,
    /// What nobody can call back; where messages are cancelled, and in a dry run of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<AlreadyLeft>,
}

/// What had left of messages before they were cancelled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlreadyLeft {
    /// Messages that had been handed over for at least one recipient.
    pub messages: u64,
    /// The recipients they had been handed over for.
    pub recipients: u64,
    /// The first hundred of these messages, one by one.
    pub details: Vec<PartlyLeft>,
    /// Messages that are being handed over at this moment. The attempt under way ends; what the
    /// server takes of it is delivered, and the trace tells.
    pub in_flight: Vec<String>,
}

/// A message that had left for some of its recipients, or for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartlyLeft {
    /// Its queue id.
    pub id: String,
    /// Recipients that have it.
    pub delivered: u64,
    /// Number of envelope recipients.
    pub recipient_count: u64,
    /// When the first of them got it; `null` where that was not written down.
    pub first_at: Option<Timestamp>,
    /// When the last of them got it.
    pub last_at: Option<Timestamp>,
}

/// Why a lane is stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaneHold {
    /// In a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Names a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessagePath {
    /// Its queue id.
    pub id: String,
}

endpoints! {
    /// Sums up the queue by lane: state, why mail waits, depth, age.
    SummarizeQueue: Owner Get "/v1/queue/summary" (Nothing, QueueSummaryQuery, Nothing) -> 200 QueueSummary;
    /// Lists the messages that have not left, oldest first.
    ListQueue: Owner Get "/v1/queue/messages" (Nothing, QueueQuery, Nothing) -> 200 Page<Message>;
    /// Shows a message with recipients and history.
    ShowQueued: Owner Get "/v1/queue/messages/{id}" (MessagePath, Nothing, Nothing) -> 200 Trace;
    /// Makes the next attempt of waiting messages due now.
    RetryQueued: Owner Post "/v1/queue/retry" (Nothing, Nothing, QueueSelection) -> 200 QueueChange;
    /// Stops waiting messages until they are released.
    HoldQueued: Owner Post "/v1/queue/hold" (Nothing, Nothing, QueueSelection) -> 200 QueueChange;
    /// Lets stopped messages go; they are due now.
    ReleaseQueued: Owner Post "/v1/queue/release" (Nothing, Nothing, QueueSelection) -> 200 QueueChange;
    /// Takes messages out of the queue for good; nobody is told. Says what had left already.
    CancelQueued: Owner Post "/v1/queue/cancel" (Nothing, Nothing, QueueSelection) -> 200 QueueChange;
    /// Stops the lane of an account's route until it is released.
    HoldLane: Owner Post "/v1/queue/lanes/{account}/hold" (AccountPath, Nothing, LaneHold) -> 200 Lane;
    /// Lets the lane of an account's route go on, whatever stopped it.
    ReleaseLane: Owner Post "/v1/queue/lanes/{account}/release" (AccountPath, Nothing, Nothing) -> 200 Lane;
}
