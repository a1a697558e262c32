//! Webhooks: of the operator, who hears of everything, and of accounts, which hear of themselves.

mod delivery;

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{TryRng, rngs::SysRng};

use super::{Accounts, AdminError, Listing, account::refuse_ended, field::Fields};
use crate::{
    model::{
        Account, AccountId, DeliveryId, NotificationId, NotificationKind, Reach, Reason, Secret,
        Webhook, WebhookDelivery, WebhookId, WebhookState, WebhookUrl,
    },
    store::{InsertWebhookError, StoreError},
    webhook::{Request, SECRET_PREFIX},
};

/// Webhooks of one account, or of the operator.
const MOST: u32 = 20;

/// A new webhook as it was asked for.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told; everything when empty.
    pub events: Vec<NotificationKind>,
}

/// What changes of a webhook; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// Where it is.
    pub url: Option<String>,
    /// What it is told; everything when empty.
    pub events: Option<Vec<NotificationKind>>,
    /// Whether it is told anything.
    pub state: Option<WebhookState>,
}

/// A webhook with its secret.
#[derive(Debug, Clone)]
pub struct WebhookWithSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// To be shown once.
    pub secret: Secret,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTest {
    /// Whether it was taken.
    pub ok: bool,
    /// HTTP status; 0 when there was no answer.
    pub status: u16,
    /// What went wrong; empty when nothing did.
    pub detail: String,
    /// How long it took.
    pub elapsed: Duration,
}

impl Accounts {
    /// Creates a webhook of an account, or of the operator.
    pub async fn create_webhook(
        &self,
        owner: Option<&Account>,
        new: NewWebhook,
    ) -> Result<WebhookWithSecret, AdminError> {
        owner.map_or(Ok(()), refuse_ended)?;
        let account_id = owner.map(|account| account.id);
        let mut fields = Fields::default();
        fields.name("name", &new.name, ".-_", 64);
        let url = self.check_url(&mut fields, account_id, &new.url);
        check_events(&mut fields, account_id, &new.events);
        let url = fields.finish(url)?;
        let now = self.clock.now();
        let secret = new_secret()?;
        let webhook = Webhook {
            id: WebhookId::new(&self.ids, now),
            account_id,
            name: new.name,
            url,
            events: new.events,
            state: WebhookState::Active,
            note: String::new(),
            failing_since: None,
            created_at: now,
            version: 1,
        };
        self.store
            .insert_webhook(&webhook, &secret, MOST)
            .await
            .map_err(|error| match error {
                InsertWebhookError::OverLimit(count) => AdminError::refused(
                    Reason::StateConflict,
                    format!("there are {count} webhooks already, and no more are taken"),
                ),
                InsertWebhookError::Store(error) => AdminError::on_insert(error, &webhook.name),
            })?;
        tracing::info!(webhook = %webhook.name, host = webhook.url.authority(), "webhook created");
        Ok(WebhookWithSecret { webhook, secret })
    }

    /// The webhooks of an account, or of the operator, whose names stand behind `after`, by name.
    pub async fn list_webhooks(
        &self,
        owner: Option<AccountId>,
        after: &str,
        limit: u32,
    ) -> Result<Listing<Webhook>, AdminError> {
        let webhooks = self.store.webhooks(owner, after, limit + 1).await?;
        Ok(Listing::cut(webhooks, limit, |webhook| {
            webhook.name.clone()
        }))
    }

    /// The webhook that `key` names, by name or id, among those of an account or of the operator.
    pub async fn find_webhook(
        &self,
        owner: Option<AccountId>,
        key: &str,
    ) -> Result<Webhook, AdminError> {
        let found = match (self.store.webhook_by_name(owner, key).await?, key.parse()) {
            (None, Ok(id)) => self.store.webhook(id).await?,
            (found, _) => found,
        };
        found
            .filter(|webhook| webhook.account_id == owner)
            .ok_or_else(|| AdminError::not_found("webhook", key))
    }

    /// Changes a webhook, provided that it still has the version that the caller knows.
    pub async fn edit_webhook(
        &self,
        owner: Option<AccountId>,
        key: &str,
        change: WebhookChange,
        version: Option<i64>,
    ) -> Result<Webhook, AdminError> {
        let mut webhook = self.find_webhook(owner, key).await?;
        if version.is_some_and(|version| version != webhook.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let mut fields = Fields::default();
        if let Some(url) = &change.url
            && let Some(url) = self.check_url(&mut fields, owner, url)
        {
            webhook.url = url;
        }
        if let Some(events) = change.events {
            check_events(&mut fields, owner, &events);
            webhook.events = events;
        }
        fields.check()?;
        if let Some(state) = change.state {
            webhook.state = state;
            webhook.note = match state {
                WebhookState::Active => String::new(),
                WebhookState::Disabled => "switched off by a person".to_owned(),
            };
            webhook.failing_since = None;
        }
        self.store
            .update_webhook(&webhook, self.clock.now())
            .await
            .map_err(AdminError::on_update)?;
        webhook.version += 1;
        tracing::info!(webhook = %webhook.name, state = %webhook.state, "webhook changed");
        Ok(webhook)
    }

    /// Deletes a webhook, and what is on its way to it.
    pub async fn delete_webhook(
        &self,
        owner: Option<AccountId>,
        key: &str,
    ) -> Result<(), AdminError> {
        let webhook = self.find_webhook(owner, key).await?;
        let deleted = self.store.delete_webhook(webhook.id).await;
        deleted.map_err(|error| match error {
            StoreError::NotFound => AdminError::not_found("webhook", key),
            error => AdminError::Store(error),
        })?;
        tracing::info!(webhook = %webhook.name, "webhook deleted");
        Ok(())
    }

    /// Sends a webhook a `webhook.test`, once, and tells what came of it.
    pub async fn test_webhook(
        &self,
        owner: Option<&Account>,
        key: &str,
    ) -> Result<WebhookTest, AdminError> {
        let account_id = owner.map(|account| account.id);
        let webhook = self.find_webhook(account_id, key).await?;
        let now = self.clock.now();
        let spender = account_id.map_or_else(String::new, |id| id.to_string());
        self.throttles.webhook_test.admit(&spender, now)?;
        let id = NotificationId::new(&self.ids, now).to_string();
        let body = json!({
            "id": id,
            "type": "webhook.test",
            "time": now,
            "account": owner.map(|account| &account.name),
            "data": { "webhook": webhook.name },
        });
        let request = Request {
            url: webhook.url.clone(),
            reach: self.reach(account_id),
            id,
            at: now,
            body: Bytes::from(body.to_string()),
            secret: self.store.webhook_secret(&webhook).await?,
        };
        let begun = tokio::time::Instant::now();
        let answer = self.webhooks.send(request).await;
        if !answer.is_taken() {
            let (name, host) = (&webhook.name, webhook.url.authority());
            let (why, cause) = (answer.detail(), answer.cause());
            tracing::info!(webhook = %name, host, why, cause, "a webhook did not take its test");
        }
        Ok(WebhookTest {
            ok: answer.is_taken(),
            status: answer.status(),
            detail: answer.detail(),
            elapsed: begun.elapsed(),
        })
    }

    /// The deliveries of a webhook before the one of id `before`, the newest first.
    pub async fn list_deliveries(
        &self,
        webhook: &Webhook,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Listing<(WebhookDelivery, NotificationKind), DeliveryId>, AdminError> {
        let found = self.store.deliveries(webhook.id, before, limit + 1).await?;
        Ok(Listing::cut(found, limit, |(delivery, _)| delivery.id))
    }

    /// Where webhooks of an account may be, or those of the operator.
    fn reach(&self, account: Option<AccountId>) -> Reach {
        match account {
            None => Reach::Anywhere,
            Some(_) => Reach::Public(self.settings.webhook_networks.clone()),
        }
    }

    /// A name is judged when it is looked up, at each attempt; what the URL says itself, now.
    fn check_url(
        &self,
        fields: &mut Fields,
        account: Option<AccountId>,
        text: &str,
    ) -> Option<WebhookUrl> {
        let url: WebhookUrl = fields.parse("url", text)?;
        let reach = self.reach(account);
        let loopback = [127, 0, 0, 1].into();
        let address = url.address().or(url.is_plain().then_some(loopback));
        if address.is_some_and(|address| !reach.admits(address)) {
            let message = "must be on the public internet; the operator may allow other networks \
                           by webhooks.allow_networks of relayd.toml";
            fields.refuse("url", message);
        }
        Some(url)
    }
}

/// What no account is told of would never come.
fn check_events(fields: &mut Fields, account: Option<AccountId>, events: &[NotificationKind]) {
    if account.is_some() && events.contains(&NotificationKind::CertificateExpiring) {
        let message = format!(
            "{} is told to the operator only",
            NotificationKind::CertificateExpiring
        );
        fields.refuse("events", message);
    }
}

/// 256 random bits.
fn new_secret() -> Result<Secret, AdminError> {
    let mut key = zeroize::Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(key.as_mut_slice())
        .map_err(|error| AdminError::Internal(error.to_string()))?;
    let text = BASE64_STANDARD.encode(key.as_slice());
    Ok(Secret::new(format!("{SECRET_PREFIX}{text}")))
}
