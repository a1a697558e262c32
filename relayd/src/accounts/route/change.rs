//! What becomes of settings: probed, then swapped in.

use std::time::Duration;

use super::{
    RouteChange, RouteCheck, RouteOverview, RouteSettings, setup,
    stage::{Ground, stage},
};
use crate::{
    accounts::{Accounts, AdminError, Probe, ProbeStep, WrongField, account::does_not_fit},
    model::{
        Account, AccountId, AccountState, CertificateFacts, HoldKind, Notification, Reason,
        Refusal, Route, RouteId, RouteRole,
    },
    store::{MAIL_WAITS, StoreError},
};

/// For a probe as a whole: somebody waits for it.
const PROBE_DEADLINE: Duration = Duration::from_mins(1);

impl Accounts {
    /// The route of an account in that role.
    pub async fn show_route(
        &self,
        account: &Account,
        role: RouteRole,
    ) -> Result<RouteOverview, AdminError> {
        let route = self.route_in_force(account, role).await?;
        self.route_overview(account, route).await
    }

    /// The same, without what is around it.
    pub(super) async fn route_in_force(
        &self,
        account: &Account,
        role: RouteRole,
    ) -> Result<Route, AdminError> {
        let route = self.store.route_in(account.id, role).await?;
        let what = match role {
            RouteRole::Primary => "route of account",
            RouteRole::Fallback => "fallback of account",
        };
        route.ok_or_else(|| AdminError::not_found(what, account.name.as_str()))
    }

    /// Probes new settings, then swaps them in. A probe that fails leaves everything as it was.
    /// With `if_match` the route must still have that version.
    pub async fn set_route(
        &self,
        account: &Account,
        role: RouteRole,
        settings: RouteSettings,
        if_match: Option<i64>,
    ) -> Result<RouteChange, AdminError> {
        let old = self.store.route_in(account.id, role).await?;
        let dry_run = settings.dry_run;
        let staged = self.stage_route(account, role, settings, (old.as_ref(), false))?;
        self.swap_route(account, old.as_ref(), staged, if_match, dry_run)
            .await
    }

    /// The route that settings make, not yet probed. `signs_in` says that somebody signs in for it.
    pub(in crate::accounts) fn stage_route(
        &self,
        account: &Account,
        role: RouteRole,
        mut settings: RouteSettings,
        (old, signs_in): (Option<&Route>, bool),
    ) -> Result<Route, AdminError> {
        if account.state == AccountState::Closed {
            return Err(does_not_fit(account));
        }
        self.fill_folder(account, &mut settings);
        let now = self.clock.now();
        let ground = Ground {
            account,
            role,
            old,
            now,
            signs_in,
        };
        stage(settings, &ground, || RouteId::new(&self.ids, now))
    }

    /// Probes a staged route, then swaps it in for the old one.
    pub(in crate::accounts) async fn swap_route(
        &self,
        account: &Account,
        old: Option<&Route>,
        mut staged: Route,
        if_match: Option<i64>,
        dry_run: bool,
    ) -> Result<RouteChange, AdminError> {
        let version = old.map(|route| route.version);
        if if_match.is_some() && if_match != version {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        self.check_pair(account, &staged).await?;
        let probe = self.probe_in_time(&staged).await;
        let offer = probe.offer;
        let name = &account.name;
        let steps = refuse_failure(probe, (name, &staged), "the route is unchanged")?;
        (staged.checked_at, staged.offer) = (Some(self.clock.now()), offer);
        if dry_run {
            let overview = self.route_overview(account, staged).await?;
            return Ok(RouteChange {
                applied: false,
                overview,
                steps,
            });
        }
        self.write_route(&mut staged, version).await?;
        self.route_works_again(account, &staged).await?;
        tracing::info!(account = %account.name, kind = %staged.kind, server = %staged.server, "route set");
        Ok(RouteChange {
            applied: true,
            overview: self.route_overview(account, staged).await?,
            steps,
        })
    }

    /// Puts a probed route in the place of the version that it was staged upon.
    pub(super) async fn write_route(
        &self,
        staged: &mut Route,
        version: Option<i64>,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let written = match version {
            Some(_) => self.store.update_route(staged, now).await,
            None => self.store.insert_route(staged, now).await,
        };
        written.map_err(|error| match error {
            // Somebody else set the first route in between.
            StoreError::Conflict(_) => AdminError::Refused(Reason::StaleVersion.into()),
            error => AdminError::on_update(error),
        })?;
        staged.version = version.map_or(1, |version| version + 1);
        Ok(())
    }

    /// A route was probed with success: what waited for that goes on.
    pub(in crate::accounts) async fn route_works_again(
        &self,
        account: &Account,
        route: &Route,
    ) -> Result<(), AdminError> {
        self.end_hold_for_credentials(account.id, route.id).await?;
        // The other lane may be waiting for this one.
        self.wake_lanes(account.id).await?;
        Ok(())
    }

    /// The first route of an account that does not exist yet, probed.
    pub(in crate::accounts) async fn first_route(
        &self,
        account: &Account,
        settings: RouteSettings,
    ) -> Result<(Route, Vec<ProbeStep>), AdminError> {
        let staged = self.stage_first(account, settings)?;
        self.probe_first(&account.name, staged).await
    }

    /// The same, not yet probed.
    pub(in crate::accounts) fn stage_first(
        &self,
        account: &Account,
        settings: RouteSettings,
    ) -> Result<Route, AdminError> {
        let staged = self.stage_route(account, RouteRole::Primary, settings, (None, false));
        staged.map_err(|error| match error {
            AdminError::Invalid(wrong) => {
                AdminError::Invalid(wrong.into_iter().map(WrongField::in_route).collect())
            }
            error => error,
        })
    }

    /// Probes the first route of an account: when that fails there is neither route nor account.
    pub(in crate::accounts) async fn probe_first(
        &self,
        name: &str,
        mut staged: Route,
    ) -> Result<(Route, Vec<ProbeStep>), AdminError> {
        let probe = self.probe_in_time(&staged).await;
        let offer = probe.offer;
        let steps = refuse_failure(probe, (name, &staged), "nothing was created")?;
        (staged.checked_at, staged.offer) = (Some(self.clock.now()), offer);
        Ok((staged, steps))
    }

    fn fill_folder(&self, account: &Account, settings: &mut RouteSettings) {
        if settings.folder.is_none() {
            let folder = self.settings.capture_folder.join(&account.name);
            settings.folder = Some(folder.display().to_string());
        }
    }

    /// Probes the route as it is. Success marks it checked and ends a hold for credentials; a
    /// failure is told and changes nothing, since the mail in its lane finds out by itself.
    pub async fn check_route(
        &self,
        account: &Account,
        role: RouteRole,
    ) -> Result<RouteCheck, AdminError> {
        let mut route = self.route_in_force(account, role).await?;
        let (probe, remarks) = self.examine_in_time(account, &route).await?;
        if probe.failure.is_none() {
            let now = self.clock.now();
            self.store
                .set_route_checked(&route, Some(now), probe.offer)
                .await
                .map_err(AdminError::on_update)?;
            (route.checked_at, route.offer) = (Some(now), probe.offer);
            self.end_hold_for_credentials(account.id, route.id).await?;
            self.wake_lanes(account.id).await?;
        }
        Ok(RouteCheck {
            probe,
            remarks,
            overview: self.route_overview(account, route).await?,
        })
    }

    /// A fallback that is no other way would fail together with the first one.
    pub(super) async fn check_pair(
        &self,
        account: &Account,
        staged: &Route,
    ) -> Result<(), AdminError> {
        let other = match staged.role {
            RouteRole::Primary => RouteRole::Fallback,
            RouteRole::Fallback => RouteRole::Primary,
        };
        let found = self.store.route_in(account.id, other).await?;
        judge_pair(staged, found.as_ref())
    }

    /// Takes the fallback of an account away; its first route can only be set anew. Not while
    /// mail waits for it.
    pub async fn remove_route(
        &self,
        account: &Account,
        role: RouteRole,
        if_match: Option<i64>,
    ) -> Result<(), AdminError> {
        if role == RouteRole::Primary {
            return Err(AdminError::refused(
                Reason::StateConflict,
                "the first route of an account can be set anew, not removed",
            ));
        }
        let route = self.route_in_force(account, role).await?;
        if if_match.is_some_and(|version| version != route.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let removed = self.store.remove_route(&route).await;
        removed.map_err(|error| match error {
            StoreError::Conflict(what) if what == MAIL_WAITS => mail_waits(),
            error => AdminError::on_update(error),
        })?;
        self.queue.forget(route.id);
        tracing::info!(account = %account.name, server = %route.server, "fallback removed");
        Ok(())
    }

    pub(in crate::accounts) async fn probe_in_time(&self, route: &Route) -> Probe {
        let probe = self.probe.probe(route);
        match tokio::time::timeout(PROBE_DEADLINE, probe).await {
            Ok(probe) => probe,
            Err(_) => out_of_time(PROBE_DEADLINE),
        }
    }

    async fn end_hold_for_credentials(
        &self,
        account: AccountId,
        route: RouteId,
    ) -> Result<(), AdminError> {
        let hold = self.store.hold(route).await?;
        let now = self.clock.now();
        self.store.release_senders(route).await?;
        if hold.is_some_and(|hold| hold.kind == HoldKind::Credentials) {
            let note = Notification::of_release(&self.ids, now, account, route);
            self.store.noting(note).clear_hold(route).await?;
        }
        Ok(())
    }
}

/// A fallback stays while mail waits for it.
pub(in crate::accounts) fn mail_waits() -> AdminError {
    AdminError::refused(
        Reason::StateConflict,
        "mail waits for the fallback; relayctl queue list shows it",
    )
}

/// A route beside that of the other role.
pub(in crate::accounts) fn judge_pair(
    staged: &Route,
    other: Option<&Route>,
) -> Result<(), AdminError> {
    let wrong = |field, message: &str| {
        Err(AdminError::Invalid(vec![WrongField {
            field,
            message: message.to_owned(),
        }]))
    };
    match (staged.role, other) {
        (RouteRole::Fallback, None) => Err(AdminError::refused(
            Reason::StateConflict,
            "a fallback stands beside a first route, and there is none yet",
        )),
        (RouteRole::Fallback, Some(first)) if leads_alike(staged, first) => wrong(
            "server",
            "a fallback has another server or another mailbox than the first route",
        ),
        (RouteRole::Primary, Some(second)) if leads_alike(staged, second) => wrong(
            "server",
            "these are the server and mailbox of the fallback; remove that first, or set it to \
             another way",
        ),
        _ => Ok(()),
    }
}

/// A probe that came to no end.
pub(super) fn out_of_time(deadline: Duration) -> Probe {
    Probe {
        steps: vec![ProbeStep {
            name: "deadline".to_owned(),
            ok: false,
            detail: format!("no end within {} seconds", deadline.as_secs()),
            remedy: String::new(),
            elapsed: deadline,
        }],
        failure: Some((Reason::RouteUnreachable, String::new())),
        offer: None,
    }
}

/// `consequence` says what the failure leaves behind. What would make such a route work goes with
/// it: mostly an administrator of the tenant has not run it yet.
pub(in crate::accounts) fn refuse_failure(
    probe: Probe,
    (name, staged): (&str, &Route),
    consequence: &str,
) -> Result<Vec<ProbeStep>, AdminError> {
    match probe.failure {
        None => Ok(probe.steps),
        Some((reason, cause)) => Err(AdminError::CheckFailed {
            refusal: Refusal::new(reason, consequence),
            cause,
            steps: probe.steps,
            setup: setup::lines(name, staged, certificate_of(staged).as_ref()),
        }),
    }
}

fn certificate_of(route: &Route) -> Option<CertificateFacts> {
    route.certificate().and_then(|it| it.facts().ok())
}

/// Whether both hand mail to the same server for the same mailbox.
fn leads_alike(one: &Route, other: &Route) -> bool {
    one.kind == other.kind
        && one.server == other.server
        && one.mx_of == other.mx_of
        && one.mailbox.eq_ignore_ascii_case(&other.mailbox)
        && one.folder == other.folder
}
