//! Tells the sender of a mail that it could not be handed over (RFC 3464).
//!
//! A bounce has three parts: words for a person, a report for programs, and the header of the
//! mail. It leaves as `MAIL FROM:<>`, so that no bounce ever answers a bounce (RFC 5321 §6.1).

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv6Addr},
};

use bytes::Bytes;
use jiff::Timestamp;
use lettre::message::{
    Mailbox, Message, MultiPart, SinglePart,
    header::{ContentType, Header, HeaderName, HeaderValue},
};

use super::settle::Failure;
use crate::{
    model::{Address, BodyEncoding, Envelope, IdSource, MessageId, Recipient, ReversePath},
    store::{NewMessage, QueuedMessage},
    upstream::enhanced_code,
};

/// Most of a header that is returned.
const HEADER: usize = 16 * 1024;

/// Who is to be told of which failures, if anybody: not the null path, and not for recipients
/// whose NOTIFY excludes it (RFC 3461 §4.1).
pub(super) fn addressee<'a>(
    message: &'a QueuedMessage,
    failures: &'a [Failure],
) -> Option<(&'a Address, Vec<&'a Failure>)> {
    let sender = message.envelope.reverse_path.address()?;
    let told: Vec<_> = failures
        .iter()
        .filter(|failure| {
            let notify = failure.recipient.notify.unwrap_or_default();
            !notify.never && notify.failure
        })
        .collect();
    (!told.is_empty()).then_some((sender, told))
}

/// What a bounce is made from.
pub(super) struct Bounce<'a> {
    pub(super) message: &'a QueuedMessage,
    pub(super) failures: &'a [&'a Failure],
    pub(super) sender: &'a Address,
    /// The mailbox of the route: Exchange takes mail only from whom it may come.
    pub(super) mailbox: &'a str,
    pub(super) reporting_name: &'a str,
    /// The start of the mail, with its header.
    pub(super) start: &'a [u8],
}

/// A text that cannot stand in a mail, such as an address that lettre does not take.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unbuildable(String);

impl Unbuildable {
    fn because(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

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
        HeaderValue::new(Self::name(), "auto-replied".to_owned())
    }
}

impl Bounce<'_> {
    /// The bounce as a message for the queue of the same account.
    pub(super) fn build(&self, ids: &IdSource, now: Timestamp) -> Result<NewMessage, Unbuildable> {
        let id = MessageId::new(ids, now);
        let from = if self.mailbox.contains('@') {
            self.mailbox
        } else {
            self.sender.as_str()
        };
        let header_id = format!("<{id}@{}>", self.reporting_name);
        let address = |text: &str| text.parse().map_err(Unbuildable::because);
        let mail = Message::builder()
            .from(Mailbox::new(
                Some("Mail Delivery System".to_owned()),
                address(from)?,
            ))
            .to(Mailbox::new(None, address(self.sender.as_str())?))
            .subject("Undelivered mail returned to sender")
            .date(now.into())
            .message_id(Some(header_id.clone()))
            .header(AutoSubmitted)
            .multipart(self.report(id)?)
            .map_err(Unbuildable::because)?;
        let body = Bytes::from(mail.formatted());
        Ok(NewMessage {
            id,
            account_id: self.message.account_id,
            route_id: self.message.route_id,
            user_id: self.message.user_id,
            system_id: self.message.system_id,
            envelope: Envelope {
                reverse_path: ReversePath::Null,
                recipients: vec![Recipient {
                    address: self.sender.clone(),
                    notify: None,
                    original: String::new(),
                }],
                encoding: BodyEncoding::SevenBit,
                smtputf8: self.sender.is_international(),
                dsn_return: None,
                envelope_id: String::new(),
            },
            header_from: from.to_owned(),
            subject: "Undelivered mail returned to sender".to_owned(),
            header_id,
            size: body.len() as u64,
            client: IpAddr::V6(Ipv6Addr::LOCALHOST),
            helo: self.reporting_name.to_owned(),
            tls: String::new(),
            accepted_at: now,
            quotas: Vec::new(),
            stored_chunks: 0,
            tail: body,
        })
    }

    fn report(&self, id: MessageId) -> Result<MultiPart, Unbuildable> {
        let kind = |text: &str| ContentType::parse(text).map_err(Unbuildable::because);
        // The id makes the boundary one that the mail cannot hold.
        let report = kind(&format!(
            "multipart/report; report-type=delivery-status; boundary=\"bounce-{id}\""
        ))?;
        let status = SinglePart::builder()
            .content_type(kind("message/delivery-status")?)
            .body(self.status());
        let header = SinglePart::builder()
            .content_type(kind("text/rfc822-headers")?)
            .body(self.header());
        Ok(MultiPart::builder()
            .header(report)
            .singlepart(SinglePart::plain(self.words()))
            .singlepart(status)
            .singlepart(header))
    }

    /// What a person reads.
    fn words(&self) -> String {
        let mut text = format!(
            "This is the mail relay at {}.\r\n\r\n\
             Your mail could not be handed over to the recipients below and was given up.\r\n\r\n",
            self.reporting_name
        );
        for failure in self.failures {
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "<{}>\r\n  {} ({})\r\n  {}\r\n\r\n",
                failure.recipient.address,
                failure.reason.sentence(),
                failure.reason,
                failure.text
            );
        }
        let _ = write!(text, "Queue id: {}\r\n", self.message.id);
        text
    }

    /// What programs read (RFC 3464 §2).
    fn status(&self) -> String {
        let mut text = format!(
            "Reporting-MTA: dns; {}\r\nArrival-Date: {}\r\n",
            one_line(self.reporting_name),
            self.message
                .accepted_at
                .strftime("%a, %d %b %Y %H:%M:%S +0000")
        );
        if !self.message.envelope.envelope_id.is_empty() {
            let _ = write!(
                text,
                "Original-Envelope-Id: {}\r\n",
                one_line(&self.message.envelope.envelope_id)
            );
        }
        for failure in self.failures {
            let recipient = &failure.recipient;
            text.push_str("\r\n");
            if !recipient.original.is_empty() {
                let _ = write!(
                    text,
                    "Original-Recipient: {}\r\n",
                    one_line(&recipient.original)
                );
            }
            let _ = write!(
                text,
                "Final-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: {}\r\n\
                 Diagnostic-Code: smtp; {}\r\n",
                one_line(recipient.address.as_str()),
                status_code(&failure.text),
                one_line(&failure.text)
            );
        }
        text
    }

    fn header(&self) -> String {
        let end = self
            .start
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .map_or(self.start.len(), |end| end + 2);
        let header = self.start.get(..end.min(HEADER)).unwrap_or_default();
        String::from_utf8_lossy(header).into_owned()
    }
}

/// The enhanced code of a permanent reply; 5.0.0 says no more than that it failed.
fn status_code(reply: &str) -> String {
    let text = reply.split_once(' ').map_or("", |(_, text)| text);
    match enhanced_code(text) {
        Some((class @ (4 | 5), subject, detail)) => format!("{class}.{subject}.{detail}"),
        _ => "5.0.0".to_owned(),
    }
}

/// The text in ASCII, on one line that fits any header.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_graphic() {
                c
            } else if c.is_ascii() {
                ' '
            } else {
                '?'
            }
        })
        .take(900)
        .collect()
}
