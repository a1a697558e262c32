//! Places in the log: how they are written, and where to begin.

use jiff::{SignedDuration, Timestamp};

use super::{TailFilter, select::Table};
use crate::store::{
    Store, StoreError,
    record::{Record, micros},
};

/// Numbers of each kind among which the latest entries are looked for.
const LOOK_BACK: i64 = 50_000;
/// What is written may be dated a little before what was written already.
const DISORDER: SignedDuration = SignedDuration::from_mins(10);

/// A place in the log: the last event and the last refusal before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogPlace {
    pub(super) event: i64,
    pub(super) refusal: i64,
}

/// A text that is no place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of an earlier event")]
pub struct NoLogPlace;

impl std::fmt::Display for LogPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.event, self.refusal)
    }
}

impl std::str::FromStr for LogPlace {
    type Err = NoLogPlace;

    fn from_str(text: &str) -> Result<Self, NoLogPlace> {
        let number = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = is_plain.then(|| text.parse().ok()).flatten();
            number.ok_or(NoLogPlace)
        };
        let (event, refusal) = text.split_once('-').ok_or(NoLogPlace)?;
        Ok(Self {
            event: number(event)?,
            refusal: number(refusal)?,
        })
    }
}

impl Store {
    /// The end of the log.
    pub async fn log_head(&self) -> Result<LogPlace, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM events) AS event,
                    (SELECT COALESCE(MAX(id), 0) FROM refusals) AS refusal",
        )
        .fetch_one(self.reads())
        .await?;
        let record = Record::new("events", &row);
        Ok(LogPlace {
            event: record.number("event")?,
            refusal: record.number("refusal")?,
        })
    }

    /// A place that nothing of that time or later lies before.
    pub async fn log_since(&self, since: Timestamp) -> Result<LogPlace, StoreError> {
        let head = self.log_head().await?;
        let since = micros(since.saturating_sub(DISORDER).unwrap_or(Timestamp::MIN));
        Ok(LogPlace {
            event: self.before(Table::Events, since, head.event).await?,
            refusal: self.before(Table::Refusals, since, head.refusal).await?,
        })
    }

    /// The last number of a time before `since`, by bisection: numbers are about in the order of
    /// time, and an index for this alone would cost every mail something.
    async fn before(&self, table: Table, since: i64, head: i64) -> Result<i64, StoreError> {
        let text = match table {
            Table::Events => {
                "SELECT id AS number, at FROM events WHERE id > $1 ORDER BY id LIMIT 1"
            }
            Table::Refusals => {
                "SELECT id AS number, at FROM refusals WHERE id > $1 ORDER BY id LIMIT 1"
            }
        };
        let (mut low, mut high) = (0, head);
        while low < high {
            let middle = low + (high - low) / 2;
            let row = sqlx::query(text).bind(middle).fetch_optional(self.reads());
            let Some(row) = row.await? else {
                high = middle;
                continue;
            };
            let record = Record::new("events", &row);
            let (number, at): (i64, i64) = (record.number("number")?, record.number("at")?);
            if number <= high && at < since {
                low = number;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The place before the latest `count` entries that the filter names, as far as they are
    /// among the latest tens of thousands of all.
    pub async fn log_last(&self, filter: &TailFilter, count: u32) -> Result<LogPlace, StoreError> {
        let head = self.log_head().await?;
        let mut found = Vec::new();
        for (table, head) in [(Table::Events, head.event), (Table::Refusals, head.refusal)] {
            let span = (head.saturating_sub(LOOK_BACK), head);
            let Some(mut statement) = filter.select(table, table.numbers(), span) else {
                continue;
            };
            statement.text(table.newest_first());
            statement.with(" LIMIT ?", i64::from(count));
            for row in statement.fetch_all(self.reads()).await? {
                let record = Record::new("events", &row);
                let (number, at): (i64, i64) = (record.number("number")?, record.number("at")?);
                found.push((at, table, number));
            }
        }
        found.sort_by_key(|(at, _, number)| std::cmp::Reverse((*at, *number)));
        found.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        let first = |of: Table, head: i64| {
            let numbers = found.iter().filter(|(_, table, _)| *table == of);
            numbers
                .map(|(_, _, number)| number - 1)
                .min()
                .unwrap_or(head)
        };
        Ok(LogPlace {
            event: first(Table::Events, head.event),
            refusal: first(Table::Refusals, head.refusal),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_is_one() {
        let place = LogPlace {
            event: 17,
            refusal: 4,
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in [
            "",
            "17",
            "-",
            "17-",
            "-4",
            "+1-2",
            "1--2",
            "1-2-3",
            "9999999999999999999-1",
        ] {
            assert_eq!(text.parse::<LogPlace>(), Err(NoLogPlace), "{text}");
        }
    }
}
