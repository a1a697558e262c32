//! Whether mail can be made safe on disk just now; asked before a device may send a body.
//!
//! Nothing is lost without this: what cannot be committed gets no 250. But a device should learn it
//! before it sends 30 MB, and a disk should be left some room to settle what is in the queue.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    model::{Reason, Refusal},
    store::StoreError,
};

/// A commit that takes longer means that the store does not answer.
const STALLED: Duration = Duration::from_secs(10);

/// The condition of the store as far as writing goes. Clones share it; a look costs nothing.
#[derive(Debug, Clone, Default)]
pub struct Condition(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Why the last commit failed.
    failed: Option<Reason>,
    /// Since when the present commit has been under way.
    committing_since: Option<Instant>,
    /// The disk is below its reserve.
    is_low: bool,
}

impl Condition {
    /// Whether a mail that begins now is likely to be made safe.
    pub fn check(&self) -> Result<(), Refusal> {
        let state = self.state();
        let stalled = state
            .committing_since
            .is_some_and(|since| since.elapsed() >= STALLED);
        match state.failed {
            Some(reason) => Err(reason.into()),
            None if stalled => Err(Reason::StoreUnavailable.into()),
            None if state.is_low => Err(Reason::DiskFull.into()),
            None => Ok(()),
        }
    }

    /// Whether the last commit failed, so that the store is to be tried.
    pub fn needs_a_try(&self) -> bool {
        self.state().failed.is_some()
    }

    /// The disk is below its reserve, or is not any more. Tells whether that is news.
    pub fn set_disk_low(&self, is_low: bool) -> bool {
        std::mem::replace(&mut self.state().is_low, is_low) != is_low
    }

    /// A commit begins.
    pub(super) fn began(&self) {
        self.state().committing_since = Some(Instant::now());
    }

    /// The commit has ended.
    pub fn ended(&self, result: &Result<(), StoreError>) {
        let mut state = self.state();
        state.committing_since = None;
        state.learn(result);
    }

    /// A try beside the commits has ended. It may have gone over another connection: a commit that
    /// is under way is not over for it.
    pub fn tried(&self, result: &Result<(), StoreError>) {
        self.state().learn(result);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What contradicts the data says nothing about the store.
    fn learn(&mut self, result: &Result<(), StoreError>) {
        match result {
            Ok(()) => self.failed = None,
            Err(StoreError::Full) => self.failed = Some(Reason::DiskFull),
            Err(StoreError::Unavailable(_)) => self.failed = Some(Reason::StoreUnavailable),
            Err(_) => {}
        }
    }
}

/// What several commits say of the store together: the worst. What contradicts the data weighs
/// least, for it says nothing.
pub(super) fn worst(
    results: impl Iterator<Item = Result<(), StoreError>>,
) -> Result<(), StoreError> {
    let weight = |result: &Result<(), StoreError>| match result {
        Err(StoreError::Unavailable(_)) => 3,
        Err(StoreError::Full) => 2,
        Ok(()) => 1,
        Err(_) => 0,
    };
    results.max_by_key(weight).unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(condition: &Condition) -> Option<Reason> {
        condition.check().err().map(|refusal| refusal.reason)
    }

    #[test]
    fn a_failed_commit_shuts_the_door_until_one_succeeds() {
        let condition = Condition::default();
        let unavailable = StoreError::Unavailable("gone".to_owned());
        for (error, expected) in [
            (StoreError::Full, Some(Reason::DiskFull)),
            (unavailable, Some(Reason::StoreUnavailable)),
            (StoreError::Conflict("x".to_owned()), None),
        ] {
            condition.began();
            condition.ended(&Err(error));
            assert_eq!(reason(&condition), expected);
            assert_eq!(condition.needs_a_try(), expected.is_some());
            condition.ended(&Ok(()));
            assert_eq!(reason(&condition), None);
        }
    }

    #[test]
    fn a_disk_below_its_reserve_shuts_the_door() {
        let condition = Condition::default();
        assert!(condition.set_disk_low(true) && !condition.set_disk_low(true));
        assert_eq!(reason(&condition), Some(Reason::DiskFull));
        assert!(condition.set_disk_low(false));
        assert_eq!(reason(&condition), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_commit_that_does_not_end_shuts_the_door() {
        let condition = Condition::default();
        condition.began();
        tokio::time::advance(STALLED.saturating_sub(Duration::from_millis(1))).await;
        assert_eq!(reason(&condition), None);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(reason(&condition), Some(Reason::StoreUnavailable));
        condition.ended(&Ok(()));
        assert_eq!(reason(&condition), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_try_that_succeeds_does_not_end_a_commit_that_hangs() {
        let condition = Condition::default();
        condition.began();
        condition.ended(&Err(StoreError::Unavailable("gone".to_owned())));
        condition.began();
        tokio::time::advance(STALLED).await;
        condition.tried(&Ok(()));
        assert!(!condition.needs_a_try());
        assert_eq!(reason(&condition), Some(Reason::StoreUnavailable));
        condition.ended(&Ok(()));
        assert_eq!(reason(&condition), None);
        condition.tried(&Err(StoreError::Full));
        assert_eq!(reason(&condition), Some(Reason::DiskFull));
    }

    #[test]
    fn entries_written_one_by_one_are_judged_by_the_worst() {
        let said = |word: &char| match word {
            'u' => Err(StoreError::Unavailable("gone".to_owned())),
            'f' => Err(StoreError::Full),
            'c' => Err(StoreError::Conflict("x".to_owned())),
            _ => Ok(()),
        };
        // After a failure: does the door stay shut, and why?
        for (words, expected) in [
            ("f.", Some(Reason::DiskFull)),
            (".f.", Some(Reason::DiskFull)),
            ("fuf.", Some(Reason::StoreUnavailable)),
            ("u.c", Some(Reason::StoreUnavailable)),
            (".c", None),
            ("c.", None),
            ("cc", Some(Reason::StoreUnavailable)),
        ] {
            let condition = Condition::default();
            condition.ended(&said(&'u'));
            let results: Vec<_> = words.chars().map(|word| said(&word)).collect();
            condition.ended(&worst(results.into_iter()));
            assert_eq!(reason(&condition), expected, "{words}");
        }
    }
}
