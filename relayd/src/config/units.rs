//! Durations and sizes as people write them: `30s`, `5m`, `2d`, `35 MiB`.

use std::{str::FromStr, time::Duration};

/// A duration: a whole number with `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HumanDuration(pub(super) Duration);

/// A size: a whole number with `B`, `KiB`, `MiB` or `GiB` (or `KB`, `MB`, `GB` for powers of ten).
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

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no size; write it as 500 KiB or 35 MiB");
        let (count, unit) = split(text).ok_or_else(refused)?;
        let bytes: u64 = match unit.to_ascii_lowercase().as_str() {
            "b" | "" => 1,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
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
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)));
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
        for text in ["", "MiB", "5 MiX", "99999999999 GiB"] {
            assert!(
                text.parse::<ByteSize>().unwrap_err().contains("35 MiB"),
                "{text}"
            );
        }
    }
}
