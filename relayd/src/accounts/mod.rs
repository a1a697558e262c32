//! Use cases of administration: accounts, sign-in, subscriptions, routes, relay users, systems,
//! domains, tokens, the log, and what people do to the queue. Pure of HTTP: values in, values or
//! [`AdminError`] out.

mod account;
mod audit;
mod ban;
mod closing;
mod code;
mod configuration;
mod credential;
mod domain;
mod edit;
mod error;
mod explain;
mod export;
mod field;
mod history;
mod limits;
mod mail_policy;
mod next_step;
mod notice;
mod notification;
pub mod password;
mod plan;
mod port;
mod queue;
mod queue_left;
mod registration;
mod relay_user;
mod route;
mod scope;
mod second_factor;
mod session;
mod sign_in;
mod statistics;
mod subscription;
mod suspension;
mod system;
mod system_test;
mod tail;
mod test_mail;
mod throttle;
mod token;
mod totp;
mod webhook;

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    clock::SharedClock,
    model::{Address, DomainProof, IdSource, MailServer, Network, NotificationKind},
    store::{Store, StoreError},
};

pub use crate::upstream::Remark;
pub use crate::webhook::{
    Answer as WebhookAnswer, Request as WebhookRequest, Sender as WebhookSender,
    Silence as WebhookSilence,
};
pub use account::{AccountOverview, CreatedAccount, NewAccount};
pub use audit::AuditedRequest;
pub(crate) use audit::is_secret;
pub use ban::Bans;
pub use closing::QueueEnd;
pub use configuration::{
    Action, ChangedValue, Configuration, Difference, Leftover, Objection, Part, Reconfigured,
    Wanted, WantedSystem, WantedUser,
};
pub use credential::{CredentialWithPassword, NewCredential};
pub use domain::DomainCheck;
pub use edit::AccountChange;
pub use error::{AdminError, Awaited, WrongField};
pub use explain::{Explanation, MailToExplain};
pub use export::{ExportItem, ExportPart, ExportPlace};
pub use history::{FoundBy, Trace};
pub use limits::{LimitChange, LimitLine, LimitTarget, LimitsOverview};
pub use mail_policy::DomainHint;
pub use next_step::NextStep;
pub use notification::Perishable;
pub use password::Passwords;
pub use plan::{NewPlan, PlanChange, PlanOverview};
// What signing in by device code speaks of; `api` knows no way out.
pub use crate::upstream::{Allowed, DeviceCode, Poll, Setback, Verdict};
pub use port::{
    DeviceSignIn, DomainLookup, Explained, ExplainedStep, LaneActivity, LanePhase, MailQuestion,
    Outbox, Probe, ProbeStep, QueueControl, RouteProbe, StepVerdict, TestDoor, TestSubmission,
    TxtLookup,
};
pub use queue::{Lane, QueueChange, QueueSelection, QueueSummary};
pub use queue_left::AlreadyLeft;
pub use registration::{NewInvitation, RegistrationPolicy};
pub use relay_user::{NewRelayUser, RelayUserChange, UserWithPassword};
use route::PendingSignIns;
pub use route::{
    GrantKind, RouteChange, RouteCheck, RouteOverview, RouteSettings, SignIn, SignInCode,
    SignInProgress,
};
pub use scope::Scope;
pub use second_factor::{NewTotp, SecondFactorOverview};
pub use session::{Bearer, BearerKind, Credentials, LiveSession, NewSession};
pub use sign_in::ChangedBy;
pub use statistics::{StatsFilter, StatsSummary, StatsToday, UserStats};
pub use subscription::SubscriptionOverview;
pub use system::{NewSystem, SystemChange, SystemOverview};
pub use system_test::{SystemTest, TestStep};
pub use tail::{LogTail, MOST_LINES, TailStart};
pub use test_mail::{NewTestMail, TestMail};
pub use token::{NewToken, TokenWithSecret};
#[cfg(test)]
pub(crate) use totp::shown_at as totp_shown_at;
pub use webhook::{NewWebhook, WebhookChange, WebhookTest, WebhookWithSecret};

use throttle::Throttles;

/// What the operator's configuration says about administration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether systems may have private addresses (RFC 1918, RFC 4193).
    pub private_networks: bool,
    /// Whether systems may have loopback addresses.
    pub loopback_networks: bool,
    /// Where owners may register systems that send by address alone; elsewhere the operator does.
    pub address_auth_networks: Vec<Network>,
    /// Largest message that relayd takes, in bytes.
    pub message_size: u64,
    /// Names of the listeners where systems may send by address alone.
    pub address_listeners: Vec<String>,
    /// Where capture routes without a folder of their own keep mail, in a folder per account.
    pub capture_folder: PathBuf,
    /// The name that relayd gives itself in mail.
    pub hostname: String,
    /// How long the queue of an account that is being closed may take to go out.
    pub drain: Duration,
    /// Who may register an account.
    pub registration: RegistrationPolicy,
    /// Whether accounts that the operator creates have to prove their domains; those that
    /// register themselves always have to.
    pub domain_proof: DomainProof,
    /// The servers that whoever registers may name for a route.
    pub registration_servers: Vec<MailServer>,
    /// Where mail of relayd itself leaves.
    pub notifications: Option<Notifications>,
    /// Networks beside the public internet where webhooks of accounts may be.
    pub webhook_networks: Vec<Network>,
}

/// Where mail of relayd itself leaves.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// Name of the account whose route carries it.
    pub account: String,
    /// What it comes from; the mailbox of the route when not set.
    pub sender: Option<Address>,
    /// Who reads what concerns the operator; nobody when not set.
    pub operator: Option<Address>,
    /// What the operator gets a mail of.
    pub events: Vec<NotificationKind>,
}

/// The other rooms that administration works with.
#[derive(Clone)]
pub struct Ports {
    /// Tries routes.
    pub probe: Arc<dyn RouteProbe>,
    /// Lets people sign in for routes.
    pub sign_in: Arc<dyn DeviceSignIn>,
    /// Is told what changed for the lanes.
    pub queue: Arc<dyn QueueControl>,
    /// Takes mail of relayd itself.
    pub outbox: Arc<dyn Outbox>,
    /// Takes mail that tries the way.
    pub door: Arc<dyn TestDoor>,
    /// Asks DNS.
    pub dns: Arc<dyn DomainLookup>,
    /// Tells programs over HTTP.
    pub webhooks: Arc<dyn WebhookSender>,
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
    sign_in: Arc<dyn DeviceSignIn>,
    queue: Arc<dyn QueueControl>,
    outbox: Arc<dyn Outbox>,
    door: Arc<dyn TestDoor>,
    dns: Arc<dyn DomainLookup>,
    webhooks: Arc<dyn WebhookSender>,
    throttles: Arc<Throttles>,
    sign_ins: Arc<PendingSignIns>,
}

impl Accounts {
    /// Use cases on a store.
    pub fn new(
        store: Store,
        clock: SharedClock,
        ids: Arc<IdSource>,
        settings: Settings,
        passwords: Passwords,
        ports: Ports,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            settings,
            passwords,
            probe: ports.probe,
            sign_in: ports.sign_in,
            sign_ins: Arc::default(),
            queue: ports.queue,
            outbox: ports.outbox,
            door: ports.door,
            dns: ports.dns,
            webhooks: ports.webhooks,
            throttles: Arc::default(),
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How many passwords were judged, hashed or verified.
    #[cfg(test)]
    pub(crate) fn password_runs(&self) -> u64 {
        self.passwords.runs()
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
