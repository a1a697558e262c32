//! How often something may be tried: so many times in a window, by address, e-mail or account.
//!
//! Kept in memory, in bounds: a restart forgets it, which nobody outside can bring about.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

use super::AdminError;
use crate::model::Reason;

/// Keys that are remembered.
const KEYS: usize = 10_000;
/// Longest part of a key that counts; no address is longer.
const KEY_LENGTH: usize = 320;

/// So many tries in a window, for each key.
#[derive(Debug)]
pub(super) struct Throttle {
    limit: u32,
    window: SignedDuration,
    tries: Mutex<HashMap<String, Tries>>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    since: Timestamp,
    count: u32,
}

impl Throttle {
    /// At most `limit` in so many minutes.
    pub(super) fn new(limit: u32, minutes: i64) -> Self {
        Self {
            limit,
            window: SignedDuration::from_mins(minutes),
            tries: Mutex::default(),
        }
    }

    /// Counts a request before it is done, and refuses one too many, saying when there may be
    /// another.
    pub(super) fn admit(&self, key: &str, now: Timestamp) -> Result<(), AdminError> {
        self.count(key, 1, now)
            .map_or(Ok(()), |wait| Err(throttled(wait)))
    }

    /// The same for what counts as many at once: all of them, or none. They are taken back unless
    /// they [stand](Counted::stands).
    pub(super) fn admit_many<'a>(
        &'a self,
        key: &str,
        many: u32,
        now: Timestamp,
    ) -> Result<Counted<'a>, AdminError> {
        let counted = Counted {
            throttle: self,
            key: cut(key),
            many,
        };
        match self.count(key, many, now) {
            None => Ok(counted),
            Some(wait) => Err(throttled(wait)),
        }
    }

    /// Counts a try before it is made, and tells whether it may be. Of many at once no more than
    /// the limit get through.
    pub(super) fn spend(&self, key: &str, now: Timestamp) -> bool {
        self.count(key, 1, now).is_none()
    }

    /// How long so many tries have to wait, if they have to.
    fn count(&self, key: &str, many: u32, now: Timestamp) -> Option<SignedDuration> {
        let mut tries = self.lock();
        let key = cut(key);
        if tries.len() >= KEYS && !tries.contains_key(&key) {
            self.make_room(&mut tries, now);
        }
        let entry = tries.entry(key).or_insert(Tries {
            since: now,
            count: 0,
        });
        if now.duration_since(entry.since) >= self.window {
            *entry = Tries {
                since: now,
                count: 0,
            };
        }
        entry.count = entry.count.saturating_add(many);
        let rest = self.window - now.duration_since(entry.since);
        (entry.count > self.limit).then_some(rest)
    }

    /// Takes a try back: it turned out to be none of those that are counted.
    pub(super) fn refund(&self, key: &str) {
        self.take_back(key, 1);
    }

    fn take_back(&self, key: &str, many: u32) {
        if let Some(entry) = self.lock().get_mut(&cut(key)) {
            entry.count = entry.count.saturating_sub(many);
        }
    }

    fn make_room(&self, tries: &mut HashMap<String, Tries>, now: Timestamp) {
        tries.retain(|_, entry| now.duration_since(entry.since) < self.window);
        if tries.len() < KEYS {
            return;
        }
        // A flood of new keys drives out one another, not those that are nearly used up.
        let cheapest = tries
            .iter()
            .min_by_key(|(_, entry)| (entry.count.min(self.limit), entry.since));
        if let Some(key) = cheapest.map(|(key, _)| key.clone()) {
            tries.remove(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Tries>> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tries that were counted before it is known whether anything comes of them.
#[must_use]
pub(super) struct Counted<'a> {
    throttle: &'a Throttle,
    key: String,
    many: u32,
}

impl Counted<'_> {
    /// They were made.
    pub(super) fn stands(mut self) {
        self.many = 0;
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.throttle.take_back(&self.key, self.many);
    }
}

/// What somebody is told who has to wait so long.
pub(super) fn throttled(wait: SignedDuration) -> AdminError {
    let minutes = wait.as_secs().saturating_add(59) / 60;
    let detail = match minutes {
        ..=1 => "again in a minute".to_owned(),
        minutes => format!("again in {minutes} minutes"),
    };
    AdminError::refused(Reason::RequestsThrottled, detail)
}

fn cut(key: &str) -> String {
    key.to_lowercase().chars().take(KEY_LENGTH).collect()
}

/// All that is throttled.
#[derive(Debug)]
pub(super) struct Throttles {
    /// Failed sign-ins of an address.
    pub(super) sign_in_client: Throttle,
    /// Failed sign-ins with an e-mail.
    pub(super) sign_in_email: Throttle,
    /// Wrong codes of the second factor of an account. One guess in 330,000 is right, so who has
    /// the password finds one in a hundred years of trying, and shuts the owner out meanwhile: the
    /// operator can switch the factor off.
    pub(super) second_factor: Throttle,
    /// Wrong codes from an address.
    pub(super) code_client: Throttle,
    /// Wrong codes for an account, or for a name or e-mail that is none. Each code has five tries
    /// of its own, kept in the store.
    pub(super) code: Throttle,
    /// Codes asked for from an address.
    pub(super) mail_client: Throttle,
    /// Codes sent to an account, or asked for with an e-mail.
    pub(super) mail_account: Throttle,
    /// Registrations from an address.
    pub(super) registration_client: Throttle,
    /// Registrations with an e-mail.
    pub(super) registration_email: Throttle,
    /// Domains of an account that are looked up because somebody asked.
    pub(super) domain_account: Throttle,
    /// Checks of routes to a mailbox, asked for with a registration.
    pub(super) registration_mailbox: Throttle,
    /// All such checks together.
    pub(super) registration_checks: Throttle,
    /// Keys of requests from an address where nobody signed in.
    pub(super) keys_client: Throttle,
    /// Changes by the owner of an account.
    pub(super) changes: Throttle,
    /// What changed by configurations that the owner of an account applied: each leaves an entry,
    /// and those of one request make mail wait.
    pub(super) configured: Throttle,
    /// Secrets given for the routes of an account that were not the stored ones, whoever gave them.
    pub(super) secret_guesses: Throttle,
    /// Tries of the webhooks of an account, or of the operator.
    pub(super) webhook_test: Throttle,
    /// Mails to the operator; what comes meanwhile is gathered in the next one.
    pub(super) operator_mail: Throttle,
}

impl Default for Throttles {
    fn default() -> Self {
        Self {
            sign_in_client: Throttle::new(20, 15),
            sign_in_email: Throttle::new(10, 15),
            second_factor: Throttle::new(10, 24 * 60),
            code_client: Throttle::new(20, 15),
            code: Throttle::new(25, 60),
            mail_client: Throttle::new(20, 15),
            mail_account: Throttle::new(5, 60),
            registration_client: Throttle::new(10, 60),
            registration_email: Throttle::new(3, 60),
            domain_account: Throttle::new(60, 15),
            registration_mailbox: Throttle::new(5, 60),
            registration_checks: Throttle::new(100, 60),
            keys_client: Throttle::new(30, 15),
            changes: Throttle::new(1000, 60),
            configured: Throttle::new(30_000, 60),
            secret_guesses: Throttle::new(30, 60),
            webhook_test: Throttle::new(30, 60),
            operator_mail: Throttle::new(20, 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gets_its_tries_in_each_window_and_no_other_pays_for_it() {
        let throttle = Throttle::new(2, 15);
        let at = |minute: i64| {
            let start: Timestamp = "2026-11-21T20:00:00Z".parse().unwrap();
            start + SignedDuration::from_mins(minute)
        };
        for (key, minute, may) in [
            ("a", 0, true),
            ("A", 1, true),
            ("a", 14, false),
            ("b", 14, true),
            ("a", 15, true),
        ] {
            assert_eq!(throttle.spend(key, at(minute)), may, "{key} {minute}");
        }
        throttle.refund("b");
        assert!(throttle.spend("b", at(14)) && throttle.spend("b", at(14)));
        assert!(!throttle.spend("b", at(14)));
    }

    #[test]
    fn who_has_to_wait_is_told_how_long() {
        let throttle = Throttle::new(1, 60);
        let start: Timestamp = "2026-11-21T20:00:00Z".parse().unwrap();
        let told = |seconds: i64| {
            let now = start + SignedDuration::from_secs(seconds);
            match throttle.admit("a", now) {
                Ok(()) => None,
                Err(AdminError::Refused(refusal)) => Some(refusal.detail),
                Err(error) => panic!("{error:?}"),
            }
        };
        for (seconds, expected) in [
            (0, None),
            (1, Some("again in 60 minutes")),
            (1800, Some("again in 30 minutes")),
            (3599, Some("again in a minute")),
            (3600, None),
        ] {
            assert_eq!(told(seconds).as_deref(), expected, "{seconds}");
        }
    }

    #[test]
    fn many_at_once_count_all_or_not_at_all() {
        let throttle = Throttle::new(10, 60);
        let now = "2026-11-21T20:00:00Z".parse().unwrap();
        for (many, may) in [(6, true), (5, false), (4, true), (1, false)] {
            let admitted = throttle.admit_many("a", many, now);
            assert_eq!(admitted.map(Counted::stands).is_ok(), may, "{many}");
        }
        for _ in 0..3 {
            let nothing_came_of_it = throttle.admit_many("b", 9, now);
            assert!(nothing_came_of_it.is_ok());
        }
    }

    #[test]
    fn a_flood_of_keys_takes_a_bounded_memory() {
        let throttle = Throttle::new(1, 15);
        let now = "2026-11-21T20:00:00Z".parse().unwrap();
        for number in 0..KEYS + 10 {
            throttle.spend(&number.to_string(), now);
        }
        assert_eq!(throttle.lock().len(), KEYS);
    }

    #[test]
    fn a_flood_of_keys_gives_nobody_new_tries() {
        let throttle = Throttle::new(3, 15);
        let now = "2026-11-21T20:00:00Z".parse().unwrap();
        for (key, tries) in [("exhausted", 4), ("nearly", 2)] {
            for _ in 0..tries {
                throttle.spend(key, now);
            }
        }
        for number in 0..KEYS + 10 {
            throttle.spend(&number.to_string(), now + SignedDuration::from_secs(1));
        }
        assert!(!throttle.spend("exhausted", now));
        assert!(throttle.spend("nearly", now));
        assert!(!throttle.spend("nearly", now));
    }
}
