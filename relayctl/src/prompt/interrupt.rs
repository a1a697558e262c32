//! Ctrl-C during a prompt.
//!
//! dialoguer leaves the cursor hidden and, after a password, echo off. A handler that only exits
//! would leave the shell like that, and one that does nothing makes the password prompt deaf. So
//! the state of the terminal is saved before the first prompt, and before a signal ends the program
//! the state is restored, and what happened is said.

use std::io::Write as _;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::signals;

static GUARD: Once = Once::new();

/// What is said instead of the usual, by a command that has done things before it asks on.
static FAREWELL: OnceLock<&'static str> = OnceLock::new();
const NOTHING_CHANGED: &str = "cancelled, nothing was changed";
const IN_DOUBT: &str = "stopped; a change was sent to relayd: look whether it was done";

/// How the terminal was before the first question.
static SAVED: OnceLock<Termios> = OnceLock::new();

/// Has the guard say this from now on, also between questions.
pub(super) fn say(farewell: &'static str) {
    // The first one stays: a program is one command.
    let _ = FAREWELL.set(farewell);
    guard();
}

/// How long a question takes at most to be put.
const AFTERTHOUGHT: Duration = Duration::from_millis(30);

/// Sets the guard up, before the first question; only the first call does anything.
pub(super) fn guard() {
    GUARD.call_once(|| {
        if let Ok(saved) = tcgetattr(std::io::stdin()) {
            let _ = SAVED.set(saved);
        }
        signals::before_end(take_leave);
    });
}

/// Gives the terminal back and says what happened.
fn take_leave() {
    give_terminal_back();
    let _ = write!(std::io::stderr(), "\r\n{}\n", farewell());
    // A question that was just being put may have turned echo off and hidden the cursor after that.
    std::thread::sleep(AFTERTHOUGHT);
    give_terminal_back();
}

/// What was done so far decides what is said.
fn farewell() -> &'static str {
    match FAREWELL.get() {
        Some(said) => said,
        None if signals::is_change_sent() => IN_DOUBT,
        None => NOTHING_CHANGED,
    }
}

/// Makes the terminal what it was before the first question, with a cursor; where nothing was
/// asked it is left alone.
pub(crate) fn give_terminal_back() {
    if restore() {
        // Not through `console`: the thread that draws the prompt may hold its lock.
        let _ = std::io::stderr().write_all(b"\x1b[?25h");
    }
}

/// Echo and the rest, where a question was asked.
fn restore() -> bool {
    let saved = SAVED.get();
    if let Some(saved) = saved {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, saved);
    }
    saved.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_not_said_to_have_changed_nothing() {
        assert_eq!(farewell(), NOTHING_CHANGED);
        signals::change_is_sent(true);
        assert_eq!(farewell(), IN_DOUBT);
        signals::change_is_sent(false);
        assert_eq!(farewell(), NOTHING_CHANGED);
    }
}
