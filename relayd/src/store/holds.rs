//! Why lanes stand still.

use super::{
    Store, StoreError, notifications,
    record::{Record, micros, micros_optional, storable},
    sender_holds,
    topic::Topic,
};
use crate::model::{AccountId, Hold, RouteId};

impl Store {
    /// The hold of a route; `None` when its lane runs.
    pub async fn hold(&self, id: RouteId) -> Result<Option<Hold>, StoreError> {
        let row = sqlx::query("SELECT * FROM holds WHERE route_id = $1")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| read_hold(&Record::new("holds", &row)))
            .transpose()
    }

    /// The holds of all routes.
    pub async fn holds(&self) -> Result<Vec<(RouteId, Hold)>, StoreError> {
        let rows = sqlx::query("SELECT * FROM holds ORDER BY since, route_id")
            .fetch_all(self.reads())
            .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("holds", row);
                Ok((record.id("route_id")?, read_hold(&record)?))
            })
            .collect()
    }

    /// The account that a route belongs to.
    pub async fn account_of_route(&self, id: RouteId) -> Result<Option<AccountId>, StoreError> {
        let row = sqlx::query("SELECT account_id FROM routes WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| Record::new("routes", &row).id("account_id"))
            .transpose()
    }

    /// Stops a lane, or changes why it stands. What a person stopped stays so until it is cleared,
    /// whatever a running attempt meets meanwhile.
    pub async fn set_hold(&self, id: RouteId, hold: &Hold) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Lane(id)).await?;
        let done = sqlx::query(
            "INSERT INTO holds (route_id, kind, reason, detail, since, until)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (route_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
                detail = excluded.detail, since = excluded.since, until = excluded.until
             WHERE holds.kind <> 'manual' OR excluded.kind = 'manual'",
        )
        .bind(id.as_bytes().as_slice())
        .bind(hold.kind.as_str())
        .bind(hold.reason.code())
        .bind(storable(&hold.detail).into_owned())
        .bind(micros(hold.since))
        .bind(micros_optional(hold.until))
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 0 {
            change.keep_quiet();
        }
        change.commit().await
    }

    /// Takes back this very hold, known by its kind and its beginning; another that has taken its
    /// place stays. Tells whether it stood.
    pub async fn lift_hold(&self, id: RouteId, hold: &Hold) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done =
            sqlx::query("DELETE FROM holds WHERE route_id = $1 AND kind = $2 AND since = $3")
                .bind(id.as_bytes().as_slice())
                .bind(hold.kind.as_str())
                .bind(micros(hold.since))
                .execute(&mut *tx)
                .await?;
        let stood = done.rows_affected() > 0;
        if let Some(note) = self.note.as_deref().filter(|_| stood) {
            notifications::insert(&mut tx, note).await?;
        }
        tx.commit().await?;
        Ok(stood)
    }

    /// Lets a lane run again, and with it every sender that waits on its route. Their mail is due
    /// after [`Store::release_mail`].
    pub async fn clear_hold(&self, id: RouteId) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Lane(id)).await?;
        let done = sqlx::query("DELETE FROM holds WHERE route_id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        let had_senders = sender_holds::end(change.connection(), id).await?;
        if done.rows_affected() == 0 && !had_senders {
            change.keep_quiet();
        }
        change.commit().await
    }
}

fn read_hold(record: &Record<'_>) -> Result<Hold, StoreError> {
    Ok(Hold {
        kind: record.parse("kind")?,
        reason: record.parse("reason")?,
        detail: record.text("detail")?.to_owned(),
        since: record.time("since")?,
        until: record.time_optional("until")?,
    })
}
