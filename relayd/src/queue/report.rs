//! The words of a notification: for a person, and for programs (RFC 3464 §2).

use std::fmt::Write as _;

use jiff::Timestamp;

use super::settle::Fate;
use crate::{
    model::{
        Address, Reason, Recipient, Route, RouteKind, ascii_original, decode_xtext, rfc5322_date,
    },
    store::{NoticeKind, QueuedMessage},
    upstream::enhanced_code,
};

/// Longest text of one field.
const FIELD: usize = 900;

/// What a notification tells.
pub(super) struct Report<'a> {
    pub(super) message: &'a QueuedMessage,
    pub(super) kind: NoticeKind,
    pub(super) fates: &'a [&'a Fate],
    pub(super) route: &'a Route,
    pub(super) reporting_name: &'a str,
    /// When the mail will be given up.
    pub(super) expires_at: Timestamp,
    /// When this became known.
    pub(super) at: Timestamp,
}

/// The subject of a notification.
pub(super) const fn subject(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Failed => "Undelivered mail returned to sender",
        NoticeKind::Delayed => "Delayed mail, still being tried",
        NoticeKind::Relayed => "Mail handed over, no delivery report will follow",
    }
}

impl Report<'_> {
    /// What a person reads.
    pub(super) fn words(&self) -> String {
        let news = match self.kind {
            NoticeKind::Failed => {
                "Your mail could not be handed over to the recipients below and was given up."
            }
            NoticeKind::Delayed => {
                "Your mail could not be handed over to the recipients below yet.\r\n\
                 It will be tried further; you need do nothing."
            }
            NoticeKind::Relayed => {
                "Your mail was handed over to the next server for the recipients below.\r\n\
                 That server does not report deliveries: no further notice will follow."
            }
        };
        let mut text = format!(
            "This is the mail relay at {}.\r\n\r\n{news}\r\n\r\n",
            self.reporting_name
        );
        if let Some(sender) = self.message.envelope.reverse_path.address() {
            let at = rfc5322_date(self.message.accepted_at);
            let _ = write!(text, "It was sent as <{sender}> on {at}.\r\n\r\n");
        }
        for fate in self.fates {
            // Writing to a String cannot fail.
            let _ = write!(text, "<{}>\r\n", fate.recipient.address);
            if let Some(reason) = fate.reason {
                let _ = write!(text, "  {} ({reason})\r\n", reason.sentence());
            }
            match &fate.advice {
                Some(advice) => {
                    let _ = write!(text, "  Cause: {}.\r\n", advice.cause);
                    let _ = write!(text, "  What helps: {}\r\n", advice.remedy);
                }
                None => {
                    if let Some(reason) = fate.reason {
                        let _ = write!(text, "  What helps: {}\r\n", reason.remedy());
                    }
                }
            }
            let _ = write!(text, "  {}\r\n\r\n", fate.text);
        }
        if self.kind == NoticeKind::Delayed {
            let _ = write!(
                text,
                "It is tried until {}.\r\n",
                rfc5322_date(self.expires_at)
            );
        }
        let _ = write!(text, "Queue id: {}\r\n", self.message.id);
        text
    }

    /// What programs read.
    pub(super) fn status(&self) -> String {
        let mut text = String::new();
        let mut field = |name: &str, value: &str| write_field(&mut text, name, value);
        let envelope_id = &self.message.envelope.envelope_id;
        if !envelope_id.is_empty() {
            let decoded = decode_xtext(envelope_id);
            let shown = decoded.as_deref().unwrap_or(envelope_id);
            field("Original-Envelope-Id", shown);
        }
        field("Reporting-MTA", &format!("dns; {}", self.reporting_name));
        field("Arrival-Date", &rfc5322_date(self.message.accepted_at));
        for fate in self.fates {
            self.recipient(&mut text, fate);
        }
        text
    }

    fn recipient(&self, text: &mut String, fate: &Fate) {
        text.push_str("\r\n");
        let mut field = |name: &str, value: &str| write_field(text, name, value);
        if let Some(original) = original_recipient(&fate.recipient) {
            field("Original-Recipient", &original);
        }
        field("Final-Recipient", &final_recipient(&fate.recipient.address));
        field("Action", action(self.kind));
        field("Status", &status_code(self.kind, fate));
        match &fate.reply {
            Some(reply) => {
                if !self.route.server.is_empty() {
                    field("Remote-MTA", &format!("dns; {}", self.route.server));
                }
                // The status of an HTTP reply is no SMTP code (RFC 3464 §2.3.6).
                let protocol = match self.route.kind {
                    RouteKind::Graph => "x-graph",
                    _ => "smtp",
                };
                field("Diagnostic-Code", &format!("{protocol}; {reply}"));
            }
            None => field("Diagnostic-Code", &format!("x-relayd; {}", fate.text)),
        }
        field("Last-Attempt-Date", &rfc5322_date(self.at));
        if self.kind == NoticeKind::Delayed {
            field("Will-Retry-Until", &rfc5322_date(self.expires_at));
        }
    }
}

fn write_field(text: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{name}: {}\r\n", one_line(value));
}

const fn action(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Failed => "failed",
        NoticeKind::Delayed => "delayed",
        NoticeKind::Relayed => "relayed",
    }
}

/// ORCPT with its address decoded (RFC 3464 §2.3.1).
fn original_recipient(recipient: &Recipient) -> Option<String> {
    let (kind, address) = recipient.original.split_once(';')?;
    let decoded = decode_xtext(address).unwrap_or_else(|| ascii_original(address));
    Some(format!("{}; {decoded}", kind.to_ascii_lowercase()))
}

/// The address in the form of its type (RFC 6533 §3).
fn final_recipient(address: &Address) -> String {
    if address.is_international() {
        format!("utf-8; {}", ascii_original(address.as_str()))
    } else {
        format!("rfc822; {address}")
    }
}

/// The enhanced code of the reply, if its class fits what is told (RFC 3463 §2); else the one that
/// says no more than that.
fn status_code(kind: NoticeKind, fate: &Fate) -> String {
    if fate.reason == Some(Reason::Expired) {
        return "4.4.7".to_owned();
    }
    let found = fate
        .reply
        .as_ref()
        .and_then(|reply| enhanced_code(&reply.text));
    let own = fate.reason.and_then(Reason::smtp).map(|code| code.enhanced);
    let fits = |class: u8| match kind {
        NoticeKind::Failed => class == 5 || (class == 4 && fate.reply.is_some()),
        NoticeKind::Delayed => class == 4,
        NoticeKind::Relayed => class == 2,
    };
    let fallback = match kind {
        NoticeKind::Failed => "5.0.0",
        NoticeKind::Delayed => "4.0.0",
        NoticeKind::Relayed => "2.0.0",
    };
    found
        .map(|(class, subject, detail)| (u8::try_from(class).unwrap_or(0), subject, detail))
        .or(own.filter(|_| fate.reply.is_none()))
        .filter(|(class, ..)| fits(*class))
        .map_or_else(
            || fallback.to_owned(),
            |(class, subject, detail)| format!("{class}.{subject}.{detail}"),
        )
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
        .take(FIELD)
        .collect()
}
