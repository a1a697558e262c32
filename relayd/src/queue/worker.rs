//! One connection of a lane: sends message after message and passes each settlement on.
//!
//! A worker goes on with its next message while the journal commits the last settlement; the
//! journal groups what waits, and that is what makes a lane fast. How many may wait is bounded.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, timeout_at};

use super::{
    answers::{OpenRoute, Task},
    body::StoredBody,
    context::{Context, LaneHandle},
    keeper,
    recorder::{self, Record},
    schedule::later,
    settle::{self, Terms},
    underway::Underway,
    window::Ready,
};
use crate::{
    model::{Hold, HoldKind, Reason},
    store::QueuedMessage,
    upstream::{Connection, Outcome, Outgoing, Setback, Verdict},
};

/// The place of a worker among those of its lane; given back however it ends.
struct Place {
    handle: Arc<LaneHandle>,
    is_connecting: bool,
}

impl Place {
    /// The first connection stands or has failed: others may follow.
    fn connected(&mut self) {
        if std::mem::take(&mut self.is_connecting) {
            let mut lane = self.handle.lock();
            lane.connecting = lane.connecting.saturating_sub(1);
            drop(lane);
            self.handle.keeper.notify_one();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connected();
        let mut lane = self.handle.lock();
        lane.workers = lane.workers.saturating_sub(1);
        drop(lane);
        self.handle.keeper.notify_one();
    }
}

/// Sends until there is nothing left for longer than the idle time.
pub(super) async fn work(handle: Arc<LaneHandle>, context: Arc<Context>, open: Arc<OpenRoute>) {
    let mut worker = Worker {
        place: Place {
            handle: Arc::clone(&handle),
            is_connecting: true,
        },
        handle,
        context,
        open,
        connection: None,
    };
    while let Some(ready) = worker.next().await {
        worker.deliver(ready).await;
    }
    if let Some(connection) = worker.connection.take() {
        connection.close().await;
    }
}

struct Worker {
    place: Place,
    handle: Arc<LaneHandle>,
    context: Arc<Context>,
    open: Arc<OpenRoute>,
    connection: Option<Box<dyn Connection>>,
}

/// What came of one message.
struct Sent {
    outcomes: Vec<Outcome>,
    /// The server was out of reach.
    lost: bool,
    /// The server sends the notifications that were asked for.
    forwards_notifications: bool,
    /// The host at the other end.
    server: Option<String>,
}

impl Worker {
    /// Waits for a message as long as the connection is worth keeping.
    async fn next(&mut self) -> Option<Ready> {
        let leave_at = Instant::now() + self.context.settings.idle;
        loop {
            let now = self.context.now();
            let at = {
                let mut lane = self.handle.lock();
                match lane.next(self.open.epoch, now) {
                    Task::Send(ready) => {
                        if lane.wants_refill(now) || lane.wants_worker(now) {
                            self.handle.keeper.notify_one();
                        }
                        return Some(*ready);
                    }
                    Task::Leave => return None,
                    Task::Wait(_) if self.connection.is_none() || now.mono >= leave_at => {
                        return None;
                    }
                    Task::Wait(at) => {
                        lane.idle += 1;
                        at.map_or(leave_at, |at| at.min(leave_at))
                    }
                }
            };
            // Whether it was told or the time has come: the lane says what to do.
            let _ = timeout_at(at, self.handle.work.notified()).await;
            let mut lane = self.handle.lock();
            lane.idle = lane.idle.saturating_sub(1);
        }
    }

    /// Sends one message and hands its settlement on.
    async fn deliver(&mut self, ready: Ready) {
        let Ready { mut message, room } = ready;
        let underway = Underway::new(&self.handle, &self.context, &message);
        let permit = Arc::clone(&self.handle.settlements).acquire_owned().await;
        let body = message.body.take();
        let started = Instant::now();
        let sent = self.send(&message, body).await;
        drop(room);
        self.place.connected();
        let hold = self.react(&sent.outcomes, sent.lost);
        let terms = Terms {
            schedule: &self.context.settings.schedule,
            now: self.context.clock.now(),
            random: (self.context.random)(),
            pause: self.pause(),
            server: sent.server.as_deref().unwrap_or(&self.open.route.server),
            forwards_notifications: sent.forwards_notifications,
        };
        let settled = settle::settle(&message, &sent.outcomes, terms);
        recorder::count(&sent.outcomes, &settled);
        recorder::tell(&message, &settled, started.elapsed());
        let record = Record {
            message,
            settled,
            hold,
            open: Arc::clone(&self.open),
            underway,
        };
        let (handle, context) = (Arc::clone(&self.handle), Arc::clone(&self.context));
        self.context.spawn(async move {
            recorder::record(&handle, &context, record).await;
            drop(permit);
        });
    }

    /// Sends over the open connection, or a new one. A kept connection that the server has closed
    /// meanwhile costs no attempt.
    async fn send(&mut self, message: &QueuedMessage, memory: Option<bytes::Bytes>) -> Sent {
        let mut body = self.body(message, memory.clone());
        let was_kept = self.connection.is_some();
        let mut sent = self.send_once(message, &mut body).await;
        if was_kept && !body.has_begun() && sent.outcomes.iter().all(is_closed) {
            body = self.body(message, memory);
            sent = self.send_once(message, &mut body).await;
        }
        if body.is_missing() {
            let setback = Setback::new(
                Verdict::FailMessage,
                Reason::Internal,
                "the body of the message is not in the store",
            );
            sent.outcomes = vec![Outcome::Setback(setback); message.envelope.recipients.len()];
        }
        sent
    }

    fn body(&self, message: &QueuedMessage, memory: Option<bytes::Bytes>) -> StoredBody {
        let ledger = Arc::clone(&self.context.ledger);
        StoredBody::new(ledger, message.id, message.size, memory)
    }

    async fn send_once(&mut self, message: &QueuedMessage, body: &mut StoredBody) -> Sent {
        let count = message.envelope.recipients.len();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.open.upstream.connect().await {
                Ok(connection) => connection,
                Err(setback) => {
                    let lost = setback.verdict == Verdict::Retry;
                    return Sent {
                        outcomes: vec![Outcome::Setback(setback); count],
                        lost,
                        forwards_notifications: false,
                        server: None,
                    };
                }
            },
        };
        let outgoing = Outgoing {
            id: message.id,
            reverse_path: &message.envelope.reverse_path,
            recipients: &message.envelope.recipients,
            encoding: message.envelope.encoding,
            smtputf8: message.envelope.smtputf8,
            dsn_return: message.envelope.dsn_return,
            envelope_id: &message.envelope.envelope_id,
            size: message.size,
        };
        let outcomes = connection.send(&outgoing, body).await;
        let is_usable = connection.is_usable();
        let forwards_notifications = connection.forwards_notifications();
        let server = connection.server().map(str::to_owned);
        if is_usable {
            self.connection = Some(connection);
        }
        let lost = !is_usable && outcomes.iter().all(is_closed);
        Sent {
            outcomes,
            lost,
            forwards_notifications,
            server,
        }
    }

    /// Tells the lane how it went. Gives the hold to write down, if this stopped the lane. A lane
    /// that was changed meanwhile is not judged by an answer to its old credentials.
    fn react(&self, outcomes: &[Outcome], lost: bool) -> Option<Hold> {
        let (now, random) = (self.context.now(), (self.context.random)());
        let settings = &self.context.settings;
        let mut lane = self.handle.lock();
        if lane.epoch != self.open.epoch {
            return None;
        }
        if outcomes
            .iter()
            .any(|outcome| settle::verdict(outcome).is_none())
        {
            lane.succeeded();
        }
        let gravest = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Setback(setback) => Some(setback),
                Outcome::Delivered(_) => None,
            })
            .max_by_key(|setback| gravity(setback.verdict))?;
        let (kind, until) = match gravest.verdict {
            Verdict::HoldCredentials => (HoldKind::Credentials, None),
            Verdict::HoldQuota(length) => (HoldKind::Quota, Some(later(now.wall, length))),
            Verdict::SlowDown => {
                lane.slow_down(gravest.to_string(), settings, random, now);
                return None;
            }
            Verdict::Retry if lost => {
                lane.unreachable(gravest.to_string(), settings, random, now);
                drop(lane);
                self.expire(gravest);
                return None;
            }
            _ => return None,
        };
        if !lane.outranks(kind) {
            return None;
        }
        let hold = Hold {
            kind,
            reason: gravest.reason,
            detail: gravest.to_string(),
            since: now.wall,
            until,
        };
        self.context.count_hold(lane.hold().is_some(), true);
        lane.set_hold(Some(hold.clone()));
        tracing::warn!(route = %self.handle.id, reason = %hold.reason, detail = hold.detail.as_str(), "the lane is held");
        Some(hold)
    }

    fn pause(&self) -> Duration {
        self.handle.lock().pause_left(self.context.now())
    }

    /// While a server is out of reach only one message in a pause is tried. Those whose time is
    /// over do not wait for their turn.
    fn expire(&self, cause: &Setback) {
        let now = self.context.now();
        let schedule = self.context.settings.schedule;
        let expired = self.handle.lock().take_expired(&schedule, now);
        let expired = expired.into_iter().map(|Ready { message, .. }| {
            let underway = Underway::new(&self.handle, &self.context, &message);
            (message, underway)
        });
        for (message, underway) in expired.collect::<Vec<_>>() {
            let outcome = Outcome::Setback(cause.clone());
            let outcomes = vec![outcome; message.envelope.recipients.len()];
            let terms = Terms {
                schedule: &schedule,
                now: now.wall,
                random: 0.5,
                pause: Duration::ZERO,
                server: &self.open.route.server,
                forwards_notifications: false,
            };
            let settled = settle::settle(&message, &outcomes, terms);
            let record = Record {
                message,
                settled,
                hold: None,
                open: Arc::clone(&self.open),
                underway,
            };
            let (handle, context) = (Arc::clone(&self.handle), Arc::clone(&self.context));
            self.context.spawn(async move {
                recorder::record(&handle, &context, record).await;
                keeper::ensure(&handle, &context);
            });
        }
    }
}

/// The connection was gone, or going, before the server had anything to say about the message.
fn is_closed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Setback(setback) if setback.verdict == Verdict::Retry
        && setback.reply.as_ref().is_none_or(|reply| reply.code == 421))
}

/// Which verdict decides about the lane when recipients fared differently.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::FailRecipient | Verdict::FailMessage => 0,
        Verdict::HoldRecipient(_) | Verdict::HoldSender | Verdict::Unknown => 1,
        Verdict::Retry | Verdict::RetryElsewhere => 2,
        Verdict::SlowDown => 3,
        Verdict::HoldQuota(_) => 4,
        Verdict::HoldCredentials => 5,
    }
}
