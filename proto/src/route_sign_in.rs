//! Signing in for a route by device code.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountPath, Nothing, RouteChange, RouteQuery, RouteSettings, endpoint::endpoints, words::words,
};

words! {
    /// How a sign-in stands.
    SignInState {
        /// The person has not finished.
        Pending = "pending",
        /// The person has, and the route is set.
        Done = "done",
    }
}

/// What somebody is to sign in for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignIn {
    /// The settings that the route gets once that is done; the route as it is when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<RouteSettings>,
}

/// What the person who signs in has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInCode {
    /// Names the sign-in.
    pub id: String,
    /// What the person enters.
    pub user_code: String,
    /// Where: a page of Microsoft, in any browser.
    pub verification_uri: String,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// How long to wait between two looks, in seconds.
    pub interval: u64,
}

/// How a sign-in stands. When it was refused or came too late, or when the route does not work by
/// it, a problem comes instead, and nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInProgress {
    /// Whether it is done.
    pub state: SignInState,
    /// When the code ends; `null` when it is done.
    pub expires_at: Option<Timestamp>,
    /// How long to wait before the next look, in seconds; 0 when it is done.
    pub interval: u64,
    /// Who signed in; `null` before, and where Microsoft did not tell.
    pub username: Option<String>,
    /// What is worth knowing about that: somebody else than the mailbox signed in.
    pub note: Option<String>,
    /// What became of the route.
    pub change: Option<RouteChange>,
}

/// Names a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInPath {
    /// Name or id of the account.
    pub account: String,
    /// Identifier of the sign-in.
    pub id: String,
}

endpoints! {
    /// Begins a sign-in by device code for an account's route: gives the code that a person enters in a browser. Takes `If-Match`.
    AuthorizeRoute: Owner Post "/v1/accounts/{account}/route/authorize" (AccountPath, RouteQuery, NewSignIn) -> 200 SignInCode;
    /// Looks whether the person has signed in: then checks the route by what was allowed and swaps it in; a failing check changes nothing. Answers at once; look again after `interval`.
    ContinueSignIn: Owner Post "/v1/accounts/{account}/route/authorize/{id}" (SignInPath, Nothing, Nothing) -> 200 SignInProgress;
}
