//! Invitations to register.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints, words::words};

/// A new invitation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// The only contact e-mail it is good for; any when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When it ends; in seven days when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// An invitation with its code, shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Identifier.
    pub id: String,
    /// The code; good for one registration.
    pub code: String,
    /// The only contact e-mail it is good for.
    pub email: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The code never prints.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("id", &self.id)
            .field("email", &self.email)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

words! {
    /// What became of an invitation.
    InvitationState {
        /// It is good.
        Open = "open",
        /// Somebody registered with it.
        Used = "used",
        /// Its time is over.
        Expired = "expired",
    }
}

/// An invitation that was made, without its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentInvitation {
    /// Identifier.
    pub id: String,
    /// The only contact e-mail it is good for.
    pub email: Option<String>,
    /// What became of it.
    pub state: InvitationState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When somebody registered with it.
    pub used_at: Option<Timestamp>,
}

/// Which invitations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationQuery {
    /// Also those that were used or have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// `next_cursor` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most objects of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Names an invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationPath {
    /// Its id.
    pub id: String,
}

endpoints! {
    /// Makes an invitation to register: a code for one account.
    CreateInvitation: Operator Post "/v1/invitations" (Nothing, Nothing, NewInvitation) -> 201 Invitation;
    /// Lists the invitations, the newest first.
    ListInvitations: Operator Get "/v1/invitations" (Nothing, InvitationQuery, Nothing) -> 200 Page<SentInvitation>;
    /// Takes an invitation back that was not used; its code is good for nothing.
    RevokeInvitation: Operator Delete "/v1/invitations/{id}" (InvitationPath, Nothing, Nothing) -> 204 Nothing;
}
