//! Access tokens of Microsoft Entra: one request for a route however many connections want one,
//! kept until shortly before they end, fetched anew ahead of that. Tokens are never printed.

mod aadsts;
mod assertion;
mod claims;
mod device;
mod endpoint;
mod fetch;
mod refresh;
#[cfg(test)]
mod tests;
mod tokens;

pub use device::{Allowed, DeviceCode, Poll};
pub use refresh::{NoRefreshTokens, RefreshTokens};
pub(super) use tokens::Tokens;

use jiff::Timestamp;

use crate::model::{Grant, OAuth, Route, RouteKind};

/// What a token is asked for: the scope that the kind of route needs, or the route's own.
fn scope(route: &Route, oauth: &OAuth) -> String {
    if let Some(scope) = &oauth.scope {
        return scope.clone();
    }
    let cloud = oauth.cloud;
    match (route.kind, &oauth.grant) {
        (RouteKind::Graph, Grant::DeviceCode) => {
            format!("https://{}/Mail.Send offline_access", cloud.graph_host())
        }
        (RouteKind::Graph, _) => format!("https://{}/.default", cloud.graph_host()),
        (_, Grant::DeviceCode) => {
            format!("{}/SMTP.Send offline_access", cloud.delegated_resource())
        }
        (_, Grant::ClientSecret { .. } | Grant::Certificate(_)) => {
            format!("{}/.default", cloud.outlook_resource())
        }
    }
}

/// One line on a token of a route, for the step of a check.
pub(super) fn describe(route: &Route, token: &str, expires_at: Timestamp) -> String {
    let is_application = route
        .oauth
        .as_ref()
        .is_some_and(|oauth| !matches!(oauth.grant, Grant::DeviceCode));
    let role = match route.kind {
        RouteKind::Graph => "Mail.Send",
        _ => "SMTP.SendAsApp",
    };
    claims::describe(token, expires_at, is_application.then_some(role))
}
