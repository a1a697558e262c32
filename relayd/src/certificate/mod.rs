//! The certificates of the listeners: made, read, read again, and judged.

mod judge;
mod self_signed;
mod set;

use std::path::PathBuf;

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
