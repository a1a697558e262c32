//! Signing in by device code (RFC 8628): a person enters a short code in a browser, wherever that
//! is, and so allows relayd to send for them.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    claims::Claims,
    endpoint::{printable, senseless},
    fetch::access,
    scope,
    tokens::Tokens,
};
use crate::{
    model::{Reason, Route, Secret},
    upstream::{Advice, Setback, Verdict},
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// RFC 8628 §3.2.
const INTERVAL: u64 = 5;
/// Longest that a code is waited for, and longest pause between two looks.
const LONGEST: u64 = 3600;
const LONGEST_INTERVAL: u64 = 60;

/// What the person who signs in has to know, and what relayd has to show for it.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// The code that the person enters.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// What stands for it here.
    pub device_code: Secret,
    /// When both end.
    pub expires_at: Timestamp,
    /// How long to wait between two looks; 5 seconds more after each [`Poll::SlowDown`].
    pub interval: Duration,
}

/// Who allowed what.
#[derive(Debug, Clone)]
pub struct Allowed {
    /// What to keep.
    pub refresh_token: Secret,
    /// Who signed in; empty where the token does not tell.
    pub username: String,
}

/// How a sign-in stands.
#[derive(Debug, Clone)]
pub enum Poll {
    /// The person has not finished.
    Pending,
    /// The same, and looks are to be rarer.
    SlowDown,
    /// Done.
    Allowed(Allowed),
    /// It will not be: refused, or too late.
    Over(Setback),
}

#[derive(Deserialize)]
struct Begun {
    user_code: String,
    device_code: String,
    verification_uri: String,
    expires_in: u64,
    #[serde(default)]
    interval: Option<u64>,
}

impl Tokens {
    /// Asks for a code for the person who is to sign in for a route.
    pub(in crate::upstream) async fn begin_device_code(
        &self,
        route: &Route,
    ) -> Result<DeviceCode, Setback> {
        let oauth = access(route)?;
        let fetcher = self.fetcher();
        let endpoint = fetcher.endpoint(route, oauth)?;
        let scope = scope(route, oauth);
        let form = [
            ("client_id", oauth.client_id.as_str(), false),
            ("scope", scope.as_str(), false),
        ];
        let answer = endpoint.post("devicecode", &form).await;
        let answer = answer.map_err(|failure| *failure.setback)?;
        let begun: Option<Begun> = serde_json::from_value(answer).ok();
        let begun = begun.filter(|it| it.verification_uri.starts_with("https://"));
        let begun = begun.ok_or_else(|| {
            *senseless(&endpoint.address("devicecode"), "something that is no code").setback
        })?;
        let life = Duration::from_secs(begun.expires_in.min(LONGEST));
        let now = fetcher.clock.now();
        let interval = begun.interval.unwrap_or(INTERVAL);
        Ok(DeviceCode {
            user_code: printable(&begun.user_code),
            verification_uri: printable(&begun.verification_uri),
            device_code: Secret::new(begun.device_code),
            expires_at: now.saturating_add(life).unwrap_or(now),
            interval: Duration::from_secs(interval.clamp(1, LONGEST_INTERVAL)),
        })
    }

    /// Looks whether the person has signed in. What cannot be told now is an error, and worth
    /// another look.
    pub(in crate::upstream) async fn poll_device_code(
        &self,
        route: &Route,
        device_code: &Secret,
    ) -> Result<Poll, Setback> {
        let oauth = access(route)?;
        let form = [
            ("grant_type", GRANT, false),
            ("client_id", oauth.client_id.as_str(), false),
            ("device_code", device_code.expose(), true),
        ];
        let granted = match self.fetcher().granted(route, oauth, &form).await {
            Ok(granted) => granted,
            Err(failure) => return judge(&failure.error, *failure.setback),
        };
        let Some(refresh_token) = granted.refresh_token else {
            return Ok(Poll::Over(over(
                "the sign-in brought no refresh token",
                "The scope of the route lacks offline_access.",
                "Leave the scope of the route to relayd, or add offline_access: relayctl route set",
            )));
        };
        let claims = Claims::of(&granted.access_token).unwrap_or_default();
        Ok(Poll::Allowed(Allowed {
            refresh_token: Secret::new(refresh_token),
            username: claims.username(),
        }))
    }
}

fn judge(error: &str, setback: Setback) -> Result<Poll, Setback> {
    match error {
        "authorization_pending" => Ok(Poll::Pending),
        "slow_down" => Ok(Poll::SlowDown),
        "expired_token" | "code_expired" => Ok(Poll::Over(over(
            "the code has ended",
            "Nobody entered the code in time.",
            "Begin again: relayctl route authorize",
        ))),
        "access_denied" | "authorization_declined" => Ok(Poll::Over(over(
            "the sign-in was declined",
            "The person who signed in did not allow it.",
            "Begin again and allow it: relayctl route authorize",
        ))),
        _ if setback.verdict == Verdict::Retry => Err(setback),
        _ => Ok(Poll::Over(setback)),
    }
}

fn over(detail: &str, cause: &str, remedy: &str) -> Setback {
    Setback {
        advice: Some(Box::new(Advice {
            cause: cause.to_owned(),
            remedy: remedy.to_owned(),
        })),
        ..Setback::new(
            Verdict::HoldCredentials,
            Reason::RouteCredentialsRejected,
            detail,
        )
    }
}
