//! A certificate chain with its key, and what can be read in it.

use std::sync::Arc;

use jiff::Timestamp;
use rustls::{
    SignatureAlgorithm,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::TlsError;

/// A certificate chain with its key, ready for use. Clones share it.
#[derive(Debug, Clone)]
pub struct Certificate(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    certified: Arc<CertifiedKey>,
    subject: String,
    names: Vec<String>,
    not_before: Timestamp,
    not_after: Timestamp,
    is_self_signed: bool,
}

impl Certificate {
    /// Reads a chain, the certificate of the server first, and its key; both PEM.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let unreadable = |what: String| TlsError::Certificate(what);
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unreadable(error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| TlsError::Key(e.to_string()))?;
        let read = chain
            .iter()
            .map(|certificate| X509Certificate::from_der(certificate))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unreadable(error.to_string()))?;
        let Some((_, own)) = read.first() else {
            return Err(unreadable(
                "the file holds no CERTIFICATE section".to_owned(),
            ));
        };
        // A chain is as good as the certificate in it that ends first.
        let ends = read.iter().map(|(_, each)| each.validity().not_after);
        let ends = ends.map(|end| end.timestamp()).min().unwrap_or(i64::MAX);
        let (subject, names) = (own.subject().to_string(), dns_names(own));
        let not_before = time(own.validity().not_before.timestamp());
        let is_self_signed = own.subject().as_raw() == own.issuer().as_raw();
        let provider = aws_lc_rs::default_provider();
        let certified = match CertifiedKey::from_der(chain.clone(), key, &provider) {
            Err(rustls::Error::InconsistentKeys(_)) => return Err(TlsError::Mismatch),
            other => Arc::new(other?),
        };
        Ok(Self(Arc::new(Parts {
            certified,
            subject,
            names,
            not_before,
            not_after: time(ends),
            is_self_signed,
        })))
    }

    /// Whom it was made out to.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The host names it is good for, in lower case, wildcards among them.
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// When it begins to be good.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// When it, or a certificate of its chain, ends.
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// Whether nobody but itself vouches for it.
    pub fn is_self_signed(&self) -> bool {
        self.0.is_self_signed
    }

    /// Whether its key is RSA, as old devices want it.
    pub fn is_rsa(&self) -> bool {
        self.0.certified.key.algorithm() == SignatureAlgorithm::RSA
    }

    /// Whether it is good for this host name.
    pub fn covers(&self, hostname: &str) -> bool {
        let name = hostname.to_ascii_lowercase();
        let wildcard = wildcard_of(&name);
        let names = &self.0.names;
        names
            .iter()
            .any(|known| *known == name || Some(known) == wildcard.as_ref())
    }

    /// Whether this is the same chain as another.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.certified.cert == other.0.certified.cert
    }

    pub(super) fn certified(&self) -> &Arc<CertifiedKey> {
        &self.0.certified
    }
}

/// The wildcard that covers a name: one label is replaced, no more (RFC 6125 §6.4.3).
pub(super) fn wildcard_of(name: &str) -> Option<String> {
    let (_, parent) = name.split_once('.')?;
    Some(format!("*.{parent}"))
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

/// Seconds since 1970 as they stand in a certificate; far years are as good as the last one.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
