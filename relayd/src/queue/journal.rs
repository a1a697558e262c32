//! The one writer on the mail path: takes what has queued up, writes it in one transaction,
//! fsyncs once, then answers everybody.

use crate::{model::Refusal, store::QueuedMessage};

/// Hands freshly accepted messages to the lanes. Must not block; what it cannot take is found in
/// the store later.
pub type Accepted = dyn Fn(QueuedMessage) + Send + Sync;

/// Why a message was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// A limit of the relay user; nothing was written.
    #[error("{0}")]
    Refused(Refusal),
    /// The store did not answer or is full; nothing counts as accepted.
    #[error("the store is not available: {0}")]
    Unavailable(String),
}
