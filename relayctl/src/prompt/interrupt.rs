//! Ctrl-C during a prompt.
//!
//! dialoguer leaves the cursor hidden and, after a password, echo off. A handler that only exits
//! would leave the shell like that, and one that does nothing makes the password prompt deaf. So
//! the state of the terminal is saved before the first prompt, and a thread waits for the signal:
//! it restores the state, says what happened, and ends the program.

use std::io::Write as _;
use std::sync::{Once, OnceLock};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use crate::error::Exit;

static GUARD: Once = Once::new();

/// What is said instead of the usual, by a command that has done things before it asks on.
static FAREWELL: OnceLock<&'static str> = OnceLock::new();
const NOTHING_CHANGED: &str = "cancelled, nothing was changed";

/// Has the guard say this from now on, also between questions.
pub(super) fn say(farewell: &'static str) {
    // The first one stays: a program is one command.
    let _ = FAREWELL.set(farewell);
    guard();
}

/// Exit code of a program that SIGTERM ended, as shells report it.
const TERMINATED: i32 = 143;
/// The same for SIGQUIT.
const QUIT: i32 = 131;

/// Sets the guard up; only the first call does anything.
pub(super) fn guard() {
    GUARD.call_once(|| {
        let saved = tcgetattr(std::io::stdin()).ok();
        // The handlers must be in place before the first question: wait until they are.
        let (ready, wait) = std::sync::mpsc::channel();
        let watch = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                runtime.block_on(wait_for_signal(saved, &ready));
            }
        };
        // Without the thread the signals keep their usual effect: the program ends.
        if std::thread::Builder::new()
            .name("interrupt".into())
            .spawn(watch)
            .is_ok()
        {
            let _ = wait.recv();
        }
    });
}

async fn wait_for_signal(saved: Option<Termios>, ready: &std::sync::mpsc::Sender<()>) {
    let handlers = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::quit()),
    );
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut quit)) = handlers else {
        return;
    };
    let _ = ready.send(());
    let code = tokio::select! {
        _ = interrupt.recv() => i32::from(Exit::Interrupted.number()),
        _ = terminate.recv() => TERMINATED,
        _ = quit.recv() => QUIT,
    };
    if let Some(saved) = saved {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &saved);
    }
    // Not through `console`: the thread that draws the prompt may hold its lock.
    let farewell = FAREWELL.get().unwrap_or(&NOTHING_CHANGED);
    let _ = write!(std::io::stderr(), "\x1b[?25h\r\n{farewell}\n");
    std::process::exit(code);
}
