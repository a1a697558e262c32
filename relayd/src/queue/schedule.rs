//! When to try again. Pure: time and randomness are passed in.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Exponential backoff with jitter, up to a lifetime.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Before the second attempt.
    pub first: Duration,
    /// Each delay is the one before times this.
    pub factor: f64,
    /// No delay is longer.
    pub longest: Duration,
    /// Each delay varies by this share up and down, so that mails that failed together do not come
    /// back together.
    pub jitter: f64,
    /// A mail that is older is given up at its next failure (RFC 5321 §4.5.4.1).
    pub lifetime: Duration,
    /// A sender who wants to know of delays is told of one after this (RFC 3461 §5.2.8).
    pub delay_notice: Duration,
}

impl Default for Schedule {
    /// 1, 2, 4 … minutes, then every 2 hours, for 2 days.
    fn default() -> Self {
        Self {
            first: Duration::from_mins(1),
            factor: 2.0,
            longest: Duration::from_hours(2),
            jitter: 0.1,
            lifetime: Duration::from_hours(48),
            delay_notice: Duration::from_hours(4),
        }
    }
}

impl Schedule {
    /// The wait after `attempts` earlier attempts; `random` lies in `0..1`.
    pub fn delay(&self, attempts: u32, random: f64) -> Duration {
        let longest = self.longest.as_secs_f64();
        // 2^64 seconds are past any `longest`; the cap keeps the power finite.
        let exponent = i32::try_from(attempts.min(64)).unwrap_or(64);
        let delay = (self.first.as_secs_f64() * self.factor.powi(exponent)).min(longest);
        let spread = 1.0 + self.jitter * (2.0 * random - 1.0);
        Duration::try_from_secs_f64(delay * spread).unwrap_or(self.longest)
    }

    /// Whether a mail accepted then is so late that its sender may want to know.
    pub fn is_late(&self, accepted_at: Timestamp, now: Timestamp) -> bool {
        later(accepted_at, self.delay_notice) <= now
    }

    /// Whether a mail accepted then has had its time.
    pub fn is_expired(&self, accepted_at: Timestamp, now: Timestamp) -> bool {
        later(accepted_at, self.lifetime) <= now
    }
}

/// A time that lies `by` after `at`, or the end of time.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| at.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}

/// How long it is from `now` until `at`; nothing when it has passed.
pub(super) fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest() {
        let schedule = Schedule::default();
        for (attempts, minutes) in [(0, 1), (1, 2), (2, 4), (6, 64), (7, 120), (1_000_000, 120)] {
            let delay = schedule.delay(attempts, 0.5);
            assert_eq!(delay.as_secs(), minutes * 60, "after {attempts}");
        }
    }

    #[test]
    fn jitter_keeps_to_its_share() {
        let schedule = Schedule::default();
        assert_eq!(schedule.delay(0, 0.0), Duration::from_secs(54));
        assert_eq!(schedule.delay(0, 1.0), Duration::from_secs(66));
    }

    #[test]
    fn two_days_are_the_end() {
        let accepted: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let schedule = Schedule::default();
        for (now, expired) in [
            ("2026-11-21T12:00:00Z", false),
            ("2026-11-23T11:59:59Z", false),
            ("2026-11-23T12:00:00Z", true),
        ] {
            assert_eq!(
                schedule.is_expired(accepted, now.parse().unwrap()),
                expired,
                "{now}"
            );
        }
    }
}
