//! The way out of an account: staged, probed, then swapped in, or left as it was.

mod authorize;
mod change;
mod examination;
mod history;
mod overview;
mod pending;
mod place;
mod registration;
mod setup;
mod stage;
mod stage_oauth;

pub use authorize::{SignInCode, SignInProgress};
pub(super) use change::{judge_pair, mail_waits, refuse_failure};
pub(super) use pending::PendingSignIns;

use jiff::Timestamp;

use super::{Probe, ProbeStep};
use crate::{
    model::{
        CertificateFacts, Cloud, Hold, Preset, Route, RouteKind, Secret, Security, UnknownOutcome,
    },
    upstream::Remark,
};

/// How an application is to come by its access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantKind {
    /// A client secret.
    ClientSecret,
    /// An assertion signed with the key of a certificate.
    Certificate,
    /// The sign-in of a person.
    DeviceCode,
}

/// Settings as they were asked for. What is not given takes the default of the kind.
#[derive(Debug, Clone)]
pub struct RouteSettings {
    /// What kind of way.
    pub kind: RouteKind,
    /// A smarthost that is known.
    pub preset: Option<Preset>,
    /// Host name.
    pub server: Option<String>,
    /// The domain whose MX is the server.
    pub mx_of: Option<String>,
    /// Port.
    pub port: Option<u16>,
    /// Encryption.
    pub security: Option<Security>,
    /// User name to sign in with, or the mailbox to send from.
    pub mailbox: Option<String>,
    /// Its password; the stored one stays when not given and nothing it was for has changed.
    pub password: Option<Secret>,
    /// Where Microsoft runs the tenant.
    pub cloud: Option<Cloud>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The application.
    pub client_id: Option<String>,
    /// How tokens are had; what the secrets say when not given.
    pub grant: Option<GrantKind>,
    /// The client secret; stays like the password.
    pub client_secret: Option<Secret>,
    /// When it ends.
    pub client_secret_expires_at: Option<Timestamp>,
    /// The certificate to sign with or to show; the stored one stays like the password, and an
    /// empty text drops that of a connector.
    pub certificate_pem: Option<String>,
    /// Its key.
    pub key_pem: Option<Secret>,
    /// Base of the token endpoints.
    pub authority: Option<String>,
    /// Scope to ask for.
    pub scope: Option<String>,
    /// Certificates to trust; the stored ones stay when not given and the kind stays, and an empty
    /// text drops them.
    pub ca_pem: Option<String>,
    /// Folder of `capture`; by default one with the account's name in `capture_folder`.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: Option<u32>,
    /// Messages in any minute; 0 is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; 0 is without limit.
    pub recipients_per_day: Option<u32>,
    /// Recipients in one transaction.
    pub recipients_per_mail: Option<u32>,
    /// Seconds that a connection without work is kept.
    pub keep_open: Option<u64>,
    /// What an unknown outcome leads to.
    pub unknown_outcome: Option<UnknownOutcome>,
    /// Probe only.
    pub dry_run: bool,
}

impl RouteSettings {
    /// A route of that kind with every default.
    pub const fn new(kind: RouteKind) -> Self {
        Self {
            kind,
            preset: None,
            server: None,
            mx_of: None,
            port: None,
            security: None,
            mailbox: None,
            password: None,
            cloud: None,
            tenant: None,
            client_id: None,
            grant: None,
            client_secret: None,
            client_secret_expires_at: None,
            certificate_pem: None,
            key_pem: None,
            authority: None,
            scope: None,
            ca_pem: None,
            folder: None,
            connections: None,
            per_minute: None,
            recipients_per_day: None,
            recipients_per_mail: None,
            keep_open: None,
            unknown_outcome: None,
            dry_run: false,
        }
    }
}

/// A route and what there is to know of it.
#[derive(Debug, Clone)]
pub struct RouteOverview {
    /// Name of the account.
    pub account: String,
    /// The route.
    pub route: Route,
    /// What can be read in its certificate.
    pub certificate: Option<CertificateFacts>,
    /// Who signed in for it.
    pub sign_in: Option<SignIn>,
    /// Why it stands still, if it does.
    pub hold: Option<Hold>,
    /// What stands beside the first route.
    pub fallback: Option<Route>,
    /// What ends soon or is weak about it, a sentence each.
    pub warnings: Vec<String>,
    /// What an administrator of the tenant runs once.
    pub setup: Vec<String>,
}

/// What somebody allowed by device code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Who.
    pub username: String,
    /// When.
    pub at: Timestamp,
    /// When it was used last.
    pub renewed_at: Timestamp,
    /// When it ends unless it is used before.
    pub ends_at: Timestamp,
}

/// What came of setting a route.
#[derive(Debug, Clone)]
pub struct RouteChange {
    /// Whether it was changed; not so in a dry run.
    pub applied: bool,
    /// The route as it is, or would be.
    pub overview: RouteOverview,
    /// What the probe tried.
    pub steps: Vec<ProbeStep>,
}

/// What came of checking a route.
#[derive(Debug, Clone)]
pub struct RouteCheck {
    /// What the probe found.
    pub probe: Probe,
    /// What a closer look found.
    pub remarks: Vec<Remark>,
    /// The route after it.
    pub overview: RouteOverview,
}
