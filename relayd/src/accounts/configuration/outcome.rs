//! A configuration that was judged is written, and everybody is told who goes by it.

use tracing::Instrument;

use super::{Reconfigured, Wanted, plan::Work, present::version};
use crate::{
    accounts::{
        Accounts, AdminError, Scope, account::refuse_ended, domain, route::mail_waits,
        subscription::too_small, system::refuse_overlap, throttle::Counted,
    },
    model::{Account, Authority, Credential, Reason, Secret},
    store::{
        MAIL_WAITS, Reconfiguration, ReconfigureError, Stamp, Step, StoreError, WriteSystemError,
    },
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
        let of_routes = routes.staged.len() + usize::from(routes.removed.is_some());
        let changes = work.judge_size(of_routes);
        if work.objections.is_empty() {
            self.judge_overlaps(&mut work).await?;
        }
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
        let counted = self.pace_configured(&present.account, changes, authority)?;
        let (of_routes, tried) = self.probe_routes(&account.name, routes.staged).await?;
        let mut steps = steps.in_order();
        self.hash_passwords(&mut steps, wanted).await?;
        let removed = routes.removed.map(|it| Step::RemoveRoute(Box::new(it)));
        steps.extend(removed);
        steps.extend(of_routes);
        let account = present.account;
        let (id, accounts) = (account.id, self.clone());
        let writing = async move {
            accounts
                .write_steps(&account, stamp, &steps, authority)
                .await
        };
        // Whoever asked may be gone: what is written counts, and is told to the lanes, all the same.
        counted.stands();
        let written = tokio::spawn(writing.in_current_span()).await;
        written.map_err(|error| AdminError::Internal(error.to_string()))??;
        outcome.applied = true;
        outcome.steps = tried;
        outcome.version = version(&self.store.configuration_stamp(id).await?);
        Ok(outcome)
    }

    /// Counts what an owner changes, and refuses it when it was too much.
    fn pace_configured(
        &self,
        account: &Account,
        changes: usize,
        authority: Authority,
    ) -> Result<Counted<'_>, AdminError> {
        let many = match authority {
            Authority::Operator => 0,
            Authority::Owner => u32::try_from(changes).unwrap_or(u32::MAX),
        };
        let key = account.id.to_string();
        let throttle = &self.throttles.configured;
        throttle.admit_many(&key, many, self.clock.now())
    }

    /// Writes the changes, and tells who goes by them.
    async fn write_steps(
        &self,
        account: &Account,
        stamp: Stamp,
        steps: &[Step],
        authority: Authority,
    ) -> Result<(), AdminError> {
        let all = Reconfiguration {
            account,
            stamp,
            steps,
            most_domains: domain::MOST,
            now: self.clock.now(),
        };
        let written = self.store.reconfigure(&all).await;
        written.map_err(|error| refused(error, steps, authority))?;
        let (name, changes) = (&account.name, steps.len());
        tracing::info!(account = %name, changes, "configuration changed");
        if let Err(error) = self.tell_lanes(account, steps).await {
            tracing::warn!(%error, account = %name, "lanes were not told of a changed configuration");
        }
        Ok(())
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

    async fn tell_lanes(&self, account: &Account, steps: &[Step]) -> Result<(), AdminError> {
        for step in steps {
            match step {
                Step::RemoveRoute(route) => self.queue.forget(route.id),
                Step::SetRoute(route, _) => self.route_works_again(account, route).await?,
                _ => {}
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
            WriteSystemError::Store(error) => AdminError::Store(error),
            overlap @ WriteSystemError::Overlap { .. } => refuse_overlap(&overlap, authority),
        },
        ReconfigureError::Store(error) => AdminError::Store(error),
        ReconfigureError::Step(number, error) => match (steps.get(number), error) {
            (Some(Step::AddUser(user, _)), StoreError::Conflict(_)) => {
                AdminError::refused(Reason::NameTaken, user.username.as_str())
            }
            (Some(Step::RemoveRoute(_)), StoreError::Conflict(what)) if what == MAIL_WAITS => {
                mail_waits()
            }
            // Somebody else was faster, with something that the stamp does not tell of.
            (_, StoreError::Conflict(_) | StoreError::NotFound) => {
                AdminError::Refused(Reason::StaleVersion.into())
            }
            (_, error) => AdminError::Store(error),
        },
    }
}
