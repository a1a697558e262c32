//! TLS of the listeners: rustls with aws-lc-rs, TLS 1.2 and 1.3, one certificate.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::{
    ServerConfig, ServerConnection,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};

use crate::model::TlsSummary;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file holds no readable certificate.
    #[error("the certificate cannot be read: {0}")]
    Certificate(String),
    /// The key file holds no readable private key.
    #[error("the private key cannot be read: {0}")]
    Key(String),
    /// Certificate and key do not work together.
    #[error("certificate and private key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The TLS configuration of listeners. Shared; a new certificate reaches the next handshake, and
/// sessions that are under way keep theirs.
#[derive(Debug)]
pub struct ServerTls(RwLock<Arc<ServerConfig>>);

impl ServerTls {
    /// Offers the certificate chain in `certificates` with the key in `key`, both PEM.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        Ok(Self(RwLock::new(configuration(certificates, key)?)))
    }

    /// Takes another certificate. After an error the old one stays in use.
    pub fn reload(&self, certificates: &[u8], key: &[u8]) -> Result<(), TlsError> {
        let next = configuration(certificates, key)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn configuration(certificates: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(certificates)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| TlsError::Certificate(e.to_string()))?;
    if chain.is_empty() {
        let what = "the file holds no CERTIFICATE section".to_owned();
        return Err(TlsError::Certificate(what));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| TlsError::Key(e.to_string()))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // Devices connect anew for every mail: resumption spares both sides the signature. Tickets
    // keep no state here; each connection hands out a fresh one, so one is enough.
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
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
    pub(in crate::smtp) fn certificate() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn files_that_do_not_fit_are_told_apart() {
        let (certificate, key) = certificate();
        let (_, other_key) = self::certificate();
        let refused = |certificate: &str, key: &str| {
            ServerTls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err()
        };
        assert!(matches!(refused("", &key), TlsError::Certificate(_)));
        assert!(matches!(refused(&key, &key), TlsError::Certificate(_)));
        assert!(matches!(refused(&certificate, ""), TlsError::Key(_)));
        assert!(matches!(
            refused(&certificate, &other_key),
            TlsError::Unusable(_)
        ));
    }

    #[test]
    fn a_reload_takes_effect_or_changes_nothing() {
        let (certificate, key) = certificate();
        let tls = ServerTls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        let first = tls.current();
        assert!(tls.reload(b"", key.as_bytes()).is_err());
        assert!(Arc::ptr_eq(&first, &tls.current()));
        let (certificate, key) = self::certificate();
        tls.reload(certificate.as_bytes(), key.as_bytes()).unwrap();
        assert!(!Arc::ptr_eq(&first, &tls.current()));
    }
}
