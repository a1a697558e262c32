//! The adapters between rooms that do not know each other, and their settings.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use super::{Addresses, doors::ApiListeners, exchange::Routes, sign_in::Trials};
use crate::{
    accounts::{
        self, Accounts, Bans, DomainLookup, LaneActivity, LanePhase, Outbox, Probe, ProbeStep,
        QueueControl, RouteProbe, TxtLookup,
    },
    api,
    certificate::CertificateSet,
    clock::SharedClock,
    config::{Config, DomainProof, Listener, ListenerTls, Registration},
    dns::{self, Dns},
    doctor::{self, Doctor},
    model::{self, Address, DomainName, MessageId, Reason, Route, RouteId, Secret, SenderHold},
    policy::{GuessSettings, Guesses},
    queue::{self, Condition, Journal, LaneState, LaneStatus, Queue, Schedule},
    smtp::{Encryption, Entrance},
    store::{NewMessage, Store, StoreError},
    submission,
    upstream::{
        self, Check, Exchanger, MailExchangers, Opener, Ports, RefreshTokens, Remark, Setback,
        Upstreams,
    },
};

/// The ways out, with what they ask others for.
pub(super) fn upstreams(
    config: &Config,
    store: &Store,
    clock: &SharedClock,
    trials: &Arc<Trials>,
) -> Arc<Upstreams> {
    let ports = Ports {
        clock: Arc::clone(clock),
        refresh_tokens: Arc::new(StoredTokens {
            store: store.clone(),
            clock: Arc::clone(clock),
            trials: Arc::clone(trials),
        }),
        exchangers: Arc::new(dns(config)),
    };
    let settings = upstream::Settings::named(&config.hostname);
    Arc::new(Upstreams::with(settings, ports))
}

/// Ways out keep refresh tokens in the store.
#[derive(Debug)]
struct StoredTokens {
    store: Store,
    clock: SharedClock,
    trials: Arc<Trials>,
}

#[async_trait]
impl RefreshTokens for StoredTokens {
    async fn load(&self, route: &Route) -> Result<Option<Secret>, String> {
        if let Some(token) = self.trials.of(route.id) {
            return Ok(Some(token));
        }
        let found = self.store.refresh_token(route.id).await;
        let found = found.map_err(|error| error.to_string())?;
        let in_force = self.store.route(route.id).await;
        let in_force = in_force.map_err(|error| error.to_string())?;
        let is_same = in_force.is_some_and(|it| it.shares_sign_in(route));
        Ok(found.filter(|_| is_same).map(|it| it.token))
    }

    async fn replace(&self, route: RouteId, old: &Secret, new: &Secret) -> Result<(), String> {
        if self.trials.replace(route, new) {
            return Ok(());
        }
        let now = self.clock.now();
        let done = self.store.rotate_refresh_token(route, old, new, now).await;
        done.map(|_was_in_force| ())
            .map_err(|error| error.to_string())
    }
}

pub(super) fn opener(upstreams: &Arc<Upstreams>) -> Arc<Opener> {
    let upstreams = Arc::clone(upstreams);
    Arc::new(move |route: &Route| upstreams.open(route))
}

pub(super) fn queue_settings(config: &Config) -> queue::Settings {
    queue::Settings {
        schedule: Schedule {
            first: config.queue.first_retry,
            longest: config.queue.longest_retry,
            lifetime: config.queue.lifetime,
            delay_notice: config.queue.delay_notice,
            ..Schedule::default()
        },
        breaker_failures: config.queue.breaker_failures,
        reporting_name: config.hostname.clone(),
        ..queue::Settings::default()
    }
}

pub(super) fn accounts_settings(config: &Config) -> accounts::Settings {
    accounts::Settings {
        private_networks: config.limits.private_systems,
        loopback_networks: config.limits.private_systems,
        address_auth_networks: config.address_auth_networks.clone(),
        message_size: config.limits.message_size,
        address_listeners: address_listeners(config),
        capture_folder: absolute(&config.state_dir.join("capture")),
        hostname: config.hostname.clone(),
        drain: config.queue.lifetime,
        registration_servers: config.registration_servers.clone(),
        registration: match config.registration {
            Registration::Open => accounts::RegistrationPolicy::Open,
            Registration::Invite => accounts::RegistrationPolicy::Invite,
            Registration::Closed => accounts::RegistrationPolicy::Closed,
        },
        domain_proof: match config.domain_proof {
            DomainProof::Required => model::DomainProof::Required,
            DomainProof::Waived => model::DomainProof::Waived,
        },
        notifications: config
            .notifications
            .clone()
            .map(|set| accounts::Notifications {
                account: set.account,
                sender: set.sender,
                operator: set.operator,
                events: set.events,
            }),
        webhook_networks: config.webhook_networks.clone(),
    }
}

/// The path from the root, without looking at what is there.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

pub(super) fn submission_settings(config: &Config) -> submission::Settings {
    submission::Settings {
        hostname: config.hostname.clone(),
        message_size: config.limits.message_size,
        entrances: config.listeners.iter().map(entrance).collect(),
    }
}

/// What decides at a listener who may do what.
fn entrance(listener: &Listener) -> Entrance {
    Entrance {
        name: listener.name.as_str().into(),
        encryption: match listener.tls {
            ListenerTls::StartTls => Encryption::StartTls,
            ListenerTls::Implicit => Encryption::Implicit,
            ListenerTls::None => Encryption::None,
        },
        plaintext_auth_networks: listener.plaintext_auth_networks.clone(),
        address_auth: listener.address_auth,
    }
}

/// Names of the listeners that take mail by address alone.
fn address_listeners(config: &Config) -> Vec<String> {
    let listeners = config.listeners.iter();
    let some = listeners.filter(|listener| listener.address_auth);
    some.map(|listener| listener.name.clone()).collect()
}

/// What watches over guesses, with what it knew before a restart.
pub(super) async fn bans(
    config: &Config,
    store: &Store,
    clock: &SharedClock,
) -> Result<(Arc<Guesses>, Bans), StoreError> {
    let settings = GuessSettings {
        ban_after: config.limits.ban_after,
        exempt: config.limits.ban_exempt.clone(),
    };
    let guesses = Arc::new(Guesses::new(settings, rand::random()));
    let bans = Bans::new(Arc::clone(&guesses), store.clone(), Arc::clone(clock));
    bans.restore().await?;
    Ok((guesses, bans))
}

/// What the API tells of relayd itself.
pub(super) fn api_info(config: &Config, addresses: &Addresses, started_at: Timestamp) -> api::Info {
    let listeners = config
        .listeners
        .iter()
        .zip(&addresses.listeners)
        .map(|(set, bound)| relay_proto::Listener {
            name: bound.name.clone(),
            address: bound.address.ip().to_string(),
            port: bound.address.port(),
            tls: match set.tls {
                ListenerTls::StartTls => relay_proto::ListenerTls::StartTls,
                ListenerTls::Implicit => relay_proto::ListenerTls::Implicit,
                ListenerTls::None => relay_proto::ListenerTls::None,
            },
            plaintext_auth: !set.plaintext_auth_networks.is_empty(),
            address_auth: set.address_auth,
        });
    api::Info {
        hostname: config.hostname.clone(),
        listeners: listeners.collect(),
        message_size: config.limits.message_size,
        started_at,
        api_hosts: vec![config.hostname.clone()],
        behind_proxy: config.api.behind_proxy,
        configuration: config.shown(),
    }
}

/// Everything that the doctor looks at.
pub(super) fn doctor(
    config: &Config,
    certificates: Vec<Arc<CertificateSet>>,
    (store, condition, accounts): (&Store, &Condition, &Accounts),
    clock: &SharedClock,
) -> Doctor {
    Doctor::new(vec![
        Box::new(doctor::Listeners {
            config: config.clone(),
        }),
        Box::new(doctor::Certificates {
            sets: certificates,
            hostname: config.hostname.clone(),
            clock: Arc::clone(clock),
        }),
        Box::new(doctor::DatabaseClock {
            store: store.clone(),
            clock: Arc::clone(clock),
        }),
        Box::new(doctor::RouteEnds {
            store: store.clone(),
            clock: Arc::clone(clock),
        }),
        Box::new(doctor::StoreHealth {
            store: store.clone(),
            condition: condition.clone(),
            folder: config.database_folder(),
            reserve: config.limits.disk_reserve,
        }),
        Box::new(Routes(accounts.clone())),
    ])
}

/// The API over the use cases.
pub(super) fn api(
    (accounts, bans, doctor): (Accounts, Bans, Doctor),
    info: api::Info,
    (queue, condition): (&Queue, &Condition),
    figures: PrometheusHandle,
    shutdown: &CancellationToken,
) -> api::Api {
    let (queue, condition) = (queue.clone(), condition.clone());
    let (shutdown, stop) = (shutdown.clone(), shutdown.clone());
    let render = move || {
        queue.measure();
        figures.run_upkeep();
        figures.render()
    };
    let ready = move || {
        if shutdown.is_cancelled() {
            Err(Reason::ShuttingDown.into())
        } else {
            condition.check()
        }
    };
    api::Api::new(accounts, bans, doctor, info, render, ready).until(stop)
}

/// Serves the API on its sockets until `shutdown`.
pub(super) async fn serve_api(
    api: api::Api,
    listeners: ApiListeners,
    access: api::UnixAccess,
    shutdown: CancellationToken,
) {
    let router = api::router(api);
    let tcp = async {
        if let Some(listener) = listeners.tcp {
            api::serve_tcp(listener, router.clone(), shutdown.clone()).await;
        }
    };
    let unix = api::serve_unix(listeners.socket, router.clone(), access, shutdown.clone());
    tokio::join!(tcp, unix);
}

/// Administration asks the other side.
pub(super) struct UpstreamProbe {
    pub(super) upstreams: Arc<Upstreams>,
    pub(super) clock: SharedClock,
}

#[async_trait]
impl RouteProbe for UpstreamProbe {
    async fn probe(&self, route: &Route) -> Probe {
        probe_of(self.upstreams.check(route).await, route)
    }

    async fn examine(&self, route: &Route, senders: &[Address]) -> (Probe, Vec<Remark>) {
        let now = self.clock.now();
        let (check, remarks) = self.upstreams.examine(route, senders, now).await;
        (probe_of(check, route), remarks)
    }
}

/// What came of a check, in the words of administration.
fn probe_of(mut check: Check, route: &Route) -> Probe {
    check.setback = check.setback.map(|setback| setback.about(route, ""));
    let advice = check.setback.as_ref().and_then(|it| it.advice.as_deref());
    let steps = check.steps.into_iter().map(|step| ProbeStep {
        name: step.name.to_owned(),
        remedy: match advice {
            Some(advice) if !step.ok => advice.remedy.clone(),
            _ => String::new(),
        },
        ok: step.ok,
        detail: step.detail,
        elapsed: step.elapsed,
    });
    let steps = steps.collect();
    // The step has the literal words.
    let cause = |setback: &Setback| match &setback.advice {
        Some(advice) => advice.cause.clone(),
        None => setback.to_string(),
    };
    let failure = check.setback.as_ref();
    Probe {
        steps,
        failure: failure.map(|setback| (setback.reason, cause(setback))),
        offer: check.offer,
    }
}

/// What asks DNS.
pub(super) fn dns(config: &Config) -> Lookups {
    Lookups(Dns::new(dns::Settings {
        servers: config.dns.servers.clone(),
        authoritative: config.dns.authoritative.clone(),
    }))
}

/// Administration asks DNS.
#[derive(Debug)]
pub(super) struct Lookups(Dns);

/// Ways out ask DNS.
#[async_trait]
impl MailExchangers for Lookups {
    async fn of(&self, domain: &DomainName) -> Result<Vec<Exchanger>, String> {
        let found = self.0.exchangers(domain.as_str()).await?;
        let known = found.into_iter().map(|it| Exchanger {
            preference: it.preference,
            host: it.host,
            addresses: it.addresses,
        });
        Ok(known.collect())
    }
}

#[async_trait]
impl DomainLookup for Lookups {
    async fn last_word(&self, name: &str) -> TxtLookup {
        lookup(self.0.last_word(name).await)
    }

    async fn texts(&self, name: &str) -> TxtLookup {
        lookup(self.0.texts(name).await)
    }
}

fn lookup(answer: dns::Answer) -> TxtLookup {
    TxtLookup {
        found: answer.found,
        asked: answer.asked,
    }
}

/// Administration writes mail.
pub(super) struct Mail(pub(super) Journal);

#[async_trait]
impl Outbox for Mail {
    async fn send(&self, message: NewMessage) -> Result<(), String> {
        let accepted = self.0.accept(message).await;
        accepted.map_err(|error| error.to_string())
    }
}

/// Administration asks the lanes.
pub(super) struct Lanes(pub(super) Queue);

impl QueueControl for Lanes {
    fn wake(&self, route: RouteId) {
        self.0.wake(route);
    }

    fn forget(&self, route: RouteId) {
        self.0.forget(route);
    }

    fn lanes(&self) -> Vec<LaneActivity> {
        self.0.lanes().into_iter().map(activity).collect()
    }

    fn under_way(&self) -> Vec<MessageId> {
        self.0.under_way()
    }
}

fn activity(lane: LaneStatus) -> LaneActivity {
    let of = |hold: &SenderHold| {
        format!(
            "mail of {} waits: {} [{}]",
            hold.sender,
            hold.detail,
            hold.reason.code()
        )
    };
    let waiting = lane.senders.iter().map(of).collect::<Vec<_>>().join("; ");
    let (phase, why) = match lane.state {
        LaneState::Held(hold) => (LanePhase::Held, hold.detail),
        LaneState::Waiting { why, .. } => (LanePhase::Paced, why),
        LaneState::Running if lane.in_flight + lane.window > 0 => (LanePhase::Sending, waiting),
        LaneState::Running if lane.next_due.is_some() => (LanePhase::Waiting, waiting),
        LaneState::Running => (LanePhase::Idle, waiting),
    };
    LaneActivity {
        route_id: lane.route,
        phase,
        why,
        connections: u32::try_from(lane.connections).unwrap_or(u32::MAX),
        in_flight: u32::try_from(lane.in_flight).unwrap_or(u32::MAX),
    }
}
