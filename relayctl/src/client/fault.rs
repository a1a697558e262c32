//! What can fail between a request and its answer, in the words of whoever has to mend it.

use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::CertificateError;

use super::transport::Connection;
use crate::context::Endpoint;
use crate::error::{Exit, Failure};

/// The code of a failure whose cause is the certificate of relayd.
pub(crate) const CERTIFICATE_REFUSED: &str = "certificate-refused";
/// The code of a failure where no answer came in time.
pub(crate) const NO_ANSWER: &str = "no-answer";
/// The code of a failure where nobody was reached.
pub(crate) const UNREACHABLE: &str = "unreachable";

/// Why there is no answer.
pub(super) enum Fault {
    Http(reqwest::Error),
    TooLarge,
    NotText,
}

impl Fault {
    /// In words; `allowed` is how long the answer was waited for at most.
    pub(super) fn explain(self, connection: &Connection, allowed: Duration) -> Failure {
        let endpoint = &connection.target.endpoint;
        let error = match self {
            Self::TooLarge => {
                return no_relayd(endpoint, "its answer is larger than any of relayd");
            }
            Self::NotText => return no_relayd(endpoint, "its answer is no text"),
            Self::Http(error) => error.without_url(),
        };
        if error.is_timeout() {
            let cause = format!("it took longer than {} s", allowed.as_secs_f64());
            return no_answer(connection, cause).hint("repeat it, or allow more by --timeout");
        }
        if !error.is_connect() && !error.is_builder() {
            return Failure::new(
                Exit::Unavailable,
                "reply-missed",
                format!("the connection to {endpoint} broke before the answer came"),
            )
            .cause(innermost(&error))
            .hint("look whether it was done before you repeat it");
        }
        match endpoint {
            Endpoint::Socket(path) => of_socket(path, &error),
            Endpoint::Url(url) => of_network(url, &error),
        }
    }
}

/// Something answers that is not the API.
pub(super) fn no_relayd(endpoint: &Endpoint, cause: impl Into<String>) -> Failure {
    Failure::new(
        Exit::Unexpected,
        "unknown-answer",
        format!("what answers at {endpoint} is no relayd that relayctl understands"),
    )
    .cause(cause)
    .hint("relayctl version compares the versions; relayctl context show tells the address")
}

/// relayd was reached, and is silent.
pub(super) fn no_answer(connection: &Connection, cause: String) -> Failure {
    let endpoint = &connection.target.endpoint;
    Failure::new(
        Exit::Unavailable,
        NO_ANSWER,
        format!("no answer from {endpoint}"),
    )
    .cause(cause)
}

fn unreachable(place: &str, cause: String) -> Failure {
    Failure::new(
        Exit::Unavailable,
        UNREACHABLE,
        format!("cannot reach relayd at {place}"),
    )
    .cause(cause)
}

fn of_socket(path: &Path, error: &reqwest::Error) -> Failure {
    let shown = path.display().to_string();
    let looked = std::os::unix::net::UnixStream::connect(path).err();
    let cause = match looked.map(|error| error.kind()) {
        Some(ErrorKind::PermissionDenied) => {
            return Failure::new(
                Exit::Forbidden,
                "socket-forbidden",
                format!("{shown} may not be opened"),
            )
            .cause("it belongs to another user or group")
            .hint("use sudo, or join the group that owns the socket");
        }
        Some(ErrorKind::NotFound) => {
            format!("there is no socket at {shown}: relayd is not running, or uses another path")
        }
        Some(ErrorKind::ConnectionRefused) => format!("nobody listens on {shown}"),
        _ => innermost(error),
    };
    let failure = unreachable(&shown, cause);
    let sandbox = PathBuf::from(".relayd-dev/admin.sock");
    if sandbox.exists() && *path != sandbox {
        return failure.hint(
            "relayctl --socket ./.relayd-dev/admin.sock … speaks to the sandbox of this folder",
        );
    }
    failure
        .hint("is it running? systemctl status relayd; another one is named by --socket or --url")
}

fn of_network(url: &str, error: &reqwest::Error) -> Failure {
    let host = reqwest::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| url.to_owned());
    if let Some(error) = find::<rustls::Error>(error) {
        return of_tls(url, &host, error);
    }
    let kind = find::<std::io::Error>(error).map(std::io::Error::kind);
    let text = crate::error::chain(error);
    let (cause, hint) = match kind {
        _ if text.contains("dns error") => (
            format!("there is no host named {host}, or the name servers do not answer"),
            format!("check the name: relayctl context show, or getent hosts {host}"),
        ),
        Some(ErrorKind::ConnectionRefused) => (
            "nobody listens on that address and port".to_owned(),
            "check the port, and that relayd runs there: systemctl status relayd".to_owned(),
        ),
        Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::TimedOut) => (
            format!("there is no way to {host} from here"),
            "check network, VPN and firewall".to_owned(),
        ),
        _ => (
            innermost(error),
            "check name, port and firewall: relayctl context show".to_owned(),
        ),
    };
    unreachable(url, cause).hint(hint)
}

fn of_tls(url: &str, host: &str, error: &rustls::Error) -> Failure {
    let refused = |cause: String| {
        Failure::new(
            Exit::Unavailable,
            CERTIFICATE_REFUSED,
            format!("the certificate of {url} cannot be trusted"),
        )
        .cause(cause)
    };
    let trust = "give the certificate of its authority by --ca-file FILE, or keep it: \
                 relayctl context add NAME --url URL --ca-file FILE";
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer => {
                refused("no authority that this machine trusts has signed it".to_owned())
                    .hint(trust)
            }
            CertificateError::NotValidForName => refused(format!("it is not made out for {host}"))
                .hint("use the name that it is made out for, in --url or the context"),
            CertificateError::NotValidForNameContext { presented, .. } => refused(format!(
                "it is not made out for {host}: {}",
                names(presented)
            ))
            .hint("use the name that it is made out for, in --url or the context"),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                refused("it has expired".to_owned())
                    .hint("whoever runs relayd renews it; check the clock of this machine, too")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                refused("it is not valid yet".to_owned()).hint("check the clock of this machine")
            }
            CertificateError::Revoked => {
                refused("it was revoked".to_owned()).hint("ask whoever runs relayd")
            }
            other => refused(format!("the check failed: {other}")).hint(trust),
        },
        rustls::Error::InvalidMessage(_) => {
            unreachable(url, "it does not speak TLS on that port".to_owned())
                .hint("check the port, and https or http in the address")
        }
        other => unreachable(url, format!("TLS failed: {other}"))
            .hint("check the port, and https or http in the address"),
    }
}

/// The names of a certificate: `DnsName("x")` of rustls is no name for people.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| match name.split_once('"') {
        Some((_, rest)) => rest.trim_end_matches(['"', ')']).to_owned(),
        None => name.clone(),
    };
    match presented {
        [] => "it names nobody".to_owned(),
        names => format!(
            "it is made out for {}",
            names.iter().map(bare).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The first error of this kind, however deep it lies.
fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            // One that wraps another says less than that.
            return wrapped(error).and_then(find).or(Some(found));
        }
        if let Some(found) = wrapped(error).and_then(find) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What an input error carries, which it does not name as its source.
fn wrapped<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    Some(inner)
}

/// The reason at the bottom, in plain words where they are known.
fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let text = deepest.to_string();
    let hung_up = [
        "connection closed",
        "Connection reset",
        "Broken pipe",
        "end of file",
    ];
    let no_http = ["invalid HTTP", "invalid header", "parsed"];
    if hung_up.iter().any(|sign| text.contains(sign)) {
        "the other side hung up".to_owned()
    } else if no_http.iter().any(|sign| text.contains(sign)) {
        "it does not speak HTTP on that port; check port and http or https".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_authority_has_a_code_to_ask_for_its_file() {
        let url = "https://relay.example.com:8443";
        for (error, code) in [
            (
                rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer),
                CERTIFICATE_REFUSED,
            ),
            (
                rustls::Error::InvalidCertificate(CertificateError::Expired),
                CERTIFICATE_REFUSED,
            ),
            (rustls::Error::HandshakeNotComplete, UNREACHABLE),
        ] {
            assert_eq!(of_tls(url, "relay.example.com", &error).code(), code);
        }
    }
}
