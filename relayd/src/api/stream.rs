//! Server-sent events (WHATWG HTML, "Server-sent events"): the log as it goes on.
//!
//! A task reads the log in pieces and hands each over when the connection takes it, so a slow
//! client holds up nobody and costs a few pieces of memory. It also looks after what the reading
//! of a socket cannot: that the client may still see this, and that relayd stops.

mod outlet;
mod places;
#[cfg(test)]
mod tests;

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use relay_proto::LogEvent;
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, error::Elapsed, interval_at, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    access::Grant,
    convert,
    serve::{Activity, Work},
};
use crate::{
    accounts::{AdminError, LogTail},
    store::{LogPlace, TailPage},
};

pub(super) use places::{Slot, Streams};

use outlet::{Outlet, Over};

/// How often is looked whether the caller may still see what it sees.
const CHECK: Duration = Duration::from_secs(5);
/// Between two looks at a log that moves on and on.
const PAUSE: Duration = Duration::from_millis(100);
/// At most, between two looks at a log that is searched for something rare.
const REST: Duration = Duration::from_secs(1);
/// For the store to answer: a stream has no deadline as a whole, so each look has one.
const ANSWER: Duration = Duration::from_secs(30);
/// What a client waits before it comes back, in milliseconds.
const RETRY: u64 = 2000;

/// What a stream tells, as long as its reader may see it.
pub(super) trait Source: Send + Sync + 'static {
    /// Up to where it was read.
    fn place(&self) -> LogPlace;

    /// The next piece; an empty one when there is nothing yet.
    fn read(&mut self) -> impl Future<Output = Result<TailPage, AdminError>> + Send;

    /// Waits until something was written since the last look.
    fn moved(&mut self) -> impl Future<Output = ()> + Send;

    /// Whether the reader may still see it.
    fn is_granted(&self) -> impl Future<Output = Result<bool, AdminError>> + Send;
}

/// The log, for whom it was granted to.
pub(super) struct GrantedLog {
    pub(super) tail: LogTail,
    pub(super) grant: Grant,
}

impl Source for GrantedLog {
    fn place(&self) -> LogPlace {
        self.tail.place()
    }

    async fn read(&mut self) -> Result<TailPage, AdminError> {
        self.tail.read().await
    }

    async fn moved(&mut self) {
        self.tail.moved().await;
    }

    async fn is_granted(&self) -> Result<bool, AdminError> {
        self.grant.holds().await
    }
}

/// One stream, with all that keeps it open.
pub(super) struct Feed<S> {
    pub(super) source: S,
    pub(super) slot: Slot,
    /// The connection that it goes out on, where there is one.
    pub(super) activity: Option<Activity>,
    pub(super) stop: CancellationToken,
}

impl<S: Source> Feed<S> {
    /// The reply that carries the stream.
    pub(super) fn into_response(self) -> Response {
        let work = self.activity.as_ref().map(Activity::begin_stream);
        let (pieces, taken) = mpsc::channel(1);
        let outlet = Outlet::new(pieces, self.activity.clone());
        tokio::spawn(self.run(outlet, work));
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

    async fn run(mut self, mut outlet: Outlet, work: Option<Work>) {
        let (stop, evicted) = (self.stop.clone(), self.slot.evicted());
        let told = async {
            let told = evicted.run_until_cancelled(self.tell(&mut outlet)).await;
            if told.is_none() {
                outlet.bid_farewell().await;
            }
        };
        // Ended by relayd: nothing that waits here may hold that up.
        stop.run_until_cancelled(told).await;
        drop((outlet, work, self.slot));
    }

    async fn tell(&mut self, outlet: &mut Outlet) -> Result<(), Over> {
        let begin = format!("retry: {RETRY}\n{}", position(self.source.place()));
        outlet.send(begin).await?;
        let mut check = interval_at(Instant::now() + CHECK, CHECK);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let asked_at = Instant::now();
            let page = self.read(outlet).await?;
            let took = asked_at.elapsed();
            let (has_more, found_none) = (page.has_more, page.entries.is_empty());
            if !found_none {
                outlet.send(events(page)?).await?;
            }
            if has_more {
                // A log that moves on and on leaves no time to wait in, nor does one in which a
                // rare event is looked for.
                outlet.keep_alive(&self.alive()).await?;
                if check.tick().now_or_never().is_some() {
                    self.examine(outlet).await?;
                }
                if found_none {
                    // No client slows this one down, and others read the store, too.
                    let rest = tokio::time::sleep(took.min(REST));
                    outlet.meanwhile(&self.alive(), rest).await?;
                }
                continue;
            }
            tokio::select! {
                due = outlet.silence() => {
                    due?;
                    outlet.send(self.alive()).await?;
                }
                _ = check.tick() => self.examine(outlet).await?,
                () = self.source.moved() => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Says that nothing was found up to here.
    fn alive(&self) -> String {
        format!(": alive\n{}", position(self.source.place()))
    }

    /// The next piece of the log.
    async fn read(&mut self, outlet: &mut Outlet) -> Result<TailPage, Over> {
        let alive = self.alive();
        let answer = timeout(ANSWER, self.source.read());
        answered(outlet.meanwhile(&alive, answer).await?)
    }

    /// Whether the caller may still see what it sees.
    async fn examine(&self, outlet: &mut Outlet) -> Result<(), Over> {
        let granted = timeout(ANSWER, self.source.is_granted());
        if answered(outlet.meanwhile(&self.alive(), granted).await?)? {
            Ok(())
        } else {
            Err(Over)
        }
    }
}

/// What the store answered. Without it the stream ends; its reader comes back.
fn answered<T>(answer: Result<Result<T, AdminError>, Elapsed>) -> Result<T, Over> {
    match answer {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => tracing::warn!(%error, "a stream of the log ends"),
        Err(_) => tracing::warn!("a stream of the log ends: the store does not answer"),
    }
    Err(Over)
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
