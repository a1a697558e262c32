//! A certificate with its key, as a route shows it to a server or signs with it: read once, and
//! what can be read in it.

use std::fmt::Write as _;

use jiff::Timestamp;
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use x509_parser::{
    certificate::X509Certificate, extensions::GeneralName, prelude::FromDer, public_key::PublicKey,
};

use crate::model::Secret;

/// Certificates of a chain beyond which something is wrong with the file.
const LONGEST_CHAIN: usize = 10;
/// RSA keys below this are refused by Microsoft Entra and by mail servers.
const LEAST_RSA_BITS: usize = 2048;

/// A certificate with its chain and its key, to show to a server or to sign with.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    /// PEM: the certificate first, then the intermediates up to the root.
    pub chain_pem: String,
    /// PEM of its private key.
    pub key: Secret,
}

/// Why a certificate or its key is of no use. Never holds a part of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The chain cannot be read.
    #[error("{0}")]
    Chain(String),
    /// The key cannot be read.
    #[error("the private key in PEM form, not encrypted")]
    Key,
    /// The key is that of another certificate.
    #[error("is not the private key of the certificate")]
    Mismatch,
}

/// What can be read in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whom it was made out to.
    pub subject: String,
    /// Its common name, where it has one.
    pub common_name: Option<String>,
    /// Its host names, in lower case.
    pub names: Vec<String>,
    /// When it begins to be good.
    pub not_before: Timestamp,
    /// When it, or a certificate of its chain, ends.
    pub not_after: Timestamp,
    /// SHA-256 of the certificate in hexadecimal digits.
    pub thumbprint: String,
    /// Whether its key is RSA.
    pub is_rsa: bool,
    /// Whether nobody but itself vouches for it.
    pub is_self_signed: bool,
    /// Certificates in the chain, this one included.
    pub chain: usize,
}

impl ClientCertificate {
    /// Takes a chain and its key, provided that they fit each other.
    pub fn new(chain_pem: &str, key: Secret) -> Result<(Self, CertificateFacts), CertificateError> {
        let chain_pem = certificates_of(chain_pem);
        let certificate = Self { chain_pem, key };
        let facts = certificate.facts()?;
        let key = PrivateKeyDer::from_pem_slice(certificate.key.expose().as_bytes())
            .map_err(|_| CertificateError::Key)?;
        let chain = certificate.chain()?;
        match CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()) {
            Ok(_) => Ok((certificate, facts)),
            Err(rustls::Error::InconsistentKeys(_)) => Err(CertificateError::Mismatch),
            Err(_) => Err(CertificateError::Key),
        }
    }

    /// What can be read in it.
    pub fn facts(&self) -> Result<CertificateFacts, CertificateError> {
        let chain = self.chain()?;
        let unreadable = |_| CertificateError::Chain("cannot be read as X.509".to_owned());
        let read = chain
            .iter()
            .map(|der| Ok(X509Certificate::from_der(der).map_err(unreadable)?.1))
            .collect::<Result<Vec<_>, _>>()?;
        let (Some(own), Some(der)) = (read.first(), chain.first()) else {
            return Err(no_certificate());
        };
        follows(&read)?;
        // A chain is as good as the certificate in it that ends first.
        let ends = read.iter().map(|it| it.validity().not_after.timestamp());
        let common_name = own.subject().iter_common_name().next();
        Ok(CertificateFacts {
            subject: own.subject().to_string(),
            common_name: common_name
                .and_then(|it| it.as_str().ok())
                .map(str::to_owned),
            names: dns_names(own),
            not_before: time(own.validity().not_before.timestamp()),
            not_after: time(ends.min().unwrap_or(i64::MAX)),
            thumbprint: hexadecimal(&Sha256::digest(der)),
            is_rsa: is_rsa(own)?,
            is_self_signed: own.subject().as_raw() == own.issuer().as_raw(),
            chain: chain.len(),
        })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
        let chain = CertificateDer::pem_slice_iter(self.chain_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| no_certificate())?;
        match chain.len() {
            0 => Err(no_certificate()),
            1..=LONGEST_CHAIN => Ok(chain),
            _ => Err(CertificateError::Chain(format!(
                "holds more than {LONGEST_CHAIN} certificates"
            ))),
        }
    }
}

impl CertificateFacts {
    /// The name that a connector of Exchange Online knows it by: the common name where that is a
    /// domain, or else the first of its host names.
    pub fn connector_name(&self) -> Option<&str> {
        let common = self.common_name.as_deref();
        common
            .filter(|name| name.contains('.') && !name.contains(' '))
            .or_else(|| self.names.first().map(String::as_str))
    }

    /// Whether whoever verifies it may lack a certificate between it and a known authority.
    pub const fn is_alone(&self) -> bool {
        self.chain == 1 && !self.is_self_signed
    }
}

/// The certificates alone: a file may hold the key, too, and the chain is no secret.
fn certificates_of(pem: &str) -> String {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let sections = pem.split(BEGIN).skip(1);
    let bodies = sections.filter_map(|section| section.split_once(END));
    let mut certificates = String::new();
    for (body, _) in bodies {
        certificates.extend([BEGIN, body, END, "\n"]);
    }
    certificates
}

fn no_certificate() -> CertificateError {
    CertificateError::Chain("a certificate and its chain in PEM form".to_owned())
}

/// Each certificate has to be vouched for by the next one: a server takes the chain as it comes.
fn follows(chain: &[X509Certificate<'_>]) -> Result<(), CertificateError> {
    let is_broken = |pair: &[X509Certificate<'_>]| match pair {
        [this, next] => this.issuer().as_raw() != next.subject().as_raw(),
        _ => false,
    };
    match chain.windows(2).position(is_broken) {
        None => Ok(()),
        Some(place) => Err(CertificateError::Chain(format!(
            "certificate {} of the file is not the issuer of the one before it; the order is the \
             certificate, then its intermediates",
            place + 2
        ))),
    }
}

fn is_rsa(certificate: &X509Certificate<'_>) -> Result<bool, CertificateError> {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) if key.key_size() < LEAST_RSA_BITS => Err(CertificateError::Chain(
            format!("its RSA key is too short: at least {LEAST_RSA_BITS} bits"),
        )),
        Ok(PublicKey::RSA(_)) => Ok(true),
        _ => Ok(false),
    }
}

fn dns_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let names = extension.value.general_names.iter();
    names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}

/// Seconds since 1970 as they stand in a certificate; far years are as good as the last one.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(names: &[&str], common_name: &str) -> (String, String) {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, common_name);
        params.not_after = rcgen::date_time_ymd(2028, 2, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    #[test]
    fn a_certificate_tells_what_a_connector_needs() {
        let (chain, key) = issued(&["Relay.acme.example"], "relay.acme.example");
        let (_, facts) = ClientCertificate::new(&chain, Secret::new(key)).unwrap();
        assert_eq!(facts.names, ["relay.acme.example"]);
        assert_eq!(facts.connector_name(), Some("relay.acme.example"));
        assert_eq!(facts.not_after.to_string(), "2028-02-01T00:00:00Z");
        assert!(facts.is_self_signed && !facts.is_alone() && !facts.is_rsa);
        assert_eq!(facts.thumbprint.len(), 64);
        let (chain, key) = issued(&["relay.acme.example"], "Acme Relay");
        let both = format!("{key}\nSubject: x\n{chain}");
        let (kept, facts) = ClientCertificate::new(&both, Secret::new(key)).unwrap();
        assert!(!kept.chain_pem.contains("KEY"));
        assert_eq!(facts.connector_name(), Some("relay.acme.example"));
    }

    #[test]
    fn what_does_not_fit_is_refused_without_showing_the_key() {
        let (chain, key) = issued(&["relay.acme.example"], "one");
        let (other, other_key) = issued(&["relay.acme.example"], "two");
        let refused =
            |chain: &str, key: &str| ClientCertificate::new(chain, Secret::new(key)).unwrap_err();
        assert_eq!(refused(&chain, &other_key), CertificateError::Mismatch);
        assert_eq!(refused(&chain, "no key"), CertificateError::Key);
        for chain in ["", &key, &(chain.clone() + &other)] {
            assert!(
                matches!(refused(chain, &key), CertificateError::Chain(_)),
                "{chain}"
            );
        }
    }
}
