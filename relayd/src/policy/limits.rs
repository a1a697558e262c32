//! Rate and daily quota of one relay user.
//!
//! The rate is judged by the generic cell rate algorithm: every message moves a theoretical
//! arrival time by one interval, and it may run ahead of the clock by one minute's worth. So a
//! burst of a whole minute's messages passes at once, and one number is all that has to be stored.

use jiff::Timestamp;

use crate::model::{Limits, Reason, Refusal};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What a relay user has used, as it is stored. Times are microseconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meter {
    /// Theoretical arrival time of the next message.
    pub arrival: i64,
    /// Start of the day that the counts are of.
    pub day: i64,
    /// Messages of that day.
    pub messages: u32,
    /// Recipients of that day.
    pub recipients: u32,
}

impl Meter {
    /// Counts a message of so many recipients at `now`, or says which limit it would break; then
    /// nothing is counted.
    pub fn admit(
        &mut self,
        limits: &Limits,
        recipients: u32,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let now = now.as_microsecond();
        let mut next = *self;
        // A clock that goes back, or another node's that is behind, must not renew the quota.
        let day = now - now.rem_euclid(DAY);
        if day > next.day {
            next = Self {
                day,
                messages: 0,
                recipients: 0,
                ..next
            };
        }
        next.count(limits, recipients)?;
        next.pace(limits, now)?;
        *self = next;
        Ok(())
    }

    fn count(&mut self, limits: &Limits, recipients: u32) -> Result<(), Refusal> {
        self.messages = self.messages.saturating_add(1);
        if self.messages > limits.messages_per_day {
            let detail = format!("{} messages a day", limits.messages_per_day);
            return Err(Refusal::new(Reason::QuotaExceeded, detail));
        }
        let left = limits.recipients_per_day.saturating_sub(self.recipients);
        if recipients > left {
            let detail = format!(
                "{left} of {} recipients a day are left",
                limits.recipients_per_day
            );
            return Err(Refusal::new(Reason::QuotaExceeded, detail));
        }
        self.recipients += recipients;
        Ok(())
    }

    fn pace(&mut self, limits: &Limits, now: i64) -> Result<(), Refusal> {
        let interval = MINUTE / i64::from(limits.messages_per_minute.max(1));
        let ahead = self.arrival.max(now) - now;
        let wait = ahead - (MINUTE - interval);
        if wait > 0 {
            let detail = format!(
                "{} messages a minute; the next in {} s",
                limits.messages_per_minute,
                wait.div_euclid(1_000_000) + 1
            );
            return Err(Refusal::new(Reason::RateExceeded, detail));
        }
        self.arrival = now + ahead + interval;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        messages_per_minute: 3,
        messages_per_day: 5,
        recipients_per_day: 10,
        recipients_per_message: 100,
        message_size: 1,
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Submits messages of `(time, recipients)` and tells what came of each.
    fn submit(messages: &[(&str, u32)]) -> Vec<Option<(Reason, String)>> {
        let mut meter = Meter::default();
        messages
            .iter()
            .map(|(time, recipients)| meter.admit(&LIMITS, *recipients, at(time)).err())
            .map(|refusal| refusal.map(|refusal| (refusal.reason, refusal.detail)))
            .collect()
    }

    fn refused(reason: Reason, detail: &str) -> (Reason, String) {
        (reason, detail.to_owned())
    }

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_one_each_interval() {
        let rate = |detail| Some(refused(Reason::RateExceeded, detail));
        assert_eq!(
            submit(&[
                ("2026-11-21T10:00:00Z", 1),
                ("2026-11-21T10:00:00Z", 1),
                ("2026-11-21T10:00:00Z", 1),
                ("2026-11-21T10:00:00Z", 1),
                ("2026-11-21T10:00:19.5Z", 1),
                ("2026-11-21T10:00:20Z", 1),
                ("2026-11-21T10:00:21Z", 1),
                ("2026-11-21T10:00:40Z", 1),
            ]),
            [
                None,
                None,
                None,
                rate("3 messages a minute; the next in 21 s"),
                rate("3 messages a minute; the next in 1 s"),
                None,
                rate("3 messages a minute; the next in 20 s"),
                None,
            ]
        );
    }

    #[test]
    fn the_quota_of_messages_is_renewed_at_midnight_utc() {
        let full = Some(refused(Reason::QuotaExceeded, "5 messages a day"));
        let results = submit(&[
            ("2026-11-21T20:00:00Z", 1),
            ("2026-11-21T21:00:00Z", 1),
            ("2026-11-21T22:00:00Z", 1),
            ("2026-11-21T23:00:00Z", 1),
            ("2026-11-21T23:30:00Z", 1),
            ("2026-11-21T23:59:59Z", 1),
            ("2026-11-22T00:00:00Z", 1),
            // A node whose clock is behind counts for the day that has begun.
            ("2026-11-21T23:59:59Z", 1),
        ]);
        assert_eq!(results, [None, None, None, None, None, full, None, None]);
    }

    #[test]
    fn recipients_count_and_a_smaller_message_still_fits() {
        let results = submit(&[
            ("2026-11-21T10:00:00Z", 8),
            ("2026-11-21T11:00:00Z", 3),
            ("2026-11-21T12:00:00Z", 2),
            ("2026-11-21T13:00:00Z", 1),
        ]);
        let refused = |detail| Some(refused(Reason::QuotaExceeded, detail));
        assert_eq!(
            results,
            [
                None,
                refused("2 of 10 recipients a day are left"),
                None,
                refused("0 of 10 recipients a day are left"),
            ]
        );
    }

    #[test]
    fn a_refused_message_counts_for_nothing() {
        let mut meter = Meter::default();
        let now = at("2026-11-21T10:00:00Z");
        for _ in 0..3 {
            meter.admit(&LIMITS, 1, now).unwrap();
        }
        let before = meter;
        meter.admit(&LIMITS, 1, now).unwrap_err();
        assert_eq!(meter, before);
    }
}
