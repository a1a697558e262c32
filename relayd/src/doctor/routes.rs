//! What routes live on: client secrets, certificates, sign-ins. All of them end some day.

use async_trait::async_trait;

use super::Examination;
use crate::{
    clock::SharedClock,
    model::{Finding, FindingArea, Grant, Route, RouteEnd, RouteRole},
    store::{Store, StoreError},
};

/// Looks at every route that lives on something that ends.
pub struct RouteEnds {
    /// The store.
    pub store: Store,
    /// What time it is.
    pub clock: SharedClock,
}

#[async_trait]
impl Examination for RouteEnds {
    fn area(&self) -> FindingArea {
        FindingArea::Exchange
    }

    async fn examine(&self) -> Vec<Finding> {
        const CHECK: &str = "route-ends";
        let area = FindingArea::Exchange;
        match self.findings(CHECK).await {
            Ok(findings) if findings.is_empty() => {
                vec![Finding::ok(
                    area,
                    CHECK,
                    "no secret, certificate or sign-in of a route ends within 30 days",
                )]
            }
            Ok(findings) => findings,
            Err(error) => vec![Finding::error(
                area,
                CHECK,
                format!("the routes cannot be read: {error}"),
                "see the log of relayd",
            )],
        }
    }
}

impl RouteEnds {
    async fn findings(&self, check: &'static str) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for route in self.store.routes_that_end().await? {
            let facts = route.certificate().and_then(|it| it.facts().ok());
            let renewed_at = match route.oauth.as_ref().map(|it| &it.grant) {
                Some(Grant::DeviceCode) => self.store.refresh_token(route.id).await?,
                _ => None,
            };
            let renewed_at = renewed_at.map(|token| token.rotated_at);
            let end = RouteEnd::of(&route, facts.as_ref(), renewed_at);
            if let Some(end) = end {
                findings.extend(self.judge(check, &route, end).await?);
            }
        }
        Ok(findings)
    }

    async fn judge(
        &self,
        check: &'static str,
        route: &Route,
        end: RouteEnd,
    ) -> Result<Option<Finding>, StoreError> {
        let now = self.clock.now();
        let Some(warning) = end.warning(now) else {
            return Ok(None);
        };
        let account = self.store.account(route.account_id).await?;
        let account = account.map_or_else(|| route.account_id.to_string(), |it| it.name);
        let (noun, flag) = match route.role {
            RouteRole::Primary => ("route", ""),
            RouteRole::Fallback => ("fallback", " --fallback"),
        };
        let sentence = format!("{noun} of account {account}: {warning}");
        let remedy = format!("relayctl route show{flag} --account {account}, then set it anew");
        let judged = if end.at <= now {
            Finding::error
        } else {
            Finding::warning
        };
        Ok(Some(judged(
            FindingArea::Exchange,
            check,
            sentence,
            &remedy,
        )))
    }
}
