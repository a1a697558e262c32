//! Certificates and tokens are looked at once a day, certificates also after a reload, so that the
//! operator learns of their end in time, by the log and by mail.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{Accounts, Perishable},
    certificate::CertificateSet,
    doctor::Doctor,
    model::{Finding, FindingArea, FindingLevel},
    smtp::Certificate,
};

/// How often they are looked at.
const EVERY: Duration = Duration::from_hours(24);

/// Looks at once, whenever `again` says so, and a day after the last time, until `shutdown`.
pub(super) async fn watch(
    (doctor, certificates, accounts): (Doctor, Vec<Arc<CertificateSet>>, Accounts),
    again: Arc<Notify>,
    shutdown: CancellationToken,
) {
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
        if let Err(error) = accounts.note_what_ends(&perishables(&certificates)).await {
            tracing::warn!(%error, "what ends soon could not be noted");
        }
    }
}

/// Listeners may share a file: it is named once.
fn perishables(certificates: &[Arc<CertificateSet>]) -> Vec<Perishable> {
    let in_use = certificates.iter().flat_map(|set| set.in_use());
    let by_path: BTreeMap<_, _> = in_use.collect();
    let perishable = |(path, certificate): (PathBuf, Certificate)| Perishable {
        path,
        subject: certificate.subject().to_owned(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    };
    by_path.into_iter().map(perishable).collect()
}

fn tell(finding: &Finding) {
    let (check, remedy, sentence) = (finding.check, &finding.remedy, &finding.sentence);
    match finding.level {
        FindingLevel::Ok => {}
        FindingLevel::Warning => tracing::warn!(check, remedy, "{sentence}"),
        FindingLevel::Error => tracing::error!(check, remedy, "{sentence}"),
    }
}
