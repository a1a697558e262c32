//! The settings of a route, as they are asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cloud, RouteGrant, RouteKind, RouteSecurity, UnknownOutcome, words::words};

words! {
    /// Submission servers of Microsoft whose host and limits are known.
    RoutePreset {
        /// Azure Communication Services, Email.
        Acs = "acs",
        /// High Volume Email for Microsoft 365: recipients inside the organisation only.
        Hve = "hve",
    }
}

/// The whole of a route's settings. What is not given takes the default of its kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// What kind of way.
    pub kind: RouteKind,
    /// Host, port and limits of a `smarthost` that is known; what is given beside it wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<RoutePreset>,
    /// Host name; that of the cloud for `smtp-auth`, `smtp-oauth` and `graph` when not given,
    /// required of a `smarthost` without preset and of a `connector` without `mx_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The domain of the tenant whose MX is the server of a `connector`, asked for at each
    /// connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mx_of: Option<String>,
    /// Port when not given: 587, or 465 with `implicit`; 25 for a `connector`, 443 for `graph`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Encryption; `starttls` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<RouteSecurity>,
    /// User name to sign in with, or the mailbox to send from by `graph`; required of `smtp-auth`,
    /// `smtp-oauth` and `graph`, and not for a `connector`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Its password, of `smtp-auth` and `smarthost`. When not given, the stored one stays, provided
    /// that server, port, security, mailbox and `ca_pem` stay, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where Microsoft runs the tenant; `world` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Cloud>,
    /// The tenant, by its id or one of its domains; required of `smtp-oauth` and `graph`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The application (client) id, a GUID; required of `smtp-oauth` and `graph`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// How tokens are had; when not given, what the secret or certificate that is given means, and
    /// else what the route had. `device-code` is set by `AuthorizeRoute`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<RouteGrant>,
    /// The client secret. When not given, the stored one stays, provided that server, port,
    /// security, mailbox, `ca_pem`, tenant, client id and authority stay, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// When the client secret ends; relayd warns 30, 7 and 1 days before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_expires_at: Option<Timestamp>,
    /// PEM of a certificate and its chain: what `smtp-oauth` and `graph` sign with, and what a
    /// `connector` shows to the server. When not given, the stored one stays like the secret; an
    /// empty text drops that of a connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_pem: Option<String>,
    /// PEM of its private key, not encrypted. The stored one stays like the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_pem: Option<String>,
    /// Base of the token endpoints instead of the cloud's; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Scope to ask for instead of the one that the kind needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Certificates (PEM) to trust for this server instead of the machine's. When not given, the
    /// stored ones stay as long as the kind stays; an empty text drops them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
    /// Folder on the relayd machine, of `capture`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Connections at a time; 3 for `smtp-auth` and `smtp-oauth`, 4 for `graph`, 10 else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Messages in any minute, 0 for no limit; 30 for a mailbox of Exchange Online, none else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours, 0 for no limit; 10000 for a mailbox of Exchange Online, none
    /// else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_day: Option<u32>,
    /// Recipients in one transaction, 1 to 1000; a mail with more is handed over in several. 500
    /// for a mailbox of Exchange Online, 200 for a `connector`, 100 for a `smarthost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_mail: Option<u32>,
    /// How long a connection without work is kept, in seconds, 0 to 300; 5 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_open: Option<u64>,
    /// What an unknown outcome leads to; `hold` for `graph`, `retry` else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_outcome: Option<UnknownOutcome>,
    /// Check only; change nothing.
    #[serde(default)]
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

/// Secrets never print.
impl std::fmt::Debug for RouteSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RouteSettings")
            .field("kind", &self.kind)
            .field("server", &self.server)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("mailbox", &self.mailbox)
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
