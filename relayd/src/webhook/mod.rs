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
    /// There was none, for this reason.
    Nothing(String),
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

    /// What went wrong, in words; empty when nothing did.
    pub fn detail(&self) -> String {
        match self {
            Self::Status(200..=299) => String::new(),
            Self::Status(status @ 300..=399) => {
                format!("answered {status}; redirects are not followed")
            }
            Self::Status(status) => format!("answered {status}"),
            Self::Nothing(why) => why.clone(),
        }
    }
}

/// Makes attempts.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Makes one. Bounded by a deadline of its own.
    async fn send(&self, request: Request) -> Answer;
}
