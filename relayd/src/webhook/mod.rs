//! Tells programs over HTTP what happened, signed as Standard Webhooks has it.
//!
//! Knows where to, what and how it is signed; knows neither accounts nor what is told.

mod client;
mod signature;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use crate::model::{Reach, Secret, WebhookUrl};

pub use client::Client;
pub use signature::{SECRET_PREFIX, sign};

/// One attempt to tell something.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to.
    pub url: WebhookUrl,
    /// The addresses that may be connected to.
    pub reach: Reach,
    /// Identifies what is told; the same at every attempt.
    pub id: String,
    /// When this attempt is made.
    pub at: Timestamp,
    /// JSON.
    pub body: Bytes,
    /// What it is signed with.
    pub secret: Secret,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The HTTP status.
    Status(u16),
    /// There was none.
    Nothing(Silence),
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// In words for the owner of the webhook, who may not know the network that relayd is in.
    pub told: String,
    /// What the log says besides; empty when that is all.
    pub cause: String,
}

impl Silence {
    /// Without anything that is for the log only.
    pub fn new(told: impl Into<String>) -> Self {
        Self::because(told, "")
    }

    /// With a cause that is for the log only.
    pub fn because(told: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            told: told.into(),
            cause: cause.into(),
        }
    }
}

impl Answer {
    /// Whether the other side has taken it.
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// Whether the other side wants nothing any more.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Status(410))
    }

    /// The HTTP status; 0 when there was no answer.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Status(status) => *status,
            Self::Nothing(_) => 0,
        }
    }

    /// What went wrong, in words for the owner of the webhook; empty when nothing did.
    pub fn detail(&self) -> String {
        match self {
            Self::Status(200..=299) => String::new(),
            Self::Status(status @ 300..=399) => {
                format!("answered {status}; redirects are not followed")
            }
            Self::Status(status) => format!("answered {status}"),
            Self::Nothing(silence) => silence.told.clone(),
        }
    }

    /// What the log says besides; empty when that is all.
    pub fn cause(&self) -> &str {
        match self {
            Self::Status(_) => "",
            Self::Nothing(silence) => &silence.cause,
        }
    }
}

/// Makes attempts.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Makes one. Bounded by a deadline of its own.
    async fn send(&self, request: Request) -> Answer;
}
