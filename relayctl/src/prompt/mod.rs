//! Questions to a person: only when there is one, and never from a pipe.

pub(crate) mod check;
mod form;
mod interrupt;

use std::io::IsTerminal as _;

use dialoguer::theme::{ColorfulTheme, Theme};
use dialoguer::{Confirm, Input, Password, Select};
use secrecy::SecretString;

pub(crate) use self::form::Form;
use crate::environment::Environment;
use crate::error::Failure;

/// In a terminal of fewer columns, an answer may not fit beside its question.
const NARROW: usize = 60;
/// Columns that most answers fit into: mail addresses, names of hosts.
const ANSWER: usize = 20;

/// Stands before an answer that has a line of its own below its question.
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
        let theme = self.theme()?;
        let asked = if leaves_room(question, default) {
            question
        } else {
            // What runs over the edge of the terminal cannot be drawn again.
            crate::output::note(question);
            BELOW
        };
        let mut input = Input::<String>::with_theme(theme.as_ref())
            .with_prompt(asked)
            .allow_empty(optional)
            .validate_with(move |text: &String| {
                if text.is_empty() && optional {
                    Ok(())
                } else {
                    check(text)
                }
            });
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        input
            .interact_text()
            .map(|text| text.trim().to_owned())
            .map_err(broken)
    }

    /// Asks for a secret; it is not echoed.
    pub(crate) fn secret(&self, question: &str) -> Result<SecretString, Failure> {
        let theme = self.theme()?;
        let secret = Password::with_theme(theme.as_ref())
            .with_prompt(question)
            .interact();
        secret.map(SecretString::from).map_err(broken)
    }

    /// Asks for a password that is set from now on: twice, since a slip cannot be seen, and anew
    /// until it is long enough.
    pub(crate) fn new_secret(&self, question: &str) -> Result<SecretString, Failure> {
        let theme = self.theme()?;
        let secret = Password::with_theme(theme.as_ref())
            .with_prompt(question)
            .validate_with(|text: &String| check::new_password(text))
            .with_confirmation(format!("{question}, again"), "They differ; type both again")
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
        let theme = self.theme()?;
        let items = fitting(question, items);
        let select = Select::with_theme(theme.as_ref())
            .with_prompt(question)
            .items(&items)
            .default(default)
            .report(true);
        select.interact().map_err(broken)
    }

    /// Asks yes or no; Enter is no.
    pub(crate) fn yes(&self, question: &str) -> Result<bool, Failure> {
        let theme = self.theme()?;
        let confirm = Confirm::with_theme(theme.as_ref())
            .with_prompt(question)
            .default(false);
        confirm.interact().map_err(broken)
    }

    fn theme(&self) -> Result<Box<dyn Theme>, Failure> {
        if let Some(why) = self.off {
            return Err(
                Failure::usage("a value is missing").cause(format!("prompts are off ({why})"))
            );
        }
        interrupt::guard();
        Ok(if self.color {
            Box::new(ColorfulTheme::default())
        } else {
            Box::new(Plain)
        })
    }
}

/// Whether an answer of usual length fits beside its question, in a terminal that is narrow.
fn leaves_room(question: &str, default: Option<&str>) -> bool {
    let (_, columns) = console::Term::stderr().size();
    let columns = usize::from(columns);
    let default = default.map_or(0, |default| default.chars().count() + 3);
    let taken = question.chars().count() + default + 4;
    columns >= NARROW || taken + ANSWER <= columns
}

/// The items of a list, cut to the terminal: what runs over its edge cannot be wiped again.
fn fitting(question: &str, items: &[String]) -> Vec<String> {
    let (_, columns) = console::Term::stderr().size();
    // Beside the mark, and beside the question once it is answered.
    let room = usize::from(columns).saturating_sub(question.chars().count().max(2) + 3);
    let cut = |item: &String| {
        if item.chars().count() <= room {
            return item.clone();
        }
        let short: String = item.chars().take(room.saturating_sub(1)).collect();
        short.trim_end().to_owned() + "…"
    };
    items.iter().map(cut).collect()
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
