//! Probes a route step by step, so that a person sees where it fails and why.

use std::time::Duration;

use super::{Setback, capture::Capture, dial::note, smtp::SmtpUpstream};
use crate::model::RouteOffer;

/// One step of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was tried: `dns`, `connect`, `tls` or `starttls`, `greeting`, `sign-in`, `folder`.
    pub name: &'static str,
    /// Whether it worked.
    pub ok: bool,
    /// What was found, or the literal reply or error.
    pub detail: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The steps in order; when one fails it is the last.
    pub steps: Vec<Step>,
    /// Why it failed; `None` when every step worked.
    pub setback: Option<Setback>,
    /// What the other side can carry; `None` when it was not reached.
    pub offer: Option<RouteOffer>,
}

impl Check {
    /// A check that ended before anything was tried.
    pub(super) fn failed_before(name: &'static str, setback: Setback) -> Self {
        let step = Step {
            name,
            ok: false,
            detail: setback.to_string(),
            elapsed: Duration::ZERO,
        };
        Self {
            steps: vec![step],
            setback: Some(setback),
            offer: None,
        }
    }
}

/// Connects, signs in and says goodbye.
pub(super) async fn smtp(upstream: &SmtpUpstream) -> Check {
    let mut steps = Vec::new();
    let (setback, offer) = match upstream.dial(&mut steps).await {
        Ok(connection) => {
            let offer = connection.offer();
            connection.quit().await;
            (None, Some(offer))
        }
        Err(setback) => (Some(setback), None),
    };
    Check {
        steps,
        setback,
        offer,
    }
}

/// Writes a file into the folder and takes it away again.
pub(super) async fn capture(capture: &Capture) -> Check {
    let mut steps = Vec::new();
    let probed = async {
        capture.probe().await?;
        Ok(((), format!("{} can be written", capture.folder().display())))
    };
    let setback = note(&mut steps, "folder", probed).await.err();
    Check {
        offer: setback.is_none().then_some(RouteOffer::ANYTHING),
        steps,
        setback,
    }
}
