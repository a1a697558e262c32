//! Picks the way out that fits a route's kind.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    Check, Setback, TokenSource, Upstream, Verdict,
    capture::Capture,
    check,
    graph::{self, Graph},
    smtp::SmtpUpstream,
    tls::Trust,
};
use crate::model::{Reason, Route, RouteKind};

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

/// Opens the ways out of routes. One per process.
#[derive(Debug)]
pub struct Upstreams {
    settings: Arc<Settings>,
    trust: Trust,
    room: graph::Room,
}

impl Upstreams {
    /// Ways out with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            trust: Trust::new(),
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
            RouteKind::Graph => return Err(incomplete("Graph")),
            RouteKind::Capture => Box::new(Capture::new(folder(route)?)),
        })
    }

    /// Probes a route step by step, up to where a mail could be handed over.
    pub async fn check(&self, route: &Route) -> Check {
        match route.kind {
            RouteKind::SmtpAuth
            | RouteKind::SmtpOauth
            | RouteKind::Connector
            | RouteKind::Smarthost => match self.smtp(route) {
                Ok(upstream) => check::smtp(&upstream).await,
                Err(setback) => Check::failed_before("settings", setback),
            },
            RouteKind::Graph => Check::failed_before("settings", incomplete("Graph")),
            RouteKind::Capture => match folder(route) {
                Ok(folder) => check::capture(&Capture::new(folder)).await,
                Err(setback) => Check::failed_before("settings", setback),
            },
        }
    }

    /// The way out of a Graph route that shows these tokens.
    pub fn open_graph(
        &self,
        route: &Route,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Box<dyn Upstream>, Setback> {
        Ok(Box::new(self.graph(route, tokens)?))
    }

    /// Probes a Graph route with these tokens.
    pub async fn check_graph(&self, route: &Route, tokens: Arc<dyn TokenSource>) -> Check {
        match self.graph(route, tokens) {
            Ok(graph) => graph::check(&graph).await,
            Err(setback) => Check::failed_before("settings", setback),
        }
    }

    fn graph(&self, route: &Route, tokens: Arc<dyn TokenSource>) -> Result<Graph, Setback> {
        let tls = self.trust.client_config(route.ca_pem.as_deref())?;
        let settings = Arc::clone(&self.settings);
        Graph::new(route.clone(), settings, tls, tokens, self.room.clone())
    }

    fn smtp(&self, route: &Route) -> Result<SmtpUpstream, Setback> {
        if route.server.is_empty() {
            return Err(incomplete("the route names no server"));
        }
        let tls = self.trust.client_config(route.ca_pem.as_deref())?;
        let settings = Arc::clone(&self.settings);
        Ok(SmtpUpstream::new(route.clone(), settings, tls))
    }
}

fn folder(route: &Route) -> Result<PathBuf, Setback> {
    let folder = route.folder.clone();
    folder.ok_or_else(|| incomplete("the route names no folder"))
}

fn incomplete(detail: &str) -> Setback {
    Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
}
