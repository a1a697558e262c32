//! What can be wrong with a certificate that can be used. Pure; the time is passed in.

use std::{path::Path, time::Duration};

use jiff::Timestamp;

use super::CertificateError;
use crate::{
    config::{CertificateFiles, SniCertificate},
    model::{Finding, FindingArea::Tls},
    smtp::Certificate,
};

/// How long before its end a certificate is warned of.
const NOTICE: Duration = Duration::from_hours(24 * 21);
const DAY: u64 = 24 * 60 * 60;

const EXPIRY: &str = "certificate-expiry";
const NAMES: &str = "certificate-names";
const FILES: &str = "certificate-files";
const SELF_SIGNED: &str = "certificate-self-signed";

/// What an administrator should know of a certificate at `now`.
pub fn judge(source: &SniCertificate, certificate: &Certificate, now: Timestamp) -> Vec<Finding> {
    let path = source.files.certificate.as_path();
    let mut findings = vec![lifetime(path, certificate, now)];
    if certificate.is_self_signed() {
        findings.push(Finding::warning(
            Tls,
            SELF_SIGNED,
            format!(
                "{} is self-signed: devices that verify refuse it",
                path.display()
            ),
            "give the listener a certificate of an authority by certificate and key",
        ));
    }
    let strange = source.names.iter().filter(|name| !certificate.covers(name));
    let strange: Vec<_> = strange.cloned().collect();
    if !strange.is_empty() {
        findings.push(Finding::warning(
            Tls,
            NAMES,
            format!("{} is not good for {}", path.display(), strange.join(", ")),
            "correct names under listener.sni, or get a certificate for them",
        ));
    }
    findings
}

fn lifetime(path: &Path, certificate: &Certificate, now: Timestamp) -> Finding {
    let (begin, end) = (certificate.not_before(), certificate.not_after());
    let (path, subject) = (path.display(), certificate.subject());
    let renew = "renew it, then systemctl reload relayd";
    if now >= end {
        let sentence = format!("{path} ({subject}) expired on {}", day(end));
        return Finding::error(Tls, EXPIRY, sentence, renew);
    }
    if now < begin {
        let sentence = format!("{path} ({subject}) is not good before {}", day(begin));
        let remedy = "check the clock of this machine, or use the certificate from that day on";
        return Finding::error(Tls, EXPIRY, sentence, remedy);
    }
    let left = Duration::try_from(end.duration_since(now)).unwrap_or_default();
    if left >= NOTICE {
        let sentence = format!("{path} ({subject}) is good until {}", day(end));
        return Finding::ok(Tls, EXPIRY, sentence);
    }
    let days = match left.as_secs() / DAY {
        0 => "within a day".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    };
    let sentence = format!("{path} ({subject}) expires {days}, on {}", day(end));
    Finding::warning(Tls, EXPIRY, sentence, renew)
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// Whether the files are still those in use.
pub(super) fn compare(
    files: &CertificateFiles,
    in_use: &Certificate,
    on_disk: Result<Certificate, CertificateError>,
) -> Option<Finding> {
    match on_disk {
        Ok(on_disk) if on_disk.is_same(in_use) => None,
        Ok(_) => Some(Finding::warning(
            Tls,
            FILES,
            format!(
                "{} is newer than what relayd shows",
                files.certificate.display()
            ),
            "systemctl reload relayd",
        )),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let sentence = format!(
                "{error} could not be loaded again: {}",
                cause.unwrap_or_default()
            );
            let remedy = "mend certificate and key before the next start, then systemctl reload \
                          relayd";
            Some(Finding::error(Tls, FILES, sentence, remedy))
        }
    }
}

/// Whether a listener can prove to be the relay.
pub(super) fn coverage<'c>(
    listener: &str,
    mut certificates: impl Iterator<Item = &'c Certificate>,
    hostname: &str,
) -> Option<Finding> {
    if certificates.any(|certificate| certificate.covers(hostname)) {
        return None;
    }
    Some(Finding::warning(
        Tls,
        NAMES,
        format!("no certificate of listener {listener} is good for {hostname}"),
        "get a certificate for that name, or set hostname to the name devices connect to",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FindingLevel::{self, Error, Ok as Fine, Warning};

    fn certificate(names: &[&str], signed_by: Option<&str>) -> Certificate {
        let key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 4, 1);
        let made = match signed_by {
            None => params.self_signed(&key).unwrap(),
            Some(authority) => {
                let mut own = rcgen::CertificateParams::default();
                let name = rcgen::DnType::CommonName;
                own.distinguished_name.push(name, authority);
                let key_of_authority = rcgen::KeyPair::generate().unwrap();
                let issuer = rcgen::Issuer::new(own, key_of_authority);
                params.signed_by(&key, &issuer).unwrap()
            }
        };
        let (chain, key) = (made.pem(), key.serialize_pem());
        Certificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap()
    }

    fn source(names: &[&str]) -> SniCertificate {
        SniCertificate {
            files: CertificateFiles {
                certificate: "/etc/relayd/tls/cert.pem".into(),
                key: "/etc/relayd/tls/key.pem".into(),
            },
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn the_end_of_a_certificate_is_told_in_time() {
        let certificate = certificate(&["relay.example.com"], Some("Example CA"));
        for (now, level, part) in [
            ("2025-12-31T23:59:59Z", Error, "not good before 2026-01-01"),
            ("2026-01-01T00:00:00Z", Fine, "good until 2026-04-01"),
            ("2026-03-11T00:00:00Z", Fine, "good until 2026-04-01"),
            (
                "2026-03-11T00:00:01Z",
                Warning,
                "expires in 20 days, on 2026-04-01",
            ),
            ("2026-03-30T12:00:00Z", Warning, "expires in 1 day, on"),
            ("2026-03-31T12:00:00Z", Warning, "expires within a day, on"),
            ("2026-04-01T00:00:00Z", Error, "expired on 2026-04-01"),
            ("2036-04-01T00:00:00Z", Error, "expired on 2026-04-01"),
        ] {
            let found = judge(&source(&[]), &certificate, now.parse().unwrap());
            let [finding] = found.as_slice() else {
                panic!("{now}: {found:?}")
            };
            assert_eq!((finding.check, finding.level), (EXPIRY, level), "{now}");
            assert!(finding.sentence.contains(part), "{}", finding.sentence);
        }
    }

    #[test]
    fn names_and_the_authority_are_looked_at() {
        let levels = |found: Vec<Finding>| -> Vec<(&str, FindingLevel)> {
            found.into_iter().map(|it| (it.check, it.level)).collect()
        };
        let now = "2026-02-01T00:00:00Z".parse().unwrap();
        let own = certificate(&["relay.example.com", "*.example.org"], None);
        assert_eq!(
            levels(judge(&source(&[]), &own, now)),
            [(EXPIRY, Fine), (SELF_SIGNED, Warning)]
        );
        let named = source(&["*.example.org", "a.example.org", "relay.example.net"]);
        let found = judge(&named, &own, now);
        assert!(
            found[2]
                .sentence
                .ends_with("not good for relay.example.net")
        );
        let all = [own];
        assert_eq!(
            coverage("submission", all.iter(), "relay.example.com"),
            None
        );
        assert_eq!(coverage("submission", all.iter(), "b.example.org"), None);
        let found = coverage("submission", all.iter(), "relay.example.net").unwrap();
        assert_eq!((found.check, found.level), (NAMES, Warning));
    }

    #[test]
    fn files_that_changed_are_told() {
        let (one, other) = (
            certificate(&["a.example"], None),
            certificate(&["a.example"], None),
        );
        let files = source(&[]).files;
        assert_eq!(compare(&files, &one, Ok(one.clone())), None);
        let found = compare(&files, &one, Ok(other)).unwrap();
        assert_eq!(found.level, Warning);
        let broken = CertificateError::Unusable {
            certificate: files.certificate.clone(),
            source: crate::smtp::TlsError::Mismatch,
        };
        let found = compare(&files, &one, Err(broken)).unwrap();
        assert_eq!(found.level, Error);
        assert_eq!(
            found.sentence,
            "/etc/relayd/tls/cert.pem could not be loaded again: the private key does not belong \
             to the certificate"
        );
    }
}
