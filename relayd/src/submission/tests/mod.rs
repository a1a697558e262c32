//! What goes in and what comes out of the header repair, line by line.

use jiff::Timestamp;

use super::{
    header::HeaderCollector,
    repair::{Arrival, repair},
};
use crate::{
    model::{
        AccountId, IdSource, OtherSender, Protocol, Reason, RelayUser, TlsSummary, UserId,
        UserState,
    },
    smtp::Peer,
};

const NOW: &str = "Sat, 21 Nov 2026 20:41:07 +0000";
const QUEUE_ID: &str = "01h2xcejqtf2nbrexx3v";

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

/// The header of a message that goes out, without the empty line at its end.
fn repaired(header: &[u8], other: OtherSender) -> Result<Vec<u8>, Reason> {
    let peer = Peer {
        remote: "203.0.113.10:4711".parse().unwrap(),
        listener: "submission".into(),
        helo: "printer.example".into(),
        tls: Some(TlsSummary {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256".into(),
        }),
        protocol: Protocol::Esmtpsa,
    };
    let mut collector = HeaderCollector::default();
    let message = [header, b"\r\n"].concat();
    let split = collector.push(&message).unwrap().unwrap();
    let arrival = Arrival {
        hostname: "relay.example.com",
        peer: &peer,
        id: QUEUE_ID.parse().unwrap(),
        at: "2026-11-21T20:41:07Z".parse().unwrap(),
        smtputf8: false,
    };
    let repaired = repair(split.header, &user(other), arrival).map_err(|r| r.reason)?;
    let mut out = Vec::new();
    repaired.header.write_to(&mut out);
    assert!(out.ends_with(b"\r\n\r\n"));
    out.truncate(out.len() - 2);
    Ok(out)
}

/// The fields that matter to a table, as text, each folded field on one line.
fn outcome(input: &str, other: OtherSender, of_interest: fn(&str) -> bool) -> String {
    // One character for each byte, so that 8-bit input can be written in a table.
    let bytes: Vec<u8> = format!("{input}\r\n")
        .chars()
        .map(|c| u8::try_from(c).unwrap())
        .collect();
    let out = match repaired(&bytes, other) {
        Err(reason) => return reason.code().to_owned(),
        Ok(out) => out.iter().copied().map(char::from).collect::<String>(),
    };
    let out = out.replace("\r\n ", "↵ ").replace("\r\n\t", "↵\t");
    let lines = out.lines().filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        of_interest(name.trim_end())
    });
    lines.collect::<Vec<_>>().join(" | ")
}

fn is_about_people(name: &str) -> bool {
    ["from", "sender", "reply-to", "x-original-from"].contains(&name.to_ascii_lowercase().as_str())
}

/// What comes in (each character a byte), and what goes out; `=` is the same.
const MAY_BE_USED: &[(&str, &str)] = &[
    // Nobody is named, so nobody else is.
    ("Subject: x", "From: <scanner@acme.example>"),
    ("From:", "From: <scanner@acme.example>"),
    ("From: <>", "From: <scanner@acme.example>"),
    ("From: \r\n ", "From: <scanner@acme.example>"),
    // As the standard has it, and what every reader understands.
    ("From: <scanner@acme.example>", "="),
    ("from:scanner@acme.example", "="),
    ("FROM: SCANNER@ACME.EXAMPLE", "="),
    ("From: \t scanner@acme.example\t", "="),
    ("From: Scanner <scanner@acme.example>", "="),
    ("From: Scanner<scanner@acme.example>", "="),
    (
        "From: Scanner\r\n <scanner@acme.example>",
        "From: Scanner↵ <scanner@acme.example>",
    ),
    ("From: Dr. Scan <scanner@acme.example>", "="),
    ("From: O'Scan <scanner@acme.example>", "="),
    ("From: \"scanner@floor3\" <scanner@acme.example>", "="),
    ("From: \"a\\\"b\" <scanner@acme.example>", "="),
    ("From: \"a\" \"b\" <scanner@acme.example>", "="),
    (
        "From: Scanner (floor 3, left (or right)) <scanner@acme.example>",
        "=",
    ),
    ("From: scanner@acme.example (floor 3)", "="),
    // Encoded words are atoms; what was never decoded cannot be misread.
    ("From: =?utf-8?q?J=C3=BCrgen?= <scanner@acme.example>", "="),
    ("From: =?utf-8?q?J=C3=BC=40x?= <scanner@acme.example>", "="),
    ("From: =?utf-8?b?broken <scanner@acme.example>", "="),
    // 8-bit names, in Latin-1 and in UTF-8.
    ("From: J\u{fc}rgen <scanner@acme.example>", "="),
    ("From: J\u{c3}\u{bc}rgen <scanner@acme.example>", "="),
    // An @ in a name is quoted, or encoded when the name is not ASCII.
    (
        "From: scanner@floor3 <scanner@acme.example>",
        "From: \"scanner@floor3\" <scanner@acme.example>",
    ),
    (
        "From: Boss @ Acme <scanner@acme.example>",
        "From: \"Boss @ Acme\" <scanner@acme.example>",
    ),
    (
        "From: ceo@victim.example <scanner@acme.example>",
        "From: \"ceo@victim.example\" <scanner@acme.example>",
    ),
    (
        "From: J\u{fc}rgen @ Acme <scanner@acme.example>",
        "From: =?UTF-8?B?SsO8cmdlbiBAIEFjbWU=?= <scanner@acme.example>",
    ),
    (
        "From: J\u{c3}\u{bc}rgen @ Acme <scanner@acme.example>",
        "From: =?UTF-8?B?SsO8cmdlbiBAIEFjbWU=?= <scanner@acme.example>",
    ),
    (
        "From: scanner@acme.example (ceo@victim.example)",
        "From: \"ceo@victim.example\" <scanner@acme.example>",
    ),
    (
        "From: (ceo@victim.example) scanner@acme.example",
        "From: \"ceo@victim.example\" <scanner@acme.example>",
    ),
    // Some readers decode first and parse then.
    (
        "From: =?utf-8?q?scan=40floor3?= <scanner@acme.example>",
        "From: \"scan@floor3\" <scanner@acme.example>",
    ),
    (
        "From: =?utf-8?q?=3Cceo=40victim.example=3E?= <scanner@acme.example>",
        "From: \"<ceo@victim.example>\" <scanner@acme.example>",
    ),
    (
        "From: \"=?utf-8?q?ceo=40victim.example?=\" <scanner@acme.example>",
        "From: \"ceo@victim.example\" <scanner@acme.example>",
    ),
    (
        "From: =?utf-8?q?a=00=0D=0Ab?= <scanner@acme.example>",
        "From: \"ab\" <scanner@acme.example>",
    ),
    // Names that lack their quotes.
    (
        "From: Scanner, 3rd floor <scanner@acme.example>",
        "From: \"Scanner, 3rd floor\" <scanner@acme.example>",
    ),
    (
        "From: J\u{fc}rgen, Acme <scanner@acme.example>",
        "From: =?UTF-8?B?SsO8cmdlbiwgQWNtZQ==?= <scanner@acme.example>",
    ),
    (
        "From: Scan: floor 3 <scanner@acme.example>",
        "From: \"Scan: floor 3\" <scanner@acme.example>",
    ),
    (
        "From: Scan; floor <scanner@acme.example>",
        "From: \"Scan; floor\" <scanner@acme.example>",
    ),
    (
        "From: Scan [3] <scanner@acme.example>",
        "From: \"Scan [3]\" <scanner@acme.example>",
    ),
    (
        "From: back\\slash <scanner@acme.example>",
        "From: \"back\\\\slash\" <scanner@acme.example>",
    ),
    // Brackets, blanks, commas and colons out of place.
    (
        "From: <scanner@acme.example",
        "From: <scanner@acme.example>",
    ),
    (
        "From: < scanner@acme.example >",
        "From: <scanner@acme.example>",
    ),
    (
        "From: <scanner@\r\n acme.example>",
        "From: <scanner@acme.example>",
    ),
    (
        "From: ,scanner@acme.example,",
        "From: <scanner@acme.example>",
    ),
    (
        "From : scanner@acme.example",
        "From: <scanner@acme.example>",
    ),
    (
        "From: <scanner@acme.example> Scanner",
        "From: \"Scanner\" <scanner@acme.example>",
    ),
    // Control characters, at which some readers stop.
    (
        "From: a\0b <scanner@acme.example>",
        "From: \"ab\" <scanner@acme.example>",
    ),
    (
        "From: ceo@victim.example\0 <scanner@acme.example>",
        "From: \"ceo@victim.example\" <scanner@acme.example>",
    ),
    // Several authors need a Sender; it names nobody that may not be used.
    (
        "From: scanner@acme.example, erp@acme.example",
        "From: scanner@acme.example, erp@acme.example | Sender: <scanner@acme.example>",
    ),
    (
        "From: a <scanner@acme.example>, \"b, c\" <erp@acme.example>\r\nSender: Erp <erp@acme.example>",
        "From: a <scanner@acme.example>, \"b, c\" <erp@acme.example> | Sender: Erp <erp@acme.example>",
    ),
    (
        "From: scanner@acme.example\r\nSender: erp@acme.example",
        "From: scanner@acme.example | Sender: erp@acme.example",
    ),
    (
        "From: scanner@acme.example\r\nSender: ceo@acme.example",
        "From: scanner@acme.example | Sender: <scanner@acme.example>",
    ),
    (
        "From: scanner@acme.example\r\nSender : erp@acme.example",
        "From: scanner@acme.example | Sender: <scanner@acme.example>",
    ),
    (
        "From: scanner@acme.example\r\nSender: erp@acme.example\r\nSender: ceo@acme.example",
        "From: scanner@acme.example | Sender: <scanner@acme.example>",
    ),
    (
        "Sender: ceo@acme.example",
        "From: <scanner@acme.example> | Sender: <scanner@acme.example>",
    ),
];

/// Every row with both settings of the relay user: who may be used does not depend on it.
#[test]
fn authors_that_may_be_used_stay_or_are_written_so_that_nobody_misreads_them() {
    for (input, expected) in MAY_BE_USED {
        let expected = if *expected == "=" { input } else { expected };
        for other in [OtherSender::Reject, OtherSender::Rewrite] {
            assert_eq!(
                outcome(input, other, is_about_people),
                *expected,
                "{input:?}"
            );
        }
    }
}

const MAY_NOT_BE_USED: &[(&str, Reason)] = &[
    ("From: ceo@acme.example", Reason::FromNotAllowed),
    ("From : ceo@acme.example", Reason::FromNotAllowed),
    (
        "From: \"scanner@acme.example\" <ceo@acme.example>",
        Reason::FromNotAllowed,
    ),
    (
        "From: scanner@acme.example <ceo@acme.example>",
        Reason::FromNotAllowed,
    ),
    (
        "From: ceo@acme.example (<scanner@acme.example>)",
        Reason::FromNotAllowed,
    ),
    (
        "From: scanner@acme.example, b <ceo@acme.example>",
        Reason::FromNotAllowed,
    ),
    ("From: b, <ceo@acme.example>", Reason::FromNotAllowed),
    ("From: scanner@acme.example.org", Reason::FromNotAllowed),
    ("From: scanner%ceo@acme.example", Reason::FromNotAllowed),
    ("From: <\"scanner\"@acme.example>", Reason::FromNotAllowed),
    ("From: scanner@localhost", Reason::FromNotAllowed),
    // No address.
    ("From: Scanner", Reason::FromMalformed),
    ("From: root (Cron Daemon)", Reason::FromMalformed),
    ("From: Scanner <scanner>", Reason::FromMalformed),
    ("From: \"scanner@acme.example\"", Reason::FromMalformed),
    (
        "From: =?utf-8?q?scanner=40acme.example?=",
        Reason::FromMalformed,
    ),
    // Two addresses, or one that can be read as two.
    (
        "From: scanner@acme.example erp@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: scanner@acme.example; erp@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: <scanner@acme.example> <ceo@acme.example>",
        Reason::FromMalformed,
    ),
    (
        "From: <scanner@acme.example> ceo@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: a, <ceo@acme.example> <scanner@acme.example>",
        Reason::FromMalformed,
    ),
    ("From: a, <scanner@acme.example>, b", Reason::FromMalformed),
    (
        "From: a, (<ceo@acme.example>) <scanner@acme.example>",
        Reason::FromMalformed,
    ),
    (
        "From: scanner@acme.example\r\n ceo@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: scanner@acme.example\r\n \r\n ceo@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: scanner@acme.example@victim.example",
        Reason::FromMalformed,
    ),
    (
        "From: <@hop.example:scanner@acme.example>",
        Reason::FromMalformed,
    ),
    ("From: scanner@acme.example\0", Reason::FromMalformed),
    // Nothing ends what began.
    ("From: \"a <scanner@acme.example>", Reason::FromMalformed),
    ("From: a (b <scanner@acme.example>", Reason::FromMalformed),
    // Groups (RFC 6854) are no authors.
    ("From: undisclosed:;", Reason::FromMalformed),
    ("From: staff: scanner@acme.example;", Reason::FromMalformed),
    (
        "From: staff: scanner@acme.example, ceo@acme.example;",
        Reason::FromMalformed,
    ),
    // Obsolete blanks around dots and @.
    ("From: scanner @ acme . example", Reason::FromMalformed),
    // More than one From.
    (
        "From: scanner@acme.example\r\nFrom: ceo@acme.example",
        Reason::FromMalformed,
    ),
    (
        "From: scanner@acme.example\r\nfrom : scanner@acme.example",
        Reason::FromMalformed,
    ),
];

#[test]
fn authors_that_may_not_be_used_or_not_be_told_are_refused() {
    for (input, expected) in MAY_NOT_BE_USED {
        let found = outcome(input, OtherSender::Reject, is_about_people);
        assert_eq!(found, expected.code(), "{input:?}");
    }
}

#[test]
fn other_authors_are_rewritten_when_the_relay_user_says_so() {
    for (input, expected) in [
        (
            "From: ceo@acme.example",
            "From: <scanner@acme.example> | Reply-To: <ceo@acme.example> | \
             X-Original-From: <ceo@acme.example>",
        ),
        (
            "From: Boss @ Acme <ceo@acme.example>",
            "From: \"Boss @ Acme\" <scanner@acme.example> | \
             Reply-To: \"Boss @ Acme\" <ceo@acme.example> | \
             X-Original-From: \"Boss @ Acme\" <ceo@acme.example>",
        ),
        (
            "From: =?utf-8?q?J=C3=BCrgen?= <j@acme.example>",
            "From: =?UTF-8?B?SsO8cmdlbg==?= <scanner@acme.example> | \
             Reply-To: =?UTF-8?B?SsO8cmdlbg==?= <j@acme.example> | \
             X-Original-From: =?UTF-8?B?SsO8cmdlbg==?= <j@acme.example>",
        ),
        // The device says itself where answers go.
        (
            "From: Boss <ceo@acme.example>\r\nReply-To: desk@acme.example",
            "From: \"Boss\" <scanner@acme.example> | Reply-To: desk@acme.example | \
             X-Original-From: \"Boss\" <ceo@acme.example>",
        ),
        // What was kept by somebody else is not what we keep.
        (
            "X-Original-From: forged@acme.example\r\nFrom: ceo@acme.example",
            "From: <scanner@acme.example> | Reply-To: <ceo@acme.example> | \
             X-Original-From: <ceo@acme.example>",
        ),
        // Several authors: the name of the first, answers to all, and no Sender beside one author.
        (
            "From: a <scanner@acme.example>, b <ceo@acme.example>",
            "From: \"a\" <scanner@acme.example> | \
             Reply-To: \"a\" <scanner@acme.example>,↵ \"b\" <ceo@acme.example> | \
             X-Original-From: \"a\" <scanner@acme.example>,↵ \"b\" <ceo@acme.example>",
        ),
        (
            "From: ceo@acme.example\r\nSender: pa@acme.example",
            "From: <scanner@acme.example> | Reply-To: <ceo@acme.example> | \
             X-Original-From: <ceo@acme.example> | Sender: <scanner@acme.example>",
        ),
        // What nobody can read is no place for answers, and is kept as it came.
        (
            "From: root",
            "X-Original-From: root | From: <scanner@acme.example>",
        ),
        (
            "From:root (Cron Daemon)\r\nX-Original-From: forged@acme.example",
            "X-Original-From:root (Cron Daemon) | From: <scanner@acme.example>",
        ),
        (
            "From: staff: scanner@acme.example;",
            "X-Original-From: staff: scanner@acme.example; | From: <scanner@acme.example>",
        ),
        // Two From fields are never a quirk.
        (
            "From: ceo@acme.example\r\nFrom: cfo@acme.example",
            "from-malformed",
        ),
    ] {
        let found = outcome(input, OtherSender::Rewrite, is_about_people);
        assert_eq!(found, expected, "{input:?}");
    }
}

#[test]
fn lines_with_encoded_words_stay_within_76_characters() {
    let name = "J\u{c3}\u{bc}rgen M\u{c3}\u{bc}ller-L\u{c3}\u{bc}denscheidt, ".repeat(4);
    let input = format!("From: {name} <ceo@acme.example>\r\n");
    let bytes: Vec<u8> = input.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let out = String::from_utf8(repaired(&bytes, OtherSender::Rewrite).unwrap()).unwrap();
    let lines: Vec<_> = out.lines().filter(|line| line.contains("=?")).collect();
    assert!(lines.len() > 12, "{out}");
    assert!(lines.iter().all(|line| line.len() <= 76), "{out}");
}

#[test]
fn date_and_message_id_are_there_once_and_can_be_read() {
    let id = format!("<{QUEUE_ID}@relay.example.com>");
    let is_of_interest: fn(&str) -> bool = |name| {
        let name = name.to_ascii_lowercase();
        name.ends_with("date") || name.ends_with("message-id")
    };
    let fine = "Date: Thu, 1 Jan 1970 00:00:00 +0000 | Message-ID: <1@a>";
    for (input, expected) in [
        ("Subject: x", format!("Date: {NOW} | Message-ID: {id}")),
        (
            "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1@a>",
            fine.to_owned(),
        ),
        ("Date:\r\nMessage-ID: <>", {
            format!("X-Original-Message-ID: <> | Date: {NOW} | Message-ID: {id}")
        }),
        (
            "Date:Sat, 21 Nov 26 20:41 GMT\r\nMessage-Id:\r\n <no-at-sign>",
            { "Date:Sat, 21 Nov 26 20:41 GMT | Message-Id:↵ <no-at-sign>".to_owned() },
        ),
        ("Date: yesterday\r\nMessage-ID: 4711", {
            format!(
                "X-Original-Date: yesterday | X-Original-Message-ID: 4711 | Date: {NOW} | \
                 Message-ID: {id}"
            )
        }),
        ("Date: Sat Nov 21 20:41:07 2026\r\nMessage-ID: <1@a>", {
            "Date: Sat Nov 21 20:41:07 2026 | Message-ID: <1@a>".to_owned()
        }),
        (
            "Date: 99 Foo\r\nMessage-ID: <a b> <c>\r\nX-Original-Date: x",
            {
                format!(
                    "X-Original-Date: 99 Foo | X-Original-Message-ID: <a b> <c> | Date: {NOW} | \
                 Message-ID: {id}"
                )
            },
        ),
        (
            "Message-ID: 4711\r\nMessage-ID: <1@a>\r\nMessage-ID: <2@a>\r\n\
             Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nDate: x",
            "Message-ID: <1@a> | Date: Thu, 1 Jan 1970 00:00:00 +0000".to_owned(),
        ),
    ] {
        let found = outcome(input, OtherSender::Reject, is_of_interest);
        assert_eq!(found, expected, "{input:?}");
    }
}

#[test]
fn what_is_missing_is_added_and_the_way_is_told() {
    let out = repaired(b"Subject: toner\r\n", OtherSender::Reject).unwrap();
    let expected = format!(
        "Received: from printer.example ([203.0.113.10])\r\n\tby relay.example.com (relayd) with \
         ESMTPSA\r\n\tid {QUEUE_ID}\r\n\t(using TLSv1.3) tls TLS_AES_128_GCM_SHA256; {NOW}\r\n\
         Subject: toner\r\nFrom: <scanner@acme.example>\r\nDate: {NOW}\r\n\
         Message-ID: <{QUEUE_ID}@relay.example.com>\r\n"
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn what_is_there_stays_byte_for_byte() {
    let header = b"DKIM-Signature: v=1; a=rsa-sha256;\r\n\tb=x=\r\nMIME-version : 1.0\r\n\
        Content-Type:text/plain;\r\n\tcharset=iso-8859-1\r\nSubject: \xe4 \r\nTo:\r\n\
        From:  Scanner\r\n <scanner@acme.example>\r\nReply-To: ceo@acme.example\r\n\
        X-Odd!: \x00\r\nReceived: from a by b; x\r\nDate: Sat, 21 Nov 2026 20:41:07 +0000 (CET)\r\n\
        message-id:<1@a>\r\n";
    let out = repaired(header, OtherSender::Reject).unwrap();
    assert!(out.ends_with(header), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn blind_copies_return_paths_and_the_inside_of_exchange_do_not_leave() {
    let header = b"From: scanner@acme.example\r\nBcc: a@b.example,\r\n c@d.example\r\nbcc : x\r\n\
        Resent-Bcc: a@b.example\r\nReturn-Path: <x@y.example>\r\n\
        x-ms-exchange-organization-scl: -1\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n";
    let out = repaired(header, OtherSender::Reject).unwrap();
    let out = String::from_utf8(out).unwrap().to_lowercase();
    for gone in [
        "bcc",
        "b.example",
        "d.example",
        "return-path",
        "organization",
    ] {
        assert!(!out.contains(gone), "{gone} is in {out}");
    }
}

#[test]
fn loops_end() {
    for (hops, expected) in [(30, None), (31, Some(Reason::MailLoop))] {
        let header = "Received: from a by b; x\r\n".repeat(hops);
        let refused = repaired(header.as_bytes(), OtherSender::Reject).err();
        assert_eq!(refused, expected, "{hops}");
    }
}
