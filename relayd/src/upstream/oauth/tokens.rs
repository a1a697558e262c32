//! The tokens of all routes: fetched once, kept, and fetched anew before they end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::Mutex as AsyncMutex, task::JoinHandle};

use super::{
    RefreshTokens,
    endpoint::Failure,
    fetch::{Fetcher, access},
    scope,
};
use crate::{
    clock::SharedClock,
    model::{Grant, Reason, Route, RouteId},
    upstream::{AccessToken, Setback, TokenSource, Verdict, tls::Trust},
};

/// So long before its end a token is fetched anew, while the old one serves; some servers of
/// Microsoft refuse tokens that end within 20 minutes. Never more than half of its life.
const AHEAD: SignedDuration = SignedDuration::from_mins(20);
/// So long before its end a token serves nobody any more. Never more than a quarter of its life.
const LEAST: SignedDuration = SignedDuration::from_mins(5);
/// A token that was refused is fetched anew only when it is older: a fresh one would not help.
const YOUNG: SignedDuration = SignedDuration::from_mins(1);
/// Tokens of settings that nobody uses any more are forgotten.
const FORGET: SignedDuration = SignedDuration::from_hours(2);

/// Gives routes their tokens. One per process.
#[derive(Debug)]
pub(in crate::upstream) struct Tokens {
    fetcher: Arc<Fetcher>,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
}

/// A route with what a token depends on: a candidate that is probed shares nothing with the settings
/// in force.
type Key = (RouteId, [u8; 32]);

/// The token of a route.
#[derive(Debug)]
struct Slot {
    route: Route,
    fetcher: Arc<Fetcher>,
    held: Mutex<Held>,
    /// Whoever fetches holds it; others wait for the result.
    turn: AsyncMutex<()>,
}

/// The token of a route, for those who need it.
#[derive(Debug)]
struct Source(Arc<Slot>);

#[derive(Debug, Default)]
struct Held {
    token: Option<Good>,
    failure: Option<(Setback, Timestamp)>,
    used_at: Timestamp,
}

/// A token with when it came.
#[derive(Debug, Clone)]
struct Good {
    token: AccessToken,
    since: Timestamp,
}

/// How a token stands at a time.
#[derive(Debug, PartialEq, Eq)]
enum Age {
    Fresh,
    /// Good, but time for the next.
    Ageing,
    Over,
}

impl Good {
    fn age(&self, now: Timestamp) -> Age {
        let life = self.token.expires_at.duration_since(self.since);
        let left = self.token.expires_at.duration_since(now);
        if left > AHEAD.min(life / 2) {
            Age::Fresh
        } else if left > LEAST.min(life / 4) {
            Age::Ageing
        } else {
            Age::Over
        }
    }
}

impl Tokens {
    /// None yet.
    pub(in crate::upstream) fn new(
        clock: SharedClock,
        trust: Arc<Trust>,
        refresh_tokens: Arc<dyn RefreshTokens>,
    ) -> Self {
        Self {
            fetcher: Arc::new(Fetcher::new(clock, trust, refresh_tokens)),
            slots: Mutex::default(),
        }
    }

    /// The tokens of a route, shared with all who ask with the same settings.
    pub(in crate::upstream) fn of(&self, route: &Route) -> Result<Arc<dyn TokenSource>, Setback> {
        let key = (route.id, fingerprint(route)?);
        let now = self.fetcher.clock.now();
        let mut slots = lock(&self.slots);
        if let Some(slot) = slots.get(&key) {
            lock(&slot.held).used_at = now;
            return Ok(Arc::new(Source(Arc::clone(slot))));
        }
        // Of a route only the newest settings stay, beside those in use: whoever tries many leaves
        // no more than one.
        slots.retain(|key, slot| {
            let is_recent = now.duration_since(lock(&slot.held).used_at) < FORGET;
            Arc::strong_count(slot) > 1 || (key.0 != route.id && is_recent)
        });
        let slot = Arc::new(Slot {
            route: route.clone(),
            fetcher: Arc::clone(&self.fetcher),
            held: Mutex::new(Held {
                used_at: now,
                ..Held::default()
            }),
            turn: AsyncMutex::default(),
        });
        slots.insert(key, Arc::clone(&slot));
        Ok(Arc::new(Source(slot)))
    }

    /// Forgets tokens and failures of a route: somebody has signed in anew.
    pub(in crate::upstream) fn forget(&self, route: RouteId) {
        let mut slots = lock(&self.slots);
        slots.retain(|key, slot| {
            if key.0 != route {
                return true;
            }
            let mut held = lock(&slot.held);
            (held.token, held.failure) = (None, None);
            Arc::strong_count(slot) > 1
        });
    }

    /// Forgets what went wrong with a route: a person who checks it may have mended that.
    pub(in crate::upstream) fn forget_failure(&self, route: RouteId) {
        let slots = lock(&self.slots);
        for (_, slot) in slots.iter().filter(|(key, _)| key.0 == route) {
            lock(&slot.held).failure = None;
        }
    }

    pub(super) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }
}

#[async_trait]
impl TokenSource for Source {
    async fn token(&self) -> Result<AccessToken, Setback> {
        match self.0.look() {
            Look::Good(token) => Ok(token),
            Look::Ageing(token) => {
                // Who fetches already does so for all.
                if self.0.turn.try_lock().is_ok() {
                    self.fetch();
                }
                Ok(token)
            }
            Look::Failed(setback) => Err(setback),
            Look::Nothing => self.fetch().await.unwrap_or_else(|_| Err(given_up())),
        }
    }

    fn reject(&self, token: &AccessToken) {
        let now = self.0.fetcher.clock.now();
        let mut held = lock(&self.0.held);
        let is_it = |good: &Good| {
            good.token.token.expose() == token.token.expose()
                && now.duration_since(good.since) > YOUNG
        };
        if held.token.as_ref().is_some_and(is_it) {
            held.token = None;
        }
    }
}

impl Source {
    /// Fetches in a task of its own: who asked may go away, and a refresh token that the endpoint
    /// has changed must be stored all the same.
    fn fetch(&self) -> JoinHandle<Result<AccessToken, Setback>> {
        let slot = Arc::clone(&self.0);
        tokio::spawn(async move { slot.fetch().await })
    }
}

/// What is at hand.
enum Look {
    Good(AccessToken),
    Ageing(AccessToken),
    Failed(Setback),
    Nothing,
}

impl Slot {
    fn look(&self) -> Look {
        let now = self.fetcher.clock.now();
        let mut held = lock(&self.held);
        held.used_at = now;
        let failed = held.failure.as_ref().filter(|(_, until)| now < *until);
        let failed = failed.map(|(setback, _)| setback.clone());
        let good = held.token.as_ref().map(|it| (it.age(now), &it.token));
        match (good, failed) {
            (Some((Age::Fresh, token)), _) | (Some((Age::Ageing, token)), Some(_)) => {
                Look::Good(token.clone())
            }
            (Some((Age::Ageing, token)), None) => Look::Ageing(token.clone()),
            (_, Some(setback)) => Look::Failed(setback),
            (_, None) => Look::Nothing,
        }
    }

    /// One request, unless another has brought the answer in the meantime.
    async fn fetch(&self) -> Result<AccessToken, Setback> {
        let _turn = self.turn.lock().await;
        match self.look() {
            Look::Good(token) => return Ok(token),
            Look::Failed(setback) => return Err(setback),
            Look::Ageing(_) | Look::Nothing => {}
        }
        let fetched = self.fetcher.fetch(&self.route).await;
        let now = self.fetcher.clock.now();
        let mut held = lock(&self.held);
        match fetched {
            Ok(token) => {
                tracing::debug!(route = %self.route.id, expires_at = %token.expires_at, "has a token");
                held.failure = None;
                held.token = Some(Good {
                    token: token.clone(),
                    since: now,
                });
                Ok(token)
            }
            Err(Failure { setback, wait, .. }) => {
                let setback = *setback;
                tracing::warn!(route = %self.route.id, %setback, "has no token");
                let until = now.saturating_add(wait).unwrap_or(now);
                held.failure = Some((setback.clone(), until));
                Err(setback)
            }
        }
    }
}

fn given_up() -> Setback {
    Setback::new(
        Verdict::Retry,
        Reason::RouteUnreachable,
        "the request for a token was given up",
    )
}

/// Of all that a token depends on, and of where it is shown. Secrets are in it, so it is never
/// shown itself.
fn fingerprint(route: &Route) -> Result<[u8; 32], Setback> {
    let oauth = access(route)?;
    let (proof, more) = match &oauth.grant {
        Grant::ClientSecret { secret, .. } => (secret.expose(), ""),
        Grant::Certificate(it) => (it.key.expose(), it.chain_pem.as_str()),
        Grant::DeviceCode => ("", ""),
    };
    let scope = scope(route, oauth);
    let port = route.port.to_string();
    let mut hasher = blake3::Hasher::new();
    for part in [
        oauth.authority(),
        oauth.tenant.as_str(),
        &oauth.client_id,
        oauth.grant.as_str(),
        &scope,
        proof,
        more,
        route.ca_pem.as_deref().unwrap_or_default(),
        route.kind.as_str(),
        &route.server,
        &port,
        &route.mailbox,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    Ok(*hasher.finalize().as_bytes())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
