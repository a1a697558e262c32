//! Tells the sender what became of its mail (RFC 3461, RFC 3464): that it failed, that it is late,
//! or that it went on to a server that will not tell.
//!
//! A notification has three parts: words for a person, a report for programs, and the mail or its
//! header. It leaves as `MAIL FROM:<>`, so that none ever answers another (RFC 5321 §6.1).

use std::net::{IpAddr, Ipv6Addr};

use bytes::Bytes;
use jiff::Timestamp;
use lettre::message::{
    Body, Mailbox, Message, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
};

use super::{
    ledger::Bounces,
    report::{Report, subject},
    settle::Fate,
};
use crate::{
    model::{
        Address, BodyEncoding, BouncesTo, DsnNotify, DsnReturn, Envelope, IdSource, MessageId,
        Reason, Recipient, ReversePath, Route,
    },
    store::{NewMessage, NoticeKind, QueuedMessage},
};

/// Most of a header that is returned.
const HEADER: usize = 16 * 1024;
/// The largest mail that is returned whole; of a larger one its header is (RFC 3461 §6.2).
const WHOLE: u64 = 1024 * 1024;

/// Who is to be told of which fates of a kind, if anybody: nobody of what came from the null path,
/// and not where NOTIFY does not ask for it (RFC 3461 §4.1). An account may have its contact told of
/// failures and delays in place of the sender, or nobody.
pub(super) fn addressee<'a>(
    message: &'a QueuedMessage,
    kind: NoticeKind,
    fates: &'a [Fate],
    bounces: Option<&'a Bounces>,
) -> Option<(&'a Address, Vec<&'a Fate>)> {
    let sender = message.envelope.reverse_path.address()?;
    let is_news = kind != NoticeKind::Relayed;
    let (addressee, reads_mail) = match bounces {
        Some(Bounces {
            to: BouncesTo::None,
            ..
        }) => return None,
        Some(Bounces {
            to: BouncesTo::Contact,
            contact,
        }) if is_news => (contact, true),
        _ => (sender, false),
    };
    let told: Vec<_> = fates
        .iter()
        .filter(|fate| fate.kind == kind && wants(&fate.recipient, kind, reads_mail))
        .collect();
    (!told.is_empty()).then_some((addressee, told))
}

/// Whether NOTIFY asks for it. Where it was not given, who reads mail is told of delays, too.
fn wants(recipient: &Recipient, kind: NoticeKind, reads_mail: bool) -> bool {
    let default = DsnNotify {
        delay: reads_mail,
        ..DsnNotify::default()
    };
    let notify = recipient.notify.unwrap_or(default);
    let wanted = match kind {
        NoticeKind::Failed => notify.failure,
        NoticeKind::Delayed => notify.delay,
        NoticeKind::Relayed => notify.success,
    };
    wanted && !notify.never
}

/// How much of a mail its notification returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returned {
    Header,
    Whole,
}

/// RET=FULL counts for failures only (RFC 3461 §4.3). A mail that the next server cannot carry
/// would take its notification with it.
pub(super) fn returns(message: &QueuedMessage, kind: NoticeKind, fates: &[&Fate]) -> Returned {
    let is_carried = fates
        .iter()
        .all(|fate| fate.reason != Some(Reason::UnsupportedContent));
    let envelope = &message.envelope;
    let is_wanted = kind == NoticeKind::Failed && envelope.dsn_return == Some(DsnReturn::Full);
    let is_text = envelope.encoding != BodyEncoding::Binary && !envelope.smtputf8;
    if is_wanted && is_text && is_carried && message.size <= WHOLE {
        Returned::Whole
    } else {
        Returned::Header
    }
}

/// The mail that a notification is about, or its first piece.
pub(super) struct Content {
    pub(super) wanted: Returned,
    pub(super) bytes: Bytes,
}

/// What a notification is made from.
pub(super) struct Notification<'a> {
    pub(super) message: &'a QueuedMessage,
    pub(super) kind: NoticeKind,
    pub(super) fates: &'a [&'a Fate],
    pub(super) sender: &'a Address,
    pub(super) route: &'a Route,
    pub(super) reporting_name: &'a str,
    /// When the mail will be given up.
    pub(super) expires_at: Timestamp,
    pub(super) content: Content,
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

impl Notification<'_> {
    /// The notification as a message for the queue of the same account.
    pub(super) fn build(&self, ids: &IdSource, now: Timestamp) -> Result<NewMessage, Unbuildable> {
        let id = MessageId::new(ids, now);
        // The mailbox of the route: Exchange takes mail only from whom it may come.
        let from = if self.route.mailbox.contains('@') {
            self.route.mailbox.as_str()
        } else {
            let sender = self.message.envelope.reverse_path.address();
            sender.unwrap_or(self.sender).as_str()
        };
        let header_id = format!("<{id}@{}>", self.reporting_name);
        let address = |text: &str| text.parse().map_err(Unbuildable::because);
        let mail = Message::builder()
            .from(Mailbox::new(
                Some("Mail Delivery System".to_owned()),
                address(from)?,
            ))
            .to(Mailbox::new(None, address(self.sender.as_str())?))
            .subject(subject(self.kind))
            .date(now.into())
            .message_id(Some(header_id.clone()))
            .header(AutoSubmitted)
            .multipart(self.parts(id, now)?)
            .map_err(Unbuildable::because)?;
        let body = Bytes::from(mail.formatted());
        Ok(NewMessage {
            id,
            account_id: self.message.account_id,
            route_id: self.message.route_id,
            user_id: self.message.user_id,
            system_id: self.message.system_id,
            envelope: self.envelope(&body),
            header_from: from.to_owned(),
            subject: subject(self.kind).to_owned(),
            header_id,
            size: body.len() as u64,
            client: IpAddr::V6(Ipv6Addr::LOCALHOST),
            helo: self.reporting_name.to_owned(),
            story: "written by relayd itself".to_owned(),
            tls: String::new(),
            accepted_at: now,
            quotas: Vec::new(),
            stored_chunks: 0,
            tail: body,
        })
    }

    fn envelope(&self, body: &[u8]) -> Envelope {
        Envelope {
            reverse_path: ReversePath::Null,
            recipients: vec![Recipient {
                address: self.sender.clone(),
                // Nobody is to be told what became of it.
                notify: Some(DsnNotify {
                    never: true,
                    success: false,
                    failure: false,
                    delay: false,
                }),
                original: String::new(),
            }],
            encoding: if body.is_ascii() {
                BodyEncoding::SevenBit
            } else {
                BodyEncoding::EightBit
            },
            smtputf8: self.sender.is_international(),
            dsn_return: None,
            envelope_id: String::new(),
        }
    }

    fn parts(&self, id: MessageId, now: Timestamp) -> Result<MultiPart, Unbuildable> {
        let report = Report {
            message: self.message,
            kind: self.kind,
            fates: self.fates,
            route: self.route,
            reporting_name: self.reporting_name,
            expires_at: self.expires_at,
            at: now,
        };
        // The id makes the boundary one that the mail cannot hold.
        let multipart = content_type(&format!(
            "multipart/report; report-type=delivery-status; boundary=\"bounce-{id}\""
        ))?;
        let status = SinglePart::builder()
            .content_type(content_type("message/delivery-status")?)
            // RFC 3464 §2.1 wants it unencoded: its fields are ASCII, and shorter than a line may be.
            .body(Body::dangerous_pre_encoded(
                report.status().into_bytes(),
                ContentTransferEncoding::SevenBit,
            ));
        Ok(MultiPart::builder()
            .header(multipart)
            .singlepart(SinglePart::plain(report.words()))
            .singlepart(status)
            .singlepart(self.returned()?))
    }

    /// The mail, byte for byte, or its header.
    fn returned(&self) -> Result<SinglePart, Unbuildable> {
        let bytes = &self.content.bytes;
        if self.content.wanted == Returned::Header {
            let kind = content_type("text/rfc822-headers")?;
            let header = header(bytes);
            return Ok(SinglePart::builder().content_type(kind).body(header));
        }
        let encoding = if bytes.is_ascii() {
            ContentTransferEncoding::SevenBit
        } else {
            ContentTransferEncoding::EightBit
        };
        let kind = content_type("message/rfc822")?;
        let mail = Body::dangerous_pre_encoded(bytes.to_vec(), encoding);
        Ok(SinglePart::builder().content_type(kind).body(mail))
    }
}

fn content_type(text: &str) -> Result<ContentType, Unbuildable> {
    ContentType::parse(text).map_err(Unbuildable::because)
}

/// The header section at the start of a mail.
fn header(start: &[u8]) -> String {
    let end = start
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map_or(start.len(), |end| end + 2);
    let header = start.get(..end.min(HEADER)).unwrap_or_default();
    String::from_utf8_lossy(header).into_owned()
}
