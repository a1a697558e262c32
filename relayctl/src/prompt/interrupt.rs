//! Signals during a question.
//!
//! Ctrl-C is a key while a question is open, and no signal. One that another program sends, such as
//! a shutdown, would leave the terminal raw: so its state is saved before the first question, and a
//! thread waits for the signal. It restores the state, says what happened, and ends the program.

use std::io::Write as _;
use std::sync::Once;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use super::terminal::AS_BEFORE;
use crate::error::Exit;

static GUARD: Once = Once::new();

/// Exit code of a program that SIGTERM ended, as shells report it.
const TERMINATED: i32 = 143;

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
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = handlers else {
        return;
    };
    let _ = ready.send(());
    let code = tokio::select! {
        _ = interrupt.recv() => i32::from(Exit::Interrupted.number()),
        _ = terminate.recv() => TERMINATED,
    };
    if let Some(saved) = saved {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &saved);
    }
    let text = format!("{AS_BEFORE}\r\ncancelled, nothing was changed\n");
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::exit(code);
}
