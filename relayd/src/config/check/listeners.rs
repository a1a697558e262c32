//! `[[listener]]`: where devices connect, and the certificates they are shown.

use std::{
    collections::{HashMap, HashSet},
    net::{Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use toml::Spanned;

use super::values::{check_address, check_networks, is_host_name};
use crate::config::{
    CertificateFiles, Listener, ListenerTls, SniCertificate, complaint::Collector, raw,
};

pub(super) fn check_listeners(
    raw: Vec<raw::Listener>,
    base: &Path,
    complaints: &mut Collector,
) -> Vec<Listener> {
    if raw.is_empty() {
        return default_listeners();
    }
    let mut seen = HashSet::new();
    let mut bound = HashMap::new();
    raw.into_iter()
        .map(|listener| {
            let span = listener.name.span();
            let name = listener.name.into_inner();
            if name.is_empty() || !seen.insert(name.clone()) {
                complaints.add(
                    span,
                    "name is empty or used twice",
                    "name each listener differently",
                );
            }
            let address = check_address(&listener.address, complaints);
            // Port 0 is any free one.
            if address.port() != 0
                && let Some(other) = bound.insert(address, name.clone())
            {
                let what = format!("listener {other} has this address already");
                let remedy = "give each listener a port or an address of its own";
                complaints.add(listener.address.span(), &what, remedy);
            }
            let pair = (listener.certificate, listener.key);
            Listener {
                name,
                address,
                tls: listener.tls,
                certificate: check_pair(pair, base, complaints),
                sni: check_sni(listener.sni, base, complaints),
                plaintext_auth_networks: check_networks(
                    listener.plaintext_auth_networks,
                    complaints,
                ),
                address_auth: listener.address_auth,
                proxy_networks: check_networks(listener.proxy_networks, complaints),
            }
        })
        .collect()
}

/// A certificate with its key, or neither.
fn check_pair(
    given: (Option<Spanned<PathBuf>>, Option<Spanned<PathBuf>>),
    base: &Path,
    complaints: &mut Collector,
) -> Option<CertificateFiles> {
    match given {
        (Some(certificate), Some(key)) => Some(CertificateFiles {
            certificate: base.join(certificate.into_inner()),
            key: base.join(key.into_inner()),
        }),
        (None, None) => None,
        (Some(lonely), None) | (None, Some(lonely)) => {
            let remedy = "give certificate and key together";
            complaints.add(lonely.span(), "half a pair", remedy);
            None
        }
    }
}

fn check_sni(given: Vec<raw::Sni>, base: &Path, complaints: &mut Collector) -> Vec<SniCertificate> {
    let mut check_name = |name: Spanned<String>| {
        let own = name.get_ref().to_ascii_lowercase();
        if !is_host_name(own.strip_prefix("*.").unwrap_or(&own)) {
            let remedy = "write a name such as mail.example.com or *.example.com";
            complaints.add(name.span(), "not a host name", remedy);
        }
        own
    };
    given
        .into_iter()
        .map(|sni| SniCertificate {
            files: CertificateFiles {
                certificate: base.join(sni.certificate),
                key: base.join(sni.key),
            },
            names: sni.names.into_iter().map(&mut check_name).collect(),
        })
        .collect()
}

/// Message submission (RFC 6409) and submissions (RFC 8314) on every address.
fn default_listeners() -> Vec<Listener> {
    let on = |name: &str, port, tls| Listener {
        name: name.to_owned(),
        address: SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
        tls,
        certificate: None,
        sni: Vec::new(),
        plaintext_auth_networks: Vec::new(),
        address_auth: false,
        proxy_networks: Vec::new(),
    };
    vec![
        on("submission", 587, ListenerTls::StartTls),
        on("submissions", 465, ListenerTls::Implicit),
    ]
}
