//! SQL, on SQLite and PostgreSQL. Every statement has one text for both engines.
//!
//! Reads go to a pool of their own. Configuration is written in a `Change`, which moves
//! [`Store::generation`] when it commits and leaves an entry in the audit log. Mail is taken in and
//! settled by the journal alone. Beside it only what waits is written: by people
//! (`queue_admin`), to another route (`reroute`), due again (`sender_holds`), held since it cannot
//! be read (`queued`); and what is old is deleted (`retention`).

mod accept;
mod accounts;
mod addresses;
mod audit;
mod audit_chain;
mod audit_check;
mod bans;
mod change;
mod closing;
mod codes;
mod commit;
mod condition;
mod configuration;
mod credentials;
mod domains;
mod engine;
mod error;
mod error_counts;
mod excerpt;
mod export;
mod holds;
mod idempotency;
mod left;
mod limits;
mod locks;
mod log;
mod login;
mod mail;
mod migrate;
mod notifications;
mod picture;
mod plans;
mod queue_admin;
mod queued;
mod recipient_domains;
mod record;
mod refresh_tokens;
mod refused;
mod rejects;
mod relay_users;
mod reroute;
mod retention;
mod route_row;
mod route_versions;
mod routes;
mod rows;
mod running_out;
mod seal;
mod search;
mod second_factors;
mod sender_holds;
mod sessions;
mod settle;
mod shares;
mod sign_in;
mod span;
mod stale;
mod stats;
mod subscriptions;
mod summing;
mod systems;
mod tail;
mod tally;
mod tokens;
mod topic;
mod trace;
mod unknown_replies;
mod upstream_id;
mod webhooks;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::watch;

use crate::model::Notification;
use engine::{Engine, Pools};
use recipient_domains::DomainCap;
use record::Record;

pub use addresses::AddressFilter;
pub use audit::{AuditEntry, AuditFilter, AuditPage, Origin};
pub use audit_chain::AuditHash;
pub use audit_check::AuditCheck;
pub use codes::{CodePurpose, EmailCode};
pub(crate) use commit::{Batch, BatchResult};
pub use configuration::{Reconfiguration, ReconfigureError, Stamp, Step};
pub use credentials::{CredentialUse, KnownHash, NewCredential, PutCredentialError};
pub use domains::InsertDomainError;
pub use error::StoreError;
pub use error_counts::ErrorKind;
pub(crate) use excerpt::{excerpt, shortened};
pub use export::{ErrorKey, HourOfErrors, HourOfUse, PastSubscription, SetLimits, UseKey};
pub use idempotency::{KeptReply, RequestKey, Reservation};
pub use left::{LeftCount, PartlyLeft};
pub use limits::DailyLimits;
pub use log::{LogEntry, LogFilter, Order};
pub use login::Login;
pub use mail::{
    BodyChunk, NewMessage, Notice, NoticeKind, QueuedMessage, RecipientOutcome, RefusalRecord,
    Settlement,
};
pub(crate) use picture::{REDACTED, authority_of};
pub use plans::UpdatePlanError;
pub use queue_admin::{LaneRow, QueueAction, Selected};
pub use queued::Backlog;
pub use recipient_domains::{MAX_RECIPIENT_DOMAINS, OTHER_DOMAINS};
pub use refresh_tokens::RefreshToken;
pub use rejects::{RejectEntry, RejectFilter};
pub use relay_users::InsertUserError;
pub use reroute::Rerouting;
pub use route_versions::RouteVersion;
pub use routes::MAIL_WAITS;
pub use running_out::UserOfDay;
pub use seal::{SealError, SealKey};
pub use second_factors::SecondFactor;
pub use sessions::{OwnerSession, SignedInBy};
pub use shares::{Due, Room};
pub use sign_in::{Invitation, Registration, SignIn};
pub use span::{Period, Span};
pub use stats::{Counts, DomainFlow, ErrorCount, GroupBy, Traffic, UsageRow};
pub use subscriptions::{NewSubscription, StartError, Subscription, SubscriptionEnd};
pub use systems::{AddressClaim, WriteSystemError};
pub use tail::{LogPlace, NoLogPlace, TailEntry, TailFilter, TailKind, TailPage};
pub use tokens::Token;
pub use trace::RecipientStanding;
pub use unknown_replies::UnknownReply;
pub use webhooks::InsertWebhookError;

/// Bytes that are written to try the store.
const TRY: usize = 64 * 1024;

/// The database of one relayd. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
    /// Who asked for what is changed through this clone; nobody where relayd acts by itself.
    origin: Option<Arc<Origin>>,
    /// What is written with the next change through this clone.
    note: Option<Arc<Notification>>,
}

#[derive(Debug)]
struct Shared {
    pools: Pools,
    generation: AtomicU64,
    key: SealKey,
    domain_cap: DomainCap,
    /// Moves when events or refusals were written.
    logged: watch::Sender<()>,
    /// Tells this run of relayd from an earlier one.
    process: i64,
}

impl Store {
    /// Connects to `url` (`sqlite:PATH` or `postgres://…`) and brings the schema up to date.
    /// Secrets are sealed and opened with `key`.
    pub async fn open(url: &str, key: SealKey) -> Result<Self, StoreError> {
        let pools = Engine::connect(url).await?;
        migrate::migrate(&pools).await?;
        let generation = AtomicU64::new(0);
        Ok(Self {
            shared: Arc::new(Shared {
                pools,
                generation,
                key,
                domain_cap: DomainCap::default(),
                logged: watch::Sender::new(()),
                process: rand::random(),
            }),
            origin: None,
            note: None,
        })
    }

    /// Claims a database server for this relayd, or says that another one has it: `None`. Until
    /// lanes are leased to nodes, two would deliver the same mail. The claim ends with the value.
    pub async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        let Some(statement) = self.engine().claim() else {
            return Ok(Some(Claim { _session: None }));
        };
        let mut session = self.reads().acquire().await?;
        let row = sqlx::query(statement).fetch_one(&mut *session).await?;
        let claimed = Record::new("pg_locks", &row).flag("claimed")?;
        // Not back to the pool: the session is the claim.
        let session = session.detach();
        Ok(claimed.then_some(Claim {
            _session: Some(session),
        }))
    }

    /// Waits for the connections in use and closes all of them.
    pub async fn close(&self) {
        self.shared.pools.reads.close().await;
        self.shared.pools.writes.close().await;
    }

    /// Counts the configuration changes that this process has committed; whoever caches
    /// configuration throws it away when this number moves.
    pub fn generation(&self) -> u64 {
        self.shared.generation.load(Ordering::Acquire)
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(self.reads()).await?;
        Ok(())
    }

    /// Whether the store takes what is written: enough of it that a full disk shows.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        for length in [TRY, 0] {
            let mut tx = self.begin().await?;
            sqlx::query(
                "INSERT INTO meta (key, value) VALUES ('try', $1)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .bind("x".repeat(length))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Changes whenever something was written to the log.
    pub fn log_moves(&self) -> watch::Receiver<()> {
        self.shared.logged.subscribe()
    }

    /// What time it is by the clock of the database server; `None` where that is ours.
    pub async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let Some(statement) = self.engine().clock() else {
            return Ok(None);
        };
        let row = sqlx::query(statement).fetch_one(self.reads()).await?;
        Record::new("clock", &row).time("now").map(Some)
    }

    /// Where statements go that only read.
    fn reads(&self) -> &AnyPool {
        &self.shared.pools.reads
    }

    /// Begins a transaction that writes.
    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let pools = &self.shared.pools;
        Ok(pools.writes.begin_with(pools.engine.begin()).await?)
    }

    /// Begins a transaction that writes events or refusals, or several messages at a time. It ends
    /// with [`Store::logged`] where it wrote to the log.
    async fn begin_log(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let pools = &self.shared.pools;
        Ok(pools.writes.begin_with(pools.engine.begin_log()).await?)
    }

    /// Wakes those who follow the log: a transaction that wrote to it is committed.
    fn logged(&self) {
        self.shared.logged.send_replace(());
    }

    /// The engine, for the few statements that end differently.
    fn engine(&self) -> Engine {
        self.shared.pools.engine
    }

    /// Which recipient domains are counted one by one.
    fn domain_cap(&self) -> &DomainCap {
        &self.shared.domain_cap
    }

    /// The key that secrets are sealed with.
    fn key(&self) -> &SealKey {
        &self.shared.key
    }
}

/// The right to deliver from a store.
pub struct Claim {
    _session: Option<AnyConnection>,
}
