//! Summing up: the hours of a day that is over become the rows of a day, so that years are read
//! fast. Both say the same to the last mail.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    record::{Record, micros},
    rows::Rows,
    tally::{DAY, Place, day},
};
use crate::model::Histogram;

impl Store {
    /// Sums up all days before the one of `now` that are not. Gives how many were. Days at a time
    /// are a transaction each, so that mail does not wait for long.
    pub async fn sum_up_days(&self, now: Timestamp) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT MIN(hour) AS first_hour FROM
               (SELECT MIN(hour) AS hour FROM usage
                UNION ALL SELECT MIN(hour) AS hour FROM error_counts) AS hours",
        )
        .fetch_one(self.reads())
        .await?;
        let Some(first) = Record::new("usage", &row).time_optional("first_hour")? else {
            return Ok(0);
        };
        let rows = sqlx::query("SELECT day FROM summed_days")
            .fetch_all(self.reads())
            .await?;
        let summed = rows
            .iter()
            .map(|row| Record::new("summed_days", row).number("day"))
            .collect::<Result<BTreeSet<i64>, _>>()?;
        let (mut next, today, mut count) = (day(micros(first)), day(micros(now)), 0);
        while next < today {
            if !summed.contains(&next) {
                self.sum_up(next).await?;
                count += 1;
            }
            next += DAY;
        }
        Ok(count)
    }

    async fn sum_up(&self, day: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if let Some(lock) = self.engine().summing_lock() {
            sqlx::query(lock).execute(&mut *tx).await?;
        }
        for text in SUM_UP {
            sqlx::query(text).bind(day).execute(&mut *tx).await?;
        }
        shorten(&mut tx, day).await?;
        Ok(tx.commit().await?)
    }
}

/// What sums up the day `$1`. SUM of BIGINT is NUMERIC on PostgreSQL.
const SUM_UP: [&str; 5] = [
    "DELETE FROM usage_days WHERE day = $1",
    "DELETE FROM error_days WHERE day = $1",
    "INSERT INTO usage_days (day, account_id, user_id, system_id, domain, accepted, notices,
        recipients, bytes, delivered, failed, cancelled, deferred, times)
     SELECT $1, account_id, user_id, system_id, domain,
        CAST(SUM(accepted) AS BIGINT), CAST(SUM(notices) AS BIGINT),
        CAST(SUM(recipients) AS BIGINT), CAST(SUM(bytes) AS BIGINT),
        CAST(SUM(delivered) AS BIGINT), CAST(SUM(failed) AS BIGINT),
        CAST(SUM(cancelled) AS BIGINT), CAST(SUM(deferred) AS BIGINT), string_agg(times, '')
     FROM usage WHERE hour >= $1 AND hour < $1 + 86400000000
     GROUP BY account_id, user_id, system_id, domain",
    "INSERT INTO error_days (day, account_id, user_id, system_id, domain, kind, reason, count)
     SELECT $1, account_id, user_id, system_id, domain, kind, reason, CAST(SUM(count) AS BIGINT)
     FROM error_counts WHERE hour >= $1 AND hour < $1 + 86400000000
     GROUP BY account_id, user_id, system_id, domain, kind, reason",
    "INSERT INTO summed_days (day) VALUES ($1) ON CONFLICT (day) DO NOTHING",
];

/// Adds up the histograms of a day, which stand one after the other.
async fn shorten(tx: &mut AnyConnection, day: i64) -> Result<(), StoreError> {
    static SHORTEN: Rows = Rows::of(
        "UPDATE usage_days SET times = v.column6 FROM (VALUES ",
        6,
        ") AS v WHERE usage_days.day = v.column1 AND usage_days.account_id = v.column2
            AND usage_days.user_id = v.column3 AND usage_days.system_id = v.column4
            AND usage_days.domain = v.column5",
    );
    let rows = sqlx::query(
        "SELECT account_id, user_id, system_id, domain, times FROM usage_days
         WHERE day = $1 AND times <> ''",
    )
    .bind(day)
    .fetch_all(&mut *tx)
    .await?;
    let sums = rows
        .iter()
        .map(|row| {
            let record = Record::new("usage_days", row);
            let place = Place {
                hour: day,
                account: record.id("account_id")?,
                user: record.id("user_id")?,
                system: record.id("system_id")?,
                domain: record.text("domain")?.to_owned(),
            };
            Ok((place, record.histogram("times")?))
        })
        .collect::<Result<Vec<(Place, Histogram)>, StoreError>>()?;
    SHORTEN
        .execute(tx, &sums, |(place, times), values| {
            values
                .number(place.hour)
                .bytes(place.account.as_bytes())
                .bytes(place.user.as_bytes())
                .bytes(place.system.as_bytes())
                .text(&place.domain)
                .text(&times.to_string());
        })
        .await
}
