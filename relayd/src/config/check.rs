//! Each setting checked on its own; what is wrong is noted and the rest goes on. A section with a
//! story of its own has a file of its own.

mod accounts;
mod dns;
mod limits;
mod listeners;
mod notifications;
mod queue;
mod values;

use std::path::Path;

use toml::Spanned;

use super::{Api, Config, DomainProof, Log, LogFormat, complaint::Collector, raw};
use accounts::{check_registration, check_servers};
use dns::check_dns;
use limits::check_limits;
use listeners::check_listeners;
use notifications::check_notifications;
use queue::{check_queue, check_retention};
use values::{check_address, check_networks, is_host_name};

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
    let registration_servers = check_servers(accounts.registration_servers, complaints);
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
