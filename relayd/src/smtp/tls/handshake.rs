//! One handshake: done, or why not, in words that lead somewhere.

use std::{io, time::Duration};

use rustls::{AlertDescription, PeerIncompatible};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::ServerTls;

/// First byte of a TLS record that holds a handshake.
pub(in crate::smtp) const HANDSHAKE_RECORD: u8 = 0x16;
/// Who says nothing for so long has waited for a greeting; a port scan is over at once.
const WAITS: Duration = Duration::from_secs(2);

/// A handshake that came to nothing.
#[derive(Debug)]
pub(in crate::smtp) struct Failed {
    pub(in crate::smtp) why: Why,
    pub(in crate::smtp) error: io::Error,
    /// The connection, as long as no TLS was spoken on it.
    pub(in crate::smtp) stream: Option<TcpStream>,
}

/// Why a handshake comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::smtp) enum Why {
    /// The client said nothing: it waits for a greeting.
    Silence,
    /// The client speaks SMTP.
    Plaintext,
    /// The client knows no TLS 1.2.
    OldVersion,
    /// The client knows none of our ciphers, groups or signatures.
    NothingInCommon,
    /// The client does not trust the certificate.
    CertificateRefused,
    /// The client took too long.
    Timeout,
    /// The client went away.
    Closed,
    /// The client broke the protocol.
    Other,
}

impl Why {
    /// The label in figures.
    pub(in crate::smtp) const fn as_str(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::Plaintext => "plaintext",
            Self::OldVersion => "old-version",
            Self::NothingInCommon => "nothing-in-common",
            Self::CertificateRefused => "certificate-refused",
            Self::Timeout => "timeout",
            Self::Closed => "closed",
            Self::Other => "other",
        }
    }

    /// What an administrator can do about it.
    pub(in crate::smtp) const fn remedy(self) -> &'static str {
        match self {
            Self::Silence | Self::Plaintext => {
                "set the device to TLS from the first byte here, or to STARTTLS on port 587"
            }
            Self::OldVersion => {
                "update the device to TLS 1.2, or name its network in plaintext_auth_networks"
            }
            Self::NothingInCommon => {
                "update the device; one that knows only RSA needs an RSA certificate under \
                 listener.sni"
            }
            Self::CertificateRefused => {
                "use a certificate that the device trusts, for the name it connects to"
            }
            Self::Timeout | Self::Closed | Self::Other => "none if it was a port scan",
        }
    }
}

/// Does the handshake of a client that has just connected, or was told to begin it.
pub(in crate::smtp) async fn accept(
    tls: &ServerTls,
    stream: TcpStream,
    patience: Duration,
) -> Result<TlsStream<TcpStream>, Failed> {
    let began = Instant::now();
    let deadline = began + patience;
    let mut first = [0];
    let failed = |why, error, stream| Failed { why, error, stream };
    match timeout_at(deadline, stream.peek(&mut first)).await {
        Err(_) => {
            let error = io::ErrorKind::TimedOut.into();
            return Err(failed(Why::Silence, error, Some(stream)));
        }
        Ok(Err(error)) => return Err(failed(gone_after(began.elapsed()), error, None)),
        Ok(Ok(0)) => {
            let error = io::ErrorKind::UnexpectedEof.into();
            return Err(failed(gone_after(began.elapsed()), error, None));
        }
        Ok(Ok(_)) => {}
    }
    match first {
        [HANDSHAKE_RECORD] => {}
        // A hello in the form of SSL 2.0 (RFC 5246 appendix E.2), from before 2010.
        [0x80..=0xff] => {
            let error = io::Error::other("a hello in the form of SSL 2.0");
            return Err(failed(Why::OldVersion, error, None));
        }
        _ => {
            let error = io::Error::other("something else than TLS");
            return Err(failed(Why::Plaintext, error, Some(stream)));
        }
    }
    match timeout_at(deadline, TlsAcceptor::from(tls.current()).accept(stream)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(failed(judge(&error), error, None)),
        Err(_) => Err(failed(Why::Timeout, io::ErrorKind::TimedOut.into(), None)),
    }
}

/// What it means that a client said nothing for so long and left.
fn gone_after(waited: Duration) -> Why {
    if waited < WAITS {
        Why::Closed
    } else {
        Why::Silence
    }
}

fn judge(error: &io::Error) -> Why {
    // The extension for signatures came with TLS 1.2, and rustls misses it first.
    use PeerIncompatible::{
        SignatureAlgorithmsExtensionRequired, SupportedVersionsExtensionRequired, Tls12NotOffered,
        Tls12NotOfferedOrEnabled,
    };
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::PeerIncompatible(
            SignatureAlgorithmsExtensionRequired
            | SupportedVersionsExtensionRequired
            | Tls12NotOffered
            | Tls12NotOfferedOrEnabled,
        )) => Why::OldVersion,
        Some(rustls::Error::PeerIncompatible(_)) => Why::NothingInCommon,
        Some(rustls::Error::General(what)) if what.contains("no server certificate chain") => {
            Why::NothingInCommon
        }
        Some(rustls::Error::AlertReceived(alert)) if is_about_the_certificate(*alert) => {
            Why::CertificateRefused
        }
        None if is_gone(error.kind()) => Why::Closed,
        _ => Why::Other,
    }
}

const fn is_gone(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
    )
}

const fn is_about_the_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_in_vain_and_leaves_is_no_port_scan() {
        for (milliseconds, why) in [
            (0, Why::Closed),
            (1_999, Why::Closed),
            (2_000, Why::Silence),
            (29_000, Why::Silence),
        ] {
            assert_eq!(gone_after(Duration::from_millis(milliseconds)), why);
        }
    }
}
