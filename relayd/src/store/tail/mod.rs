//! The log in the order in which it was written: events of messages, and refusals at the door.
//!
//! Both have numbers that only grow, and become visible in their order (`Engine::begin_log`). A
//! place in the log is a number of each, so that nothing is missed or told twice, whatever was
//! deleted meanwhile.

mod place;
mod read;
mod select;

use jiff::Timestamp;

use super::AddressFilter;
use crate::model::{AccountId, EventKind, MessageId, Reason};

pub use place::{LogPlace, NoLogPlace};

/// What an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailKind {
    /// An event of a message.
    Event(EventKind),
    /// A refusal at the door.
    Refused,
}

/// Which entries. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct TailFilter {
    /// Whose.
    pub account: Option<AccountId>,
    /// User name; of a refusal the one that was tried.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Envelope sender.
    pub from: Option<AddressFilter>,
    /// An envelope recipient of the message.
    pub to: Option<AddressFilter>,
    /// What the events tell; empty for whatever.
    pub kinds: Vec<EventKind>,
    /// No events at all, only refusals.
    pub no_events: bool,
    /// No refusals.
    pub no_refusals: bool,
    /// Why.
    pub reason: Option<Reason>,
    /// At or after.
    pub since: Option<Timestamp>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailEntry {
    /// The place behind it.
    pub place: LogPlace,
    /// When.
    pub at: Timestamp,
    /// The message; none of a refusal.
    pub message_id: Option<MessageId>,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// User name that signed in, or was tried. Hostile text.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Envelope sender.
    pub sender: String,
    /// The recipients it concerns, the first of them.
    pub recipients: Vec<String>,
    /// How many it concerns.
    pub recipient_count: u64,
    /// What happened.
    pub kind: TailKind,
    /// Why.
    pub reason: Option<Reason>,
    /// A literal reply.
    pub reply: String,
    /// Anything else.
    pub detail: String,
    /// Where the device connected from.
    pub client: Option<String>,
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailPage {
    /// What passed the filter.
    pub entries: Vec<TailEntry>,
    /// Up to where the log was looked at.
    pub place: LogPlace,
    /// Whether there was more already.
    pub has_more: bool,
}
