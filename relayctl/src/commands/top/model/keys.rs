//! What keys make of the screen.

use relay_proto::{Lane, RouteRole};

use super::{Action, Focus, Model, Page, Question};
use crate::commands::top::words::waiting;
use crate::commands::top::worker::Order;
use crate::error::{Exit, Failure};

/// Lines of a list that a page key passes over.
const PAGE: usize = 10;

/// A key, as far as any has a meaning here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands::top) enum Key {
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

impl Model {
    /// A key was pressed.
    pub(in crate::commands::top) fn press(&mut self, key: Key) -> Option<Action> {
        match key {
            Key::Interrupt => return Some(Action::Fail(Failure::silent(Exit::Interrupted))),
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
            Key::Char('/') => {
                self.asked = None;
                self.is_typing = true;
            }
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

    pub(super) fn turn_to(&mut self, page: Page) {
        self.page = page;
        self.scroll = 0;
        self.asked = None;
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
        self.asked = None;
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
                let before = self.asked.replace(lane).map(Box::new);
                Some(Action::Order(Order::Oldest { account, before }))
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
        let before = std::mem::replace(&mut reading.place, place);
        let id = reading.ids.get(place)?.clone();
        Some(Action::Order(Order::Mail { id, before }))
    }
}
