//! Mail that relayd itself writes to a customer: codes, and what became of the account.
//!
//! It leaves through the route of the account that the operator named for it; when none is named,
//! through the customer's own route. Either is only used while it is checked and its account is
//! active, since mail of any other waits; the customer's own may wait for the very code that the
//! mail brings.

use std::net::{IpAddr, Ipv6Addr};

use bytes::Bytes;
use lettre::message::{
    Mailbox, Message, SinglePart,
    header::{Header, HeaderName, HeaderValue},
};

use super::{Accounts, AdminError};
use crate::{
    model::{
        Account, AccountState, Address, BodyEncoding, DsnNotify, Envelope, MessageId, Reason,
        Recipient, ReversePath, Route, SystemId, UserId,
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

/// Programs that answer mail do not answer this one (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Accounts {
    /// The way out for mail to a customer.
    pub(super) async fn way_out(&self, account: &Account) -> Result<WayOut, AdminError> {
        if self.settings.notifications.is_some() {
            return self.way_of_operator().await;
        }
        // That of one which is only registered carries the code for its e-mail.
        let may_send = [AccountState::Active, AccountState::Registered];
        let carrier = Some(account.clone()).filter(|it| may_send.contains(&it.state));
        self.way_of(carrier, None).await
    }

    /// The way out that the operator named.
    pub(super) async fn way_of_operator(&self) -> Result<WayOut, AdminError> {
        let Some(set) = &self.settings.notifications else {
            return Err(AdminError::Refused(Reason::NoNotificationRoute.into()));
        };
        let carrier = self.store.account_by_name(&set.account).await?;
        let carrier = carrier.filter(|it| it.state == AccountState::Active);
        self.way_of(carrier, set.sender.clone()).await
    }

    async fn way_of(
        &self,
        carrier: Option<Account>,
        sender: Option<Address>,
    ) -> Result<WayOut, AdminError> {
        let refused = || AdminError::Refused(Reason::NoNotificationRoute.into());
        let route = self.store.route_of(carrier.ok_or_else(refused)?.id).await?;
        let route = route
            .filter(|route| route.checked_at.is_some())
            .ok_or_else(refused)?;
        let fallback = || format!("relayd@{}", self.settings.hostname).parse().ok();
        let sender = sender
            .or_else(|| route.mailbox.parse().ok())
            .or_else(fallback)
            .ok_or_else(refused)?;
        Ok(WayOut { route, sender })
    }

    /// Queues a mail; when this returns `Ok` it is safe on disk. Behind a lane that is held it
    /// waits like other mail, and only the log can say so.
    pub(super) async fn send_notice(
        &self,
        way: &WayOut,
        to: &Address,
        notice: &Notice,
    ) -> Result<(), AdminError> {
        let message = self.write(way, to, notice).map_err(|error| {
            AdminError::Internal(format!("a notice cannot be written: {error}"))
        })?;
        let queued = self.outbox.send(message).await;
        queued
            .map_err(|error| AdminError::Internal(format!("a notice was not queued: {error}")))?;
        if let Some(hold) = self.store.hold(way.route.id).await? {
            let (subject, reason) = (&notice.subject, hold.reason);
            tracing::warn!(%to, subject, %reason, "mail of relayd waits: its lane is held");
        }
        Ok(())
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
            .header(AutoSubmitted)
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
                    // Nobody is told of a notice that was not delivered; the log has it.
                    notify: Some(DsnNotify {
                        never: true,
                        success: false,
                        failure: false,
                        delay: false,
                    }),
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
            story: "written by relayd itself".to_owned(),
            tls: String::new(),
            accepted_at: now,
            // What relayd writes of itself uses up no limit of anybody.
            quotas: Vec::new(),
            stored_chunks: 0,
            tail: body,
        })
    }
}
