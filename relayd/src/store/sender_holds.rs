//! Senders whose mail waits while that of others on the same route goes on.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    AddressFilter, Store, StoreError,
    record::{Record, micros, storable},
    topic::Topic,
};
use crate::model::{RouteId, SenderHold};

impl Store {
    /// The senders that wait on a route, those whose time is over left out.
    pub async fn sender_holds(
        &self,
        route: RouteId,
        now: Timestamp,
    ) -> Result<Vec<SenderHold>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM sender_holds WHERE route_id = $1 AND until > $2 ORDER BY since, sender",
        )
        .bind(route.as_bytes().as_slice())
        .bind(micros(now))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("sender_holds", row);
                Ok(SenderHold {
                    sender: record.text("sender")?.to_owned(),
                    reason: record.parse("reason")?,
                    detail: record.text("detail")?.to_owned(),
                    since: record.time("since")?,
                    until: record.time("until")?,
                })
            })
            .collect()
    }

    /// Lets the mail of a sender wait.
    pub async fn hold_sender(&self, route: RouteId, hold: &SenderHold) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Lane(route)).await?;
        sqlx::query(
            "INSERT INTO sender_holds (route_id, sender, reason, detail, since, until)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (route_id, sender) DO UPDATE SET reason = excluded.reason,
                detail = excluded.detail, since = excluded.since, until = excluded.until",
        )
        .bind(route.as_bytes().as_slice())
        .bind(&hold.sender)
        .bind(hold.reason.code())
        .bind(storable(&hold.detail).into_owned())
        .bind(micros(hold.since))
        .bind(micros(hold.until))
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// Takes back this very hold, known by its sender and its beginning, and makes the mail of that
    /// sender due. Tells whether it stood.
    pub async fn lift_sender_hold(
        &self,
        route: RouteId,
        hold: &SenderHold,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_log().await?;
        let done = sqlx::query(
            "DELETE FROM sender_holds WHERE route_id = $1 AND sender = $2 AND since = $3",
        )
        .bind(route.as_bytes().as_slice())
        .bind(&hold.sender)
        .bind(micros(hold.since))
        .execute(&mut *tx)
        .await?;
        let stood = done.rows_affected() > 0;
        if stood {
            make_due(&mut tx, route, &hold.sender).await?;
        }
        tx.commit().await?;
        Ok(stood)
    }

    /// Lets every sender of a route go on, and makes their mail due.
    pub async fn release_senders(&self, route: RouteId) -> Result<(), StoreError> {
        let tx = self.begin_log().await?;
        let mut change = self.act_in(tx, Topic::Lane(route)).await?;
        // Nothing to tell where nobody waited.
        if !release(change.connection(), route).await? {
            return Ok(());
        }
        change.commit().await
    }
}

/// Lets every sender of a route go on, and makes their mail due, in a transaction that began with the
/// lock of the log. Tells whether any waited.
pub(super) async fn release(
    connection: &mut AnyConnection,
    route: RouteId,
) -> Result<bool, StoreError> {
    let rows = sqlx::query("DELETE FROM sender_holds WHERE route_id = $1 RETURNING sender")
        .bind(route.as_bytes().as_slice())
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let sender = Record::new("sender_holds", row).text("sender")?;
        make_due(connection, route, sender).await?;
    }
    Ok(!rows.is_empty())
}

/// What was put off until the end of the hold is as due as on the day it came. The rows are met in
/// any order, which is why the journal must not be settling some of them meanwhile.
async fn make_due(
    connection: &mut AnyConnection,
    route: RouteId,
    sender: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE messages SET due_at = accepted_at
         WHERE route_id = $1 AND state = 'queued' AND LOWER(reverse_path) LIKE $2 ESCAPE '\\'",
    )
    .bind(route.as_bytes().as_slice())
    .bind(AddressFilter::of(sender).pattern())
    .execute(connection)
    .await?;
    Ok(())
}
