//! Who calls, and what they may do: the rule of each endpoint is its `Endpoint::ACCESS`.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use relay_proto::{Access, Endpoint};

use super::{Api, failure::Failure};
use crate::{
    accounts::{AdminError, Bearer, BearerKind, Scope},
    model::{Authority, Reason, Refusal, SessionId},
};

/// What the connection itself proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// A Unix socket, by a user who is an operator on this machine.
    Operator,
    /// Anything else: only a token counts. The address is that of a TCP connection.
    Anybody(Option<IpAddr>),
}

/// What a caller was granted, to be looked at again while its request goes on.
pub(super) struct Grant {
    api: Api,
    /// What proves who calls; the operator on this machine needs none.
    token: Option<String>,
}

impl Grant {
    /// What `caller` was granted by the headers of its request.
    pub(super) fn of(api: &Api, headers: &HeaderMap, caller: &Caller) -> Self {
        let is_bearer = matches!(caller, Caller::Bearer(_));
        let token = token_in(headers).filter(|_| is_bearer);
        Self {
            api: api.clone(),
            token: token.map(str::to_owned),
        }
    }

    /// Whether the caller is still who it was: its token goes on, and its account is active.
    pub(super) async fn holds(&self) -> Result<bool, AdminError> {
        let Some(token) = &self.token else {
            return Ok(true);
        };
        match self.api.accounts.is_redeemable(token).await {
            // Nobody knows.
            Err(error @ (AdminError::Store(_) | AdminError::Internal(_))) => Err(error),
            Err(_) => Ok(false),
            known => known,
        }
    }
}

fn token_in(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// Somebody who gave no token.
    Nobody,
    /// The operator, on this machine.
    Operator,
    /// The bearer of a session or token, of the operator or of an account.
    Bearer(Box<Bearer>),
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Operator => f.write_str("operator"),
            Self::Bearer(bearer) => {
                match &bearer.kind {
                    BearerKind::Session { id, .. } => write!(f, "session {id}")?,
                    BearerKind::Token { name, .. } => write!(f, "token {name}")?,
                }
                match &bearer.account {
                    Some(account) => write!(f, " of {}", account.name),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Finds out who calls. A token that is given must be valid, even where none is needed: whoever
/// tries one wants to know. Who `ends_session` may do so in an account that is not active, too.
pub(super) async fn identify(
    api: &Api,
    connection: Connection,
    client: Option<IpAddr>,
    headers: &HeaderMap,
    ends_session: bool,
) -> Result<Caller, Failure> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(match connection {
            Connection::Operator => Caller::Operator,
            Connection::Anybody(_) => Caller::Nobody,
        });
    }
    let Some(token) = token_in(headers) else {
        return Err(Failure::new(Reason::NotSignedIn));
    };
    let bearer = if ends_session {
        api.accounts.redeem_to_end(token, client).await?
    } else {
        api.accounts.redeem(token, client).await?
    };
    match bearer {
        Some(bearer) => Ok(Caller::Bearer(Box::new(bearer))),
        None => Err(Failure::new(Refusal::new(
            Reason::NotSignedIn,
            "the token was refused: it is wrong, expired or revoked",
        ))),
    }
}

impl Caller {
    /// In whose name a change is made.
    pub(super) fn authority(&self) -> Authority {
        if self.is_operator() {
            Authority::Operator
        } else {
            Authority::Owner
        }
    }

    /// Who this is in the audit log.
    pub(super) fn actor(&self) -> String {
        match self {
            Self::Nobody => "anyone".to_owned(),
            Self::Operator => "operator".to_owned(),
            Self::Bearer(bearer) => match (&bearer.kind, &bearer.account) {
                (BearerKind::Session { .. }, Some(account)) => {
                    format!("account {} ({})", account.name, account.contact.email)
                }
                (BearerKind::Session { id, .. }, None) => format!("session {id}"),
                (BearerKind::Token { name, .. }, Some(account)) => {
                    format!("token {name} of {}", account.name)
                }
                (BearerKind::Token { name, .. }, None) => format!("token {name}"),
            },
        }
    }

    /// Among whose keys an `Idempotency-Key` is looked up. An owner may sign in anew between two
    /// tries; those who did not sign in are told apart by their addresses.
    pub(super) fn key_space(&self, client: Option<IpAddr>) -> String {
        match self {
            Self::Nobody => match client {
                Some(client) => format!("anyone at {client}"),
                None => "anyone".to_owned(),
            },
            Self::Operator => "operator".to_owned(),
            Self::Bearer(bearer) => match (&bearer.kind, &bearer.account) {
                (BearerKind::Session { .. }, Some(account)) => format!("account {}", account.id),
                (BearerKind::Session { id, .. }, None) => format!("session {id}"),
                (BearerKind::Token { name, .. }, Some(account)) => {
                    format!("token {name} of {}", account.id)
                }
                (BearerKind::Token { name, .. }, None) => format!("token {name}"),
            },
        }
    }

    /// When the token ends that was shown. A session proves a password, and may do what outlives
    /// it.
    pub(super) fn token_ends(&self) -> Option<Timestamp> {
        match self {
            Self::Bearer(bearer) if matches!(bearer.kind, BearerKind::Token { .. }) => {
                bearer.expires_at
            }
            _ => None,
        }
    }

    /// Whether this is the operator.
    pub(super) fn is_operator(&self) -> bool {
        match self {
            Self::Nobody => false,
            Self::Operator => true,
            Self::Bearer(bearer) => bearer.account.is_none(),
        }
    }

    /// The session of the caller with the SHA-256 of its text, if it is one.
    pub(super) fn session(&self) -> Option<(SessionId, &[u8])> {
        match self {
            Self::Bearer(bearer) => match &bearer.kind {
                BearerKind::Session { id, hash } => Some((*id, hash)),
                BearerKind::Token { .. } => None,
            },
            Self::Operator | Self::Nobody => None,
        }
    }

    /// Whose objects the caller may see.
    fn scope(&self) -> Scope {
        match self {
            Self::Nobody => Scope::Nothing,
            Self::Operator => Scope::All,
            Self::Bearer(bearer) => match &bearer.account {
                None => Scope::All,
                Some(account) => Scope::Only(Box::new(account.clone())),
            },
        }
    }

    /// Applies the rule of an endpoint, and gives the scope of the request. Where the path names
    /// the account of an owner, it holds the id from then on: what is looked up later is what was
    /// admitted here.
    pub(super) fn may<E: Endpoint>(&self, path: &mut E::Path) -> Result<Scope, Failure> {
        let scope = self.scope();
        if scope == Scope::Nothing && E::ACCESS != Access::Anyone {
            return Err(Failure::new(Reason::NotSignedIn));
        }
        if !E::may_be_tried() {
            self.may_change::<E>()?;
        }
        match E::ACCESS {
            Access::Anyone | Access::SignedIn => {}
            Access::Owner => {
                if let Some(key) = account_in::<E>(path) {
                    scope.admit(&key)?;
                    if let Scope::Only(own) = &scope {
                        *path = path_to::<E>(path, &own.id.to_string())?;
                    }
                }
            }
            Access::Operator => {
                if !self.is_operator() {
                    return Err(Failure::new(Refusal::new(
                        Reason::Forbidden,
                        "this is for the operator",
                    )));
                }
            }
        }
        Ok(scope)
    }

    /// Refuses what a read-only token may not do.
    pub(super) fn may_change<E: Endpoint>(&self) -> Result<(), Failure> {
        match self {
            Self::Bearer(bearer)
                if E::changes_something()
                    && matches!(
                        bearer.kind,
                        BearerKind::Token {
                            read_only: true,
                            ..
                        }
                    ) =>
            {
                Err(Failure::new(Reason::Forbidden))
            }
            _ => Ok(()),
        }
    }
}

/// The account that a path names, if its endpoint has one.
fn account_in<E: Endpoint>(path: &E::Path) -> Option<String> {
    if !E::PATH.contains("{account}") {
        return None;
    }
    let values = serde_json::to_value(path).ok()?;
    // A placeholder without a value names no account, and so none that anybody may see.
    Some(values["account"].as_str().unwrap_or_default().to_owned())
}

/// The same path with this account in it.
fn path_to<E: Endpoint>(path: &E::Path, account: &str) -> Result<E::Path, Failure> {
    let unreadable = |error: serde_json::Error| Failure::internal(error.to_string());
    let mut values = serde_json::to_value(path).map_err(unreadable)?;
    values["account"] = account.into();
    serde_json::from_value(values).map_err(unreadable)
}
