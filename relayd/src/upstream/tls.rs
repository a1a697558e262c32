//! TLS towards the other side: verified certificates, TLS 1.2 and 1.3, sessions that resume.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::{Setback, Verdict};
use crate::model::Reason;

/// Whom to trust. The machine's authorities are read once, at the first route that needs them.
#[derive(Debug)]
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    machine: OnceLock<Arc<RootCertStore>>,
}

impl Trust {
    pub(super) fn new() -> Self {
        Self {
            provider: Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
            machine: OnceLock::new(),
        }
    }

    /// The settings of one route, with a session store of their own, so that a connection resumes
    /// sessions of its own route only. `ca_pem` stands in place of the machine's authorities.
    pub(super) fn client_config(&self, ca_pem: Option<&str>) -> Result<Arc<ClientConfig>, Setback> {
        let roots = match ca_pem {
            Some(pem) => Arc::new(private_authorities(pem)?),
            None => Arc::clone(self.machine.get_or_init(|| Arc::new(machine_authorities()))),
        };
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}

fn private_authorities(pem: &str) -> Result<RootCertStore, Setback> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        certificate
            .map_err(|error| error.to_string())
            .and_then(|der| roots.add(der).map_err(|error| error.to_string()))
            .map_err(|error| unusable(format!("the authorities of the route: {error}")))?;
    }
    if roots.is_empty() {
        return Err(unusable(
            "the authorities of the route hold no certificate".to_owned(),
        ));
    }
    Ok(roots)
}

fn machine_authorities() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the machine's certificate authorities cannot be read");
    }
    let mut roots = RootCertStore::empty();
    // A machine's store now and then holds a certificate that no verifier takes; the rest is good.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        tracing::warn!(
            "the machine has no certificate authorities; every verified route will fail"
        );
    }
    roots
}

fn unusable(detail: String) -> Setback {
    Setback::new(Verdict::HoldCredentials, Reason::RouteTlsFailed, detail)
}
