//! How the dialogue looks: a line for each step that is done, a title and a few words for each that
//! is not, all within the columns of the terminal.

use relay_proto::CheckStep;

use crate::commands::steps;
use crate::error::Failure;
use crate::output::cell::wrap;
use crate::output::{Output, note};

/// Names of steps have a column of this width.
const NAMES: usize = 10;
/// A terminal with fewer columns gets no columns of text.
const NARROW: usize = 60;
/// Lines are not longer than this, however wide the terminal is.
const WIDEST: usize = 100;
/// Texts are never squeezed into less.
const LEAST: usize = 16;

/// Writes to stderr.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    columns: usize,
}

impl Screen {
    pub(super) fn of(out: &Output) -> Self {
        Self {
            columns: out.width.unwrap_or(80).min(WIDEST),
        }
    }

    pub(super) const fn columns(self) -> usize {
        self.columns
    }

    /// Whether there is no room for columns.
    const fn is_narrow(self) -> bool {
        self.columns < NARROW
    }

    /// A step that is done.
    pub(super) fn ok(self, step: &str, detail: &str) {
        self.line("ok", step, detail);
    }

    /// A step that somebody else has to do.
    pub(super) fn waits(self, step: &str, detail: &str) {
        self.line("waits", step, detail);
    }

    fn line(self, mark: &str, step: &str, detail: &str) {
        let lines = if self.is_narrow() {
            self.hanging(&format!("  {mark}  "), &format!("{step}: {detail}"))
        } else {
            self.hanging(&format!("  {mark:<6}  {step:<NAMES$}  "), detail)
        };
        for line in lines {
            note(&line);
        }
    }

    /// The title of a step that is to be done, and what it is about.
    pub(super) fn head(self, title: &str, about: &str) {
        self.gap();
        note(title);
        for line in self.hanging("  ", about) {
            note(&line);
        }
    }

    /// A paragraph.
    pub(super) fn say(self, text: &str) {
        for line in self.hanging("", text) {
            note(&line);
        }
    }

    /// An empty line.
    #[expect(clippy::unused_self, reason = "whoever writes holds the screen")]
    pub(super) fn gap(self) {
        note("\n");
    }

    /// Lines to copy, as they are.
    pub(super) fn copy(self, about: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        self.gap();
        self.say(about);
        self.gap();
        for line in lines {
            note(&format!("  {line}"));
        }
        self.gap();
    }

    /// The steps of a check.
    pub(super) fn steps(self, steps: &[CheckStep]) {
        note(&steps::story(steps, Some(self.columns)));
    }

    /// What went wrong, why, and what mends it; the dialogue goes on.
    pub(super) fn trouble(self, failure: &Failure) {
        let steps: Vec<CheckStep> = failure.part("steps").unwrap_or_default();
        self.steps(&steps);
        self.say(&format!("That did not work: {failure}."));
        let label = |label: &str, text: &str| {
            for (index, line) in text.lines().enumerate() {
                let head = if index == 0 { label } else { "         " };
                for line in self.hanging(head, line) {
                    note(&line);
                }
            }
        };
        // A step that failed has said it.
        let is_told = |text: &str| steps.iter().any(|step| step.detail.contains(text));
        if let Some(cause) = failure.reason().filter(|cause| !is_told(cause)) {
            label("  cause: ", cause);
        }
        for (field, message) in failure.wrong_fields() {
            label("  field: ", &format!("{field}: {message}"));
        }
        let told = |hint: &&String| steps.iter().any(|it| it.remedy.as_ref() == Some(*hint));
        if let Some(hint) = failure.hints().iter().find(|hint| !told(hint)) {
            label("  try:   ", hint);
        }
    }

    /// Lines that begin below the end of the head.
    pub(super) fn hanging(self, head: &str, text: &str) -> Vec<String> {
        let indent = head.chars().count();
        let room = self.columns.saturating_sub(indent).max(LEAST);
        let mut before = head.to_owned();
        let mut lines = Vec::new();
        for line in wrap(text, room) {
            lines.push((before + &line).trim_end().to_owned());
            before = " ".repeat(indent);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_within_the_columns() {
        let text = "A relay user is what devices sign in as; its password is shown once.";
        for columns in [40, 80, 100] {
            let screen = Screen { columns };
            let lines = screen.hanging("  ok     relay user  ", text);
            assert!(lines.iter().all(|line| line.chars().count() <= columns));
            let joined: Vec<_> = lines.iter().map(|line| line.trim()).collect();
            assert!(joined.join(" ").ends_with(text), "{joined:?}");
        }
    }
}
