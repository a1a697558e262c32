//! Earlier versions of a route, and the way back to one.

use super::RouteChange;
use crate::{
    accounts::{Accounts, AdminError, Listing, Scope},
    model::{Account, Reason, Route, RouteRole},
    store::RouteVersion,
};

impl Accounts {
    /// The versions of an account's route that are kept and older than `before`, newest first, each
    /// with whether it is in force.
    pub async fn route_history(
        &self,
        account: &Account,
        role: RouteRole,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Listing<(RouteVersion, bool), i64>, AdminError> {
        let route = self.route_in_force(account, role).await?;
        let versions = self.store.route_versions(&route).await?.into_iter();
        let rest = versions
            .filter(|kept| before.is_none_or(|before| kept.route.version < before))
            .map(|kept| {
                let is_in_force = kept.route.version == route.version;
                (kept, is_in_force)
            });
        let key = |(kept, _): &(RouteVersion, bool)| kept.route.version;
        Ok(Listing::cut(rest.collect(), limit, key))
    }

    /// Puts an earlier version back in force, the one before the present when none is named: its
    /// settings, with its secrets, are probed first, and become the newest version. A probe that
    /// fails leaves everything as it was, as does a dry run.
    pub async fn roll_route_back(
        &self,
        scope: &Scope,
        (account, role): (&Account, RouteRole),
        version: Option<i64>,
        if_match: Option<i64>,
        dry_run: bool,
    ) -> Result<RouteChange, AdminError> {
        let route = self.route_in_force(account, role).await?;
        let versions = self.store.route_versions(&route).await?;
        let is_wanted = |kept: &&RouteVersion| match version {
            Some(version) => kept.route.version == version,
            None => kept.route.version < route.version,
        };
        let wanted = versions.iter().find(is_wanted).map(|kept| &kept.route);
        let wanted = wanted.ok_or_else(|| {
            let name = version.map_or_else(|| "before this".to_owned(), |it| it.to_string());
            AdminError::not_found("version of the route", name)
        })?;
        scope.admit_route(wanted.kind)?;
        if wanted.differences(&route).is_empty() {
            return Err(AdminError::refused(
                Reason::StateConflict,
                format!("the route has the settings of version {}", wanted.version),
            ));
        }
        let staged = Route {
            version: route.version,
            ..wanted.clone()
        };
        self.swap_route(account, Some(&route), staged, if_match, dry_run)
            .await
    }
}
