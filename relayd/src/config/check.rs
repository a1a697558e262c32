//! Each setting checked on its own; what is wrong is noted and the rest goes on.

use std::{
    net::SocketAddr,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use relay_proto::{ByteSize, NoSize};
use toml::Spanned;

use super::{
    Api, CertificateFiles, Config, DomainProof, Limits, Listener, ListenerTls, Log, LogFormat,
    Notifications, Queue, Registration, Retention, SniCertificate, complaint::Collector,
    dns::check_dns, raw, units::HumanDuration,
};
use crate::model::{
    MailServer, Network, NetworkError, NoMailServer, NotificationKind, UnknownName,
};

/// What a registration may name as the server of its route, unless something else is set.
const EXCHANGE_ONLINE: &str = "smtp.office365.com";

/// Turns what was written into a configuration. Where something is wrong a default stands in, so
/// that the rest is checked, too; the complaint keeps it from being used.
pub(super) fn check(raw: raw::Raw, base: &Path, complaints: &mut Collector) -> Config {
    let state_dir = base.join(raw.state_dir.unwrap_or_else(|| "/var/lib/relayd".into()));
    let hostname = check_hostname(raw.hostname, complaints);
    let store_url = check_store_url(raw.store.url, &state_dir, complaints);
    let listeners = check_listeners(raw.listener, base, complaints);
    let accounts = raw.accounts;
    let domain_proof = accounts.domain_proof.unwrap_or(DomainProof::Required);
    let address_auth_networks = check_networks(accounts.address_auth_networks, complaints);
    let registration_servers = match accounts.registration_servers {
        None => EXCHANGE_ONLINE.parse().into_iter().collect(),
        Some(given) => check_servers(given, complaints),
    };
    let registration = check_registration(
        accounts.registration,
        raw.notifications.is_some(),
        &registration_servers,
        complaints,
    );
    Config {
        hostname,
        store_url,
        key_file: raw
            .store
            .key_file
            .map_or_else(|| state_dir.join("secret.key"), |path| base.join(path)),
        listeners,
        api: check_api(raw.api, base, complaints),
        queue: check_queue(raw.queue, complaints),
        limits: check_limits(raw.limits, complaints),
        retention: check_retention(raw.retention, complaints),
        domain_proof,
        dns: check_dns(raw.dns, complaints),
        address_auth_networks,
        registration,
        registration_servers,
        notifications: check_notifications(raw.notifications, complaints),
        webhook_networks: check_networks(raw.webhooks.allow_networks, complaints),
        log: check_log(raw.log, complaints),
        state_dir,
    }
}

fn check_hostname(given: Option<Spanned<String>>, complaints: &mut Collector) -> String {
    let Some(given) = given else {
        return machine_name();
    };
    let span = given.span();
    let name = given.into_inner();
    if !is_host_name(&name) {
        complaints.add(
            span,
            "not a host name",
            "write a name such as relay.example.com",
        );
    }
    name
}

fn is_host_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

/// The name the machine calls itself, or `localhost`.
fn machine_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

fn check_store_url(
    given: Option<Spanned<String>>,
    state_dir: &Path,
    complaints: &mut Collector,
) -> String {
    let Some(given) = given else {
        return format!("sqlite:{}", state_dir.join("relayd.db").display());
    };
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if !known
        .iter()
        .any(|scheme| given.get_ref().starts_with(scheme))
    {
        complaints.add(
            given.span(),
            "not a store",
            "write sqlite:/path/to/file or postgres://user@host/database",
        );
    }
    given.into_inner()
}

fn check_listeners(
    raw: Vec<raw::Listener>,
    base: &Path,
    complaints: &mut Collector,
) -> Vec<Listener> {
    if raw.is_empty() {
        return default_listeners();
    }
    let mut seen = std::collections::HashSet::new();
    let mut bound = std::collections::HashMap::new();
    raw.into_iter()
        .map(|listener| {
            let span = listener.name.span();
            let name = listener.name.into_inner();
            if name.is_empty() || !seen.insert(name.clone()) {
                complaints.add(
                    span,
                    "name is empty or used twice",
                    "name each listener differently",
                );
            }
            let address = check_address(&listener.address, complaints);
            // Port 0 is any free one.
            if address.port() != 0
                && let Some(other) = bound.insert(address, name.clone())
            {
                let what = format!("listener {other} has this address already");
                let remedy = "give each listener a port or an address of its own";
                complaints.add(listener.address.span(), &what, remedy);
            }
            let pair = (listener.certificate, listener.key);
            Listener {
                name,
                address,
                tls: listener.tls,
                certificate: check_pair(pair, base, complaints),
                sni: check_sni(listener.sni, base, complaints),
                plaintext_auth_networks: check_networks(
                    listener.plaintext_auth_networks,
                    complaints,
                ),
                address_auth: listener.address_auth,
                proxy_networks: check_networks(listener.proxy_networks, complaints),
            }
        })
        .collect()
}

/// A certificate with its key, or neither.
fn check_pair(
    given: (Option<Spanned<PathBuf>>, Option<Spanned<PathBuf>>),
    base: &Path,
    complaints: &mut Collector,
) -> Option<CertificateFiles> {
    match given {
        (Some(certificate), Some(key)) => Some(CertificateFiles {
            certificate: base.join(certificate.into_inner()),
            key: base.join(key.into_inner()),
        }),
        (None, None) => None,
        (Some(lonely), None) | (None, Some(lonely)) => {
            let remedy = "give certificate and key together";
            complaints.add(lonely.span(), "half a pair", remedy);
            None
        }
    }
}

fn check_sni(given: Vec<raw::Sni>, base: &Path, complaints: &mut Collector) -> Vec<SniCertificate> {
    let mut check_name = |name: Spanned<String>| {
        let own = name.get_ref().to_ascii_lowercase();
        if !is_host_name(own.strip_prefix("*.").unwrap_or(&own)) {
            let remedy = "write a name such as mail.example.com or *.example.com";
            complaints.add(name.span(), "not a host name", remedy);
        }
        own
    };
    given
        .into_iter()
        .map(|sni| SniCertificate {
            files: CertificateFiles {
                certificate: base.join(sni.certificate),
                key: base.join(sni.key),
            },
            names: sni.names.into_iter().map(&mut check_name).collect(),
        })
        .collect()
}

/// Message submission (RFC 6409) and submissions (RFC 8314) on every address.
fn default_listeners() -> Vec<Listener> {
    let on = |name: &str, port, tls| Listener {
        name: name.to_owned(),
        address: SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, port)),
        tls,
        certificate: None,
        sni: Vec::new(),
        plaintext_auth_networks: Vec::new(),
        address_auth: false,
        proxy_networks: Vec::new(),
    };
    vec![
        on("submission", 587, ListenerTls::StartTls),
        on("submissions", 465, ListenerTls::Implicit),
    ]
}

fn check_networks(given: Vec<Spanned<String>>, complaints: &mut Collector) -> Vec<Network> {
    given
        .into_iter()
        .filter_map(|network| match network.get_ref().parse() {
            Ok(network) => Some(network),
            Err(error) => {
                let error: NetworkError = error;
                complaints.add(network.span(), &error.to_string(), "correct or remove it");
                None
            }
        })
        .collect()
}

fn check_api(raw: raw::Api, base: &Path, complaints: &mut Collector) -> Api {
    let tcp = raw.tcp.and_then(|tcp| {
        let address = check_address(&tcp, complaints);
        if address.ip().is_loopback() {
            return Some(address);
        }
        complaints.add(
            tcp.span(),
            "the API speaks plain HTTP and listens on loopback only",
            "use 127.0.0.1:PORT, with a TLS proxy in front to reach it from elsewhere",
        );
        None
    });
    Api {
        socket: base.join(
            raw.socket
                .unwrap_or_else(|| "/run/relayd/admin.sock".into()),
        ),
        socket_group: raw.socket_group.map(Spanned::into_inner),
        tcp,
        behind_proxy: raw.behind_proxy,
    }
}

/// Who registers gets a code by mail, so there must be a way for it: that of `[notifications]`, or a
/// route that comes with the registration.
fn check_registration(
    given: Option<Spanned<Registration>>,
    can_notify: bool,
    servers: &[MailServer],
    complaints: &mut Collector,
) -> Registration {
    let Some(given) = given else {
        return Registration::Closed;
    };
    let span = given.span();
    let registration = given.into_inner();
    if registration != Registration::Closed && !can_notify && servers.is_empty() {
        complaints.add(
            span,
            "codes could not be sent",
            "add [notifications] with the account whose route carries them, or name \
             registration_servers",
        );
    }
    registration
}

fn check_servers(given: Vec<Spanned<String>>, complaints: &mut Collector) -> Vec<MailServer> {
    let servers = given.into_iter().filter_map(|text| {
        let parsed = text.get_ref().parse();
        if let Err(error) = &parsed {
            let error: &NoMailServer = error;
            complaints.add(text.span(), "not a server", &error.to_string());
        }
        parsed.ok()
    });
    servers.collect()
}

fn check_notifications(
    raw: Option<Spanned<raw::Notifications>>,
    complaints: &mut Collector,
) -> Option<Notifications> {
    let raw = raw?.into_inner();
    if raw.account.get_ref().trim().is_empty() {
        complaints.add(raw.account.span(), "no account", "write the name of one");
    }
    let events = check_events(raw.events, complaints);
    let mut address = |given: Option<Spanned<String>>| {
        let given = given?;
        let parsed = given.get_ref().parse();
        if parsed.is_err() {
            let remedy = "write it as name@domain";
            complaints.add(given.span(), "not a mail address", remedy);
        }
        parsed.ok()
    };
    Some(Notifications {
        account: raw.account.into_inner(),
        sender: address(raw.sender),
        operator: address(raw.operator),
        events,
    })
}

/// What the operator gets a mail of: what is listed, or all that calls for somebody.
fn check_events(
    given: Option<Vec<Spanned<String>>>,
    complaints: &mut Collector,
) -> Vec<NotificationKind> {
    let Some(given) = given else {
        let all = NotificationKind::ALL.iter().copied();
        return all.filter(|kind| kind.is_mailed()).collect();
    };
    let known = given.into_iter().filter_map(|name| {
        let parsed: Result<NotificationKind, UnknownName> = name.get_ref().parse();
        if let Err(error) = &parsed {
            let remedy = format!("use any of {}", error.known.join(", "));
            complaints.add(name.span(), "not an event", &remedy);
        }
        parsed.ok()
    });
    known.collect()
}

fn check_queue(raw: raw::Queue, complaints: &mut Collector) -> Queue {
    const YEAR: Duration = Duration::from_hours(24 * 365);
    let order = raw.longest_retry.as_ref().or(raw.first_retry.as_ref());
    let order = order.map(Spanned::span);
    let queue = Queue {
        first_retry: check_duration(raw.first_retry, Duration::from_mins(1), YEAR, complaints),
        longest_retry: check_duration(raw.longest_retry, Duration::from_hours(2), YEAR, complaints),
        lifetime: check_duration(raw.lifetime, Duration::from_hours(48), YEAR, complaints),
        delay_notice: check_duration(raw.delay_notice, Duration::from_hours(4), YEAR, complaints),
        breaker_failures: raw.breaker_failures.unwrap_or(5),
        drain: check_duration(
            raw.drain,
            Duration::from_secs(30),
            Duration::from_hours(1),
            complaints,
        ),
    };
    if let Some(span) = order.filter(|_| queue.first_retry > queue.longest_retry) {
        let remedy = "first_retry is the shortest wait, longest_retry the longest";
        complaints.add(span, "longest_retry is shorter than first_retry", remedy);
    }
    queue
}

fn check_retention(raw: raw::Retention, complaints: &mut Collector) -> Retention {
    const DAY: Duration = Duration::from_hours(24);
    const CENTURY: Duration = Duration::from_hours(24 * 36_525);
    let audit = raw
        .audit
        .map(|given| check_duration(Some(given), CENTURY, CENTURY, complaints));
    Retention {
        messages: check_duration(raw.messages, 90 * DAY, CENTURY, complaints),
        statistics: check_duration(raw.statistics, 730 * DAY, CENTURY, complaints),
        audit,
    }
}

/// A duration above zero and up to `longest`.
fn check_duration(
    given: Option<Spanned<String>>,
    default: Duration,
    longest: Duration,
    complaints: &mut Collector,
) -> Duration {
    let Some(given) = given else { return default };
    match given.get_ref().parse::<HumanDuration>() {
        Err(error) => complaints.add(given.span(), &error, "correct or remove it"),
        Ok(HumanDuration(duration)) if duration.is_zero() => {
            complaints.add(given.span(), "must be longer than zero", "such as \"5m\"");
        }
        Ok(HumanDuration(duration)) if duration > longest => {
            let remedy = format!("use {} or less", HumanDuration(longest));
            complaints.add(given.span(), "too long", &remedy);
        }
        Ok(HumanDuration(duration)) => return duration,
    }
    default
}

fn check_limits(raw: raw::Limits, complaints: &mut Collector) -> Limits {
    const LONGEST_SIGN_IN: Duration = Duration::from_mins(10);
    let mut count = |given: &Option<Spanned<u32>>, default, what| {
        given.as_ref().map_or(default, |given| {
            if *given.get_ref() == 0 {
                complaints.add(given.span(), what, "use 1 or more");
            }
            *given.get_ref()
        })
    };
    let nobody = "nobody could connect";
    let connections = count(&raw.connections, 5_000, nobody);
    let connections_per_address = count(&raw.connections_per_address, 100, nobody);
    // A network holds its addresses: a larger cap for one address lifts that of its network.
    let default = connections_per_address.max(1_000);
    let connections_per_network = count(&raw.connections_per_network, default, nobody);
    let ban_after = count(&raw.ban_after, 15, "everybody would be banned");
    if let Some(given) = &raw.connections_per_network
        && connections_per_network < connections_per_address
    {
        let what = "smaller than connections_per_address, which it holds";
        let remedy = format!("use {connections_per_address} or more");
        complaints.add(given.span(), what, &remedy);
    }
    let sign_in = Duration::from_mins(2);
    Limits {
        message_size: check_message_size(raw.message_size.as_ref(), complaints),
        connections,
        connections_per_address,
        connections_per_network,
        sign_in_time: check_duration(raw.sign_in_time, sign_in, LONGEST_SIGN_IN, complaints),
        ban_after,
        ban_exempt: check_networks(raw.ban_exempt, complaints),
        disk_reserve: check_disk_reserve(raw.disk_reserve.as_ref(), complaints),
        private_systems: raw.private_systems.unwrap_or(true),
    }
}

fn check_disk_reserve(given: Option<&Spanned<String>>, complaints: &mut Collector) -> u64 {
    const DEFAULT: u64 = 256 << 20;
    check_size(given, complaints).map_or(DEFAULT, |(_, size)| size)
}

fn check_message_size(given: Option<&Spanned<String>>, complaints: &mut Collector) -> u64 {
    const DEFAULT: u64 = 150 << 20;
    match check_size(given, complaints) {
        None => DEFAULT,
        Some((span, size)) => {
            if !(64 << 10..=1 << 30).contains(&size) {
                let remedy = "use 64 KiB to 1 GiB";
                complaints.add(span, "not a sensible size of a mail", remedy);
            }
            size
        }
    }
}

/// A size, where one is given that can be read, and where it stands.
fn check_size(
    given: Option<&Spanned<String>>,
    complaints: &mut Collector,
) -> Option<(Range<usize>, u64)> {
    let given = given?;
    match given.get_ref().parse() {
        Ok(ByteSize(size)) => Some((given.span(), size)),
        Err(error) => {
            let error: NoSize = error;
            complaints.add(given.span(), &error.to_string(), "correct or remove it");
            None
        }
    }
}

/// An address with its port; a free loopback port stands in for one that cannot be read.
fn check_address(given: &Spanned<String>, complaints: &mut Collector) -> SocketAddr {
    given.get_ref().parse().unwrap_or_else(|_| {
        let what = "not an address with a port";
        complaints.add(
            given.span(),
            what,
            "write 0.0.0.0:587, [::]:587 or 192.0.2.1:587",
        );
        SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0))
    })
}

fn check_log(raw: raw::Log, complaints: &mut Collector) -> Log {
    let level = raw.level.map_or_else(
        || "info".to_owned(),
        |given| {
            if given
                .get_ref()
                .parse::<tracing_subscriber::EnvFilter>()
                .is_err()
            {
                complaints.add(
                    given.span(),
                    "not a log level",
                    "use error, warn, info, debug or trace",
                );
            }
            given.into_inner()
        },
    );
    Log {
        format: raw.format.unwrap_or(LogFormat::Text),
        level,
    }
}
