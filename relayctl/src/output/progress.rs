//! One line on a terminal that says what is waited for, and is gone before anything else is said.
//!
//! It appears when something takes longer than a moment, and on a terminal only: never in a pipe,
//! under `-q`, in CI, or where TERM is dumb. A thread draws it, since whoever waits is busy.

use std::io::IsTerminal as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::environment::Environment;

/// What takes less is not spoken of.
const MOMENT: Duration = Duration::from_millis(400);
/// From here on the time is told, too.
const LONG: Duration = Duration::from_secs(3);
const TICK: Duration = Duration::from_millis(120);
const TURNS: &str = "|/-\\ ";

/// Whether waits are shown, and the one that is shown now.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    is_on: bool,
    running: Mutex<Option<Shown>>,
}

impl Progress {
    /// Decides once.
    pub(crate) fn decide(quiet: bool, environment: &Environment) -> Self {
        let is_on = !quiet
            && std::io::stderr().is_terminal()
            && !environment.switch("CI")
            && environment.text("TERM").is_some()
            && !environment.is_dumb();
        Self {
            is_on,
            running: Mutex::default(),
        }
    }

    /// Says what is waited for, until what it gives is dropped. Within another wait it says nothing:
    /// that one goes on.
    pub(crate) fn wait(&self, text: &str) -> Waiting<'_> {
        self.begin(text, MOMENT, None)
    }

    /// Sleeps, and tells how long is left of all the waiting.
    pub(crate) fn sleep(&self, text: &str, pause: Duration, left: Duration) {
        let _waiting = self.begin(text, Duration::ZERO, Some(Instant::now() + left));
        std::thread::sleep(pause.min(left));
    }

    fn begin(&self, text: &str, after: Duration, deadline: Option<Instant>) -> Waiting<'_> {
        let mut running = self.running();
        if !self.is_on || running.is_some() {
            return Waiting(None);
        }
        *running = Shown::start(text, after, deadline);
        Waiting(Some(self))
    }

    fn running(&self) -> MutexGuard<'_, Option<Shown>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait, until it is dropped. Then its line is gone.
#[derive(Debug)]
pub(crate) struct Waiting<'p>(Option<&'p Progress>);

impl Waiting<'_> {
    /// Says more about it: how far it got.
    pub(crate) fn say(&self, text: &str) {
        if let Some(progress) = self.0
            && let Some(shown) = &*progress.running()
        {
            text.clone_into(&mut shown.text.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(progress) = self.0 {
            let shown = progress.running().take();
            drop(shown);
        }
    }
}

#[derive(Debug)]
struct Shown {
    text: Arc<Mutex<String>>,
    /// Dropped at the end, which the thread notices at once.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Shown {
    fn start(text: &str, after: Duration, deadline: Option<Instant>) -> Option<Self> {
        let text = Arc::new(Mutex::new(text.to_owned()));
        let (end, ended) = channel();
        let line = Line {
            text: Arc::clone(&text),
            begin: Instant::now(),
            deadline,
        };
        let thread = std::thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || line.draw(after, &ended));
        Some(Self {
            text,
            end: Some(end),
            thread: Some(thread.ok()?),
        })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // What follows is written only when the line is gone.
            let _ = thread.join();
        }
    }
}

/// What the thread knows.
struct Line {
    text: Arc<Mutex<String>>,
    begin: Instant,
    deadline: Option<Instant>,
}

impl Line {
    fn draw(&self, after: Duration, ended: &Receiver<()>) {
        if ended.recv_timeout(after) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style.tick_chars(TURNS));
        }
        loop {
            bar.set_message(self.message(Instant::now()));
            bar.tick();
            if ended.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        bar.finish_and_clear();
    }

    fn message(&self, now: Instant) -> String {
        let text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = now.saturating_duration_since(self.begin);
        match self.deadline {
            Some(deadline) => {
                let left = deadline.saturating_duration_since(now);
                format!("{text}, {} left", clock(left))
            }
            None if taken < LONG => text.clone(),
            None => format!("{text}, {}", clock(taken)),
        }
    }
}

/// `0:07`, `12:00`, `1:00:00`.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        for (seconds, text) in [(7, "0:07"), (720, "12:00"), (3600, "1:00:00")] {
            assert_eq!(clock(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn the_line_tells_what_is_left_or_what_it_took() {
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        for (limit, taken, expected) in [
            (None, 1, "Checking"),
            (None, 65, "Checking, 1:05"),
            (Some(600), 0, "Checking, 10:00 left"),
            (Some(600), 5, "Checking, 9:55 left"),
            (Some(600), 601, "Checking, 0:00 left"),
        ] {
            let line = Line {
                text: Arc::new(Mutex::new("Checking".to_owned())),
                begin,
                deadline: limit.map(after),
            };
            assert_eq!(line.message(after(taken)), expected);
        }
    }

    #[test]
    fn a_wait_within_another_leaves_that_one() {
        let progress = Progress {
            is_on: true,
            running: Mutex::default(),
        };
        let outer = progress.wait("outer");
        drop(progress.wait("inner"));
        assert!(progress.running().is_some());
        outer.say("outer, 5 so far");
        drop(outer);
        assert!(progress.running().is_none());
    }
}
