//! The route of somebody who registers: a check that anyone can ask for must neither become a way
//! to look into other networks, nor a place to try stolen passwords at any pace.

use super::RouteSettings;
use crate::accounts::{Accounts, AdminError};
use crate::model::{Account, OAuth, Reason, Refusal, Route, RouteKind, Security};

impl Accounts {
    /// Refuses what somebody who is not known may not have checked, before anything is looked up.
    pub(in crate::accounts) fn admit_registered_route(
        &self,
        staged: &Route,
    ) -> Result<(), AdminError> {
        if staged.kind == RouteKind::Capture || staged.security == Security::None {
            return Err(AdminError::refused(
                Reason::Forbidden,
                "such a route is set by the operator",
            ));
        }
        let names_authority = |it: &OAuth| it.authority.is_some();
        if staged.oauth.as_ref().is_some_and(names_authority) {
            return Err(AdminError::refused(
                Reason::Forbidden,
                "with a registration, tokens come from the authority of the cloud",
            ));
        }
        let servers = &self.settings.registration_servers;
        let is_known = servers
            .iter()
            .any(|known| known.admits(&staged.server, staged.port));
        if is_known {
            return Ok(());
        }
        let detail = if servers.is_empty() {
            "no route can be given with a registration here".to_owned()
        } else {
            let servers: Vec<_> = servers.iter().map(ToString::to_string).collect();
            format!(
                "with a registration only a route to {} can be given",
                servers.join(" or ")
            )
        };
        Err(AdminError::Refused(Refusal::new(
            Reason::RouteNotForRegistration,
            detail,
        )))
    }

    /// Counts a check that somebody asks for who is not known: of all together, and of a mailbox.
    pub(in crate::accounts) fn count_registered_route(
        &self,
        staged: &Route,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let throttles = &self.throttles;
        let mailbox = format!("{} {}", staged.server, staged.mailbox);
        throttles.registration_mailbox.admit(&mailbox, now)?;
        throttles.registration_checks.admit("", now)
    }

    /// Stages the route of a registration, if it has one; nothing is tried yet.
    pub(in crate::accounts) fn registered_route(
        &self,
        account: &Account,
        settings: Option<RouteSettings>,
    ) -> Result<Option<Route>, AdminError> {
        let Some(settings) = settings else {
            return match self.settings.notifications {
                Some(_) => Ok(None),
                None => Err(AdminError::refused(
                    Reason::NoNotificationRoute,
                    "register with a route: the code is sent through it",
                )),
            };
        };
        let staged = self.stage_first(account, settings)?;
        self.admit_registered_route(&staged)?;
        Ok(Some(staged))
    }
}
