//! What the screen shows, and what keys, samples and time make of it. Knows no terminal and no
//! clock.

mod keys;

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use relay_proto::{Lane, LaneState, Reject, Trace};

pub(super) use self::keys::Key;
use super::figure::Figure;
use super::words::{of_lane, of_reject, told};
use super::worker::{News, Order, Sample};
use super::{foot, pages};
use crate::error::Failure;

/// Rates that are kept, one for each sample.
const HISTORY: usize = 120;
/// A note stands this long.
const NOTE_LASTS: i64 = 8;

/// What the program does next.
#[derive(Debug)]
pub(super) enum Action {
    Order(Order),
    Quit,
    Suspend,
    Fail(Failure),
}

/// By what lanes are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// The one whose mail waits the longest first.
    Age,
    Waiting,
    Account,
}

impl Sort {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Age => "slowest first",
            Self::Waiting => "most first",
            Self::Account => "by account",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Age => Self::Waiting,
            Self::Waiting => Self::Account,
            Self::Account => Self::Age,
        }
    }
}

/// Which list the arrows move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    Lanes,
    Refusals,
}

/// Refusals of one reason, address and user name, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) last: Reject,
    pub(super) count: usize,
    pub(super) sentence: String,
    pub(super) remedy: String,
}

/// What is asked before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) text: String,
    order: Order,
}

/// A trace that is being read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The lane, as it was.
    pub(super) lane: Option<Lane>,
    /// Queue ids of the mails of the lane, and which of them this is.
    pub(super) ids: Vec<String>,
    pub(super) place: usize,
    pub(super) trace: Box<Trace>,
}

impl Reading {
    /// Whether this is the mail that was turned to.
    fn is_at(&self, id: &str) -> bool {
        self.ids.get(self.place).is_some_and(|it| it == id)
    }

    /// This mail cannot be shown: back to the one that is, unless another was turned to since.
    fn show_what_there_is(&mut self, id: &str) {
        if self.is_at(id) {
            let shown = &self.trace.message.id;
            let place = self.ids.iter().position(|it| it == shown);
            self.place = place.unwrap_or(self.place);
        }
    }
}

/// What is before the eyes.
#[derive(Debug, Clone)]
pub(super) enum Page {
    Overview,
    Help,
    Trace(Box<Reading>),
    Refusal(Box<Refusal>),
}

/// All that the screen shows.
#[derive(Debug)]
pub(super) struct Model {
    /// Which relayd, and whose mail.
    pub(super) place: String,
    pub(super) every: Duration,
    pub(super) now: Timestamp,
    /// Columns and rows.
    pub(super) size: (u16, u16),
    pub(super) sample: Sample,
    /// For each figure, per minute, the latest last.
    pub(super) rates: [VecDeque<u64>; 5],
    /// Why relayd does not answer, if it does not.
    pub(super) away: Option<String>,
    pub(super) is_paused: bool,
    pub(super) sort: Sort,
    pub(super) focus: Focus,
    /// Route of the lane that is chosen; it stays when others overtake it.
    chosen: Option<String>,
    chosen_refusal: usize,
    pub(super) filter: String,
    pub(super) is_typing: bool,
    pub(super) question: Option<Question>,
    pub(super) page: Page,
    /// Lines that are above the page.
    pub(super) scroll: usize,
    note: Option<(String, Timestamp)>,
    /// The lane whose mails were asked for.
    asked: Option<Lane>,
    may_change: bool,
}

impl Model {
    pub(super) fn new(place: String, every: Duration, may_change: bool, sample: Sample) -> Self {
        Self {
            place,
            every,
            now: sample.at,
            size: (80, 24),
            sample,
            rates: Default::default(),
            away: None,
            is_paused: false,
            sort: Sort::Age,
            focus: Focus::Lanes,
            chosen: None,
            chosen_refusal: 0,
            filter: String::new(),
            is_typing: false,
            question: None,
            page: Page::Overview,
            scroll: 0,
            note: None,
            asked: None,
            may_change,
        }
    }

    /// Lanes that the filter lets through, in their order. Those without mail come last.
    pub(super) fn lanes(&self) -> Vec<&Lane> {
        let mut lanes: Vec<_> = self.sample.queue.lanes.iter().collect();
        lanes.retain(|lane| self.lets_through(&of_lane(lane)));
        let is_idle = |lane: &Lane| lane.oldest_at.is_none() && lane.state != LaneState::Held;
        match self.sort {
            Sort::Age => lanes.sort_by_key(|lane| {
                let oldest = lane.oldest_at.unwrap_or(Timestamp::MAX);
                (is_idle(lane), oldest, lane.account.clone())
            }),
            Sort::Waiting => {
                lanes.sort_by_key(|lane| (Reverse(lane.depth + lane.held), lane.account.clone()));
            }
            Sort::Account => lanes.sort_by_key(|lane| (lane.account.clone(), lane.route.clone())),
        }
        lanes
    }

    /// Which of [`Self::lanes`] is chosen.
    pub(super) fn chosen_lane(&self) -> usize {
        let lanes = self.lanes();
        let chosen = self.chosen.as_ref();
        let place = lanes.iter().position(|lane| Some(&lane.route) == chosen);
        place.unwrap_or(0)
    }

    /// Refusals that the filter lets through, the newest first.
    pub(super) fn refusals(&self) -> Vec<Refusal> {
        let reasons = relay_proto::reasons();
        let mut refusals: Vec<Refusal> = Vec::new();
        for reject in &self.sample.rejects {
            if !self.lets_through(&of_reject(reject)) {
                continue;
            }
            let is_same = |it: &&mut Refusal| {
                let last = &it.last;
                (&last.reason, &last.client, &last.username)
                    == (&reject.reason, &reject.client, &reject.username)
            };
            if let Some(same) = refusals.iter_mut().find(is_same) {
                same.count += 1;
                continue;
            }
            let reason = reasons.iter().find(|it| it.code == reject.reason);
            refusals.push(Refusal {
                last: reject.clone(),
                count: 1,
                sentence: reason.map(|it| it.sentence.clone()).unwrap_or_default(),
                remedy: reason.map(|it| it.remedy.clone()).unwrap_or_default(),
            });
        }
        refusals
    }

    /// Which of [`Self::refusals`] is chosen.
    pub(super) fn chosen_refusal(&self) -> usize {
        self.chosen_refusal
            .min(self.refusals().len().saturating_sub(1))
    }

    /// What there is to say for the moment.
    pub(super) fn note(&self) -> Option<&str> {
        self.note.as_ref().map(|(text, _)| text.as_str())
    }

    /// How old the figures are, where that is to be said.
    pub(super) fn staleness(&self) -> Option<i64> {
        let age = self.now.as_second() - self.sample.at.as_second();
        let usual = i64::try_from(self.every.as_secs()).unwrap_or(i64::MAX);
        let is_old = age > usual.saturating_add(3) || self.away.is_some() || self.is_paused;
        is_old.then_some(age.max(0))
    }

    /// Lines of the page that is read; nothing of the overview.
    pub(super) fn lines(&self) -> Vec<String> {
        let width = usize::from(self.size.0.max(1));
        match &self.page {
            Page::Overview => Vec::new(),
            Page::Help => pages::help(width),
            Page::Trace(reading) => pages::trace(reading, width, self.now),
            Page::Refusal(refusal) => pages::refusal(refusal, width),
        }
    }

    /// Rows that a page has: all but the head, an empty one and the foot.
    pub(super) fn rows_of_page(&self) -> usize {
        let taken = 2 + foot::lines(self).len();
        usize::from(self.size.1).saturating_sub(taken).max(1)
    }

    fn lets_through(&self, words: &str) -> bool {
        self.filter.is_empty() || words.to_lowercase().contains(&self.filter.to_lowercase())
    }

    fn say(&mut self, text: String) {
        self.note = Some((text, self.now));
    }

    /// Time goes on. Gives whether anything that is shown has changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> bool {
        let is_new = now.as_second() != self.now.as_second();
        self.now = now;
        let since = |at: Timestamp| now.as_second() - at.as_second();
        if self
            .note
            .as_ref()
            .is_some_and(|(_, at)| since(*at) > NOTE_LASTS)
        {
            self.note = None;
        }
        is_new
    }

    /// The worker has something to tell.
    pub(super) fn hear(&mut self, news: News) -> Option<Action> {
        match news {
            News::Sample(sample) => {
                self.away = None;
                self.count(&sample);
                self.sample = *sample;
            }
            News::Away(why) => self.away = Some(why),
            News::Over(failure) => return Some(Action::Fail(failure)),
            News::Changed(lane) => {
                self.say(told(&lane));
                let lanes = &mut self.sample.queue.lanes;
                if let Some(old) = lanes.iter_mut().find(|it| it.route == lane.route) {
                    *old = *lane;
                }
            }
            News::Vain(order, why) => {
                self.give_up(&order);
                self.say(why);
            }
            News::Mails {
                account,
                ids,
                trace,
            } => {
                // Whoever has turned to something else meanwhile, such as to another lane, is not
                // torn away.
                if let Some(lane) = self.asked.take_if(|lane| lane.account == account) {
                    self.note = None;
                    self.turn_to(Page::Trace(Box::new(Reading {
                        lane: Some(lane),
                        ids,
                        place: 0,
                        trace,
                    })));
                }
            }
            News::Mail(trace) => {
                if let Page::Trace(reading) = &mut self.page
                    && reading.is_at(&trace.message.id)
                {
                    reading.trace = trace;
                    self.scroll = 0;
                }
            }
        }
        None
    }

    /// Nothing came of an order: what it was to bring is not waited for any more, unless another
    /// order brings it.
    fn give_up(&mut self, order: &Order) {
        match order {
            Order::Oldest { account, .. } => {
                self.asked.take_if(|lane| lane.account == *account);
            }
            Order::Mail { id, .. } => {
                if let Page::Trace(reading) = &mut self.page {
                    reading.show_what_there_is(id);
                }
            }
            Order::Pause(_) | Order::Hold { .. } | Order::Release { .. } => {}
        }
    }

    /// Too many orders wait already: it is as if the key of this one had not been pressed. What was
    /// ordered before is still waited for.
    pub(super) fn take_back(&mut self, order: Order) {
        match order {
            Order::Pause(is_paused) => self.is_paused = !is_paused,
            Order::Oldest { before, .. } => self.asked = before.map(|lane| *lane),
            Order::Mail { id, before } => {
                if let Page::Trace(reading) = &mut self.page
                    && reading.is_at(&id)
                {
                    reading.place = before;
                }
            }
            Order::Hold { .. } | Order::Release { .. } => {}
        }
        self.say("relayd is slow to answer; press it again in a while".to_owned());
    }

    /// Rates of the time since the last sample. Each hour the span of the counts moves on, and two
    /// that begin apart cannot be compared: the last rate stands for that one.
    fn count(&mut self, next: &Sample) {
        let millis = next.at.as_millisecond() - self.sample.at.as_millisecond();
        let Some(millis) = u64::try_from(millis).ok().filter(|millis| *millis > 0) else {
            return;
        };
        for (figure, rates) in Figure::ALL.into_iter().zip(&mut self.rates) {
            let (before, after) = (figure.of(&self.sample.stats), figure.of(&next.stats));
            let rate = if self.sample.stats.since == next.stats.since {
                let more = u128::from(after.saturating_sub(before)) * 60_000;
                u64::try_from(more / u128::from(millis)).unwrap_or(u64::MAX)
            } else {
                rates.back().copied().unwrap_or(0)
            };
            if rates.len() == HISTORY {
                rates.pop_front();
            }
            rates.push_back(rate);
        }
    }
}
