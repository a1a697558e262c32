//! Whose turn it is: messages of relay users and their systems one after the other, so that ten
//! thousand mails of one do not delay the single mail of another. Pure.

use std::collections::{HashMap, HashSet, VecDeque};

use super::window::Ready;
use crate::{
    model::{SystemId, UserId},
    store::QueuedMessage,
};

/// Who sends: a relay user from one of its systems.
pub(super) type Principal = (UserId, SystemId);

pub(super) fn principal(message: &QueuedMessage) -> Principal {
    (message.user_id, message.system_id)
}

/// Messages by principal. Each principal in the order of its own messages; the principals in turn.
#[derive(Debug, Default)]
struct Ring {
    queues: HashMap<Principal, VecDeque<Ready>>,
    order: VecDeque<Principal>,
}

impl Ring {
    fn push(&mut self, ready: Ready) {
        let principal = principal(&ready.message);
        let queue = self.queues.entry(principal).or_default();
        if queue.is_empty() {
            self.order.push_back(principal);
        }
        queue.push_back(ready);
    }

    fn front(&self) -> Option<&Ready> {
        self.queues.get(self.order.front()?)?.front()
    }

    fn pop(&mut self) -> Option<Ready> {
        let principal = self.order.pop_front()?;
        let queue = self.queues.get_mut(&principal)?;
        let ready = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(&principal);
        } else {
            self.order.push_back(principal);
        }
        ready
    }

    fn count(&self, principal: &Principal) -> usize {
        self.queues.get(principal).map_or(0, VecDeque::len)
    }

    /// All of them, principal by principal.
    fn drain(&mut self) -> Vec<Ready> {
        let mut all = Vec::new();
        for principal in self.order.drain(..) {
            all.extend(self.queues.remove(&principal).unwrap_or_default());
        }
        all
    }
}

/// The messages that can be sent, in the order in which they are. Those of systems with high
/// priority go before all others.
#[derive(Debug, Default)]
pub(super) struct Turns {
    high: Ring,
    normal: Ring,
    high_systems: HashSet<SystemId>,
    len: usize,
}

impl Turns {
    /// Which systems go first from now on.
    pub(super) fn set_high(&mut self, systems: HashSet<SystemId>) {
        if systems != self.high_systems {
            let all = self.drain();
            self.high_systems = systems;
            for ready in all {
                self.push(ready);
            }
        }
    }

    pub(super) fn push(&mut self, ready: Ready) {
        self.len += 1;
        if self.high_systems.contains(&ready.message.system_id) {
            self.high.push(ready);
        } else {
            self.normal.push(ready);
        }
    }

    /// The one whose turn it is.
    pub(super) fn front(&self) -> Option<&Ready> {
        self.high.front().or_else(|| self.normal.front())
    }

    pub(super) fn pop(&mut self) -> Option<Ready> {
        let ready = self.high.pop().or_else(|| self.normal.pop())?;
        self.len -= 1;
        Some(ready)
    }

    /// Messages of one principal.
    pub(super) fn count(&self, principal: &Principal) -> usize {
        self.high.count(principal) + self.normal.count(principal)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Ready> {
        let rings = [&self.high, &self.normal].into_iter();
        rings.flat_map(|ring| ring.queues.values()).flatten()
    }

    /// Takes all of them out, those of each principal in their order.
    pub(super) fn drain(&mut self) -> Vec<Ready> {
        self.len = 0;
        let mut all = self.high.drain();
        all.extend(self.normal.drain());
        all
    }
}
