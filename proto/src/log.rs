//! What became of each message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{EventKind, Nothing, Page, endpoint::endpoints, words::words};

words! {
    /// Where a message stands.
    MessageState {
        /// At least one recipient still waits for an attempt.
        Queued = "queued",
        /// Stopped by a person; none is attempted.
        Held = "held",
        /// Handed over for every recipient.
        Delivered = "delivered",
        /// Handed over for some, failed for others.
        Partial = "partial",
        /// Failed for every recipient.
        Failed = "failed",
        /// Taken out of the queue by a person.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where one recipient of a message stands.
    RecipientState {
        /// Waits for an attempt.
        Queued = "queued",
        /// Handed over.
        Delivered = "delivered",
        /// Refused for good, or out of tries.
        Failed = "failed",
        /// Cancelled by a person.
        Cancelled = "cancelled",
    }
}

/// One submission. Names are `null` when the object is gone; its id stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Queue id.
    pub id: String,
    /// Name of the account.
    pub account: Option<String>,
    /// User name that signed in.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Where it stands.
    pub state: MessageState,
    /// Envelope sender; empty for a bounce.
    pub sender: String,
    /// First envelope recipient.
    pub recipient: String,
    /// Number of envelope recipients.
    pub recipient_count: u64,
    /// From header.
    pub header_from: String,
    /// Subject.
    pub subject: String,
    /// Message-ID.
    pub message_id: String,
    /// Size, in bytes.
    pub size: u64,
    /// Address the device connected from.
    pub client: String,
    /// What it called itself.
    pub helo: String,
    /// TLS version and cipher; empty for none.
    pub tls: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When the next attempt is due; `null` unless queued.
    pub due_at: Option<Timestamp>,
    /// When the last recipient was done with.
    pub finished_at: Option<Timestamp>,
    /// Attempts so far.
    pub attempts: u32,
    /// The last literal reply of the other side.
    pub last_reply: String,
}

/// Which messages. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Envelope sender: an address, or `@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// An envelope recipient: an address, or `@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// User name of the relay user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Where the message stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageState>,
    /// Accepted at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Accepted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most messages of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One recipient of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceRecipient {
    /// Where the mail goes.
    pub address: String,
    /// Where it stands.
    pub state: RecipientState,
    /// The last literal reply about it.
    pub reply: String,
}

/// One line of a message's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The recipients it concerns; empty means all.
    pub recipients: Vec<String>,
    /// Code of the reason, where something was refused or failed.
    pub reason: Option<String>,
    /// The literal reply of the other side; empty when there was none.
    pub reply: String,
    /// Anything else worth telling, in parts parted by `; `: of an arrival the listener, the
    /// sign-in and what was done to the header, of an attempt the server and what follows.
    pub detail: String,
}

/// What happens next to a message that has not left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextStep {
    /// In words, as one sentence without its full stop.
    pub sentence: String,
    /// When, where that is known.
    pub at: Option<Timestamp>,
    /// Whether a hold keeps it, which ends by a person, a mended setting, or at that time.
    pub held: bool,
    /// The command that ends the wait, or brings it forward; `null` where none does.
    pub command: Option<String>,
}

words! {
    /// By what a message was found, the surest first.
    FoundBy {
        /// Its queue id.
        QueueId = "queue-id",
        /// The beginning of its queue id.
        QueueIdPrefix = "queue-id-prefix",
        /// Its Message-ID.
        MessageId = "message-id",
        /// The id by which the other side knows it, or a piece of its reply.
        Reply = "reply",
    }
}

/// Everything about one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trace {
    /// The message.
    pub message: Message,
    /// Its recipients.
    pub recipients: Vec<TraceRecipient>,
    /// Its history, oldest first.
    pub events: Vec<Event>,
    /// What it waits for, in words, when it is queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_for: Option<String>,
    /// What happens next, and when; `null` once nothing of it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
    /// By what it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<FoundBy>,
}

/// What to trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceQuery {
    /// Queue id or its beginning, Message-ID with or without angle brackets, the id that the other
    /// side gave, or a piece of its reply to one of the last 50,000 messages: the first of these
    /// that finds any.
    pub key: String,
    /// Name or id of the account; all accounts when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// One refusal at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reject {
    /// When.
    pub at: Timestamp,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// The user name that was tried. Hostile text.
    pub username: String,
    /// Where it connected from.
    pub client: String,
    /// The listener.
    pub listener: String,
    /// What it called itself. Hostile text.
    pub helo: String,
    /// Sender of the transaction.
    pub sender: String,
    /// Recipient at hand.
    pub recipient: String,
    /// Code of the reason.
    pub reason: String,
    /// What the client was told.
    pub reply: String,
}

/// Which refusals. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectQuery {
    /// Name or id of the account; all, and those of no account, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The user name that was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the system; needs `account`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Code of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// At or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most refusals of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A reply of another server that relayd does not know: it was judged by its first digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownReply {
    /// Code and text, without addresses, ids and numbers.
    pub reply: String,
    /// What was done about it.
    pub verdict: String,
    /// How often it came.
    pub count: u64,
    /// When it came first.
    pub first_at: Timestamp,
    /// When it came last.
    pub last_at: Timestamp,
    /// Queue id of the last message that met it.
    pub message: String,
}

endpoints! {
    /// Searches the log, newest first.
    SearchLog: Owner Get "/v1/log/messages" (Nothing, LogQuery, Nothing) -> 200 Page<Message>;
    /// Traces messages, newest first; 404 when the key names none.
    TraceMessages: Owner Get "/v1/log/trace" (Nothing, TraceQuery, Nothing) -> 200 Page<Trace>;
    /// Lists refusals at the door, newest first.
    ListRejects: Owner Get "/v1/log/rejects" (Nothing, RejectQuery, Nothing) -> 200 Page<Reject>;
    /// Lists replies of other servers that relayd does not know, the latest first.
    ListUnknownReplies: Operator Get "/v1/log/unknown-replies" (Nothing, Nothing, Nothing) -> 200 Page<UnknownReply>;
}
