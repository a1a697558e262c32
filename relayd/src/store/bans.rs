//! Bans over restarts. The ones in force are in memory; here they are only kept.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    record::{Record, micros},
    rows::Rows,
};
use crate::model::{Ban, Network};

static WRITE: Rows = Rows::of(
    "INSERT INTO bans (network, username, times, banned_at, ends_at) VALUES ",
    5,
    " ON CONFLICT (network) DO UPDATE SET username = excluded.username, times = excluded.times,
        banned_at = excluded.banned_at, ends_at = excluded.ends_at",
);

static DELETE: Rows = Rows::list("DELETE FROM bans WHERE network IN (", ")");

impl Store {
    /// At most `limit` bans, those that end last first.
    pub async fn bans(&self, limit: u32) -> Result<Vec<Ban>, StoreError> {
        let rows = sqlx::query(
            "SELECT network, username, times, banned_at, ends_at FROM bans
             ORDER BY ends_at DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_ban).collect()
    }

    /// Writes bans, each in place of an earlier one of its network, and drops others. No change
    /// of configuration: the caches may stay.
    pub async fn write_bans(&self, bans: &[Ban], dropped: &[Network]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        WRITE
            .execute(&mut tx, bans, |ban, values| {
                values
                    .text(&ban.network.to_string())
                    .text(&ban.username)
                    .number(ban.times)
                    .time(ban.since)
                    .time(ban.until);
            })
            .await?;
        DELETE
            .execute(&mut tx, dropped, |network, values| {
                values.text(&network.to_string());
            })
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Drops the bans that ended before then. Gives how many.
    pub async fn sweep_bans(&self, ended_before: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM bans WHERE ends_at < $1")
            .bind(micros(ended_before))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

fn read_ban(row: &AnyRow) -> Result<Ban, StoreError> {
    let record = Record::new("bans", row);
    Ok(Ban {
        network: record.parse("network")?,
        username: record.text("username")?.to_owned(),
        times: record.number("times")?,
        since: record.time("banned_at")?,
        until: record.time("ends_at")?,
    })
}
