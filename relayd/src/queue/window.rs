//! The messages that a lane has in memory, out of those the store holds. Pure.
//!
//! Two things must never happen: a message in two deliveries at a time, and a message that is
//! forgotten until a restart. The first is prevented by `known`, which has every message from the
//! moment it enters until its settlement is committed, and by `Refill::settled`: a query that
//! began before a commit may still show the message as due. The second is prevented by
//! `overflow`: set whenever a message was not taken, cleared only by a query that saw everything.
//!
//! It is shared fairly: `turns` gives the relay users and systems of the account their turn one
//! after the other, a query brings each of them a share, and one that has few messages here finds
//! room even when the others have filled it.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use super::{
    schedule::later,
    turns::{Principal, Turns, principal},
};
use crate::{
    model::{MessageId, SystemId},
    store::{Due, QueuedMessage, Room},
};

/// A full window is looked through for others' mail that has become due this often.
const FULL_LOOK: Duration = Duration::from_secs(1);

/// A message ready to be sent, with its share of the memory for bodies.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) message: QueuedMessage,
    /// Given back when the body is dropped.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// A query of the store under way.
#[derive(Debug, Default)]
struct Refill {
    settled: HashSet<MessageId>,
    missed: bool,
    due: Option<Timestamp>,
    stale: bool,
}

#[derive(Debug)]
pub(super) struct Window {
    capacity: usize,
    ready: Turns,
    /// Whose they are.
    known: HashMap<MessageId, Principal>,
    looked_at: Option<Timestamp>,
    overflow: bool,
    next_due: Option<Timestamp>,
    refill: Option<Refill>,
}

impl Window {
    /// An empty window. The store has not been looked at yet.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(2),
            ready: Turns::default(),
            known: HashMap::new(),
            looked_at: None,
            overflow: true,
            next_due: None,
            refill: None,
        }
    }

    /// Which systems go first from now on.
    pub(super) fn set_high(&mut self, systems: HashSet<SystemId>) {
        self.ready.set_high(systems);
    }

    /// Takes a message that was just accepted, if there is room. While the store holds more, only
    /// half of the window is open to newcomers, so that older mail gets its turn; a quarter more is
    /// kept for those who have few messages here.
    pub(super) fn offer(&mut self, ready: Ready) -> bool {
        if self.known.contains_key(&ready.message.id) {
            return false;
        }
        let open = if self.overflow {
            self.capacity / 2
        } else {
            self.capacity
        };
        if self.ready.len() >= self.open_to(&principal(&ready.message), open) {
            self.miss();
            return false;
        }
        self.admit(ready);
        true
    }

    fn admit(&mut self, ready: Ready) {
        let id = ready.message.id;
        self.known.insert(id, principal(&ready.message));
        self.ready.push(ready);
    }

    /// How many messages there may be before another of this one; `open` for those who have many.
    fn open_to(&self, owner: &Principal, open: usize) -> usize {
        if self.ready.count(owner) < self.few() {
            self.capacity + self.capacity / 4
        } else {
            open
        }
    }

    /// So many messages are few.
    const fn few(&self) -> usize {
        self.capacity.div_ceil(16)
    }

    /// A message was not taken: the store has to be asked.
    pub(super) fn miss(&mut self) {
        self.overflow = true;
        if let Some(refill) = &mut self.refill {
            refill.missed = true;
        }
    }

    /// The next message, if `fits` it. It stays known until [`Window::forget`].
    pub(super) fn take(&mut self, fits: impl FnOnce(&QueuedMessage) -> bool) -> Option<Ready> {
        let next = self.ready.front()?;
        if fits(&next.message) {
            self.ready.pop()
        } else {
            None
        }
    }

    /// Takes the messages out that meet a condition.
    pub(super) fn take_all(&mut self, matches: impl Fn(&QueuedMessage) -> bool) -> Vec<Ready> {
        if !self.ready.iter().any(|ready| matches(&ready.message)) {
            return Vec::new();
        }
        let (taken, kept): (Vec<_>, Vec<_>) = self
            .ready
            .drain()
            .into_iter()
            .partition(|ready| matches(&ready.message));
        for ready in kept {
            self.ready.push(ready);
        }
        taken
    }

    /// A message is settled and committed; `due` is when it will be due again, if it remains.
    pub(super) fn forget(&mut self, id: MessageId, due: Option<Timestamp>) {
        self.known.remove(&id);
        self.next_due = earliest(self.next_due, due);
        if let Some(refill) = &mut self.refill {
            refill.settled.insert(id);
            refill.due = earliest(refill.due, due);
        }
    }

    /// Something is due at that time.
    pub(super) fn note_due(&mut self, due: Timestamp) {
        self.next_due = earliest(self.next_due, Some(due));
        if let Some(refill) = &mut self.refill {
            refill.due = earliest(refill.due, Some(due));
        }
    }

    /// Drops everything that is not in flight; the store is asked anew.
    pub(super) fn clear(&mut self) {
        for ready in self.ready.drain() {
            self.known.remove(&ready.message.id);
        }
        self.overflow = true;
        if let Some(refill) = &mut self.refill {
            refill.stale = true;
        }
    }

    /// The messages in a delivery; to be asked when nothing is ready.
    pub(super) fn in_delivery(&self) -> Vec<MessageId> {
        self.known.keys().copied().collect()
    }

    /// Whether there may be something to send, now or later.
    pub(super) fn may_hold_mail(&self) -> bool {
        self.overflow || self.next_due.is_some() || self.ready.len() > 0
    }

    /// Whether the store should be asked now.
    pub(super) fn wants_refill(&self, now: Timestamp) -> bool {
        let has_room = self.ready.len() <= self.capacity / 2;
        let is_due = self.next_due.is_some_and(|due| due <= now);
        // What is due may be another's than those that fill the window.
        let may_look = self
            .looked_at
            .is_none_or(|at| later(at, FULL_LOOK) <= now || at > now);
        self.refill.is_none() && ((has_room && (self.overflow || is_due)) || (is_due && may_look))
    }

    /// Begins a query; gives its limits: so much is shared by those who have mail, on top of what
    /// is known of each.
    pub(super) fn begin_refill(&mut self, now: Timestamp) -> Room {
        self.refill = Some(Refill::default());
        self.looked_at = Some(now);
        let mut known: HashMap<Principal, usize> = HashMap::new();
        for owner in self.known.values() {
            *known.entry(*owner).or_default() += 1;
        }
        let room = self.capacity.saturating_sub(self.ready.len());
        Room {
            shared: room.max(self.capacity / 8).max(1),
            known,
        }
    }

    /// The query did not succeed; another will.
    pub(super) fn abandon_refill(&mut self) {
        self.refill = None;
        self.overflow = true;
    }

    /// Takes the answer: a share of what was due then, and when the next is due.
    pub(super) fn end_refill(&mut self, found: Due) {
        let refill = self.refill.take().unwrap_or_default();
        if refill.stale {
            self.overflow = true;
            return;
        }
        let mut is_full = false;
        for message in found.messages {
            if self.known.contains_key(&message.id) || refill.settled.contains(&message.id) {
                continue;
            }
            if self.ready.len() >= self.open_to(&principal(&message), self.capacity) {
                is_full = true;
                continue;
            }
            self.admit(Ready {
                message,
                room: None,
            });
        }
        self.overflow = refill.missed || found.has_more || is_full;
        self.next_due = earliest(refill.due, found.next_due);
    }

    /// Recipients of the message whose turn it is.
    pub(super) fn front_recipients(&self) -> Option<usize> {
        let next = self.ready.front()?;
        Some(next.message.envelope.recipients.len())
    }

    /// The messages in a delivery, each until its settlement is committed.
    pub(super) fn under_way(&self) -> Vec<MessageId> {
        let is_ready = |id: &MessageId| self.ready.iter().any(|ready| ready.message.id == *id);
        let known = self.known.keys().copied();
        known.filter(|id| !is_ready(id)).collect()
    }

    pub(super) fn ready(&self) -> usize {
        self.ready.len()
    }

    pub(super) fn overflows(&self) -> bool {
        self.overflow
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.next_due
    }

    /// Whether nothing is left to do or to wait for.
    pub(super) fn is_done(&self) -> bool {
        self.known.is_empty() && !self.overflow && self.next_due.is_none() && self.refill.is_none()
    }
}

fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
