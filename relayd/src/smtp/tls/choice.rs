//! Which certificate a client is shown: by the name it asks for (SNI) and what it can verify.

use std::{collections::HashMap, sync::Arc};

use rustls::{
    SignatureScheme,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::certificate::{Certificate, wildcard_of};

/// A certificate and the names it is shown for.
#[derive(Debug, Clone)]
pub struct NamedCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Host names, wildcards among them; empty for those that stand in the certificate.
    pub names: Vec<String>,
}

/// The certificates of a listener.
#[derive(Debug)]
pub(super) struct Choice {
    by_name: HashMap<String, Vec<Arc<CertifiedKey>>>,
    /// The default first.
    all: Vec<Arc<CertifiedKey>>,
}

impl Choice {
    pub(super) fn new(default: &Certificate, further: &[NamedCertificate]) -> Self {
        let mut choice = Self {
            by_name: HashMap::new(),
            all: Vec::new(),
        };
        choice.add(default, default.names());
        for NamedCertificate { certificate, names } in further {
            let own = names.is_empty().then(|| certificate.names());
            choice.add(certificate, own.unwrap_or(names));
        }
        choice
    }

    fn add(&mut self, certificate: &Certificate, names: &[String]) {
        let certified = certificate.certified();
        self.all.push(Arc::clone(certified));
        for name in names {
            let known = self.by_name.entry(name.to_ascii_lowercase()).or_default();
            // RSA is the dearer signature: it is for those who know nothing else.
            let place = if certificate.is_rsa() { known.len() } else { 0 };
            known.insert(place, Arc::clone(certified));
        }
    }

    /// The exact name before the wildcard before the default; in each case one whose signature
    /// the client can verify. A client that can verify none of these is shown any certificate
    /// that it can: old devices rarely look at the name.
    fn choose(
        &self,
        name: Option<&str>,
        schemes: &[SignatureScheme],
    ) -> Option<&Arc<CertifiedKey>> {
        let name = name.map(str::to_ascii_lowercase);
        let wildcard = name.as_deref().and_then(wildcard_of);
        let named = [name, wildcard].into_iter().flatten();
        named
            .filter_map(|name| self.by_name.get(&name))
            .flatten()
            .chain(&self.all)
            .find(|certified| certified.key.choose_scheme(schemes).is_some())
    }
}

impl ResolvesServerCert for Choice {
    fn resolve(&self, client: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // rustls leaves out the schemes that no suite of the client goes with.
        self.choose(client.server_name(), client.signature_schemes())
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SignatureAlgorithm};

    use super::*;

    fn certificate(names: &[&str], algorithm: &'static SignatureAlgorithm) -> Certificate {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let params = rcgen::CertificateParams::new(names).unwrap();
        let made = params.self_signed(&key).unwrap();
        Certificate::from_pem(made.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
    }

    #[test]
    fn the_name_then_the_wildcard_then_the_default() {
        let ecdsa = &PKCS_ECDSA_P256_SHA256;
        let default = certificate(&["relay.example.com"], ecdsa);
        let wildcard = certificate(&["*.example.org"], ecdsa);
        let exact = certificate(&["mail.example.org"], ecdsa);
        let old = certificate(&["relay.example.com", "old.example.net"], &PKCS_RSA_SHA256);
        let restricted = certificate(&["a.example.net", "b.example.net"], ecdsa);
        let named = |certificate: &Certificate, names: &[&str]| NamedCertificate {
            certificate: certificate.clone(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let choice = Choice::new(
            &default,
            &[
                named(&wildcard, &[]),
                named(&exact, &[]),
                named(&old, &[]),
                named(&restricted, &["B.example.net"]),
            ],
        );
        let modern = [
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::RSA_PSS_SHA256,
        ];
        let only_rsa = [SignatureScheme::RSA_PKCS1_SHA256];
        for (name, schemes, expected) in [
            (Some("relay.example.com"), &modern[..], &default),
            (Some("relay.example.com"), &only_rsa, &old),
            (Some("MAIL.example.org"), &modern, &exact),
            (Some("other.example.org"), &modern, &wildcard),
            (Some("a.b.example.org"), &modern, &default),
            (Some("example.org"), &modern, &default),
            (Some("old.example.net"), &modern, &old),
            (Some("a.example.net"), &modern, &default),
            (Some("b.example.net"), &modern, &restricted),
            (Some("localhost"), &modern, &default),
            (None, &modern, &default),
            (None, &only_rsa, &old),
            (Some("mail.example.org"), &only_rsa, &old),
        ] {
            let chosen = choice.choose(name, schemes).unwrap();
            assert!(
                Arc::ptr_eq(chosen, expected.certified()),
                "{name:?} {schemes:?}"
            );
        }
        assert!(choice.choose(None, &[SignatureScheme::ED448]).is_none());
    }
}
