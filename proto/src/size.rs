//! Sizes as people write them, the same in relayd.toml and on the command line.

/// Bytes: a whole number, alone or with `B`, `KiB`, `MiB`, `GiB`, `TiB`, or `KB`, `MB`, `GB`, `TB`
/// for powers of ten, in upper or lower case. Whole, so that two people mean the same by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteSize(pub u64);

/// A text that is no size; it says how one is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSize(String);

impl std::fmt::Display for NoSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` is no size; write a whole number, alone for bytes or with KiB, MiB, GiB or TiB, \
             such as 35 MiB or 2560KiB",
            self.0
        )
    }
}

impl std::error::Error for NoSize {}

impl std::str::FromStr for ByteSize {
    type Err = NoSize;

    fn from_str(text: &str) -> Result<Self, NoSize> {
        let refused = || NoSize(text.to_owned());
        let trimmed = text.trim();
        let end = trimmed.find(|c: char| !c.is_ascii_digit());
        let (digits, unit) = trimmed.split_at(end.unwrap_or(trimmed.len()));
        let count: u64 = digits.parse().map_err(|_| refused())?;
        let bytes = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            (" 512 B ", 512),
            ("4 KiB", 4096),
            ("35MiB", 36_700_160),
            ("35 mib", 36_700_160),
            ("1 GiB", 1 << 30),
            ("1 TiB", 1 << 40),
            ("500kb", 500_000),
            ("20MB", 20_000_000),
            ("1 GB", 1_000_000_000),
            ("1tb", 1_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_units_and_an_example() {
        for text in ["", "MiB", "35 MM", "2.5 MiB", "-1", "99999999999GiB"] {
            let told = text.parse::<ByteSize>().unwrap_err().to_string();
            for part in [&format!("`{text}`"), "KiB, MiB, GiB or TiB", "35 MiB"] {
                assert!(told.contains(part), "{told}");
            }
        }
    }
}
