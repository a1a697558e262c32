//! TLS of the listeners: rustls with aws-lc-rs, TLS 1.2 and 1.3, certificates by name.

mod certificate;
mod choice;
mod handshake;

use std::sync::{Arc, PoisonError, RwLock};

use rustls::{
    ServerConfig, ServerConnection,
    crypto::aws_lc_rs,
    version::{TLS12, TLS13},
};

use crate::model::TlsSummary;
use choice::Choice;

pub use certificate::Certificate;
pub use choice::NamedCertificate;
pub(super) use handshake::{Failed, HANDSHAKE_RECORD, Why, accept};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file holds no readable certificate.
    #[error("the certificate cannot be read: {0}")]
    Certificate(String),
    /// The key file holds no readable private key.
    #[error("the private key cannot be read: {0}")]
    Key(String),
    /// The key is that of another certificate.
    #[error("the private key does not belong to the certificate")]
    Mismatch,
    /// The key, or TLS itself, cannot be used.
    #[error("certificate and private key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The TLS configuration of listeners. Shared; new certificates reach the next handshake, and
/// sessions that are under way keep theirs.
#[derive(Debug)]
pub struct ServerTls(RwLock<Arc<ServerConfig>>);

impl ServerTls {
    /// Shows `default` to clients that name no host or none of `further`.
    pub fn new(default: &Certificate, further: &[NamedCertificate]) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Choice::new(default, further)));
        // Devices connect anew for every mail: resumption spares both sides the signature.
        // Tickets keep no state here; each connection hands out a fresh one, so one is enough.
        config.ticketer = aws_lc_rs::Ticketer::new()?;
        config.send_tls13_tickets = 1;
        Ok(Self(RwLock::new(Arc::new(config))))
    }

    /// Takes other certificates. The keys of tickets stay, so that devices resume as before.
    pub fn reload(&self, default: &Certificate, further: &[NamedCertificate]) {
        let mut config = (*self.current()).clone();
        config.cert_resolver = Arc::new(Choice::new(default, further));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a handshake agreed on.
pub(super) fn summary(connection: &ServerConnection) -> TlsSummary {
    let version = match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
        _ => "TLSv1.3",
    };
    let suite = connection
        .negotiated_cipher_suite()
        .and_then(|suite| suite.suite().as_str())
        .unwrap_or_default();
    TlsSummary {
        version,
        // rustls marks the suites of TLS 1.3 by a prefix that IANA does not know.
        cipher: suite.replacen("TLS13_", "TLS_", 1),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A self-signed certificate for `localhost` and its key, as PEM.
    pub(in crate::smtp) fn pem() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn files_that_do_not_fit_are_told_apart() {
        let (certificate, key) = pem();
        let (_, other_key) = pem();
        let refused = |certificate: &str, key: &str| {
            Certificate::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err()
        };
        assert!(matches!(refused("", &key), TlsError::Certificate(_)));
        assert!(matches!(refused(&key, &key), TlsError::Certificate(_)));
        assert!(matches!(refused(&certificate, ""), TlsError::Key(_)));
        assert!(matches!(
            refused(&certificate, &other_key),
            TlsError::Mismatch
        ));
        let not_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(refused(not_der, &key), TlsError::Certificate(_)));
    }

    #[test]
    fn a_certificate_tells_its_names_and_dates() {
        let names = ["Relay.example.com".to_owned(), "*.example.org".to_owned()];
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 2);
        params.not_after = rcgen::date_time_ymd(2027, 3, 4);
        let key = rcgen::KeyPair::generate().unwrap();
        let chain = params.self_signed(&key).unwrap().pem();
        let read = Certificate::from_pem(chain.as_bytes(), key.serialize_pem().as_bytes());
        let read = read.unwrap();
        assert_eq!(read.names(), ["relay.example.com", "*.example.org"]);
        assert_eq!(read.not_before().to_string(), "2026-01-02T00:00:00Z");
        assert_eq!(read.not_after().to_string(), "2027-03-04T00:00:00Z");
        assert!(read.is_self_signed() && !read.is_rsa());
        for (name, covered) in [
            ("relay.example.com", true),
            ("RELAY.EXAMPLE.COM", true),
            ("mail.example.org", true),
            ("example.org", false),
            ("a.b.example.org", false),
            ("localhost", false),
        ] {
            assert_eq!(read.covers(name), covered, "{name}");
        }
    }

    #[test]
    fn a_chain_ends_with_its_first_certificate_to_end() {
        let key = rcgen::KeyPair::generate().unwrap();
        let until = |year| {
            let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
            params.self_signed(&key).unwrap().pem()
        };
        let chain = until(2030) + &until(2027);
        let read = Certificate::from_pem(chain.as_bytes(), key.serialize_pem().as_bytes());
        let end = read.unwrap().not_after().to_string();
        assert_eq!(end, "2027-01-01T00:00:00Z");
    }
}
