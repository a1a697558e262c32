//! Clauses of the RFCs that no other test is about, and what odd clients do.

use super::{Reason as R, Stage as S, *};
use crate::model::BodyEncoding;

const EHLO: &str = "EHLO printer.acme.example";
const AUTH: &str = "AUTH PLAIN AHNjYW4AZ2VoZWlt";
const MAIL: &str = "MAIL FROM:<a@acme.example>";
const RCPT: &str = "RCPT TO:<b@acme.example>";

fn lines(reply: &str) -> Vec<&str> {
    reply.lines().map(|line| &line[4..]).collect()
}

/// RFC 9422 §4, RFC 4954 §4: what EHLO says holds for who asks.
#[tokio::test(start_paused = true)]
async fn ehlo_announces_what_holds_for_the_client() {
    let (mut client, _session) = Start::encrypted().talk().await;
    let before = client.ask(EHLO).await;
    assert!(lines(&before).contains(&"LIMITS RCPTMAX=10000"), "{before}");
    assert!(lines(&before).contains(&"SIZE 200000"), "{before}");
    assert!(!before.contains("BINARYMIME"), "{before}");
    client.expect(AUTH, "235").await;
    let after = client.ask(EHLO).await;
    assert!(lines(&after).contains(&"LIMITS RCPTMAX=3"), "{after}");
    assert!(lines(&after).contains(&"SIZE 100000"), "{after}");
    assert!(lines(&after).contains(&"BINARYMIME"), "{after}");
    assert!(!after.contains("MAILMAX"), "there is no such limit");
}

/// RFC 2034 §4: every reply but greeting, HELO, EHLO and 3yz has a code of the class of its first
/// digit.
#[tokio::test(start_paused = true)]
async fn every_reply_has_its_enhanced_code() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.expect(EHLO, "250").await;
    for line in [
        "NOOP",
        "RSET",
        "VRFY root",
        "VRFY",
        "EXPN all",
        "ETRN x",
        "TURN",
        "HELP",
        "HELP MAIL",
        "HELP nonsense",
        "FROBNICATE",
        "STARTTLS",
        MAIL,
        RCPT,
        "DATA",
        "AUTH X",
        "AUTH PLAIN !",
        AUTH,
        "MAIL FROM:<boss@acme.example>",
        MAIL,
        "RCPT TO:<x>",
        RCPT,
        "BDAT 0",
        "BDAT 0 LAST",
        "QUIT",
    ] {
        let reply = client.ask(line).await;
        for part in reply.lines() {
            let class = part.chars().next().unwrap();
            let (code, rest) = (&part[4..], format!("{class}."));
            assert!(code.starts_with(&rest), "{line}: {part}");
            let numbers: Vec<_> = code.split(' ').next().unwrap().split('.').collect();
            assert_eq!(numbers.len(), 3, "{line}: {part}");
            assert!(numbers.iter().all(|n| n.parse::<u16>().is_ok()), "{part}");
        }
    }
}

/// The same for replies that tests can hardly provoke.
#[test]
fn every_reason_has_a_code_of_its_class() {
    for reason in Reason::ALL {
        if let Some(code) = reason.smtp() {
            assert_eq!(code.basic / 100, u16::from(code.enhanced.0), "{reason}");
            assert!(matches!(code.basic / 100, 4 | 5), "{reason}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn help_knows_its_topics() {
    let (mut client, _session) = Start::encrypted().talk().await;
    for (topic, expected) in [
        ("HELP", "214-2.0.0 Commands: EHLO"),
        ("HELP whatever", "214-2.0.0 Commands: EHLO"),
        ("HELP mail", "214 2.0.0 MAIL FROM:<address> [SIZE=n]"),
        ("HELP RCPT", "214 2.0.0 RCPT TO:<address> [NOTIFY="),
        ("help bdat", "214 2.0.0 BDAT size [LAST]"),
    ] {
        client.expect(topic, expected).await;
    }
}

/// RFC 4954 §4: an initial response of no bytes is `=`, a lone `*` cancels, nothing else is read
/// as a command meanwhile.
#[tokio::test(start_paused = true)]
async fn sign_in_takes_its_forms_and_no_commands() {
    for dialogue in [
        &[("AUTH PLAIN AHNjYW4AZ2VoZWlt", "235 2.7.0")][..],
        &[("AUTH PLAIN", "334"), ("AHNjYW4AZ2VoZWlt", "235 2.7.0")],
        &[("AUTH PLAIN c2NhbgBzY2FuAGdlaGVpbQ==", "235 2.7.0")],
        &[
            ("AUTH LOGIN", "334 VXNlcm5hbWU6"),
            ("c2Nhbg==", "334 UGFzc3dvcmQ6"),
            ("Z2VoZWlt", "235"),
        ],
        &[
            ("AUTH LOGIN c2Nhbg==", "334 UGFzc3dvcmQ6"),
            ("Z2VoZWlt", "235 2.7.0"),
        ],
        // No user name: asked for the password all the same, and then refused.
        &[
            ("AUTH LOGIN =", "334 UGFzc3dvcmQ6"),
            ("Z2VoZWlt", "235 2.7.0"),
        ],
        &[
            ("AUTH PLAIN =", "501 5.7.0"),
            (MAIL, "530 5.7.0"),
            (AUTH, "235"),
        ],
        &[("AUTH PLAIN", "334"), ("*", "501 5.7.0"), (AUTH, "235")],
        &[
            ("AUTH LOGIN", "334"),
            ("c2Nhbg==", "334"),
            ("*", "501 5.7.0"),
            (AUTH, "235"),
        ],
        &[("AUTH LOGIN", "334"), (MAIL, "501 5.7.0"), (AUTH, "235")],
        &[
            ("AUTH LOGIN", "334"),
            ("QUIT", "334"),
            ("STARTTLS", "501 5.7.0"),
            (AUTH, "235"),
        ],
        &[
            ("AUTH PLAIN Ym9zcwBzY2FuAGdlaGVpbQ==", "535 5.7.8"),
            (AUTH, "235"),
        ],
        &[(AUTH, "235"), (AUTH, "503 5.5.1"), (MAIL, "250")],
        &[
            (AUTH, "235"),
            (MAIL, "250"),
            (AUTH, "503 5.5.1"),
            (RCPT, "250"),
        ],
    ] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.expect(EHLO, "250").await;
        for (line, expected) in dialogue {
            client.expect(line, expected).await;
        }
        assert!(session.fake.accepted().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_may_have_as_many_octets_as_the_rfc_asks_for() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.expect(EHLO, "250").await;
    client.expect("AUTH PLAIN", "334").await;
    // 12288 octets with CRLF; a password that long is wrong, but it is read.
    client.expect(&"A".repeat(12_284), "501 5.7.0").await;
    client.expect("AUTH PLAIN", "334").await;
    client.expect(&"A".repeat(12_288), "500 5.5.6").await;
    client.expect(AUTH, "235").await;
}

/// `Anna` and `anna` may be two (RFC 5321 §2.4); the domain is one in any case.
#[tokio::test(start_paused = true)]
async fn recipients_that_differ_in_the_case_of_the_domain_only_are_one() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    for address in ["Anna@c.example", "anna@c.example", "Anna@C.Example"] {
        client.expect(&format!("RCPT TO:<{address}>"), "250").await;
    }
    client.expect("DATA", "354").await;
    client.expect("x\r\n.", "250").await;
    let recipients = session.fake.accepted()[0].envelope.recipients.clone();
    let told: Vec<_> = recipients.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(told[1..], ["Anna@c.example", "anna@c.example"]);
}

#[tokio::test(start_paused = true)]
async fn binarymime_comes_by_bdat_only_and_the_session_stays_in_step() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    let binary = "MAIL FROM:<a@acme.example> BODY=BINARYMIME";
    client.expect(binary, "250").await;
    client.expect(RCPT, "250").await;
    client.expect("DATA", "503 5.5.1").await;
    // The transaction is still there.
    client.send(b"BDAT 6\r\n\n.\r\n\r\0BDAT 0 LAST\r\n").await;
    assert!(client.reply().await.starts_with("250 2.0.0 6 octets"));
    assert!(client.reply().await.starts_with("250 2.0.0 Ok"));
    let taken = session.fake.accepted();
    assert_eq!(taken[0].body(), b"\n.\r\n\r\0");
    assert_eq!(taken[0].envelope.encoding, BodyEncoding::Binary);
}

#[tokio::test(start_paused = true)]
async fn an_original_recipient_beyond_ascii_needs_smtputf8() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.sign_in().await;
    let recipient = "RCPT TO:<b@acme.example> ORCPT=utf-8;j\u{fc}rgen@acme.example";
    client.expect(MAIL, "250").await;
    client.expect(recipient, "501 5.5.4").await;
    client.expect("RSET", "250").await;
    client
        .expect("MAIL FROM:<a@acme.example> SMTPUTF8", "250")
        .await;
    client.expect(recipient, "250").await;
}

#[tokio::test(start_paused = true)]
async fn a_reset_forgets_everything_of_a_mail_and_nothing_else() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    for stage in 0..4 {
        let begun = [MAIL, RCPT, "BDAT 0"];
        for line in begun.iter().take(stage) {
            client.expect(line, "250").await;
        }
        client.expect("RSET", "250 2.0.0").await;
        client.expect("DATA", "503 5.5.1").await;
        client.mail("a@acme.example", "x").await;
    }
    assert_eq!(session.fake.accepted().len(), 4);
}

/// EHLO in the middle of a mail is a RSET (RFC 5321 §4.1.4), and no sign-out.
#[tokio::test(start_paused = true)]
async fn ehlo_in_a_transaction_resets_it() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.expect(EHLO, "250").await;
    client.expect("DATA", "503 5.5.1").await;
    client.mail("a@acme.example", "x").await;
    assert_eq!(session.fake.accepted().len(), 1);
}

/// An error in the middle of a pipelined group costs that command only.
#[tokio::test(start_paused = true)]
async fn errors_inside_a_pipelined_group_leave_the_session_in_step() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    client
        .send(format!(
            "{MAIL}\r\nRCPT TO:<x>\r\nFROBNICATE\r\n{RCPT}\r\n\
             RCPT TO:<c@acme.example> X=1\r\n{MAIL}\r\nNOOP\r\nDATA\r\n"
        ))
        .await;
    for expected in ["250", "501", "500", "250", "555", "503", "250", "354"] {
        let reply = client.reply().await;
        assert!(reply.starts_with(expected), "{expected}: {reply}");
    }
    client.expect("x\r\n.", "250 2.0.0 Ok").await;
    let taken = session.fake.accepted();
    assert_eq!(taken[0].envelope.recipients.len(), 1);
}

/// Each odd way is taken, and its name is counted.
#[tokio::test(start_paused = true)]
async fn quirks_are_taken_and_counted() {
    use Quirk as Q;
    let cases: &[(&[&str], &[Quirk])] = &[
        (
            &["HELO print_er.acme.example", AUTH],
            &[Q::UnderscoreHelo, Q::HeloThenAuth],
        ),
        (
            &["ehlo 192.0.2.7", AUTH],
            &[Q::LowerCaseVerb, Q::RawAddressHelo],
        ),
        (&["EHLO", AUTH], &[Q::EmptyHelo]),
        (&[EHLO, EHLO, AUTH], &[Q::RepeatedHello]),
        // After the sign-in, EHLO may say something else.
        (&[EHLO, AUTH, EHLO, EHLO], &[Q::RepeatedHello]),
        (
            &[EHLO, "AUTH PLAIN AHNjYW4AZ2VoZWlt  "],
            &[Q::TrailingSpace],
        ),
        (
            &[EHLO, "AUTH LOGIN c2Nhbg", "Z2VoZWlt"],
            &[Q::UnpaddedBase64],
        ),
        (
            &[EHLO, AUTH, "mail from: a@acme.example AUTH=<> SIZE="],
            &[Q::LowerCaseVerb, Q::AuthParameter, Q::EmptySize],
        ),
        (
            &[
                EHLO,
                AUTH,
                MAIL,
                "RCPT TO:<@hop.example:\"b\"@acme.example>",
            ],
            &[Q::SourceRoute, Q::QuotedLocalPart],
        ),
        (&[EHLO, AUTH, MAIL, RCPT, RCPT], &[Q::RepeatedRecipient]),
        (
            &[EHLO, AUTH, MAIL, "RCPT  TO:<b@acme.example>"],
            &[Q::ExtraSpace],
        ),
    ];
    for (lines, expected) in cases {
        let (mut client, session) = Start::encrypted().talk().await;
        for line in *lines {
            let reply = client.ask(line).await;
            assert!(matches!(&reply[..1], "2" | "3"), "{line}: {reply}");
        }
        let met = session.fake.quirks();
        for quirk in *expected {
            let count = met.iter().filter(|found| *found == quirk).count();
            assert_eq!(count, 1, "{lines:?}: {met:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_wait_for_354_is_taken_when_data_is() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.send("DATA\r\nx\r\n.\r\nNOOP\r\n").await;
    for expected in ["354", "250 2.0.0 Ok: queued", "250 2.0.0 Ok"] {
        assert!(client.reply().await.starts_with(expected));
    }
    assert_eq!(
        session.fake.quirks().last(),
        Some(&Quirk::BodyBeforeGoAhead)
    );
    assert_eq!(session.fake.accepted().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn obsolete_and_dangerous_verbs_are_not_implemented() {
    for verb in [
        "EXPN all",
        "ETRN acme.example",
        "TURN",
        "ATRN",
        "SEND FROM:<a@b>",
        "XCLIENT ADDR=::1",
    ] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.expect(verb, "502 5.5.1").await;
        client.expect(EHLO, "250").await;
        let told: Vec<_> = session.fake.told();
        assert_eq!(
            (told[0].stage, told[0].reason),
            (S::Command, R::NotImplemented)
        );
    }
}
