//! `PAGER`: what is longer than the screen goes through the program that a person reads with.
//!
//! The text of a command is kept until it is done, so that it is one, whatever it was made of. The
//! pager has the terminal until it ends: notes that came with the text are told then.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use super::{note, write_stdout};
use crate::environment::Environment;
use crate::error::Failure;
use crate::signals;

/// What less does unless it is told: end when all fits, show colours, leave the text on the screen.
const LESS: &str = "FRX";

/// Has the shell go on when Ctrl-C or Ctrl-\ is pressed, as long as the pager does.
const OUTLIVE_KEYS: &str = "trap : INT QUIT; ";

/// Exit codes by which a shell says that there is no such program, or that it cannot be run.
const NOT_RUN: [i32; 2] = [126, 127];

/// How much a terminal shows at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    rows: usize,
    columns: usize,
}

impl Screen {
    /// That of the terminal that stdout is.
    pub(crate) fn of_stdout() -> Option<Self> {
        let stdout = console::Term::stdout();
        let (rows, columns) = stdout.size_checked().unwrap_or((24, 80));
        stdout.is_term().then_some(Self {
            rows: usize::from(rows).max(1),
            columns: usize::from(columns).max(1),
        })
    }

    /// Whether the beginning of the text has gone once the prompt of the shell stands below it.
    fn is_exceeded_by(self, text: &str) -> bool {
        let rows = text.lines().map(|line| {
            let width = console::measure_text_width(line);
            width.div_ceil(self.columns).max(1)
        });
        rows.sum::<usize>() >= self.rows
    }
}

/// Text for the pager, and the notes to tell after it.
#[derive(Debug)]
pub(crate) struct Pages {
    pager: String,
    less_is_told: bool,
    screen: Screen,
    text: RefCell<String>,
    notes: RefCell<Vec<String>>,
}

impl Pages {
    /// Where there is a screen and somebody who presses keys, and a pager is named that does more
    /// than print.
    pub(crate) fn wanted(
        no_input: bool,
        environment: &Environment,
        screen: Option<Screen>,
    ) -> Option<Self> {
        let is_alone = no_input
            || ["RELAYCTL_NO_INPUT", "CI"]
                .iter()
                .any(|it| environment.switch(it));
        let pager = environment.text("PAGER")?.trim();
        let is_one = !pager.is_empty() && pager != "cat" && !environment.is_dumb() && !is_alone;
        Some(Self {
            pager: is_one.then(|| pager.to_owned())?,
            less_is_told: environment.text("LESS").is_some(),
            screen: screen?,
            text: RefCell::default(),
            notes: RefCell::default(),
        })
    }

    /// Keeps a text.
    pub(crate) fn add(&self, text: &str) {
        self.text.borrow_mut().push_str(text);
    }

    /// Keeps a note that belongs below the text; one that comes before it is not kept.
    pub(super) fn keeps(&self, note: &str) -> bool {
        let is_below = !self.text.borrow().is_empty();
        if is_below {
            self.notes.borrow_mut().push(note.to_owned());
        }
        is_below
    }

    /// Shows what was kept, through the pager when it is longer than the screen. Comes back when
    /// the pager has ended.
    pub(crate) fn show(&self) -> Result<(), Failure> {
        let text = self.text.take();
        let shown = if self.screen.is_exceeded_by(&text) {
            self.page(&text)
        } else {
            write_stdout(&text).map_err(Failure::from)
        };
        for kept in self.notes.take() {
            note(&kept);
        }
        shown
    }

    /// A pager that cannot be run is no reason not to show the text.
    fn page(&self, text: &str) -> Result<(), Failure> {
        signals::lend_terminal();
        let ended = self.run(text);
        signals::terminal_is_back();
        let code = ended.map(|status| status.code());
        if code.is_ok_and(|code| !code.is_some_and(|code| NOT_RUN.contains(&code))) {
            return Ok(());
        }
        write_stdout(text)?;
        note(&format!(
            "The pager `{}` of PAGER cannot be run.",
            self.pager
        ));
        Ok(())
    }

    fn run(&self, text: &str) -> io::Result<ExitStatus> {
        let mut command = Command::new("/bin/sh");
        let script = format!("{OUTLIVE_KEYS}{}", self.pager);
        command.args(["-c", &script]).stdin(Stdio::piped());
        if !self.less_is_told {
            command.env("LESS", LESS);
        }
        let mut pager = command.spawn()?;
        if let Some(mut pipe) = pager.stdin.take() {
            // Whoever ends the pager early has read enough.
            let _ = pipe.write_all(text.as_bytes());
        }
        pager.wait()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many lines as this, of so many characters.
    fn text(lines: usize, width: usize) -> String {
        ("x".repeat(width) + "\n").repeat(lines)
    }

    #[test]
    fn only_what_is_longer_than_the_screen_is_paged_and_only_by_a_pager() {
        let screen = Some(Screen {
            rows: 24,
            columns: 80,
        });
        let less = ("PAGER", "less");
        let xterm = ("TERM", "xterm");
        for (variables, screen, text, is_paged) in [
            ([less, xterm], screen, text(24, 10), true),
            ([less, xterm], screen, text(23, 10), false),
            ([less, xterm], screen, String::new(), false),
            // Lines that are too long take several rows; colours take none.
            ([less, xterm], screen, text(12, 80), false),
            ([less, xterm], screen, text(12, 81), true),
            (
                [less, xterm],
                screen,
                format!("\x1b[1m{}\x1b[0m\n", "x".repeat(80)).repeat(23),
                false,
            ),
            ([("PAGER", "less -R"), xterm], screen, text(99, 10), true),
            // No terminal, or one that can do nothing.
            ([less, xterm], None, text(99, 10), false),
            ([less, ("TERM", "dumb")], screen, text(99, 10), false),
            // A pager waits for keys, and there is nobody to press them.
            ([less, ("CI", "true")], screen, text(99, 10), false),
            (
                [less, ("RELAYCTL_NO_INPUT", "1")],
                screen,
                text(99, 10),
                false,
            ),
            (
                [less, ("RELAYCTL_NO_INPUT", "0")],
                screen,
                text(99, 10),
                true,
            ),
            // No pager.
            ([xterm, xterm], screen, text(99, 10), false),
            ([("PAGER", ""), xterm], screen, text(99, 10), false),
            ([("PAGER", "  "), xterm], screen, text(99, 10), false),
            ([("PAGER", "cat"), xterm], screen, text(99, 10), false),
            ([("PAGER", " cat "), xterm], screen, text(99, 10), false),
        ] {
            let environment = Environment::from(variables);
            assert!(Pages::wanted(true, &environment, screen).is_none());
            let pages = Pages::wanted(false, &environment, screen);
            let found = pages.is_some_and(|it| it.screen.is_exceeded_by(&text));
            assert_eq!(found, is_paged, "{variables:?}, {} bytes", text.len());
        }
    }

    #[test]
    fn less_is_told_what_to_do_unless_the_person_did() {
        let screen = Some(Screen {
            rows: 1,
            columns: 80,
        });
        for (value, is_told) in [("", false), ("-S", true)] {
            let environment = Environment::from([("PAGER", "less"), ("LESS", value)]);
            let pages = Pages::wanted(false, &environment, screen).unwrap();
            assert_eq!(pages.less_is_told, is_told, "{value:?}");
        }
    }
}
