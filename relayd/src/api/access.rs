//! Who calls, and what they may do.

use axum::http::{HeaderMap, header};
use relay_proto::Method;

use super::{Api, failure::Failure};
use crate::model::{Authority, Reason, Refusal};

/// What the connection itself proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// A Unix socket, by a user who is an operator on this machine.
    Operator,
    /// Anything else: only a token counts.
    Anybody,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// The operator, on this machine.
    Operator,
    /// The holder of an operator token.
    Token {
        /// Its name, for the log.
        name: String,
        /// Whether it may only read.
        read_only: bool,
    },
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Token { name, .. } => write!(f, "token {name}"),
        }
    }
}

/// Finds out who calls. A token that is given must be valid, even where none is needed: whoever
/// tries one wants to know.
pub(super) async fn identify(
    api: &Api,
    connection: Connection,
    headers: &HeaderMap,
) -> Result<Caller, Failure> {
    let Some(authorization) = headers.get(header::AUTHORIZATION) else {
        return match connection {
            Connection::Operator => Ok(Caller::Operator),
            Connection::Anybody => Err(Failure::new(Reason::NotSignedIn)),
        };
    };
    let token = authorization
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let Some(token) = token else {
        return Err(Failure::new(Reason::NotSignedIn));
    };
    match api.accounts.redeem_token(token).await? {
        Some(token) => Ok(Caller::Token {
            name: token.name,
            read_only: token.read_only,
        }),
        None => Err(Failure::new(Refusal::new(
            Reason::NotSignedIn,
            "the token was refused: it is wrong, expired or revoked",
        ))),
    }
}

impl Caller {
    /// In whose name a change is made. Only operators have access in this version.
    pub(super) const fn authority(&self) -> Authority {
        match self {
            Self::Operator | Self::Token { .. } => Authority::Operator,
        }
    }

    /// Refuses what a read-only token may not do.
    pub(super) fn may(&self, method: Method) -> Result<(), Failure> {
        match self {
            Self::Token {
                read_only: true, ..
            } if method != Method::Get => Err(Failure::new(Reason::Forbidden)),
            _ => Ok(()),
        }
    }
}
