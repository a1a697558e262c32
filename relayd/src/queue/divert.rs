//! When the mail of a lane goes by the account's other route. Pure.
//!
//! The first route is held for a quota or for its credentials, or was out of reach for a while: then
//! what waits is moved, and so is what comes, until it works again. What a person stopped stays.

use std::time::Duration;

use tokio::time::Instant;

use super::lane::Now;
use crate::{
    model::{Hold, HoldKind, MessageId, Reason, RouteId},
    store::Rerouting,
};

/// How long a server is out of reach before its mail goes another way.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a second route is looked for.
const LOOK: Duration = Duration::from_mins(1);
/// Messages that are moved at a time; the journal waits no longer than this takes.
pub(super) const PIECE: usize = 200;

/// What a lane knows of going another way.
#[derive(Debug, Default)]
pub(super) struct Diversion {
    unreachable_since: Option<Instant>,
    looked_at: Option<Instant>,
    has_fresh: bool,
    /// Messages are being moved at this moment: nothing else may take them.
    pub(super) is_moving: bool,
}

impl Diversion {
    /// The server cannot be reached.
    pub(super) fn unreachable(&mut self, now: Now) {
        self.unreachable_since.get_or_insert(now.mono);
    }

    /// The server takes nothing now, and says that another may: no need to wait.
    pub(super) fn elsewhere(&mut self, now: Now) {
        self.unreachable_since = now.mono.checked_sub(PATIENCE).or(Some(now.mono));
        self.has_fresh = true;
    }

    /// The server took mail, or its settings were changed.
    pub(super) fn over(&mut self) {
        self.unreachable_since = None;
        self.looked_at = None;
    }

    /// There is mail that was not there at the last look.
    pub(super) const fn fresh(&mut self) {
        self.has_fresh = true;
    }

    /// Why mail may go another way, if it may.
    pub(super) fn cause(
        &self,
        hold: Option<&Hold>,
        why: &str,
        now: Now,
    ) -> Option<(Reason, String)> {
        match hold {
            Some(hold) if hold.kind == HoldKind::Manual => None,
            Some(hold) => Some((
                hold.reason,
                format!("the first route is held: {}", hold.detail),
            )),
            None => {
                let since = self.unreachable_since?;
                let is_long = now.mono.saturating_duration_since(since) >= PATIENCE;
                is_long.then(|| {
                    let why = format!("the first route is out of reach: {why}");
                    (Reason::RouteUnreachable, why)
                })
            }
        }
    }

    /// Whether it is time to look for a second route.
    pub(super) fn may_look(&self, now: Now) -> bool {
        let is_time = self.looked_at.is_none_or(|at| at + LOOK <= now.mono);
        !self.is_moving && (self.has_fresh || is_time)
    }

    /// A look begins.
    pub(super) fn begin(&mut self, now: Now) {
        self.is_moving = true;
        self.has_fresh = false;
        self.looked_at = Some(now.mono);
    }

    /// So many messages were moved; after a full piece there may be more.
    pub(super) fn end(&mut self, moved: usize) {
        self.is_moving = false;
        self.has_fresh |= moved >= PIECE;
    }
}

/// What is asked of the store, once a second route is found.
#[derive(Debug, Clone)]
pub(super) struct Detour {
    pub(super) skip: Vec<MessageId>,
    pub(super) senders: Vec<String>,
    pub(super) reason: Reason,
    pub(super) why: String,
}

impl Detour {
    pub(super) fn to(self, from: RouteId, (to, server): (RouteId, String), now: Now) -> Rerouting {
        Rerouting {
            from,
            to,
            skip: self.skip,
            senders: self.senders,
            most: u32::try_from(PIECE).unwrap_or(u32::MAX),
            reason: self.reason,
            why: format!(
                "by the second route ({server}), next attempt at once; {}",
                self.why
            ),
            at: now.wall,
        }
    }
}
