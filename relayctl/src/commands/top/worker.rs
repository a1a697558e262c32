//! Speaks with relayd on a thread of its own, so that the screen never waits: one request at a
//! time, and no more than a few that were asked for.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use relay_proto::{
    AccountPath, HoldLane, Lane, LaneHold, ListQueue, ListRejects, MessagePath, Nothing,
    QueueQuery, QueueSummary, QueueSummaryQuery, Reject, RejectQuery, ReleaseLane, ShowQueued,
    StatsQuery, StatsSummary, SummarizeQueue, SummarizeStats, Trace,
};

use crate::client::{Client, Part};
use crate::error::{Exit, Failure};
use crate::session::now;

/// Orders that wait for their turn, at most.
const ORDERS: usize = 4;
/// Refusals that are asked for.
const REFUSALS: u32 = 50;
/// Mails of a lane that can be looked through.
const MAILS: u32 = 50;
/// After a failure relayd is asked again so soon, then each time after twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// All that was asked at one time.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) at: Timestamp,
    pub(super) queue: QueueSummary,
    pub(super) stats: StatsSummary,
    /// The newest first.
    pub(super) rejects: Vec<Reject>,
}

/// What the worker is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    Pause(bool),
    Hold {
        account: String,
    },
    Release {
        account: String,
    },
    /// The mail of an account that has waited the longest.
    Oldest {
        account: String,
        /// The lane whose mails were asked for before.
        before: Option<Box<Lane>>,
    },
    Mail {
        id: String,
        /// Which mail of the lane was turned to before.
        before: usize,
    },
}

/// What the worker has to tell.
#[derive(Debug)]
pub(super) enum News {
    Sample(Box<Sample>),
    /// relayd does not answer.
    Away(String),
    /// relayd refuses: there is no use in asking again.
    Over(Failure),
    Changed(Box<Lane>),
    /// What was ordered did not work, or there is nothing to show, and why.
    Vain(Order, String),
    /// The mails of an account's lane, and the trace of the first.
    Mails {
        account: String,
        ids: Vec<String>,
        trace: Box<Trace>,
    },
    Mail(Box<Trace>),
}

/// Whose figures are asked for.
pub(super) struct Worker {
    pub(super) client: Client,
    pub(super) account: Option<String>,
}

impl Worker {
    /// Asks for everything once.
    pub(super) fn sample(&self) -> Result<Sample, Failure> {
        let at = now();
        let none = &Nothing {};
        let account = self.account.clone();
        let queue = QueueSummaryQuery {
            account: account.clone(),
        };
        let queue = self
            .client
            .call_with::<SummarizeQueue>(none, &queue, none, None)?;
        let stats = StatsQuery {
            account: account.clone(),
            since: at.checked_sub(Duration::from_hours(24)).ok(),
            ..StatsQuery::default()
        };
        let stats = self
            .client
            .call_with::<SummarizeStats>(none, &stats, none, None)?;
        let rejects = RejectQuery {
            account,
            ..RejectQuery::default()
        };
        let part = Part::first(REFUSALS);
        let rejects = self.client.list::<ListRejects, _>(none, &rejects, &part)?;
        Ok(Sample {
            at,
            queue: queue.value,
            stats: stats.value,
            rejects: rejects.items,
        })
    }

    /// Begins to work. It ends when nobody listens any more.
    pub(super) fn start(
        self,
        every: Duration,
        tell: impl Fn(News) -> bool + Send + 'static,
    ) -> Result<SyncSender<Order>, Failure> {
        let (send, orders) = mpsc::sync_channel(ORDERS);
        let thread = std::thread::Builder::new().name("worker".into());
        thread
            .spawn(move || self.work(every, &orders, &tell))
            .map_err(|error| Failure::local("cannot start a thread", &error))?;
        Ok(send)
    }

    fn work(self, every: Duration, orders: &Receiver<Order>, tell: &dyn Fn(News) -> bool) {
        let mut pace = Pace {
            due: Instant::now() + every,
            is_paused: false,
        };
        let mut away = None;
        loop {
            let news = match pace.wait(orders) {
                Err(RecvTimeoutError::Disconnected) => return,
                Ok(order) => match self.follow(&order, &mut pace) {
                    Ok(Some(news)) => news,
                    Ok(None) => continue,
                    Err(why) => News::Vain(order, why),
                },
                Err(RecvTimeoutError::Timeout) => {
                    let (news, pause) = self.look(every, &mut away);
                    pace.due = Instant::now() + pause;
                    news
                }
            };
            if matches!(news, News::Changed(_)) {
                pace.due = Instant::now();
            }
            let is_over = matches!(news, News::Over(_));
            if !tell(news) || is_over {
                return;
            }
        }
    }

    /// A sample, and how long until the next one.
    fn look(&self, every: Duration, away: &mut Option<Duration>) -> (News, Duration) {
        match self.sample() {
            Ok(sample) => {
                *away = None;
                (News::Sample(Box::new(sample)), every)
            }
            Err(failure) if failure.exit() == Exit::Unavailable => {
                let pause = away.unwrap_or(FIRST_PAUSE);
                *away = Some((pause * 2).min(LONGEST_PAUSE.max(every)));
                (News::Away(failure.to_string()), pause)
            }
            Err(failure) => (News::Over(failure), every),
        }
    }

    /// Does what was ordered and gives what there is to tell, or why nothing came of it.
    fn follow(&self, order: &Order, pace: &mut Pace) -> Result<Option<News>, String> {
        let news = match order {
            Order::Pause(is_paused) => {
                pace.is_paused = *is_paused;
                pace.due = Instant::now();
                return Ok(None);
            }
            Order::Hold { account } => {
                let hold = LaneHold {
                    reason: "held in relayctl top".to_owned(),
                };
                let answer = self.client.call::<HoldLane>(&path_of(account), &hold);
                answer.map(|answer| News::Changed(Box::new(answer.value)))
            }
            Order::Release { account } => {
                let path = path_of(account);
                let answer = self.client.call::<ReleaseLane>(&path, &Nothing {});
                answer.map(|answer| News::Changed(Box::new(answer.value)))
            }
            Order::Oldest { account, .. } => match self.oldest(account) {
                Ok(None) => return Err(format!("No mail of {account} waits.")),
                Ok(Some(news)) => Ok(news),
                Err(failure) => Err(failure),
            },
            Order::Mail { id, .. } => self.mail(id).map(|trace| News::Mail(Box::new(trace))),
        };
        news.map(Some).map_err(|failure| in_a_line(&failure))
    }

    fn mail(&self, id: &str) -> Result<Trace, Failure> {
        let path = MessagePath { id: id.to_owned() };
        Ok(self.client.call::<ShowQueued>(&path, &Nothing {})?.value)
    }

    fn oldest(&self, account: &str) -> Result<Option<News>, Failure> {
        let query = QueueQuery {
            account: Some(account.to_owned()),
            ..QueueQuery::default()
        };
        let part = Part::first(MAILS);
        let mails = self
            .client
            .list::<ListQueue, _>(&Nothing {}, &query, &part)?;
        let ids: Vec<_> = mails.items.into_iter().map(|mail| mail.id).collect();
        let Some(first) = ids.first() else {
            return Ok(None);
        };
        let trace = Box::new(self.mail(first)?);
        let account = account.to_owned();
        Ok(Some(News::Mails {
            account,
            ids,
            trace,
        }))
    }
}

/// When relayd is asked next.
struct Pace {
    due: Instant,
    is_paused: bool,
}

impl Pace {
    /// Waits for an order until the next look is due.
    fn wait(&self, orders: &Receiver<Order>) -> Result<Order, RecvTimeoutError> {
        if self.is_paused {
            return orders.recv().map_err(|_| RecvTimeoutError::Disconnected);
        }
        orders.recv_timeout(self.due.saturating_duration_since(Instant::now()))
    }
}

fn path_of(account: &str) -> AccountPath {
    AccountPath {
        account: account.to_owned(),
    }
}

/// What did not work, and what to do about it where that is known.
fn in_a_line(failure: &Failure) -> String {
    match failure.hints().first() {
        Some(hint) => format!("{failure}; try: {hint}"),
        None => failure.to_string(),
    }
}
