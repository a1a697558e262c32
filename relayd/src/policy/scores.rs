//! How much one client, or one user name, was guessed at of late: a score that grows with each
//! different guess and fades. What follows from it is for [`super::guesses`] to say.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::Duration,
};

use jiff::Timestamp;

/// One guess of a score is forgotten after this time.
pub(super) const FORGOTTEN: Duration = Duration::from_mins(3);
/// The wait for the answer to a wrong guess: this, doubled with each further one, three times.
pub(super) const DELAY: Duration = Duration::from_secs(1);
const DOUBLINGS: u32 = 3;
pub(super) const LONGEST_DELAY: Duration = DELAY.saturating_mul(1 << DOUBLINGS);
/// Failures of one address, repeated ones included: so many drain away a second, so many double
/// the delay, and so many are a flood.
const DRAIN: u32 = 2;
const FAILURES_A_DOUBLING: u32 = 10;
pub(super) const FLOOD: u32 = 120;
/// Different guesses that are recognised when they are repeated: those of one address, which may be
/// an office full of devices, and those at one name.
pub(super) const RECOGNISED: usize = 256;
pub(super) const RECOGNISED_AT_A_NAME: usize = 32;
/// Addresses, and user names, that are watched.
pub(super) const WATCHED: usize = 50_000;

/// What is known of one client.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) tries: Tries,
    /// Failures of late, the repeated ones included.
    pub(super) failures: u32,
    drained_at: Timestamp,
    /// Sign-ins that are being looked at.
    pub(super) running: u32,
    pub(super) good_until: Timestamp,
    pub(super) forgiven_at: Timestamp,
}

/// Different guesses of late.
#[derive(Debug)]
pub(super) struct Tries {
    pub(super) score: u32,
    faded_at: Timestamp,
    /// The one of late is the first.
    seen: VecDeque<u32>,
}

impl Site {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            tries: Tries::new(now),
            failures: 0,
            drained_at: now,
            running: 0,
            good_until: Timestamp::UNIX_EPOCH,
            forgiven_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// Begins anew, but for what is under way.
    pub(super) fn forget(&mut self, now: Timestamp) {
        *self = Self {
            running: self.running,
            ..Self::new(now)
        };
    }

    pub(super) fn fail(&mut self, guess: u32, now: Timestamp) {
        self.tries.add(guess, RECOGNISED, now);
        self.drain(now);
        self.failures = self.failures.saturating_add(1);
    }

    pub(super) fn drain(&mut self, now: Timestamp) {
        let drained = now.duration_since(self.drained_at).as_secs();
        if drained != 0 {
            // A clock that went back drains nothing, and does not stand in the way either.
            let drained = u32::try_from(drained.max(0)).unwrap_or(u32::MAX);
            let drained = drained.saturating_mul(DRAIN);
            self.failures = self.failures.saturating_sub(drained);
            self.drained_at = now;
        }
    }

    pub(super) fn delay(&self) -> Duration {
        let guesses = self.tries.score.saturating_sub(1);
        let doublings = (guesses + self.failures / FAILURES_A_DOUBLING).min(DOUBLINGS);
        DELAY * (1 << doublings)
    }

    /// What is worth more is forgotten later.
    pub(super) fn worth(&self) -> (bool, u32) {
        (self.running > 0, self.tries.score)
    }

    pub(super) fn is_of_interest(&mut self, now: Timestamp) -> bool {
        self.tries.fade(now);
        self.running > 0 || self.tries.score > 0 || now < self.good_until
    }
}

impl Tries {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            score: 0,
            faded_at: now,
            seen: VecDeque::new(),
        }
    }

    /// One more guess, if it is none of the last `recognised`.
    pub(super) fn add(&mut self, guess: u32, recognised: usize, now: Timestamp) {
        self.fade(now);
        match self.seen.iter().position(|seen| *seen == guess) {
            Some(place) => {
                self.seen.remove(place);
            }
            None => self.score = self.score.saturating_add(1),
        }
        self.seen.push_front(guess);
        self.seen.truncate(recognised);
    }

    pub(super) fn fade(&mut self, now: Timestamp) {
        let passed = now.duration_since(self.faded_at);
        if passed.is_negative() || self.score == 0 {
            self.faded_at = now;
            return;
        }
        let steps = passed.unsigned_abs().as_secs() / FORGOTTEN.as_secs();
        if steps > 0 {
            let steps = u32::try_from(steps).unwrap_or(u32::MAX);
            self.score = self.score.saturating_sub(steps);
            self.faded_at = self
                .faded_at
                .checked_add(FORGOTTEN.saturating_mul(steps))
                .unwrap_or(now);
        }
    }
}

/// The entry of `key`. When there are too many, the half that is worth least is forgotten: an
/// attacker must do as much from as many others for one of its own to be forgotten.
pub(super) fn watch<K: Eq + Hash + Copy, V>(
    entries: &mut HashMap<K, V>,
    key: K,
    new: impl FnOnce() -> V,
    worth: impl Fn(&V) -> (bool, u32),
) -> &mut V {
    if entries.len() >= WATCHED && !entries.contains_key(&key) {
        let mut ranking: Vec<_> = entries
            .iter()
            .map(|(key, entry)| (worth(entry), *key))
            .collect();
        let half = ranking.len() / 2;
        ranking.select_nth_unstable_by_key(half, |(worth, _)| *worth);
        for (_, key) in ranking.iter().take(half) {
            entries.remove(key);
        }
    }
    entries.entry(key).or_insert_with(new)
}
