//! How an account's mail leaves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountPath, Nothing, Page, PageQuery, RouteSettings, endpoint::endpoints, words::words,
};

words! {
    /// Ways out.
    RouteKind {
        /// SMTP AUTH client submission to Exchange Online with user name and password.
        SmtpAuth = "smtp-auth",
        /// SMTP AUTH client submission to Exchange Online with an OAuth 2.0 access token.
        SmtpOauth = "smtp-oauth",
        /// An inbound connector of the tenant: its MX, port 25.
        Connector = "connector",
        /// Microsoft Graph, `sendMail` with MIME.
        Graph = "graph",
        /// Any other submission server, with or without a password.
        Smarthost = "smarthost",
        /// Keeps mail in a folder and sends nothing; a sandbox.
        Capture = "capture",
    }
}

words! {
    /// How the connection to the server is encrypted; the certificate is verified.
    RouteSecurity {
        /// STARTTLS, required.
        StartTls = "starttls",
        /// TLS from the first byte.
        Implicit = "implicit",
        /// None; for a smarthost on the relayd machine only.
        None = "none",
    }
}

words! {
    /// Which of an account's routes it is.
    RouteRole {
        /// The one that its mail takes.
        Primary = "primary",
        /// The one that is used only while the first is held or out of reach.
        Fallback = "fallback",
    }
}

words! {
    /// The clouds that Microsoft runs Exchange Online in.
    Cloud {
        /// The public one.
        World = "world",
        /// Government Community Cloud; the same hosts as the public one.
        Gcc = "gcc",
        /// Government Community Cloud High.
        GccHigh = "gcc-high",
        /// United States Department of Defense.
        Dod = "dod",
        /// China, run by 21Vianet.
        China = "21vianet",
    }
}

words! {
    /// How a route of `smtp-oauth` or `graph` comes by its access tokens.
    RouteGrant {
        /// An application with a client secret.
        ClientSecret = "client-secret",
        /// An application that signs with the key of a certificate.
        Certificate = "certificate",
        /// A person signed in once by device code.
        DeviceCode = "device-code",
    }
}

words! {
    /// What happens to a mail of which nobody can tell whether the other side took it.
    UnknownOutcome {
        /// It is sent again, and may arrive twice.
        Retry = "retry",
        /// It waits for a person, and may not have arrived.
        Hold = "hold",
    }
}

words! {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// What kind of trouble.
    pub kind: HoldKind,
    /// Code of the reason.
    pub reason: String,
    /// The literal reply, or what the person said.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `null` is until somebody releases it.
    pub until: Option<Timestamp>,
}

/// The way out of an account. Secrets are never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    /// Identifier; also names the lane.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// Whether it is the account's first way or the one beside it.
    #[serde(default = "primary")]
    pub role: RouteRole,
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`, and where `mx_of` is asked for it.
    pub server: String,
    /// The domain whose MX is the server of a `connector`.
    #[serde(default)]
    pub mx_of: Option<String>,
    /// Its port; 0 for `capture`.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: RouteSecurity,
    /// User name to sign in with; empty for none.
    pub mailbox: String,
    /// Whether a password is stored.
    pub has_password: bool,
    /// Whether a private authority is trusted instead of the machine's.
    pub has_ca: bool,
    /// Access by OAuth 2.0, of `smtp-oauth` and `graph`.
    #[serde(default)]
    pub oauth: Option<RouteOAuth>,
    /// The certificate that it signs with or shows to the server.
    #[serde(default)]
    pub certificate: Option<RouteCertificate>,
    /// Folder of a `capture` route, on the relayd machine.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `null` is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `null` is without limit.
    pub recipients_per_day: Option<u32>,
    /// Recipients in one transaction; a mail with more is handed over in several.
    #[serde(default)]
    pub recipients_per_mail: u32,
    /// How long a connection without work is kept, in seconds.
    #[serde(default)]
    pub keep_open: u64,
    /// What an unknown outcome leads to.
    #[serde(default = "retry")]
    pub unknown_outcome: UnknownOutcome,
    /// Largest message that the server takes, in bytes, as it told at the last check; `null` when it
    /// told none.
    #[serde(default)]
    pub size_limit: Option<u64>,
    /// What the server offers beyond plain mail, as it told at the last check, of `8BITMIME`,
    /// `BINARYMIME`, `SMTPUTF8`, `DSN` and `SIZE`; `null` when it is not known.
    #[serde(default)]
    pub offers: Option<Vec<String>>,
    /// When it was last checked with success.
    pub checked_at: Option<Timestamp>,
    /// Whether mail may leave by it: checked and not held.
    pub ready: bool,
    /// Why it stands still, when it does.
    pub hold: Option<Hold>,
    /// What stands beside the first route, in a few words: kind and server.
    #[serde(default)]
    pub fallback: Option<String>,
    /// What ends soon or is weak about it, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What an administrator of the tenant runs once so that it works: PowerShell, line by line,
    /// comments among them.
    #[serde(default)]
    pub setup: Vec<String>,
    /// Counts changes; the `ETag` of the route.
    pub version: i64,
}

pub(crate) const fn primary() -> RouteRole {
    RouteRole::Primary
}

const fn retry() -> UnknownOutcome {
    UnknownOutcome::Retry
}

/// Access by OAuth 2.0. Secrets and tokens are never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteOAuth {
    /// Where Microsoft runs the tenant.
    pub cloud: Cloud,
    /// The tenant.
    pub tenant: String,
    /// The application (client) id.
    pub client_id: String,
    /// How the application proves who it is, or who allowed it to act.
    pub grant: RouteGrant,
    /// Base of the token endpoints instead of the cloud's.
    pub authority: Option<String>,
    /// Scope that is asked for instead of the one that the kind needs.
    pub scope: Option<String>,
    /// When the client secret ends, as the one who set it said.
    pub expires_at: Option<Timestamp>,
    /// Who signed in by device code, and until when that holds.
    #[serde(default)]
    pub signed_in: Option<RouteSignIn>,
}

/// A sign-in by device code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteSignIn {
    /// Who signed in, as Microsoft Entra said.
    pub username: String,
    /// When.
    pub at: Timestamp,
    /// When the permission was renewed last; each delivery renews it.
    pub renewed_at: Timestamp,
    /// When it ends unless it is renewed before.
    pub ends_at: Timestamp,
}

/// What can be read in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteCertificate {
    /// Whom it was made out to.
    pub subject: String,
    /// Its host names.
    pub names: Vec<String>,
    /// When it, or a certificate of its chain, ends.
    pub expires_at: Timestamp,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub thumbprint: String,
}

/// One thing that a check tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckStep {
    /// What was tried, such as `STARTTLS`.
    pub name: String,
    /// Whether it succeeded.
    pub ok: bool,
    /// Whether it succeeded and is worth a look all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// What was found: TLS version, literal reply, cause of the failure.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Code of the reason, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What mends it, when it failed: where that is a command, with the names filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// What came of setting a route. When the check fails, a problem with `steps` comes instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteChange {
    /// Whether the route was changed; not so in a dry run.
    pub applied: bool,
    /// The route as it is now, or would be.
    pub route: Route,
    /// What the check tried.
    pub steps: Vec<CheckStep>,
}

/// What came of checking a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteCheck {
    /// Whether every step succeeded.
    pub ok: bool,
    /// What was tried, in order; ends with the first failure.
    pub steps: Vec<CheckStep>,
    /// The route after the check: success marks it checked and ends a hold for credentials.
    pub route: Route,
}

/// One version of a route's settings. Secrets are never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteVersion {
    /// Its number.
    pub version: i64,
    /// Whether it is the one in force.
    pub in_force: bool,
    /// When it was set.
    pub set_at: Timestamp,
    /// Who set it, as in the audit log.
    pub actor: String,
    /// From where.
    pub source: String,
    /// The settings that differ from the version before; none for the first, and where that is not
    /// known.
    pub changed: Vec<String>,
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`, and where `mx_of` is asked for it.
    pub server: String,
    /// The domain whose MX is the server of a `connector`.
    #[serde(default)]
    pub mx_of: Option<String>,
    /// Its port; 0 for `capture`.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: RouteSecurity,
    /// User name to sign in with; empty for none.
    pub mailbox: String,
    /// Whether a password is stored.
    pub has_password: bool,
    /// Whether a private authority is trusted instead of the machine's.
    pub has_ca: bool,
    /// Access by OAuth 2.0, of `smtp-oauth` and `graph`.
    #[serde(default)]
    pub oauth: Option<RouteOAuth>,
    /// The certificate that it signs with or shows to the server.
    #[serde(default)]
    pub certificate: Option<RouteCertificate>,
    /// Folder of a `capture` route, on the relayd machine.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `null` is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `null` is without limit.
    pub recipients_per_day: Option<u32>,
    /// Recipients in one transaction; a mail with more is handed over in several.
    #[serde(default)]
    pub recipients_per_mail: u32,
    /// How long a connection without work is kept, in seconds.
    #[serde(default)]
    pub keep_open: u64,
    /// What an unknown outcome leads to.
    #[serde(default = "retry")]
    pub unknown_outcome: UnknownOutcome,
}

/// The way back to an earlier version of a route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteRollback {
    /// Number of the version; the one before the present when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Check only; change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Which of an account's routes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteQuery {
    /// The first one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RouteRole>,
}

impl RouteQuery {
    /// The route that is meant.
    pub fn role(self) -> RouteRole {
        self.role.unwrap_or(RouteRole::Primary)
    }
}

impl From<RouteRole> for RouteQuery {
    fn from(role: RouteRole) -> Self {
        Self {
            role: Some(role).filter(|role| *role != RouteRole::Primary),
        }
    }
}

impl From<Nothing> for RouteQuery {
    fn from(_: Nothing) -> Self {
        Self::default()
    }
}

/// Which versions of which of an account's routes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteHistoryQuery {
    /// The first route when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RouteRole>,
    /// Continue behind this place; from the reply before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Objects at most; 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl From<PageQuery> for RouteHistoryQuery {
    fn from(page: PageQuery) -> Self {
        Self {
            role: None,
            cursor: page.cursor,
            limit: page.limit,
        }
    }
}

endpoints! {
    /// Sets an account's route: checks the new settings against the server, then swaps them in; a failing check changes nothing. Takes `If-Match`.
    SetRoute: Owner Put "/v1/accounts/{account}/route" (AccountPath, RouteQuery, RouteSettings) -> 200 RouteChange;
    /// Shows an account's route. Answers with `ETag`.
    ShowRoute: Owner Get "/v1/accounts/{account}/route" (AccountPath, RouteQuery, Nothing) -> 200 Route;
    /// Removes an account's fallback; its first route can only be set anew.
    RemoveRoute: Owner Delete "/v1/accounts/{account}/route" (AccountPath, RouteQuery, Nothing) -> 204 Nothing;
    /// Lists the versions of an account's route that are kept, newest first: the last ten.
    ListRouteVersions: Owner Get "/v1/accounts/{account}/route/history" (AccountPath, RouteHistoryQuery, Nothing) -> 200 Page<RouteVersion>;
    /// Puts an earlier version of the route back in force: checks it against the server first; a failing check changes nothing. Takes `If-Match`.
    RollRouteBack: Owner Post "/v1/accounts/{account}/route/rollback" (AccountPath, RouteQuery, RouteRollback) -> 200 RouteChange;
    /// Checks an account's route as it is.
    CheckRoute: Owner Post "/v1/accounts/{account}/route/check" (AccountPath, RouteQuery, Nothing) -> 200 RouteCheck;
}
