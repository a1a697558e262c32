//! Webhooks and their deliveries.

use relay_proto as proto;

use crate::model;

pub(in crate::api) fn webhook(webhook: model::Webhook, account: Option<String>) -> proto::Webhook {
    proto::Webhook {
        id: webhook.id.to_string(),
        name: webhook.name,
        account,
        url: webhook.url.to_string(),
        events: webhook.events.into_iter().map(Into::into).collect(),
        state: webhook.state.into(),
        note: webhook.note,
        failing_since: webhook.failing_since,
        created_at: webhook.created_at,
        version: webhook.version,
    }
}

pub(in crate::api) fn delivery(
    (delivery, kind): (model::WebhookDelivery, model::NotificationKind),
) -> proto::WebhookDelivery {
    let is_waiting = delivery.state == model::DeliveryState::Waiting;
    proto::WebhookDelivery {
        id: delivery.id.to_string(),
        event: delivery.notification_id.to_string(),
        kind: kind.into(),
        state: delivery.state.into(),
        attempts: delivery.attempts,
        status: delivery.status,
        detail: delivery.detail,
        due_at: is_waiting.then_some(delivery.due_at),
        created_at: delivery.created_at,
        finished_at: delivery.finished_at,
    }
}
