//! One token from the endpoint, by what the route has: a secret, a certificate, or a person's word.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex as AsyncMutex;

use super::{
    RefreshTokens, assertion,
    endpoint::{Endpoint, Failure, Field, senseless},
    scope,
};
use crate::{
    clock::SharedClock,
    model::{Grant, OAuth, Reason, Route, RouteId, Secret},
    upstream::{AccessToken, Advice, Setback, Verdict, identity::Identity, tls::Trust},
};

/// Type of an assertion (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Where the endpoint does not say how long a token is good.
const UNTOLD: Duration = Duration::from_mins(10);
/// No token is trusted for longer.
const LONGEST: Duration = Duration::from_hours(24);
/// Tries to store a refresh token that the endpoint has put in place of another.
const STORE_TRIES: u32 = 3;
const STORE_PAUSE: Duration = Duration::from_millis(300);

/// An answer of the token endpoint.
#[derive(Deserialize)]
pub(super) struct Grantee {
    pub(super) access_token: String,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
}

impl Grantee {
    /// Reads it; what is no bearer token that can stand in a command is nothing.
    pub(super) fn read(address: &str, answer: Value) -> Result<Self, Failure> {
        let read: Option<Self> = serde_json::from_value(answer).ok();
        let is_fine = |it: &Self| {
            it.token_type.eq_ignore_ascii_case("bearer")
                && !it.access_token.is_empty()
                && it.access_token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        read.filter(is_fine)
            .ok_or_else(|| senseless(address, "something that is no bearer token"))
    }

    pub(super) fn token(&self, now: Timestamp) -> AccessToken {
        let lifetime = self.expires_in.map_or(UNTOLD, Duration::from_secs);
        AccessToken {
            token: Secret::new(self.access_token.clone()),
            expires_at: now.saturating_add(lifetime.min(LONGEST)).unwrap_or(now),
        }
    }
}

/// What requests for tokens need.
#[derive(Debug)]
pub(super) struct Fetcher {
    pub(super) clock: SharedClock,
    pub(super) trust: Arc<Trust>,
    pub(super) refresh_tokens: Arc<dyn RefreshTokens>,
    /// One use of a refresh token at a time, and what could not be stored yet.
    turns: Mutex<HashMap<RouteId, Arc<AsyncMutex<Unstored>>>>,
}

/// A refresh token in force that the store does not have yet, behind the one that it has.
type Unstored = Option<(Secret, Secret)>;

impl Fetcher {
    pub(super) fn new(
        clock: SharedClock,
        trust: Arc<Trust>,
        refresh_tokens: Arc<dyn RefreshTokens>,
    ) -> Self {
        Self {
            clock,
            trust,
            refresh_tokens,
            turns: Mutex::default(),
        }
    }

    /// A fresh token of a route.
    pub(super) async fn fetch(&self, route: &Route) -> Result<AccessToken, Failure> {
        let oauth = access(route)?;
        match &oauth.grant {
            Grant::ClientSecret { secret, .. } => {
                let proof = [("client_secret", secret.expose(), true)];
                self.client_credentials(route, oauth, &proof).await
            }
            Grant::Certificate(certificate) => {
                let now = self.clock.now();
                let identity = Identity::read(certificate, self.trust.provider(), now)?;
                let audience = self.endpoint(route, oauth)?.address("token");
                let nonce = rand::random();
                let signed = assertion::sign(&identity, &oauth.client_id, &audience, now, nonce)?;
                let proof = [
                    ("client_assertion_type", JWT_BEARER, false),
                    ("client_assertion", signed.expose(), true),
                ];
                self.client_credentials(route, oauth, &proof).await
            }
            Grant::DeviceCode => self.refresh(route, oauth).await,
        }
    }

    pub(super) fn endpoint(&self, route: &Route, oauth: &OAuth) -> Result<Endpoint, Setback> {
        let tls = self.trust.client_config(route.ca_pem.as_deref())?;
        Endpoint::of(oauth, tls.as_ref().clone())
    }

    async fn client_credentials(
        &self,
        route: &Route,
        oauth: &OAuth,
        proof: &[Field<'_>],
    ) -> Result<AccessToken, Failure> {
        let scope = scope(route, oauth);
        let mut form = vec![
            ("grant_type", "client_credentials", false),
            ("client_id", oauth.client_id.as_str(), false),
            ("scope", scope.as_str(), false),
        ];
        form.extend_from_slice(proof);
        let granted = self.granted(route, oauth, &form).await?;
        Ok(granted.token(self.clock.now()))
    }

    pub(super) async fn granted(
        &self,
        route: &Route,
        oauth: &OAuth,
        form: &[Field<'_>],
    ) -> Result<Grantee, Failure> {
        let endpoint = self.endpoint(route, oauth)?;
        let answer = endpoint.post("token", form).await?;
        Grantee::read(&endpoint.address("token"), answer)
    }

    /// By refresh token; the one that comes back takes its place.
    async fn refresh(&self, route: &Route, oauth: &OAuth) -> Result<AccessToken, Failure> {
        let turn = self.turn(route.id);
        let mut unstored = turn.lock().await;
        if let Some((old, new)) = &*unstored
            && self.store(route.id, old, new).await.is_ok()
        {
            *unstored = None;
        }
        let stored = self
            .refresh_tokens
            .load(route)
            .await
            .map_err(|error| no_store(&error))?;
        let Some(stored) = stored else {
            return Err(nobody_signed_in().into());
        };
        let current = match &*unstored {
            // Unless somebody has signed in anew, which the store would show.
            Some((old, new)) if old.expose() == stored.expose() => new.clone(),
            _ => stored.clone(),
        };
        let scope = scope(route, oauth);
        let form = [
            ("grant_type", "refresh_token", false),
            ("client_id", oauth.client_id.as_str(), false),
            ("scope", scope.as_str(), false),
            ("refresh_token", current.expose(), true),
        ];
        let granted = self.granted(route, oauth, &form).await?;
        if let Some(next) = &granted.refresh_token {
            let next = Secret::new(next.clone());
            *unstored = match self.store(route.id, &stored, &next).await {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%error, route = %route.id, "a refresh token cannot be stored yet");
                    Some((stored, next))
                }
            };
        }
        Ok(granted.token(self.clock.now()))
    }

    async fn store(&self, route: RouteId, old: &Secret, new: &Secret) -> Result<(), String> {
        let mut tries = 1;
        loop {
            match self.refresh_tokens.replace(route, old, new).await {
                Err(_) if tries < STORE_TRIES => tokio::time::sleep(STORE_PAUSE).await,
                done => return done,
            }
            tries += 1;
        }
    }

    fn turn(&self, route: RouteId) -> Arc<AsyncMutex<Unstored>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody uses and nothing hangs on goes.
        turns.retain(|_, turn| {
            Arc::strong_count(turn) > 1 || turn.try_lock().is_ok_and(|unstored| unstored.is_some())
        });
        Arc::clone(turns.entry(route).or_default())
    }
}

/// Access by OAuth, of a route that has it.
pub(super) fn access(route: &Route) -> Result<&OAuth, Setback> {
    route.oauth.as_ref().ok_or_else(|| {
        Setback::new(
            Verdict::HoldCredentials,
            Reason::RouteMisconfigured,
            "the route names no tenant and application",
        )
    })
}

fn nobody_signed_in() -> Setback {
    Setback {
        advice: Some(Box::new(Advice {
            cause: "Nobody has signed in for this route yet.".to_owned(),
            remedy: "Sign in: relayctl route authorize".to_owned(),
        })),
        ..Setback::new(
            Verdict::HoldCredentials,
            Reason::RouteCredentialsRejected,
            "there is no refresh token",
        )
    }
}

fn no_store(error: &str) -> Setback {
    let detail = format!("the refresh token cannot be read: {error}");
    Setback::new(Verdict::Retry, Reason::RouteUnreachable, detail)
}
