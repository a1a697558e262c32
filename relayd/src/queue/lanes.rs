//! All lanes of the process, and what others may ask of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::sleep;

use super::{
    Accepted, Journal, LaneState, Settings,
    context::{Context, LaneHandle},
    durable::Durable,
    keeper,
};
use crate::{
    clock::SharedClock,
    model::{Hold, IdSource, MessageId, RouteId, SenderHold},
    store::{Backlog, QueuedMessage, Store, StoreError},
    upstream::Opener,
};

/// Where the journal leaves fresh messages. Made before journal and queue, since each of the two
/// needs the other; does not keep the queue alive.
#[derive(Debug, Clone, Default)]
pub struct Intake(Arc<OnceLock<Weak<Inner>>>);

impl Intake {
    /// The callback for the journal. Until the queue has started it takes nothing: what is
    /// accepted by then is found in the store.
    pub fn accepted(&self) -> Arc<Accepted> {
        let slot = Arc::clone(&self.0);
        Arc::new(move |message| {
            if let Some(inner) = slot.get().and_then(Weak::upgrade) {
                inner.offer(message);
            }
        })
    }
}

/// Where a lane stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneStatus {
    /// The route; also names the lane.
    pub route: RouteId,
    /// Whether it sends.
    pub state: LaneState,
    /// Messages on their way or being written down.
    pub in_flight: usize,
    /// Messages in memory that are ready to be sent; the store may hold more.
    pub window: usize,
    /// Whether the store holds more that are due.
    pub has_more: bool,
    /// Open connections.
    pub connections: usize,
    /// When the next message is due that is not due now.
    pub next_due: Option<Timestamp>,
    /// Messages in the store that wait for an attempt, as counted last ([`Settings::recount`]).
    pub depth: u64,
    /// When the oldest of them was accepted.
    pub oldest: Option<Timestamp>,
    /// Senders whose mail waits while that of others goes on.
    pub senders: Vec<SenderHold>,
}

/// The lanes. Clones lead to the same ones.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Inner>);

struct Inner {
    context: Arc<Context>,
    lanes: Mutex<HashMap<RouteId, Arc<LaneHandle>>>,
    backlogs: Mutex<HashMap<RouteId, Backlog>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

/// What the queue works with.
pub struct Parts {
    /// To read messages, routes and holds.
    pub store: Store,
    /// To write settlements and bounces.
    pub journal: Journal,
    /// Opens routes.
    pub opener: Arc<Opener>,
    /// Tells due times.
    pub clock: SharedClock,
    /// Makes the ids of bounces.
    pub ids: Arc<IdSource>,
}

impl Queue {
    /// Starts the lanes of every route that has mail, and takes in what `intake` brings.
    pub fn start(parts: Parts, settings: Settings, intake: &Intake) -> Self {
        let ledger = Arc::new(Durable {
            store: parts.store,
            journal: parts.journal,
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
        });
        let (opener, clock, ids) = (parts.opener, parts.clock, parts.ids);
        let random = rand::random::<f64>;
        let context = Context::new(ledger, opener, clock, ids, settings, random);
        let queue = Self::over(context);
        // A second queue on the same intake would take nothing; there is one per process.
        let _ = intake.0.set(Arc::downgrade(&queue.0));
        queue
    }

    pub(super) fn over(context: Context) -> Self {
        let inner = Arc::new(Inner {
            context: Arc::new(context),
            lanes: Mutex::new(HashMap::new()),
            backlogs: Mutex::new(HashMap::new()),
        });
        let lanes = Arc::downgrade(&inner);
        inner.context.hang(move |route| {
            if let Some(inner) = lanes.upgrade() {
                inner.notice(vec![(route, inner.context.clock.now())]);
            }
        });
        let search = search(Arc::downgrade(&inner));
        inner.context.spawn_search(search);
        let count = count(Arc::downgrade(&inner));
        inner.context.spawn_search(count);
        Self(inner)
    }

    /// Takes a message that was just accepted. Never blocks; what finds no room is read from the
    /// store later.
    pub fn offer(&self, message: QueuedMessage) {
        self.0.offer(message);
    }

    /// Looks at a route afresh: its settings, its hold and its messages have been changed.
    pub fn wake(&self, route: RouteId) {
        let handle = self.0.lane(route);
        keeper::look_again(&handle, &self.0.context);
    }

    /// Stops a lane. What is in flight ends; nothing else is sent until [`Queue::release`] or the
    /// end of the hold.
    pub async fn hold(&self, route: RouteId, hold: Hold) -> Result<(), StoreError> {
        let written = self.0.context.ledger.set_hold(route, &hold).await;
        written.map_err(|error| StoreError::Unavailable(error.0))?;
        self.wake(route);
        Ok(())
    }

    /// Lifts the hold of a lane, whoever set it.
    pub async fn release(&self, route: RouteId) -> Result<(), StoreError> {
        let written = self.0.context.ledger.clear_hold(route).await;
        written.map_err(|error| StoreError::Unavailable(error.0))?;
        self.wake(route);
        Ok(())
    }

    /// Forgets a lane whose route is gone; nothing must wait in it. What is open is closed.
    pub fn forget(&self, route: RouteId) {
        let mut lanes = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(handle) = lanes.remove(&route) else {
            return;
        };
        drop(lanes);
        let mut lane = handle.lock();
        self.0.context.count_hold(lane.hold().is_some(), false);
        lane.invalidate();
        lane.drain();
        drop(lane);
        handle.work.notify_one();
        handle.work.notify_waiters();
        handle.keeper.notify_one();
    }

    /// The messages that are being handed over at this moment, or whose settlement is being written.
    pub fn under_way(&self) -> Vec<MessageId> {
        let handles = self.0.handles();
        let of = |handle: &Arc<LaneHandle>| handle.lock().window.under_way();
        handles.iter().flat_map(of).collect()
    }

    /// Every lane that had mail since the start.
    pub fn lanes(&self) -> Vec<LaneStatus> {
        let now = self.0.context.now();
        let backlogs = self.0.backlogs().clone();
        let status = |handle: &Arc<LaneHandle>| {
            let backlog = backlogs.get(&handle.id);
            let lane = handle.lock();
            LaneStatus {
                route: handle.id,
                state: lane.state(now),
                in_flight: lane.in_flight,
                window: lane.window.ready(),
                has_more: lane.window.overflows(),
                connections: lane.workers,
                next_due: lane.window.next_due(),
                depth: backlog.map_or(0, |backlog| backlog.messages),
                oldest: backlog.map(|backlog| backlog.oldest_at),
                senders: lane.senders.holds(now.wall),
            }
        };
        self.0.handles().iter().map(status).collect()
    }

    /// Sets the gauges that describe the lanes; for the scrape of the figures. Asks no store.
    pub fn measure(&self) {
        let now = self.0.context.clock.now();
        for lane in self.lanes() {
            let route = lane.route.to_string();
            let oldest = lane
                .oldest
                .map_or(0.0, |at| now.duration_since(at).as_secs_f64());
            #[expect(clippy::cast_precision_loss, reason = "a queue is far below 2^52")]
            let depth = lane.depth as f64;
            metrics::gauge!("relayd_queue_depth", "lane" => route.clone()).set(depth);
            metrics::gauge!("relayd_queue_oldest_seconds", "lane" => route).set(oldest);
        }
    }

    /// Stops taking up messages and waits for deliveries in flight and their settlements. Those
    /// that are not done by the deadline are ended: their messages are due again at the next
    /// start. Gives the number of tasks that were ended.
    pub async fn drain(&self, deadline: Duration) -> usize {
        for handle in self.0.handles() {
            handle.lock().drain();
            handle.work.notify_one();
            handle.work.notify_waiters();
            handle.keeper.notify_one();
        }
        self.0.context.finish(deadline).await
    }
}

impl Inner {
    fn lane(&self, route: RouteId) -> Arc<LaneHandle> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            Arc::new(LaneHandle::new(
                route,
                &self.context.settings,
                self.context.now(),
            ))
        };
        Arc::clone(lanes.entry(route).or_insert_with(new))
    }

    fn handles(&self) -> Vec<Arc<LaneHandle>> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.values().map(Arc::clone).collect()
    }

    fn backlogs(&self) -> MutexGuard<'_, HashMap<RouteId, Backlog>> {
        self.backlogs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offer(&self, message: QueuedMessage) {
        let handle = self.lane(message.route_id);
        let ready = self.context.admit(message);
        let now = self.context.now();
        let mut lane = handle.lock();
        if lane.is_draining() {
            return;
        }
        let diverts = lane.diverts(now);
        if diverts {
            lane.diversion.fresh();
        }
        if let Some(hold) = lane.hold() {
            let is_open_ended = hold.until.is_none();
            lane.window.miss();
            if is_open_ended && !diverts {
                return;
            }
        } else if lane.diversion.is_moving {
            lane.window.miss();
        } else {
            lane.window.offer(ready);
        }
        if lane.idle > 0 {
            handle.work.notify_one();
        } else if !lane.keeper_runs {
            drop(lane);
            keeper::ensure(&handle, &self.context);
        } else if diverts || lane.wants_worker(now) || lane.wants_refill(now) {
            handle.keeper.notify_one();
        }
    }

    /// Makes sure that lanes know of what the store holds for them.
    fn notice(&self, found: Vec<(RouteId, Timestamp)>) {
        for (route, due) in found {
            let handle = self.lane(route);
            let mut lane = handle.lock();
            let now = self.context.now();
            let is_held =
                lane.hold().is_some_and(|hold| hold.until.is_none()) && !lane.diverts(now);
            if lane.is_draining() || (is_held && lane.route.is_some()) {
                continue;
            }
            lane.window.note_due(due);
            drop(lane);
            keeper::ensure(&handle, &self.context);
        }
    }
}

/// At the start, and then now and again, looks for mail that no lane knows of: what another
/// process accepted, or released.
async fn search(queue: Weak<Inner>) {
    loop {
        let Some(context) = queue.upgrade().map(|inner| Arc::clone(&inner.context)) else {
            return;
        };
        let found = context
            .insist("looking for mail", || context.ledger.next_due())
            .await;
        let pause = context.settings.rescan;
        drop(context);
        match queue.upgrade() {
            Some(inner) => inner.notice(found),
            None => return,
        }
        sleep(pause).await;
    }
}

/// Now and again counts what waits in the store: memory has but a part of it, and of a held lane
/// nothing.
async fn count(queue: Weak<Inner>) {
    loop {
        let Some(context) = queue.upgrade().map(|inner| Arc::clone(&inner.context)) else {
            return;
        };
        let found = context
            .insist("counting the queue", || context.ledger.backlogs())
            .await;
        let pause = context.settings.recount;
        drop(context);
        match queue.upgrade() {
            Some(inner) => {
                let found = found.into_iter();
                *inner.backlogs() = found.map(|backlog| (backlog.route_id, backlog)).collect();
            }
            None => return,
        }
        sleep(pause).await;
    }
}
