//! The axis of time below a picture: pieces of a span as columns, and what is written under them.
//! Hours, days and months are those of UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use relay_proto::Period;

/// Wider columns look like blocks.
const WIDEST_COLUMN: u16 = 6;
/// Between the beginnings of two labels, at least.
const LABEL_GAP: u16 = 4;
/// A span that has more pieces is no longer cut into them one by one.
const MOST_PIECES: usize = 1_000_000;

/// The columns of a span.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// When each column begins; never empty.
    begins: Vec<DateTime>,
    by: Period,
    /// Pieces that a column has.
    per: usize,
    /// Characters that a column has.
    pub(crate) wide: u16,
}

/// The pieces that suit a span when none are asked for.
pub(crate) fn fitting(since: Timestamp, until: Timestamp) -> Period {
    match until.duration_since(since).as_hours() {
        ..=72 => Period::Hour,
        73..=2_880 => Period::Day,
        _ => Period::Month,
    }
}

impl Timeline {
    /// Cuts a span into columns that have room in so many characters. When there are more pieces
    /// than that, several make one column.
    pub(crate) fn fit(since: Timestamp, until: Timestamp, by: Period, room: u16) -> Self {
        let (since, until) = (utc(since), utc(until));
        let room = usize::from(room.max(1));
        let pieces = cut(floor(since, by), until, by, 1).len();
        let roomy = |per: &usize| pieces.div_ceil(*per) < room || pieces <= room && *per == 1;
        let per = steps(by)
            .iter()
            .copied()
            .find(roomy)
            .unwrap_or_else(|| pieces.div_ceil(room));
        let begins = cut(aligned(floor(since, by), by, per), until, by, per);
        let wide = u16::try_from(room / begins.len()).unwrap_or(1);
        Self {
            begins,
            by,
            per,
            wide: wide.clamp(1, WIDEST_COLUMN),
        }
    }

    /// Characters of all columns together.
    pub(crate) fn width(&self) -> u16 {
        u16::try_from(self.begins.len()).map_or(u16::MAX, |count| count.saturating_mul(self.wide))
    }

    /// What falls into each column, put together by `join`.
    pub(crate) fn gather<T: Clone + Default>(
        &self,
        values: impl IntoIterator<Item = (Timestamp, T)>,
        join: fn(&T, &T) -> T,
    ) -> Vec<T> {
        let mut columns = vec![T::default(); self.begins.len()];
        for (at, value) in values {
            let at = utc(at);
            let place = self.begins.partition_point(|begin| *begin <= at);
            if let Some(column) = place
                .checked_sub(1)
                .and_then(|place| columns.get_mut(place))
            {
                *column = join(column, &value);
            }
        }
        columns
    }

    /// `by hour`, `by 2 hours`.
    pub(crate) fn in_words(&self) -> String {
        match self.per {
            1 => format!("by {}", self.by),
            per => format!("by {per} {}s", self.by),
        }
    }

    /// The two lines below the columns: hours above days, days above months, months above years.
    pub(crate) fn labels(&self, limit: u16) -> [String; 2] {
        let (small, large) = match self.by {
            Period::Hour if self.per < 24 => ("%H", "%b %d"),
            Period::Hour | Period::Day => ("%d", "%b"),
            Period::Month => ("%m", "%Y"),
        };
        let mut lines = [Row::new(limit), Row::new(limit)];
        let mut before = None;
        let every = usize::from(LABEL_GAP.div_ceil(self.wide));
        let hours = self.hours_between_labels();
        for (place, begin) in self.begins.iter().enumerate() {
            let x = place * usize::from(self.wide);
            let is_labelled = match hours {
                Some(hours) => usize::try_from(begin.hour()).is_ok_and(|hour| hour % hours == 0),
                None => place.is_multiple_of(every),
            };
            let [upper, lower] = &mut lines;
            if is_labelled {
                upper.put(x, &begin.strftime(small).to_string());
            }
            let large = begin.strftime(large).to_string();
            if before.as_ref() != Some(&large) {
                lower.replace_if_close(x, &large);
                before = Some(large);
            }
        }
        lines.map(Row::text)
    }

    /// Hours of the day that are labelled: every second, third and so on.
    fn hours_between_labels(&self) -> Option<usize> {
        if self.by != Period::Hour || self.per >= 24 {
            return None;
        }
        [1, 2, 3, 4, 6, 12, 24].into_iter().find(|hours| {
            hours % self.per == 0 && hours / self.per * usize::from(self.wide) >= LABEL_GAP.into()
        })
    }
}

/// One line of labels.
struct Row {
    text: String,
    limit: usize,
    last: Option<usize>,
}

impl Row {
    fn new(limit: u16) -> Self {
        Self {
            text: String::new(),
            limit: limit.into(),
            last: None,
        }
    }

    /// Writes a label unless it would touch the one before.
    fn put(&mut self, x: usize, label: &str) {
        let is_free = self.text.is_empty() || x > self.text.len();
        if is_free && x + label.len() <= self.limit {
            self.text
                .extend(std::iter::repeat_n(' ', x - self.text.len()));
            self.text += label;
            self.last = Some(x);
        }
    }

    /// The same, but the first label, which stands under a piece that has begun before, gives way.
    fn replace_if_close(&mut self, x: usize, label: &str) {
        if self.last == Some(0) && x <= self.text.len() {
            self.text.clear();
        }
        self.put(x, label);
    }

    fn text(self) -> String {
        self.text
    }
}

fn utc(at: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(at)
}

fn floor(at: DateTime, by: Period) -> DateTime {
    let date = at.date();
    match by {
        Period::Hour => date.at(at.hour(), 0, 0, 0),
        Period::Day => date.at(0, 0, 0, 0),
        Period::Month => date.first_of_month().at(0, 0, 0, 0),
    }
}

/// How many pieces a column may have, so that it begins at a round time.
const fn steps(by: Period) -> &'static [usize] {
    match by {
        Period::Hour => &[1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 168],
        Period::Day => &[1, 2, 4, 7, 14, 28, 56],
        Period::Month => &[1, 2, 3, 6, 12, 24, 60],
    }
}

/// The round time at or before.
fn aligned(at: DateTime, by: Period, per: usize) -> DateTime {
    let back = |number: i8, per: usize| {
        let per = i8::try_from(per).unwrap_or(i8::MAX);
        number - number % per
    };
    match by {
        Period::Hour if per > 1 => at.date().at(back(at.hour(), per.min(24)), 0, 0, 0),
        Period::Month if per > 1 => {
            let month = back(at.month() - 1, per.min(12)) + 1;
            Date::new(at.year(), month, 1).map_or(at, |date| date.at(0, 0, 0, 0))
        }
        _ => at,
    }
}

fn cut(first: DateTime, until: DateTime, by: Period, per: usize) -> Vec<DateTime> {
    let per = i64::try_from(per).unwrap_or(1);
    let step = match by {
        Period::Hour => per.hours(),
        Period::Day => per.days(),
        Period::Month => per.months(),
    };
    let mut begins = vec![first];
    let mut at = first;
    while let Ok(next) = at.checked_add(step) {
        if next >= until || begins.len() >= MOST_PIECES {
            break;
        }
        begins.push(next);
        at = next;
    }
    begins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn fit(since: &str, until: &str, by: Period, room: u16) -> Timeline {
        Timeline::fit(at(since), at(until), by, room)
    }

    #[test]
    fn a_day_of_hours_fits_every_width() {
        let (since, until) = ("2026-11-21T14:20:00Z", "2026-11-22T14:20:00Z");
        for (room, columns, wide, words) in [
            (96, 25, 3, "by hour"),
            (56, 25, 2, "by hour"),
            (25, 25, 1, "by hour"),
            (24, 13, 1, "by 2 hours"),
            (10, 9, 1, "by 3 hours"),
            (1, 2, 1, "by 25 hours"),
        ] {
            let timeline = fit(since, until, Period::Hour, room);
            assert_eq!(
                (timeline.begins.len(), timeline.wide, timeline.in_words()),
                (columns, wide, words.to_owned()),
                "{room}"
            );
            assert!(timeline.width() <= room.max(2), "{room}");
        }
    }

    #[test]
    fn labels_stand_below_their_column() {
        for (since, by, room, above, below) in [
            (
                "2026-11-21T14:20:00Z",
                Period::Hour,
                56,
                "14  16  18  20  22  00  02  04  06  08  10  12  14",
                "Nov 21              Nov 22",
            ),
            (
                "2026-10-25T00:00:00Z",
                Period::Day,
                60,
                "25  27  29  31  02  04  06  08  10  12  14  16  18  20  22",
                "Oct           Nov",
            ),
            (
                "2025-10-01T00:00:00Z",
                Period::Month,
                60,
                "10  11  12  01  02  03  04  05  06  07  08  09  10  11",
                "2025        2026",
            ),
        ] {
            let timeline = fit(since, "2026-11-22T14:20:00Z", by, room);
            assert_eq!(timeline.labels(60), [above, below], "{since}");
        }
    }

    #[test]
    fn what_belongs_to_a_column_is_put_together() {
        let timeline = fit(
            "2026-11-21T22:00:00Z",
            "2026-11-22T02:00:00Z",
            Period::Hour,
            3,
        );
        assert_eq!(timeline.in_words(), "by 2 hours");
        let values = [
            (at("2026-11-21T22:00:00Z"), 1),
            (at("2026-11-21T23:00:00Z"), 2),
            (at("2026-11-22T01:00:00Z"), 4),
            (at("2026-11-20T01:00:00Z"), 8),
        ];
        assert_eq!(timeline.gather(values, |a, b| a + b), [3, 4]);
    }

    #[test]
    fn pieces_suit_the_span() {
        let until = at("2026-11-22T14:00:00Z");
        for (since, by) in [
            ("2026-11-21T14:00:00Z", Period::Hour),
            ("2026-11-15T14:00:00Z", Period::Day),
            ("2025-11-15T14:00:00Z", Period::Month),
        ] {
            assert_eq!(fitting(at(since), until), by);
        }
    }
}
