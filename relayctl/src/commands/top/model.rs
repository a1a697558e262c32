//! What the screen shows, and what keys, samples and time make of it. Knows no terminal and no
//! clock.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use relay_proto::{Lane, LaneState, Reject, RouteRole, StatsSummary, Trace};

use super::worker::{News, Order, Sample};
use crate::commands::log::story::Teller;
use crate::error::Failure;

/// Rates that are kept, one for each sample.
const HISTORY: usize = 120;
/// A note stands this long.
const NOTE_LASTS: i64 = 8;
/// Lines that a trace is moved by a page key.
const PAGE: usize = 10;

/// A key, as far as any has a meaning here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    Tab,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
}

/// What the program does next.
#[derive(Debug)]
pub(super) enum Action {
    Order(Order),
    Quit,
    Interrupted,
    Suspend,
    Fail(Failure),
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Accepted,
    Delivered,
    Deferred,
    Failed,
    Refused,
}

impl Figure {
    pub(super) const ALL: [Self; 5] = [
        Self::Accepted,
        Self::Delivered,
        Self::Deferred,
        Self::Failed,
        Self::Refused,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    pub(super) const fn of(self, stats: &StatsSummary) -> u64 {
        match self {
            Self::Accepted => stats.counts.accepted,
            Self::Delivered => stats.counts.delivered,
            Self::Deferred => stats.counts.deferred,
            Self::Failed => stats.counts.failed,
            Self::Refused => stats.refused,
        }
    }
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
        lanes.retain(|lane| self.lets_through(&words_of_lane(lane)));
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
            if !self.lets_through(&words_of_reject(reject)) {
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
            Page::Help => super::view::help(width),
            Page::Trace(reading) => super::view::trace(reading, width, self.now),
            Page::Refusal(refusal) => super::view::refusal(refusal, width),
        }
    }

    /// Rows that a page has: all but the first and the last.
    pub(super) fn rows_of_page(&self) -> usize {
        usize::from(self.size.1).saturating_sub(3).max(1)
    }

    fn lets_through(&self, words: &str) -> bool {
        self.filter.is_empty() || words.to_lowercase().contains(&self.filter.to_lowercase())
    }

    fn say(&mut self, text: String) {
        self.note = (!text.is_empty()).then_some((text, self.now));
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
            News::Note(text) => {
                self.asked = None;
                self.say(text);
            }
            News::Mails(ids, trace) => {
                // Whoever has turned to something else meanwhile is not torn away.
                if let Some(lane) = self.asked.take() {
                    self.note = None;
                    self.scroll = 0;
                    self.page = Page::Trace(Box::new(Reading {
                        lane: Some(lane),
                        ids,
                        place: 0,
                        trace,
                    }));
                }
            }
            News::Mail(trace) => {
                if let Page::Trace(reading) = &mut self.page
                    && reading.ids.get(reading.place) == Some(&trace.message.id)
                {
                    reading.trace = trace;
                    self.scroll = 0;
                }
            }
        }
        None
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

    /// A key was pressed.
    pub(super) fn press(&mut self, key: Key) -> Option<Action> {
        match key {
            Key::Interrupt => return Some(Action::Interrupted),
            Key::Suspend => return Some(Action::Suspend),
            _ => {}
        }
        if let Some(question) = self.question.take() {
            if matches!(key, Key::Char('y' | 'Y')) {
                return Some(Action::Order(question.order));
            }
            self.say("Nothing was changed.".to_owned());
            return None;
        }
        if self.is_typing {
            self.type_filter(key);
            return None;
        }
        match self.page {
            Page::Overview => self.press_on_overview(key),
            Page::Help | Page::Trace(_) | Page::Refusal(_) => self.press_on_page(key),
        }
    }

    fn type_filter(&mut self, key: Key) {
        match key {
            Key::Char(character) if self.filter.chars().count() < 60 => {
                self.filter.push(character);
            }
            Key::Backspace => {
                self.filter.pop();
            }
            Key::Escape => {
                self.filter.clear();
                self.is_typing = false;
            }
            Key::Enter | Key::Tab => self.is_typing = false,
            _ => {}
        }
    }

    fn press_on_overview(&mut self, key: Key) -> Option<Action> {
        self.note = None;
        match key {
            Key::Char('q') => return Some(Action::Quit),
            Key::Char('?') => self.turn_to(Page::Help),
            Key::Char('/') => self.is_typing = true,
            Key::Char('s') => self.sort = self.sort.next(),
            Key::Char('p' | ' ') => {
                self.is_paused = !self.is_paused;
                return Some(Action::Order(Order::Pause(self.is_paused)));
            }
            Key::Char('h') => self.ask(true),
            Key::Char('r') => self.ask(false),
            Key::Char('t') | Key::Enter => return self.open(),
            Key::Tab => {
                self.focus = match self.focus {
                    Focus::Lanes => Focus::Refusals,
                    Focus::Refusals => Focus::Lanes,
                }
            }
            Key::Escape => self.filter.clear(),
            Key::Up | Key::Char('k') => self.choose(|place, _| place.saturating_sub(1)),
            Key::Down | Key::Char('j') => self.choose(|place, _| place + 1),
            Key::PageUp => self.choose(|place, _| place.saturating_sub(PAGE)),
            Key::PageDown => self.choose(|place, _| place + PAGE),
            Key::Home => self.choose(|_, _| 0),
            Key::End => self.choose(|_, last| last),
            _ => {}
        }
        None
    }

    fn turn_to(&mut self, page: Page) {
        self.page = page;
        self.scroll = 0;
    }

    fn choose(&mut self, place: fn(usize, usize) -> usize) {
        match self.focus {
            Focus::Lanes => {
                let lanes = self.lanes();
                let last = lanes.len().saturating_sub(1);
                let place = place(self.chosen_lane(), last).min(last);
                self.chosen = lanes.get(place).map(|lane| lane.route.clone());
            }
            Focus::Refusals => {
                let last = self.refusals().len().saturating_sub(1);
                self.chosen_refusal = place(self.chosen_refusal(), last).min(last);
            }
        }
    }

    fn lane(&self) -> Option<Lane> {
        self.lanes().get(self.chosen_lane()).map(|it| (*it).clone())
    }

    /// Asks whether to hold or to release, with what comes of it in numbers.
    fn ask(&mut self, is_hold: bool) {
        let Some(lane) = self.lane().filter(|_| self.focus == Focus::Lanes) else {
            self.say("Choose a lane first: Tab goes there.".to_owned());
            return;
        };
        let account = lane.account.clone();
        if !self.may_change {
            self.say("This token may only read.".to_owned());
            return;
        }
        if lane.role == RouteRole::Fallback {
            let text = format!("A person holds the first lane of {account}, not its fallback.");
            self.say(text);
            return;
        }
        let waiting = waiting(lane.depth);
        let (text, order) = match (is_hold, &lane.hold) {
            (true, Some(_)) => return self.say(format!("The lane of {account} is held already.")),
            (false, None) => return self.say(format!("The lane of {account} is not held.")),
            (true, None) => (
                format!(
                    "Hold {account}? No mail of it leaves until it is released; {waiting}. y/N"
                ),
                Order::Hold { account },
            ),
            (false, Some(hold)) => (
                format!(
                    "Release {account}, held for {}? Its mail leaves at once; {waiting}. y/N",
                    hold.reason
                ),
                Order::Release { account },
            ),
        };
        self.note = None;
        // The chosen one stays chosen while the question stands.
        self.chosen = Some(lane.route);
        self.question = Some(Question { text, order });
    }

    /// Opens what is chosen.
    fn open(&mut self) -> Option<Action> {
        match self.focus {
            Focus::Lanes => {
                let lane = self.lane()?;
                let account = lane.account.clone();
                self.say(format!("Looking for the oldest mail of {account}"));
                self.asked = Some(lane);
                Some(Action::Order(Order::Oldest { account }))
            }
            Focus::Refusals => {
                let refusal = self.refusals().into_iter().nth(self.chosen_refusal())?;
                self.turn_to(Page::Refusal(Box::new(refusal)));
                None
            }
        }
    }

    fn press_on_page(&mut self, key: Key) -> Option<Action> {
        let last = self.lines().len().saturating_sub(self.rows_of_page());
        let scroll = self.scroll.min(last);
        let page = self.rows_of_page().saturating_sub(1).max(1);
        self.scroll = match key {
            Key::Up | Key::Char('k') => scroll.saturating_sub(1),
            Key::Down | Key::Char('j') => (scroll + 1).min(last),
            Key::PageUp => scroll.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => (scroll + page).min(last),
            Key::Home => 0,
            Key::End => last,
            _ => scroll,
        };
        match key {
            Key::Char('q' | 't' | '?') | Key::Escape | Key::Enter | Key::Backspace => {
                self.turn_to(Page::Overview);
                None
            }
            Key::Right | Key::Char('n') => self.turn_over(true),
            Key::Left | Key::Char('p') => self.turn_over(false),
            _ => None,
        }
    }

    /// The next mail of the lane, or the one before.
    fn turn_over(&mut self, forth: bool) -> Option<Action> {
        let Page::Trace(reading) = &mut self.page else {
            return None;
        };
        let place = if forth {
            (reading.place + 1).min(reading.ids.len().saturating_sub(1))
        } else {
            reading.place.saturating_sub(1)
        };
        if place == reading.place {
            return None;
        }
        reading.place = place;
        let id = reading.ids.get(place)?.clone();
        Some(Action::Order(Order::Mail { id }))
    }
}

/// The story of the mail, in lines that fit.
pub(super) fn story(trace: &Trace, width: usize, now: Timestamp) -> Vec<String> {
    let story = Teller::sized(width, now).story(trace);
    story.lines().map(str::to_owned).collect()
}

/// Why mail of the lane waits.
pub(super) fn why(lane: &Lane) -> String {
    match &lane.hold {
        Some(hold) if hold.detail.is_empty() => hold.reason.clone(),
        Some(hold) => format!("{}: {}", hold.reason, hold.detail),
        None => lane.why.clone(),
    }
}

fn told(lane: &Lane) -> String {
    let waiting = waiting(lane.depth);
    let account = &lane.account;
    match lane.hold {
        Some(_) => format!("The lane of {account} is held; {waiting}."),
        None => format!("The lane of {account} was released; {waiting}."),
    }
}

fn waiting(depth: u64) -> String {
    match depth {
        0 => "none waits".to_owned(),
        1 => "1 message waits".to_owned(),
        count => format!("{count} messages wait"),
    }
}

fn words_of_lane(lane: &Lane) -> String {
    let words = [
        lane.account.as_str(),
        lane.state.as_str(),
        lane.kind.as_str(),
        &lane.server,
        &why(lane),
    ];
    words.join("\n")
}

fn words_of_reject(reject: &Reject) -> String {
    let words = [
        reject.account.as_deref().unwrap_or_default(),
        reject.system.as_deref().unwrap_or_default(),
        &reject.username,
        &reject.client,
        &reject.helo,
        &reject.sender,
        &reject.recipient,
        &reject.reason,
        &reject.reply,
    ];
    words.join("\n")
}
