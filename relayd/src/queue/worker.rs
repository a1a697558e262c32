//! One connection of a lane: sends message after message and passes each settlement on.
//!
//! A worker goes on with its next message while the journal commits the last settlement; the
//! journal groups what waits, and that is what makes a lane fast. How many may wait is bounded.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{
    answers::{OpenRoute, Task},
    body::StoredBody,
    context::{Context, LaneHandle},
    handover::Handover,
    reaction::Holds,
    recorder::{self, Record},
    settle::{self, Settled, Terms},
    underway::Underway,
    unknown,
    window::Ready,
};
use crate::{
    model::{Reason, Recipient},
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
    while let Some(work) = worker.next().await {
        match work {
            Work::Send(ready) => worker.deliver(ready).await,
            Work::PutOff(ready, setbacks) => worker.put_off(ready, setbacks).await,
        }
    }
    if let Some(connection) = worker.connection.take() {
        connection.close().await;
    }
}

pub(super) struct Worker {
    place: Place,
    pub(super) handle: Arc<LaneHandle>,
    pub(super) context: Arc<Context>,
    pub(super) open: Arc<OpenRoute>,
    connection: Option<Box<dyn Connection>>,
}

/// What a worker does with a message.
enum Work {
    Send(Ready),
    /// It is not tried now, for these reasons, one for each recipient.
    PutOff(Ready, Vec<Setback>),
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
    async fn next(&mut self) -> Option<Work> {
        let leave_at = Instant::now() + self.open.route.handling.keep_open;
        loop {
            let now = self.context.now();
            let at = {
                let mut lane = self.handle.lock();
                match lane.next(self.open.epoch, now) {
                    Task::Send(ready) => {
                        if lane.wants_refill(now) || lane.wants_worker(now) {
                            self.handle.keeper.notify_one();
                        }
                        return Some(Work::Send(*ready));
                    }
                    Task::PutOff(ready, setbacks) => {
                        if lane.wants_refill(now) {
                            self.handle.keeper.notify_one();
                        }
                        return Some(Work::PutOff(*ready, setbacks));
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
        let permit = Arc::clone(&self.handle.settlements)
            .acquire_owned()
            .await
            .ok();
        let body = message.body.take();
        let started = Instant::now();
        let asked_at = self.context.clock.now();
        let sent = self.send(&message, body, asked_at).await;
        drop(room);
        self.place.connected();
        for one in unknown::of(message.id, &sent.outcomes, self.context.clock.now()) {
            self.context.ledger.note_unknown(one);
        }
        let holds = self.react(&message, &sent.outcomes, sent.lost, asked_at);
        let terms = Terms {
            pause: self.pause(),
            server: sent.server.as_deref().unwrap_or(&self.open.route.server),
            forwards_notifications: sent.forwards_notifications,
            ..self.terms(&message)
        };
        let settled = settle::settle(&message, &sent.outcomes, terms);
        recorder::count(&sent.outcomes, &settled);
        recorder::tell(&message, &settled, started.elapsed());
        self.record(message, settled, holds, underway, permit);
    }

    /// Settles a message that must not be tried now, without an attempt.
    async fn put_off(&mut self, ready: Ready, setbacks: Vec<Setback>) {
        let Ready { message, room } = ready;
        drop(room);
        let underway = Underway::new(&self.handle, &self.context, &message);
        let permit = Arc::clone(&self.handle.settlements)
            .acquire_owned()
            .await
            .ok();
        let outcomes: Vec<_> = setbacks.into_iter().map(Outcome::Setback).collect();
        let settled = settle::settle(&message, &outcomes, self.terms(&message));
        recorder::tell(&message, &settled, Duration::ZERO);
        self.record(message, settled, Holds::default(), underway, permit);
    }

    pub(super) fn terms(&self, message: &QueuedMessage) -> Terms<'_> {
        let now = self.context.clock.now();
        let lane = self.handle.lock();
        let hold = lane.senders.held(&message.envelope.reverse_path, now);
        Terms {
            schedule: &self.context.settings.schedule,
            now,
            random: (self.context.random)(),
            pause: Duration::ZERO,
            server: &self.open.route.server,
            forwards_notifications: false,
            unknown_outcome: self.open.route.handling.unknown_outcome,
            sender_until: hold.map(|hold| hold.until),
        }
    }

    fn pause(&self) -> Duration {
        self.handle.lock().pause_left(self.context.now())
    }

    /// Hands a settlement on; the worker does not wait for its commit.
    fn record(
        &self,
        message: QueuedMessage,
        settled: Settled,
        holds: Holds,
        underway: Underway,
        permit: Option<OwnedSemaphorePermit>,
    ) {
        let record = Record {
            message,
            settled,
            hold: holds.lane,
            sender_hold: holds.sender,
            open: Arc::clone(&self.open),
            underway,
        };
        let (handle, context) = (Arc::clone(&self.handle), Arc::clone(&self.context));
        self.context.spawn(async move {
            recorder::record(&handle, &context, record).await;
            drop(permit);
        });
    }

    /// Sends to all recipients that need not wait, in as many transactions as it takes.
    async fn send(
        &mut self,
        message: &QueuedMessage,
        memory: Option<bytes::Bytes>,
        asked_at: Timestamp,
    ) -> Sent {
        let recipients = &message.envelope.recipients;
        let waits = {
            let lane = self.handle.lock();
            let waits = |recipient| lane.senders.waits(recipient, asked_at);
            recipients.iter().map(waits).collect()
        };
        let mut handover = Handover::new(waits, self.open.route.handling.recipients);
        let (mut lost, mut forwards_notifications, mut is_first) = (false, false, true);
        let mut server = None;
        while let Some(places) = handover.next() {
            if !std::mem::take(&mut is_first) && !self.has_leave_for_another().await {
                break;
            }
            let part = places.iter().filter_map(|place| recipients.get(*place));
            let part: Vec<_> = part.cloned().collect();
            let sent = self.transact(message, &part, memory.clone()).await;
            lost = sent.lost;
            forwards_notifications |= sent.forwards_notifications;
            server = sent.server.or(server);
            handover.take(&places, sent.outcomes);
        }
        let sender = message.envelope.reverse_path.as_str();
        let about = |outcome| match outcome {
            Outcome::Setback(setback) => Outcome::Setback(setback.about(&self.open.route, sender)),
            delivered @ Outcome::Delivered(_) => delivered,
        };
        Sent {
            outcomes: handover.finish().into_iter().map(about).collect(),
            lost,
            forwards_notifications,
            server,
        }
    }

    /// Waits until the pace admits another transaction for the same message. Not when the lane ends:
    /// what was handed over is to be written down first.
    async fn has_leave_for_another(&mut self) -> bool {
        let admitted_at = {
            let mut lane = self.handle.lock();
            if lane.is_draining() {
                return false;
            }
            lane.charge(self.context.now())
        };
        tokio::time::sleep_until(admitted_at).await;
        !self.handle.lock().is_draining()
    }

    /// One transaction over the open connection, or a new one. A kept connection that the server
    /// has closed meanwhile costs no attempt.
    async fn transact(
        &mut self,
        message: &QueuedMessage,
        recipients: &[Recipient],
        memory: Option<bytes::Bytes>,
    ) -> Sent {
        let mut body = self.body(message, memory.clone());
        let was_kept = self.connection.is_some();
        let mut sent = self.send_once(message, recipients, &mut body).await;
        if was_kept && !body.has_begun() && sent.outcomes.iter().all(is_closed) {
            body = self.body(message, memory);
            sent = self.send_once(message, recipients, &mut body).await;
        }
        if body.is_missing() {
            let setback = Setback::new(
                Verdict::FailMessage,
                Reason::Internal,
                "the body of the message is not in the store",
            );
            sent.outcomes = vec![Outcome::Setback(setback); recipients.len()];
        }
        sent
    }

    fn body(&self, message: &QueuedMessage, memory: Option<bytes::Bytes>) -> StoredBody {
        let ledger = Arc::clone(&self.context.ledger);
        StoredBody::new(ledger, message.id, message.size, memory)
    }

    async fn send_once(
        &mut self,
        message: &QueuedMessage,
        recipients: &[Recipient],
        body: &mut StoredBody,
    ) -> Sent {
        let count = recipients.len();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.open.upstream.connect().await {
                Ok(connection) => connection,
                Err(setback) => {
                    let lost = is_about_server(setback.verdict);
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
            recipients,
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
        let is_unanswered = |it: &Outcome| settle::verdict(it) == Some(Verdict::Unknown);
        let lost = !is_usable && outcomes.iter().all(|it| is_closed(it) || is_unanswered(it));
        Sent {
            outcomes,
            lost,
            forwards_notifications,
            server,
        }
    }
}

/// The connection was gone, or going, before the server had anything to say about the message.
fn is_closed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Setback(setback) if is_about_server(setback.verdict)
        && setback.reply.as_ref().is_none_or(|reply| reply.code == 421))
}

const fn is_about_server(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Retry | Verdict::RetryElsewhere)
}
