//! A person signs in for a route by device code: the server asks Microsoft Entra for a code, the
//! person enters it in a browser, and once that is done the route is probed with what was allowed
//! and swapped in. Until then nothing is changed.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    RouteChange, RouteSettings,
    change::refuse_failure,
    pending::{Look, Pending},
};
use crate::{
    accounts::{Accounts, AdminError, GrantKind},
    model::{Account, Grant, Reason, Refusal, Route, RouteId, RouteKind, RouteRole, Secret},
    store::RefreshToken,
    upstream::{Allowed, Poll, Setback},
};

/// How much longer to wait between two looks when Microsoft asks for it (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// For the probe: somebody waits for it.
const PROBE_DEADLINE: Duration = Duration::from_mins(1);

/// What the person who signs in has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInCode {
    /// Names the sign-in.
    pub id: String,
    /// What the person enters.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How long to wait between two looks.
    pub interval: Duration,
}

/// How a sign-in stands.
#[derive(Debug)]
pub enum SignInProgress {
    /// The person has not finished.
    Pending {
        /// When the code ends.
        expires_at: Timestamp,
        /// How long to wait before the next look.
        interval: Duration,
    },
    /// Done.
    Done {
        /// Who signed in; empty where Microsoft did not tell.
        username: String,
        /// What is worth knowing about that.
        note: Option<String>,
        /// What became of the route.
        change: Box<RouteChange>,
    },
}

impl Accounts {
    /// Begins a sign-in: for the route that the settings make, or, without any, for the route as it
    /// is.
    pub async fn begin_sign_in(
        &self,
        account: &Account,
        role: RouteRole,
        settings: Option<RouteSettings>,
        if_match: Option<i64>,
    ) -> Result<SignInCode, AdminError> {
        let old = self.store.route_in(account.id, role).await?;
        let version = old.as_ref().map(|route| route.version);
        if if_match.is_some() && if_match != version {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let keeps_settings = settings.is_none();
        let staged = match (settings, old) {
            (Some(mut settings), old) => {
                settings.grant = Some(GrantKind::DeviceCode);
                self.stage_route(account, role, settings, (old.as_ref(), true))?
            }
            (None, old) => signed_in_for(old)?,
        };
        self.check_pair(account, &staged).await?;
        let now = self.clock.now();
        let candidate = Route {
            id: RouteId::new(&self.ids, now),
            ..staged.clone()
        };
        let code = self
            .sign_in
            .begin(&candidate)
            .await
            .map_err(|it| refused(&it))?;
        let id = candidate.id.to_string();
        let begun = SignInCode {
            id: id.clone(),
            user_code: code.user_code.clone(),
            verification_uri: code.verification_uri.clone(),
            expires_at: code.expires_at,
            interval: code.interval,
        };
        let pending = Pending {
            account: account.id,
            staged,
            version,
            keeps_settings,
            candidate: candidate.id,
            next_look: now.saturating_add(code.interval).unwrap_or(now),
            code,
            is_looked_at: false,
        };
        if self.sign_ins.begin(id, pending, now) {
            Ok(begun)
        } else {
            Err(AdminError::Refused(Reason::RequestsThrottled.into()))
        }
    }

    /// Looks whether the person has signed in; if so, the route is probed and swapped in.
    pub async fn continue_sign_in(
        &self,
        account: &Account,
        id: &str,
    ) -> Result<SignInProgress, AdminError> {
        let now = self.clock.now();
        let pending = match self.sign_ins.look(id, account.id, now) {
            Look::Gone => return Err(AdminError::not_found("sign-in", id)),
            Look::Wait(pending) => return Ok(waiting(&pending)),
            Look::Ask(pending) => pending,
        };
        let candidate = Route {
            id: pending.candidate,
            ..pending.staged.clone()
        };
        let code = &pending.code.device_code;
        match self.sign_in.poll(&candidate, code).await {
            Ok(Poll::Pending) => self.sign_ins.again(id, Duration::ZERO, now),
            Ok(Poll::SlowDown) => self.sign_ins.again(id, SLOWER, now),
            Err(setback) => {
                tracing::warn!(account = %account.name, %setback, "a sign-in could not be looked at");
                self.sign_ins.again(id, SLOWER, now);
            }
            Ok(Poll::Over(setback)) => {
                self.sign_ins.end(id);
                return Err(refused(&setback));
            }
            Ok(Poll::Allowed(allowed)) => {
                self.sign_ins.end(id);
                return self
                    .finish_sign_in(account, pending, candidate, allowed)
                    .await;
            }
        }
        Ok(waiting(&pending))
    }

    /// Tries the route with what was allowed, then keeps both.
    async fn finish_sign_in(
        &self,
        account: &Account,
        pending: Pending,
        candidate: Route,
        allowed: Allowed,
    ) -> Result<SignInProgress, AdminError> {
        let probe = self.sign_in.probe(&candidate, allowed.refresh_token);
        let Ok((probe, token)) = tokio::time::timeout(PROBE_DEADLINE, probe).await else {
            return Err(AdminError::CheckFailed {
                refusal: Refusal::new(Reason::RouteUnreachable, "the route is unchanged"),
                cause: format!("no end within {} seconds", PROBE_DEADLINE.as_secs()),
                steps: Vec::new(),
                setup: Vec::new(),
            });
        };
        let offer = probe.offer;
        let name = &account.name;
        let steps = refuse_failure(probe, (name, &pending.staged), "the route is unchanged")?;
        let role = pending.staged.role;
        let old = self.store.route_in(account.id, role).await?;
        if old.as_ref().map(|route| route.version) != pending.version {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let mut staged = pending.staged;
        let now = self.clock.now();
        (staged.checked_at, staged.offer) = (Some(now), offer);
        if pending.keeps_settings {
            let checked = self.store.set_route_checked(&staged, Some(now), offer);
            checked.await.map_err(AdminError::on_update)?;
        } else {
            self.write_route(&mut staged, pending.version).await?;
        }
        self.keep_token(&staged, token, &allowed.username).await?;
        let note = who_signed_in(&staged, &allowed.username);
        self.route_works_again(account, &staged).await?;
        tracing::info!(account = %account.name, by = %allowed.username, "somebody signed in for a route");
        Ok(SignInProgress::Done {
            username: allowed.username,
            note,
            change: Box::new(RouteChange {
                applied: true,
                overview: self.route_overview(account, staged).await?,
                steps,
            }),
        })
    }

    async fn keep_token(
        &self,
        route: &Route,
        token: Secret,
        username: &str,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let token = RefreshToken {
            route_id: route.id,
            account_id: route.account_id,
            token,
            username: username.to_owned(),
            allowed_at: now,
            rotated_at: now,
        };
        let kept = self.store.put_refresh_token(&token, route.version).await;
        kept.map_err(AdminError::on_update)?;
        self.sign_in.forget(route.id);
        Ok(())
    }
}

/// The route as it is, provided that it lives on a sign-in.
fn signed_in_for(route: Option<Route>) -> Result<Route, AdminError> {
    let grant = |route: &Route| {
        route
            .oauth
            .as_ref()
            .map(|it| matches!(it.grant, Grant::DeviceCode))
    };
    match route {
        Some(route) if grant(&route) == Some(true) => Ok(route),
        Some(route) => Err(AdminError::refused(
            Reason::StateConflict,
            format!(
                "the route is {} and nobody signs in for it; name kind, tenant, client id and \
                 mailbox to set it anew",
                route.kind
            ),
        )),
        None => Err(AdminError::refused(
            Reason::StateConflict,
            "there is no route yet; name kind, tenant, client id and mailbox",
        )),
    }
}

fn waiting(pending: &Pending) -> SignInProgress {
    SignInProgress::Pending {
        expires_at: pending.code.expires_at,
        interval: pending.code.interval,
    }
}

fn refused(setback: &Setback) -> AdminError {
    let mut cause = setback.to_string();
    if let Some(advice) = &setback.advice {
        cause = format!("{cause}. {} {}", advice.cause, advice.remedy);
    }
    AdminError::CheckFailed {
        refusal: Refusal::new(setback.reason, "the route is unchanged"),
        cause,
        steps: Vec::new(),
        setup: Vec::new(),
    }
}

/// A delegate may sign in for a shared mailbox, which has no password of its own.
fn who_signed_in(route: &Route, username: &str) -> Option<String> {
    if username.is_empty() || username.eq_ignore_ascii_case(&route.mailbox) {
        return None;
    }
    let mailbox = &route.mailbox;
    Some(match route.kind {
        RouteKind::Graph => format!(
            "{username} signed in, not {mailbox}: fine for a shared mailbox that {username} may send \
             as; where that is not meant, sign in as the mailbox"
        ),
        _ => format!(
            "{username} signed in, not {mailbox}: fine for a shared mailbox that {username} has full \
             access to and may send as; where that is not meant, sign in as the mailbox"
        ),
    })
}
