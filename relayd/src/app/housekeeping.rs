//! What is thrown away by itself.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{Accounts, Bans},
    clock::SharedClock,
    config::Retention,
    smtp::Timeouts,
    store::{Store, StoreError},
};

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(1);
/// How often it is looked whether the queue of an account that is being closed is empty.
const CLOSINGS_EVERY: Duration = Duration::from_secs(10);
/// Refusals that stay listed; all of them stay counted.
const REFUSALS: u32 = 100_000;

/// Works at once and then every hour, on accounts that are being closed more often, until
/// `shutdown`. `message_size` is the largest that the door takes.
pub(super) async fn run(
    store: Store,
    accounts: Accounts,
    bans: Bans,
    clock: SharedClock,
    message_size: u64,
    retention: Retention,
    shutdown: CancellationToken,
) {
    let age = longest_submission(message_size) * 2;
    let closings = close_accounts(accounts.clone(), shutdown.clone());
    let sweeping = async {
        let mut ticks = tokio::time::interval(EVERY);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            let pieces = store.sweep_bodies(clock.now() - age).await;
            tell(pieces, "swept pieces of mail that was never accepted");
            tell(
                store.sweep_keys(clock.now()).await,
                "dropped old idempotency keys",
            );
            tell(
                store.sweep_refusals(REFUSALS).await,
                "dropped the oldest refusals from the list",
            );
            tell(
                accounts.sweep_registrations().await,
                "dropped registrations that nobody confirmed",
            );
            tell(
                accounts.sweep_notifications().await,
                "dropped old notifications",
            );
            tell(bans.sweep().await, "forgot bans that are long over");
            // Not waited for when relayd stops: it goes on at the next start.
            let aged = sweep_aged(&store, clock.now(), retention);
            shutdown.run_until_cancelled(aged).await;
        }
    };
    tokio::join!(sweeping, closings);
}

/// Goes on with accounts that are being closed, at once and then now and again, until `shutdown`.
async fn close_accounts(accounts: Accounts, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(CLOSINGS_EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        tell(accounts.finish_closings().await, "closed accounts");
    }
}

/// Deletes what has reached its age.
async fn sweep_aged(store: &Store, now: Timestamp, retention: Retention) {
    let mail = now - retention.messages;
    tell(
        store.sweep_messages(mail).await,
        "deleted finished mail by its age",
    );
    tell(
        store.sweep_refusals_before(mail).await,
        "deleted refusals by their age",
    );
    tell(
        store.sweep_statistics(now - retention.statistics).await,
        "deleted counters by their age",
    );
    tell(
        store.sum_up_days(now).await,
        "summed up the counters of days that are over",
    );
    if let Some(age) = retention.audit {
        tell(
            store.sweep_audit(now - age, now).await,
            "deleted audit entries by their age",
        );
    }
}

/// The longest time that the door grants one mail. Pieces that are younger may belong to a mail
/// that is still coming in.
fn longest_submission(message_size: u64) -> Duration {
    let timeouts = Timeouts::default();
    timeouts.body + Duration::from_secs(message_size / timeouts.body_rate)
}

fn tell(swept: Result<u64, StoreError>, what: &str) {
    match swept {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "{what}"),
        Err(error) => tracing::warn!(%error, "housekeeping has to wait"),
    }
}
