//! Looks after disk, store and bans every few seconds, off the way of the mail.

use std::{path::PathBuf, time::Duration};

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{accounts::Bans, machine::free_space, queue::Condition, store::Store};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(5);
/// Room that is left above the reserve before mail is taken again, as a share of the reserve.
const MARGIN: u64 = 16;

/// What is watched.
pub(super) struct Lookout {
    pub(super) condition: Condition,
    pub(super) store: Store,
    pub(super) bans: Bans,
    /// The folder of the database, where it is on this machine.
    pub(super) folder: Option<PathBuf>,
    /// Bytes that must be free there.
    pub(super) reserve: u64,
}

impl Lookout {
    /// Looks at once and then every few seconds, until `shutdown`. It leaves the last bans
    /// to others: the door still takes guesses.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_low = false;
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            is_low = self.look_at_disk(is_low);
            self.look_at_store().await;
            self.write_bans().await;
        }
    }

    fn look_at_disk(&self, was_low: bool) -> bool {
        let Some(folder) = &self.folder else {
            return false;
        };
        let free = match free_space(folder) {
            Ok(free) => free,
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "the disk cannot be looked at");
                return was_low;
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
        metrics::gauge!("relayd_disk_free_bytes").set(free as f64);
        let is_low = is_low(free, self.reserve, was_low);
        if self.condition.set_disk_low(is_low) {
            if is_low {
                tracing::error!(
                    free,
                    reserve = self.reserve,
                    "the disk is below its reserve; \
                    no mail is taken until there is room"
                );
            } else {
                tracing::info!(free, "the disk has room again");
            }
        }
        is_low
    }

    /// A store that failed is tried, so that it is found again without any mail.
    async fn look_at_store(&self) {
        if self.condition.needs_a_try() {
            let tried = self.store.try_write().await;
            if tried.is_ok() {
                tracing::info!("the store can be written again");
            }
            self.condition.tried(&tried);
        }
        let writable = f64::from(u8::from(self.condition.check().is_ok()));
        metrics::gauge!("relayd_store_writable").set(writable);
    }

    async fn write_bans(&self) {
        if let Err(error) = self.bans.write().await {
            tracing::warn!(%error, "bans could not be written; they are kept in memory");
        }
        let count = u32::try_from(self.bans.count()).unwrap_or(u32::MAX);
        metrics::gauge!("relayd_bans_active").set(f64::from(count));
    }
}

/// Whether mail must wait; a disk that was low needs a little more before it is not.
fn is_low(free: u64, reserve: u64, was_low: bool) -> bool {
    let margin = if was_low { reserve / MARGIN } else { 0 };
    free < reserve.saturating_add(margin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_was_low_needs_a_little_more() {
        for (free, was_low, expected) in [
            (1600, false, false),
            (1599, false, true),
            (1600, true, true),
            (1700, true, false),
        ] {
            assert_eq!(is_low(free, 1600, was_low), expected, "{free} {was_low}");
        }
        assert!(!is_low(0, 0, true));
    }
}
