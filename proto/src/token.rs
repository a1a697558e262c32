//! Operator tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, PageQuery, endpoint::endpoints};

/// A token, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Identifier.
    pub id: String,
    /// Name, unique.
    pub name: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `null` is never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Timestamp>,
}

/// A new token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Name: lower-case letters, digits and `.-_`, 2 to 64, unique.
    pub name: String,
    /// Whether it may only read.
    #[serde(default)]
    pub read_only: bool,
    /// When it ends; never when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A token with its text, shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenWithSecret {
    /// The token.
    pub token: Token,
    /// The text for `Authorization: Bearer`; empty in a reply that is given again.
    pub secret: String,
}

/// The secret never prints.
impl std::fmt::Debug for TokenWithSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenWithSecret")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// Names a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenPath {
    /// Its name or id.
    pub token: String,
}

endpoints! {
    /// Creates an operator token.
    CreateToken: Post "/v1/tokens" (Nothing, Nothing, NewToken) -> 201 TokenWithSecret;
    /// Lists the operator tokens.
    ListTokens: Get "/v1/tokens" (Nothing, PageQuery, Nothing) -> 200 Page<Token>;
    /// Revokes an operator token; it ends at once.
    RevokeToken: Delete "/v1/tokens/{token}" (TokenPath, Nothing, Nothing) -> 204 Nothing;
}
