//! Webhooks and what is on its way to them.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    notifications::{owner, read_owner},
    record::{Record, micros, micros_optional, storable},
    rows::Rows,
    topic::Topic,
};
use crate::model::{
    AccountId, DeliveryId, DeliveryState, NotificationKind, Secret, Webhook, WebhookDelivery,
    WebhookId, WebhookState,
};

/// What the secret of a webhook is sealed for.
const PURPOSE: &str = "webhooks.secret";

const SELECT: &str = "SELECT id, account_id, name, url, events, state, note, failing_since,
    created_at, version FROM webhooks";

const DELIVERY: &str = "SELECT id, webhook_id, notification_id, state, attempts, due_at, status,
    detail, created_at, finished_at FROM webhook_deliveries";

/// Why a webhook was not added.
#[derive(Debug, thiserror::Error)]
pub enum InsertWebhookError {
    /// There are as many as there may be.
    #[error("there are {0} webhooks already")]
    OverLimit(u32),
    /// Anything else; a conflict is a name that is taken.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a webhook with its secret, unless the account, or the operator, has `cap` of them
    /// already.
    pub async fn insert_webhook(
        &self,
        new: &Webhook,
        secret: &Secret,
        cap: u32,
    ) -> Result<(), InsertWebhookError> {
        let sealed = self
            .key()
            .seal(new.account_id.unwrap_or(AccountId::NONE), PURPOSE, secret)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        // Keeps two requests from taking the last place together.
        let tx = self.begin_owned(new.account_id).await?;
        let mut change = self.act_in(tx, Topic::Webhook(new.id)).await?;
        let count = count_webhooks(change.connection(), new.account_id).await?;
        if count >= cap {
            return Err(InsertWebhookError::OverLimit(count));
        }
        sqlx::query(
            "INSERT INTO webhooks (id, account_id, name, url, events, secret, state, note,
                failing_since, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(new.id.as_bytes().as_slice())
        .bind(owner(new.account_id))
        .bind(new.name.as_str())
        .bind(new.url.as_str())
        .bind(events_text(&new.events))
        .bind(sealed)
        .bind(new.state.as_str())
        .bind(new.note.as_str())
        .bind(micros_optional(new.failing_since))
        .bind(micros(new.created_at))
        .bind(new.version)
        .execute(change.connection())
        .await
        .map_err(StoreError::from)?;
        Ok(change.commit().await?)
    }

    /// The webhook of that id.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_webhook).transpose()
    }

    /// The webhook of that name, of an account or of the operator.
    pub async fn webhook_by_name(
        &self,
        account: Option<AccountId>,
        name: &str,
    ) -> Result<Option<Webhook>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name = $2"
        )))
        .bind(owner(account))
        .bind(name)
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_webhook).transpose()
    }

    /// At most `limit` webhooks of an account, or of the operator, whose names stand behind
    /// `after`, by name.
    pub async fn webhooks(
        &self,
        account: Option<AccountId>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3"
        )))
        .bind(owner(account))
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_webhook).collect()
    }

    /// The active webhooks that hear of what concerns `account`: the operator's, and its own.
    pub async fn webhooks_for(
        &self,
        account: Option<AccountId>,
    ) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE (account_id = $1 OR account_id = $2) AND state = 'active' ORDER BY id"
        )))
        .bind(owner(None))
        .bind(owner(account))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_webhook).collect()
    }

    /// The secret that a webhook's deliveries are signed with.
    pub async fn webhook_secret(&self, webhook: &Webhook) -> Result<Secret, StoreError> {
        let row = sqlx::query("SELECT id, secret FROM webhooks WHERE id = $1")
            .bind(webhook.id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?
            .ok_or(StoreError::NotFound)?;
        let record = Record::new("webhooks", &row);
        let account = webhook.account_id.unwrap_or(AccountId::NONE);
        self.key()
            .open(account, PURPOSE, record.bytes("secret")?)
            .map_err(|error| record.corrupt("secret", &error))
    }

    /// Writes what can be changed of a webhook, provided that its version is still the one given;
    /// `NotFound` when it is not. What waits for one that is not active any more is given up.
    pub async fn update_webhook(&self, webhook: &Webhook, at: Timestamp) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Webhook(webhook.id)).await?;
        let done = sqlx::query(
            "UPDATE webhooks SET url = $1, events = $2, state = $3, note = $4,
                failing_since = $5, version = version + 1
             WHERE id = $6 AND version = $7",
        )
        .bind(webhook.url.as_str())
        .bind(events_text(&webhook.events))
        .bind(webhook.state.as_str())
        .bind(webhook.note.as_str())
        .bind(micros_optional(webhook.failing_since))
        .bind(webhook.id.as_bytes().as_slice())
        .bind(webhook.version)
        .execute(change.connection())
        .await?;
        found(&done)?;
        if webhook.state == WebhookState::Disabled {
            sqlx::query(
                "UPDATE webhook_deliveries SET state = 'failed', finished_at = $1
                 WHERE webhook_id = $2 AND state = 'waiting'",
            )
            .bind(micros(at))
            .bind(webhook.id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        }
        change.commit().await
    }

    /// Deletes a webhook with its deliveries.
    pub async fn delete_webhook(&self, id: WebhookId) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Webhook(id)).await?;
        sqlx::query("DELETE FROM webhook_deliveries WHERE webhook_id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        let done = sqlx::query("DELETE FROM webhooks WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        found(&done)?;
        change.commit().await
    }

    /// Deliveries that are due, the earliest first: at most `each` for one webhook, so that one
    /// that does not answer leaves room for the others.
    pub async fn due_deliveries(
        &self,
        now: Timestamp,
        each: u32,
        limit: u32,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, webhook_id, notification_id, state, attempts, due_at, status, detail,
                created_at, finished_at
             FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY webhook_id ORDER BY due_at, id)
                        AS place
                   FROM webhook_deliveries d WHERE state = 'waiting' AND due_at <= $1) AS due
             WHERE place <= $2 ORDER BY due_at, id LIMIT $3",
        )
        .bind(micros(now))
        .bind(i64::from(each))
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_delivery).collect()
    }

    /// Writes what came of an attempt, unless somebody ended the delivery meanwhile, and notes
    /// whether the webhook takes anything.
    pub async fn settle_delivery(
        &self,
        delivery: &WebhookDelivery,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE webhook_deliveries SET state = $1, attempts = $2, due_at = $3, status = $4,
                detail = $5, finished_at = $6
             WHERE id = $7 AND state = 'waiting'",
        )
        .bind(delivery.state.as_str())
        .bind(i64::from(delivery.attempts))
        .bind(micros(delivery.due_at))
        .bind(i64::from(delivery.status))
        .bind(storable(&delivery.detail).into_owned())
        .bind(micros_optional(delivery.finished_at))
        .bind(delivery.id.as_bytes().as_slice())
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE webhooks SET failing_since = CASE WHEN $3 = 1 THEN NULL ELSE $2 END
             WHERE id = $1 AND (failing_since IS NULL) <> ($3 = 1)",
        )
        .bind(delivery.webhook_id.as_bytes().as_slice())
        .bind(micros(at))
        .bind(i64::from(delivery.state == DeliveryState::Delivered))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// At most `limit` deliveries of a webhook before the one of id `before`, the newest first,
    /// each with what it tells.
    pub async fn deliveries(
        &self,
        webhook: WebhookId,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<(WebhookDelivery, NotificationKind)>, StoreError> {
        let before = before.map_or_else(|| vec![0xff; 12], |id| id.as_bytes().to_vec());
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT d.*, n.kind AS kind FROM ({DELIVERY}) AS d
             JOIN notifications n ON n.id = d.notification_id
             WHERE d.webhook_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3"
        )))
        .bind(webhook.as_bytes().as_slice())
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let kind = Record::new("notifications", row).parse("kind")?;
                Ok((read_delivery(row)?, kind))
            })
            .collect()
    }
}

/// Adds deliveries; of a notification each webhook gets one.
pub(super) async fn insert_deliveries(
    connection: &mut AnyConnection,
    deliveries: &[WebhookDelivery],
) -> Result<(), StoreError> {
    static INSERT: Rows = Rows::of(
        "INSERT INTO webhook_deliveries (id, webhook_id, notification_id, state, attempts, due_at,
            status, detail, created_at) VALUES ",
        9,
        " ON CONFLICT (webhook_id, notification_id) DO NOTHING",
    );
    INSERT
        .execute(connection, deliveries, |delivery, values| {
            values
                .bytes(delivery.id.as_bytes())
                .bytes(delivery.webhook_id.as_bytes())
                .bytes(delivery.notification_id.as_bytes())
                .text(delivery.state.as_str())
                .number(delivery.attempts)
                .time(delivery.due_at)
                .number(delivery.status)
                .text(&delivery.detail)
                .time(delivery.created_at);
        })
        .await
}

fn events_text(events: &[NotificationKind]) -> String {
    let names: Vec<_> = events.iter().map(|kind| kind.as_str()).collect();
    names.join(" ")
}

async fn count_webhooks(
    connection: &mut AnyConnection,
    account: Option<AccountId>,
) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS webhooks FROM webhooks WHERE account_id = $1")
        .bind(owner(account))
        .fetch_one(connection)
        .await?;
    Record::new("webhooks", &row).number("webhooks")
}

fn read_webhook(row: &AnyRow) -> Result<Webhook, StoreError> {
    let record = Record::new("webhooks", row);
    let events = record.text("events")?.split(' ');
    let events = events.filter(|name| !name.is_empty()).map(str::parse);
    Ok(Webhook {
        id: record.id("id")?,
        account_id: read_owner(&record)?,
        name: record.text("name")?.to_owned(),
        url: record.parse("url")?,
        events: events
            .collect::<Result<_, _>>()
            .map_err(|error| record.corrupt("events", &error))?,
        state: record.parse("state")?,
        note: record.text("note")?.to_owned(),
        failing_since: record.time_optional("failing_since")?,
        created_at: record.time("created_at")?,
        version: record.number("version")?,
    })
}

fn read_delivery(row: &AnyRow) -> Result<WebhookDelivery, StoreError> {
    let record = Record::new("webhook_deliveries", row);
    Ok(WebhookDelivery {
        id: record.id("id")?,
        webhook_id: record.id("webhook_id")?,
        notification_id: record.id("notification_id")?,
        state: record.parse("state")?,
        attempts: record.number("attempts")?,
        due_at: record.time("due_at")?,
        status: record.number("status")?,
        detail: record.text("detail")?.to_owned(),
        created_at: record.time("created_at")?,
        finished_at: record.time_optional("finished_at")?,
    })
}
