//! Looks at a route as closely as it can be done without sending: the steps of a probe, and then
//! whatever a person would want to know before the first mail.

use std::time::Duration;

use jiff::Timestamp;

use super::{Check, Upstreams, smtp::SmtpUpstream};
use crate::model::{Address, FindingLevel, Reason, Route, RouteKind};

/// One thing that a closer look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What was looked at.
    pub name: String,
    /// How much it matters.
    pub level: FindingLevel,
    /// What was found, or the literal reply and its cause.
    pub detail: String,
    /// What mends it; empty when nothing has to be.
    pub remedy: String,
    /// The stable code, where something was refused.
    pub reason: Option<Reason>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Remark {
    /// All is well.
    pub fn ok(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            level: FindingLevel::Ok,
            detail: detail.into(),
            remedy: String::new(),
            reason: None,
            elapsed: Duration::ZERO,
        }
    }

    /// Mail goes through; something will fail, or is worth a look.
    pub fn warning(
        name: impl Into<String>,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            level: FindingLevel::Warning,
            remedy: remedy.into(),
            ..Self::ok(name, detail)
        }
    }

    pub(super) fn after(self, elapsed: Duration) -> Self {
        Self { elapsed, ..self }
    }
}

impl Upstreams {
    /// Probes a route, and looks closer where that succeeds: with SMTP whether the server takes mail
    /// from each of these senders. Nothing is sent.
    pub async fn examine(
        &self,
        route: &Route,
        senders: &[Address],
        now: Timestamp,
    ) -> (Check, Vec<Remark>) {
        self.forget_failure(route);
        match route.kind {
            RouteKind::SmtpAuth
            | RouteKind::SmtpOauth
            | RouteKind::Connector
            | RouteKind::Smarthost => match self.smtp(route) {
                Ok(upstream) => examine_smtp(&upstream, senders, now).await,
                Err(_) => (self.check(route).await, Vec::new()),
            },
            RouteKind::Graph | RouteKind::Capture => (self.check(route).await, Vec::new()),
        }
    }
}

async fn examine_smtp(
    upstream: &SmtpUpstream,
    senders: &[Address],
    now: Timestamp,
) -> (Check, Vec<Remark>) {
    let mut steps = Vec::new();
    let mut connection = match upstream.dial(&mut steps).await {
        Ok(connection) => connection,
        Err(setback) => {
            let check = Check {
                steps,
                setback: Some(setback),
                offer: None,
            };
            return (check, Vec::new());
        }
    };
    let greeting = steps
        .iter()
        .find(|step| step.name == "greeting")
        .map_or_else(String::new, |step| step.detail.clone());
    let remarks = connection.examine(&greeting, senders, now).await;
    let offer = Some(connection.offer());
    connection.quit().await;
    let check = Check {
        steps,
        setback: None,
        offer,
    };
    (check, remarks)
}
