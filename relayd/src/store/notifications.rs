//! What happened and is to be told: written with the change that made it happen, kept until it was
//! passed on and for a while after, so that the same cause is told once.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    record::{Record, micros, storable},
    rows::Rows,
    webhooks::insert_deliveries,
};
use crate::model::{AccountId, Notification, NotificationId, NotificationKind, WebhookDelivery};

const COLUMNS: &str = "id, account_id, once, content, at";

impl Store {
    /// The same store, whose next change of configuration, or of a hold, writes this notification
    /// with it: both last, or neither.
    #[must_use]
    pub fn noting(&self, notification: Notification) -> Self {
        Self {
            note: Some(Arc::new(notification)),
            ..self.clone()
        }
    }

    /// Writes a notification on its own. Tells whether it was the first of its cause.
    pub async fn note(&self, notification: &Notification) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let is_first = insert(&mut tx, notification).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    /// Notifications that wait to be passed on to customers and webhooks, the oldest first.
    pub async fn notifications_to_pass_on(
        &self,
        limit: u32,
    ) -> Result<Vec<Notification>, StoreError> {
        self.waiting("passed_on", limit).await
    }

    /// Notifications that the operator was not told of, the oldest first.
    pub async fn notifications_to_tell(&self, limit: u32) -> Result<Vec<Notification>, StoreError> {
        self.waiting("operator_told", limit).await
    }

    async fn waiting(&self, column: &str, limit: u32) -> Result<Vec<Notification>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM notifications WHERE {column} = 0 ORDER BY id LIMIT $1"
        )))
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_notification).collect()
    }

    /// The notification of that id.
    pub async fn notification(
        &self,
        id: NotificationId,
    ) -> Result<Option<Notification>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM notifications WHERE id = $1"
        )))
        .bind(id.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_notification).transpose()
    }

    /// Notes that a notification was passed on, with its deliveries to webhooks.
    pub async fn pass_on(
        &self,
        id: NotificationId,
        deliveries: &[WebhookDelivery],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        insert_deliveries(&mut tx, deliveries).await?;
        sqlx::query("UPDATE notifications SET passed_on = 1 WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes that the operator was told of these, or is not to be.
    pub async fn mark_told(&self, ids: &[NotificationId]) -> Result<(), StoreError> {
        static UPDATE: Rows = Rows::list(
            "UPDATE notifications SET operator_told = 1 WHERE id IN (",
            ")",
        );
        let mut tx = self.begin().await?;
        UPDATE
            .execute(&mut tx, ids, |id, values| {
                values.bytes(id.as_bytes());
            })
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Throws away what happened before `before`, told or not, with the deliveries of it. How many
    /// notifications that were.
    pub async fn sweep_notifications(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM webhook_deliveries WHERE created_at < $1")
            .bind(micros(before))
            .execute(&mut *tx)
            .await?;
        let done = sqlx::query("DELETE FROM notifications WHERE at < $1")
            .bind(micros(before))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

/// Writes a notification, unless there is one of the same cause. Tells whether it was written.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    notification: &Notification,
) -> Result<bool, StoreError> {
    let content = serde_json::to_string(&notification.occasion)
        .map_err(|error| StoreError::Conflict(format!("notifications.content: {error}")))?;
    let account = notification.account_id;
    let kind: NotificationKind = notification.occasion.kind();
    let done = sqlx::query(
        "INSERT INTO notifications (id, account_id, once, kind, content, at, passed_on,
            operator_told)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0) ON CONFLICT (once) DO NOTHING",
    )
    .bind(notification.id.as_bytes().as_slice())
    .bind(owner(account))
    .bind(storable(&notification.once).into_owned())
    .bind(kind.as_str())
    .bind(content)
    .bind(micros(notification.at))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What concerns no account has the empty id, as what belongs to the operator has.
pub(super) fn owner(account: Option<AccountId>) -> Vec<u8> {
    account.map_or_else(Vec::new, |account| account.as_bytes().to_vec())
}

/// The account of a row, where the empty id is none.
pub(super) fn read_owner(record: &Record<'_>) -> Result<Option<AccountId>, StoreError> {
    match record.bytes("account_id")? {
        [] => Ok(None),
        _ => record.id("account_id").map(Some),
    }
}

fn read_notification(row: &AnyRow) -> Result<Notification, StoreError> {
    let record = Record::new("notifications", row);
    let occasion = serde_json::from_str(record.text("content")?)
        .map_err(|error| record.corrupt("content", &error))?;
    Ok(Notification {
        id: record.id("id")?,
        account_id: read_owner(&record)?,
        once: record.text("once")?.to_owned(),
        occasion,
        at: record.time("at")?,
    })
}
