//! Certificates are looked at once a day and after a reload, so that whoever reads the log learns of
//! their end in time.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    doctor::Doctor,
    model::{Finding, FindingArea, FindingLevel},
};

/// How often they are looked at.
const EVERY: Duration = Duration::from_hours(24);

/// Looks at once, whenever `again` says so, and a day after the last time, until `shutdown`.
pub(super) async fn watch(doctor: Doctor, again: Arc<Notify>, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = again.notified() => ticks.reset(),
            _ = ticks.tick() => {}
        }
        for finding in doctor.examine(Some(FindingArea::Tls)).await {
            tell(&finding);
        }
    }
}

fn tell(finding: &Finding) {
    let (check, remedy, sentence) = (finding.check, &finding.remedy, &finding.sentence);
    match finding.level {
        FindingLevel::Ok => {}
        FindingLevel::Warning => tracing::warn!(check, remedy, "{sentence}"),
        FindingLevel::Error => tracing::error!(check, remedy, "{sentence}"),
    }
}
