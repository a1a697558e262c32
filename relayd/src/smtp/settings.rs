//! What the door is told when it is opened.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::{Encryption, Entrance, ServerTls};
use crate::model::Network;

/// Everything the door needs to know.
#[derive(Debug)]
pub struct Settings {
    /// What the relay calls itself in greetings.
    pub hostname: String,
    /// Where it listens.
    pub listeners: Vec<ListenerSettings>,
    /// How long it waits.
    pub timeouts: Timeouts,
    /// How much it takes.
    pub caps: Caps,
}

/// One listener.
#[derive(Debug)]
pub struct ListenerSettings {
    /// Name in logs, figures and the log of refusals.
    pub name: String,
    /// The address.
    pub bind: Bind,
    /// Whether and how connections are encrypted.
    pub mode: Mode,
    /// Where devices may sign in without TLS, because they cannot speak TLS 1.2.
    pub plaintext_auth_networks: Vec<Network>,
    /// Whether devices that are known by their address may send without signing in.
    pub address_auth: bool,
    /// Proxies in front: their connections begin with a header of the PROXY protocol, and nobody
    /// else's may.
    pub proxy_networks: Vec<Network>,
}

impl ListenerSettings {
    /// What decides here who may do what.
    pub(super) fn entrance(&self) -> Entrance {
        Entrance {
            name: self.name.as_str().into(),
            encryption: match self.mode {
                Mode::StartTls(_) => Encryption::StartTls,
                Mode::Implicit(_) => Encryption::Implicit,
                Mode::None => Encryption::None,
            },
            plaintext_auth_networks: self.plaintext_auth_networks.clone(),
            address_auth: self.address_auth,
        }
    }
}

/// The socket of a listener.
#[derive(Debug)]
pub enum Bind {
    /// An address to bind; port 0 takes a free one.
    Address(SocketAddr),
    /// A socket that listens already.
    Socket(std::net::TcpListener),
}

/// Whether and how connections are encrypted.
#[derive(Debug, Clone)]
pub enum Mode {
    /// Plaintext first, TLS by STARTTLS (RFC 3207).
    StartTls(Arc<ServerTls>),
    /// TLS from the first byte (RFC 8314).
    Implicit(Arc<ServerTls>),
    /// Never TLS. Nobody can sign in but from the listener's `plaintext_auth_networks`.
    None,
}

/// How long the door waits for a client. Every one is absolute: a byte now and then buys no time.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// The header of a proxy.
    pub proxy_header: Duration,
    /// TLS handshake.
    pub handshake: Duration,
    /// From the connection to a successful sign-in.
    pub sign_in: Duration,
    /// One command line, once signed in (RFC 5321 §4.5.3.2.7 asks for 5 minutes).
    pub command: Duration,
    /// The next bytes of a body.
    pub body_idle: Duration,
    /// A whole body, besides what `body_rate` grants.
    pub body: Duration,
    /// Bytes of a body that earn one second more. Bytes over the size limit earn nothing.
    pub body_rate: u64,
    /// The next bytes of a body that is refused already.
    pub discard_idle: Duration,
    /// Taking a reply off us.
    pub reply: Duration,
    /// An answer of the backend.
    pub backend: Duration,
    /// At shutdown, for messages that are on their way in.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            proxy_header: Duration::from_secs(5),
            handshake: Duration::from_secs(30),
            sign_in: Duration::from_mins(2),
            command: Duration::from_mins(5),
            body_idle: Duration::from_mins(3),
            body: Duration::from_mins(10),
            body_rate: 4096,
            discard_idle: Duration::from_secs(30),
            reply: Duration::from_mins(1),
            backend: Duration::from_mins(2),
            drain: Duration::from_secs(20),
        }
    }
}

/// How much the door takes.
#[derive(Debug, Clone)]
pub struct Caps {
    /// Connections in all.
    pub sessions: usize,
    /// Connections of one client address.
    pub sessions_per_address: usize,
    /// Connections of one /24 (IPv4) or /64 (IPv6).
    pub sessions_per_network: usize,
    /// Connections from proxies that have not said yet whose they are, on each listener.
    pub unannounced: usize,
    /// Refusals in one session since its last accepted message.
    pub errors: u32,
    /// Failed sign-ins in one session.
    pub failed_sign_ins: u32,
    /// Commands of a session before its sign-in, or before its address is recognized.
    pub stranger_commands: u32,
    /// Bytes that a session reads before its sign-in, or before its address is recognized.
    pub stranger_bytes: usize,
    /// Commands of a session that is no stranger since its sign-in or its last accepted message,
    /// recipients not counted.
    pub commands: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            sessions: 5000,
            sessions_per_address: 100,
            sessions_per_network: 1000,
            unannounced: 500,
            errors: 20,
            failed_sign_ins: 3,
            stranger_commands: 100,
            stranger_bytes: 256 * 1024,
            commands: 1000,
        }
    }
}
