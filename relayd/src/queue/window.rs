//! The messages that a lane has in memory, out of those the store holds. Pure.
//!
//! Two things must never happen: a message in two deliveries at a time, and a message that is
//! forgotten until a restart. The first is prevented by `known`, which has every message from the
//! moment it enters until its settlement is committed, and by `Refill::settled`: a query that
//! began before a commit may still show the message as due. The second is prevented by
//! `overflow`: set whenever a message was not taken, cleared only by a query that saw everything.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use crate::{model::MessageId, store::QueuedMessage};

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
    ready: VecDeque<Ready>,
    known: HashSet<MessageId>,
    overflow: bool,
    next_due: Option<Timestamp>,
    refill: Option<Refill>,
}

impl Window {
    /// An empty window. The store has not been looked at yet.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(2),
            ready: VecDeque::new(),
            known: HashSet::new(),
            overflow: true,
            next_due: None,
            refill: None,
        }
    }

    /// Takes a message that was just accepted, if there is room. While the store holds more, only
    /// half of the window is open to newcomers, so that older mail gets its turn.
    pub(super) fn offer(&mut self, ready: Ready) -> bool {
        if self.known.contains(&ready.message.id) {
            return false;
        }
        let open = if self.overflow {
            self.capacity / 2
        } else {
            self.capacity
        };
        if self.ready.len() >= open {
            self.miss();
            return false;
        }
        self.known.insert(ready.message.id);
        self.ready.push_back(ready);
        true
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
            self.ready.pop_front()
        } else {
            None
        }
    }

    /// Takes the messages out that meet a condition.
    pub(super) fn take_all(&mut self, matches: impl Fn(&QueuedMessage) -> bool) -> Vec<Ready> {
        let (taken, kept) = std::mem::take(&mut self.ready)
            .into_iter()
            .partition(|ready| matches(&ready.message));
        self.ready = kept;
        Vec::from(taken)
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
        for ready in self.ready.drain(..) {
            self.known.remove(&ready.message.id);
        }
        self.overflow = true;
        if let Some(refill) = &mut self.refill {
            refill.stale = true;
        }
    }

    /// Whether the store should be asked now.
    pub(super) fn wants_refill(&self, now: Timestamp) -> bool {
        self.refill.is_none()
            && self.ready.len() <= self.capacity / 2
            && (self.overflow || self.next_due.is_some_and(|due| due <= now))
    }

    /// Begins a query; gives its limit. The answer may hold messages that are known, hence more
    /// than there is room for.
    pub(super) fn begin_refill(&mut self) -> usize {
        self.refill = Some(Refill::default());
        self.capacity.saturating_sub(self.ready.len()) + self.known.len() + 1
    }

    /// The query did not succeed; another will.
    pub(super) fn abandon_refill(&mut self) {
        self.refill = None;
        self.overflow = true;
    }

    /// Takes the answer: the earliest `limit` of all queued messages, due or not.
    pub(super) fn end_refill(&mut self, now: Timestamp, limit: usize, found: Vec<QueuedMessage>) {
        let refill = self.refill.take().unwrap_or_default();
        if refill.stale {
            self.overflow = true;
            return;
        }
        // The store leaves messages out that are settled while it reads.
        let in_flight = self.known.len() - self.ready.len().min(self.known.len());
        let is_all = found.len() + in_flight + refill.settled.len() < limit;
        let mut later = None;
        let mut left_out = false;
        for message in found {
            if self.known.contains(&message.id) || refill.settled.contains(&message.id) {
                continue;
            }
            if message.due_at > now {
                // In order of due time: nothing behind this one is due.
                later = Some(message.due_at);
                break;
            }
            if self.ready.len() >= self.capacity {
                left_out = true;
                break;
            }
            self.known.insert(message.id);
            self.ready.push_back(Ready {
                message,
                room: None,
            });
        }
        self.overflow = refill.missed || left_out || (!is_all && later.is_none());
        self.next_due = earliest(refill.due, later);
    }

    /// Recipients of the message whose turn it is.
    pub(super) fn front_recipients(&self) -> Option<usize> {
        let next = self.ready.front()?;
        Some(next.message.envelope.recipients.len())
    }

    /// The messages in a delivery, each until its settlement is committed.
    pub(super) fn under_way(&self) -> Vec<MessageId> {
        let is_ready = |id: &MessageId| self.ready.iter().any(|ready| ready.message.id == *id);
        let known = self.known.iter().copied();
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
