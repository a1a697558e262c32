//! The configuration of an account as a whole: shown, compared with what is wanted, and changed to
//! that, all of it or nothing. What is wanted is judged by the rules of the single commands.

mod difference;
mod domains;
mod limits;
mod outcome;
mod plan;
mod present;
mod routes;
mod systems;
mod users;

use super::{AccountChange, NewRelayUser, NewSystem, ProbeStep, RouteSettings};
use crate::model::{
    Account, AccountKind, Domain, LimitSet, Override, Reason, RelayUser, Route, System,
    SystemState, UserState,
};

pub use difference::{Action, ChangedValue, Difference, Part};

/// Relay users that one request may add: each password is hashed, which takes its time.
const MOST_NEW_USERS: usize = 500;
/// Changes that one request may make: all that a file can name, with limits for each relay user and
/// system. They are one transaction, and on SQLite mail waits for its end: 2 seconds for so many,
/// measured without optimisation. A commit that waits for 10 fails.
const MOST_CHANGES: usize = 15_000;

/// The configuration of an account as it is.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The account.
    pub account: Account,
    /// Name of its plan.
    pub plan: Option<String>,
    /// Its first route.
    pub route: Option<Route>,
    /// What stands beside it.
    pub fallback: Option<Route>,
    /// Limits that are set for the account as a whole.
    pub limits: Option<Override>,
    /// Its domains, by name.
    pub domains: Vec<Domain>,
    /// Its relay users, by name, with the limits that are set for them.
    pub users: Vec<(RelayUser, Option<Override>)>,
    /// Its systems, by name, with the names of their relay users and their limits.
    pub systems: Vec<(System, String, Option<Override>)>,
    /// Tells it apart from any other that the account had or will have.
    pub version: i64,
}

/// A relay user as it shall be.
#[derive(Debug, Clone)]
pub struct WantedUser {
    /// Name, senders, and a password that counts when there is no such relay user yet.
    pub user: NewRelayUser,
    /// Whether it may sign in.
    pub state: UserState,
    /// All limits that are set for it; `None` leaves them alone.
    pub limits: Option<LimitSet>,
}

/// A system as it shall be.
#[derive(Debug, Clone)]
pub struct WantedSystem {
    /// Name, address, relay user.
    pub system: NewSystem,
    /// Whether it may send.
    pub state: SystemState,
    /// All limits that are set for it; `None` leaves them alone.
    pub limits: Option<LimitSet>,
}

/// What an account shall be like. What is not named is left alone, but for `prune`.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Its name, for whoever wants to be sure that it is this one.
    pub name: Option<String>,
    /// Company or person; cannot be changed.
    pub kind: Option<AccountKind>,
    /// Who the customer is; what is `None` stays.
    pub account: AccountChange,
    /// Name of the plan.
    pub plan: Option<String>,
    /// Its first route.
    pub route: Option<RouteSettings>,
    /// What stands beside it.
    pub fallback: Option<RouteSettings>,
    /// All limits that are set for the account as a whole.
    pub limits: Option<LimitSet>,
    /// Names of domains.
    pub domains: Vec<String>,
    /// Relay users.
    pub users: Vec<WantedUser>,
    /// Systems.
    pub systems: Vec<WantedSystem>,
    /// Remove domains, relay users, systems, limits and a fallback that are not named.
    pub prune: bool,
    /// Compare only.
    pub dry_run: bool,
    /// Whoever asks may not change anything, and must not learn whether a secret is the stored one.
    pub hides_secrets: bool,
}

/// Something that is there and was not named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub part: Part,
    /// Its name; empty where there is one of its kind.
    pub name: String,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Reconfigured {
    /// Whether it was done; not so in a dry run, and where nothing differs.
    pub applied: bool,
    /// The version of the configuration as it is now.
    pub version: i64,
    /// What differs, in the order of the file.
    pub differences: Vec<Difference>,
    /// What was left alone, since it was not named.
    pub left: Vec<Leftover>,
    /// What the probes of changed routes tried.
    pub steps: Vec<ProbeStep>,
    /// Messages that wait in the queue.
    pub queued: u64,
}

/// Why a part of a configuration cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Where: `users.scanner.sender`.
    pub field: String,
    /// Why.
    pub reason: Reason,
    /// The same in words. Never holds a secret.
    pub message: String,
}
