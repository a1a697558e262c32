//! The way out of an account: staged, probed, then swapped in, or left as it was.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use super::{
    Accounts, AdminError, Probe, ProbeStep, WrongField, account::does_not_fit, field::Fields,
};
use crate::{
    model::{
        Account, AccountId, AccountState, Hold, HoldKind, Notification, Pace, Reason, Refusal,
        Route, RouteId, RouteKind, Secret, Security, is_host,
    },
    store::StoreError,
};

const EXCHANGE_ONLINE: &str = "smtp.office365.com";
/// For a probe as a whole: somebody waits for it.
const PROBE_DEADLINE: Duration = Duration::from_mins(1);
const MAX_CONNECTIONS: u32 = 100;
const MAX_PEM: usize = 256 * 1024;

/// Settings as they were asked for. What is not given takes the default of the kind.
#[derive(Debug, Clone)]
pub struct RouteSettings {
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name.
    pub server: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// Encryption.
    pub security: Option<Security>,
    /// User name to sign in with.
    pub mailbox: Option<String>,
    /// Its password; the stored one stays when not given and nothing it was for has changed.
    pub password: Option<Secret>,
    /// Certificates to trust; the stored ones stay when not given and the kind stays, and an empty
    /// text drops them.
    pub ca_pem: Option<String>,
    /// Folder of `capture`; by default one with the account's name in `capture_folder`.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: Option<u32>,
    /// Messages in any minute; 0 is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; 0 is without limit.
    pub recipients_per_day: Option<u32>,
    /// Probe only.
    pub dry_run: bool,
}

/// A route and why it stands still, if it does.
#[derive(Debug, Clone)]
pub struct RouteOverview {
    /// Name of the account.
    pub account: String,
    /// The route.
    pub route: Route,
    /// Its hold.
    pub hold: Option<Hold>,
}

/// What came of setting a route.
#[derive(Debug, Clone)]
pub struct RouteChange {
    /// Whether it was changed; not so in a dry run.
    pub applied: bool,
    /// The route as it is, or would be.
    pub overview: RouteOverview,
    /// What the probe tried.
    pub steps: Vec<ProbeStep>,
}

/// What came of checking a route.
#[derive(Debug, Clone)]
pub struct RouteCheck {
    /// What the probe found.
    pub probe: Probe,
    /// The route after it.
    pub overview: RouteOverview,
}

impl Accounts {
    /// The route of an account.
    pub async fn show_route(&self, account: &Account) -> Result<RouteOverview, AdminError> {
        let route = self.store.route_of(account.id).await?;
        let nothing = || AdminError::not_found("route of account", account.name.as_str());
        self.route_overview(account, route.ok_or_else(nothing)?)
            .await
    }

    /// Probes new settings, then swaps them in. A probe that fails leaves everything as it was.
    /// With `if_match` the route must still have that version.
    pub async fn set_route(
        &self,
        account: &Account,
        mut settings: RouteSettings,
        if_match: Option<i64>,
    ) -> Result<RouteChange, AdminError> {
        if account.state == AccountState::Closed {
            return Err(does_not_fit(account));
        }
        let old = self.store.route_of(account.id).await?;
        self.fill_folder(account, &mut settings);
        let dry_run = settings.dry_run;
        let now = self.clock.now();
        let staged = stage(settings, account, old.as_ref(), || {
            RouteId::new(&self.ids, now)
        })?;
        self.swap_route(account, old.as_ref(), staged, if_match, dry_run)
            .await
    }

    /// Probes a staged route, then swaps it in for the old one.
    pub(super) async fn swap_route(
        &self,
        account: &Account,
        old: Option<&Route>,
        mut staged: Route,
        if_match: Option<i64>,
        dry_run: bool,
    ) -> Result<RouteChange, AdminError> {
        let version = old.map(|route| route.version);
        if if_match.is_some() && if_match != version {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let probe = self.probe_in_time(&staged).await;
        let offer = probe.offer;
        let steps = refuse_failure(probe, "the route is unchanged")?;
        let now = self.clock.now();
        (staged.checked_at, staged.offer) = (Some(now), offer);
        if dry_run {
            let overview = self.route_overview(account, staged).await?;
            return Ok(RouteChange {
                applied: false,
                overview,
                steps,
            });
        }
        let written = match old {
            Some(_) => self.store.update_route(&staged, now).await,
            None => self.store.insert_route(&staged, now).await,
        };
        written.map_err(|error| match error {
            // Somebody else set the first route in between.
            StoreError::Conflict(_) => AdminError::Refused(Reason::StaleVersion.into()),
            error => AdminError::on_update(error),
        })?;
        staged.version = version.map_or(1, |version| version + 1);
        self.end_hold_for_credentials(account.id, staged.id).await?;
        self.queue.wake(staged.id);
        tracing::info!(account = %account.name, kind = %staged.kind, server = %staged.server, "route set");
        Ok(RouteChange {
            applied: true,
            overview: self.route_overview(account, staged).await?,
            steps,
        })
    }

    /// The first route of an account that does not exist yet, probed.
    pub(super) async fn first_route(
        &self,
        account: &Account,
        settings: RouteSettings,
    ) -> Result<(Route, Vec<ProbeStep>), AdminError> {
        let staged = self.stage_first(account, settings)?;
        self.probe_first(staged).await
    }

    /// The same, not yet probed.
    pub(super) fn stage_first(
        &self,
        account: &Account,
        mut settings: RouteSettings,
    ) -> Result<Route, AdminError> {
        self.fill_folder(account, &mut settings);
        let now = self.clock.now();
        let staged = stage(settings, account, None, || RouteId::new(&self.ids, now));
        staged.map_err(|error| match error {
            AdminError::Invalid(wrong) => {
                AdminError::Invalid(wrong.into_iter().map(WrongField::in_route).collect())
            }
            error => error,
        })
    }

    /// Probes the first route of an account: when that fails there is neither route nor account.
    pub(super) async fn probe_first(
        &self,
        mut staged: Route,
    ) -> Result<(Route, Vec<ProbeStep>), AdminError> {
        let probe = self.probe_in_time(&staged).await;
        let offer = probe.offer;
        let steps = refuse_failure(probe, "nothing was created")?;
        (staged.checked_at, staged.offer) = (Some(self.clock.now()), offer);
        Ok((staged, steps))
    }

    fn fill_folder(&self, account: &Account, settings: &mut RouteSettings) {
        if settings.folder.is_none() {
            let folder = self.settings.capture_folder.join(&account.name);
            settings.folder = Some(folder.display().to_string());
        }
    }

    /// Probes the route as it is. Success marks it checked and ends a hold for credentials; a
    /// failure is told and changes nothing, since the mail in its lane finds out by itself.
    pub async fn check_route(&self, account: &Account) -> Result<RouteCheck, AdminError> {
        let RouteOverview { mut route, .. } = self.show_route(account).await?;
        let probe = self.probe_in_time(&route).await;
        if probe.failure.is_none() {
            let now = self.clock.now();
            self.store
                .set_route_checked(&route, Some(now), probe.offer)
                .await
                .map_err(AdminError::on_update)?;
            (route.checked_at, route.offer) = (Some(now), probe.offer);
            self.end_hold_for_credentials(account.id, route.id).await?;
            self.queue.wake(route.id);
        }
        Ok(RouteCheck {
            probe,
            overview: self.route_overview(account, route).await?,
        })
    }

    async fn probe_in_time(&self, route: &Route) -> Probe {
        let probe = self.probe.probe(route);
        match tokio::time::timeout(PROBE_DEADLINE, probe).await {
            Ok(probe) => probe,
            Err(_) => Probe {
                steps: vec![ProbeStep {
                    name: "deadline".to_owned(),
                    ok: false,
                    detail: format!("no end within {} seconds", PROBE_DEADLINE.as_secs()),
                    elapsed: PROBE_DEADLINE,
                }],
                failure: Some((Reason::RouteUnreachable, String::new())),
                offer: None,
            },
        }
    }

    async fn end_hold_for_credentials(
        &self,
        account: AccountId,
        route: RouteId,
    ) -> Result<(), AdminError> {
        let hold = self.store.hold(route).await?;
        if hold.is_some_and(|hold| hold.kind == HoldKind::Credentials) {
            let now = self.clock.now();
            let note = Notification::of_release(&self.ids, now, account, route);
            self.store.noting(note).clear_hold(route).await?;
        }
        Ok(())
    }

    async fn route_overview(
        &self,
        account: &Account,
        route: Route,
    ) -> Result<RouteOverview, AdminError> {
        Ok(RouteOverview {
            account: account.name.clone(),
            hold: self.store.hold(route.id).await?,
            route,
        })
    }
}

/// `consequence` says what the failure leaves behind.
fn refuse_failure(probe: Probe, consequence: &str) -> Result<Vec<ProbeStep>, AdminError> {
    match probe.failure {
        None => Ok(probe.steps),
        Some((reason, cause)) => Err(AdminError::CheckFailed {
            refusal: Refusal::new(reason, consequence),
            cause,
            steps: probe.steps,
        }),
    }
}

/// The route that the settings make, not yet probed.
fn stage(
    settings: RouteSettings,
    account: &Account,
    old: Option<&Route>,
    new_id: impl FnOnce() -> RouteId,
) -> Result<Route, AdminError> {
    let mut fields = Fields::default();
    let pace = pace(&mut fields, &settings);
    let id = old.map_or_else(new_id, |old| old.id);
    let mut route = Route {
        pace,
        version: old.map_or(1, |old| old.version),
        ..Route::new(id, account.id, settings.kind)
    };
    if settings.kind == RouteKind::Capture {
        route.folder = Some(folder(&mut fields, &settings));
    } else {
        stage_server(&mut fields, &mut route, settings, old);
    }
    fields.check()?;
    Ok(route)
}

fn stage_server(
    fields: &mut Fields,
    route: &mut Route,
    settings: RouteSettings,
    old: Option<&Route>,
) {
    let is_exchange = settings.kind == RouteKind::SmtpAuth;
    let server = settings.server.as_deref().map(str::trim);
    route.server = match server.filter(|server| !server.is_empty()) {
        Some(server) => server.to_lowercase(),
        None if is_exchange => EXCHANGE_ONLINE.to_owned(),
        None => String::new(),
    };
    if !is_host(&route.server) {
        fields.refuse("server", "a host name or IP address is required");
    }
    route.security = match (settings.security, settings.port) {
        (Some(security), _) => security,
        (None, Some(465)) => Security::Implicit,
        (None, _) => Security::StartTls,
    };
    if route.security == Security::None && (is_exchange || !is_loopback(&route.server)) {
        fields.refuse("security", "`none` is for a smarthost on this machine only");
    }
    route.port = settings.port.unwrap_or(match route.security {
        Security::Implicit => 465,
        Security::StartTls | Security::None => 587,
    });
    if route.port == 0 {
        fields.refuse("port", "1 to 65535");
    }
    route.mailbox = fields.line("mailbox", settings.mailbox.as_deref().unwrap_or(""), 254);
    if is_exchange && route.mailbox.is_empty() {
        fields.refuse("mailbox", "is required");
    }
    // An empty text drops the stored ones.
    route.ca_pem = match settings.ca_pem {
        Some(pem) => Some(pem).filter(|pem| !pem.trim().is_empty()),
        None => old
            .filter(|old| old.kind == route.kind)
            .and_then(|old| old.ca_pem.clone()),
    };
    if let Some(pem) = &route.ca_pem
        && (pem.len() > MAX_PEM || !pem.contains("-----BEGIN CERTIFICATE-----"))
    {
        fields.refuse("ca_pem", "certificates in PEM form, 256 KiB at most");
    }
    stage_password(fields, route, settings.password, old);
}

/// A stored password goes only where it went before, as proven by the certificates that were
/// trusted before: otherwise whoever may change the route could have it sent to a server of their
/// own.
fn stage_password(
    fields: &mut Fields,
    route: &mut Route,
    given: Option<Secret>,
    old: Option<&Route>,
) {
    let is_same_place = |old: &&Route| {
        old.kind == route.kind
            && old.server == route.server
            && old.port == route.port
            && old.security == route.security
            && old.mailbox == route.mailbox
            && old.ca_pem == route.ca_pem
    };
    let stored = || {
        old.filter(is_same_place)
            .and_then(|old| old.password.clone())
    };
    let password = given.or_else(stored);
    match &password {
        _ if route.mailbox.is_empty() => return,
        None => fields.refuse(
            "password",
            "is required for this server, mailbox and ca_pem",
        ),
        Some(password) if password.expose().is_empty() || password.expose().len() > 1000 => {
            fields.refuse("password", "1 to 1000 bytes");
        }
        Some(password) if password.expose().contains(['\0', '\r', '\n']) => {
            fields.refuse("password", "must not hold line ends or NUL");
        }
        Some(_) => {}
    }
    route.password = password;
}

fn pace(fields: &mut Fields, settings: &RouteSettings) -> Pace {
    let default = Pace::of(settings.kind);
    let limit = |given: Option<u32>, default| match given {
        None => default,
        Some(0) => None,
        Some(limit) => Some(limit),
    };
    let connections = settings.connections.unwrap_or(default.connections);
    if !(1..=MAX_CONNECTIONS).contains(&connections) {
        fields.refuse("connections", format!("1 to {MAX_CONNECTIONS}"));
    }
    Pace {
        connections,
        per_minute: limit(settings.per_minute, default.per_minute),
        recipients_per_day: limit(settings.recipients_per_day, default.recipients_per_day),
    }
}

fn folder(fields: &mut Fields, settings: &RouteSettings) -> PathBuf {
    let text = fields.required("folder", settings.folder.as_deref().unwrap_or(""), 1000);
    let folder = PathBuf::from(text);
    if !folder.as_os_str().is_empty() && !folder.is_absolute() {
        fields.refuse("folder", "an absolute path on the relayd machine");
    }
    folder
}

fn is_loopback(server: &str) -> bool {
    server == "localhost"
        || server
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
