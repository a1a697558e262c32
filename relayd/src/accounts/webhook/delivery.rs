//! What is on its way to webhooks: tried, tried again for three days, given up.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::super::{Accounts, AdminError};
use crate::{
    model::{
        DeliveryState, Notification, Occasion, Webhook, WebhookDelivery, WebhookId, WebhookState,
    },
    store::{Origin, StoreError},
    webhook::{Answer, Request, Silence},
};

/// Waits after the first failed attempt, the second, and so on: three days in all.
const WAITS: [SignedDuration; 11] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(15),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(18),
    SignedDuration::from_hours(24),
];
/// A webhook that took nothing for so long is disabled.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Webhooks that are served at a time.
const AT_ONCE: usize = 8;
/// Deliveries of one webhook in a round, and of all.
const EACH: u32 = 10;
const ROUND: u32 = 200;
/// Most characters of what went wrong that are kept.
const DETAIL: usize = 300;

/// What a program gets.
#[derive(Serialize)]
struct Payload<'n> {
    id: String,
    #[serde(flatten)]
    occasion: &'n Occasion,
    time: Timestamp,
    account: Option<&'n str>,
}

impl Accounts {
    /// Makes the attempts that are due. Whether there may be more.
    pub async fn deliver_to_webhooks(&self) -> Result<bool, AdminError> {
        let now = self.clock.now();
        let due = self.store.due_deliveries(now, EACH, ROUND).await?;
        let mut by_webhook: BTreeMap<WebhookId, Vec<WebhookDelivery>> = BTreeMap::new();
        for delivery in due {
            let waiting = by_webhook.entry(delivery.webhook_id).or_default();
            waiting.push(delivery);
        }
        let is_full = by_webhook.values().any(|due| due.len() >= EACH as usize);
        let served = stream::iter(by_webhook)
            .map(|(webhook, deliveries)| self.serve(webhook, deliveries))
            .buffer_unordered(AT_ONCE);
        let results: Vec<_> = served.collect().await;
        results.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(is_full)
    }

    /// One after the other, and no more in this round once one has failed.
    async fn serve(
        &self,
        id: WebhookId,
        deliveries: Vec<WebhookDelivery>,
    ) -> Result<(), AdminError> {
        for mut delivery in deliveries {
            // Somebody may have changed or deleted it meanwhile.
            let Some(webhook) = self.store.webhook(id).await? else {
                return Ok(());
            };
            let answer = self.attempt(&webhook, &delivery).await?;
            let is_taken = answer.is_taken();
            let now = self.clock.now();
            note_attempt(&mut delivery, &answer, now);
            self.store.settle_delivery(&delivery, now).await?;
            tell(&webhook, &delivery, answer.cause());
            if !is_taken {
                return self.judge(&webhook, &delivery, &answer).await;
            }
        }
        Ok(())
    }

    async fn attempt(
        &self,
        webhook: &Webhook,
        delivery: &WebhookDelivery,
    ) -> Result<Answer, AdminError> {
        let nothing = |told: &str| Ok(Answer::Nothing(Silence::new(told)));
        if webhook.state != WebhookState::Active {
            return nothing("the webhook is disabled");
        }
        let notification = self.store.notification(delivery.notification_id).await?;
        let Some(notification) = notification else {
            return nothing("what was to be told is not known any more");
        };
        let secret = match self.store.webhook_secret(webhook).await {
            Ok(secret) => secret,
            Err(error @ StoreError::Corrupt { .. }) => {
                let silence = Silence::because("its secret cannot be read", error.to_string());
                return Ok(Answer::Nothing(silence));
            }
            Err(error) => return Err(error.into()),
        };
        let request = Request {
            url: webhook.url.clone(),
            reach: self.reach(webhook.account_id),
            id: notification.id.to_string(),
            at: self.clock.now(),
            body: self.body(&notification).await?,
            secret,
        };
        Ok(self.webhooks.send(request).await)
    }

    async fn body(&self, notification: &Notification) -> Result<Bytes, AdminError> {
        let account = self.account_of_notification(notification).await?;
        let payload = Payload {
            id: notification.id.to_string(),
            occasion: &notification.occasion,
            time: notification.at,
            account: account.as_ref().map(|account| account.name.as_str()),
        };
        let json = serde_json::to_vec(&payload);
        json.map(Bytes::from)
            .map_err(|error| AdminError::Internal(error.to_string()))
    }

    /// Disables a webhook that wants nothing more, or has taken nothing for days.
    async fn judge(
        &self,
        webhook: &Webhook,
        delivery: &WebhookDelivery,
        answer: &Answer,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let gave_up = delivery.state == DeliveryState::Failed;
        let is_dead = webhook
            .failing_since
            .is_some_and(|since| now.duration_since(since) >= PATIENCE);
        if webhook.state != WebhookState::Active || !(answer.is_gone() || (gave_up && is_dead)) {
            return Ok(());
        }
        let mut disabled = webhook.clone();
        disabled.state = WebhookState::Disabled;
        disabled.note.clone_from(&delivery.detail);
        let (actor, source) = ("relayd".to_owned(), "webhooks".to_owned());
        let mut origin = Origin::new(now, actor, source, "DisableWebhook");
        origin.object = format!("/v1/webhooks/{}", webhook.id);
        origin.account = webhook.account_id;
        let occasion = Occasion::WebhookDisabled {
            webhook: webhook.name.clone(),
            detail: delivery.detail.clone(),
        };
        let cause = format!("{} {}", webhook.id, webhook.version);
        let account = webhook.account_id;
        let note = Notification::new(&self.ids, now, account, occasion, cause);
        let store = self.store.on_behalf_of(Arc::new(origin)).noting(note);
        match store.update_webhook(&disabled, now).await {
            // Somebody has just changed it, and shall see what comes of that.
            Err(StoreError::NotFound) => Ok(()),
            done => Ok(done?),
        }
    }
}

/// Writes down what came of an attempt, and when the next one follows.
fn note_attempt(delivery: &mut WebhookDelivery, answer: &Answer, now: Timestamp) {
    let wait = usize::try_from(delivery.attempts)
        .ok()
        .and_then(|failed| WAITS.get(failed));
    delivery.attempts = delivery.attempts.saturating_add(1);
    delivery.status = answer.status();
    delivery.detail = answer.detail().chars().take(DETAIL).collect();
    delivery.state = match wait {
        _ if answer.is_taken() => DeliveryState::Delivered,
        Some(wait) if !answer.is_gone() => {
            delivery.due_at = now + *wait;
            DeliveryState::Waiting
        }
        _ => DeliveryState::Failed,
    };
    delivery.finished_at = (delivery.state != DeliveryState::Waiting).then_some(now);
}

/// `cause` is for the log only.
fn tell(webhook: &Webhook, delivery: &WebhookDelivery, cause: &str) {
    let (name, id, attempts) = (&webhook.name, delivery.id, delivery.attempts);
    let (host, why) = (webhook.url.authority(), &delivery.detail);
    match delivery.state {
        DeliveryState::Delivered => {
            tracing::debug!(webhook = %name, %id, attempts, "a webhook was told");
        }
        DeliveryState::Waiting => {
            tracing::info!(webhook = %name, host, %id, attempts, why, cause, "a webhook takes nothing");
        }
        DeliveryState::Failed => {
            tracing::warn!(webhook = %name, host, %id, attempts, why, cause, "a webhook was given up");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DeliveryId, NotificationId};

    fn delivery() -> WebhookDelivery {
        WebhookDelivery {
            id: DeliveryId::NONE,
            webhook_id: WebhookId::NONE,
            notification_id: NotificationId::NONE,
            state: DeliveryState::Waiting,
            attempts: 0,
            due_at: Timestamp::UNIX_EPOCH,
            status: 0,
            detail: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
        }
    }

    #[test]
    fn attempts_follow_for_three_days() {
        let (mut it, mut now) = (delivery(), Timestamp::UNIX_EPOCH);
        let mut waits = Vec::new();
        while it.state == DeliveryState::Waiting {
            note_attempt(&mut it, &Answer::Status(503), now);
            waits.push(it.due_at.duration_since(now));
            now = it.due_at;
        }
        assert_eq!(it.attempts, 12);
        assert_eq!(waits[0], SignedDuration::from_secs(5));
        assert!(now.duration_since(Timestamp::UNIX_EPOCH) >= PATIENCE);
        assert_eq!((it.status, it.detail.as_str()), (503, "answered 503"));
        assert_eq!(
            (it.state, it.finished_at),
            (DeliveryState::Failed, Some(now))
        );
    }

    #[test]
    fn an_answer_ends_it_or_not() {
        use DeliveryState::{Delivered, Failed, Waiting};
        for (answer, expected) in [
            (Answer::Status(200), Delivered),
            (Answer::Status(204), Delivered),
            (Answer::Status(302), Waiting),
            (Answer::Status(404), Waiting),
            (Answer::Status(410), Failed),
            (Answer::Status(500), Waiting),
            (Answer::Nothing(Silence::new("no connection")), Waiting),
        ] {
            let mut it = delivery();
            note_attempt(&mut it, &answer, Timestamp::UNIX_EPOCH);
            assert_eq!(it.state, expected, "{answer:?}");
            assert_eq!(it.detail.is_empty(), expected == Delivered);
        }
    }
}
