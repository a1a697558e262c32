//! People who sign in for routes: what they have just allowed is on trial until the route has
//! worked with it, and out of reach of the route in force until then.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::wiring::UpstreamProbe;
use crate::{
    accounts::{DeviceSignIn, Probe, RouteProbe},
    clock::SharedClock,
    model::{Route, RouteId, Secret},
    upstream::{DeviceCode, Poll, Setback, Upstreams},
};

/// Refresh tokens of candidates, by the id that a candidate alone has.
#[derive(Debug, Default)]
pub(super) struct Trials(Mutex<HashMap<RouteId, Secret>>);

impl Trials {
    fn all(&self) -> MutexGuard<'_, HashMap<RouteId, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one of a candidate.
    pub(super) fn of(&self, route: RouteId) -> Option<Secret> {
        self.all().get(&route).cloned()
    }

    /// Takes a newer one. Whether the route is a candidate.
    pub(super) fn replace(&self, route: RouteId, new: &Secret) -> bool {
        let mut all = self.all();
        let kept = all.get_mut(&route);
        let is_candidate = kept.is_some();
        if let Some(kept) = kept {
            *kept = new.clone();
        }
        is_candidate
    }
}

/// Administration lets people sign in.
pub(super) struct SignIns {
    pub(super) upstreams: Arc<Upstreams>,
    pub(super) trials: Arc<Trials>,
    pub(super) clock: SharedClock,
}

/// Ends a trial, also when nobody waits for it any more.
struct Trial<'t> {
    trials: &'t Trials,
    upstreams: &'t Upstreams,
    route: RouteId,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        self.trials.all().remove(&self.route);
        self.upstreams.forget_tokens(self.route);
    }
}

#[async_trait]
impl DeviceSignIn for SignIns {
    async fn begin(&self, route: &Route) -> Result<DeviceCode, Setback> {
        self.upstreams.begin_device_code(route).await
    }

    async fn poll(&self, route: &Route, device_code: &Secret) -> Result<Poll, Setback> {
        self.upstreams.poll_device_code(route, device_code).await
    }

    async fn probe(&self, route: &Route, refresh_token: Secret) -> (Probe, Secret) {
        self.trials.all().insert(route.id, refresh_token.clone());
        let trial = Trial {
            trials: &self.trials,
            upstreams: &self.upstreams,
            route: route.id,
        };
        let probe = UpstreamProbe {
            upstreams: Arc::clone(&self.upstreams),
            clock: Arc::clone(&self.clock),
        };
        let probe = probe.probe(route).await;
        let in_force = self.trials.of(route.id).unwrap_or(refresh_token);
        drop(trial);
        (probe, in_force)
    }

    fn forget(&self, route: RouteId) {
        self.upstreams.forget_tokens(route);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::IdSource;

    #[test]
    fn a_token_on_trial_is_that_of_a_candidate_alone() {
        let ids = IdSource::new();
        let new = || RouteId::new(&ids, Timestamp::UNIX_EPOCH);
        let (candidate, other) = (new(), new());
        let trials = Trials::default();
        trials.all().insert(candidate, Secret::new("first"));
        assert!(trials.replace(candidate, &Secret::new("second")));
        assert!(!trials.replace(other, &Secret::new("stolen")));
        let found = trials.of(candidate);
        assert_eq!(found.as_ref().map(Secret::expose), Some("second"));
        assert!(trials.of(other).is_none());
    }
}
