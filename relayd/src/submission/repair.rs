//! Header repair by RFC 6409 §8: who it is from, when, under which id, and by which way it came.

use jiff::{Timestamp, tz::TimeZone};
use mail_parser::{HeaderValue, parsers::MessageStream};

use super::{
    header::Header,
    mailboxes::{self, Mailbox, MailboxError},
};
use crate::{
    model::{Address, MessageId, Protocol, Reason, Refusal, RelayUser},
    policy::{SenderRule, judge_header_address},
    smtp::{Peer, Quirk},
};

/// More Received fields than this are a loop (RFC 5321 §6.3 asks for at least 100; a submission
/// is the first hop, and Exchange gives up far earlier).
const MAX_HOPS: usize = 30;

/// Longest text of a field that is kept for the log.
const MAX_SHOWN: usize = 200;

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
}

/// Judges and completes the header of a message that `user` submits.
pub(super) fn repair(
    mut header: Header,
    user: &RelayUser,
    arrival: Arrival<'_>,
) -> Result<Repaired, Refusal> {
    if header.count("Received") > MAX_HOPS {
        return Err(Reason::MailLoop.into());
    }
    let quirks = missing(&header);
    let from = settle_from(&mut header, user)?;
    settle_sender(&mut header, user, from.len());
    for name in ["Bcc", "Resent-Bcc", "Return-Path"] {
        header.remove(name);
    }
    // Inside Exchange these say who signed in and that a mail is no spam.
    header.remove_prefix("X-MS-Exchange-Organization-");
    let date = rfc5322_date(arrival.at);
    if header.count("Date") == 0 {
        header.append("Date", &date);
    }
    if header.count("Message-ID") == 0 {
        header.append(
            "Message-ID",
            &format!("<{}@{}>", arrival.id, arrival.hostname),
        );
    }
    header.prepend("Received", &received(arrival, &date));
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

/// Exactly one From with addresses that the relay user may use; a missing one is added.
fn settle_from(header: &mut Header, user: &RelayUser) -> Result<Vec<Address>, Refusal> {
    match header.count("From") {
        0 => {
            header.append("From", &format!("<{}>", user.sender));
            return Ok(vec![user.sender.clone()]);
        }
        1 => {}
        count => {
            return Err(Refusal::new(
                Reason::FromMalformed,
                format!("{count} From headers"),
            ));
        }
    }
    let value = header.values("From").next().unwrap_or_default().to_vec();
    let authors = mailboxes::parse(&value).map_err(malformed)?;
    let mut rewrite = false;
    for author in &authors {
        rewrite |= judge_header_address(user, &author.address)? == SenderRule::Rewrite;
    }
    if rewrite {
        let original = mailboxes::write(&authors);
        let author = Mailbox {
            name: authors
                .into_iter()
                .next()
                .map_or_else(String::new, |author| author.name),
            address: user.sender.clone(),
        };
        header.replace("From", &mailboxes::write(&[author]));
        if header.count("Reply-To") == 0 {
            header.append("Reply-To", &original);
        }
        header.append("X-Original-From", &original);
        return Ok(vec![user.sender.clone()]);
    }
    if !mailboxes::is_unambiguous(&value, &authors) {
        // Whoever reads it next might find another author in it than the one that was judged.
        header.replace("From", &mailboxes::write(&authors));
    }
    Ok(authors.into_iter().map(|author| author.address).collect())
}

fn malformed(error: MailboxError) -> Refusal {
    Refusal::new(Reason::FromMalformed, error.to_string())
}

/// RFC 5322 §3.6.2: Sender is needed when From names several, and must not name a stranger.
fn settle_sender(header: &mut Header, user: &RelayUser, from_count: usize) {
    let given: Vec<_> = header
        .values("Sender")
        .map(|value| (value, mailboxes::parse(value)))
        .collect();
    let fine = match given.as_slice() {
        [] => from_count == 1,
        [(value, Ok(senders))] => {
            let is_allowed = |sender: &Mailbox| {
                judge_header_address(user, &sender.address) == Ok(SenderRule::Keep)
            };
            senders.len() == 1
                && senders.iter().all(is_allowed)
                && mailboxes::is_unambiguous(value, senders)
        }
        _ => false,
    };
    if !fine {
        header.remove("Sender");
        header.append("Sender", &format!("<{}>", user.sender));
    }
}

/// The trace field of this hop (RFC 5321 §4.4, RFC 3848).
fn received(arrival: Arrival<'_>, date: &str) -> String {
    let Arrival {
        hostname, peer, id, ..
    } = arrival;
    let helo: String = peer
        .helo
        .chars()
        .take(255)
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._:[]".contains(c) {
                c
            } else {
                '?'
            }
        })
        .collect();
    let helo = if helo.is_empty() { "unknown" } else { &helo };
    let client = peer.remote.ip().to_canonical();
    let tls = peer.tls.as_ref().map_or_else(String::new, |tls| {
        format!("\r\n\t(using {} with cipher {})", tls.version, tls.cipher)
    });
    format!(
        "from {helo} ([{client}])\r\n\tby {hostname} (relayd) with {protocol}{tls}\r\n\tid {id}; {date}",
        protocol = protocol(peer.protocol, arrival.smtputf8),
    )
}

/// The protocol by its registered name; with SMTPUTF8 it has another (RFC 6531 §4.3).
fn protocol(protocol: Protocol, smtputf8: bool) -> &'static str {
    match (protocol, smtputf8) {
        (Protocol::Esmtp, true) => "UTF8SMTP",
        (Protocol::Esmtps, true) => "UTF8SMTPS",
        (Protocol::Esmtpa, true) => "UTF8SMTPA",
        (Protocol::Esmtpsa, true) => "UTF8SMTPSA",
        (protocol, _) => protocol.as_str(),
    }
}

/// The date as RFC 5322 writes it, in UTC.
fn rfc5322_date(at: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&at.to_zoned(TimeZone::UTC)).unwrap_or_else(|_| at.to_string())
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
    use crate::{
        model::{AccountId, IdSource, OtherSender, Protocol, TlsSummary, UserId, UserState},
        submission::header::HeaderCollector,
    };

    fn user(other_sender: OtherSender) -> RelayUser {
        let (ids, now) = (IdSource::new(), Timestamp::UNIX_EPOCH);
        RelayUser {
            id: UserId::new(&ids, now),
            account_id: AccountId::new(&ids, now),
            username: "scanner".into(),
            sender: "scanner@acme.example".parse().unwrap(),
            allowed_senders: vec!["erp@acme.example".parse().unwrap()],
            other_sender,
            state: UserState::Active,
            created_at: now,
            version: 1,
        }
    }

    fn repaired(header: &str, other: OtherSender) -> Result<String, Reason> {
        let peer = Peer {
            remote: "203.0.113.10:4711".parse().unwrap(),
            listener: "submission".into(),
            helo: "floor 3\u{202e}".into(),
            tls: Some(TlsSummary {
                version: "TLSv1.3",
                cipher: "TLS_AES_128_GCM_SHA256".into(),
            }),
            protocol: Protocol::Esmtpsa,
        };
        let at: Timestamp = "2026-11-21T20:41:07Z".parse().unwrap();
        let mut collector = HeaderCollector::default();
        let split = collector
            .push(format!("{header}\r\n").as_bytes())
            .unwrap()
            .unwrap();
        let id = "01h2xcejqtf2nbrexx3v".parse().unwrap();
        let arrival = Arrival {
            hostname: "relay.example.com",
            peer: &peer,
            id,
            at,
            smtputf8: false,
        };
        let repaired = repair(split.header, &user(other), arrival).map_err(|r| r.reason)?;
        let mut out = Vec::new();
        repaired.header.write_to(&mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn what_is_missing_is_added_and_the_way_is_told() {
        let out = repaired("Subject: toner\r\n", OtherSender::Reject).unwrap();
        assert_eq!(
            out,
            "Received: from floor?3? ([203.0.113.10])\r\n\tby relay.example.com (relayd) with \
             ESMTPSA\r\n\t(using TLSv1.3 with cipher TLS_AES_128_GCM_SHA256)\r\n\tid \
             01h2xcejqtf2nbrexx3v; Sat, 21 Nov 2026 20:41:07 +0000\r\nSubject: toner\r\nFrom: \
             <scanner@acme.example>\r\nDate: Sat, 21 Nov 2026 20:41:07 +0000\r\nMessage-ID: \
             <01h2xcejqtf2nbrexx3v@relay.example.com>\r\n\r\n"
        );
    }

    #[test]
    fn what_is_there_stays_byte_for_byte() {
        let header =
            "From:  Scanner\r\n <scanner@acme.example>\r\nDate: yesterday\r\nmessage-id:<1@a>\r\n";
        let out = repaired(header, OtherSender::Reject).unwrap();
        assert!(out.ends_with(&format!("{header}\r\n")), "{out}");
    }

    #[test]
    fn blind_copies_and_return_paths_do_not_leave() {
        let header = "From: scanner@acme.example\r\nBcc: a@b.example,\r\n c@d.example\r\nReturn-Path: <x@y.example>\r\n";
        let out = repaired(header, OtherSender::Reject).unwrap();
        assert!(!out.contains("Bcc") && !out.contains("d.example") && !out.contains("Return-Path"));
    }

    #[test]
    fn authors_that_may_not_be_used_are_refused() {
        for (from, expected) in [
            ("From: scanner@acme.example", Ok(())),
            ("From: \"ceo@acme.example\" <scanner@acme.example>", Ok(())),
            ("From: SCANNER@acme.example (the ceo@acme.example)", Ok(())),
            ("From: scanner@acme.example, erp@acme.example", Ok(())),
            ("From: =?utf-8?q?J=C3=BCrgen?= <erp@acme.example>", Ok(())),
            ("From: ceo@acme.example", Err(Reason::FromNotAllowed)),
            (
                "From: scanner@acme.example, ceo@acme.example",
                Err(Reason::FromNotAllowed),
            ),
            (
                "From: <scanner@acme.example> <ceo@acme.example>",
                Err(Reason::FromMalformed),
            ),
            (
                "From: scanner@acme.example\r\nFrom: ceo@acme.example",
                Err(Reason::FromMalformed),
            ),
            ("From : ceo@acme.example", Err(Reason::FromNotAllowed)),
            (
                "From: staff: scanner@acme.example, ceo@acme.example;",
                Err(Reason::FromMalformed),
            ),
            ("From: undisclosed:;", Err(Reason::FromMalformed)),
            ("From: nobody", Err(Reason::FromMalformed)),
            ("From:", Err(Reason::FromMalformed)),
        ] {
            let judged = repaired(&format!("{from}\r\n"), OtherSender::Reject).map(|_| ());
            assert_eq!(judged, expected, "{from}");
        }
    }

    #[test]
    fn other_authors_are_rewritten_when_the_relay_user_says_so() {
        let out = repaired(
            "From: Boss @ Acme <ceo@acme.example>\r\nSubject: x\r\n",
            OtherSender::Rewrite,
        )
        .unwrap();
        for line in [
            "From: \"Boss @ Acme\" <scanner@acme.example>\r\n",
            "Reply-To: \"Boss @ Acme\" <ceo@acme.example>\r\n",
            "X-Original-From: \"Boss @ Acme\" <ceo@acme.example>\r\n",
        ] {
            assert!(out.contains(line), "{line} is missing in {out}");
        }
        let out = repaired(
            "From: =?utf-8?q?J=C3=BCrgen?= <j@acme.example>\r\nReply-To: r@acme.example\r\n",
            OtherSender::Rewrite,
        )
        .unwrap();
        assert!(
            out.contains("From: =?UTF-8?B?SsO8cmdlbg==?= <scanner@acme.example>\r\n"),
            "{out}"
        );
        assert_eq!(out.matches("Reply-To").count(), 1);
    }

    /// Each of these was judged as the scanner, and is read as somebody else by some reader.
    #[test]
    fn an_ambiguous_author_goes_out_as_it_was_judged() {
        for from in [
            "ceo@victim.example <scanner@acme.example>",
            "ceo@victim.example<scanner@acme.example",
            "'ceo@victim.example' <scanner@acme.example>",
            "\"ceo@victim.example\" scanner@acme.example",
            "<scan\r\n ner@acme.example>",
            "a <scanner@acme.example> (<ceo@victim.example>",
            "\\\"<ceo@victim.example> \"<scanner@acme.example>",
        ] {
            let Ok(out) = repaired(&format!("From: {from}\r\n"), OtherSender::Reject) else {
                continue; // Refused is as good.
            };
            let line = out.lines().find(|line| line.starts_with("From:")).unwrap();
            let bare = line.split('"').step_by(2).collect::<String>();
            assert!(
                bare.ends_with("<scanner@acme.example>"),
                "{from:?} became {line:?}"
            );
            assert!(!bare.contains("victim"), "{from:?} became {line:?}");
        }
    }

    #[test]
    fn headers_of_the_inside_of_exchange_are_removed() {
        let header = "From: scanner@acme.example\r\nx-ms-exchange-organization-scl: -1\r\n\
                      X-MS-Exchange-Organization-AuthAs: Internal\r\nResent-Bcc: a@b.example\r\n";
        let out = repaired(header, OtherSender::Reject)
            .unwrap()
            .to_lowercase();
        assert!(!out.contains("organization") && !out.contains("resent-bcc"));
    }

    #[test]
    fn a_sender_header_names_nobody_else() {
        let header = "From: scanner@acme.example\r\nSender: ceo@acme.example\r\n";
        let out = repaired(header, OtherSender::Reject).unwrap();
        assert!(out.contains("Sender: <scanner@acme.example>\r\n") && !out.contains("ceo"));
        let two = repaired(
            "From: scanner@acme.example, erp@acme.example\r\n",
            OtherSender::Reject,
        );
        assert!(two.unwrap().contains("Sender: <scanner@acme.example>\r\n"));
    }

    #[test]
    fn the_protocol_has_its_registered_name() {
        assert_eq!(protocol(Protocol::Esmtpsa, false), "ESMTPSA");
        assert_eq!(protocol(Protocol::Esmtpsa, true), "UTF8SMTPSA");
        assert_eq!(protocol(Protocol::Smtp, true), "SMTP");
    }

    #[test]
    fn what_devices_leave_out_is_noted() {
        let quirks = |header: &str| {
            let mut collector = crate::submission::header::HeaderCollector::default();
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

    #[test]
    fn loops_end() {
        let hops = "Received: from a by b; x\r\n".repeat(31);
        assert_eq!(repaired(&hops, OtherSender::Reject), Err(Reason::MailLoop));
    }
}
