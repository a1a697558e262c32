//! Waits for what may block no longer than anybody wants to: a name server, a stale mount.

use std::sync::mpsc;
use std::time::Duration;

/// What `work` gives within this time, if anything. It goes on in a thread of its own, which nobody
/// waits for when the time is over.
pub(crate) fn within<T: Send + 'static>(
    time: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::Builder::new().name("work".into());
    let begun = thread.spawn(move || {
        let _ = sender.send(work());
    });
    begun.ok()?;
    receiver.recv_timeout(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_left_alone() {
        assert_eq!(within(Duration::from_mins(1), || 1), Some(1));
        let (end, never) = mpsc::channel::<()>();
        let blocked = within(Duration::from_millis(20), move || never.recv().is_ok());
        assert_eq!(blocked, None);
        drop(end);
    }
}
