//! What happened is told: to the operator and to customers by mail, to programs by webhooks.
//!
//! A notification is written with the change that it tells of, and passed on from there, so that
//! none is lost with a restart. Passing on may happen twice after a crash; programs know the second
//! by its id.

mod running_out;
mod words;

use jiff::{SignedDuration, Timestamp};

pub use running_out::Perishable;

use super::{Accounts, AdminError, Notifications, notice::Notice};
use crate::{
    model::{
        Account, AccountState, DeliveryId, DeliveryState, HoldKind, Notification, NotificationKind,
        Occasion, WebhookDelivery,
    },
    store::{Store, StoreError},
};

/// Notifications of one round.
const ROUND: u32 = 100;
/// Those that one mail to the operator tells of at most.
const IN_A_MAIL: u32 = 50;
/// How long notifications are kept, so that the same is not told again, and deliveries listed.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Accounts {
    /// The store, which writes with its next change that something happened to an account.
    pub(super) fn noting(&self, account: &Account, occasion: Option<Occasion>) -> Store {
        match occasion {
            None => self.store.clone(),
            Some(occasion) => {
                let now = self.clock.now();
                let note = Notification::of_account(&self.ids, now, account, occasion);
                self.store.noting(note)
            }
        }
    }

    /// Passes on what waits for it: to customers by mail, to webhooks, and to the operator by mail.
    /// Whether there may be more.
    pub async fn pass_on_notifications(&self) -> Result<bool, AdminError> {
        let waiting = self.store.notifications_to_pass_on(ROUND).await?;
        for notification in &waiting {
            self.pass_on(notification).await?;
        }
        self.tell_operator().await?;
        Ok(waiting.len() >= ROUND as usize)
    }

    /// Throws away old notifications and deliveries. How many notifications those were.
    pub async fn sweep_notifications(&self) -> Result<u64, StoreError> {
        let before = self.clock.now().checked_sub(KEPT);
        let before = before.unwrap_or(Timestamp::UNIX_EPOCH);
        self.store.sweep_notifications(before).await
    }

    async fn pass_on(&self, notification: &Notification) -> Result<(), AdminError> {
        let account = self.account_of_notification(notification).await?;
        let kind = notification.occasion.kind();
        let name = account.as_ref().map(|account| account.name.as_str());
        tracing::info!(kind = %kind, account = name, id = %notification.id, "something to tell");
        if let Some(account) = &account {
            self.tell_customer(account, notification).await;
        }
        let now = self.clock.now();
        let webhooks = self.store.webhooks_for(notification.account_id).await?;
        let deliveries: Vec<_> = webhooks
            .iter()
            .filter(|webhook| webhook.wants(kind))
            .map(|webhook| WebhookDelivery {
                id: DeliveryId::new(&self.ids, now),
                webhook_id: webhook.id,
                notification_id: notification.id,
                state: DeliveryState::Waiting,
                attempts: 0,
                due_at: now,
                status: 0,
                detail: String::new(),
                created_at: now,
                finished_at: None,
            })
            .collect();
        Ok(self.store.pass_on(notification.id, &deliveries).await?)
    }

    pub(super) async fn account_of_notification(
        &self,
        notification: &Notification,
    ) -> Result<Option<Account>, AdminError> {
        match notification.account_id {
            Some(id) => Ok(self.store.account(id).await?),
            None => Ok(None),
        }
    }

    async fn tell_customer(&self, account: &Account, notification: &Notification) {
        let Some(notice) = words::for_customer(account, &notification.occasion) else {
            return;
        };
        let email = &account.contact.email;
        // Who runs a relay for the own company is both, and hears of it once.
        let is_told_already = self.operator().is_some_and(|(set, operator)| {
            operator == email && is_for_operator(&set.events, notification)
        });
        if account.state == AccountState::Active && !is_told_already {
            self.tell(account, email, notice).await;
        }
    }

    fn operator(&self) -> Option<(&Notifications, &crate::model::Address)> {
        let set = self.settings.notifications.as_ref()?;
        Some((set, set.operator.as_ref()?))
    }

    /// One mail with everything that waits, and no flood of them.
    async fn tell_operator(&self) -> Result<(), AdminError> {
        let waiting = self.store.notifications_to_tell(IN_A_MAIL).await?;
        let events = self.operator().map(|(set, _)| set.events.as_slice());
        let (wanted, unwanted): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|it| events.is_some_and(|events| is_for_operator(events, it)));
        let ids = |list: &[Notification]| list.iter().map(|it| it.id).collect::<Vec<_>>();
        if !unwanted.is_empty() {
            self.store.mark_told(&ids(&unwanted)).await?;
        }
        let (Some((_, operator)), Some(first)) = (self.operator(), wanted.first()) else {
            return Ok(());
        };
        let way = match self.way_of_operator().await {
            Ok(way) => way,
            Err(AdminError::Refused(refusal)) => {
                tracing::debug!(%refusal, "the operator cannot be told yet");
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let now = self.clock.now();
        if !self.throttles.operator_mail.spend("operator", now) {
            return Ok(());
        }
        let mut told = Vec::with_capacity(wanted.len());
        for notification in &wanted {
            let account = self.account_of_notification(notification).await?;
            told.push(words::for_operator(
                account.as_ref(),
                &notification.occasion,
                notification.at,
            ));
        }
        let notice = words::gathered(told);
        self.send_notice(&way, operator, &notice).await?;
        tracing::info!(count = wanted.len(), first = %first.id, "the operator is told by mail");
        Ok(self.store.mark_told(&ids(&wanted)).await?)
    }
}

/// Whether a mail to the operator tells of it: what concerns the owner of an account alone does not
/// count, nor what the operator did.
fn is_for_operator(events: &[NotificationKind], notification: &Notification) -> bool {
    let is_of_account = notification.account_id.is_some();
    let is_news = match &notification.occasion {
        Occasion::LaneHeld { kind, .. } => kind != HoldKind::Manual.as_str(),
        Occasion::TokenExpiring { .. } | Occasion::WebhookDisabled { .. } => !is_of_account,
        _ => true,
    };
    is_news && events.contains(&notification.occasion.kind())
}
