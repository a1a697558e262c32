//! Records of the mail path: what the journal writes and the lanes read.

use std::net::IpAddr;

use bytes::Bytes;
use jiff::Timestamp;

use crate::model::{
    AccountId, DsnNotify, Envelope, Event, MessageId, Quota, Reason, RecipientState, ReversePath,
    RouteId, SystemId, UserId,
};

/// A complete message at the moment of its acceptance. The body chunks before `tail` are in the
/// store already, written by [`BodyChunk`]s.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Queue id.
    pub id: MessageId,
    /// Whose it is.
    pub account_id: AccountId,
    /// How it leaves.
    pub route_id: RouteId,
    /// Who signed in.
    pub user_id: UserId,
    /// From which system.
    pub system_id: SystemId,
    /// MAIL and RCPT.
    pub envelope: Envelope,
    /// From header, decoded, for the log.
    pub header_from: String,
    /// Subject header, decoded, for the log.
    pub subject: String,
    /// Message-ID header.
    pub header_id: String,
    /// Bytes of the whole body.
    pub size: u64,
    /// Where the device connected from.
    pub client: IpAddr,
    /// What it called itself.
    pub helo: String,
    /// What else its history tells of the arrival.
    pub story: String,
    /// TLS version and cipher; empty for none.
    pub tls: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// What it is counted against in the same transaction; a bounce uses up nothing.
    pub quotas: Vec<Quota>,
    /// Number of chunks stored before.
    pub stored_chunks: u32,
    /// The last chunk, or the only one.
    pub tail: Bytes,
}

/// One piece of a body, written ahead of its message.
#[derive(Debug, Clone)]
pub struct BodyChunk {
    /// The message it belongs to.
    pub message_id: MessageId,
    /// Its place, from 0.
    pub position: u32,
    /// The bytes.
    pub bytes: Bytes,
}

/// What came of an attempt for some recipients of one message.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The message.
    pub message_id: MessageId,
    /// For usage.
    pub account_id: AccountId,
    /// For usage.
    pub user_id: UserId,
    /// For usage.
    pub system_id: SystemId,
    /// Its sender, for usage.
    pub reverse_path: ReversePath,
    /// When it was accepted, for the time to delivery.
    pub accepted_at: Timestamp,
    /// New states; recipients not named stay as they are.
    pub recipients: Vec<RecipientOutcome>,
    /// When the rest is due again. Ignored when no recipient remains queued.
    pub due_at: Timestamp,
    /// Whether this counts as an attempt.
    pub is_attempt: bool,
    /// The history to add. What it tells of failure is added only if a recipient did become failed
    /// by this. One that tells that the message is held holds what remains of it.
    pub events: Vec<Event>,
    /// When it happened.
    pub at: Timestamp,
    /// Mails that tell the sender, each accepted in the same transaction if this settlement did
    /// bring about what it tells of: not when a person cancelled the message meanwhile, nor a
    /// second time.
    pub notices: Vec<Notice>,
}

/// What came of an attempt for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientOutcome {
    /// Its place in the envelope.
    pub position: u32,
    /// Its new state.
    pub state: RecipientState,
    /// The literal reply, or what happened.
    pub reply: String,
    /// Why it failed or was put off.
    pub reason: Option<Reason>,
}

/// What a notice tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Recipients failed: a bounce.
    Failed,
    /// Recipients still wait; told once for each message.
    Delayed,
    /// Recipients were handed over to a server that will not tell by itself.
    Relayed,
}

/// A mail that tells the sender what became of its mail (RFC 3461).
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it tells of.
    pub kind: NoticeKind,
    /// The mail.
    pub mail: Box<NewMessage>,
    /// The line of history that goes with it.
    pub event: Event,
}

/// One refusal at the door, for `relayctl log rejects` and the counts by reason.
#[derive(Debug, Clone)]
pub struct RefusalRecord {
    /// When.
    pub at: Timestamp,
    /// Whose system it was, where known.
    pub account_id: Option<AccountId>,
    /// Who signed in, where known.
    pub user_id: Option<UserId>,
    /// Which system, where known.
    pub system_id: Option<SystemId>,
    /// The user name that was tried.
    pub username: String,
    /// Where it connected from.
    pub client: IpAddr,
    /// The listener.
    pub listener: String,
    /// What it called itself.
    pub helo: String,
    /// Sender of the transaction.
    pub sender: String,
    /// Its domain, where it is one of the relay user's senders; else empty. For the counts, so that
    /// nobody fills the store by making domains up.
    pub sender_domain: String,
    /// Recipient at hand.
    pub recipient: String,
    /// Why.
    pub reason: Reason,
    /// What the client was told.
    pub reply: String,
    /// Whether it is written out for `relayctl log rejects`, or counted only.
    pub is_listed: bool,
}

/// A queued message as a lane needs it: its envelope holds only the recipients still queued.
#[derive(Debug, Clone)]
pub struct QueuedMessage {
    /// Queue id.
    pub id: MessageId,
    /// Whose it is.
    pub account_id: AccountId,
    /// How it leaves.
    pub route_id: RouteId,
    /// Who submitted it.
    pub user_id: UserId,
    /// From which system.
    pub system_id: SystemId,
    /// The envelope.
    pub envelope: Envelope,
    /// Positions of `envelope.recipients` in the stored envelope.
    pub positions: Vec<u32>,
    /// Message-ID, for bounces.
    pub header_id: String,
    /// Bytes of the body.
    pub size: u64,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
    /// When the next one is due.
    pub due_at: Timestamp,
    /// Whether the sender was told already that it is late.
    pub delay_told: bool,
    /// The body, when it is small and was just accepted; spares reading it back.
    pub body: Option<Bytes>,
}

/// NOTIFY as it is stored: the wishes joined by commas, empty when it was not given.
pub(super) fn notify_text(notify: Option<DsnNotify>) -> String {
    let Some(notify) = notify else {
        return String::new();
    };
    let wishes = [
        (notify.never, "never"),
        (notify.success, "success"),
        (notify.failure, "failure"),
        (notify.delay, "delay"),
    ];
    let given: Vec<_> = wishes
        .iter()
        .filter_map(|(given, name)| given.then_some(*name))
        .collect();
    given.join(",")
}

/// Reads what [`notify_text`] wrote.
pub(super) fn parse_notify(text: &str) -> Option<DsnNotify> {
    let has = |name| text.split(',').any(|wish| wish == name);
    (!text.is_empty()).then(|| DsnNotify {
        never: has("never"),
        success: has("success"),
        failure: has("failure"),
        delay: has("delay"),
    })
}
