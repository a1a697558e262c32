//! What is wrong with a file: every mistake with its line and a mark under it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Exit, Failure};
use crate::output::cell::{harmless, wrap};

/// Longest line that is shown where the terminal does not say.
const WIDTH: usize = 100;
/// Columns that errors are indented by.
const INDENT: usize = 9;
/// Mistakes that are shown; nobody reads more at a time.
const SHOWN: usize = 50;

/// The text of a file, and what was found wrong with it.
#[derive(Debug)]
pub(super) struct Complaints<'t> {
    name: String,
    text: &'t str,
    width: usize,
    found: Vec<(Option<Range<usize>>, String)>,
    /// Where a secret stands that is not to be shown.
    secrets: Vec<usize>,
    /// Where each value of the configuration stands, by its path in the API.
    places: BTreeMap<String, Range<usize>>,
}

impl<'t> Complaints<'t> {
    pub(super) fn new(name: &str, text: &'t str, width: Option<usize>) -> Self {
        Self {
            name: name.to_owned(),
            text,
            width: width.unwrap_or(WIDTH).clamp(20, WIDTH),
            found: Vec::new(),
            secrets: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Notes that what stands at `span` is wrong.
    pub(super) fn add(&mut self, span: Range<usize>, what: impl Into<String>) {
        self.found.push((Some(span), what.into()));
    }

    /// The same of a key whose value is nobody's to see.
    pub(super) fn add_secret(&mut self, span: Range<usize>, what: impl Into<String>) {
        self.secrets.push(span.start);
        self.add(span, what);
    }

    /// Remembers where a value stands.
    pub(super) fn place(&mut self, path: String, span: Range<usize>) {
        self.places.entry(path).or_insert(span);
    }

    /// Where a value stands; the beginning of the file for the whole.
    pub(super) fn span_of(&self, path: &str) -> Range<usize> {
        self.places.get(path).cloned().unwrap_or(0..0)
    }

    /// Nothing, or all mistakes in one error.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        if self.found.is_empty() {
            return Ok(());
        }
        let found = std::mem::take(&mut self.found);
        let what = format!("{} has {}", self.name, counted(found.len()));
        Err(Failure::new(Exit::Usage, "invalid-file", what)
            .cause(self.shown(found))
            .hint(format!(
                "correct {}; nothing was sent and nothing was changed",
                self.name
            )))
    }

    /// The answer of relayd, with each field that it names shown where it stands in the file.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        let fields = failure.wrong_fields();
        if fields.is_empty() {
            return failure;
        }
        let found = fields
            .into_iter()
            .map(|(field, message)| match self.find(&field) {
                Some(span) => (Some(span), message),
                None => (None, format!("{field}: {message}")),
            })
            .collect::<Vec<_>>();
        let what = format!("{}: {failure}; nothing was changed", self.name);
        let shown = self.shown(found);
        failure.titled(what).told_by(shown)
    }

    /// The value itself, or what it is a part of.
    fn find(&self, field: &str) -> Option<Range<usize>> {
        let mut field = field;
        loop {
            if let Some(span) = self.places.get(field) {
                return Some(span.clone());
            }
            field = field.rsplit_once('.')?.0;
        }
    }

    fn shown(&self, mut found: Vec<(Option<Range<usize>>, String)>) -> String {
        found.sort_by_key(|(span, _)| span.as_ref().map_or(usize::MAX, |span| span.start));
        let count = found.len();
        let mut lines = Vec::new();
        for (span, what) in found.into_iter().take(SHOWN) {
            match span {
                Some(span) => self.show(&span, &what, &mut lines),
                None => lines.extend(wrap(&what, self.width.saturating_sub(INDENT))),
            }
        }
        if count > SHOWN {
            lines.push(format!("and {} more", count - SHOWN));
        }
        lines.join("\n")
    }

    /// The line, the mark under it, and what is wrong there.
    fn show(&self, span: &Range<usize>, what: &str, lines: &mut Vec<String>) {
        let start = floor(self.text, span.start);
        let end = floor(self.text, span.end.max(start));
        let before = self.text.get(..start).unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.text.get(begin..).unwrap_or_default();
        let mut line = harmless(rest.lines().next().unwrap_or_default());
        if self.secrets.contains(&span.start) {
            line = harmless(self.text.get(begin..end).unwrap_or_default()) + " = …";
        }
        let column = self
            .text
            .get(begin..start)
            .map_or(0, |it| it.chars().count());
        let marked = self.text.get(start..end).unwrap_or_default();
        let length = marked.lines().next().unwrap_or_default().chars().count();
        let margin = format!("{number} | ");
        let blank = " ".repeat(margin.len() - 2);
        let room = self.width.saturating_sub(INDENT + margin.len()).max(8);
        // A long line is shown from where the mark begins to fit.
        let skipped = (column + length.clamp(1, room))
            .saturating_sub(room)
            .min(column);
        let part: String = line.chars().skip(skipped).take(room).collect();
        let length = length.clamp(1, room.saturating_sub(column - skipped).max(1));
        let mark = " ".repeat(column - skipped) + &"^".repeat(length);
        lines.push(format!("{margin}{part}").trim_end().to_owned());
        lines.push(format!("{blank}| {mark}"));
        for part in wrap(what, room) {
            lines.push(format!("{blank}| {part}"));
        }
    }
}

fn counted(count: usize) -> String {
    crate::commands::counted(count, "mistake")
}

/// The beginning of the character that stands at `at`.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// What somebody may have meant: the name that differs least, if it differs little.
pub(super) fn meant<'n>(given: &str, names: &[&'n str]) -> Option<&'n str> {
    let closest = names
        .iter()
        .map(|name| (distance(given, name), *name))
        .min_by_key(|(distance, _)| *distance)?;
    let (distance, name) = closest;
    (distance <= 1 + given.len() / 4).then_some(name)
}

/// Letters to insert, delete, replace or swap with the next.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(a != b))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let is_swap =
                i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if is_swap {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_differs_little_was_meant() {
        let names = ["sender", "allowed_senders", "state"];
        for (given, expected) in [
            ("sendr", Some("sender")),
            ("sneder", Some("sender")),
            ("allowed_sender", Some("allowed_senders")),
            ("password", None),
        ] {
            assert_eq!(meant(given, &names), expected, "{given}");
        }
    }

    #[test]
    fn a_mistake_is_shown_with_its_line_and_a_mark() {
        let text = "a = 1\nüsers = \"long\"\n";
        let mut complaints = Complaints::new("x.toml", text, Some(80));
        complaints.add(6..12, "unknown key `üsers`");
        let failure = complaints.finish().unwrap_err();
        assert_eq!(
            failure.to_text(false),
            "error: x.toml has 1 mistake\n  \
               cause: 2 | üsers = \"long\"\n           \
                        | ^^^^^\n           \
                        | unknown key `üsers`\n  \
               try:   correct x.toml; nothing was sent and nothing was changed\n  \
               code:  invalid-file\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark_and_nothing_is_wider_than_the_terminal() {
        let text = format!("name = \"{}\" # x", "y".repeat(300));
        for span in [0..4, 250..260, 7..309, 400..900] {
            let mut complaints = Complaints::new("x", &text, Some(40));
            complaints.add(span.clone(), "is wrong");
            let shown = complaints.finish().unwrap_err().to_text(false);
            let cause = shown.lines().skip(1).take(3);
            for line in cause {
                assert!(line.chars().count() <= 40, "{span:?}: {line}");
            }
            assert!(shown.contains('^'), "{shown}");
        }
    }
}
