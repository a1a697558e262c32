//! How an account's mail leaves.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{AccountId, Reason, RouteId, Secret, text_enum};

text_enum! {
    /// Ways out.
    RouteKind {
        /// SMTP AUTH client submission to Exchange Online with user name and password.
        SmtpAuth = "smtp-auth",
        /// Any other submission server, with or without a password.
        Smarthost = "smarthost",
        /// Keeps mail in a folder and sends nothing; a sandbox.
        Capture = "capture",
    }
}

text_enum! {
    /// How the connection to the server is encrypted. The certificate is verified in both cases.
    Security {
        /// STARTTLS, required (RFC 3207).
        StartTls = "starttls",
        /// TLS from the first byte (RFC 8314).
        Implicit = "implicit",
        /// None; for a smarthost on this machine only.
        None = "none",
    }
}

/// What the other side tolerates. Waiting for pace is not an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `None` is as fast as it goes.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `None` is without limit.
    pub recipients_per_day: Option<u32>,
}

impl Pace {
    /// Exchange Online's limits for one mailbox: 3 connections, 30 messages a minute, 10,000
    /// recipients a day (Microsoft, "Exchange Online limits").
    pub const EXCHANGE_ONLINE: Self = Self {
        connections: 3,
        per_minute: Some(30),
        recipients_per_day: Some(10_000),
    };

    /// What is assumed of any other server.
    pub const SMARTHOST: Self = Self {
        connections: 10,
        per_minute: None,
        recipients_per_day: None,
    };
}

/// The way out of one account, with its secrets opened.
#[derive(Debug, Clone)]
pub struct Route {
    /// Identifier; also names the lane.
    pub id: RouteId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// User name to sign in with; empty for none.
    pub mailbox: String,
    /// Its password.
    pub password: Option<Secret>,
    /// Certificates (PEM) to trust for this server, instead of the machine's; for private CAs.
    pub ca_pem: Option<String>,
    /// Folder of a `capture` route.
    pub folder: Option<PathBuf>,
    /// What the other side tolerates.
    pub pace: Pace,
    /// Largest message that the server takes, in bytes, as it told at the last probe; `None` when
    /// it told none.
    pub size_limit: Option<u64>,
    /// When it was last probed with success. A route that never was takes no mail.
    pub checked_at: Option<Timestamp>,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

text_enum! {
    /// What kind of trouble stopped a lane.
    HoldKind {
        /// A limit of the other side; ends at a time.
        Quota = "quota",
        /// Credentials or configuration; ends when a person acts or a check succeeds.
        Credentials = "credentials",
        /// A person stopped it.
        Manual = "manual",
    }
}

/// Why a lane stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What kind of trouble.
    pub kind: HoldKind,
    /// The reason as a stable code.
    pub reason: Reason,
    /// The literal reply, or what the person said.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` is until somebody releases it.
    pub until: Option<Timestamp>,
}
