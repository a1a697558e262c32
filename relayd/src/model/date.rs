//! Dates as mail has them.

use jiff::{Timestamp, tz::TimeZone};

/// The date as RFC 5322 §3.3 writes it, in UTC.
pub fn rfc5322_date(at: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&at.to_zoned(TimeZone::UTC)).unwrap_or_else(|_| at.to_string())
}
