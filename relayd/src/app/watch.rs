//! Certificates are looked at once a day: whoever reads the log learns of their end in time.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    doctor::Doctor,
    model::{Finding, FindingArea, FindingLevel},
};

const EVERY: Duration = Duration::from_hours(24);

/// Looks at once and then every day, until `shutdown`.
pub(super) async fn run(doctor: Doctor, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
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
