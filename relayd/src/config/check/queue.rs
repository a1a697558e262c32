//! `[queue]` and `[retention]`: how patient the queue is, and how long things are kept.

use std::time::Duration;

use toml::Spanned;

use super::values::check_duration;
use crate::config::{Queue, Retention, complaint::Collector, raw};

pub(super) fn check_queue(raw: raw::Queue, complaints: &mut Collector) -> Queue {
    const YEAR: Duration = Duration::from_hours(24 * 365);
    let order = raw.longest_retry.as_ref().or(raw.first_retry.as_ref());
    let order = order.map(Spanned::span);
    let queue = Queue {
        first_retry: check_duration(raw.first_retry, Duration::from_mins(1), YEAR, complaints),
        longest_retry: check_duration(raw.longest_retry, Duration::from_hours(2), YEAR, complaints),
        lifetime: check_duration(raw.lifetime, Duration::from_hours(48), YEAR, complaints),
        delay_notice: check_duration(raw.delay_notice, Duration::from_hours(4), YEAR, complaints),
        breaker_failures: raw.breaker_failures.unwrap_or(5),
        drain: check_duration(
            raw.drain,
            Duration::from_secs(30),
            Duration::from_hours(1),
            complaints,
        ),
    };
    if let Some(span) = order.filter(|_| queue.first_retry > queue.longest_retry) {
        let remedy = "first_retry is the shortest wait, longest_retry the longest";
        complaints.add(span, "longest_retry is shorter than first_retry", remedy);
    }
    queue
}

pub(super) fn check_retention(raw: raw::Retention, complaints: &mut Collector) -> Retention {
    const DAY: Duration = Duration::from_hours(24);
    const CENTURY: Duration = Duration::from_hours(24 * 36_525);
    let audit = raw
        .audit
        .map(|given| check_duration(Some(given), CENTURY, CENTURY, complaints));
    Retention {
        messages: check_duration(raw.messages, 90 * DAY, CENTURY, complaints),
        statistics: check_duration(raw.statistics, 730 * DAY, CENTURY, complaints),
        audit,
    }
}
