//! A configuration that was judged is written, and everybody is told who goes by it.

use super::{Reconfigured, Wanted, plan::Work, present::version};
use crate::{
    accounts::{
        Accounts, AdminError, Scope, account::refuse_ended, domain, subscription::too_small,
        system::refuse_overlap,
    },
    model::{Account, Authority, Credential, Reason, Route, Secret},
    store::{MAIL_WAITS, Reconfiguration, ReconfigureError, Step, StoreError},
};

impl Accounts {
    /// Makes the configuration of an account what is wanted: all of it, or nothing. With `if_match`
    /// it must still have that version. What differs is told, and in a dry run that is all.
    pub async fn configure(
        &self,
        (scope, authority): (&Scope, Authority),
        key: &str,
        wanted: &Wanted,
        if_match: Option<i64>,
    ) -> Result<Reconfigured, AdminError> {
        let account = self.find_account(key).await?;
        refuse_ended(&account)?;
        let (present, stamp) = self.present(&account).await?;
        if if_match.is_some_and(|expected| expected != present.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let caller = (scope, authority);
        let mut work = self.plan_configuration(caller, &present, wanted).await?;
        let routes = self.plan_routes(&mut work, wanted)?;
        let Work {
            objections,
            differences,
            left,
            steps,
            ..
        } = work;
        if !objections.is_empty() {
            return Err(AdminError::Objections(objections));
        }
        let queued = match &present.route {
            Some(route) => self.store.count_waiting(route.id).await?,
            None => 0,
        };
        let mut outcome = Reconfigured {
            applied: false,
            version: present.version,
            differences,
            left,
            steps: Vec::new(),
            queued,
        };
        if wanted.dry_run || outcome.differences.is_empty() {
            return Ok(outcome);
        }
        let mut steps = steps.in_order();
        self.hash_passwords(&mut steps, wanted).await?;
        let (of_routes, tried) = self.probe_routes(&account.name, routes.staged).await?;
        steps.extend(
            routes
                .removed
                .clone()
                .map(|it| Step::RemoveRoute(Box::new(it))),
        );
        steps.extend(of_routes);
        let all = Reconfiguration {
            account: &present.account,
            stamp,
            steps: &steps,
            most_domains: domain::MOST,
            now: self.clock.now(),
        };
        let written = self.store.reconfigure(&all).await;
        written.map_err(|error| refused(error, &steps, authority))?;
        let (name, changes) = (&account.name, steps.len());
        tracing::info!(account = %name, changes, "configuration changed");
        self.tell_lanes(&account, &steps, routes.removed.as_ref())
            .await?;
        outcome.applied = true;
        outcome.steps = tried;
        let stamp = self.store.configuration_stamp(account.id).await?;
        outcome.version = version(&stamp);
        Ok(outcome)
    }

    /// The passwords of new relay users, when all else is known to be right.
    async fn hash_passwords(&self, steps: &mut [Step], wanted: &Wanted) -> Result<(), AdminError> {
        for step in steps {
            let Step::AddUser(user, credential) = step else {
                continue;
            };
            let name = Some(user.username.as_str());
            let mut users = wanted.users.iter();
            let given = users.find(|it| it.user.username.as_deref() == name);
            let password: Option<Secret> = given.and_then(|it| it.user.password.clone());
            let (hashed, _) = self.credential(Credential::DEFAULT, password, &[]).await?;
            *credential = hashed;
        }
        Ok(())
    }

    async fn tell_lanes(
        &self,
        account: &Account,
        steps: &[Step],
        removed: Option<&Route>,
    ) -> Result<(), AdminError> {
        if let Some(route) = removed {
            self.queue.forget(route.id);
        }
        for step in steps {
            if let Step::SetRoute(route, _) = step {
                self.route_works_again(account, route).await?;
            }
        }
        // Whose mail goes first may be another.
        self.wake_lanes(account.id).await
    }
}

fn refused(error: ReconfigureError, steps: &[Step], authority: Authority) -> AdminError {
    match error {
        ReconfigureError::Stale => AdminError::Refused(Reason::StaleVersion.into()),
        ReconfigureError::OverPlan { used, allowed } => too_small("the plan", used, allowed),
        ReconfigureError::NoPlan => AdminError::Refused(Reason::NoSubscription.into()),
        ReconfigureError::TooManyDomains(count) => domain::too_many(count),
        ReconfigureError::System(error) => match error {
            crate::store::WriteSystemError::Store(error) => AdminError::Store(error),
            overlap @ crate::store::WriteSystemError::Overlap { .. } => {
                refuse_overlap(&overlap, authority)
            }
        },
        ReconfigureError::Store(error) => AdminError::Store(error),
        ReconfigureError::Step(number, error) => match (steps.get(number), error) {
            (Some(Step::AddUser(user, _)), StoreError::Conflict(_)) => {
                AdminError::refused(Reason::NameTaken, user.username.as_str())
            }
            (Some(Step::RemoveRoute(_)), StoreError::Conflict(what)) if what == MAIL_WAITS => {
                AdminError::refused(
                    Reason::StateConflict,
                    "mail waits for the fallback; relayctl queue list shows it",
                )
            }
            // Somebody else was faster, with something that the stamp does not tell of.
            (_, StoreError::Conflict(_) | StoreError::NotFound) => {
                AdminError::Refused(Reason::StaleVersion.into())
            }
            (_, error) => AdminError::Store(error),
        },
    }
}
