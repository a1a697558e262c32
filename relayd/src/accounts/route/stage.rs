//! The route that settings make, not yet probed: every value is read, and all that is wrong is
//! named at once.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use jiff::Timestamp;

use super::{RouteSettings, place, stage_oauth};
use crate::{
    accounts::{AdminError, field::Fields},
    model::{
        Account, Address, Cloud, DomainName, Handling, Pace, Preset, Route, RouteId, RouteKind,
        RouteRole, Secret, Security, is_host,
    },
};

const MAX_CONNECTIONS: u32 = 100;
const MAX_RECIPIENTS: u32 = 1000;
/// A server shows the door to whoever says nothing for longer.
const LONGEST_OPEN: Duration = Duration::from_mins(5);
const MAX_PEM: usize = 256 * 1024;

/// What a route is staged with beside its settings.
pub(super) struct Ground<'a> {
    /// Whose it is.
    pub(super) account: &'a Account,
    /// Its role.
    pub(super) role: RouteRole,
    /// The route that it takes the place of.
    pub(super) old: Option<&'a Route>,
    /// What time it is.
    pub(super) now: Timestamp,
    /// Whether somebody signs in for it, or has.
    pub(super) signs_in: bool,
}

/// The route that the settings make.
pub(super) fn stage(
    mut settings: RouteSettings,
    ground: &Ground<'_>,
    new_id: impl FnOnce() -> RouteId,
) -> Result<Route, AdminError> {
    let mut fields = Fields::default();
    let old = ground.old;
    let id = old.map_or_else(new_id, |old| old.id);
    let mut route = Route {
        role: ground.role,
        pace: pace(&mut fields, &settings),
        handling: handling(&mut fields, &settings),
        version: old.map_or(1, |old| old.version),
        ..Route::new(id, ground.account.id, settings.kind)
    };
    refuse_strangers(&mut fields, &settings);
    if settings.kind == RouteKind::Capture {
        route.folder = Some(folder(&mut fields, &settings));
    } else {
        stage_server(&mut fields, &mut route, &settings);
        stage_encryption(&mut fields, &mut route, &settings);
        stage_mailbox(&mut fields, &mut route, &settings);
        stage_authorities(&mut fields, &mut route, &mut settings, old);
        stage_oauth::stage(&mut fields, &mut route, &mut settings, ground);
        stage_password(&mut fields, &mut route, settings.password, old);
    }
    fields.check()?;
    Ok(route)
}

/// Values of another kind of route: whoever gives them means something else.
fn refuse_strangers(fields: &mut Fields, settings: &RouteSettings) {
    use RouteKind::{Connector, Graph, Smarthost, SmtpAuth, SmtpOauth};
    const OAUTH: &[RouteKind] = &[SmtpOauth, Graph];
    const CERTIFIED: &[RouteKind] = &[Connector, SmtpOauth, Graph];
    const CLOUDS: &[RouteKind] = &[SmtpAuth, SmtpOauth, Graph];
    // A capture route takes what it has no use for, so that one can be tried in another's place.
    const PASSWORDS: &[RouteKind] = &[SmtpAuth, Smarthost, RouteKind::Capture];
    let it = settings;
    for (field, is_given, kinds) in [
        ("preset", it.preset.is_some(), &[Smarthost] as &[_]),
        ("mx_of", it.mx_of.is_some(), &[Connector]),
        ("cloud", it.cloud.is_some(), CLOUDS),
        ("tenant", it.tenant.is_some(), OAUTH),
        ("client_id", it.client_id.is_some(), OAUTH),
        ("grant", it.grant.is_some(), OAUTH),
        ("client_secret", it.client_secret.is_some(), OAUTH),
        (
            "client_secret_expires_at",
            it.client_secret_expires_at.is_some(),
            OAUTH,
        ),
        ("authority", it.authority.is_some(), OAUTH),
        ("scope", it.scope.is_some(), OAUTH),
        ("certificate_pem", it.certificate_pem.is_some(), CERTIFIED),
        ("key_pem", it.key_pem.is_some(), CERTIFIED),
        ("password", it.password.is_some(), PASSWORDS),
    ] {
        if is_given && !kinds.contains(&it.kind) {
            let kinds: Vec<_> = kinds.iter().map(RouteKind::to_string).collect();
            fields.refuse(field, format!("is for {}", kinds.join(", ")));
        }
    }
}

fn stage_server(fields: &mut Fields, route: &mut Route, settings: &RouteSettings) {
    if let Some(domain) = &settings.mx_of {
        route.mx_of = fields.parse::<DomainName>("mx_of", domain);
    }
    let given = settings.server.as_deref().map(str::trim);
    let given = given.filter(|server| !server.is_empty());
    if given.is_some() && settings.mx_of.is_some() {
        fields.refuse("mx_of", "is given instead of a server, not beside it");
    }
    let cloud = settings.cloud.unwrap_or(Cloud::World);
    let known = match settings.kind {
        RouteKind::SmtpAuth | RouteKind::SmtpOauth => cloud.submission_host(),
        RouteKind::Graph => cloud.graph_host(),
        RouteKind::Smarthost => settings.preset.map_or("", Preset::server),
        RouteKind::Connector | RouteKind::Capture => "",
    };
    route.server = given.unwrap_or(known).to_lowercase();
    if settings.mx_of.is_some() || is_host(&route.server) {
        return;
    }
    let message = match settings.kind {
        RouteKind::Connector => "a host name, or the tenant's domain in mx_of, is required",
        _ => "a host name or IP address is required",
    };
    fields.refuse("server", message);
}

fn stage_encryption(fields: &mut Fields, route: &mut Route, settings: &RouteSettings) {
    route.security = match (settings.security, settings.kind, settings.port) {
        (Some(security), ..) => security,
        (None, RouteKind::Graph, _)
        | (None, RouteKind::Smarthost | RouteKind::SmtpAuth, Some(465)) => Security::Implicit,
        (None, ..) => Security::StartTls,
    };
    let message = match (settings.kind, route.security) {
        (RouteKind::Graph, Security::StartTls | Security::None) => {
            "graph is reached by HTTPS: `implicit`"
        }
        (RouteKind::Connector, Security::Implicit | Security::None) => {
            "a connector is reached by STARTTLS"
        }
        (RouteKind::Smarthost, Security::None) if is_loopback(&route.server) => "",
        (_, Security::None) => "`none` is for a smarthost on this machine only",
        _ => "",
    };
    if !message.is_empty() {
        fields.refuse("security", message);
    }
    route.port = settings
        .port
        .unwrap_or(match (settings.kind, route.security) {
            (RouteKind::Connector, _) => 25,
            (RouteKind::Graph, _) => 443,
            (_, Security::Implicit) => 465,
            (_, Security::StartTls | Security::None) => 587,
        });
    if route.port == 0 {
        fields.refuse("port", "1 to 65535");
    }
}

fn stage_mailbox(fields: &mut Fields, route: &mut Route, settings: &RouteSettings) {
    let text = settings.mailbox.as_deref().unwrap_or("");
    route.mailbox = fields.line("mailbox", text, 254);
    let is_given = !route.mailbox.is_empty();
    match settings.kind {
        RouteKind::Connector if is_given => {
            fields.refuse("mailbox", "a connector signs in as nobody");
        }
        RouteKind::SmtpAuth if !is_given => fields.refuse("mailbox", "is required"),
        RouteKind::SmtpOauth | RouteKind::Graph if !is_given => {
            fields.refuse("mailbox", "is required");
        }
        // Stands in the path of a request, or between the marks of XOAUTH2.
        RouteKind::SmtpOauth | RouteKind::Graph => {
            fields.parse::<Address>("mailbox", &route.mailbox);
        }
        _ => {}
    }
}

fn stage_authorities(
    fields: &mut Fields,
    route: &mut Route,
    settings: &mut RouteSettings,
    old: Option<&Route>,
) {
    // An empty text drops the stored ones.
    route.ca_pem = match settings.ca_pem.take() {
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
}

fn stage_password(
    fields: &mut Fields,
    route: &mut Route,
    given: Option<Secret>,
    old: Option<&Route>,
) {
    if !matches!(route.kind, RouteKind::SmtpAuth | RouteKind::Smarthost) {
        return;
    }
    let stored = || {
        old.filter(|old| place::is_same(old, route))
            .and_then(|old| old.password.clone())
    };
    let password = given.or_else(stored);
    match &password {
        _ if route.mailbox.is_empty() => return,
        None => fields.refuse(
            "password",
            "is required for this server, mailbox and ca_pem",
        ),
        Some(password) => check_secret(fields, "password", password),
    }
    route.password = password;
}

/// A secret that can stand in a line.
pub(super) fn check_secret(fields: &mut Fields, field: &'static str, secret: &Secret) {
    let text = secret.expose();
    if text.is_empty() || text.len() > 1000 {
        fields.refuse(field, "1 to 1000 bytes");
    } else if text.contains(['\0', '\r', '\n']) {
        fields.refuse(field, "must not hold line ends or NUL");
    }
}

fn pace(fields: &mut Fields, settings: &RouteSettings) -> Pace {
    let default = settings
        .preset
        .map_or(Pace::of(settings.kind), Preset::pace);
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

fn handling(fields: &mut Fields, settings: &RouteSettings) -> Handling {
    let default = settings
        .preset
        .map_or(Handling::of(settings.kind), Preset::handling);
    let recipients = settings.recipients_per_mail.unwrap_or(default.recipients);
    if !(1..=MAX_RECIPIENTS).contains(&recipients) {
        fields.refuse("recipients_per_mail", format!("1 to {MAX_RECIPIENTS}"));
    }
    let keep_open = settings.keep_open.map(Duration::from_secs);
    let keep_open = keep_open.unwrap_or(default.keep_open);
    if keep_open > LONGEST_OPEN {
        fields.refuse(
            "keep_open",
            format!("0 to {} seconds", LONGEST_OPEN.as_secs()),
        );
    }
    Handling {
        recipients,
        keep_open,
        unknown_outcome: settings.unknown_outcome.unwrap_or(default.unknown_outcome),
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
