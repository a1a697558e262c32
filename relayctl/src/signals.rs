//! Signals that end or stop the program, told to whoever has something to put right first.
//!
//! All of them are listened for by [`on`]. A command that leaves something behind wherever it is
//! stopped has the signals [`end`] the program: by [`unfinished`] files, by [`before_end`] a
//! terminal. One that only has to hear of Ctrl-C in the middle of a wait asks for a [`notice`].

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError, mpsc};
use std::task::Poll;

pub(crate) use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::sync::Notify;

use crate::error::Exit;

/// A change is on its way to relayd, or was made.
static CHANGE_IS_SENT: AtomicBool = AtomicBool::new(false);

/// Files that are not whole yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// What is done before a signal ends the program.
static LAST_ACT: OnceLock<fn()> = OnceLock::new();

/// Which program has the terminal.
static HOLDER: Mutex<Holder> = Mutex::new(Holder::This);

/// Which program has the terminal.
#[derive(Debug, Clone, Copy)]
enum Holder {
    /// relayctl.
    This,
    /// One that relayctl waits for.
    Other,
    /// The same, and this signal ends relayctl after it.
    OtherUntil(SignalKind),
}

impl Holder {
    /// Gives the signal if it ends relayctl now. While another program has the terminal, Ctrl-C and
    /// Ctrl-\ are for that one, and any other signal waits until it has ended: left alone, it would
    /// fight with the shell for the keys. Who says it twice means it.
    fn hears(&mut self, kind: SignalKind) -> Option<SignalKind> {
        let is_key = kind == SignalKind::interrupt() || kind == SignalKind::quit();
        match self {
            Self::Other | Self::OtherUntil(_) if is_key => None,
            Self::Other => {
                *self = Self::OtherUntil(kind);
                None
            }
            Self::This | Self::OtherUntil(_) => Some(kind),
        }
    }

    /// Gives the signal that came while another program had the terminal.
    fn comes_back(&mut self) -> Option<SignalKind> {
        match std::mem::replace(self, Self::This) {
            Self::OtherUntil(kind) => Some(kind),
            Self::This | Self::Other => None,
        }
    }
}

/// Says whether a change was sent: before it is, and again when relayd refused it.
pub(crate) fn change_is_sent(is_sent: bool) {
    CHANGE_IS_SENT.store(is_sent, Ordering::SeqCst);
}

/// Whether relayd may have changed something for this command.
pub(crate) fn is_change_sent() -> bool {
    CHANGE_IS_SENT.load(Ordering::SeqCst)
}

/// Has the signals that end the program remove this file, until it is [`finished`].
pub(crate) fn unfinished(path: &Path) {
    files().push(path.to_owned());
    watch();
}

/// The file is whole, or gone.
pub(crate) fn finished(path: &Path) {
    files().retain(|it| it != path);
}

/// Has the signals that end the program do this first. The first one stays: a program is one
/// command.
pub(crate) fn before_end(last_act: fn()) {
    let _ = LAST_ACT.set(last_act);
    watch();
}

fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::quit(),
        ];
        on(&kinds, came);
    });
}

fn came(kind: SignalKind) {
    let ends = holder().hears(kind);
    if let Some(kind) = ends {
        end(kind);
    }
}

/// Leaves the terminal with its keys to a program that is about to start, until
/// [`terminal_is_back`].
pub(crate) fn lend_terminal() {
    *holder() = Holder::Other;
    watch();
}

/// The program has ended. A signal that came meanwhile ends this one now.
pub(crate) fn terminal_is_back() {
    let ends = holder().comes_back();
    if let Some(kind) = ends {
        end(kind);
    }
}

fn holder() -> MutexGuard<'static, Holder> {
    HOLDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the program as this signal does, with nothing left behind that is not whole, and with the
/// exit code by which shells report it.
pub(crate) fn end(kind: SignalKind) -> ! {
    clean_up();
    if let Some(last_act) = LAST_ACT.get() {
        last_act();
    }
    std::process::exit(Exit::of_signal(kind).number().into());
}

/// Removes what is not whole; for whoever ends the program at once.
pub(crate) fn clean_up() {
    for path in files().drain(..) {
        let _ = std::fs::remove_file(path);
    }
}

fn files() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Becomes ready when this signal comes; one that came before it was waited for is not lost.
pub(crate) fn notice(kind: SignalKind) -> Arc<Notify> {
    let notice = Arc::new(Notify::new());
    let teller = Arc::clone(&notice);
    on(&[kind], move |_| teller.notify_one());
    notice
}

/// Calls `tell` for each of these signals that comes, from a thread of its own; their usual effect
/// is gone once this returns. Without the thread they keep it.
pub(crate) fn on(kinds: &[SignalKind], tell: impl Fn(SignalKind) + Send + 'static) {
    let (ready, wait) = mpsc::channel();
    let kinds = kinds.to_vec();
    let watch = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(listen(kinds, tell, ready));
        }
    };
    let thread = std::thread::Builder::new().name("signals".into());
    if thread.spawn(watch).is_ok() {
        // The handlers are in place, or never will be.
        let _ = wait.recv();
    }
}

async fn listen(mut kinds: Vec<SignalKind>, tell: impl Fn(SignalKind), ready: mpsc::Sender<()>) {
    // Where a signal ends the wait for a key, `console` raises SIGINT behind it: of those that came
    // together the other one is meant.
    kinds.sort_by_key(|kind| *kind == SignalKind::interrupt());
    let listener = |kind| Some((kind, signal(kind).ok()?));
    let mut listeners: Vec<_> = kinds.into_iter().filter_map(listener).collect();
    let _ = ready.send(());
    drop(ready);
    loop {
        let came = poll_fn(|context| {
            let mut came = listeners.iter_mut().filter_map(|(kind, signals)| {
                let came = signals.poll_recv(context);
                came.is_ready().then_some(*kind)
            });
            came.next().map_or(Poll::Pending, Poll::Ready)
        });
        tell(came.await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_another_has_the_terminal_keys_are_for_it_and_sigterm_waits() {
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        let quit = SignalKind::quit();
        for (before, came, ends_now, ends_then) in [
            (Holder::This, vec![interrupt], Some(interrupt), None),
            (Holder::This, vec![terminate], Some(terminate), None),
            (Holder::Other, vec![interrupt, quit], None, None),
            (Holder::Other, vec![terminate], None, Some(terminate)),
            (
                Holder::Other,
                vec![terminate, interrupt],
                None,
                Some(terminate),
            ),
            (
                Holder::Other,
                vec![terminate, terminate],
                Some(terminate),
                Some(terminate),
            ),
        ] {
            let mut holder = before;
            let ended = came.iter().find_map(|kind| holder.hears(*kind));
            assert_eq!(ended, ends_now, "{before:?} {came:?}");
            assert_eq!(holder.comes_back(), ends_then, "{before:?} {came:?}");
            // From then on all of them end it.
            assert_eq!(holder.hears(interrupt), Some(interrupt));
        }
    }
}
