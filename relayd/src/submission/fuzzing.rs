//! The way of a header through the door, under fuzzing.

#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is how a finding is told"
)]

use jiff::Timestamp;

use super::{
    header::{Header, HeaderCollector, Split},
    mailboxes,
    repair::{Arrival, repair},
};
use crate::{
    fuzzing::{has_bare_ending, segments},
    model::{
        Address, IdSource, MessageId, OtherSender, Protocol, RelayUser, SenderDomains, TlsSummary,
    },
    policy::Senders,
    smtp::Peer,
};

/// A message. The first byte says whether foreign senders are rewritten (even) or refused (odd),
/// the second how the message is cut; see [`segments`].
///
/// No cut matters, no byte of the body changes, and what comes out has one From, which names
/// nobody that the relay user may not use, a Date, a Message-ID, one Received more than before,
/// and nothing that must not leave. Repairing it once more adds a Received field and no more.
pub fn header_repair(data: &[u8]) {
    let [rule, cut, message @ ..] = data else {
        return;
    };
    let Some(whole) = split(&[message]) else {
        return;
    };
    let Some(cut) = split(&segments(*cut, message)) else {
        panic!("the cut matters");
    };
    assert_eq!(
        written(&cut.header),
        written(&whole.header),
        "the cut matters"
    );
    assert_eq!(cut.rest, whole.rest, "the cut matters");
    check_split(message, &whole);

    let user = RelayUser::scanner(if rule % 2 == 0 {
        OtherSender::Rewrite
    } else {
        OtherSender::Reject
    });
    let Some(out) = repaired(whole.header.clone(), &user) else {
        return;
    };
    // The door refuses bare CR and LF before anything of the message is used.
    if has_bare_ending(message) {
        return;
    }
    check(&whole.header, &out, &user);
    let again = split(&[&written(&out)]).and_then(|split| repaired(split.header, &user));
    if let Some(again) = again {
        let (again, out) = (written(&again), written(&out));
        assert_eq!(without_first(&again), out, "a repaired header is repaired");
    } else {
        assert_eq!(out.count("Received"), 31, "what was accepted is refused");
    }
}

/// The message in parts; `None` when its header is too large.
fn split(segments: &[&[u8]]) -> Option<Split> {
    let mut collector = HeaderCollector::default();
    let mut pieces = segments.iter();
    while let Some(piece) = pieces.next() {
        if let Some(split) = collector.push(piece).ok()? {
            let rest = [&split.rest, pieces.as_slice().concat().as_slice()].concat();
            return Some(Split {
                rest: rest.into(),
                ..split
            });
        }
    }
    Some(collector.finish())
}

fn written(header: &Header) -> Vec<u8> {
    let mut out = Vec::new();
    header.write_to(&mut out);
    out
}

/// The section without its first field.
fn without_first(section: &[u8]) -> &[u8] {
    let folded = |at: &usize| !matches!(section.get(at + 1), Some(b' ' | b'\t'));
    let ends = (0..section.len()).filter(|at| section.get(*at) == Some(&b'\n'));
    let end = ends.into_iter().find(folded);
    end.and_then(|at| section.get(at + 1..)).unwrap_or_default()
}

/// Header and rest are the message, but for lines of blanks in the header, the empty line behind
/// it, and the name given to the line of a mailbox file.
fn check_split(message: &[u8], split: &Split) {
    let Some(section) = message.strip_suffix(&split.rest[..]) else {
        panic!("the body is another");
    };
    let is_blank = |line: &&[u8]| line.trim_ascii().is_empty();
    let lines = section.split_inclusive(|byte| *byte == b'\n');
    let kept = lines.filter(|line| !is_blank(line)).collect::<Vec<_>>();
    let kept = kept.concat();
    let header = written(&split.header);
    let header = header.strip_suffix(b"\r\n").unwrap_or_default();
    let named = header.strip_prefix(b"X-Mailbox-Line: ");
    // A header that ends in the middle of a line gets its CRLF.
    let closed = [&kept[..], b"\r\n"].concat();
    assert!(
        [Some(header), named]
            .iter()
            .flatten()
            .any(|header| *header == kept || *header == closed),
        "the header is another"
    );
}

fn repaired(header: Header, user: &RelayUser) -> Option<Header> {
    let peer = Peer {
        remote: ([203, 0, 113, 10], 4711).into(),
        listener: "submission".into(),
        helo: "floor 3".into(),
        tls: Some(TlsSummary {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256".into(),
        }),
        protocol: Protocol::Esmtpsa,
    };
    let arrival = Arrival {
        hostname: "relay.example",
        peer: &peer,
        id: MessageId::new(&IdSource::new(), Timestamp::UNIX_EPOCH),
        at: Timestamp::UNIX_EPOCH,
        smtputf8: false,
    };
    let senders = Senders {
        user,
        domains: &SenderDomains::Any,
    };
    let repaired = repair(header, senders, arrival).ok()?;
    for shown in [&repaired.from, &repaired.subject, &repaired.message_id] {
        assert!(!shown.contains(char::is_control), "{shown:?}");
    }
    Some(repaired.header)
}

fn check(before: &Header, after: &Header, user: &RelayUser) {
    let text = written(after);
    assert!(!has_bare_ending(&text), "half a line ending");
    assert!(text.ends_with(b"\r\n\r\n") || after.count("Received") == 0);
    let lines = text.split(|byte| *byte == b'\n');
    let longest = written(before)
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max();
    for line in lines {
        assert!(
            line.len() <= longest.unwrap_or_default().max(999),
            "an overlong line is made"
        );
    }
    assert_eq!(after.count("From"), 1);
    assert!(after.count("Sender") <= 1);
    assert_eq!(after.count("Date"), 1);
    assert_eq!(after.count("Message-ID"), 1);
    assert_eq!(after.count("Received"), before.count("Received") + 1);
    for name in [
        "Bcc",
        "Resent-Bcc",
        "Return-Path",
        "X-MS-Exchange-Organization-SCL",
    ] {
        assert_eq!(after.count(name), 0, "{name}");
    }
    for name in ["From", "Sender"] {
        for value in after.values(name) {
            check_authors(value, user);
        }
    }
}

/// Whoever reads the value finds only addresses that the relay user may use.
fn check_authors(value: &[u8], user: &RelayUser) {
    let shown = String::from_utf8_lossy(value);
    let Ok(authors) = mailboxes::parse(value) else {
        panic!("no list of authors: {shown}");
    };
    let allowed = |address: &Address| {
        let own = std::iter::once(&user.sender).chain(&user.allowed_senders);
        own.into_iter().any(|own| own.matches(address))
    };
    assert!(
        !authors.is_empty() && authors.iter().all(|author| allowed(&author.address)),
        "{shown}"
    );
    assert!(mailboxes::is_unambiguous(value, &authors), "{shown}");
}
