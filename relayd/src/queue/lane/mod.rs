//! One lane: what it has in memory, and whether and how fast it may send. Pure; the keeper and the
//! workers ask it what to do and tell it what happened.

mod course;
mod told;

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    Schedule, Settings,
    answers::{OpenRoute, Step, Task},
    divert::{Detour, Diversion},
    pace::{Bucket, DayCount, RECOUNT},
    schedule::{later, until},
    senders::Senders,
    window::{Ready, Window},
};
use crate::{
    model::{Hold, HoldKind, Pace, RouteRole, SenderHold, SystemId},
    store::QueuedMessage,
};

/// Ready messages for each connection before another is opened.
const MESSAGES_PER_CONNECTION: usize = 4;

/// Both clocks: the wall's for due times and holds, the monotonic one for pace and rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) wall: Timestamp,
    pub(super) mono: Instant,
}

/// Why a lane that is not held waits.
#[derive(Debug, Clone)]
struct Rest {
    until: Instant,
    why: String,
}

/// What a lane knows. One lock guards all of it.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) window: Window,
    pub(super) senders: Senders,
    pub(super) diversion: Diversion,
    pub(super) route: Option<Arc<OpenRoute>>,
    pub(super) epoch: u64,
    pub(super) keeper_runs: bool,
    pub(super) in_flight: usize,
    pub(super) workers: usize,
    pub(super) idle: usize,
    pub(super) connecting: usize,
    /// Why the keeper cannot go on; told in [`Lane::state`].
    pub(super) trouble: Option<String>,
    draining: bool,
    hold: Option<Hold>,
    rest: Option<Rest>,
    setbacks: u32,
    /// Connections allowed at present; below the route's number after a request to slow down.
    allowance: u32,
    deliveries: u32,
    bucket: Bucket,
    day: DayCount,
}

impl Lane {
    pub(super) fn new(settings: &Settings, now: Now) -> Self {
        Self {
            window: Window::new(settings.window),
            senders: Senders::default(),
            diversion: Diversion::default(),
            route: None,
            epoch: 0,
            keeper_runs: false,
            in_flight: 0,
            workers: 0,
            idle: 0,
            connecting: 0,
            trouble: None,
            draining: false,
            hold: None,
            rest: None,
            setbacks: 0,
            allowance: 1,
            deliveries: 0,
            bucket: Bucket::new(None),
            day: DayCount::new(None, 0, now.wall),
        }
    }

    /// Takes up the route as just read from the store.
    pub(super) fn install(
        &mut self,
        open: OpenRoute,
        (hold, senders): (Option<Hold>, Vec<SenderHold>),
        high: HashSet<SystemId>,
        used: u64,
        now: Now,
    ) {
        let Pace {
            connections,
            per_minute,
            recipients_per_day,
        } = open.route.pace;
        self.allowance = connections.max(1);
        self.bucket.change(per_minute);
        self.day.recount(recipients_per_day, used, now.wall);
        self.set_hold(hold);
        self.senders.install(senders);
        self.window.set_high(high);
        self.route = Some(Arc::new(open));
    }

    /// The store knows better: an administrator changed route, hold or messages.
    pub(super) fn invalidate(&mut self) {
        self.epoch += 1;
        self.route = None;
        self.hold = None;
        self.rest = None;
        self.setbacks = 0;
        self.senders.clear();
        self.diversion.over();
        self.window.clear();
    }

    /// Stops, or goes on. What is in flight ends in either case.
    pub(super) fn set_hold(&mut self, hold: Option<Hold>) {
        if hold.is_some() {
            self.window.clear();
        }
        self.hold = hold;
    }

    pub(super) fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// Whether a new hold of this kind says more than the present one.
    pub(super) fn outranks(&self, kind: HoldKind) -> bool {
        match self.hold.as_ref().map(|hold| hold.kind) {
            None => true,
            Some(HoldKind::Quota) => kind != HoldKind::Quota,
            Some(HoldKind::Credentials | HoldKind::Manual) => false,
        }
    }

    pub(super) fn drain(&mut self) {
        self.draining = true;
        self.window.clear();
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining
    }

    /// Whether nothing forbids sending for as long as this lasts: no hold, no rest, no end.
    fn is_open(&self, now: Now) -> bool {
        !self.draining
            && !self.diversion.is_moving
            && self.hold.is_none()
            && self.resting(now).is_none()
            && self.route.is_some()
    }

    fn resting(&self, now: Now) -> Option<&Rest> {
        self.rest.as_ref().filter(|rest| rest.until > now.mono)
    }

    /// The next thing to do for the keeper.
    pub(super) fn plan(&mut self, now: Now) -> Step {
        if let Some(detour) = self.detour(now) {
            return Step::Divert(detour);
        }
        if self.is_done() {
            self.keeper_runs = false;
            return Step::End;
        }
        if self.draining {
            return Step::Sleep(None);
        }
        if self.route.is_none() && self.resting(now).is_none() {
            return Step::Load;
        }
        if self.hold_is_over(now) {
            return Step::ClearHold;
        }
        if self.wants_recount(now) {
            return Step::Recount;
        }
        if self.route.is_some() && self.wants_refill(now) {
            return Step::Refill(self.window.begin_refill(now.wall));
        }
        match &self.route {
            Some(open) if self.wants_worker(now) => {
                self.workers += 1;
                self.connecting += 1;
                Step::Spawn(Arc::clone(open))
            }
            _ => Step::Sleep(self.sleep(now)),
        }
    }

    /// Whether what comes now goes another way, if there is one. Between its rests a server that was
    /// out of reach is tried again.
    pub(super) fn diverts(&self, now: Now) -> bool {
        let is_first = |open: &Arc<OpenRoute>| open.route.role == RouteRole::Primary;
        !self.draining
            && self.route.as_ref().is_some_and(is_first)
            && (self.hold.is_some() || self.resting(now).is_some())
            && self.diversion.cause(self.hold.as_ref(), "", now).is_some()
    }

    /// Begins to move what waits to the other route. From here on nothing is sent or taken in until
    /// that has ended.
    fn detour(&mut self, now: Now) -> Option<Detour> {
        let may_look = self.diversion.may_look(now) && self.window.may_hold_mail();
        if !may_look || !self.diverts(now) {
            return None;
        }
        let why = self.rest.as_ref().map_or("", |rest| rest.why.as_str());
        let (reason, why) = self.diversion.cause(self.hold.as_ref(), why, now)?;
        self.diversion.begin(now);
        self.window.clear();
        let senders = self.senders.holds(now.wall);
        Some(Detour {
            skip: self.window.in_delivery(),
            senders: senders.into_iter().map(|hold| hold.sender).collect(),
            reason,
            why,
        })
    }

    /// The next thing to do for a worker that has opened its connection under `epoch`.
    pub(super) fn next(&mut self, epoch: u64, now: Now) -> Task {
        if self.draining
            || self.hold.is_some()
            || epoch != self.epoch
            || self.workers > self.allowance as usize
        {
            return Task::Leave;
        }
        if self.diversion.is_moving {
            return Task::Wait(None);
        }
        if let Some(task) = self.put_off(now) {
            return task;
        }
        if let Some(rest) = self.resting(now) {
            return Task::Wait(Some(rest.until));
        }
        let ready_at = self.bucket.ready_at(now.mono);
        if ready_at > now.mono {
            return Task::Wait(Some(ready_at));
        }
        let day = self.day;
        let fits = |message: &QueuedMessage| day.admits(message.envelope.recipients.len());
        let Some(ready) = self.window.take(fits) else {
            return Task::Wait(None);
        };
        self.bucket.take(now.mono);
        self.day.reserve(ready.message.envelope.recipients.len());
        self.in_flight += 1;
        Task::Send(Box::new(ready))
    }

    /// The next message, when it must not be tried now: that takes no connection and no pace.
    fn put_off(&mut self, now: Now) -> Option<Task> {
        let mut refusal = None;
        let senders = &self.senders;
        let ready = self.window.take(|message| {
            refusal = senders.refusal(message, now.wall);
            refusal.is_some()
        })?;
        self.day.reserve(ready.message.envelope.recipients.len());
        self.in_flight += 1;
        Some(Task::PutOff(Box::new(ready), refusal?))
    }

    /// Another transaction for the same message counts like another message. Gives when it may go.
    pub(super) fn charge(&mut self, now: Now) -> Instant {
        let ready_at = self.bucket.ready_at(now.mono);
        self.bucket.take(now.mono);
        ready_at
    }

    /// Messages whose time is over. They are in flight until settled.
    pub(super) fn take_expired(&mut self, schedule: &Schedule, now: Now) -> Vec<Ready> {
        let expired = self
            .window
            .take_all(|message| schedule.is_expired(message.accepted_at, now.wall));
        for ready in &expired {
            self.day.reserve(ready.message.envelope.recipients.len());
        }
        self.in_flight += expired.len();
        expired
    }

    /// Whether another worker would speed things up.
    pub(super) fn wants_worker(&self, now: Now) -> bool {
        let ready = self.window.ready();
        self.is_open(now)
            && ready > 0
            && self.idle == 0
            && self.connecting == 0
            && self.workers < self.allowance as usize
            && (self.workers == 0 || ready >= MESSAGES_PER_CONNECTION * self.workers)
            && self.bucket.ready_at(now.mono) <= now.mono
            && !self.day_is_spent()
    }

    /// Whether the limit of the day is what keeps the next message back.
    fn day_is_spent(&self) -> bool {
        let next = self.window.front_recipients();
        next.is_some_and(|recipients| !self.day.admits(recipients))
    }

    /// Whether the recipients of the day should be counted afresh.
    fn wants_recount(&self, now: Now) -> bool {
        self.day_is_spent() && later(self.day.counted_at(), RECOUNT) <= now.wall
    }

    pub(super) fn recount(&mut self, used: u64, now: Now) {
        let limit = self
            .route
            .as_ref()
            .and_then(|open| open.route.pace.recipients_per_day);
        self.day.recount(limit, used, now.wall);
    }

    /// Whether the store should be asked for messages.
    pub(super) fn wants_refill(&self, now: Now) -> bool {
        !self.draining
            && !self.diversion.is_moving
            && self.hold.is_none()
            && self.window.wants_refill(now.wall)
    }

    /// Whether a hold has ended by itself.
    fn hold_is_over(&self, now: Now) -> bool {
        self.hold
            .as_ref()
            .and_then(|hold| hold.until)
            .is_some_and(|until| until <= now.wall)
    }

    /// How long the keeper may sleep; `None` is until something happens.
    fn sleep(&self, now: Now) -> Option<Duration> {
        let wall = |at: Timestamp| until(now.wall, at);
        let mono = |at: Instant| at.saturating_duration_since(now.mono);
        if let Some(hold) = &self.hold {
            return hold.until.map(wall);
        }
        let blocked = self.resting(now).map(|rest| mono(rest.until));
        let paced = (self.window.ready() > 0 && self.workers == 0)
            .then(|| mono(self.bucket.ready_at(now.mono)));
        let spent = self
            .day_is_spent()
            .then(|| wall(later(self.day.counted_at(), RECOUNT)));
        // What is due already waits for room in the window, or for the route: not for a time.
        let due = self
            .window
            .next_due()
            .filter(|due| *due > now.wall)
            .map(wall);
        // What is blocked or spent stays so until its time; the pace ends before either.
        let send = blocked.or(spent).or(paced);
        match (send, due) {
            (Some(send), Some(due)) => Some(send.min(due)),
            (send, due) => send.or(due),
        }
    }

    /// Whether the keeper can end: nothing to do and no time to wait for.
    fn is_done(&self) -> bool {
        let over = self.draining || self.hold.as_ref().is_some_and(|hold| hold.until.is_none());
        self.workers == 0 && self.in_flight == 0 && (over || self.window.is_done())
    }
}
