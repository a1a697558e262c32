//! Mail that relayd itself writes to a customer: codes, and what became of the account.
//!
//! It leaves through the route of the account that the operator named for it; when none is named,
//! through the customer's own route. Either is only used while it is checked and its account is
//! active, or new and the customer's own, since mail of any other waits.
//! through the customer's own route. Either is only used while it is checked. The account that was
//! named must be active; the customer's own may wait for the very code that the mail brings.

use std::net::{IpAddr, Ipv6Addr};

use bytes::Bytes;
use lettre::message::{Mailbox, Message, SinglePart};

use super::{Accounts, AdminError};
use crate::{
    model::{
        Account, AccountState, Address, BodyEncoding, Envelope, MessageId, Reason, Recipient,
        ReversePath, Route, SystemId, UserId,
    },
    store::NewMessage,
};

/// A mail before it is one. Lines of the text end with `\n`.
pub(super) struct Notice {
    pub(super) subject: String,
    pub(super) text: String,
}

/// A route, and the address that mail of relayd comes from on it.
pub(super) struct WayOut {
    route: Route,
    sender: Address,
}

impl Accounts {
    /// The way out for mail to a customer.
    pub(super) async fn way_out(&self, account: &Account) -> Result<WayOut, AdminError> {
        let set = self.settings.notifications.as_ref();
        let carrier = match set {
            Some(set) => self.store.account_by_name(&set.account).await?,
            None => Some(account.clone()),
        };
        let may_send = |account: &Account| match account.state {
            AccountState::Active => true,
            AccountState::Registered => set.is_none(),
            AccountState::Suspended | AccountState::Closing | AccountState::Closed => false,
        };
        let Some(carrier) = carrier.filter(may_send) else {
            return Err(AdminError::Refused(Reason::NoNotificationRoute.into()));
        };
        let route = self.store.route_of(carrier.id).await?;
        let Some(route) = route.filter(|route| route.checked_at.is_some()) else {
            return Err(AdminError::Refused(Reason::NoNotificationRoute.into()));
        };
        let sender = match set.and_then(|set| set.sender.clone()) {
            Some(sender) => Some(sender),
            None => route.mailbox.parse().ok(),
        };
        let fallback = || format!("relayd@{}", self.settings.hostname).parse().ok();
        let sender = sender
            .or_else(fallback)
            .ok_or(AdminError::Refused(Reason::NoNotificationRoute.into()))?;
        Ok(WayOut { route, sender })
    }

    /// Queues a mail; when this returns `Ok` it is safe on disk.
    pub(super) async fn send_notice(
        &self,
        way: &WayOut,
        to: &Address,
        notice: &Notice,
    ) -> Result<(), AdminError> {
        let message = self.write(way, to, notice).map_err(|error| {
            AdminError::Internal(format!("a notice cannot be written: {error}"))
        })?;
        self.outbox
            .send(message)
            .await
            .map_err(|error| AdminError::Internal(format!("a notice was not queued: {error}")))
    }

    /// Tells the customer of a change that stands, whether this mail leaves or not.
    pub(super) async fn tell(&self, account: &Account, to: &Address, notice: Notice) {
        let told = match self.way_out(account).await {
            Ok(way) => self.send_notice(&way, to, &notice).await,
            Err(error) => Err(error),
        };
        match told {
            Ok(()) => {}
            Err(AdminError::Refused(refusal)) => {
                tracing::debug!(account = %account.name, %refusal, "the customer was not told");
            }
            Err(error) => {
                tracing::warn!(account = %account.name, %error, "the customer was not told");
            }
        }
    }

    fn write(
        &self,
        way: &WayOut,
        to: &Address,
        notice: &Notice,
    ) -> Result<NewMessage, Box<dyn std::error::Error + Send + Sync>> {
        let now = self.clock.now();
        let id = MessageId::new(&self.ids, now);
        let hostname = &self.settings.hostname;
        let header_id = format!("<{id}@{hostname}>");
        let from = Mailbox::new(Some(hostname.clone()), way.sender.as_str().parse()?);
        let text = format!("{}\n-- \n{hostname}\n", notice.text).replace('\n', "\r\n");
        let mail = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to.as_str().parse()?))
            .subject(notice.subject.as_str())
            .date(now.into())
            .message_id(Some(header_id.clone()))
            .singlepart(SinglePart::plain(text))?;
        let body = Bytes::from(mail.formatted());
        Ok(NewMessage {
            id,
            account_id: way.route.account_id,
            route_id: way.route.id,
            user_id: UserId::NONE,
            system_id: SystemId::NONE,
            envelope: Envelope {
                reverse_path: ReversePath::Address(way.sender.clone()),
                recipients: vec![Recipient {
                    address: to.clone(),
                    notify: None,
                    original: String::new(),
                }],
                encoding: BodyEncoding::SevenBit,
                smtputf8: to.is_international() || way.sender.is_international(),
                dsn_return: None,
                envelope_id: String::new(),
            },
            header_from: way.sender.to_string(),
            subject: notice.subject.clone(),
            header_id,
            size: body.len() as u64,
            client: IpAddr::V6(Ipv6Addr::LOCALHOST),
            helo: hostname.clone(),
            tls: String::new(),
            accepted_at: now,
            // What relayd writes of itself uses up no limit of anybody.
            quotas: Vec::new(),
            stored_chunks: 0,
            tail: body,
        })
    }
}
