//! A route and what there is to know of it: why it stands still, what ends soon, and what makes it
//! work on the other side.

use super::{RouteOverview, SignIn, setup};
use crate::{
    accounts::{Accounts, AdminError},
    model::{Account, CertificateFacts, Grant, Route, RouteEnd, RouteKind, RouteRole},
    store::RefreshToken,
};

impl Accounts {
    pub(super) async fn route_overview(
        &self,
        account: &Account,
        route: Route,
    ) -> Result<RouteOverview, AdminError> {
        let certificate = route.certificate().and_then(|it| it.facts().ok());
        let token = self.token_of(&route).await?;
        let renewed_at = token.as_ref().map(|token| token.rotated_at);
        let end = RouteEnd::of(&route, certificate.as_ref(), renewed_at);
        let fallback = match route.role {
            RouteRole::Primary => self.store.route_in(account.id, RouteRole::Fallback).await?,
            RouteRole::Fallback => None,
        };
        Ok(RouteOverview {
            fallback,
            account: account.name.clone(),
            hold: self.store.hold(route.id).await?,
            warnings: self.warnings(&route, certificate.as_ref(), end).await?,
            setup: setup::lines(&account.name, &route, certificate.as_ref()),
            sign_in: token.map(|token| SignIn {
                ends_at: RouteEnd::of_sign_in(token.rotated_at),
                username: token.username,
                at: token.allowed_at,
                renewed_at: token.rotated_at,
            }),
            certificate,
            route,
        })
    }

    /// The refresh token of a route that lives on one.
    pub(in crate::accounts) async fn token_of(
        &self,
        route: &Route,
    ) -> Result<Option<RefreshToken>, AdminError> {
        match route.oauth.as_ref().map(|oauth| &oauth.grant) {
            Some(Grant::DeviceCode) => Ok(self.store.refresh_token(route.id).await?),
            _ => Ok(None),
        }
    }

    async fn warnings(
        &self,
        route: &Route,
        certificate: Option<&CertificateFacts>,
        end: Option<RouteEnd>,
    ) -> Result<Vec<String>, AdminError> {
        let now = self.clock.now();
        let mut warnings: Vec<_> = end.and_then(|end| end.warning(now)).into_iter().collect();
        if route.kind == RouteKind::Connector {
            match certificate {
                Some(facts) if facts.is_alone() => warnings.push(
                    "the certificate comes without its intermediates: Exchange Online may not \
                     verify it; give the full chain"
                        .to_owned(),
                ),
                Some(_) => {}
                None => warnings.extend(self.shared_address(route).await?),
            }
        }
        Ok(warnings)
    }

    /// Exchange Online tells the accounts of one address apart by nothing but their sender domains.
    async fn shared_address(&self, route: &Route) -> Result<Option<String>, AdminError> {
        let others = self.store.connectors_by_address(route.account_id).await?;
        let accounts = match others {
            0 => return Ok(None),
            1 => "1 other account".to_owned(),
            others => format!("{others} other accounts"),
        };
        Ok(Some(format!(
            "{accounts} of this relay use a connector by address, too: whoever trusts the address \
             trusts them all; give this route a certificate of its own"
        )))
    }
}
