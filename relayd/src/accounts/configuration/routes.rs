//! The routes of a configuration: staged like those of single commands, and probed before anything
//! is written.

use futures_util::future::join_all;

use super::{
    Action, Part, Wanted,
    difference::{GivenSecrets, SECRETS, fresh, gone, of_route, of_routes},
    plan::Work,
};
use crate::{
    accounts::{
        Accounts, AdminError, ProbeStep, RouteSettings,
        route::{judge_pair, refuse_failure},
    },
    model::{Grant, Route, RouteRole},
    store::Step,
};

/// A route that is to take the place of another.
pub(super) struct Staged {
    pub(super) route: Route,
    /// The version of the one that it takes the place of.
    version: Option<i64>,
}

/// What becomes of both routes.
#[derive(Default)]
pub(super) struct RoutePlan {
    pub(super) staged: Vec<Staged>,
    pub(super) removed: Option<Route>,
}

impl Accounts {
    pub(super) fn plan_routes(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<RoutePlan, AdminError> {
        let mut plan = RoutePlan::default();
        let present = work.present;
        let old = (present.route.as_ref(), present.fallback.as_ref());
        let mut first = old.0.cloned();
        let mut second = old.1.cloned();
        if let Some(settings) = &wanted.route {
            let staged = self.plan_route(work, RouteRole::Primary, settings, old.0)?;
            if let Some(staged) = staged {
                first = Some(staged.route.clone());
                plan.staged.push(staged);
            }
        } else if old.0.is_some() {
            work.leave(Part::Route, "");
        }
        match (&wanted.fallback, old.1) {
            (Some(settings), _) => {
                let staged = self.plan_route(work, RouteRole::Fallback, settings, old.1)?;
                if let Some(staged) = staged {
                    second = Some(staged.route.clone());
                    plan.staged.push(staged);
                }
            }
            (None, Some(route)) if work.is_pruned => {
                work.note(Action::Remove, Part::Fallback, "", gone(of_route(route)));
                plan.removed = Some(route.clone());
                second = None;
            }
            (None, Some(_)) => work.leave(Part::Fallback, ""),
            (None, None) => {}
        }
        let changes_second = wanted.fallback.is_some();
        let at = if changes_second { "fallback" } else { "route" };
        if let (Some(second), false) = (&second, plan.staged.is_empty()) {
            let judged = judge_pair(second, first.as_ref());
            work.accept(at, judged)?;
        }
        Ok(plan)
    }

    fn plan_route(
        &self,
        work: &mut Work<'_>,
        role: RouteRole,
        settings: &RouteSettings,
        old: Option<&Route>,
    ) -> Result<Option<Staged>, AdminError> {
        let (part, at) = match role {
            RouteRole::Primary => (Part::Route, "route"),
            RouteRole::Fallback => (Part::Fallback, "fallback"),
        };
        if settings.dry_run {
            let message = "stands beside the configuration, not in a route";
            work.refuse(&format!("{at}.dry_run"), message);
        }
        let mut settings = settings.clone();
        let given = GivenSecrets {
            password: settings.password.is_some(),
            client_secret: settings.client_secret.is_some(),
            key: settings.key_pem.is_some(),
        };
        let hidden = Some(given).filter(|_| work.hides_secrets);
        let stored_end = old.and_then(end_of_secret);
        // The day may have come meanwhile: what stays as it is is not judged anew.
        if settings.client_secret.is_none() && settings.client_secret_expires_at == stored_end {
            settings.client_secret_expires_at = None;
        }
        let is_forgotten = settings.client_secret_expires_at.is_none() && stored_end.is_some();
        let admitted = work.scope.admit_settings(&settings);
        let staged = self.stage_route(&work.account, role, settings, (old, false));
        let Some(mut route) = work.accept(at, staged)? else {
            return Ok(None);
        };
        let Some(old) = old else {
            work.accept(at, admitted)?;
            work.note(Action::Add, part, "", fresh(of_route(&route)));
            let version = None;
            return Ok(Some(Staged { route, version }));
        };
        if hidden.is_none() && given.meets_stored(old) {
            self.pace_guesses(old, &route)?;
        }
        if is_forgotten && end_of_secret(&route).is_none() {
            // A secret that was given again, without its day: the day that is known stays.
            keep_end(&mut route, old, hidden.is_some());
        }
        let values = of_routes(old, &route, hidden);
        if values.is_empty() {
            return Ok(None);
        }
        work.accept(at, admitted)?;
        work.note(Action::Change, part, "", values);
        let version = Some(old.version);
        Ok(Some(Staged { route, version }))
    }

    /// Counts secrets that are not the stored ones. They are compared here and no server hears of it
    /// that would lock out whoever guesses, so the operator is counted, too.
    fn pace_guesses(&self, old: &Route, staged: &Route) -> Result<(), AdminError> {
        let guesses = &self.throttles.secret_guesses;
        let key = old.account_id.to_string();
        let admitted = guesses.admit(&key, self.clock.now());
        admitted.map_err(|refusal| {
            refusal.because(
                "so many secrets were given that are not the stored one; leave the secret out, \
                 or set it by relayctl route set",
            )
        })?;
        let differences = staged.differences(old);
        if !SECRETS.iter().any(|name| differences.contains(name)) {
            // A file that is applied again and again is no guess.
            guesses.refund(&key);
        }
        Ok(())
    }

    /// Probes what was staged, all at once. A failure leaves everything as it was.
    pub(super) async fn probe_routes(
        &self,
        name: &str,
        staged: Vec<Staged>,
    ) -> Result<(Vec<Step>, Vec<ProbeStep>), AdminError> {
        let (mut steps, mut tried) = (Vec::new(), Vec::new());
        let probes = staged.iter().map(|it| self.probe_in_time(&it.route));
        let probes = join_all(probes).await;
        for (Staged { mut route, version }, probe) in staged.into_iter().zip(probes) {
            let offer = probe.offer;
            tried.extend(refuse_failure(
                probe,
                (name, &route),
                "nothing was changed",
            )?);
            (route.checked_at, route.offer) = (Some(self.clock.now()), offer);
            steps.push(Step::SetRoute(Box::new(route), version));
        }
        Ok((steps, tried))
    }
}

fn end_of_secret(route: &Route) -> Option<jiff::Timestamp> {
    route.oauth.as_ref()?.grant.expires_at()
}

/// The same secret ends on the same day. Where it must not be told whether it is the same, the day is
/// no answer either.
fn keep_end(route: &mut Route, old: &Route, is_hidden: bool) {
    let is_same = is_hidden || route.differences(old).is_empty();
    let end = end_of_secret(old);
    if let Some(oauth) = route.oauth.as_mut().filter(|_| is_same)
        && let Grant::ClientSecret { expires_at, .. } = &mut oauth.grant
    {
        *expires_at = end;
    }
}
