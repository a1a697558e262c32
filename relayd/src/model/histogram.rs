//! How long something took, as a histogram that can be added to another.
//!
//! Every power of two of milliseconds is cut into eight equal parts, and a part is read as the
//! value that is equally far from both of its ends in proportion: at most 1/17, 5.9 %, from any
//! value in it. Below 16 ms every millisecond has a part of its own.

use std::{collections::BTreeMap, fmt, time::Duration};

/// Parts of a power of two, as a power of two.
const PARTS: u32 = 3;

/// Counts of durations. Written as text, one after the other is the sum: `97 98x12 ` is one
/// duration of part 97 and twelve of part 98.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u32, u64>,
}

impl Histogram {
    /// Counts a duration so many times.
    pub fn record(&mut self, duration: Duration, times: u64) {
        if times > 0 {
            let millis = u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
            *self.counts.entry(part(millis)).or_default() += times;
        }
    }

    /// Adds what [`fmt::Display`] wrote, any number of times over. False when something else is
    /// among it, which is left out.
    pub fn add_text(&mut self, text: &str) -> bool {
        let mut is_sound = true;
        for token in text.split_ascii_whitespace() {
            let (part, times) = token.split_once('x').unwrap_or((token, "1"));
            match (part.parse::<u32>(), times.parse::<u64>()) {
                (Ok(part), Ok(times)) if part <= LAST => {
                    *self.counts.entry(part).or_default() += times;
                }
                _ => is_sound = false,
            }
        }
        is_sound
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        for (part, times) in &other.counts {
            *self.counts.entry(*part).or_default() += times;
        }
    }

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The duration that `percent` of all do not exceed, to 5.9 %; `None` of nothing.
    pub fn percentile(&self, percent: u64) -> Option<Duration> {
        let rank = (self.count() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let (part, _) = self.counts.iter().find(|(_, times)| {
            seen += **times;
            seen >= rank
        })?;
        Some(middle(*part))
    }
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts
            .iter()
            .try_for_each(|(part, times)| match times {
                1 => write!(f, "{part} "),
                _ => write!(f, "{part}x{times} "),
            })
    }
}

/// The part of the longest duration, of 49 days.
const LAST: u32 = part(u32::MAX);

/// The part in which a number of milliseconds lies.
const fn part(millis: u32) -> u32 {
    match millis.checked_ilog2() {
        Some(power) if power > PARTS => ((power - PARTS) << PARTS) + (millis >> (power - PARTS)),
        _ => millis,
    }
}

/// The value that a part is read as.
fn middle(part: u32) -> Duration {
    let wide = (part >> PARTS).saturating_sub(1);
    if wide == 0 {
        return Duration::from_millis(part.into());
    }
    let begin = u128::from(part - (wide << PARTS)) << wide;
    let end = begin + (1 << wide);
    let micros = 2000 * begin * end / (begin + end);
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        for millis in millis {
            histogram.record(Duration::from_millis(*millis), 1);
        }
        histogram
    }

    #[test]
    fn every_duration_is_read_as_one_at_most_a_seventeenth_away() {
        let mut millis = 0_u64;
        while millis < u64::from(u32::MAX) {
            let read = of(&[millis]).percentile(50).unwrap().as_micros();
            let (read, exact) = (i128::try_from(read).unwrap(), i128::from(millis) * 1000);
            assert!((read - exact).abs() * 17 <= exact + 17, "{millis}: {read}");
            millis += 1 + millis / 50;
        }
    }

    #[test]
    fn parts_follow_one_another_without_a_gap() {
        for (millis, expected) in [(0, 0), (1, 1), (7, 7), (8, 8), (15, 15), (16, 16), (17, 16)] {
            assert_eq!(part(millis), expected);
        }
        let mut before = 0;
        for millis in 0..100_000 {
            let now = part(millis);
            assert!(now == before || now == before + 1, "{millis}");
            before = now;
        }
        assert_eq!(part(u32::MAX), LAST);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let histogram = of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        for (percent, expected) in [(50, 5), (95, 10), (90, 9), (91, 10), (1, 1), (100, 10)] {
            let expected = Some(Duration::from_millis(expected));
            assert_eq!(histogram.percentile(percent), expected, "p{percent}");
        }
        assert_eq!(Histogram::default().percentile(50), None);
    }

    #[test]
    fn texts_one_after_the_other_are_the_sum() {
        let (mut a, b) = (of(&[5, 700, 700, 90_000]), of(&[5, 1, u64::MAX]));
        let mut read = Histogram::default();
        assert!(read.add_text(&format!("{a}{b}")));
        a.add(&b);
        assert_eq!(read, a);
        assert_eq!(read.count(), 7);
        let mut odd = Histogram::default();
        assert!(!odd.add_text("5 x 7x 999999 1x2y "));
        assert_eq!(odd.count(), 1);
    }
}
