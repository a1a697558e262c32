//! What all lanes share, and the handle of one.

use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    sync::{Notify, Semaphore},
    time::{Duration, Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Settings,
    lane::{Lane, Now},
    ledger::{Ledger, Unanswered},
    window::Ready,
};
use crate::{
    clock::SharedClock,
    model::{IdSource, RouteId},
    store::QueuedMessage,
    upstream::Opener,
};

/// Bodies are counted against their memory in steps of this size.
const BODY_UNIT: usize = 1024;

pub(super) struct Context {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) opener: Arc<Opener>,
    pub(super) clock: SharedClock,
    pub(super) ids: Arc<IdSource>,
    pub(super) settings: Settings,
    /// Of `0..1`.
    pub(super) random: fn() -> f64,
    tasks: TaskTracker,
    /// Ends what only looks for more work.
    draining: CancellationToken,
    /// Ends everything.
    stop: CancellationToken,
    bodies: Arc<Semaphore>,
    held: AtomicU64,
    /// Wakes the lane of a route that has got mail from another lane.
    bell: OnceLock<Box<dyn Fn(RouteId) + Send + Sync>>,
}

impl Context {
    pub(super) fn new(
        ledger: Arc<dyn Ledger>,
        opener: Arc<Opener>,
        clock: SharedClock,
        ids: Arc<IdSource>,
        settings: Settings,
        random: fn() -> f64,
    ) -> Self {
        let bodies = Arc::new(Semaphore::new(settings.body_memory / BODY_UNIT));
        Self {
            ledger,
            opener,
            clock,
            ids,
            settings,
            random,
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
            stop: CancellationToken::new(),
            bodies,
            held: AtomicU64::new(0),
            bell: OnceLock::new(),
        }
    }

    /// Sets how lanes are woken; once, by the queue.
    pub(super) fn hang(&self, bell: impl Fn(RouteId) + Send + Sync + 'static) {
        // A second bell would ring for the same lanes.
        let _ = self.bell.set(Box::new(bell));
    }

    /// A lane has got mail from another.
    pub(super) fn ring(&self, route: RouteId) {
        if let Some(bell) = self.bell.get() {
            bell(route);
        }
    }

    pub(super) fn now(&self) -> Now {
        Now {
            wall: self.clock.now(),
            mono: Instant::now(),
        }
    }

    /// Runs a task that a shutdown waits for.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(task).await;
        });
    }

    /// Runs a task that ends when a shutdown begins.
    pub(super) fn spawn_search(&self, task: impl Future<Output = ()> + Send + 'static) {
        let draining = self.draining.clone();
        self.spawn(async move {
            draining.run_until_cancelled(task).await;
        });
    }

    /// Waits for all tasks up to the deadline, then ends them. Gives the number that were ended.
    pub(super) async fn finish(&self, deadline: Duration) -> usize {
        self.draining.cancel();
        self.tasks.close();
        if tokio::time::timeout(deadline, self.tasks.wait())
            .await
            .is_ok()
        {
            return 0;
        }
        let unfinished = self.tasks.len();
        self.stop.cancel();
        self.tasks.wait().await;
        unfinished
    }

    /// Keeps the body of a fresh message in memory if there is room for it.
    pub(super) fn admit(&self, mut message: QueuedMessage) -> Ready {
        let units = message
            .body
            .as_ref()
            .map_or(0, |body| body.len().div_ceil(BODY_UNIT));
        let room = u32::try_from(units)
            .ok()
            .and_then(|units| Arc::clone(&self.bodies).try_acquire_many_owned(units).ok());
        if room.is_none() {
            message.body = None;
        }
        Ready { message, room }
    }

    /// Tries until the store answers. A settlement that got lost would repeat a mail.
    pub(super) async fn insist<T, F>(&self, what: &str, mut operation: impl FnMut() -> F) -> T
    where
        F: Future<Output = Result<T, Unanswered>>,
    {
        const LONGEST: Duration = Duration::from_secs(30);
        let mut wait = Duration::from_millis(250);
        loop {
            match operation().await {
                Ok(value) => return value,
                Err(error) => {
                    tracing::warn!(%error, retry_in = ?wait, "{what}: the store does not answer");
                    sleep(wait).await;
                    wait = (wait * 2).min(LONGEST);
                }
            }
        }
    }

    /// Keeps the number of held lanes.
    pub(super) fn count_hold(&self, before: bool, after: bool) {
        let count = match (before, after) {
            (false, true) => self.held.fetch_add(1, Ordering::Relaxed) + 1,
            (true, false) => self.held.fetch_sub(1, Ordering::Relaxed).saturating_sub(1),
            _ => return,
        };
        #[expect(clippy::cast_precision_loss, reason = "far fewer lanes than 2^52")]
        metrics::gauge!("relayd_lanes_held").set(count as f64);
    }
}

/// One lane and the bells of its tasks.
pub(super) struct LaneHandle {
    pub(super) id: RouteId,
    lane: Mutex<Lane>,
    /// Rung when the keeper has something to look at.
    pub(super) keeper: Notify,
    /// Rung once for each message that an idle worker can take.
    pub(super) work: Notify,
    /// Settlements that may wait for the journal.
    pub(super) settlements: Arc<Semaphore>,
}

impl LaneHandle {
    pub(super) fn new(id: RouteId, settings: &Settings, now: Now) -> Self {
        Self {
            id,
            lane: Mutex::new(Lane::new(settings, now)),
            keeper: Notify::new(),
            work: Notify::new(),
            settlements: Arc::new(Semaphore::new(settings.settlements.max(1))),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody has changed route, hold or messages since `epoch`. What the other side said
    /// before says nothing about the lane as it is now.
    pub(super) fn is_current(&self, epoch: u64) -> bool {
        self.lock().epoch == epoch
    }
}
