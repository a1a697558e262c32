//! Why relayd does not run.

use std::path::PathBuf;

use crate::{
    certificate::CertificateError,
    smtp::BindError,
    store::{SealError, StoreError},
    telemetry::TelemetryError,
};

/// Why relayd does not run.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A file, folder or socket that relayd needs.
    #[error("{path}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An address of the admin API is not to be had.
    #[error("the API cannot listen on {address}; `ss -ltnp` shows who does")]
    ApiAddress {
        /// Which.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The group of the admin socket does not exist.
    #[error("api.socket_group: there is no group called {0}")]
    Group(String),
    /// The key that seals secrets.
    #[error(transparent)]
    Key(#[from] SealError),
    /// The database.
    #[error("the store cannot be opened")]
    Store(#[from] StoreError),
    /// Another relayd delivers from this store.
    #[error("another relayd (process {holder}) uses {store}; stop it first")]
    Running {
        /// The store.
        store: String,
        /// Its process.
        holder: String,
    },
    /// Another relayd delivers from this database server.
    #[error("another relayd uses this database; stop it first, or give this one its own")]
    Claimed,
    /// The journal has ended while relayd ran.
    #[error("the journal has ended unexpectedly; the log says why")]
    Journal,
    /// A certificate or key of a listener.
    #[error("listener {listener}")]
    Certificate {
        /// Which listener.
        listener: String,
        /// Why.
        source: CertificateError,
    },
    /// A listener's address.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Logs and figures.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Signals of the operating system.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
}

impl AppError {
    /// What mends it, where the message does not say so itself.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Certificate { source, .. } => Some(source.remedy()),
            _ => None,
        }
    }
}
