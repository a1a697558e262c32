//! Tokens for the API: the operator's, and those of accounts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints};

/// A token, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Identifier.
    pub id: String,
    /// Name, unique among the tokens of the operator or of an account.
    pub name: String,
    /// Name of the account it is for; `null` for the operator's own.
    pub account: Option<String>,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `null` is never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Timestamp>,
    /// Who made it, in the words of the audit log; empty where nobody noted that.
    #[serde(default)]
    pub created_by: String,
}

/// A new token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Name: lower-case letters, digits and `.-_`, 2 to 64, unique among the tokens of the
    /// operator or of the account.
    pub name: String,
    /// The account it is for. When not given: that of the caller, or, of the operator, none: a
    /// token that may do what the operator may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Whether it may only read.
    #[serde(default)]
    pub read_only: bool,
    /// When it ends; never when not given. A token that ends makes none that outlives it.
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

/// Which tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenQuery {
    /// Those of this account; the operator's own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// `next_cursor` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most objects of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Whose token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenOwner {
    /// That of this account; the operator's own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

endpoints! {
    /// Creates a token.
    CreateToken: Owner Post "/v1/tokens" (Nothing, Nothing, NewToken) -> 201 TokenWithSecret;
    /// Lists tokens.
    ListTokens: Owner Get "/v1/tokens" (Nothing, TokenQuery, Nothing) -> 200 Page<Token>;
    /// Revokes a token; it ends at once.
    RevokeToken: Owner Delete "/v1/tokens/{token}" (TokenPath, TokenOwner, Nothing) -> 204 Nothing;
}
