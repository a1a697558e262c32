//! What devices sign in as.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, Page, PageQuery, endpoint::endpoints, words::words};

words! {
    /// What happens to mail from a sender that the relay user may not use.
    OtherSender {
        /// Refused.
        Reject = "reject",
        /// Sent as the relay user's own sender.
        Rewrite = "rewrite",
    }
}

words! {
    /// Whether a relay user may sign in.
    UserState {
        /// It may.
        Active = "active",
        /// Stopped for now.
        Suspended = "suspended",
    }
}

/// A name that devices sign in with. Its password is never shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RelayUser {
    /// Identifier.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// User name, unique over all accounts, in lower case.
    pub username: String,
    /// The address it sends as.
    pub sender: String,
    /// Further addresses it may send as.
    pub allowed_senders: Vec<String>,
    /// What to do with any other sender.
    pub other_sender: OtherSender,
    /// Whether it may sign in.
    pub state: UserState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

/// A new relay user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelayUser {
    /// User name: 2 to 64 lower-case letters, digits and `.-_@`. A short one is made when not
    /// given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Its password. One is made, and shown once in the reply, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The address it sends as.
    pub sender: String,
    /// Further addresses it may send as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_senders: Vec<String>,
    /// What to do with any other sender; `reject` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_sender: Option<OtherSender>,
}

/// The password never prints.
impl std::fmt::Debug for NewRelayUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewRelayUser")
            .field("username", &self.username)
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// Changes of a relay user; fields that are not given stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelayUserChange {
    /// The address it sends as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Further addresses it may send as; the whole list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_senders: Option<Vec<String>>,
    /// What to do with any other sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_sender: Option<OtherSender>,
}

/// A new password for a relay user: in the place of all it has, or of one of them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password. One is made, and shown once in the reply, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Name or id of the credential that it replaces. Without it the new password replaces all of
    /// them, and is called `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordChange")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// A relay user whose password was set.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RelayUserWithPassword {
    /// The relay user.
    pub user: RelayUser,
    /// The password that relayd made, shown this once; `null` when the request gave one, and in a
    /// reply that is given again.
    pub password: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for RelayUserWithPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayUserWithPassword")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Names a relay user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RelayUserPath {
    /// Name or id of the account.
    pub account: String,
    /// User name or id.
    pub user: String,
}

endpoints! {
    /// Creates a relay user.
    CreateRelayUser: Owner Post "/v1/accounts/{account}/users" (AccountPath, Nothing, NewRelayUser) -> 201 RelayUserWithPassword;
    /// Lists an account's relay users.
    ListRelayUsers: Owner Get "/v1/accounts/{account}/users" (AccountPath, PageQuery, Nothing) -> 200 Page<RelayUser>;
    /// Shows a relay user.
    ShowRelayUser: Owner Get "/v1/accounts/{account}/users/{user}" (RelayUserPath, Nothing, Nothing) -> 200 RelayUser;
    /// Changes the senders of a relay user.
    EditRelayUser: Owner Patch "/v1/accounts/{account}/users/{user}" (RelayUserPath, Nothing, RelayUserChange) -> 200 RelayUser;
    /// Replaces the passwords of a relay user, or the one that is named; the old ones end at once.
    RotatePassword: Owner Post "/v1/accounts/{account}/users/{user}/password" (RelayUserPath, Nothing, PasswordChange) -> 200 RelayUserWithPassword;
    /// Stops a relay user: no sign-in until it is resumed.
    SuspendRelayUser: Owner Post "/v1/accounts/{account}/users/{user}/suspend" (RelayUserPath, Nothing, Nothing) -> 200 RelayUser;
    /// Lets a suspended relay user go on.
    ResumeRelayUser: Owner Post "/v1/accounts/{account}/users/{user}/resume" (RelayUserPath, Nothing, Nothing) -> 200 RelayUser;
    /// Deletes a relay user for good. Its systems must be removed before.
    DeleteRelayUser: Owner Delete "/v1/accounts/{account}/users/{user}" (RelayUserPath, Nothing, Nothing) -> 204 Nothing;
}
