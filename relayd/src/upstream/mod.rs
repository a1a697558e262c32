//! The other side: hands one message to a server and says what came of it.
//!
//! Knows routes and replies; knows no queue and no store.

mod advice;
mod capabilities;
mod capture;
mod check;
mod classify;
mod commands;
mod dial;
mod dots;
mod examine;
mod exchangers;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod graph;
mod identity;
mod oauth;
mod open;
mod smtp;
mod tls;
mod wire;
mod xoauth2;

#[cfg(test)]
mod tests;

pub use advice::Trouble;
pub use check::{Check, Step};
pub(crate) use classify::enhanced_code;
pub use examine::Remark;
pub use exchangers::{Exchanger, MailExchangers, NoExchangers};
pub use oauth::{Allowed, DeviceCode, NoRefreshTokens, Poll, RefreshTokens};
pub use open::{Ports, Settings, Upstreams};

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use crate::model::{
    BodyEncoding, DsnReturn, MessageId, Reason, Recipient, RemoteReply, ReversePath, Route, Secret,
};

/// One message on its way out. The body stays where it is until it is asked for.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Queue id, for logs.
    pub id: MessageId,
    /// Envelope sender.
    pub reverse_path: &'a ReversePath,
    /// The recipients to address in this transaction.
    pub recipients: &'a [Recipient],
    /// What the body holds.
    pub encoding: BodyEncoding,
    /// The envelope or header needs SMTPUTF8.
    pub smtputf8: bool,
    /// RET=.
    pub dsn_return: Option<DsnReturn>,
    /// ENVID= in xtext; empty when not given.
    pub envelope_id: &'a str,
    /// Bytes of the body.
    pub size: u64,
}

/// Gives the body in pieces, each at most a few hundred KiB; `None` at its end.
#[async_trait]
pub trait BodySource: Send {
    /// The next piece.
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable>;
}

/// The body could not be read from the store; the attempt ends as if it had not begun.
#[derive(Debug, thiserror::Error)]
#[error("the body of the message cannot be read: {0}")]
pub struct BodyUnavailable(pub String);

/// What to do after a refusal or failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Try again later by the retry schedule.
    Retry,
    /// This server does not take mail now, whatever the mail: another way may. Without one it is
    /// tried again like `Retry`.
    RetryElsewhere,
    /// The other side asks for fewer connections or a slower pace; try again soon, not an attempt.
    SlowDown,
    /// The other side says how long to wait: nothing is sent before; not an attempt.
    Wait(Duration),
    /// A limit is used up: stop the lane for a while; not an attempt.
    HoldQuota(Duration),
    /// Credentials or set-up: stop the lane until a person acts; not an attempt.
    HoldCredentials,
    /// This sender, or its domain, may not use the route until a person acts: its mail waits, and
    /// that of others goes on.
    HoldSender,
    /// The recipient takes no more for a while: only this recipient waits; not an attempt.
    HoldRecipient(Duration),
    /// Give up this recipient.
    FailRecipient,
    /// Give up the message for all of its recipients.
    FailMessage,
    /// The mail was handed over, and nobody can tell whether it was taken: the route's policy
    /// decides.
    Unknown,
}

impl Verdict {
    /// The word for logs, metrics and traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::RetryElsewhere => "retry-elsewhere",
            Self::SlowDown | Self::Wait(_) => "slow-down",
            Self::HoldQuota(_) => "hold-quota",
            Self::HoldCredentials => "hold-credentials",
            Self::HoldSender => "hold-sender",
            Self::HoldRecipient(_) => "hold-recipient",
            Self::FailRecipient => "fail-recipient",
            Self::FailMessage => "fail-message",
            Self::Unknown => "unknown-outcome",
        }
    }
}

/// What stands behind a reply, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The cause in plain words, one sentence.
    pub cause: String,
    /// What mends it: the PowerShell line, the page of the admin center, the relayctl command.
    pub remedy: String,
}

/// A refusal or failure of the other side, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setback {
    /// What to do.
    pub verdict: Verdict,
    /// The stable code.
    pub reason: Reason,
    /// The literal reply, where there was one.
    pub reply: Option<RemoteReply>,
    /// What happened in other words, where there was no reply: `connection refused (…)`.
    pub detail: String,
    /// Cause and remedy, where they are known.
    pub advice: Option<Box<Advice>>,
}

impl Setback {
    /// Something that happened without a reply.
    pub fn new(verdict: Verdict, reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            verdict,
            reason,
            reply: None,
            detail: detail.into(),
            advice: None,
        }
    }
}

/// `reply (detail)`, or what there is of it.
impl std::fmt::Display for Setback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reply {
            Some(reply) => write!(f, "{reply} ({})", self.detail),
            None => f.write_str(&self.detail),
        }
    }
}

/// What came of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over; the reply to the end of data.
    Delivered(RemoteReply),
    /// Not handed over.
    Setback(Setback),
}

/// A way out that can be opened any number of times; one per route.
#[async_trait]
pub trait Upstream: Send + Sync + std::fmt::Debug {
    /// Opens a connection: DNS, TCP, TLS, sign-in. Bounded by deadlines of its own.
    async fn connect(&self) -> Result<Box<dyn Connection>, Setback>;
}

/// An open connection that takes messages one after the other.
#[async_trait]
pub trait Connection: Send {
    /// Hands over one message. The outcomes stand in the order of `message.recipients`, one each.
    async fn send(&mut self, message: &Outgoing<'_>, body: &mut dyn BodySource) -> Vec<Outcome>;

    /// Whether another message can follow.
    fn is_usable(&self) -> bool;

    /// The host at the other end, where the route does not name it.
    fn server(&self) -> Option<&str> {
        None
    }

    /// Whether the other side was told which notifications the sender wants (RFC 3461), and sends
    /// them. Else they are ours to send.
    fn forwards_notifications(&self) -> bool {
        false
    }

    /// Says goodbye.
    async fn close(self: Box<Self>);
}

/// An access token, to be shown to the server; never printed.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token itself.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Where the access token of one route comes from.
#[async_trait]
pub trait TokenSource: Send + Sync + std::fmt::Debug {
    /// A token that is good for some minutes yet: the cached one, or a fresh one. However many ask
    /// at once, one request is made. A failure is remembered for half a minute.
    async fn token(&self) -> Result<AccessToken, Setback>;

    /// The server refused that token: the next one is fetched anew.
    fn reject(&self, token: &AccessToken);
}

/// Opens the way of a route. Fails when its settings make none, such as a missing folder.
pub type Opener = dyn Fn(&Route) -> Result<Box<dyn Upstream>, Setback> + Send + Sync;
