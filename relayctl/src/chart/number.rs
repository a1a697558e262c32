//! Numbers as they stand beside a picture, and scales that end at round ones.

/// `999`, `1.2k`, `12k`, `3.4M`: five characters at most.
pub(crate) fn compact(number: u64) -> String {
    const UNITS: [(u64, &str); 5] = [
        (1_000_000_000_000_000, "P"),
        (1_000_000_000_000, "T"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (1_000, "k"),
    ];
    let Some((size, unit)) = UNITS.iter().find(|(size, _)| number >= *size) else {
        return number.to_string();
    };
    // Rounded down, so that 999,999 is not told as a million.
    let tenths = number / (size / 10);
    if tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{}{unit}", tenths / 10)
    } else {
        format!("{}.{}{unit}", tenths / 10, tenths % 10)
    }
}

/// The end of a scale for values up to `max`: a round number whose half is round, too.
pub(crate) fn scale_end(max: u64) -> u64 {
    const ROUND: [u64; 12] = [10, 12, 14, 16, 18, 20, 24, 30, 40, 50, 60, 80];
    for small in [2, 4, 6, 8] {
        if max <= small {
            return small;
        }
    }
    let mut factor: u64 = 1;
    loop {
        for round in ROUND {
            let end = round.saturating_mul(factor);
            if max <= end {
                return end;
            }
        }
        factor = factor.saturating_mul(10);
    }
}

/// The same for milliseconds, round as people count time.
pub(crate) fn time_scale_end(max: u64) -> u64 {
    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const ROUND: [u64; 26] = [
        10,
        20,
        40,
        100,
        200,
        400,
        SECOND,
        2 * SECOND,
        4 * SECOND,
        10 * SECOND,
        20 * SECOND,
        30 * SECOND,
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        10 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        4 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        4 * DAY,
    ];
    ROUND
        .into_iter()
        .find(|end| max <= *end)
        .unwrap_or_else(|| scale_end(max.div_ceil(DAY)).saturating_mul(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_five_characters_at_most() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1k"),
            (1_234, "1.2k"),
            (9_999, "9.9k"),
            (10_000, "10k"),
            (12_345, "12k"),
            (999_999, "999k"),
            (1_000_000, "1M"),
            (3_450_000_000, "3.4G"),
        ] {
            assert_eq!(compact(number), text);
        }
        assert_eq!(compact(u64::MAX), "18446P");
    }

    #[test]
    fn scales_end_at_round_numbers_just_above() {
        for (max, end) in [
            (0, 2),
            (1, 2),
            (3, 4),
            (9, 10),
            (11, 12),
            (15, 16),
            (45, 50),
            (81, 100),
            (118, 120),
            (1_204, 1_400),
            (80_001, 100_000),
        ] {
            assert_eq!(scale_end(max), end, "{max}");
        }
        assert_eq!(scale_end(u64::MAX), u64::MAX);
        for (max, end) in [
            (0, 10),
            (1_282, 2_000),
            (45_000, 60_000),
            (3_000_000, 3_600_000),
            (500_000_000, 518_400_000),
        ] {
            assert_eq!(time_scale_end(max), end, "{max}");
        }
    }
}
