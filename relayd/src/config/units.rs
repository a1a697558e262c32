//! Durations as people write them: `30s`, `5m`, `2d`. Sizes are those of relay-proto.

use std::{str::FromStr, time::Duration};

/// A duration: a whole number with `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HumanDuration(pub(super) Duration);

impl FromStr for HumanDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no duration; write it as 30s, 5m, 12h or 2d");
        let (count, unit) = split(text).ok_or_else(refused)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(refused()),
        };
        let seconds = count.checked_mul(seconds).ok_or_else(refused)?;
        Ok(Self(Duration::from_secs(seconds)))
    }
}

impl std::fmt::Display for HumanDuration {
    /// In the largest unit that divides it: `10 minutes`, `48 hours`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            0 => (0, "second"),
            _ if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
            _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
            _ => (seconds, "second"),
        };
        let s = if count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{s}")
    }
}

/// `"12 h"` → `(12, "h")`
fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    Some((digits.parse().ok()?, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_written() {
        for (text, seconds) in [("30s", 30), ("5m", 300), ("12 h", 43_200), ("2d", 172_800)] {
            assert_eq!(
                text.parse(),
                Ok(HumanDuration(Duration::from_secs(seconds)))
            );
        }
    }

    #[test]
    fn durations_are_shown_in_the_unit_that_fits() {
        for (seconds, text) in [
            (30, "30 seconds"),
            (60, "1 minute"),
            (600, "10 minutes"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (31_536_000, "8760 hours"),
        ] {
            let shown = HumanDuration(Duration::from_secs(seconds)).to_string();
            assert_eq!(shown, text);
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "5", "-5m", "5 weeks", "99999999999999999d"] {
            assert!(
                text.parse::<HumanDuration>().unwrap_err().contains("5m"),
                "{text}"
            );
        }
    }
}
