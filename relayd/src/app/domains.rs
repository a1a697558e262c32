//! Sender domains are looked at again every day, those that wait for their record more often.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::accounts::Accounts;

/// How often it is asked whose time has come.
const EVERY: Duration = Duration::from_mins(5);

/// Works at once and then all the time, until `shutdown`.
pub(super) async fn watch(accounts: Accounts, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        // Not waited for when relayd stops: who was not looked at is due at the next start.
        let looks = accounts.check_due_domains();
        match shutdown.run_until_cancelled(looks).await {
            None | Some(Ok(0)) => {}
            Some(Ok(count)) => tracing::info!(count, "looked at sender domains"),
            Some(Err(error)) => tracing::warn!(%error, "sender domains have to wait"),
        }
    }
}
