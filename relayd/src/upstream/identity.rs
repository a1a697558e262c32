//! A certificate with its chain and its key: read, and looked at before anybody else does, since the
//! other side says no more than that it does not know us.

use jiff::Timestamp;
use rustls::{
    SignatureAlgorithm,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{Advice, Setback, Verdict};
use crate::model::{ClientCertificate, Reason};

/// A certificate that can be shown or signed with.
#[derive(Debug)]
pub(super) struct Identity {
    /// With its chain, the certificate itself first.
    pub(super) certified: CertifiedKey,
    /// What the last certificate of the chain says who vouches for it; DER of the name.
    last_issuer: Vec<u8>,
    /// Whether the last one vouches for itself.
    is_complete: bool,
}

impl Identity {
    /// Reads chain and key, and looks whether they fit together and are good now.
    pub(super) fn read(
        certificate: &ClientCertificate,
        provider: &CryptoProvider,
        now: Timestamp,
    ) -> Result<Self, Setback> {
        let chain = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unusable(format!("its PEM cannot be read: {error}"), SET_AGAIN))?;
        let (last_issuer, is_complete) = inspect(&chain, now)?;
        let key = read_key(certificate.key.expose())?;
        let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| {
            match error {
                rustls::Error::InconsistentKeys(_) => {
                    unusable("the key does not belong to the certificate", SET_AGAIN)
                }
                // What a key reader says of a key may hold parts of it.
                _ => unusable("its key is of no kind that can be used", SET_AGAIN),
            }
        })?;
        Ok(Self {
            certified,
            last_issuer,
            is_complete,
        })
    }

    /// The certificate itself.
    pub(super) fn leaf(&self) -> &[u8] {
        self.certified
            .cert
            .first()
            .map_or(&[], |certificate| certificate.as_ref())
    }

    /// Whether the key is RSA.
    pub(super) fn is_rsa(&self) -> bool {
        self.certified.key.algorithm() == SignatureAlgorithm::RSA
    }

    /// Whether a certificate stands alone that an intermediate vouches for: the other side could not
    /// tell who it is. `is_root` knows the authorities by the DER of their names.
    pub(super) fn lacks_intermediates(&self, is_root: impl Fn(&[u8]) -> bool) -> bool {
        self.certified.cert.len() == 1 && !self.is_complete && !is_root(&self.last_issuer)
    }
}

/// What mends a certificate that cannot be used.
const SET_AGAIN: &str = "Set the route again with the PEM of the certificate, followed by its \
                         intermediates, and with the PEM of its key: relayctl route set";

/// Looks at validity and order; gives who vouches for the last one, and whether that is itself.
fn inspect(chain: &[CertificateDer<'_>], now: Timestamp) -> Result<(Vec<u8>, bool), Setback> {
    let read = chain
        .iter()
        .map(|certificate| X509Certificate::from_der(certificate))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(format!("it cannot be read: {error}"), SET_AGAIN))?;
    let Some((_, last)) = read.last() else {
        return Err(unusable("its PEM holds no CERTIFICATE section", SET_AGAIN));
    };
    for (_, each) in &read {
        let validity = each.validity();
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        let subject = each.subject();
        if at(validity.not_after.timestamp()) <= now {
            let end = at(validity.not_after.timestamp());
            return Err(unusable(
                format!("{subject} expired at {end}"),
                "Have a new certificate issued, register it where the old one is, and set it: \
                 relayctl route set",
            ));
        }
        if at(validity.not_before.timestamp()) > now {
            let begin = at(validity.not_before.timestamp());
            return Err(unusable(
                format!("{subject} is good from {begin} on, not yet"),
                "Look whether the clock of this machine is right: timedatectl",
            ));
        }
    }
    for (one, next) in read.iter().zip(read.iter().skip(1)) {
        if one.1.issuer().as_raw() != next.1.subject().as_raw() {
            return Err(unusable(
                format!(
                    "its chain is out of order: {} vouches for {}, but {} follows",
                    one.1.issuer(),
                    one.1.subject(),
                    next.1.subject()
                ),
                SET_AGAIN,
            ));
        }
    }
    let issuer = last.issuer().as_raw().to_vec();
    let is_complete = issuer == last.subject().as_raw();
    Ok((issuer, is_complete))
}

/// A private key: PKCS#8, PKCS#1 or SEC1.
fn read_key(pem: &str) -> Result<PrivateKeyDer<'static>, Setback> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| {
        if pem.contains("ENCRYPTED") {
            unusable(
                "its key is locked with a passphrase",
                "Take the passphrase off, since relayd seals the key itself: \
                 openssl pkey -in locked.pem -out key.pem",
            )
        } else {
            unusable("its key is no PRIVATE KEY section of PEM", SET_AGAIN)
        }
    })
}

fn unusable(detail: impl std::fmt::Display, remedy: &str) -> Setback {
    let detail = format!("the certificate of the route: {detail}");
    Setback {
        advice: Some(Box::new(Advice {
            cause: "The certificate of the route cannot be used as it is.".to_owned(),
            remedy: remedy.to_owned(),
        })),
        ..Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;
    use crate::model::Secret;

    fn provider() -> Arc<CryptoProvider> {
        Arc::new(rustls::crypto::aws_lc_rs::default_provider())
    }

    fn now() -> Timestamp {
        "2026-11-22T09:00:00Z".parse().unwrap()
    }

    struct Made {
        pem: String,
        key: String,
    }

    fn made(from: i32, until: i32, name: &str) -> Made {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["relay.acme.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        Made {
            pem: params.self_signed(&key).unwrap().pem(),
            key: key.serialize_pem(),
        }
    }

    fn read(chain_pem: &str, key: &str) -> Result<Identity, Setback> {
        let certificate = ClientCertificate {
            chain_pem: chain_pem.to_owned(),
            key: Secret::new(key),
        };
        Identity::read(&certificate, &provider(), now())
    }

    #[test]
    fn what_cannot_be_used_is_named_without_the_key() {
        let good = made(2026, 2028, "good");
        let old = made(2024, 2026, "old");
        let new = made(2027, 2029, "new");
        let other = made(2026, 2028, "other");
        let unordered = format!("{}{}", good.pem, other.pem);
        let locked =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        for (chain, key, expected) in [
            ("", good.key.as_str(), "no CERTIFICATE"),
            (&old.pem, &old.key, "expired at 2026-01-01"),
            (&new.pem, &new.key, "good from 2027-01-01"),
            (&good.pem, &other.key, "does not belong"),
            (&good.pem, locked, "passphrase"),
            (&good.pem, "hunter2", "no PRIVATE KEY"),
            (&unordered, &good.key, "out of order"),
        ] {
            let setback = read(chain, key).unwrap_err();
            let shown = format!("{setback} {setback:?}");
            assert!(shown.contains(expected), "{shown} for {expected}");
            assert!(!shown.contains("hunter2"), "{shown}");
            assert_eq!(setback.verdict, Verdict::HoldCredentials);
            assert!(setback.advice.is_some());
        }
        let good = read(&good.pem, &good.key).unwrap();
        assert!(!good.lacks_intermediates(|_| false) && !good.is_rsa());
    }
}
