//! Rate and daily quota of a relay user, and of a system or account where some are set.
//!
//! The rate is judged by the generic cell rate algorithm: every message moves a theoretical
//! arrival time by one interval, and it may run ahead of the clock by one minute's worth. So a
//! burst of a whole minute's messages passes at once, and one number is all that has to be stored.
//!
//! A clock that goes back a little, or another node's that is behind, renews nothing. What a clock
//! that was far ahead has left behind counts for nothing: it would lock everybody out until then.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{Quota, Reason, Refusal};

const MINUTE: i64 = 60_000_000;
/// A day in microseconds.
pub const DAY: i64 = 24 * 60 * MINUTE;
/// How far beyond the clock an arrival is believed: its minute, and a clock that differs by one.
const MOST_AHEAD: i64 = 2 * MINUTE;

/// What somebody has used, as it is stored. Times are microseconds since 1970, UTC.
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

/// Counts a message of so many recipients at `now` on the meters of all its quotas, or says which
/// limit it would break; then it is counted on none. Meters are found by the id of their subject.
pub fn count(
    meters: &mut BTreeMap<[u8; 12], Meter>,
    quotas: &[Quota],
    recipients: u32,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut counted = Vec::with_capacity(quotas.len());
    for quota in quotas {
        let subject = *quota.subject.as_bytes();
        let mut meter = meters.get(&subject).copied().unwrap_or_default();
        meter.admit(quota, recipients, now)?;
        counted.push((subject, meter));
    }
    meters.extend(counted);
    Ok(())
}

/// The start of the day of `now` (both in microseconds since 1970), as [`Meter::day`] has it: at
/// midnight UTC.
pub const fn start_of_day(now: i64) -> i64 {
    now - now.rem_euclid(DAY)
}

impl Meter {
    /// Messages that count for the present minute: how much of a burst is used.
    pub fn used_of_minute(&self, messages_per_minute: u32, now: Timestamp) -> u32 {
        let interval = interval(messages_per_minute);
        let ahead = self.ahead(interval, now.as_microsecond());
        let used = ahead / interval + i64::from(ahead % interval > 0);
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        used.min(messages_per_minute)
    }

    /// Messages and recipients that count for the present day.
    pub fn used_of_day(&self, now: Timestamp) -> (u32, u32) {
        let meter = self.on_day_of(now.as_microsecond());
        (meter.messages, meter.recipients)
    }

    fn admit(&mut self, quota: &Quota, recipients: u32, now: Timestamp) -> Result<(), Refusal> {
        let now = now.as_microsecond();
        let mut next = self.on_day_of(now);
        next.count(quota, recipients)?;
        next.pace(quota, now)?;
        *self = next;
        Ok(())
    }

    /// The meter with the counts of the day of `now`. Those of the day after it count, too.
    fn on_day_of(self, now: i64) -> Self {
        let day = start_of_day(now);
        if (day..=day + DAY).contains(&self.day) {
            return self;
        }
        Self {
            day,
            messages: 0,
            recipients: 0,
            ..self
        }
    }

    /// How far the next message is ahead of the clock. After a clock that was far ahead there is
    /// room for one message, and with it the meter goes by the right clock again.
    fn ahead(self, interval: i64, now: i64) -> i64 {
        let ahead = self.arrival.saturating_sub(now).max(0);
        if ahead > MOST_AHEAD {
            MINUTE - interval
        } else {
            ahead
        }
    }

    fn count(&mut self, quota: &Quota, recipients: u32) -> Result<(), Refusal> {
        let whose = quota.subject.scope().whose();
        self.messages = self.messages.saturating_add(1);
        if let Some(limit) = quota.limits.messages_per_day
            && self.messages > limit
        {
            let detail = format!("{limit} {} a day {whose}", messages(limit));
            return Err(Refusal::new(Reason::QuotaExceeded, detail));
        }
        if let Some(limit) = quota.limits.recipients_per_day {
            let left = limit.saturating_sub(self.recipients);
            if recipients > left {
                let detail = format!("{left} of {limit} recipients a day are left {whose}");
                return Err(Refusal::new(Reason::QuotaExceeded, detail));
            }
        }
        self.recipients = self.recipients.saturating_add(recipients);
        Ok(())
    }

    fn pace(&mut self, quota: &Quota, now: i64) -> Result<(), Refusal> {
        let Some(limit) = quota.limits.messages_per_minute else {
            return Ok(());
        };
        let interval = interval(limit);
        let ahead = self.ahead(interval, now);
        let wait = ahead - (MINUTE - interval);
        if wait > 0 {
            let detail = format!(
                "{limit} {} a minute {}; the next in {} s",
                messages(limit),
                quota.subject.scope().whose(),
                wait.div_euclid(1_000_000) + 1
            );
            return Err(Refusal::new(Reason::RateExceeded, detail));
        }
        self.arrival = now + ahead + interval;
        Ok(())
    }
}

fn messages(count: u32) -> &'static str {
    if count == 1 { "message" } else { "messages" }
}

/// Microseconds between two messages at an even pace.
fn interval(messages_per_minute: u32) -> i64 {
    (MINUTE / i64::from(messages_per_minute.max(1))).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, IdSource, LimitSet, Subject, SystemId, UserId};

    const LIMITS: LimitSet = LimitSet {
        messages_per_minute: Some(3),
        messages_per_day: Some(5),
        recipients_per_day: Some(10),
        recipients_per_message: Some(100),
        message_size: Some(1),
    };

    fn quota() -> Quota {
        Quota {
            subject: Subject::User(UserId::new(&IdSource::new(), Timestamp::UNIX_EPOCH)),
            limits: LIMITS,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Submits messages of `(time, recipients)` and tells what came of each.
    fn submit(messages: &[(&str, u32)]) -> Vec<Option<(Reason, String)>> {
        let mut meter = Meter::default();
        messages
            .iter()
            .map(|(time, recipients)| meter.admit(&quota(), *recipients, at(time)).err())
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
                rate("3 messages a minute for the relay user; the next in 21 s"),
                rate("3 messages a minute for the relay user; the next in 1 s"),
                None,
                rate("3 messages a minute for the relay user; the next in 20 s"),
                None,
            ]
        );
    }

    #[test]
    fn the_quota_of_messages_is_renewed_at_midnight_utc() {
        let full = Some(refused(
            Reason::QuotaExceeded,
            "5 messages a day for the relay user",
        ));
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
                refused("2 of 10 recipients a day are left for the relay user"),
                None,
                refused("0 of 10 recipients a day are left for the relay user"),
            ]
        );
    }

    #[test]
    fn a_message_that_one_limit_refuses_counts_for_none() {
        let (ids, now) = (IdSource::new(), at("2026-11-21T10:00:00Z"));
        let account = Quota {
            subject: Subject::Account(AccountId::new(&ids, now)),
            limits: LimitSet {
                messages_per_day: Some(2),
                ..LimitSet::default()
            },
        };
        let system = Quota {
            subject: Subject::System(SystemId::new(&ids, now)),
            limits: LimitSet {
                messages_per_minute: Some(1),
                ..LimitSet::default()
            },
        };
        let mut meters = BTreeMap::new();
        let mut submit = |quotas: &[Quota], time| {
            let before = meters.clone();
            let refusal = count(&mut meters, quotas, 1, at(time)).err();
            assert_eq!(refusal.is_some(), before == meters);
            refusal.map(|refusal| refusal.detail)
        };
        let all = [quota(), system, account];
        assert_eq!(submit(&all, "2026-11-21T10:00:00Z"), None);
        let refused = "1 message a minute for the system; the next in 50 s";
        assert_eq!(
            submit(&all, "2026-11-21T10:00:10.5Z").as_deref(),
            Some(refused)
        );
        assert_eq!(submit(&all, "2026-11-21T10:01:00Z"), None);
        let refused = "2 messages a day for the account";
        assert_eq!(
            submit(&all, "2026-11-21T10:02:00Z").as_deref(),
            Some(refused)
        );
        // What another user of the account sent counts for it, too.
        let other = [
            Quota {
                subject: Subject::User(UserId::new(&ids, now)),
                ..quota()
            },
            account,
        ];
        assert_eq!(
            submit(&other, "2026-11-21T10:02:00Z").as_deref(),
            Some(refused)
        );
        assert_eq!(submit(&all[..2], "2026-11-21T10:02:00Z"), None);
    }

    #[test]
    fn the_use_of_a_minute_is_told() {
        let mut meter = Meter::default();
        let now = at("2026-11-21T10:00:00Z");
        assert_eq!(meter.used_of_minute(3, now), 0);
        for used in 1..=3 {
            meter.admit(&quota(), 1, now).unwrap();
            assert_eq!(meter.used_of_minute(3, now), used);
        }
        assert_eq!(meter.used_of_minute(3, at("2026-11-21T10:00:20Z")), 2);
        assert_eq!(meter.used_of_minute(3, at("2026-11-21T10:05:00Z")), 0);
    }

    #[test]
    fn a_clock_that_was_far_ahead_locks_nobody_out() {
        let (real, wrong) = (at("2026-11-21T10:00:00Z"), at("2027-11-21T10:00:00Z"));
        let mut meter = Meter::default();
        for _ in 0..3 {
            meter.admit(&quota(), 3, wrong).unwrap();
        }
        assert_eq!(meter.used_of_day(wrong), (3, 9));
        assert_eq!(
            (meter.used_of_day(real), meter.used_of_minute(3, real)),
            ((0, 0), 2)
        );
        // Refusals leave the meter as it was: they must not lock out either.
        assert!(meter.admit(&quota(), 11, real).is_err());
        meter.admit(&quota(), 10, real).unwrap();
        assert_eq!(
            (meter.used_of_day(real), meter.used_of_minute(3, real)),
            ((1, 10), 3)
        );
        let refusal = meter.admit(&quota(), 0, real).unwrap_err();
        assert_eq!(refusal.reason, Reason::RateExceeded);
        assert!(meter.admit(&quota(), 0, at("2026-11-21T10:00:20Z")).is_ok());
    }

    #[test]
    fn a_clock_that_goes_back_a_little_renews_nothing() {
        let results = submit(&[
            ("2026-11-22T00:00:10Z", 3),
            ("2026-11-22T00:00:10Z", 3),
            ("2026-11-22T00:00:10Z", 3),
            ("2026-11-21T23:59:30Z", 1),
            ("2026-11-22T00:00:50Z", 2),
            ("2026-11-21T23:59:59Z", 2),
            ("2026-11-22T00:30:00Z", 1),
        ]);
        let rate = |detail| Some(refused(Reason::RateExceeded, detail));
        let full = "1 of 10 recipients a day are left for the relay user";
        let full = || Some(refused(Reason::QuotaExceeded, full));
        let early = "3 messages a minute for the relay user; the next in 61 s";
        assert_eq!(
            results,
            [None, None, None, rate(early), full(), full(), None]
        );
    }

    #[test]
    fn the_use_that_is_told_is_never_more_than_the_limit() {
        let now = at("2026-11-21T10:00:00Z");
        for ahead in [59, 60, 90, 120, 121, 1_000_000] {
            let meter = Meter {
                arrival: now.as_microsecond() + ahead * 1_000_000,
                ..Meter::default()
            };
            for limit in [1, 7, 60] {
                let used = meter.used_of_minute(limit, now);
                assert!(used <= limit, "{used} of {limit} at {ahead}");
            }
        }
    }
}
