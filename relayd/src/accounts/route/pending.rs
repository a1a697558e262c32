//! Sign-ins by device code that people have begun. Kept in memory, in bounds: after a restart they
//! begin anew, and nothing was changed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    model::{AccountId, Route, RouteId},
    upstream::DeviceCode,
};

/// Of all accounts together, and of one.
const MOST: usize = 200;
const MOST_OF_ACCOUNT: usize = 3;

/// A sign-in that somebody has begun.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) account: AccountId,
    /// The route as it is to be. Its id is that of the route in force, where there is one.
    pub(super) staged: Route,
    /// The version of the route that it takes the place of.
    pub(super) version: Option<i64>,
    /// Nothing but the sign-in is new.
    pub(super) keeps_settings: bool,
    /// The id of the candidate: nothing of the route in force is touched before it has worked.
    pub(super) candidate: RouteId,
    pub(super) code: DeviceCode,
    /// Before this, nobody else is asked.
    pub(super) next_look: Timestamp,
    /// Somebody is asking.
    pub(super) is_looked_at: bool,
}

/// What comes of a look.
#[derive(Debug)]
pub(super) enum Look {
    /// It is not known, or has ended.
    Gone,
    /// It is too early, or somebody else is asking.
    Wait(Pending),
    /// Ask now.
    Ask(Pending),
}

#[derive(Debug, Default)]
pub(in crate::accounts) struct PendingSignIns(Mutex<BTreeMap<String, Pending>>);

impl PendingSignIns {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Pending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers one; the oldest of the account goes when there are too many. Ids grow with time.
    pub(super) fn begin(&self, id: String, pending: Pending, now: Timestamp) -> bool {
        let mut all = self.all();
        all.retain(|_, it| it.code.expires_at > now);
        let of_account = |it: &Pending| it.account == pending.account;
        let own: Vec<_> = all
            .iter()
            .filter(|(_, it)| of_account(it))
            .map(|(id, _)| id.clone())
            .collect();
        if let (true, Some(oldest)) = (own.len() >= MOST_OF_ACCOUNT, own.first()) {
            all.remove(oldest);
        }
        if all.len() >= MOST {
            return false;
        }
        all.insert(id, pending);
        true
    }

    /// Whether it is time to ask. Whoever is told to must say what came of it.
    pub(super) fn look(&self, id: &str, account: AccountId, now: Timestamp) -> Look {
        let mut all = self.all();
        let Some(pending) = all.get_mut(id).filter(|it| it.account == account) else {
            return Look::Gone;
        };
        if pending.code.expires_at <= now {
            all.remove(id);
            return Look::Gone;
        }
        if pending.is_looked_at || pending.next_look > now {
            return Look::Wait(pending.clone());
        }
        pending.is_looked_at = true;
        Look::Ask(pending.clone())
    }

    /// Nothing has come of it yet; `slower` is added to the pause between two looks.
    pub(super) fn again(&self, id: &str, slower: Duration, now: Timestamp) {
        if let Some(pending) = self.all().get_mut(id) {
            pending.code.interval += slower;
            pending.next_look = now.saturating_add(pending.code.interval).unwrap_or(now);
            pending.is_looked_at = false;
        }
    }

    /// It is over, whichever way.
    pub(super) fn end(&self, id: &str) {
        self.all().remove(id);
    }
}
