//! What a TLS handshake costs the side that accepts it. No sockets: both sides work in memory, in
//! one thread, and only the server's share of the time is counted.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, NamedGroup, RootCertStore, ServerConfig,
    ServerConnection, SupportedProtocolVersion,
    client::Resumption,
    crypto::CryptoProvider,
    pki_types::{PrivateKeyDer, ServerName},
    server::ProducesTickets,
    version::{TLS12, TLS13},
};

/// One kind of handshake.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// TLS 1.3, or 1.2.
    pub is_tls13: bool,
    /// An RSA key of 2048 bits, or ECDSA P-256.
    pub is_rsa: bool,
    /// With a ticket of an earlier session.
    pub is_resumed: bool,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let version = if self.is_tls13 { "TLS 1.3" } else { "TLS 1.2" };
        let what = match (self.is_resumed, self.is_rsa) {
            (true, _) => "resumed",
            (_, true) => "RSA-2048",
            (_, false) => "ECDSA P-256",
        };
        write!(f, "{version} {what}")
    }
}

/// Every kind that a device may ask for.
pub fn kinds() -> Vec<Kind> {
    let of = |(is_tls13, is_rsa, is_resumed)| Kind {
        is_tls13,
        is_rsa,
        is_resumed,
    };
    [
        (true, false, false),
        (true, true, false),
        (true, false, true),
        (false, false, false),
        (false, true, false),
        (false, false, true),
    ]
    .map(of)
    .to_vec()
}

/// Handshakes a second that one core can accept, by the median of `count`: what else runs on the
/// machine disturbs it little. With X25519, since devices know nothing newer. `tickets` is that of
/// the provider.
pub fn accepted_per_second(
    provider: &CryptoProvider,
    tickets: Arc<dyn ProducesTickets>,
    kind: Kind,
    count: u32,
) -> Result<f64> {
    let mut provider = provider.clone();
    provider
        .kx_groups
        .retain(|group| group.name() == NamedGroup::X25519);
    let provider = Arc::new(provider);
    let versions: &[&SupportedProtocolVersion] = if kind.is_tls13 { &[&TLS13] } else { &[&TLS12] };
    let algorithm = if kind.is_rsa {
        &PKCS_RSA_SHA256
    } else {
        &PKCS_ECDSA_P256_SHA256
    };
    let key = KeyPair::generate_for(algorithm)?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone())?;
    let mut server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    server.ticketer = tickets;
    server.send_tls13_tickets = 1;
    let server = Arc::new(server);
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    if !kind.is_resumed {
        client.resumption = Resumption::disabled();
    }
    let client = Arc::new(client);
    // The first fills caches, and brings the ticket.
    handshake(&client, &server)?;
    let mut spent = Vec::new();
    for _ in 0..count {
        let (took, how) = handshake(&client, &server)?;
        let is_resumed = how == Some(HandshakeKind::Resumed);
        anyhow::ensure!(is_resumed == kind.is_resumed, "{kind}: {how:?}");
        spent.push(took);
    }
    spent.sort_unstable();
    let median = spent.get(spent.len() / 2).context("no handshake")?;
    Ok(1.0 / median.as_secs_f64())
}

/// The time that the server took.
fn handshake(
    client: &Arc<ClientConfig>,
    server: &Arc<ServerConfig>,
) -> Result<(Duration, Option<HandshakeKind>)> {
    let name = ServerName::try_from("localhost")?;
    let mut client = ClientConnection::new(Arc::clone(client), name)?;
    let mut wire = Vec::with_capacity(16 * 1024);
    let begun = Instant::now();
    let mut server = ServerConnection::new(Arc::clone(server))?;
    let mut spent = begun.elapsed();
    loop {
        wire.clear();
        while client.wants_write() {
            client.write_tls(&mut wire)?;
        }
        let begun = Instant::now();
        let mut unread = wire.as_slice();
        while !unread.is_empty() {
            server.read_tls(&mut unread)?;
            server.process_new_packets()?;
        }
        let mut answer = Vec::with_capacity(4 * 1024);
        while server.wants_write() {
            server.write_tls(&mut answer)?;
        }
        spent += begun.elapsed();
        let is_quiet = answer.is_empty();
        let mut unread = answer.as_slice();
        while !unread.is_empty() {
            client.read_tls(&mut unread)?;
            client.process_new_packets().context("the client")?;
        }
        if is_quiet && !client.wants_write() {
            anyhow::ensure!(
                !client.is_handshaking() && !server.is_handshaking(),
                "stuck"
            );
            return Ok((spent, server.handshake_kind()));
        }
    }
}
