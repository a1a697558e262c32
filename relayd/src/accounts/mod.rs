//! Use cases of administration: accounts, subscriptions, routes, relay users, systems, tokens, the
//! log, and what people do to the queue. Pure of HTTP: values in, values or [`AdminError`] out.

mod account;
mod ban;
mod error;
mod field;
mod history;
mod limits;
pub mod password;
mod plan;
mod port;
mod queue;
mod relay_user;
mod route;
mod statistics;
mod system;
mod system_test;
mod token;

use std::{path::PathBuf, sync::Arc};

use crate::{
    clock::SharedClock,
    model::IdSource,
    store::{Store, StoreError},
};

pub use account::{AccountOverview, NewAccount};
pub use ban::Bans;
pub use error::{AdminError, WrongField};
pub use history::{FoundBy, Trace};
pub use limits::{LimitChange, LimitLine, LimitTarget, LimitsOverview};
pub use password::Passwords;
pub use plan::SubscriptionOverview;
pub use port::{LaneActivity, LanePhase, Probe, ProbeStep, QueueControl, RouteProbe};
pub use queue::{Lane, QueueChange, QueueSelection, QueueSummary};
pub use relay_user::{NewRelayUser, RelayUserChange, UserWithPassword};
pub use route::{RouteChange, RouteCheck, RouteOverview, RouteSettings};
pub use statistics::{StatsSummary, UserStats};
pub use system::{NewSystem, SystemChange, SystemOverview};
pub use system_test::{SystemTest, TestStep};
pub use token::{NewToken, TokenWithSecret};

/// What the operator's configuration says about administration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether systems may have private addresses (RFC 1918, RFC 4193).
    pub private_networks: bool,
    /// Whether systems may have loopback addresses.
    pub loopback_networks: bool,
    /// Largest message that relayd takes, in bytes.
    pub message_size: u64,
    /// Names of the listeners where systems may send by address alone.
    pub address_listeners: Vec<String>,
    /// Where capture routes without a folder of their own keep mail, in a folder per account.
    pub capture_folder: PathBuf,
}

/// The use cases. Clones share everything.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    clock: SharedClock,
    ids: Arc<IdSource>,
    settings: Settings,
    passwords: Passwords,
    probe: Arc<dyn RouteProbe>,
    queue: Arc<dyn QueueControl>,
}

impl Accounts {
    /// Use cases on a store. `probe` tries routes; `queue` is told what changed for its lanes.
    pub fn new(
        store: Store,
        clock: SharedClock,
        ids: Arc<IdSource>,
        settings: Settings,
        passwords: Passwords,
        probe: Arc<dyn RouteProbe>,
        queue: Arc<dyn QueueControl>,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            settings,
            passwords,
            probe,
            queue,
        }
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}

/// A part of a list, and where the next part begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T, K = String> {
    /// The objects.
    pub items: Vec<T>,
    /// The key to continue behind; `None` at the end.
    pub next: Option<K>,
}

impl<T, K> Listing<T, K> {
    /// Cuts a list that was asked for with one object more than `limit`, which tells whether
    /// another part follows.
    fn cut(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = if items.len() > limit {
            items.truncate(limit);
            items.last().map(key)
        } else {
            None
        };
        Self { items, next }
    }

    /// The same keys over other objects.
    pub fn map<U>(self, map: impl FnMut(T) -> U) -> Listing<U, K> {
        Listing {
            items: self.items.into_iter().map(map).collect(),
            next: self.next,
        }
    }
}
