//! The log as it goes on.

use tokio::sync::watch;

use super::{Accounts, AdminError};
use crate::store::{LogPlace, Store, TailFilter, TailPage};

/// Most entries that a reader may ask to begin with.
pub const MOST_LINES: u32 = 1000;

/// From where on the log is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailStart {
    /// What happens from now on.
    Now,
    /// What the filter's `since` lets through.
    Since,
    /// So many of the latest entries.
    Lines(u32),
    /// Behind a place where it broke off.
    After(LogPlace),
}

/// A reader of the log.
#[derive(Debug)]
pub struct LogTail {
    store: Store,
    filter: TailFilter,
    place: LogPlace,
    moves: watch::Receiver<()>,
}

impl Accounts {
    /// Follows the log from a place on.
    pub async fn tail_log(
        &self,
        filter: TailFilter,
        start: TailStart,
    ) -> Result<LogTail, AdminError> {
        // Before the first look, so that nothing is written between both unnoticed.
        let moves = self.store.log_moves();
        let place = match (start, filter.since) {
            (TailStart::After(place), _) => place,
            (TailStart::Lines(count), _) => self.store.log_last(&filter, count).await?,
            (TailStart::Since, Some(since)) => self.store.log_since(since).await?,
            (TailStart::Since | TailStart::Now, _) => self.store.log_head().await?,
        };
        Ok(LogTail {
            store: self.store.clone(),
            filter,
            place,
            moves,
        })
    }
}

impl LogTail {
    /// Up to where it was read.
    pub fn place(&self) -> LogPlace {
        self.place
    }

    /// The next piece; an empty one when there is nothing yet.
    pub async fn read(&mut self) -> Result<TailPage, AdminError> {
        self.moves.mark_unchanged();
        let page = self.store.log_after(&self.filter, self.place).await?;
        self.place = page.place;
        Ok(page)
    }

    /// Waits until something was written since the last look.
    pub async fn moved(&mut self) {
        if self.moves.changed().await.is_err() {
            // The store is gone, and the reader with it, soon.
            std::future::pending::<()>().await;
        }
    }
}
