//! Header repair by RFC 6409 §8: who it is from, when, under which id, and by which way it came.

use jiff::Timestamp;
use mail_parser::{HeaderValue, parsers::MessageStream};

use super::{
    author::{settle_from, settle_sender},
    header::Header,
    received::received,
    story::Before,
};
use crate::{
    model::{Address, MessageId, Reason, Refusal, rfc5322_date},
    policy::Senders,
    smtp::{Peer, Quirk},
};

/// More Received fields than this are a loop (RFC 5321 §6.3 asks for at least 100; a submission
/// is the first hop, and Exchange gives up far earlier).
const MAX_HOPS: usize = 30;

/// Longest text of a field that is kept for the log.
const MAX_SHOWN: usize = 200;

/// Longest Message-ID that is kept; a line has 998 octets (RFC 5322 §2.1.1).
const MAX_ID: usize = 900;

/// How the message came here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival<'a> {
    /// Our own name.
    pub(super) hostname: &'a str,
    /// Who brought it.
    pub(super) peer: &'a Peer,
    /// Its queue id.
    pub(super) id: MessageId,
    /// When.
    pub(super) at: Timestamp,
    /// MAIL said SMTPUTF8.
    pub(super) smtputf8: bool,
}

/// A header that can go out, and what the log shows of it.
#[derive(Debug)]
pub(super) struct Repaired {
    pub(super) header: Header,
    pub(super) from: String,
    pub(super) subject: String,
    pub(super) message_id: String,
    /// What was missing and is harmless.
    pub(super) quirks: Vec<Quirk>,
    /// What was done, in words.
    pub(super) done: String,
}

/// Judges and completes the header of a message from one of these senders.
pub(super) fn repair(
    mut header: Header,
    senders: Senders<'_>,
    arrival: Arrival<'_>,
) -> Result<Repaired, Refusal> {
    if header.count("Received") > MAX_HOPS {
        return Err(Reason::MailLoop.into());
    }
    let quirks = missing(&header);
    let before = Before::of(&header);
    let from = settle_from(&mut header, senders)?;
    settle_sender(&mut header, senders, from.len());
    for name in ["Bcc", "Resent-Bcc", "Return-Path"] {
        header.remove(name);
    }
    // Inside Exchange these say who signed in and that a mail is no spam.
    header.remove_prefix("X-MS-Exchange-Organization-");
    let date = rfc5322_date(arrival.at);
    settle(&mut header, "Date", is_date, &date);
    let id = format!("<{}@{}>", arrival.id, arrival.hostname);
    settle(&mut header, "Message-ID", is_message_id, &id);
    header.prepend("Received", &received(arrival, &date));
    let done = before.told(&header);
    let subject = shown(header.values("Subject").next());
    let message_id = shown(header.values("Message-ID").next());
    Ok(Repaired {
        header,
        from: from
            .iter()
            .map(Address::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        subject,
        message_id,
        quirks,
        done,
    })
}

/// The fields that devices leave out.
fn missing(header: &Header) -> Vec<Quirk> {
    let is_missing = |names: &[&str]| names.iter().all(|name| header.count(name) == 0);
    let expected: [(&[&str], Quirk); 4] = [
        (&["Date"], Quirk::MissingDate),
        (&["Message-ID"], Quirk::MissingMessageId),
        (&["From"], Quirk::MissingFrom),
        (&["To", "Cc", "Bcc"], Quirk::MissingTo),
    ];
    let missing = expected.iter().filter(|(names, _)| is_missing(names));
    missing.map(|(_, quirk)| *quirk).collect()
}

/// Leaves one field of that name (RFC 5322 §3.6; of two, servers drop one or refuse the mail), the
/// first that is fine. When none is, the first is kept under another name, and `value` takes its
/// place (RFC 6409 §8.2 and §8.3 allow it).
fn settle(header: &mut Header, name: &str, is_fine: fn(&[u8]) -> bool, value: &str) {
    let count = header.count(name);
    let fine = header.values(name).position(is_fine);
    match fine {
        Some(_) if count == 1 => {}
        Some(position) => header.keep_only(name, position),
        None => {
            header.keep_only(name, 0);
            if header.values(name).any(|old| old.trim_ascii().is_empty()) {
                header.remove(name);
            }
            let kept_as = format!("X-Original-{name}");
            header.remove(&kept_as);
            header.rename(name, &kept_as);
            header.append(name, value);
        }
    }
}

/// A date that readers can read: day, month, year and time, in any order. The clock of the device
/// may be wrong, as it often is.
fn is_date(value: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let words = || value.split(|byte| byte.is_ascii_whitespace() || *byte == b',');
    let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let is_month = |word: &[u8]| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(word));
    let is_time = |word: &[u8]| word.split(|byte| *byte == b':').all(is_number);
    words().filter(|word| is_number(word)).count() == 2
        && words().any(is_month)
        && words().any(|word| word.contains(&b':') && is_time(word))
}

/// One word in angle brackets; those without an `@` are common and harmless.
fn is_message_id(value: &[u8]) -> bool {
    let inner = value.trim_ascii().strip_prefix(b"<");
    let inner = inner.and_then(|rest| rest.strip_suffix(b">"));
    let fits = |byte: &u8| !byte.is_ascii_control() && !b" <>".contains(byte);
    inner.is_some_and(|inner| (1..=MAX_ID).contains(&inner.len()) && inner.iter().all(fits))
}

/// A field as the log shows it: decoded, one line, bounded.
fn shown(value: Option<&[u8]>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    let text = match MessageStream::new(value).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_SHOWN)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::header::HeaderCollector;

    #[test]
    fn what_devices_leave_out_is_noted() {
        let quirks = |header: &str| {
            let mut collector = HeaderCollector::default();
            let split = collector.push(format!("{header}\r\n").as_bytes());
            missing(&split.unwrap().unwrap().header)
        };
        assert_eq!(
            quirks("Subject: x\r\n"),
            [
                Quirk::MissingDate,
                Quirk::MissingMessageId,
                Quirk::MissingFrom,
                Quirk::MissingTo
            ]
        );
        let whole = "Date: x\r\nMessage-ID: x\r\nFrom: x\r\nBcc: x\r\n";
        assert_eq!(quirks(whole), []);
    }
}
