//! Questions to a person: only when there is one, and never from a pipe.
//!
//! They are drawn by relayctl itself, on stderr: each is one row that is drawn over, or as many as
//! a narrow window takes. Ctrl-C and Ctrl-D end it with the terminal as it was.

mod ask;
pub(crate) mod check;
mod form;
mod interrupt;
mod keys;
mod line;
mod terminal;

use std::cell::Cell;
use std::io::IsTerminal as _;

use secrecy::SecretString;

use self::ask::Wanted;
pub(crate) use self::form::Form;
use self::terminal::Terminal;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::note;

/// Whether questions may be asked, and how they look.
#[derive(Debug)]
pub(crate) struct Prompts {
    /// Why not, if not.
    off: Option<&'static str>,
    look: Look,
}

/// How questions look.
#[derive(Debug, Clone, Copy)]
struct Look {
    color: bool,
    /// The terminal shows more than ASCII.
    unicode: bool,
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
        } else if environment.text("TERM") == Some("dumb") {
            Some("TERM is dumb")
        } else {
            None
        };
        let unicode = environment.is_unicode();
        Self {
            off,
            look: Look { color, unicode },
        }
    }

    /// Why no question may be asked; `None` when it may.
    pub(crate) const fn off(&self) -> Option<&'static str> {
        self.off
    }

    /// Asks for a line. An optional one may be left empty.
    pub(crate) fn line(
        &self,
        question: &str,
        default: Option<&str>,
        optional: bool,
        check: fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        self.may_ask()?;
        let wanted = Wanted {
            question,
            default,
            hidden: false,
            anew: is_first(),
        };
        let text = ask::line(self.look, wanted, &|text| match text {
            "" if optional => Ok(()),
            "" => Err("it must not be empty".to_owned()),
            text => check(text),
        })?;
        Ok(text.as_str().to_owned())
    }

    /// Asks for a word that confirms something; what was typed before the question does not.
    pub(crate) fn confirmation(&self, question: &str) -> Result<String, Failure> {
        self.may_ask()?;
        let wanted = Wanted {
            question,
            default: None,
            hidden: false,
            anew: true,
        };
        let text = ask::line(self.look, wanted, &|_| Ok(()))?;
        Ok(text.as_str().to_owned())
    }

    /// Asks for a secret; it is not echoed.
    pub(crate) fn secret(&self, question: &str) -> Result<SecretString, Failure> {
        self.hidden(question, &check::given)
    }

    /// Asks for a password that is set from now on: twice, since a slip cannot be seen, and anew
    /// until it is long enough.
    pub(crate) fn new_secret(&self, question: &str) -> Result<SecretString, Failure> {
        use secrecy::ExposeSecret as _;
        loop {
            let first = self.hidden(question, &check::new_password)?;
            let again = self.hidden(&format!("{question}, again"), &|_| Ok(()))?;
            if first.expose_secret() == again.expose_secret() {
                return Ok(first);
            }
            note("They differ; type both again.");
        }
    }

    fn hidden(&self, question: &str, check: ask::Check<'_>) -> Result<SecretString, Failure> {
        self.may_ask()?;
        let wanted = Wanted {
            question,
            default: None,
            hidden: true,
            anew: is_first(),
        };
        let secret = ask::line(self.look, wanted, check)?;
        Ok(SecretString::from(secret.as_str()))
    }

    /// Lets a person choose one of `items`.
    pub(crate) fn choice(
        &self,
        question: &str,
        items: &[String],
        default: usize,
    ) -> Result<usize, Failure> {
        self.may_ask()?;
        ask::choice(self.look, question, items, default)
    }

    /// Asks yes or no; Enter is no.
    pub(crate) fn yes(&self, question: &str) -> Result<bool, Failure> {
        self.may_ask()?;
        ask::yes(self.look, question)
    }

    fn may_ask(&self) -> Result<(), Failure> {
        match self.off {
            Some(why) => {
                Err(Failure::usage("a value is missing").cause(format!("prompts are off ({why})")))
            }
            None => Ok(()),
        }
    }
}

impl Look {
    /// Stands before an answer that is typed.
    const fn asks(self) -> &'static str {
        if self.unicode { "›" } else { ">" }
    }

    /// Stands before an answer that was given.
    const fn has(self) -> &'static str {
        if self.unicode { "·" } else { ":" }
    }

    fn bold(self, text: &str) -> String {
        if self.color {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    fn all_bold(self, rows: &[String]) -> Vec<String> {
        rows.iter().map(|row| self.bold(row)).collect()
    }
}

thread_local! {
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the first question. What was typed before it was meant for the shell: the next
/// line of a pasted script would become an answer.
fn is_first() -> bool {
    !ASKED.replace(true)
}

/// Gives the terminal back, and says that nothing was done.
fn cancelled(terminal: Terminal) -> Failure {
    drop(terminal);
    note("cancelled, nothing was changed");
    Failure::silent(Exit::Interrupted)
}

/// Says it after a question that was answered by no.
pub(crate) fn declined() -> Failure {
    note("cancelled, nothing was changed");
    Failure::silent(Exit::Interrupted)
}
