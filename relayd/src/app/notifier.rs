//! Passes on what is to be told: mail at once, webhooks beside it, since one that does not answer
//! must not keep the others waiting.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::accounts::{Accounts, AdminError};

/// Begins to tell, until `shutdown`. What is not told by then is after the next start.
pub(super) fn start(tasks: &TaskTracker, accounts: &Accounts, shutdown: &CancellationToken) {
    for work in [Work::Mail, Work::Webhooks, Work::Quotas] {
        tasks.spawn(repeat(work, accounts.clone(), shutdown.clone()));
    }
}

/// What is done again and again, each for itself.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// Passes notifications on.
    Mail,
    /// Makes the attempts that are due.
    Webhooks,
    /// Looks at what was used of the limits of the day.
    Quotas,
}

impl Work {
    const fn every(self) -> Duration {
        match self {
            Self::Mail | Self::Webhooks => Duration::from_secs(1),
            Self::Quotas => Duration::from_secs(5),
        }
    }

    /// Whether there is more to do at once.
    async fn go(self, accounts: &Accounts) -> Result<bool, AdminError> {
        match self {
            Self::Mail => accounts.pass_on_notifications().await,
            Self::Webhooks => accounts.deliver_to_webhooks().await,
            Self::Quotas => accounts.note_used_quotas().await.map(|_| false),
        }
    }
}

async fn repeat(work: Work, accounts: Accounts, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(work.every());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_told = false;
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        let mut has_more = true;
        while has_more {
            let done = shutdown.run_until_cancelled(work.go(&accounts)).await;
            let Some(done) = done else { return };
            if let Err(error) = &done
                && !was_told
            {
                // Once for as long as it lasts: this comes back every second.
                tracing::warn!(%error, ?work, "what is to be told has to wait");
            }
            was_told = done.is_err();
            has_more = done.unwrap_or(false);
        }
    }
}
