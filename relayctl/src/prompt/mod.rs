//! Questions to a person: only when there is one, and never from a pipe.
//!
//! dialoguer asks them, on stderr. Here stands what it leaves open: a question that fits the width
//! of the terminal, and a terminal that is as before when Ctrl-C ends it.

pub(crate) mod check;
mod form;
mod interrupt;

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use console::Term;
use dialoguer::theme::{ColorfulTheme, Theme};
use dialoguer::{Confirm, Input, Password, Select};
use rustix::termios::{QueueSelector, tcflush};
use secrecy::SecretString;

pub(crate) use self::form::Form;
pub(crate) use self::interrupt::give_terminal_back;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::cell::{harmless, wrap};
use crate::output::note;

/// Columns that most answers fit into: mail addresses, names of hosts.
const ANSWER: usize = 20;
/// Columns of the marks beside a question or an entry.
const MARKS: usize = 4;
/// Columns of an entry at least, however narrow the terminal is.
const LEAST: usize = 12;

/// Stands before an answer whose question stands above.
const BELOW: &str = ">";

/// How questions look without colour.
struct Plain;

impl Theme for Plain {
    fn format_input_prompt(
        &self,
        f: &mut dyn std::fmt::Write,
        prompt: &str,
        default: Option<&str>,
    ) -> std::fmt::Result {
        let colon = if prompt == BELOW { "" } else { ":" };
        match default {
            Some(default) => write!(f, "{prompt} [{default}]{colon} "),
            None => write!(f, "{prompt}{colon} "),
        }
    }

    fn format_input_prompt_selection(
        &self,
        f: &mut dyn std::fmt::Write,
        prompt: &str,
        answer: &str,
    ) -> std::fmt::Result {
        let colon = if prompt == BELOW { "" } else { ":" };
        write!(f, "{prompt}{colon} {answer}")
    }
}

/// Whether questions may be asked, and how they look.
#[derive(Debug, Clone)]
pub(crate) struct Prompts {
    /// Why not, if not.
    off: Option<&'static str>,
    color: bool,
}

impl Prompts {
    /// Decides once. stdin *and* stderr must be terminals: questions are written to stderr.
    pub(crate) fn decide(no_input: bool, environment: &Environment, color: bool) -> Self {
        let off = if no_input {
            Some("--no-input is given")
        } else if environment.switch("RELAYCTL_NO_INPUT") {
            Some("RELAYCTL_NO_INPUT is set")
        } else if environment.switch("CI") {
            Some("CI is set")
        } else if !std::io::stdin().is_terminal() {
            Some("stdin is not a terminal")
        } else if !std::io::stderr().is_terminal() {
            Some("stderr is not a terminal")
        } else if environment.is_dumb() {
            Some("TERM is dumb")
        } else {
            None
        };
        Self { off, color }
    }

    /// Why no question may be asked; `None` when it may.
    pub(crate) const fn off(&self) -> Option<&'static str> {
        self.off
    }

    /// Has Ctrl-C say this instead of that nothing was changed, from now on and between questions.
    pub(crate) fn farewell(&self, text: &'static str) {
        if self.off.is_none() {
            interrupt::say(text);
        }
    }

    /// Asks for a line. An optional one may be left empty.
    pub(crate) fn line(
        &self,
        question: &str,
        default: Option<&str>,
        optional: bool,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        let theme = self.theme(is_first())?;
        let mut input = Input::<String>::with_theme(theme.as_ref())
            .with_prompt(fitting(question, default))
            .allow_empty(true)
            .validate_with(move |text: &String| match text.trim() {
                "" if optional => Ok(()),
                "" => Err("it must not be empty".to_owned()),
                text => check(text),
            });
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        let text = input.interact_text().map_err(broken)?;
        Ok(text.trim().to_owned())
    }

    /// Asks for a file, until what is wanted can be read from it. `None` where an optional one was
    /// left out.
    pub(crate) fn file<T>(
        &self,
        question: &str,
        optional: bool,
        read: impl Fn(&Path) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        loop {
            let path = self.line(question, None, optional, check::anything)?;
            if path.is_empty() {
                return Ok(None);
            }
            match read(&at_home(&path)) {
                Ok(found) => return Ok(Some(found)),
                Err(failure) => tell(&failure),
            }
        }
    }

    /// Asks for a word that confirms something; what was typed before the question does not.
    pub(crate) fn confirmation(&self, question: &str) -> Result<String, Failure> {
        let theme = self.theme(true)?;
        let input = Input::<String>::with_theme(theme.as_ref())
            .with_prompt(fitting(question, None))
            .allow_empty(true);
        let text = input.interact_text().map_err(broken)?;
        Ok(text.trim().to_owned())
    }

    /// Asks for a secret; it is not echoed.
    pub(crate) fn secret(&self, question: &str) -> Result<SecretString, Failure> {
        self.hidden(question, check::given)
    }

    /// Asks for a password that is set from now on: twice, since a slip cannot be seen, and anew
    /// until it is long enough.
    pub(crate) fn new_secret(&self, question: &str) -> Result<SecretString, Failure> {
        use secrecy::ExposeSecret as _;
        loop {
            let first = self.hidden(question, check::new_password)?;
            let again = self.hidden(&format!("{question}, again"), |_| Ok(()))?;
            if first.expose_secret() == again.expose_secret() {
                return Ok(first);
            }
            note("They differ; type both again.");
        }
    }

    fn hidden(
        &self,
        question: &str,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<SecretString, Failure> {
        let theme = self.theme(is_first())?;
        let secret = Password::with_theme(theme.as_ref())
            .with_prompt(fitting(question, None))
            .allow_empty_password(true)
            .validate_with(move |text: &String| check(text))
            .interact();
        secret.map(SecretString::from).map_err(broken)
    }

    /// Lets a person choose one of `items`.
    pub(crate) fn choice(
        &self,
        question: &str,
        items: &[String],
        default: usize,
    ) -> Result<usize, Failure> {
        let theme = self.theme(true)?;
        let question = fitting(question, None);
        // An entry that takes two rows is not wiped as a whole. It stands beside the question, too,
        // once it is chosen.
        let beside = console::measure_text_width(&question).max(2) + MARKS;
        let room = columns().saturating_sub(beside).max(LEAST);
        let items = items.iter().map(|item| shortened(item, room));
        let select = Select::with_theme(theme.as_ref())
            .with_prompt(question)
            .items(items)
            .default(default)
            .report(true);
        select.interact().map_err(broken)
    }

    /// Asks yes or no; Enter is no.
    pub(crate) fn yes(&self, question: &str) -> Result<bool, Failure> {
        let theme = self.theme(true)?;
        let confirm = Confirm::with_theme(theme.as_ref())
            .with_prompt(fitting(question, None))
            .default(false);
        confirm.interact().map_err(broken)
    }

    /// How a question looks. What was typed before one that is asked `anew` is no answer to it.
    fn theme(&self, anew: bool) -> Result<Box<dyn Theme>, Failure> {
        if let Some(why) = self.off {
            return Err(
                Failure::usage("a value is missing").cause(format!("prompts are off ({why})"))
            );
        }
        interrupt::guard();
        if anew {
            // Where it cannot be forgotten, the question is asked all the same.
            let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
        }
        Ok(if self.color {
            Box::new(ColorfulTheme::default())
        } else {
            Box::new(Plain)
        })
    }
}

/// The question in one row. One that leaves no room for an answer stands above, in rows of its own.
fn fitting(question: &str, default: Option<&str>) -> String {
    let question = harmless(question);
    let default = default.map_or(0, |default| console::measure_text_width(default) + 3);
    let taken = console::measure_text_width(&question) + default + MARKS;
    if taken + ANSWER <= columns() {
        return question;
    }
    for line in wrap(&question, columns().max(LEAST)) {
        note(&line);
    }
    BELOW.to_owned()
}

/// A path as people write it for a shell.
fn at_home(path: &str) -> PathBuf {
    let below = path.strip_prefix("~/").zip(std::env::home_dir());
    below.map_or_else(|| PathBuf::from(path), |(rest, home)| home.join(rest))
}

/// Why a file does not do, and what mends it; the question is put again.
fn tell(failure: &Failure) {
    let cause = failure.reason().map(|cause| format!(": {cause}"));
    let mut text = format!("{failure}{}.", cause.unwrap_or_default());
    for hint in failure.hints() {
        text.extend(["\ntry: ", hint]);
    }
    for line in text.lines() {
        for line in wrap(&harmless(line), columns().max(LEAST)) {
            note(&line);
        }
    }
}

fn shortened(text: &str, room: usize) -> String {
    console::truncate_str(&harmless(text), room, "...").into_owned()
}

/// Columns of the terminal that questions are written to.
fn columns() -> usize {
    usize::from(Term::stderr().size().1)
}

/// A prompt that ended without an answer. After Ctrl-C the guard is about to end the program:
/// wait for it, so that it alone restores the terminal and speaks.
fn broken(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    if error.kind() == std::io::ErrorKind::Interrupted {
        loop {
            std::thread::park();
        }
    }
    Failure::local("the terminal cannot be read", &error)
}

thread_local! {
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the first question. What was typed before it was meant for the shell: the next
/// line of a pasted script would become an answer.
fn is_first() -> bool {
    !ASKED.replace(true)
}

/// Says it after a question that was answered by no.
pub(crate) fn declined() -> Failure {
    note("cancelled, nothing was changed");
    Failure::silent(Exit::Interrupted)
}
