//! How an account's mail leaves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, Page, PageQuery, endpoint::endpoints, words::words};

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
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name of the server; empty for `capture`.
    pub server: String,
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
    /// Folder of a `capture` route, on the relayd machine.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `null` is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `null` is without limit.
    pub recipients_per_day: Option<u32>,
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
    /// Counts changes; the `ETag` of the route.
    pub version: i64,
}

/// The whole of a route's settings. What is not given takes the default of its kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// What kind of way.
    pub kind: RouteKind,
    /// Host name; `smtp.office365.com` for `smtp-auth` when not given, required of a `smarthost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Port; 587, or 465 with `implicit`, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Encryption; `starttls` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<RouteSecurity>,
    /// User name to sign in with; required of `smtp-auth`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Its password. When not given, the stored one stays, provided that server, port, security,
    /// mailbox and `ca_pem` stay, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Certificates (PEM) to trust for this server instead of the machine's. When not given, the
    /// stored ones stay as long as the kind stays; an empty text drops them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
    /// Folder on the relayd machine; required of `capture`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Connections at a time; 3 for `smtp-auth`, 10 else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Messages in any minute, 0 for no limit; 30 for `smtp-auth`, none else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours, 0 for no limit; 10000 for `smtp-auth`, none else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients_per_day: Option<u32>,
    /// Check only; change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// The password never prints.
impl std::fmt::Debug for RouteSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RouteSettings")
            .field("kind", &self.kind)
            .field("server", &self.server)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("mailbox", &self.mailbox)
            .finish_non_exhaustive()
    }
}

/// One thing that a check tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckStep {
    /// What was tried, such as `STARTTLS`.
    pub name: String,
    /// Whether it succeeded.
    pub ok: bool,
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
    /// Host name of the server; empty for `capture`.
    pub server: String,
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
    /// Folder of a `capture` route, on the relayd machine.
    pub folder: Option<String>,
    /// Connections at a time.
    pub connections: u32,
    /// Messages in any minute; `null` is without limit.
    pub per_minute: Option<u32>,
    /// Recipients in any 24 hours; `null` is without limit.
    pub recipients_per_day: Option<u32>,
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

endpoints! {
    /// Sets an account's route: checks the new settings against the server, then swaps them in; a failing check changes nothing. Takes `If-Match`.
    SetRoute: Owner Put "/v1/accounts/{account}/route" (AccountPath, Nothing, RouteSettings) -> 200 RouteChange;
    /// Shows an account's route. Answers with `ETag`.
    ShowRoute: Owner Get "/v1/accounts/{account}/route" (AccountPath, Nothing, Nothing) -> 200 Route;
    /// Lists the versions of an account's route that are kept, newest first: the last ten.
    ListRouteVersions: Owner Get "/v1/accounts/{account}/route/history" (AccountPath, PageQuery, Nothing) -> 200 Page<RouteVersion>;
    /// Puts an earlier version of the route back in force: checks it against the server first; a failing check changes nothing. Takes `If-Match`.
    RollRouteBack: Owner Post "/v1/accounts/{account}/route/rollback" (AccountPath, Nothing, RouteRollback) -> 200 RouteChange;
    /// Checks an account's route as it is.
    CheckRoute: Owner Post "/v1/accounts/{account}/route/check" (AccountPath, Nothing, Nothing) -> 200 RouteCheck;
}
