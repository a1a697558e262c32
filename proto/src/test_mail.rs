//! A test mail: one mail through the whole way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, RelayUserPath, endpoint::endpoints};

/// A mail to try the way with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTestMail {
    /// Who gets it.
    pub to: String,
    /// Whom it is from; the sender of the relay user when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The system that it counts for; an active one of the relay user when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// A test mail that was accepted, and is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TestMail {
    /// Its queue id, to trace it by.
    pub id: String,
    /// The system that it counts for.
    pub system: String,
}

endpoints! {
    /// Sends a mail as a relay user, through the policy and the limits that devices meet. It counts
    /// like other mail, and its history says that it is a test.
    SendTestMail: Owner Post "/v1/accounts/{account}/users/{user}/test" (RelayUserPath, Nothing, NewTestMail) -> 201 TestMail;
}
