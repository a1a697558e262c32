//! Composition root: with its folder, the only place that names concrete types.
//!
//! [`Relay::start`] puts the rooms together and opens the doors; [`Relay::stop`] closes them in the
//! order in which nothing is lost: no new mail, sessions finish, deliveries finish, everything is
//! written down.

mod domains;
mod doors;
mod error;
mod exchange;
mod expiry;
mod files;
mod housekeeping;
mod key;
mod lock;
mod lookout;
mod notifier;
mod reload;
mod sign_in;
mod signals;
mod wiring;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::Serialize;
use tokio::{sync::Notify, task::JoinHandle, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    accounts::{Accounts, Bans, Passwords, Ports},
    api::UnixAccess,
    clock::{SharedClock, SystemClock},
    config::Config,
    model::IdSource,
    queue::{Condition, Intake, Journal, Parts, Queue},
    smtp::Server,
    store::{Claim, Store},
    submission::Door,
    telemetry, webhook,
};
use doors::Doors;
use sign_in::{SignIns, Trials};

pub use doors::check as check_files;
pub use error::AppError;

/// Argon2id runs at a time, for devices and administration together.
const PASSWORD_RUNS: usize = 2;
/// How often a database server is asked for, and the wait in between.
const CLAIM_TRIES: u32 = 20;
const CLAIM_PAUSE: Duration = Duration::from_millis(250);
/// How long the journal, the bans and what runs in the background may take together over their last
/// writes, and then the store over its connections.
const LAST_WRITES: Duration = Duration::from_secs(10);

/// A relayd that runs.
pub struct Relay {
    config: Config,
    addresses: Addresses,
    accounts: Accounts,
    store: Store,
    queue: Queue,
    doors: Doors,
    shutdown: CancellationToken,
    door: JoinHandle<()>,
    api: JoinHandle<()>,
    /// Housekeeping, the lookout, the proofs of domains, the watch over certificates, and what tells
    /// of things.
    background: TaskTracker,
    /// Has the certificates looked at before their day.
    look_again: Arc<Notify>,
    bans: Bans,
    journal: JoinHandle<()>,
    /// Held as long as this relay runs: nobody else may deliver from its store.
    _lock: lock::Lock,
    _claim: Claim,
}

/// Where a relay listens; also what stands in `listeners.json`, for scripts and tests.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// For devices.
    pub listeners: Vec<ListenerAddress>,
    /// For relayctl.
    pub api: ApiAddresses,
}

/// One listener of the door.
#[derive(Debug, Clone, Serialize)]
pub struct ListenerAddress {
    /// Its name in the configuration.
    pub name: String,
    /// Address and port.
    pub address: SocketAddr,
    /// `starttls`, `implicit` or `none`.
    pub tls: &'static str,
}

/// The listeners of the API.
#[derive(Debug, Clone, Serialize)]
pub struct ApiAddresses {
    /// The Unix socket.
    pub socket: PathBuf,
    /// The loopback address, if there is one.
    pub tcp: Option<SocketAddr>,
}

impl Relay {
    /// Opens the store, starts queue and journal, then the doors.
    pub async fn start(config: Config) -> Result<Self, AppError> {
        let figures = telemetry::start_figures()?;
        files::raise_limit(config.limits.connections);
        doors::make_folder(&config.state_dir)?;
        let lock = lock::Lock::take(&config)?;
        // Every socket before the queue: a relay that cannot take mail does not send any.
        let doors = Doors::open(&config)?;
        let server = Server::bind(doors.settings(&config))?;
        let api_listeners = doors::bind_api(&config.api).await?;
        let addresses = Addresses {
            listeners: doors.addresses(&server),
            api: api_listeners.addresses(&config.api),
        };
        let access = UnixAccess {
            own_uid: doors::own_user(),
            has_group: config.api.socket_group.is_some(),
        };
        let inside = Inside::open(&config).await?;
        let Inside {
            store,
            clock,
            queue,
            accounts,
            bans,
            condition,
            ..
        } = &inside;

        let shutdown = CancellationToken::new();
        let background = TaskTracker::new();
        background.spawn(housekeeping::run(
            store.clone(),
            accounts.clone(),
            bans.clone(),
            Arc::clone(clock),
            config.limits.message_size,
            config.retention,
            shutdown.clone(),
        ));
        background.spawn(domains::watch(accounts.clone(), shutdown.clone()));
        background.spawn(inside.lookout(&config).run(shutdown.clone()));
        let seen = (store, condition, accounts);
        let doctor = wiring::doctor(&config, doors.certificates(), seen, clock);
        let look_again = Arc::new(Notify::new());
        let watched = (doctor.clone(), doors.certificates(), accounts.clone());
        let watch = expiry::watch(watched, Arc::clone(&look_again), shutdown.clone());
        background.spawn(watch);
        notifier::start(&background, accounts, &shutdown);
        let info = wiring::api_info(&config, &addresses, clock.now());
        let administration = (accounts.clone(), bans.clone(), doctor);
        let api = wiring::api(administration, info, (queue, condition), figures, &shutdown);
        let api_loop = wiring::serve_api(api, api_listeners, access, shutdown.clone());
        let relay = Self {
            config,
            addresses,
            accounts: inside.accounts,
            store: inside.store,
            queue: inside.queue,
            doors,
            door: tokio::spawn(server.run(Arc::new(inside.door), shutdown.clone())),
            api: tokio::spawn(api_loop),
            shutdown,
            background,
            look_again,
            bans: inside.bans,
            journal: inside.journal,
            _lock: lock,
            _claim: inside.claim,
        };
        relay.publish_addresses();
        Ok(relay)
    }

    /// Where it listens.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The use cases of administration.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Runs until SIGTERM or SIGINT, then stops. SIGHUP reads certificates again, and compares
    /// `file` with the configuration. Ends with an error when the journal has ended: a relay that
    /// can make nothing safe is to be restarted.
    pub async fn run(mut self, file: Option<&Path>) -> Result<(), AppError> {
        let mut signals = signals::Signals::new()?;
        signals::tell_ready();
        loop {
            let wish = tokio::select! {
                wish = signals.next() => wish,
                _ = &mut self.journal => return Err(AppError::Journal),
            };
            match wish {
                signals::Wish::Stop => break,
                signals::Wish::Reload => {
                    signals::tell_reloading();
                    self.reload(file);
                    signals::tell_ready();
                }
            }
        }
        signals::tell_stopping();
        self.stop().await;
        Ok(())
    }

    /// Reads certificates again, and says what else has changed.
    fn reload(&self, file: Option<&Path>) {
        reload::certificates(&self.doors);
        self.look_again.notify_one();
        if let Some(file) = file {
            reload::configuration(file, &self.config);
        }
    }

    /// Stops: what is in flight gets the time that the configuration grants, in all; nothing is
    /// lost.
    pub async fn stop(self) {
        tracing::info!("stopping");
        let _ = fs::remove_file(self.config.state_dir.join("listeners.json"));
        self.shutdown.cancel();
        // The door and the API end by deadlines of their own, which are no longer than this one.
        let deadline = self.config.queue.drain;
        let (_, _, ended) = tokio::join!(self.door, self.api, self.queue.drain(deadline));
        if ended > 0 {
            tracing::warn!(
                ended,
                "deliveries were cut off; they are repeated at the next start"
            );
        }
        self.background.close();
        // The journal ends when the last of its handles is gone.
        drop((self.queue, self.accounts));
        let (background, (), journal) = tokio::join!(
            timeout(LAST_WRITES, self.background.wait()),
            keep_bans(&self.bans),
            timeout(LAST_WRITES, self.journal),
        );
        if background.is_err() {
            tracing::error!("housekeeping does not end");
        }
        if journal.is_err() {
            tracing::error!("the store does not take the last entries");
        }
        if timeout(LAST_WRITES, self.store.close()).await.is_err() {
            tracing::error!("connections to the store do not end");
        }
        tracing::info!("stopped");
    }

    /// Tells where it listens, in the log and in a file. Without the file (a full disk) scripts
    /// look in vain, but mail goes on.
    fn publish_addresses(&self) {
        for listener in &self.addresses.listeners {
            let (name, address, tls) = (&listener.name, listener.address, listener.tls);
            tracing::info!(%name, %address, tls, "takes mail");
        }
        let api = &self.addresses.api;
        tracing::info!(socket = %api.socket.display(), tcp = ?api.tcp, "takes commands");
        let path = self.config.state_dir.join("listeners.json");
        let fresh = self.config.state_dir.join("listeners.json.new");
        let text = serde_json::to_vec_pretty(&self.addresses).unwrap_or_default();
        if let Err(error) = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &path)) {
            tracing::warn!(path = %path.display(), %error, "the addresses could not be written");
        }
    }
}

/// Writes the bans that fell until the door was shut.
async fn keep_bans(bans: &Bans) {
    match timeout(LAST_WRITES, bans.write_all()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the last bans could not be written"),
        Err(_) => tracing::error!("the store does not take the last bans"),
    }
}

/// Claims the store. A relayd that was killed just now may hold it for some seconds more.
async fn claim(store: &Store) -> Result<Claim, AppError> {
    for _ in 0..CLAIM_TRIES {
        if let Some(claim) = store.claim().await? {
            return Ok(claim);
        }
        tokio::time::sleep(CLAIM_PAUSE).await;
    }
    Err(AppError::Claimed)
}

/// What works behind the doors.
struct Inside {
    store: Store,
    clock: SharedClock,
    queue: Queue,
    accounts: Accounts,
    door: Door,
    bans: Bans,
    condition: Condition,
    journal: JoinHandle<()>,
    claim: Claim,
}

impl Inside {
    /// What keeps an eye on the disk and the bans.
    fn lookout(&self, config: &Config) -> lookout::Lookout {
        lookout::Lookout {
            condition: self.condition.clone(),
            store: self.store.clone(),
            bans: self.bans.clone(),
            folder: config.database_folder(),
            reserve: config.limits.disk_reserve,
        }
    }

    /// Opens the store and starts journal and queue.
    async fn open(config: &Config) -> Result<Self, AppError> {
        let clock: SharedClock = Arc::new(SystemClock);
        let ids = Arc::new(IdSource::new());
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let key = key::load(&config.key_file, credentials.as_deref())?;
        let store = Store::open(&config.store_url, key).await?;
        let claim = claim(&store).await?;
        let intake = Intake::default();
        let (journal, journal_task) = Journal::start(store.clone(), intake.accepted());
        let trials = Arc::new(Trials::default());
        let upstreams = wiring::upstreams(config, &store, &clock, &trials);
        let parts = Parts {
            store: store.clone(),
            journal: journal.clone(),
            opener: wiring::opener(&upstreams),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let queue = Queue::start(parts, wiring::queue_settings(config), &intake);
        let passwords = Passwords::new(PASSWORD_RUNS);
        let (guesses, bans) = wiring::bans(config, &store, &clock).await?;
        let condition = journal.condition().clone();
        let door = Door::new(
            wiring::submission_settings(config),
            store.clone(),
            journal.clone(),
            Arc::clone(&clock),
            Arc::clone(&ids),
            (passwords.clone(), rand::random()),
            guesses,
        );
        let accounts = Accounts::new(
            store.clone(),
            Arc::clone(&clock),
            ids,
            wiring::accounts_settings(config),
            passwords,
            Ports {
                probe: Arc::new(wiring::UpstreamProbe {
                    upstreams: Arc::clone(&upstreams),
                    clock: Arc::clone(&clock),
                }),
                sign_in: Arc::new(SignIns {
                    upstreams,
                    trials,
                    clock: Arc::clone(&clock),
                }),
                queue: Arc::new(wiring::Lanes(queue.clone())),
                outbox: Arc::new(wiring::Mail(journal)),
                door: Arc::new(door.clone()),
                dns: Arc::new(wiring::dns(config)),
                webhooks: Arc::new(webhook::Client::new()),
            },
        );
        Ok(Self {
            store,
            clock,
            queue,
            accounts,
            door,
            bans,
            condition,
            journal: journal_task,
            claim,
        })
    }
}
