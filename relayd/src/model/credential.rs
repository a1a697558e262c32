//! The passwords of a relay user, by their names.

use std::net::IpAddr;

use jiff::Timestamp;

use super::CredentialId;

/// What is told of a password of a relay user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Identifier.
    pub id: CredentialId,
    /// Name, unique among those of the relay user.
    pub name: String,
    /// When the password was set.
    pub created_at: Timestamp,
    /// The last sign-in with it, to a minute.
    pub last_use: Option<LastUse>,
}

impl Credential {
    /// The name of the first one.
    pub const DEFAULT: &'static str = "default";
    /// Most that a relay user has at a time: enough to change a device over, and few enough to be
    /// looked after.
    pub const MOST: u32 = 5;
}

/// A sign-in by a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// From where.
    pub client: IpAddr,
    /// Name of the system at that address, where there is one.
    pub system: Option<String>,
}
