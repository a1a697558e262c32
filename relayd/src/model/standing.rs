//! Everything the policy needs to know about who signed in.

use jiff::Timestamp;

use super::{AccountState, Limits, RelayUser, RouteId, RouteOffer, System};

/// A relay user with all that decides whether it may send now.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The relay user.
    pub user: RelayUser,
    /// State of its account.
    pub account_state: AccountState,
    /// Limits of the account's subscription; `None` without one.
    pub limits: Option<Limits>,
    /// The account's route, and when it was last checked with success.
    pub route: Option<(RouteId, Option<Timestamp>)>,
    /// What that check found on offer; `None` when it is not known.
    pub route_offer: Option<RouteOffer>,
    /// The systems that send as this relay user.
    pub systems: Vec<System>,
}
