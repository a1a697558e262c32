//! Signals that end or stop the program, told to whoever has something to put right first.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, mpsc};

pub(crate) use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::task::JoinSet;

use crate::error::Exit;

/// A change is on its way to relayd, or was made.
static CHANGE_IS_SENT: AtomicBool = AtomicBool::new(false);

/// Files that are not whole yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Says whether a change was sent: before it is, and again when relayd refused it.
pub(crate) fn change_is_sent(is_sent: bool) {
    CHANGE_IS_SENT.store(is_sent, Ordering::SeqCst);
}

/// Whether relayd may have changed something for this command.
pub(crate) fn is_change_sent() -> bool {
    CHANGE_IS_SENT.load(Ordering::SeqCst)
}

/// Has SIGINT and SIGTERM remove this file, until it is [`finished`].
pub(crate) fn unfinished(path: &Path) {
    static WATCH: Once = Once::new();
    files().push(path.to_owned());
    WATCH.call_once(|| {
        on(
            &[SignalKind::interrupt(), SignalKind::terminate()],
            |kind| {
                clean_up();
                std::process::exit(exit_of(kind).number().into());
            },
        );
    });
}

/// The file is whole, or gone.
pub(crate) fn finished(path: &Path) {
    files().retain(|it| it != path);
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

/// How a program ends that this signal ended.
pub(crate) fn exit_of(kind: SignalKind) -> Exit {
    if kind == SignalKind::interrupt() {
        Exit::Interrupted
    } else {
        Exit::Terminated
    }
}

/// Calls `tell` for each of these signals that comes, from a thread of its own; their usual effect
/// is gone once this returns. Without the thread they keep it.
pub(crate) fn on(kinds: &[SignalKind], tell: impl Fn(SignalKind) + Send + Sync + 'static) {
    let (ready, wait) = mpsc::channel();
    let kinds = kinds.to_vec();
    let watch = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(listen(kinds, Arc::new(tell), ready));
        }
    };
    let thread = std::thread::Builder::new().name("signals".into());
    if thread.spawn(watch).is_ok() {
        // The handlers are in place, or never will be.
        let _ = wait.recv();
    }
}

async fn listen(
    kinds: Vec<SignalKind>,
    tell: Arc<impl Fn(SignalKind) + Send + Sync + 'static>,
    ready: mpsc::Sender<()>,
) {
    let mut listeners = JoinSet::new();
    for kind in kinds {
        let Ok(mut signals) = signal(kind) else {
            continue;
        };
        let tell = Arc::clone(&tell);
        listeners.spawn(async move {
            while signals.recv().await.is_some() {
                tell(kind);
            }
        });
    }
    let _ = ready.send(());
    drop(ready);
    while listeners.join_next().await.is_some() {}
}
