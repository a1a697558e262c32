//! Server-sent events (WHATWG HTML, "Server-sent events"): the log as it goes on.
//!
//! A task reads the log in pieces and hands each over when the connection takes it, so a slow
//! client holds up nobody and costs a few pieces of memory. It also looks after what the reading
//! of a socket cannot: that the client may still see this, and that relayd stops.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use relay_proto::{HEARTBEAT, LogEvent};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    access::Grant,
    convert,
    failure::Failure,
    serve::{Activity, Work},
};
use crate::{
    accounts::{LogTail, Scope},
    model::{AccountId, Reason},
    store::{LogPlace, TailPage},
};

/// Streams at a time, and those of them that only the operator may have.
const MOST: usize = 64;
const FOR_OPERATOR: usize = 16;
/// Streams of one account at a time.
const MOST_OF_ACCOUNT: usize = 8;
/// How often is looked whether the caller may still see what it sees.
const CHECK: Duration = Duration::from_secs(5);
/// Between two looks at a log that moves on and on.
const PAUSE: Duration = Duration::from_millis(100);
/// For a client to take what was read for it.
const STALL: Duration = Duration::from_secs(30);
/// For the store to answer: a stream has no deadline as a whole, so each look has one.
const ANSWER: Duration = Duration::from_secs(30);
/// What a client waits before it comes back, in milliseconds.
const RETRY: u64 = 2000;

/// The streams that are open.
#[derive(Debug, Default)]
pub(super) struct Streams(Mutex<HashMap<Option<AccountId>, usize>>);

/// The place of one stream.
#[derive(Debug)]
pub(super) struct Slot {
    streams: Arc<Streams>,
    whose: Option<AccountId>,
}

impl Streams {
    /// Takes a place for one more stream.
    pub(super) fn open(self: &Arc<Self>, scope: &Scope) -> Result<Slot, Failure> {
        let whose = match scope {
            Scope::Only(account) => Some(account.id),
            Scope::All | Scope::Nothing => None,
        };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let room = if whose.is_some() {
            MOST - FOR_OPERATOR
        } else {
            MOST
        };
        if all >= room {
            return Err(Failure::with_status(
                StatusCode::SERVICE_UNAVAILABLE,
                Reason::TooManyConnections,
                "as many streams are open as relayd serves at a time",
                "try again in a minute",
            ));
        }
        let own = open.entry(whose).or_default();
        if whose.is_some() && *own >= MOST_OF_ACCOUNT {
            return Err(Failure::with_status(
                StatusCode::TOO_MANY_REQUESTS,
                Reason::RequestsThrottled,
                "an account may have eight streams open at a time",
                "end another one first",
            ));
        }
        *own += 1;
        drop(open);
        Ok(Slot {
            streams: Arc::clone(self),
            whose,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self
            .streams
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.whose) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.whose);
            }
        }
    }
}

/// One stream, with all that keeps it open.
pub(super) struct Feed {
    pub(super) tail: LogTail,
    pub(super) slot: Slot,
    pub(super) grant: Grant,
    /// The connection that it goes out on, where there is one.
    pub(super) activity: Option<Activity>,
    pub(super) stop: CancellationToken,
}

/// The stream is over, for whatever reason.
struct Over;

impl Feed {
    /// The reply that carries the stream.
    pub(super) fn into_response(self) -> Response {
        let work = self.activity.as_ref().map(Activity::begin_stream);
        let (pieces, taken) = mpsc::channel(1);
        tokio::spawn(self.run(pieces, work));
        let body = futures_util::stream::unfold(taken, async |mut taken: mpsc::Receiver<Bytes>| {
            let piece = taken.recv().await?;
            Some((Ok::<_, Infallible>(piece), taken))
        });
        let mut response = Body::from_stream(body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        );
        // Else nginx gathers what is to be seen at once.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }

    async fn run(mut self, pieces: mpsc::Sender<Bytes>, work: Option<Work>) {
        let stop = self.stop.clone();
        let told = self.tell(&pieces);
        // Ended by relayd: nothing that waits here may hold that up.
        stop.run_until_cancelled(told).await;
        drop((pieces, work, self.slot));
    }

    async fn tell(&mut self, pieces: &mpsc::Sender<Bytes>) -> Result<(), Over> {
        let begin = format!("retry: {RETRY}\n{}", position(self.tail.place()));
        self.send(pieces, begin).await?;
        let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let mut check = interval_at(Instant::now() + CHECK, CHECK);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let page = self.read().await?;
            let has_more = page.has_more;
            if !page.entries.is_empty() {
                self.send(pieces, events(page)?).await?;
            }
            if has_more {
                // A log that moves on and on leaves no time to wait in, nor does one in which a
                // rare event is looked for.
                if pieces.is_closed() {
                    return Err(Over);
                }
                if beat.tick().now_or_never().is_some() {
                    self.send_alive(pieces).await?;
                }
                if check.tick().now_or_never().is_some() {
                    self.examine().await?;
                }
                continue;
            }
            tokio::select! {
                () = pieces.closed() => return Err(Over),
                _ = beat.tick() => self.send_alive(pieces).await?,
                _ = check.tick() => self.examine().await?,
                () = self.tail.moved() => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Says that nothing was found up to here.
    async fn send_alive(&self, pieces: &mpsc::Sender<Bytes>) -> Result<(), Over> {
        let alive = format!(": alive\n{}", position(self.tail.place()));
        self.send(pieces, alive).await
    }

    /// The next piece of the log.
    async fn read(&mut self) -> Result<TailPage, Over> {
        match timeout(ANSWER, self.tail.read()).await {
            Ok(Ok(page)) => return Ok(page),
            Ok(Err(error)) => tracing::warn!(%error, "a stream of the log ends"),
            Err(_) => tracing::warn!("a stream of the log ends: the store does not answer"),
        }
        Err(Over)
    }

    /// Whether the caller may still see what it sees.
    async fn examine(&self) -> Result<(), Over> {
        match timeout(ANSWER, self.grant.holds()).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Over),
        }
    }

    async fn send(&self, pieces: &mpsc::Sender<Bytes>, text: String) -> Result<(), Over> {
        if let Ok(sent) = timeout(STALL, pieces.send(text.into())).await {
            return sent.map_err(|_| Over);
        }
        tracing::debug!("a client takes nothing of its stream");
        if let Some(activity) = &self.activity {
            activity.close();
        }
        Err(Over)
    }
}

/// Where to go on when nothing follows: an id without an event.
fn position(place: LogPlace) -> String {
    format!("id: {place}\n\n")
}

fn events(page: TailPage) -> Result<String, Over> {
    let mut text = String::new();
    for entry in page.entries {
        let event: LogEvent = convert::log_event(entry);
        let data = serde_json::to_string(&event).map_err(|_| Over)?;
        text.extend(["id: ", &event.id, "\nevent: ", event.kind.as_str()]);
        text.extend(["\ndata: ", &data, "\n\n"]);
    }
    Ok(text)
}
