//! Streams of a log that takes its time. Time is paused, and runs only where all wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::body::BodyDataStream;
use futures_util::StreamExt as _;
use relay_proto::HEARTBEAT;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Feed, Source, Streams};
use crate::{
    accounts::{AdminError, Scope},
    store::{LogPlace, TailPage},
};

/// A log in which nothing passes the filter.
struct SlowLog {
    /// Looks until it is caught up with, and those that were done.
    looks: u32,
    done: Arc<AtomicU32>,
    /// How long the store takes for each answer.
    answer: Duration,
}

impl Source for SlowLog {
    fn place(&self) -> LogPlace {
        let done = self.done.load(Ordering::Relaxed);
        format!("{done}-0").parse().unwrap()
    }

    async fn read(&mut self) -> Result<TailPage, AdminError> {
        sleep(self.answer).await;
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(TailPage {
            entries: Vec::new(),
            place: self.place(),
            has_more: done < self.looks,
        })
    }

    async fn moved(&mut self) {
        std::future::pending::<()>().await;
    }

    async fn is_granted(&self) -> Result<bool, AdminError> {
        sleep(self.answer).await;
        Ok(true)
    }
}

/// A stream of such a log, and how many looks were done.
fn stream(looks: u32, answer: Duration) -> (BodyDataStream, Arc<AtomicU32>) {
    let done = Arc::default();
    let feed = Feed {
        source: SlowLog {
            looks,
            done: Arc::clone(&done),
            answer,
        },
        slot: Arc::<Streams>::default().open(&Scope::All).unwrap(),
        activity: None,
        stop: CancellationToken::new(),
    };
    (feed.into_response().into_body().into_data_stream(), done)
}

/// The next piece, unless nothing comes in the time of a few heartbeats.
async fn next(body: &mut BodyDataStream) -> Option<String> {
    let piece = timeout(HEARTBEAT * 5, body.next()).await.unwrap()?;
    Some(String::from_utf8(piece.unwrap().to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_reader_hears_something_all_the_time_until_the_log_is_caught_up_with() {
    for (looks, answer) in [
        (20_000, Duration::from_millis(10)),
        (200, Duration::from_secs(1)),
        (20, Duration::from_secs(14)),
        // Longer than from one heartbeat to the next, and nearly too long.
        (10, Duration::from_secs(29)),
        (1, Duration::from_secs(29)),
    ] {
        let (mut body, _) = stream(looks, answer);
        assert_eq!(
            next(&mut body).await.as_deref(),
            Some("retry: 2000\nid: 0-0\n\n")
        );
        let mut place = 0;
        while place < looks {
            let before = Instant::now();
            let said = next(&mut body).await.unwrap();
            let silence = before.elapsed();
            assert!(
                silence <= HEARTBEAT + Duration::from_millis(50),
                "{looks}: {silence:?}"
            );
            let id = said.strip_prefix(": alive\nid: ").unwrap();
            let reached = id.strip_suffix("-0\n\n").unwrap().parse().unwrap();
            assert!(reached >= place, "{looks}: {said}");
            place = reached;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_at_the_store_does_not_wait_for_a_reader_that_takes_nothing() {
    let (mut body, done) = stream(10, Duration::from_secs(29));
    // What was sent first is still there; then it is over.
    let over = async {
        while Arc::strong_count(&done) > 1 {
            sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(Duration::from_hours(1), over).await.unwrap();
    assert_eq!(done.load(Ordering::Relaxed), 1);
    assert!(next(&mut body).await.unwrap().starts_with("retry: "));
    assert_eq!(next(&mut body).await, None);
}
