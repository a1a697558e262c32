//! Spans and points in time as people type them.

use std::time::Duration;

use jiff::Timestamp;

/// Longer spans are typing mistakes, and would leave the range of times.
const LONGEST: Duration = Duration::from_hours(100 * 366 * 24);

/// A span: a number and `ms`, `s`, `m`, `h`, `d` or `w`; several may follow each other (`1h30m`).
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("`{text}` is no span of time; write it as 500ms, 30s, 15m, 24h, 7d or 2w");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return Err(wrong()),
        };
        let part = number.checked_mul(millis).ok_or_else(wrong)?;
        total = total
            .checked_add(Duration::from_millis(part))
            .ok_or_else(wrong)?;
        rest = after;
    }
    if total > LONGEST {
        return Err(wrong());
    }
    Ok(total)
}

/// How often something is looked at: seconds, or a span of a second at least.
pub(crate) fn parse_interval(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no interval; write it as 2, 10s or 5m, from 1s to 1h");
    let span = match text.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => parse_duration(text).map_err(|_| wrong())?,
    };
    let is_fitting = (Duration::from_secs(1)..=Duration::from_hours(1)).contains(&span);
    is_fitting.then_some(span).ok_or_else(wrong)
}

/// A day to come: RFC 3339, or a date (its midnight, UTC).
pub(crate) fn parse_date(text: &str) -> Result<Timestamp, String> {
    match text.parse() {
        Ok(Moment::At(at)) => Ok(at),
        Ok(Moment::Ago(_)) | Err(_) => Err(format!("`{text}` is no date; write it as 2028-11-30")),
    }
}

/// A point in time: RFC 3339, a date (its midnight, UTC), or a span before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    At(Timestamp),
    Ago(Duration),
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        if let Ok(at) = format!("{text}T00:00:00Z").parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        parse_duration(text).map(Self::Ago).map_err(|_| {
            format!("`{text}` is no time; write it as 24h, 7d, 2026-11-21 or 2026-11-21T20:41:07Z")
        })
    }
}

impl Moment {
    /// The time it stands for, seen from `now`.
    pub(crate) fn seen_from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.saturating_sub(span).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// The time it stands for when a span means from now on.
    pub(crate) fn ahead_of(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.saturating_add(span).unwrap_or(Timestamp::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        for (text, seconds) in [
            ("30s", 30),
            ("15m", 900),
            ("24h", 86_400),
            ("7d", 604_800),
            ("1h30m", 5_400),
            ("2w", 1_209_600),
            ("500ms", 0),
        ] {
            assert_eq!(parse_duration(text).unwrap().as_secs(), seconds, "{text}");
        }
        for bad in [
            "",
            "5",
            "h",
            "5x",
            "-5s",
            "1.5h",
            "99999999999999999999s",
            "999999999w",
        ] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn intervals_are_seconds_unless_they_say_more() {
        for (text, seconds) in [("1", 1), ("2", 2), ("10s", 10), ("5m", 300), ("1h", 3_600)] {
            assert_eq!(parse_interval(text).unwrap().as_secs(), seconds, "{text}");
        }
        for bad in ["", "0", "500ms", "2h", "-1", "1.5", "often"] {
            assert!(parse_interval(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn moments_are_read() {
        let now: Timestamp = "2026-11-21T20:00:00Z".parse().unwrap();
        for (text, at) in [
            ("2h", "2026-11-21T18:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z"),
        ] {
            let moment: Moment = text.parse().unwrap();
            assert_eq!(moment.seen_from(now).to_string(), at, "{text}");
        }
        assert_eq!(
            "1d".parse::<Moment>().unwrap().ahead_of(now).to_string(),
            "2026-11-22T20:00:00Z"
        );
        assert!("yesterday".parse::<Moment>().is_err());
    }
}
