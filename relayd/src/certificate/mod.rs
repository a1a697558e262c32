//! The certificates of the listeners: made, read, read again, and judged.

mod judge;
mod self_signed;
mod set;

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::smtp::TlsError;

pub use judge::judge;
pub use set::{CertificateSet, read};

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read or written.
    #[error("{path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What the files hold cannot be used.
    #[error("{certificate}", certificate = certificate.display())]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// Why.
        source: TlsError,
    },
    /// TLS itself cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The self-signed pair cannot be made.
    #[error("a self-signed certificate cannot be made")]
    Generation(#[from] rcgen::Error),
}

impl CertificateError {
    /// The file it is about.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Unusable { certificate, .. } => Some(certificate),
            Self::Tls(_) | Self::Generation(_) => None,
        }
    }

    /// What mends it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::File { source, .. } => match source.kind() {
                ErrorKind::NotFound => {
                    "correct the path in relayd.toml, or put the file there; relative paths begin \
                     at the folder of relayd.toml"
                }
                ErrorKind::PermissionDenied => {
                    "let the user that relayd runs as read the file and enter its folders"
                }
                _ => "make the file readable for relayd",
            },
            Self::Unusable { source, .. } | Self::Tls(source) => of_files(source),
            Self::Generation(_) => {
                "name certificate and key at the listener, or correct hostname in relayd.toml"
            }
        }
    }
}

/// What mends files that can be read and not used.
const fn of_files(error: &TlsError) -> &'static str {
    match error {
        TlsError::Certificate(_) => {
            "certificate must name a PEM file with BEGIN CERTIFICATE, the server's own first"
        }
        TlsError::Key(_) => "key must name a PEM file with a private key that has no password",
        TlsError::Mismatch => {
            "name certificate and key of one issue: a renewal replaces both, and the server's own \
             certificate comes first in its file"
        }
        TlsError::Unusable(_) => "use an ECDSA P-256 key, or RSA with 2048 bits or more",
    }
}
