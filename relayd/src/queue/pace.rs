//! How fast a lane may send: messages a minute and recipients a day.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

/// A smooth token bucket (GCRA). Over any minute, burst included, it lets at most the given number
/// of messages pass, since that is how Exchange Online counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// `None` is without limit.
    rate: Option<Rate>,
    /// When the bucket will be full again.
    full_at: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Rate {
    interval: Duration,
    /// How far `full_at` may lie ahead: the room of the burst but one.
    tolerance: Duration,
}

impl Bucket {
    pub(super) fn new(per_minute: Option<u32>) -> Self {
        let rate = per_minute.map(|per_minute| {
            // A tenth may go at once; what follows is slowed so that the minute's sum holds.
            let burst = (per_minute / 10).max(1);
            let steady = per_minute.saturating_sub(burst - 1).max(1);
            let interval = Duration::from_mins(1) / steady;
            Rate {
                interval,
                tolerance: interval * (burst - 1),
            }
        });
        Self {
            rate,
            full_at: None,
        }
    }

    /// Takes up new settings and keeps what was used.
    pub(super) fn change(&mut self, per_minute: Option<u32>) {
        self.rate = Self::new(per_minute).rate;
    }

    /// Since when, or from when, a message may go.
    pub(super) fn ready_at(&self, now: Instant) -> Instant {
        match (self.rate, self.full_at) {
            (Some(rate), Some(full_at)) => {
                full_at.checked_sub(rate.tolerance).unwrap_or(now).max(now)
            }
            _ => now,
        }
    }

    /// Counts a message.
    pub(super) fn take(&mut self, now: Instant) {
        if let Some(rate) = self.rate {
            let from = self.full_at.map_or(now, |full_at| full_at.max(now));
            self.full_at = Some(from + rate.interval);
        }
    }
}

/// Recipients of the last 24 hours against their limit. The count comes from the store when the
/// lane starts and whenever the limit seems reached; in between it only grows.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayCount {
    limit: Option<u64>,
    used: u64,
    reserved: u64,
    counted_at: Timestamp,
}

/// A limit that seems reached is counted afresh this often.
pub(super) const RECOUNT: Duration = Duration::from_mins(5);

impl DayCount {
    pub(super) fn new(limit: Option<u32>, used: u64, now: Timestamp) -> Self {
        Self {
            limit: limit.map(u64::from),
            used,
            reserved: 0,
            counted_at: now,
        }
    }

    /// Takes up a fresh count; what is in flight stays reserved.
    pub(super) fn recount(&mut self, limit: Option<u32>, used: u64, now: Timestamp) {
        *self = Self {
            reserved: self.reserved,
            ..Self::new(limit, used, now)
        };
    }

    /// What a message of so many recipients takes. One that is larger than the limit itself needs
    /// the whole of it, or it would never leave.
    fn need(&self, recipients: usize) -> u64 {
        let recipients = recipients as u64;
        self.limit.map_or(recipients, |limit| recipients.min(limit))
    }

    /// Whether there is room for a message.
    pub(super) fn admits(&self, recipients: usize) -> bool {
        self.limit
            .is_none_or(|limit| self.used + self.reserved + self.need(recipients) <= limit)
    }

    pub(super) fn reserve(&mut self, recipients: usize) {
        self.reserved += self.need(recipients);
    }

    /// The message is settled: so many of its recipients count for good.
    pub(super) fn settle(&mut self, recipients: usize, delivered: u64) {
        self.reserved = self.reserved.saturating_sub(self.need(recipients));
        self.used += delivered;
    }

    pub(super) fn counted_at(&self) -> Timestamp {
        self.counted_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times at which messages pass when as many as possible are sent.
    fn passes(per_minute: u32, count: usize) -> Vec<Duration> {
        let start = Instant::now();
        let mut bucket = Bucket::new(Some(per_minute));
        let mut now = start;
        (0..count)
            .map(|_| {
                now = bucket.ready_at(now);
                bucket.take(now);
                now - start
            })
            .collect()
    }

    #[test]
    fn no_minute_sees_more_than_allowed_and_the_pace_is_used() {
        for per_minute in [1, 2, 9, 10, 30, 31, 100, 1000] {
            let times = passes(per_minute, per_minute as usize * 5);
            for (place, from) in times.iter().enumerate() {
                let minute = *from + Duration::from_millis(59_990);
                let passed = times
                    .iter()
                    .skip(place)
                    .take_while(|time| **time < minute)
                    .count();
                assert!(passed <= per_minute as usize, "{passed} of {per_minute}");
            }
            let first = times
                .iter()
                .take_while(|time| time.as_millis() < 59_990)
                .count();
            assert_eq!(first, per_minute as usize);
        }
    }

    #[test]
    fn a_tenth_may_go_at_once() {
        let times = passes(30, 4);
        assert_eq!(times[2], Duration::ZERO);
        assert!(times[3] > Duration::from_secs(2));
    }

    #[test]
    fn the_day_is_kept_even_by_what_is_in_flight() {
        let now = Timestamp::UNIX_EPOCH;
        let mut day = DayCount::new(Some(10), 6, now);
        assert!(day.admits(4) && !day.admits(5));
        day.reserve(3);
        assert!(day.admits(1) && !day.admits(2));
        day.settle(3, 1);
        assert!(day.admits(3) && !day.admits(4));
        assert!(
            DayCount::new(Some(10), 0, now).admits(500),
            "larger than the limit itself"
        );
        assert!(DayCount::new(None, u64::MAX / 2, now).admits(500));
    }
}
