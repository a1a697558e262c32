//! How an account's mail leaves.

mod certificate;
mod end;
mod hold;
mod oauth;
mod offer;
mod preset;

pub use certificate::{CertificateError, CertificateFacts, ClientCertificate};
pub use end::{Perishing, RouteEnd};
pub use hold::{Hold, HoldKind, SenderHold};
pub use oauth::{Cloud, Grant, NoTenant, OAuth, Tenant, is_guid};
pub use offer::RouteOffer;
pub use preset::Preset;

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;

use super::{AccountId, DomainName, RouteId, Secret, text_enum};

text_enum! {
    /// Ways out.
    RouteKind {
        /// SMTP AUTH client submission to Exchange Online with user name and password.
        SmtpAuth = "smtp-auth",
        /// SMTP AUTH client submission to Exchange Online with an OAuth 2.0 access token (XOAUTH2).
        SmtpOauth = "smtp-oauth",
        /// An inbound connector of the tenant: its MX, port 25, known by a client certificate or by
        /// the address of this machine.
        Connector = "connector",
        /// Microsoft Graph, `sendMail` with MIME.
        Graph = "graph",
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
    /// What fits a kind of route.
    pub const fn of(kind: RouteKind) -> Self {
        match kind {
            RouteKind::SmtpAuth | RouteKind::SmtpOauth => Self::EXCHANGE_ONLINE,
            RouteKind::Graph => Self::GRAPH,
            RouteKind::Connector | RouteKind::Smarthost | RouteKind::Capture => Self::SMARTHOST,
        }
    }

    /// Exchange Online's limits for one mailbox: 3 connections, 30 messages a minute, 10,000
    /// recipients a day (Microsoft, "Exchange Online limits").
    pub const EXCHANGE_ONLINE: Self = Self {
        connections: 3,
        per_minute: Some(30),
        recipients_per_day: Some(10_000),
    };

    /// Graph's limits for one application and mailbox: 4 requests at a time, and the recipients of a
    /// mailbox (Microsoft, "Microsoft Graph service-specific throttling limits").
    pub const GRAPH: Self = Self {
        connections: 4,
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

text_enum! {
    /// Which of an account's routes it is.
    RouteRole {
        /// The one that its mail takes.
        Primary = "primary",
        /// The one that is used only while the first is held or out of reach.
        Fallback = "fallback",
    }
}

text_enum! {
    /// What happens to a mail of which nobody can tell whether the other side took it.
    UnknownOutcome {
        /// It is sent again, and may arrive twice.
        Retry = "retry",
        /// It waits for a person, and may not have arrived.
        Hold = "hold",
    }
}

/// How mails are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// Recipients in one transaction; a mail with more is handed over in several.
    pub recipients: u32,
    /// How long a connection without work is kept.
    pub keep_open: Duration,
    /// What an unknown outcome leads to.
    pub unknown_outcome: UnknownOutcome,
}

impl Handling {
    /// What fits a kind of route. Exchange Online takes 500 recipients a mail unless an
    /// administrator changed it, and behind a connector 200 of one domain. A cut after the end of
    /// an SMTP body is rare and repeats a mail at worst; with Graph it is common under load, and the
    /// copy would be another mail.
    pub const fn of(kind: RouteKind) -> Self {
        let recipients = match kind {
            RouteKind::SmtpAuth | RouteKind::SmtpOauth | RouteKind::Graph => 500,
            RouteKind::Connector => 200,
            RouteKind::Smarthost => 100,
            RouteKind::Capture => 1000,
        };
        let unknown_outcome = match kind {
            RouteKind::Graph => UnknownOutcome::Hold,
            _ => UnknownOutcome::Retry,
        };
        Self {
            recipients,
            keep_open: Duration::from_secs(5),
            unknown_outcome,
        }
    }
}

/// The way out of one account, with its secrets opened.
#[derive(Debug, Clone)]
pub struct Route {
    /// Identifier; also names the lane.
    pub id: RouteId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Whether it is the account's first way or the one beside it.
    pub role: RouteRole,
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`, and where `mx_of` is asked for it.
    pub server: String,
    /// The accepted domain of the tenant whose MX is the server of a `connector`.
    pub mx_of: Option<DomainName>,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// User name to sign in with, or the mailbox to send from by Graph; empty for none.
    pub mailbox: String,
    /// Its password.
    pub password: Option<Secret>,
    /// How tokens are had, of `smtp-oauth` and `graph`.
    pub oauth: Option<OAuth>,
    /// What a `connector` shows in the TLS handshake.
    pub client_certificate: Option<ClientCertificate>,
    /// Certificates (PEM) to trust for this server, instead of the machine's; for private CAs.
    pub ca_pem: Option<String>,
    /// Folder of a `capture` route.
    pub folder: Option<PathBuf>,
    /// What the other side tolerates.
    pub pace: Pace,
    /// How mails are handed over.
    pub handling: Handling,
    /// When it was last probed with success. A route that never was takes no mail.
    pub checked_at: Option<Timestamp>,
    /// What that probe found on offer; `None` when it is not known.
    pub offer: Option<RouteOffer>,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}

impl Route {
    /// A route of that kind to nowhere yet, with the defaults of the kind.
    pub fn new(id: RouteId, account_id: AccountId, kind: RouteKind) -> Self {
        Self {
            id,
            account_id,
            role: RouteRole::Primary,
            kind,
            server: String::new(),
            mx_of: None,
            port: 0,
            security: Security::StartTls,
            mailbox: String::new(),
            password: None,
            oauth: None,
            client_certificate: None,
            ca_pem: None,
            folder: None,
            pace: Pace::of(kind),
            handling: Handling::of(kind),
            checked_at: None,
            offer: None,
            version: 1,
        }
    }

    /// The settings that differ from those of another, by the names of the API.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let oauth = |value: fn(&OAuth) -> String| {
            self.oauth.as_ref().map(value) != other.oauth.as_ref().map(value)
        };
        let differs = [
            ("kind", self.kind != other.kind),
            ("server", self.server != other.server),
            ("mx_of", self.mx_of != other.mx_of),
            ("port", self.port != other.port),
            ("security", self.security != other.security),
            ("mailbox", self.mailbox != other.mailbox),
            (
                "password",
                differ(self.password.as_ref(), other.password.as_ref()),
            ),
            ("cloud", oauth(|it| it.cloud.to_string())),
            ("tenant", oauth(|it| it.tenant.to_string())),
            ("client_id", oauth(|it| it.client_id.clone())),
            ("grant", oauth(|it| it.grant.as_str().to_owned())),
            ("authority", oauth(|it| it.authority().to_owned())),
            ("scope", oauth(|it| it.scope.clone().unwrap_or_default())),
            (
                "client_secret",
                differ(self.client_secret(), other.client_secret()),
            ),
            ("certificate", certificate(self) != certificate(other)),
            ("ca_pem", self.ca_pem != other.ca_pem),
            ("folder", self.folder != other.folder),
            (
                "connections",
                self.pace.connections != other.pace.connections,
            ),
            ("per_minute", self.pace.per_minute != other.pace.per_minute),
            (
                "recipients_per_day",
                self.pace.recipients_per_day != other.pace.recipients_per_day,
            ),
            (
                "recipients_per_mail",
                self.handling.recipients != other.handling.recipients,
            ),
            (
                "keep_open",
                self.handling.keep_open != other.handling.keep_open,
            ),
            (
                "unknown_outcome",
                self.handling.unknown_outcome != other.handling.unknown_outcome,
            ),
        ];
        let differing = differs.into_iter().filter(|(_, differs)| *differs);
        differing.map(|(name, _)| name).collect()
    }

    /// The host, or how it is found.
    pub fn host(&self) -> String {
        match &self.mx_of {
            Some(domain) => format!("MX of {domain}"),
            None => self.server.clone(),
        }
    }

    /// Whether what a person allowed for the one is for the other, too: it is shown to the same
    /// places only.
    pub fn shares_sign_in(&self, other: &Self) -> bool {
        let is_same_place = self.kind == other.kind
            && self.server == other.server
            && self.port == other.port
            && self.security == other.security
            && self.mailbox == other.mailbox
            && self.ca_pem == other.ca_pem;
        let oauth = (&self.oauth, &other.oauth);
        is_same_place && matches!(oauth, (Some(one), Some(other)) if one.shares_sign_in(other))
    }

    /// The client secret, of an application that has one.
    pub fn client_secret(&self) -> Option<&Secret> {
        match &self.oauth.as_ref()?.grant {
            Grant::ClientSecret { secret, .. } => Some(secret),
            Grant::Certificate(_) | Grant::DeviceCode => None,
        }
    }

    /// The certificate that it signs assertions with or shows to the server.
    pub fn certificate(&self) -> Option<&ClientCertificate> {
        let signing = self.oauth.as_ref().and_then(|oauth| match &oauth.grant {
            Grant::Certificate(certificate) => Some(certificate),
            Grant::ClientSecret { .. } | Grant::DeviceCode => None,
        });
        signing.or(self.client_certificate.as_ref())
    }
}

fn differ(one: Option<&Secret>, other: Option<&Secret>) -> bool {
    one.map(Secret::expose) != other.map(Secret::expose)
}

fn certificate(route: &Route) -> Option<(&str, &str)> {
    let certificate = route.certificate()?;
    Some((certificate.chain_pem.as_str(), certificate.key.expose()))
}
