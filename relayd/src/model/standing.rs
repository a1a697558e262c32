//! Everything the policy needs to know about who signed in.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    AccountState, Limits, Override, RelayUser, RouteId, RouteOffer, SenderDomains, System, SystemId,
};

/// A relay user with all that decides whether it may send now.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The relay user.
    pub user: RelayUser,
    /// State of its account.
    pub account_state: AccountState,
    /// Where its senders may lie.
    pub sender_domains: SenderDomains,
    /// Why its account is suspended, if that was said.
    pub suspended_for: String,
    /// Limits of the account's subscription; `None` without one.
    pub limits: Option<Limits>,
    /// The account's route.
    pub route: Option<WayOut>,
    /// The systems that send as this relay user.
    pub systems: Vec<System>,
    /// Limits besides those of the plan.
    pub overrides: Overrides,
}

/// What the policy needs to know about a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayOut {
    /// The route.
    pub id: RouteId,
    /// When it was last checked with success.
    pub checked_at: Option<Timestamp>,
    /// What that check found on offer; `None` when it is not known.
    pub offer: Option<RouteOffer>,
}

/// Limits besides those of the plan.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Set for the relay user.
    pub user: Option<Override>,
    /// Set for its account.
    pub account: Option<Override>,
    /// Set for its systems.
    pub systems: BTreeMap<SystemId, Override>,
}
