//! The four kinds of questions: for a line, a secret, one of several things, yes or no.

use zeroize::Zeroizing;

use super::keys::Key;
use super::line::{Done, Line, beginning_of};
use super::terminal::{Event, Terminal};
use super::{Look, cancelled};
use crate::error::Failure;
use crate::output::cell::harmless;

/// An answer of fewer columns than this gets a row of its own, below its question.
const LEAST_ROOM: usize = 16;
/// Entries of a list that are shown at a time.
const MOST_SHOWN: usize = 12;

/// Whether an answer will do, and if not why.
pub(super) type Check<'c> = &'c dyn Fn(&str) -> Result<(), String>;

/// What a line is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) question: &'w str,
    /// The answer of an empty line.
    pub(super) default: Option<&'w str>,
    /// It is not shown.
    pub(super) hidden: bool,
    /// What was typed before the question is no answer to it.
    pub(super) anew: bool,
}

/// Asks for a line until it will do.
pub(super) fn line(
    look: Look,
    wanted: Wanted<'_>,
    check: Check<'_>,
) -> Result<Zeroizing<String>, Failure> {
    let mut terminal = Terminal::open(wanted.anew)?;
    let mut line = Line::default();
    let mut head = Head::of(look, wanted, &terminal);
    head.show(&mut terminal);
    loop {
        head.draw(&mut terminal, &line);
        let done = match terminal.event()? {
            Event::Key(key) => line.press(&key),
            Event::Changed => {
                let was_above = head.is_above;
                head = Head::of(look, wanted, &terminal);
                if head.is_above && !was_above {
                    head.show(&mut terminal);
                } else {
                    head.is_above = was_above;
                }
                None
            }
            Event::Resumed => {
                head = Head::of(look, wanted, &terminal);
                head.show(&mut terminal);
                None
            }
        };
        match done {
            None => {}
            Some(Done::Cancelled) => {
                head.draw(&mut terminal, &Line::default());
                return Err(cancelled(terminal));
            }
            Some(Done::Entered) => {
                let given = match (line.text(), wanted.default) {
                    ("", Some(default)) => default,
                    (text, _) if wanted.hidden => text,
                    (text, _) => text.trim(),
                };
                match check(given) {
                    Ok(()) => {
                        let given = Zeroizing::new(given.to_owned());
                        head.leave(&mut terminal, &given);
                        return Ok(given);
                    }
                    Err(why) => {
                        head.complain(&mut terminal, &line, &why);
                        if wanted.hidden {
                            line.clear();
                        }
                    }
                }
            }
        }
    }
}

/// How the question of a line stands before its answer.
struct Head<'w> {
    look: Look,
    wanted: Wanted<'w>,
    /// The question has rows of its own, and the answer stands below.
    is_above: bool,
}

impl<'w> Head<'w> {
    fn of(look: Look, wanted: Wanted<'w>, terminal: &Terminal) -> Self {
        let (columns, _) = terminal.room();
        let question = console::measure_text_width(&full(wanted));
        Self {
            look,
            wanted,
            is_above: question + 5 + LEAST_ROOM > columns,
        }
    }

    /// The rows of a question that is too long for the row of its answer.
    fn show(&self, terminal: &mut Terminal) {
        if self.is_above {
            let rows = terminal.rows_of(&format!("? {}", full(self.wanted)));
            terminal.leave(&self.look.all_bold(&rows));
        }
    }

    fn prefix(&self, mark: &str) -> String {
        if self.is_above {
            return format!("{mark} ");
        }
        let question = self.look.bold(&harmless(&full(self.wanted)));
        format!("? {question} {mark} ")
    }

    fn draw(&self, terminal: &mut Terminal, line: &Line) {
        let prefix = self.prefix(self.look.asks());
        let start = console::measure_text_width(&prefix);
        let (columns, _) = terminal.room();
        let (shown, column) = if self.wanted.hidden {
            (String::new(), 0)
        } else {
            line.window(columns.saturating_sub(start))
        };
        terminal.draw(vec![prefix + &shown], start + column, false);
    }

    fn leave(&self, terminal: &mut Terminal, answer: &str) {
        let prefix = self.prefix(self.look.has());
        let (columns, _) = terminal.room();
        let room = columns.saturating_sub(console::measure_text_width(&prefix));
        let shown = if self.wanted.hidden {
            "(not shown)"
        } else {
            answer
        };
        let row = prefix + &beginning_of(&harmless(shown), room);
        terminal.leave(&[row.trim_end().to_owned()]);
    }

    fn complain(&self, terminal: &mut Terminal, line: &Line, why: &str) {
        self.draw(terminal, line);
        let mut rows = terminal.rows_of(&format!("  {}", why.trim()));
        rows.insert(0, self.prefix(self.look.asks()).trim_end().to_owned());
        terminal.leave(&rows);
    }
}

fn full(wanted: Wanted<'_>) -> String {
    match wanted.default {
        Some(default) if !default.is_empty() => format!("{} ({default})", wanted.question),
        _ => wanted.question.to_owned(),
    }
}

/// Lets a person choose one of `items`: by the arrow keys, or the first letter.
pub(super) fn choice(
    look: Look,
    question: &str,
    items: &[String],
    default: usize,
) -> Result<usize, Failure> {
    let mut terminal = Terminal::open(super::is_first())?;
    let mut list = List {
        items,
        at: default.min(items.len().saturating_sub(1)),
        first: 0,
    };
    loop {
        let mut rows = look.all_bold(&terminal.rows_of(&format!("? {question}")));
        rows.extend(list.rows(look, terminal.room(), rows.len()));
        terminal.draw(rows, 0, true);
        match terminal.event()? {
            Event::Changed | Event::Resumed => {}
            Event::Key(Key::Enter) if items.is_empty() => {}
            Event::Key(Key::Enter) => break,
            Event::Key(Key::Interrupt | Key::EndOfInput) => {
                let rows = look.all_bold(&terminal.rows_of(&format!("? {question}")));
                terminal.leave(&rows);
                return Err(cancelled(terminal));
            }
            Event::Key(key) => list.press(&key),
        }
    }
    let chosen = items.get(list.at).map_or("", String::as_str);
    answered(look, &mut terminal, question, chosen);
    Ok(list.at)
}

/// Asks yes or no; Enter is no. What was typed before is no answer.
pub(super) fn yes(look: Look, question: &str) -> Result<bool, Failure> {
    let mut terminal = Terminal::open(true)?;
    let is_yes = loop {
        let mut rows = terminal.rows_of(&format!("? {question} [y/N]"));
        let column = rows
            .last()
            .map_or(0, |row| console::measure_text_width(row) + 1);
        rows = look.all_bold(&rows);
        terminal.draw(rows, column, false);
        match terminal.event()? {
            Event::Key(Key::Text('y' | 'Y')) => break true,
            Event::Key(Key::Text('n' | 'N') | Key::Enter | Key::Escape) => break false,
            Event::Key(Key::Interrupt | Key::EndOfInput) => {
                let rows = terminal.rows_of(&format!("? {question} [y/N]"));
                terminal.leave(&look.all_bold(&rows));
                return Err(cancelled(terminal));
            }
            Event::Key(_) | Event::Changed | Event::Resumed => {}
        }
    };
    answered(
        look,
        &mut terminal,
        question,
        if is_yes { "yes" } else { "no" },
    );
    Ok(is_yes)
}

/// Leaves question and answer on the screen.
fn answered(look: Look, terminal: &mut Terminal, question: &str, answer: &str) {
    let (columns, _) = terminal.room();
    let (question, answer) = (harmless(question), harmless(answer));
    let mark = look.has();
    let plain = format!("? {question} {mark} {answer}");
    if console::measure_text_width(&plain) <= columns {
        return terminal.leave(&[format!("? {} {mark} {answer}", look.bold(&question))]);
    }
    let mut rows = look.all_bold(&terminal.rows_of(&format!("? {question}")));
    rows.push(beginning_of(&format!("{mark} {answer}"), columns));
    terminal.leave(&rows);
}

/// A list of which a part is shown.
struct List<'i> {
    items: &'i [String],
    /// The entry that Enter takes.
    at: usize,
    /// The first that is shown.
    first: usize,
}

impl List<'_> {
    fn press(&mut self, key: &Key) {
        let last = self.items.len().saturating_sub(1);
        match key {
            Key::Up if self.at == 0 => self.at = last,
            Key::Up => self.at -= 1,
            Key::Down if self.at == last => self.at = 0,
            Key::Down => self.at += 1,
            Key::Home => self.at = 0,
            Key::End => self.at = last,
            Key::Text(letter) => {
                let wanted = letter.to_lowercase().to_string();
                let begins = |place: &usize| {
                    let item = self.items.get(*place).map(|item| item.to_lowercase());
                    item.is_some_and(|item| item.starts_with(&wanted))
                };
                let behind = self.at + 1..self.items.len();
                self.at = behind.chain(0..self.at).find(begins).unwrap_or(self.at);
            }
            _ => {}
        }
    }

    /// The entries that fit below a question of so many rows.
    fn rows(&mut self, look: Look, (columns, lines): (usize, usize), above: usize) -> Vec<String> {
        let room = lines.saturating_sub(above + 2).clamp(1, MOST_SHOWN);
        let shown = room.min(self.items.len());
        self.first = self
            .first
            .min(self.at)
            .max((self.at + 1).saturating_sub(shown));
        let entry = |(place, item): (usize, &String)| {
            let is_at = place == self.at;
            let row = format!("{} {}", if is_at { ">" } else { " " }, harmless(item));
            let row = beginning_of(&row, columns);
            if is_at { look.bold(&row) } else { row }
        };
        let window = self.items.iter().enumerate().skip(self.first).take(shown);
        let mut rows: Vec<_> = window.map(entry).collect();
        if shown < self.items.len() {
            let count = format!("  {} of {}", self.at + 1, self.items.len());
            rows.push(beginning_of(&count, columns));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look {
        color: false,
        unicode: false,
    };

    #[test]
    fn a_long_list_scrolls_within_its_window() {
        let items: Vec<_> = (1..=40).map(|it| format!("user-{it}")).collect();
        let mut list = List {
            items: &items,
            at: 0,
            first: 0,
        };
        assert_eq!(
            list.rows(LOOK, (79, 6), 1),
            ["> user-1", "  user-2", "  user-3", "  1 of 40"]
        );
        list.press(&Key::Up);
        assert_eq!(
            list.rows(LOOK, (6, 6), 1),
            ["  user", "  user", "> user", "  40 o"]
        );
        list.press(&Key::Down);
        assert_eq!(list.at, 0);
        for _ in 0..3 {
            list.press(&Key::Down);
        }
        assert_eq!(
            list.rows(LOOK, (79, 6), 1),
            ["  user-2", "  user-3", "> user-4", "  4 of 40"]
        );
    }

    #[test]
    fn a_letter_goes_to_the_next_entry_that_begins_with_it() {
        let items = ["erp", "scanner", "Series", "plotter"].map(str::to_owned);
        let mut list = List {
            items: &items,
            at: 0,
            first: 0,
        };
        for (letter, place) in [('s', 1), ('S', 2), ('s', 1), ('x', 1), ('p', 3)] {
            list.press(&Key::Text(letter));
            assert_eq!(list.at, place, "{letter}");
        }
    }
}
