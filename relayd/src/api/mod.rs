//! The admin API: HTTP on a Unix socket and on loopback TCP, one file for each noun.
//!
//! Handlers translate between the wire and the use cases of `accounts`; they decide nothing.

mod access;
mod accounts;
mod audit;
mod auth;
mod bans;
mod call;
mod configuration;
mod convert;
mod credentials;
mod cursor;
mod doctor;
mod domains;
mod explain;
mod export;
mod failure;
mod idempotency;
mod limits;
mod log;
mod log_events;
mod plans;
mod queue;
mod relay_users;
mod route_view;
mod router;
mod routes;
mod second_factor;
mod serve;
mod service;
mod stats;
mod stream;
mod subscriptions;
mod systems;
mod tokens;
mod webhooks;
mod wording;

#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Once},
};

use axum::http::HeaderMap;
use jiff::Timestamp;
use relay_proto as proto;
use tokio_util::sync::CancellationToken;

use access::Connection;
use stream::Streams;

use crate::{
    accounts::{Accounts, Bans},
    doctor::Doctor,
    model::Refusal,
};

pub use router::router;
pub use serve::{UnixAccess, serve_tcp, serve_unix};

/// What the API tells of relayd itself.
#[derive(Debug, Clone)]
pub struct Info {
    /// The host name that devices connect to.
    pub hostname: String,
    /// The ports that take mail.
    pub listeners: Vec<proto::Listener>,
    /// Largest message any listener takes, in bytes.
    pub message_size: u64,
    /// When relayd started.
    pub started_at: Timestamp,
    /// Host names under which the API answers on TCP, beside those of loopback.
    pub api_hosts: Vec<String>,
    /// Whether a proxy stands in front of TCP and says in `X-Forwarded-For` whose request it is.
    pub behind_proxy: bool,
    /// Each setting of the configuration with its value, without passwords.
    pub configuration: Vec<(String, String)>,
}

/// What the handlers work with.
#[derive(Clone)]
pub struct Api {
    accounts: Accounts,
    doctor: Doctor,
    info: Arc<Info>,
    metrics: Arc<dyn Fn() -> String + Send + Sync>,
    bans: Bans,
    ready: Arc<Ready>,
    /// Tells once that the word of the proxy cannot be read.
    unreadable: Arc<Once>,
    streams: Arc<Streams>,
    /// Ends the streams.
    stop: CancellationToken,
}

/// Whether work should be sent here, or why not.
type Ready = dyn Fn() -> Result<(), Refusal> + Send + Sync;

impl Api {
    /// An API on these use cases. `metrics` renders the figures for Prometheus; `ready` tells
    /// whether mail can be taken, which `/readyz` repeats.
    pub fn new(
        accounts: Accounts,
        bans: Bans,
        doctor: Doctor,
        info: Info,
        metrics: impl Fn() -> String + Send + Sync + 'static,
        ready: impl Fn() -> Result<(), Refusal> + Send + Sync + 'static,
    ) -> Self {
        Self {
            accounts,
            bans,
            doctor,
            info: Arc::new(info),
            metrics: Arc::new(metrics),
            ready: Arc::new(ready),
            unreadable: Arc::new(Once::new()),
            streams: Arc::default(),
            stop: CancellationToken::new(),
        }
    }

    /// The same API, whose streams end with `stop`.
    #[must_use]
    pub fn until(self, stop: CancellationToken) -> Self {
        Self { stop, ..self }
    }

    /// The same API over these use cases.
    fn with(self, accounts: Accounts) -> Self {
        Self { accounts, ..self }
    }

    /// Where a request comes from. Of what a proxy says only the last counts: it wrote that itself.
    /// Where that cannot be read, all such requests count as one client, apart from this machine.
    fn client_of(&self, connection: Connection, headers: &HeaderMap) -> Option<IpAddr> {
        let Connection::Anybody(Some(peer)) = connection else {
            return None;
        };
        let said = headers.get_all("x-forwarded-for").iter().next_back();
        let Some(said) = said.filter(|_| self.info.behind_proxy) else {
            return Some(peer.to_canonical());
        };
        let last = said.to_str().ok().and_then(|said| said.rsplit(',').next());
        last.and_then(forwarded).or_else(|| {
            self.unreadable.call_once(|| {
                tracing::warn!(
                    header = ?said,
                    "X-Forwarded-For of the proxy cannot be read; it must end in an address. \
                     Clients behind it cannot be told apart"
                );
            });
            Some(UNKNOWN)
        })
    }
}

/// Stands for clients whose address the proxy did not tell.
const UNKNOWN: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// An address as proxies write it: plain or in brackets, with or without a port. One of IPv4 that
/// is mapped into IPv6 is the same client.
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let plain = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = match plain.unwrap_or(text).parse() {
        Ok(address) => address,
        Err(_) => text.parse::<SocketAddr>().ok()?.ip(),
    };
    Some(address.to_canonical())
}
