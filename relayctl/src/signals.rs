//! Signals that end or stop the program, told to whoever has something to put right first.

use std::sync::{Arc, mpsc};

pub(crate) use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::task::JoinSet;

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
