//! The way out of a stream: what its reader is sent, and that it hears something all the time, also
//! while the log is looked into.

use std::time::Duration;

use axum::body::Bytes;
use futures_util::FutureExt as _;
use relay_proto::HEARTBEAT;
use tokio::{
    sync::mpsc::{Sender, error::TrySendError},
    time::{Instant, Interval, MissedTickBehavior, interval_at, timeout},
};

use super::super::serve::Activity;

/// For a client to take what was read for it.
const STALL: Duration = Duration::from_secs(30);
/// For a client to take the last words of a stream whose place another has.
const GRACE: Duration = Duration::from_secs(1);
/// Those words. No place stands in them: that of the last piece may not have been sent.
const FAREWELL: &str = ": ends here, since the place is another account's now\n\n";

/// The stream is over, for whatever reason.
pub(super) struct Over;

pub(super) struct Outlet {
    pieces: Sender<Bytes>,
    /// The connection that it goes out on, where there is one.
    activity: Option<Activity>,
    beat: Interval,
}

impl Outlet {
    pub(super) fn new(pieces: Sender<Bytes>, activity: Option<Activity>) -> Self {
        let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            pieces,
            activity,
            beat,
        }
    }

    pub(super) async fn send(&self, text: String) -> Result<(), Over> {
        self.send_within(STALL, text.into()).await
    }

    /// Says why the stream ends.
    pub(super) async fn bid_farewell(&self) {
        // Nothing follows, whether or not it is taken.
        _ = self.send_within(GRACE, FAREWELL.into()).await;
    }

    async fn send_within(&self, patience: Duration, text: Bytes) -> Result<(), Over> {
        if let Ok(sent) = timeout(patience, self.pieces.send(text)).await {
            return sent.map_err(|_| Over);
        }
        tracing::debug!("a client takes nothing of its stream");
        if let Some(activity) = &self.activity {
            activity.close();
        }
        Err(Over)
    }

    /// Does some work, and says `alive` when it takes long. The work does not wait for a client
    /// that takes nothing: it may hold a connection to the database.
    pub(super) async fn meanwhile<T>(
        &mut self,
        alive: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, Over> {
        let mut owes = false;
        tokio::pin!(work);
        let done = loop {
            tokio::select! {
                biased;
                done = &mut work => break done,
                _ = self.beat.tick(), if !owes => {
                    match self.pieces.try_send(alive.to_owned().into()) {
                        Ok(()) => {}
                        Err(TrySendError::Full(_)) => owes = true,
                        Err(TrySendError::Closed(_)) => return Err(Over),
                    }
                }
            }
        };
        if owes {
            self.send(alive.to_owned()).await?;
        }
        Ok(done)
    }

    /// Where there is no time to wait in: says `alive` when its time has come.
    pub(super) async fn keep_alive(&mut self, alive: &str) -> Result<(), Over> {
        if self.pieces.is_closed() {
            return Err(Over);
        }
        if self.beat.tick().now_or_never().is_some() {
            self.send(alive.to_owned()).await?;
        }
        Ok(())
    }

    /// Waits until the reader should hear something, or is gone.
    pub(super) async fn silence(&mut self) -> Result<(), Over> {
        tokio::select! {
            () = self.pieces.closed() => Err(Over),
            _ = self.beat.tick() => Ok(()),
        }
    }
}
