//! Every refusal that the door can give: what the client reads and what the backend is told.

use super::{Reason as R, Stage as S, *};

/// Feeds `lines` to a session that is greeted (and signed in when `offer` allows); the last one
/// must be refused for `reason`.
async fn refused(start: Start, lines: &[&str], stage: Stage, reason: Reason) {
    let (mut client, session) = start.talk().await;
    let mut reply = String::new();
    for line in lines {
        reply = client.ask(line).await;
    }
    let code = reason.smtp().unwrap();
    assert!(reply.starts_with(&code.to_string()), "{lines:?}: {reply}");
    assert!(
        reply.ends_with(&format!("[{reason}]")),
        "{lines:?}: {reply}"
    );
    let told = session.fake.told();
    let last = told.last().unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!((last.stage, last.reason), (stage, reason), "{lines:?}");
}

const EHLO: &str = "EHLO p";
const AUTH: &str = "AUTH PLAIN AHNjYW4AZ2VoZWlt";
const MAIL: &str = "MAIL FROM:<a@acme.example>";
const RCPT: &str = "RCPT TO:<b@acme.example>";

/// What is said, and what its last line is refused for.
const CASES: &[(&[&str], S, R)] = &[
    (&["FROBNICATE"], S::Command, R::SyntaxError),
    (&["NOOP \u{7}"], S::Command, R::SyntaxError),
    (&["NOOP\rNOOP"], S::Command, R::SyntaxError),
    (&["EXPN all"], S::Command, R::NotImplemented),
    (&["STARTTLS"], S::Command, R::BadSequence),
    (&["RSET now"], S::Command, R::BadParameter),
    (&[AUTH], S::Auth, R::BadSequence),
    (&[EHLO, "AUTH CRAM-MD5"], S::Auth, R::UnsupportedMechanism),
    (&[EHLO, "AUTH PLAIN", "*"], S::Auth, R::AuthCancelled),
    (&[EHLO, "AUTH LOGIN", "!"], S::Auth, R::AuthCancelled),
    (&[EHLO, "AUTH PLAIN ="], S::Auth, R::AuthCancelled),
    (
        &[EHLO, "AUTH PLAIN AHNjYW4AeA=="],
        S::Auth,
        R::CredentialsRejected,
    ),
    (
        &[EHLO, "AUTH LOGIN dGhyb3R0bGVk", "eA=="],
        S::Auth,
        R::AuthThrottled,
    ),
    (
        &[EHLO, "AUTH LOGIN c3RyYW5nZXI=", "eA=="],
        S::Auth,
        R::AddressNotRegistered,
    ),
    (&[EHLO, AUTH, AUTH], S::Auth, R::BadSequence),
    (&[EHLO, AUTH, MAIL, AUTH], S::Auth, R::BadSequence),
    (&[MAIL], S::Mail, R::BadSequence),
    (&[EHLO, MAIL], S::Mail, R::AuthRequired),
    (&[EHLO, AUTH, MAIL, MAIL], S::Mail, R::BadSequence),
    (
        &[EHLO, AUTH, "MAIL FROM:<boss@acme.example>"],
        S::Mail,
        R::SenderNotAllowed,
    ),
    (&[EHLO, AUTH, "MAIL FROM:<a>"], S::Mail, R::InvalidSender),
    (
        &[EHLO, AUTH, "MAIL FROM:<a@acme.example> SIZE=200001"],
        S::Mail,
        R::MessageTooLarge,
    ),
    (
        &[EHLO, AUTH, "MAIL FROM:<a@acme.example> BODY=X"],
        S::Mail,
        R::BadParameter,
    ),
    (
        &[EHLO, AUTH, "MAIL FROM:<a@acme.example> X=Y"],
        S::Mail,
        R::UnknownParameter,
    ),
    (&[EHLO, RCPT], S::Recipient, R::BadSequence),
    (
        &[EHLO, AUTH, MAIL, "RCPT TO:<b>"],
        S::Recipient,
        R::InvalidAddress,
    ),
    (
        &[EHLO, AUTH, MAIL, "RCPT TO:<é@acme.example>"],
        S::Recipient,
        R::InvalidAddress,
    ),
    (
        &[
            EHLO,
            AUTH,
            MAIL,
            RCPT,
            "RCPT TO:<c@acme.example>",
            "RCPT TO:<d@acme.example>",
            "RCPT TO:<e@acme.example>",
        ],
        S::Recipient,
        R::TooManyRecipients,
    ),
    (&[EHLO, AUTH, "DATA"], S::Data, R::BadSequence),
    (&[EHLO, AUTH, MAIL, "DATA"], S::Data, R::BadSequence),
    (
        &[EHLO, AUTH, "MAIL FROM:<full@acme.example>", RCPT, "DATA"],
        S::Data,
        R::DiskFull,
    ),
    (
        &[EHLO, AUTH, MAIL, RCPT, "BDAT 0", "DATA"],
        S::Data,
        R::BadSequence,
    ),
    (
        &[EHLO, AUTH, MAIL, RCPT, "BDAT 0", RCPT],
        S::Recipient,
        R::BadSequence,
    ),
];

#[tokio::test(start_paused = true)]
async fn commands_are_refused_for_their_reason() {
    for (lines, stage, reason) in CASES {
        refused(Start::encrypted(), lines, *stage, *reason).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_tls_nobody_signs_in() {
    let clear = Start::clear;
    refused(clear(), &[EHLO, AUTH], Stage::Auth, R::TlsRequired).await;
    refused(clear(), &[EHLO, MAIL], Stage::Mail, R::AuthRequired).await;
    let (mut client, _session) = clear().talk().await;
    let hello = client.ask(EHLO).await;
    assert!(hello.ends_with("250 STARTTLS"), "{hello}");
    let reply = client.ask(MAIL).await;
    assert!(reply.contains("switch on STARTTLS in it"), "{reply}");
    let mut deaf = clear();
    deaf.offer.start_tls = false;
    let (mut client, _session) = deaf.talk().await;
    for line in [EHLO, AUTH, MAIL] {
        let reply = client.ask(line).await;
        let told = reply.contains("this port has no encryption: use another one");
        assert_eq!(told, line != EHLO, "{reply}");
    }
    let mut never = clear();
    never.offer.start_tls = false;
    refused(
        never,
        &[EHLO, "STARTTLS"],
        Stage::Command,
        R::NotImplemented,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_listener_may_allow_signing_in_without_tls() {
    let mut start = Start::clear();
    start.offer.sign_in = true;
    let (mut client, session) = start.talk().await;
    client.sign_in().await;
    client.mail("a@acme.example", "x").await;
    assert_eq!(session.fake.accepted()[0].protocol, Protocol::Esmtpa);
}

#[tokio::test(start_paused = true)]
async fn the_log_of_refusals_learns_who_and_what() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    client.ask("MAIL FROM:<boss@acme.example>").await;
    client.ask(MAIL).await;
    client.ask("RCPT TO:<nobody>").await;
    let told = session.fake.told();
    let expected = [
        (
            "boss@acme.example",
            "",
            Stage::Mail,
            Reason::SenderNotAllowed,
        ),
        (
            "a@acme.example",
            "<nobody>",
            Stage::Recipient,
            Reason::InvalidAddress,
        ),
    ]
    .map(|(sender, recipient, stage, reason)| Told {
        stage,
        reason,
        username: "scan".to_owned(),
        sender: sender.to_owned(),
        recipient: recipient.to_owned(),
    });
    assert_eq!(told, expected);
}

#[tokio::test(start_paused = true)]
async fn a_refused_body_is_read_to_its_end_and_then_refused() {
    let large = format!("{}\r\n", "x".repeat(998)).repeat(210);
    for (sender, body, reason) in [
        (
            "a@acme.example",
            "x\n.\r\nMAIL FROM:<evil@acme.example>",
            Reason::BareLineEnding,
        ),
        ("a@acme.example", "x\r.\r\ny", Reason::BareLineEnding),
        ("a@acme.example", large.as_str(), Reason::MessageTooLarge),
        ("picky@acme.example", "x", Reason::FromNotAllowed),
        ("loop@acme.example", "x", Reason::MailLoop),
    ] {
        let (mut client, session) = Start::encrypted().talk().await;
        client.begin(sender).await;
        client.expect("DATA", "354").await;
        let reply = client.ask(&format!("{body}\r\n.")).await;
        assert!(reply.ends_with(&format!("[{reason}]")), "{sender}: {reply}");
        client.mail("a@acme.example", "next").await;
        let taken = session.fake.accepted();
        assert_eq!((taken.len(), session.fake.dropped()), (1, 1), "{sender}");
        assert_eq!(taken[0].body(), b"next\r\n");
        assert_eq!(session.fake.reasons(), [reason]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_chunk_is_consumed_and_then_refused() {
    let evil = "MAIL FROM:<evil@acme.example>\r\n";
    let chunk = format!("BDAT {} LAST\r\n{evil}", evil.len());
    // Nobody signed in, no transaction.
    let (mut client, session) = Start::encrypted().talk().await;
    client.expect(EHLO, "250").await;
    client.send(&chunk).await;
    assert!(client.reply().await.starts_with("503 5.5.1"));
    client.expect(AUTH, "235").await;
    // No recipient: the transaction stays open for one.
    client.expect(MAIL, "250").await;
    client.send(&chunk).await;
    assert!(client.reply().await.starts_with("503 5.5.1"));
    client.expect(RCPT, "250").await;
    // Too large, told behind the chunk; the rest of the pipeline fails with it.
    client
        .send(format!("BDAT 200001\r\n{}", "x".repeat(200_001)))
        .await;
    client.send(&chunk).await;
    assert!(client.reply().await.starts_with("552 5.3.4"));
    assert!(client.reply().await.starts_with("503 5.5.1"));
    // A bare LF across two chunks.
    client.expect(MAIL, "250").await;
    client.expect(RCPT, "250").await;
    client.send("BDAT 2\r\na\rBDAT 1 LAST\r\nb").await;
    assert!(client.reply().await.starts_with("250"));
    assert!(client.reply().await.starts_with("550 5.6.11"));
    client.mail("a@acme.example", "next").await;
    assert_eq!(session.fake.accepted().len(), 1);
    assert_eq!(session.fake.dropped(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_chunk_of_unknown_size_ends_the_session() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client
        .send("BDAT x LAST\r\nMAIL FROM:<evil@acme.example>\r\n")
        .await;
    assert!(client.reply().await.starts_with("501 5.5.4"));
    client.expect_closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_line_that_ends_with_lf_ends_the_session() {
    let (mut client, session) = Start::encrypted().talk().await;
    client
        .send("EHLO p\nMAIL FROM:<evil@acme.example>\r\n")
        .await;
    assert!(client.reply().await.starts_with("500 5.5.2"));
    client.expect_closed().await;
    assert_eq!(session.fake.reasons(), [Reason::SyntaxError]);
}

#[tokio::test(start_paused = true)]
async fn overlong_lines_are_refused_and_the_session_stays_in_step() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.expect(EHLO, "250").await;
    client
        .expect(&format!("NOOP {}", "x".repeat(20_000)), "500 5.5.6")
        .await;
    client.expect("AUTH PLAIN", "334").await;
    client.expect(&"x".repeat(13_000), "500 5.5.6").await;
    client.expect(AUTH, "235").await;
    let stages: Vec<_> = session.fake.told().iter().map(|told| told.stage).collect();
    assert_eq!(stages, [Stage::Command, Stage::Auth]);
}

#[tokio::test(start_paused = true)]
async fn plaintext_behind_starttls_ends_the_session() {
    let (mut client, session) = Start::clear().talk().await;
    client
        .send("EHLO p\r\nSTARTTLS\r\nMAIL FROM:<evil@acme.example>\r\n")
        .await;
    assert!(client.reply().await.starts_with("250"));
    assert!(client.reply().await.ends_with("[pipelined-tls]"));
    client.expect_closed().await;
    assert!(matches!(session.ending.await, Ok(Ending::Closed)));
}

#[tokio::test(start_paused = true)]
async fn after_starttls_the_stream_is_handed_over() {
    let (mut client, session) = Start::clear().talk().await;
    client.expect(EHLO, "250").await;
    client.expect("STARTTLS", "220 2.0.0").await;
    assert!(matches!(session.ending.await, Ok(Ending::StartTls(_))));
}
