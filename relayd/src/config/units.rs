//! Durations and sizes as people write them: `30s`, `5m`, `2d`, `35 MiB`.

use std::{str::FromStr, time::Duration};

/// A duration: a whole number with `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HumanDuration(pub(super) Duration);

/// A size: a whole number with `B`, `KiB`, `MiB`, `GiB` or `TiB` (or `KB`, `MB`, `GB`, `TB` for
/// powers of ten).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteSize(pub(super) u64);

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

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "`{text}` is no size; write a whole number with KiB, MiB, GiB or TiB, such as 35 MiB"
            )
        };
        let (count, unit) = split(text).ok_or_else(refused)?;
        let bytes: u64 = match unit.to_ascii_lowercase().as_str() {
            "b" | "" => 1,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            "tib" => 1 << 40,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            "tb" => 1_000_000_000_000,
            _ => return Err(refused()),
        };
        count.checked_mul(bytes).map(Self).ok_or_else(refused)
    }
}

/// `"35 MiB"` → `(35, "MiB")`
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
    fn durations_and_sizes_are_read_as_written() {
        for (text, seconds) in [("30s", 30), ("5m", 300), ("12 h", 43_200), ("2d", 172_800)] {
            assert_eq!(
                text.parse(),
                Ok(HumanDuration(Duration::from_secs(seconds)))
            );
        }
        for (text, bytes) in [
            ("512", 512),
            ("4 KiB", 4096),
            ("35MiB", 36_700_160),
            ("1 GB", 1_000_000_000),
            ("1 TiB", 1_099_511_627_776),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)));
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
        for text in ["", "MiB", "5 MiX", "2.5 MiB", "99999999999 GiB"] {
            assert!(
                text.parse::<ByteSize>().unwrap_err().contains("35 MiB"),
                "{text}"
            );
        }
    }
}
