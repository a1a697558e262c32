//! The passwords of a relay user. It may have several, each with a name, so that a device is
//! changed over while the others go on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, RelayUserPath, endpoint::endpoints};

/// A password of a relay user, without the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Credential {
    /// Identifier.
    pub id: String,
    /// Name, unique among those of the relay user. The first one is called `default`.
    pub name: String,
    /// When the password was set.
    pub created_at: Timestamp,
    /// When a device last signed in with it, to a minute.
    pub last_used_at: Option<Timestamp>,
    /// From which address.
    pub last_used_from: Option<String>,
    /// Name of the system at that address; `null` where there was or is none.
    pub last_used_system: Option<String>,
}

/// Another password for a relay user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredential {
    /// Name: lower-case letters, digits and `.-_`, 2 to 64, unique among those of the relay user.
    pub name: String,
    /// The password. One is made, and shown once in the reply, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCredential")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A password that was added.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CredentialWithPassword {
    /// User name of the relay user.
    pub user: String,
    /// What is known of it from now on.
    pub credential: Credential,
    /// The password that relayd made, shown this once; `null` when the request gave one, and in a
    /// reply that is given again.
    pub password: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for CredentialWithPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialWithPassword")
            .field("user", &self.user)
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// Names a password of a relay user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialPath {
    /// Name or id of the account.
    pub account: String,
    /// User name or id.
    pub user: String,
    /// Name or id of the credential.
    pub credential: String,
}

endpoints! {
    /// Adds a password to a relay user; the others go on.
    AddCredential: Owner Post "/v1/accounts/{account}/users/{user}/credentials" (RelayUserPath, Nothing, NewCredential) -> 201 CredentialWithPassword;
    /// Lists the passwords of a relay user, and when each was last used.
    ListCredentials: Owner Get "/v1/accounts/{account}/users/{user}/credentials" (RelayUserPath, Nothing, Nothing) -> 200 Page<Credential>;
    /// Removes a password of a relay user; it ends at once.
    RemoveCredential: Owner Delete "/v1/accounts/{account}/users/{user}/credentials/{credential}" (CredentialPath, Nothing, Nothing) -> 204 Nothing;
}
