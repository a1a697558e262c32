//! Senders whose mail waits while that of others on the same route goes on.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    addresses::is_among,
    condition::Statement,
    locks::lock_messages,
    record::{Record, micros, storable},
    topic::Topic,
};
use crate::model::{MessageId, RouteId, SenderHold};

/// Senders whose mail is looked for at a time; a statement takes some 32,000 values.
const SENDERS: usize = 5000;
/// Messages that are looked for at a time.
const FOUND: usize = 100_000;
/// Messages that become due in one transaction: the journal waits meanwhile.
const PIECE: usize = 200;

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

    /// Lets the mail of a sender wait. Forgets holds of the route whose time is over.
    pub async fn hold_sender(&self, route: RouteId, hold: &SenderHold) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Lane(route)).await?;
        sqlx::query(
            "DELETE FROM sender_holds WHERE route_id = $1 AND until > since AND until <= $2",
        )
        .bind(route.as_bytes().as_slice())
        .bind(micros(hold.since))
        .execute(change.connection())
        .await?;
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

    /// Takes back this very hold, known by its sender and its beginning. Its mail is due after
    /// [`Store::release_mail`]. Tells whether it stood.
    pub async fn lift_sender_hold(
        &self,
        route: RouteId,
        hold: &SenderHold,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE sender_holds SET until = since
             WHERE route_id = $1 AND sender = $2 AND since = $3 AND until > since",
        )
        .bind(route.as_bytes().as_slice())
        .bind(&hold.sender)
        .bind(micros(hold.since))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Lets every sender of a route go on. Their mail is due after [`Store::release_mail`].
    pub async fn release_senders(&self, route: RouteId) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Lane(route)).await?;
        // Nothing to tell where nobody waited.
        if !end(change.connection(), route).await? {
            return Ok(());
        }
        change.commit().await
    }

    /// Makes the mail of senders due that were let go on, and forgets their holds. Those are kept
    /// until then with no time left, so that what is cut off midway is done by the next call. For
    /// the lane itself, before it takes up mail: one that still knew the holds would put it off.
    pub async fn release_mail(&self, route: RouteId) -> Result<(), StoreError> {
        let rows =
            sqlx::query("SELECT sender FROM sender_holds WHERE route_id = $1 AND until <= since")
                .bind(route.as_bytes().as_slice())
                .fetch_all(self.reads())
                .await?;
        let senders = rows.iter().map(|row| {
            let record = Record::new("sender_holds", row);
            Ok(record.text("sender")?.to_owned())
        });
        let senders = senders.collect::<Result<Vec<_>, StoreError>>()?;
        for senders in senders.chunks(SENDERS) {
            self.release_mail_of(route, senders).await?;
        }
        Ok(())
    }

    async fn release_mail_of(&self, route: RouteId, senders: &[String]) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let found = self.put_off(route, senders, after).await?;
            for piece in found.chunks(PIECE) {
                self.make_due(route, piece).await?;
            }
            match found.last() {
                Some(last) if found.len() == FOUND => after = Some(*last),
                _ => break,
            }
        }
        let mut tx = self.begin().await?;
        Statement::new("DELETE FROM sender_holds WHERE until <= since")
            .with(" AND route_id = ?", route.as_bytes())
            .text(" AND ")
            .is_in("sender", senders.iter().map(String::as_str))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Mail of these senders that waits for a later time, by id, behind the one `after` if any.
    async fn put_off(
        &self,
        route: RouteId,
        senders: &[String],
        after: Option<MessageId>,
    ) -> Result<Vec<MessageId>, StoreError> {
        // The limit within keeps SQLite from walking all messages by id, to save the sorting.
        let mut select = Statement::new(
            "SELECT id FROM (SELECT id FROM messages
             WHERE state = 'queued' AND due_at > accepted_at",
        );
        select.with(" AND route_id = ?", route.as_bytes());
        select.and("id > ?", after.as_ref().map(MessageId::as_bytes));
        select.text(" AND ");
        is_among(&mut select, "reverse_path", senders);
        select.with(" LIMIT ?) AS w", i64::MAX);
        select.with(
            " ORDER BY id LIMIT ?",
            i64::try_from(FOUND).unwrap_or(i64::MAX),
        );
        let rows = select.fetch_all(self.reads()).await?;
        rows.iter()
            .map(|row| Record::new("messages", row).id("id"))
            .collect()
    }

    /// What was put off until the end of a hold is as due as on the day it came.
    async fn make_due(&self, route: RouteId, ids: &[MessageId]) -> Result<(), StoreError> {
        let mut tx = self.begin_log().await?;
        lock_messages(&mut tx, self.engine(), ids).await?;
        let mut update = Statement::new("UPDATE messages SET due_at = accepted_at WHERE ");
        update.is_in("id", ids.iter().map(MessageId::as_bytes));
        update.with(" AND state = 'queued' AND route_id = ?", route.as_bytes());
        update.execute(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Ends every hold of a sender on a route. Tells whether any stood.
pub(super) async fn end(
    connection: &mut AnyConnection,
    route: RouteId,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE sender_holds SET until = since WHERE route_id = $1 AND until > since")
            .bind(route.as_bytes().as_slice())
            .execute(connection)
            .await?;
    Ok(done.rows_affected() > 0)
}
