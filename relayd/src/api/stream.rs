//! Server-sent events (WHATWG HTML, "Server-sent events"): the log as it goes on.
//!
//! A task reads the log in pieces and hands each over when the connection takes it, so a slow
//! client holds up nobody and costs a few pieces of memory. It also looks after what the reading
//! of a socket cannot: that the client may still see this, and that relayd stops.

mod places;

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
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
    serve::{Activity, Work},
};
use crate::{
    accounts::LogTail,
    store::{LogPlace, TailPage},
};

pub(super) use places::{Slot, Streams};

/// How often is looked whether the caller may still see what it sees.
const CHECK: Duration = Duration::from_secs(5);
/// Between two looks at a log that moves on and on.
const PAUSE: Duration = Duration::from_millis(100);
/// For a client to take what was read for it.
const STALL: Duration = Duration::from_secs(30);
/// For the store to answer: a stream has no deadline as a whole, so each look has one.
const ANSWER: Duration = Duration::from_secs(30);
/// For a client to take the last words of a stream whose place another has.
const GRACE: Duration = Duration::from_secs(1);
/// Those words. No place stands in them: that of the last piece may not have been sent.
const FAREWELL: &str = ": ends here, since the place is another account's now\n\n";
/// What a client waits before it comes back, in milliseconds.
const RETRY: u64 = 2000;

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
        let (stop, evicted) = (self.stop.clone(), self.slot.evicted());
        let told = async {
            let told = evicted.run_until_cancelled(self.tell(&pieces)).await;
            if told.is_none() {
                // Nothing follows, whether or not this is taken.
                _ = self.send_within(GRACE, &pieces, FAREWELL.into()).await;
            }
        };
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
        self.send_within(STALL, pieces, text.into()).await
    }

    async fn send_within(
        &self,
        patience: Duration,
        pieces: &mpsc::Sender<Bytes>,
        text: Bytes,
    ) -> Result<(), Over> {
        if let Ok(sent) = timeout(patience, pieces.send(text)).await {
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
