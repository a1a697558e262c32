//! TLS towards the other side: verified certificates, TLS 1.2 and 1.3, sessions that resume.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject},
    sign::SingleCertAndKey,
};

use super::{Advice, Setback, Verdict, identity::Identity};
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
        self.showing(ca_pem, None)
    }

    /// The same, and the certificate to show to a server that asks for one, with its chain.
    pub(super) fn showing(
        &self,
        ca_pem: Option<&str>,
        identity: Option<Identity>,
    ) -> Result<Arc<ClientConfig>, Setback> {
        let roots = match ca_pem {
            Some(pem) => Arc::new(private_authorities(pem)?),
            None => self.machine(),
        };
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))?
            .with_root_certificates(Arc::clone(&roots));
        let Some(identity) = identity else {
            return Ok(Arc::new(builder.with_no_client_auth()));
        };
        let known = [roots, self.machine()];
        if identity.lacks_intermediates(|name| known.iter().any(|roots| vouches(roots, name))) {
            return Err(lonely());
        }
        let shown = SingleCertAndKey::from(identity.certified);
        Ok(Arc::new(builder.with_client_cert_resolver(Arc::new(shown))))
    }

    /// What computes.
    pub(super) fn provider(&self) -> &CryptoProvider {
        &self.provider
    }

    fn machine(&self) -> Arc<RootCertStore> {
        Arc::clone(self.machine.get_or_init(|| Arc::new(machine_authorities())))
    }
}

/// Whether one of these authorities has that name: a root keeps the inside of its DER only.
fn vouches(roots: &RootCertStore, name: &[u8]) -> bool {
    roots
        .roots
        .iter()
        .any(|root| !root.subject.is_empty() && name.ends_with(root.subject.as_ref()))
}

fn lonely() -> Setback {
    Setback {
        advice: Some(Box::new(Advice {
            cause: "Microsoft can only tell whose certificate it is when the intermediates come with it."
                .to_owned(),
            remedy: "Append the intermediates of the authority to the PEM of the certificate (cat \
                     certificate.pem intermediates.pem) and set the route again: relayctl route set"
                .to_owned(),
        })),
        ..Setback::new(
            Verdict::HoldCredentials,
            Reason::RouteMisconfigured,
            "the certificate of the route: its chain lacks the intermediates",
        )
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
