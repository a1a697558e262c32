//! Webhooks: where programs are told what happens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints, words::words};

words! {
    /// What a webhook can be told of: the `type` of what it gets.
    EventType {
        /// A registration waits for the operator.
        AccountWaiting = "account.waiting",
        /// An account may send.
        AccountActivated = "account.activated",
        /// A registration was not accepted.
        AccountRejected = "account.rejected",
        /// An account was stopped.
        AccountSuspended = "account.suspended",
        /// A stopped account goes on.
        AccountResumed = "account.resumed",
        /// An account has ended.
        AccountClosed = "account.closed",
        /// A lane stands still.
        LaneHeld = "lane.held",
        /// A lane goes on.
        LaneReleased = "lane.released",
        /// The server of a route refuses its credentials, and the lane stands still.
        CredentialsRejected = "credentials.rejected",
        /// A relay user has used 80 % of a limit of the day.
        QuotaWarning = "quota.warning",
        /// A relay user has used a limit of the day up.
        QuotaReached = "quota.reached",
        /// A certificate of a listener ends soon.
        CertificateExpiring = "certificate.expiring",
        /// A token ends soon.
        TokenExpiring = "token.expiring",
        /// What a route signs in with ends soon: a secret, a certificate, the sign-in of a person.
        RouteExpiring = "route.expiring",
        /// A domain is not proven any more.
        DomainFailing = "domain.failing",
        /// A webhook took nothing for days and gets nothing more.
        WebhookDisabled = "webhook.disabled",
    }
}

words! {
    /// Whether a webhook is told anything.
    WebhookState {
        /// It is.
        Active = "active",
        /// It took nothing for days, or somebody switched it off.
        Disabled = "disabled",
    }
}

words! {
    /// What became of a delivery.
    DeliveryState {
        /// It has its first or next attempt before it.
        Waiting = "waiting",
        /// It was taken.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

/// A webhook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// Identifier.
    pub id: String,
    /// Name, unique among the webhooks of the operator or of an account.
    pub name: String,
    /// Name of the account whose events it is told; `null` for the operator's own, told all.
    pub account: Option<String>,
    /// Where it is.
    pub url: String,
    /// What it is told; everything when empty.
    pub events: Vec<EventType>,
    /// Whether it is told anything.
    pub state: WebhookState,
    /// Why it is disabled; empty when it is active.
    pub note: String,
    /// Since when it has taken nothing; `null` after a delivery that it took.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes; also the `ETag`.
    pub version: i64,
}

/// A new webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Name: lower-case letters, digits and `.-_`, 2 to 64, unique among the webhooks of the
    /// operator or of the account.
    pub name: String,
    /// The account whose events it is told. When not given: that of the caller, or, of the
    /// operator, none: it is told of everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// An `https` URL; `http` goes to loopback addresses only, which is for the operator.
    pub url: String,
    /// What it is told; everything when empty or not given.
    #[serde(default)]
    pub events: Vec<EventType>,
}

/// What changes of a webhook; what is not given stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is told; everything when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventType>>,
    /// Whether it is told anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<WebhookState>,
}

/// A webhook with its secret, shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// What its deliveries are signed with, as Standard Webhooks has it: `whsec_` and a key in
    /// base64; empty in a reply that is given again.
    pub secret: String,
}

/// The secret never prints.
impl std::fmt::Debug for WebhookWithSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookWithSecret")
            .field("webhook", &self.webhook)
            .finish_non_exhaustive()
    }
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookTest {
    /// Whether it was taken.
    pub ok: bool,
    /// HTTP status of the answer; 0 when there was none.
    pub status: u16,
    /// What went wrong; empty when nothing did.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// Something on its way to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookDelivery {
    /// Identifier of the delivery.
    pub id: String,
    /// Identifier of what is told: its `webhook-id`.
    pub event: String,
    /// What it is about.
    pub kind: EventType,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// HTTP status of the last answer; 0 when there was none.
    pub status: u16,
    /// What went wrong last; empty when nothing did.
    pub detail: String,
    /// When it is tried next; `null` when that is over.
    pub due_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was taken or given up.
    pub finished_at: Option<Timestamp>,
}

/// Names a webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WebhookPath {
    /// Its name or id.
    pub webhook: String,
}

/// Whose webhooks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookOwner {
    /// That of this account; the operator's own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// Which webhooks, or which of their deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookQuery {
    /// Those of this account; the operator's own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// `next_cursor` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most objects of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

endpoints! {
    /// Creates a webhook.
    CreateWebhook: Owner Post "/v1/webhooks" (Nothing, Nothing, NewWebhook) -> 201 WebhookWithSecret;
    /// Lists webhooks.
    ListWebhooks: Owner Get "/v1/webhooks" (Nothing, WebhookQuery, Nothing) -> 200 Page<Webhook>;
    /// Shows a webhook.
    ShowWebhook: Owner Get "/v1/webhooks/{webhook}" (WebhookPath, WebhookOwner, Nothing) -> 200 Webhook;
    /// Changes a webhook.
    EditWebhook: Owner Patch "/v1/webhooks/{webhook}" (WebhookPath, WebhookOwner, WebhookChange) -> 200 Webhook;
    /// Deletes a webhook, and what is on its way to it.
    DeleteWebhook: Owner Delete "/v1/webhooks/{webhook}" (WebhookPath, WebhookOwner, Nothing) -> 204 Nothing;
    /// Sends a webhook something of the type `webhook.test`, once, and tells what came of it.
    TestWebhook: Owner Post "/v1/webhooks/{webhook}/test" (WebhookPath, WebhookOwner, Nothing) -> 200 WebhookTest;
    /// Lists what a webhook was told, and what is on its way to it, the newest first.
    ListDeliveries: Owner Get "/v1/webhooks/{webhook}/deliveries" (WebhookPath, WebhookQuery, Nothing) -> 200 Page<WebhookDelivery>;
}
