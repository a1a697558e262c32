//! relayd itself: health, version, settings to type into a device, and the table of reasons.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints, words::words};

/// Whether relayd is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `ok`, or what is wrong.
    pub status: String,
}

/// Which relayd this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Always `relayd`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Version of the API.
    pub api: String,
}

words! {
    /// How a listener encrypts.
    ListenerTls {
        /// STARTTLS (RFC 3207).
        StartTls = "starttls",
        /// TLS from the first byte (RFC 8314).
        Implicit = "implicit",
        /// Not at all.
        None = "none",
    }
}

/// A port that takes mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listener {
    /// Its name in the configuration.
    pub name: String,
    /// The address it is bound to.
    pub address: String,
    /// Its port.
    pub port: u16,
    /// How it encrypts.
    pub tls: ListenerTls,
    /// Whether devices may sign in without TLS from some networks.
    pub plaintext_auth: bool,
    /// Whether systems that are known by their address may send without signing in.
    #[serde(default)]
    pub address_auth: bool,
}

/// relayd as it runs: what to type into a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerInfo {
    /// The host name that devices connect to.
    pub hostname: String,
    /// Version of the program.
    pub version: String,
    /// The ports that take mail.
    pub listeners: Vec<Listener>,
    /// Largest message any listener takes, in bytes.
    pub message_size: u64,
    /// When relayd started.
    pub started_at: Timestamp,
}

/// One row of the table of reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonInfo {
    /// The stable code.
    pub code: String,
    /// What is wrong.
    pub sentence: String,
    /// What mends it.
    pub remedy: String,
    /// The SMTP reply a device gets, such as `550 5.7.1`.
    pub smtp: Option<String>,
    /// The HTTP status an API client gets.
    pub http: Option<u16>,
}

/// Names a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReasonPath {
    /// Its code.
    pub code: String,
}

endpoints! {
    /// Tells whether relayd is well. Needs no token.
    GetHealth: Anyone Get "/v1/health" (Nothing, Nothing, Nothing) -> 200 Health;
    /// Tells the version. Needs no token.
    GetVersion: Anyone Get "/v1/version" (Nothing, Nothing, Nothing) -> 200 Version;
    /// Shows host name and listeners: what to type into a device.
    GetServer: SignedIn Get "/v1/server" (Nothing, Nothing, Nothing) -> 200 ServerInfo;
    /// Lists every reason for a refusal or failure. Needs no token.
    ListReasons: Anyone Get "/v1/reasons" (Nothing, Nothing, Nothing) -> 200 Page<ReasonInfo>;
    /// Explains one reason. Needs no token.
    ShowReason: Anyone Get "/v1/reasons/{code}" (ReasonPath, Nothing, Nothing) -> 200 ReasonInfo;
}
