//! Picks the way out that fits a route's kind.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    Check, DeviceCode, MailExchangers, NoExchangers, NoRefreshTokens, Poll, RefreshTokens, Setback,
    TokenSource, Upstream, Verdict,
    capture::Capture,
    check,
    graph::{self, Graph},
    identity::Identity,
    oauth::Tokens,
    smtp::{SmtpUpstream, Way},
    tls::Trust,
};
use crate::{
    clock::{SharedClock, SystemClock},
    model::{Reason, Route, RouteId, RouteKind, Secret, Security},
};

/// Name and patience towards other servers. The defaults are those of RFC 5321 §4.5.3.2, which
/// are minimums: a server may be slow for good reasons, and giving up early repeats mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What EHLO says: the full name of this machine.
    pub hello_name: String,
    /// Name resolution, and each TCP connection attempt.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The greeting and the reply to EHLO, together.
    pub greeting: Duration,
    /// Each reply to AUTH, MAIL, RCPT and RSET.
    pub command: Duration,
    /// The reply to DATA.
    pub data: Duration,
    /// Each block of the body.
    pub block: Duration,
    /// The reply to the end of the body.
    pub end_of_data: Duration,
    /// QUIT and its reply.
    pub quit: Duration,
}

impl Settings {
    /// The defaults, under a name.
    pub fn named(hello_name: impl Into<String>) -> Self {
        const MINUTE: Duration = Duration::from_mins(1);
        Self {
            hello_name: hello_name.into(),
            connect: MINUTE / 2,
            tls: MINUTE / 2,
            greeting: 5 * MINUTE,
            command: 5 * MINUTE,
            data: 2 * MINUTE,
            block: 3 * MINUTE,
            end_of_data: 10 * MINUTE,
            quit: Duration::from_secs(2),
        }
    }
}

/// What ways out need of others.
#[derive(Debug)]
pub struct Ports {
    /// What time it is.
    pub clock: SharedClock,
    /// What people allowed by device code.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Who takes mail for a domain.
    pub exchangers: Arc<dyn MailExchangers>,
}

/// Opens the ways out of routes. One per process.
#[derive(Debug)]
pub struct Upstreams {
    settings: Arc<Settings>,
    trust: Arc<Trust>,
    clock: SharedClock,
    exchangers: Arc<dyn MailExchangers>,
    tokens: Tokens,
    room: graph::Room,
}

impl Upstreams {
    /// Ways out with these settings, that know nobody who signed in and no MX.
    pub fn new(settings: Settings) -> Self {
        let ports = Ports {
            clock: Arc::new(SystemClock),
            refresh_tokens: Arc::new(NoRefreshTokens),
            exchangers: Arc::new(NoExchangers),
        };
        Self::with(settings, ports)
    }

    /// Ways out with these settings, that ask others.
    pub fn with(settings: Settings, ports: Ports) -> Self {
        let trust = Arc::new(Trust::new());
        let clock = Arc::clone(&ports.clock);
        Self {
            settings: Arc::new(settings),
            tokens: Tokens::new(ports.clock, Arc::clone(&trust), ports.refresh_tokens),
            trust,
            clock,
            exchangers: ports.exchangers,
            room: graph::Room::new(),
        }
    }

    /// The way out of a route; nothing is connected yet. Fails when its settings make none.
    pub fn open(&self, route: &Route) -> Result<Box<dyn Upstream>, Setback> {
        Ok(match route.kind {
            RouteKind::SmtpAuth
            | RouteKind::SmtpOauth
            | RouteKind::Connector
            | RouteKind::Smarthost => Box::new(self.smtp(route)?),
            RouteKind::Graph => self.open_graph(route, self.tokens(route)?)?,
            RouteKind::Capture => Box::new(Capture::new(folder(route)?)),
        })
    }

    /// Probes a route step by step, up to where a mail could be handed over.
    pub async fn check(&self, route: &Route) -> Check {
        self.forget_failure(route);
        match route.kind {
            RouteKind::SmtpAuth
            | RouteKind::SmtpOauth
            | RouteKind::Connector
            | RouteKind::Smarthost => match self.smtp(route) {
                Ok(upstream) => check::smtp(&upstream).await,
                Err(setback) => Check::failed_before("settings", setback),
            },
            RouteKind::Graph => {
                let tokens = self.tokens(route);
                match tokens.and_then(|tokens| self.graph(route, tokens)) {
                    Ok(graph) => graph::check(&graph).await,
                    Err(setback) => Check::failed_before("settings", setback),
                }
            }
            RouteKind::Capture => match folder(route) {
                Ok(folder) => check::capture(&Capture::new(folder)).await,
                Err(setback) => Check::failed_before("settings", setback),
            },
        }
    }

    /// Asks Microsoft Entra for a code, for the person who is to sign in for a route.
    pub async fn begin_device_code(&self, route: &Route) -> Result<DeviceCode, Setback> {
        self.tokens.begin_device_code(route).await
    }

    /// Looks whether the person has signed in. What cannot be told now is an error, and worth
    /// another look. The caller keeps what the person allowed, and then calls
    /// [`Upstreams::forget_tokens`].
    pub async fn poll_device_code(
        &self,
        route: &Route,
        device_code: &Secret,
    ) -> Result<Poll, Setback> {
        self.tokens.poll_device_code(route, device_code).await
    }

    /// Forgets tokens and failures of a route, since somebody has signed in anew.
    pub fn forget_tokens(&self, route: RouteId) {
        self.tokens.forget(route);
    }

    /// Before a person looks: what was mended at Microsoft's side shall show at once.
    pub(super) fn forget_failure(&self, route: &Route) {
        self.tokens.forget_failure(route.id);
    }

    /// The tokens of a route: one request however many ask.
    pub(super) fn tokens(&self, route: &Route) -> Result<Arc<dyn TokenSource>, Setback> {
        self.tokens.of(route)
    }

    /// The way out of a Graph route that shows tokens from there.
    pub fn open_graph(
        &self,
        route: &Route,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Box<dyn Upstream>, Setback> {
        Ok(Box::new(self.graph(route, tokens)?))
    }

    fn graph(&self, route: &Route, tokens: Arc<dyn TokenSource>) -> Result<Graph, Setback> {
        let way = Way {
            tls: self.trust.client_config(route.ca_pem.as_deref())?,
            tokens: None,
            exchangers: Arc::clone(&self.exchangers),
        };
        let settings = Arc::clone(&self.settings);
        Graph::new(route.clone(), settings, way, tokens, self.room.clone())
    }

    pub(super) fn smtp(&self, route: &Route) -> Result<SmtpUpstream, Setback> {
        let by_mx = route.kind == RouteKind::Connector && route.mx_of.is_some();
        if route.server.is_empty() && !by_mx {
            return Err(incomplete("the route names no server"));
        }
        if route.kind == RouteKind::Connector && route.security == Security::None {
            return Err(incomplete("a connector takes mail under TLS only"));
        }
        let identity = route.client_certificate.as_ref().map(|certificate| {
            Identity::read(certificate, self.trust.provider(), self.clock.now())
        });
        let identity = identity.transpose()?;
        let tokens = match route.kind {
            RouteKind::SmtpOauth => Some(self.tokens(route)?),
            _ => None,
        };
        let way = Way {
            tls: self.trust.showing(route.ca_pem.as_deref(), identity)?,
            tokens,
            exchangers: Arc::clone(&self.exchangers),
        };
        let settings = Arc::clone(&self.settings);
        Ok(SmtpUpstream::new(route.clone(), settings, way))
    }
}

fn folder(route: &Route) -> Result<PathBuf, Setback> {
    let folder = route.folder.clone();
    folder.ok_or_else(|| incomplete("the route names no folder"))
}

fn incomplete(detail: &str) -> Setback {
    Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
}
