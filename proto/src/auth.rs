//! Signing in as the owner of an account: sessions and the password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, Page, PageQuery, endpoint::endpoints, words::words};

words! {
    /// What a caller is.
    Role {
        /// The operator: everything, of all accounts.
        Operator = "operator",
        /// The owner of an account, or a token for it.
        Owner = "owner",
    }
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Caller {
    /// What the caller may do.
    pub role: Role,
    /// Name of the account of an owner.
    pub account: Option<String>,
    /// Name of the token, when it is one.
    pub token: Option<String>,
    /// Whether it may only read.
    pub read_only: bool,
    /// When the session or token ends; `null` is never. A session ends earlier when it is not used
    /// for twelve hours.
    pub expires_at: Option<Timestamp>,
}

/// What an owner signs in with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Contact e-mail of the account.
    pub email: String,
    /// The sign-in password.
    pub password: String,
    /// The account, where several have this e-mail; the oldest active one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where the account has a second factor: the code that the app shows now, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A session that began.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Name of the account.
    pub account: String,
    /// The text for `Authorization: Bearer`, shown this once.
    pub secret: String,
    /// When it ends at the latest. It ends earlier when it is not used for twelve hours.
    pub expires_at: Timestamp,
}

/// A session of the owner of an account, as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnerSession {
    /// Identifier.
    pub id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// The address that signed in; `null` on the Unix socket.
    pub created_from: Option<String>,
    /// When it was last used, to a minute.
    pub used_at: Timestamp,
    /// The address that used it then; `null` on the Unix socket.
    pub used_from: Option<String>,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether the list was asked for with it.
    pub current: bool,
}

/// Names a session of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OwnerSessionPath {
    /// Name or id of the account.
    pub account: String,
    /// Identifier of the session.
    pub session: String,
}

/// Which sessions are to end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSessionsQuery {
    /// Whether the one that the request is made with goes on.
    #[serde(default)]
    pub keep_current: bool,
}

/// How many sessions ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndedSessions {
    /// How many.
    pub ended: u64,
}

/// Another sign-in password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInPassword {
    /// The present one. The operator need not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
    /// The one from now on.
    pub new_password: String,
}

/// Asks for a code to set a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// Contact e-mail of the account.
    pub email: String,
    /// The account, where several have this e-mail; the oldest active one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// Sets a new password by a code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// Contact e-mail of the account.
    pub email: String,
    /// The account, where several have this e-mail; the oldest active one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The code that came by mail: eight digits.
    pub code: String,
    /// The password from now on.
    pub password: String,
}

macro_rules! silent {
    ($($name:ident)+) => {$(
        /// What is secret in it never prints.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

silent! { SignInRequest Session SignInPassword PasswordReset }

endpoints! {
    /// Signs the owner of an account in; gives a token that ends by itself.
    SignIn: Anyone Post "/v1/auth/session" (Nothing, Nothing, SignInRequest) -> 201 Session;
    /// Tells who the caller is.
    ShowCaller: SignedIn Get "/v1/auth/session" (Nothing, Nothing, Nothing) -> 200 Caller;
    /// Ends the session that the request is made with.
    SignOut: SignedIn Delete "/v1/auth/session" (Nothing, Nothing, Nothing) -> 204 Nothing;
    /// Lists the sessions of the owner of an account, oldest first.
    ListOwnerSessions: Owner Get "/v1/accounts/{account}/sessions" (AccountPath, PageQuery, Nothing) -> 200 Page<OwnerSession>;
    /// Ends a session of the owner of an account.
    EndOwnerSession: Owner Delete "/v1/accounts/{account}/sessions/{session}" (OwnerSessionPath, Nothing, Nothing) -> 204 Nothing;
    /// Ends all sessions of the owner of an account, or all others.
    EndOwnerSessions: Owner Delete "/v1/accounts/{account}/sessions" (AccountPath, EndSessionsQuery, Nothing) -> 200 EndedSessions;
    /// Sets another sign-in password; all other sessions of the account end.
    ChangeSignInPassword: Owner Put "/v1/accounts/{account}/password" (AccountPath, Nothing, SignInPassword) -> 204 Nothing;
    /// Sends a code to set a new password. Answers alike whether there is such an account.
    RequestPasswordReset: Anyone Post "/v1/auth/reset" (Nothing, Nothing, ResetRequest) -> 202 Nothing;
    /// Sets a new sign-in password by a code; all sessions of the account end.
    ResetPassword: Anyone Post "/v1/auth/reset/confirm" (Nothing, Nothing, PasswordReset) -> 204 Nothing;
}
