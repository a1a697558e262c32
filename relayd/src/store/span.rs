//! Spans of time, and the rows that they are read from: those of hours at the ends, those of days
//! where a day was summed up.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use sqlx::AnyConnection;

use super::{
    StoreError,
    condition::Statement,
    record::{Record, micros},
    tally::{DAY, HOUR, day, hour},
};
use crate::model::{AccountId, SystemId, UserId};

/// A span of time and whose usage in it. The first and the last hour count whole.
#[derive(Debug, Clone)]
pub struct Span {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    /// Of this relay user only.
    pub user: Option<UserId>,
    /// Of this system only.
    pub system: Option<SystemId>,
    /// Of senders in this domain only, in lower case; of recipients where these are counted.
    pub domain: Option<String>,
    /// Beginning.
    pub since: Timestamp,
    /// End, not included.
    pub until: Timestamp,
}

impl Span {
    /// Everybody's.
    pub const fn of(since: Timestamp, until: Timestamp) -> Self {
        Self {
            account: None,
            user: None,
            system: None,
            domain: None,
            since,
            until,
        }
    }

    /// The beginning as it is counted: the hour that it falls in.
    pub fn first_hour(&self) -> Timestamp {
        Timestamp::from_microsecond(hour(self.since)).unwrap_or(self.since)
    }

    /// The beginning as it is counted by days.
    pub fn first_day(&self) -> Timestamp {
        Timestamp::from_microsecond(day(micros(self.since))).unwrap_or(self.since)
    }
}

/// A piece of a span, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// 60 minutes.
    Hour,
    /// From midnight to midnight.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    /// When the piece begins in which a time lies.
    pub fn beginning(self, time: Timestamp) -> Timestamp {
        let date = time.to_zoned(TimeZone::UTC).date();
        let date = match self {
            Self::Hour => return Timestamp::from_microsecond(hour(time)).unwrap_or(time),
            Self::Day => date,
            Self::Month => date.first_of_month(),
        };
        date.to_zoned(TimeZone::UTC)
            .map_or(time, |midnight| midnight.timestamp())
    }

    /// What rows are grouped by in SQL, of their column `begins`. Months are chunks of their own.
    pub(super) const fn key(self) -> Option<&'static str> {
        match self {
            Self::Hour => Some("begins"),
            Self::Day => Some("begins - begins % 86400000000"),
            Self::Month => None,
        }
    }
}

/// Rows of one kind, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Rows of days, not of hours.
    pub(super) is_by_day: bool,
    /// Beginning, in microseconds.
    pub(super) from: i64,
    /// End, not included.
    pub(super) to: i64,
}

/// A part of a span that is summed up by itself: within one calendar month. What is added up by the
/// database stays small, whatever the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// When the part begins.
    pub(super) begins: Timestamp,
    /// Its rows.
    pub(super) runs: Vec<Run>,
}

/// The parts of a span, oldest first. `tx` must see the same state of the store until they are
/// read.
pub(super) async fn chunks(
    tx: &mut AnyConnection,
    span: &Span,
    period: Option<Period>,
) -> Result<Vec<Chunk>, StoreError> {
    let from = hour(span.since);
    // The last hour counts whole.
    let to = -(-micros(span.until)).div_euclid(HOUR) * HOUR;
    let Some((first, last)) = read_ends(tx).await? else {
        return Ok(Vec::new());
    };
    // However long the span is, there is nothing outside of these.
    let (from, to) = (from.max(first), to.min(last + HOUR));
    let summed = if period == Some(Period::Hour) {
        BTreeSet::new()
    } else {
        read_summed(tx, from, to).await?
    };
    let mut chunks = Vec::new();
    let mut at = from;
    while at < to {
        let begins = Timestamp::from_microsecond(at).unwrap_or(span.since);
        let next = micros(next_month(begins)).clamp(at + HOUR, to);
        chunks.push(Chunk {
            begins,
            runs: joined(at, next, &summed),
        });
        at = next;
    }
    Ok(chunks)
}

/// The first and the last hour in which something was counted.
async fn read_ends(tx: &mut AnyConnection) -> Result<Option<(i64, i64)>, StoreError> {
    // One by one, each is the end of an index.
    let row = sqlx::query(
        "SELECT (SELECT MIN(hour) FROM usage) AS a, (SELECT MIN(hour) FROM error_counts) AS b,
            (SELECT MAX(hour) FROM usage) AS c, (SELECT MAX(hour) FROM error_counts) AS d",
    )
    .fetch_one(&mut *tx)
    .await?;
    let record = Record::new("usage", &row);
    let hour = |column| Ok::<_, StoreError>(record.time_optional(column)?.map(micros));
    let first = [hour("a")?, hour("b")?].into_iter().flatten().min();
    let last = [hour("c")?, hour("d")?].into_iter().flatten().max();
    Ok(first.zip(last))
}

fn next_month(time: Timestamp) -> Timestamp {
    let first = time.to_zoned(TimeZone::UTC).date().first_of_month();
    first
        .checked_add(jiff::Span::new().months(1))
        .and_then(|first| first.to_zoned(TimeZone::UTC))
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// The days that lie in a span as a whole and were summed up.
async fn read_summed(
    tx: &mut AnyConnection,
    from: i64,
    to: i64,
) -> Result<BTreeSet<i64>, StoreError> {
    let rows = sqlx::query("SELECT day FROM summed_days WHERE day >= $1 AND day <= $2")
        .bind(from)
        .bind(to - DAY)
        .fetch_all(&mut *tx)
        .await?;
    rows.iter()
        .map(|row| Record::new("summed_days", row).number("day"))
        .collect()
}

/// A span as runs, with the days that were summed up read by the day.
fn joined(from: i64, to: i64, summed: &BTreeSet<i64>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut add = |is_by_day, from, to| match runs.last_mut() {
        _ if from >= to => {}
        Some(last) if last.is_by_day == is_by_day => last.to = to,
        _ => runs.push(Run {
            is_by_day,
            from,
            to,
        }),
    };
    let mut at = from;
    for day in summed.range(from..).take_while(|day| **day + DAY <= to) {
        add(false, at, *day);
        add(true, *day, day + DAY);
        at = day + DAY;
    }
    add(false, at, to);
    runs
}

/// Adds the rows of a span from a table of hours and its table of days, in parentheses: their
/// `begins` and `columns`.
pub(super) fn select_runs(
    statement: &mut Statement,
    chunk: &Chunk,
    (hours, days): (&str, &str),
    columns: &str,
    narrow: impl Fn(&mut Statement),
) {
    let mut before = "(";
    for run in &chunk.runs {
        let (table, column) = if run.is_by_day {
            (days, "day")
        } else {
            (hours, "hour")
        };
        statement
            .text(before)
            .text(&format!(
                "SELECT {column} AS begins, {columns} FROM {table}"
            ))
            .with(&format!(" WHERE {column} >= ?"), run.from)
            .with(&format!(" AND {column} < ?"), run.to);
        narrow(statement);
        before = " UNION ALL ";
    }
    statement.text(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: i64, to: i64, summed: &[i64]) -> String {
        let summed = summed.iter().map(|day| day * DAY).collect();
        let run = |run: &Run| {
            let unit = if run.is_by_day { 'd' } else { 'h' };
            format!("{unit}{}-{}", run.from / HOUR, run.to / HOUR)
        };
        let runs = joined(from * HOUR, to * HOUR, &summed);
        runs.iter().map(run).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_are_read_whole_and_the_ends_by_the_hour() {
        for (from, to, summed, expected) in [
            (5, 100, &[][..], "h5-100"),
            (5, 100, &[1, 2, 3], "h5-24 d24-96 h96-100"),
            (25, 90, &[1, 2, 3], "h25-48 d48-72 h72-90"),
            (24, 96, &[1, 2, 3], "d24-96"),
            (24, 96, &[1, 3], "d24-48 h48-72 d72-96"),
            (0, 72, &[2], "h0-48 d48-72"),
            (7, 7, &[], ""),
        ] {
            assert_eq!(text(from, to, summed), expected, "{from} {to} {summed:?}");
        }
    }

    #[test]
    fn an_hour_lies_in_its_day_and_month() {
        let beginning = |period: Period, hour: &str| {
            let hour: Timestamp = hour.parse().unwrap();
            period.beginning(hour).to_string()
        };
        for (period, hour, expected) in [
            (Period::Hour, "2028-02-29T23:00:00Z", "2028-02-29T23:00:00Z"),
            (Period::Day, "2028-02-29T23:00:00Z", "2028-02-29T00:00:00Z"),
            (
                Period::Month,
                "2028-02-29T23:00:00Z",
                "2028-02-01T00:00:00Z",
            ),
            (
                Period::Month,
                "2027-01-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            assert_eq!(beginning(period, hour), expected);
        }
    }
}
