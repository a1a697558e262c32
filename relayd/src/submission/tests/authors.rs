//! Who a message says it is from: kept, settled, refused, or written anew.

use super::{outcome, repaired};
use crate::model::{OtherSender, Reason};

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
