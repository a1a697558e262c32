//! Transactions that go the way they should, and refusals that are part of the protocol.

use super::{
    script::{Act, Body, Expect, HangUp, Octets, Quiet, Server, say},
    *,
};

const GREETING: &[Act] = &[
    Act::Say(b"220 localhost ready\r\n"),
    Expect("EHLO relay.acme.example"),
];

fn script(acts: Vec<Act>) -> Vec<Act> {
    GREETING.iter().cloned().chain(acts).collect()
}

async fn server(acts: Vec<Act>) -> (Server, Box<dyn Connection>) {
    let server = Server::follow(vec![script(acts)]).await;
    let connection = connect(&route(server.port, Security::None)).await.unwrap();
    (server, connection)
}

/// One recipient, in one write; then what becomes of the body.
fn up_to_the_body<const COUNT: usize>(then: [Act; COUNT]) -> Vec<Act> {
    let mut acts = vec![
        say("250-localhost\r\n250 PIPELINING\r\n"),
        Expect("MAIL FROM:<scanner@acme.example>"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n250 ok\r\n354 go\r\n"),
    ];
    acts.extend(then);
    acts
}

#[tokio::test]
async fn the_envelope_goes_in_one_write_and_each_recipient_has_its_reply() {
    let (server, mut connection) = server(vec![
        say("250-localhost\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"),
        Expect("MAIL FROM:<scanner@acme.example> SIZE=22"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("RCPT TO:<gone@b.example>"),
        Expect("RCPT TO:<later@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n250 ok\r\n550 5.1.10 not here\r\n451 4.7.1 greylisted\r\n354 go\r\n"),
        Body,
        say("250 2.0.0 queued as 1\r\n"),
        Expect("MAIL FROM:<scanner@acme.example> SIZE=22"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n250 ok\r\n354 go\r\n"),
        Body,
        say("250-2.0.0 queued\r\n250 2.0.0 as 2\r\n"),
        Expect("QUIT"),
        say("221 bye\r\n"),
    ])
    .await;
    let first = Mail::to(&["a@b.example", "gone@b.example", "later@b.example"]);
    let outcomes = first.over(&mut *connection).await;
    assert_eq!(
        verdicts(&outcomes),
        [
            "delivered 250 2.0.0 queued as 1",
            "FailRecipient recipient-refused",
            "Retry remote-temporary",
        ]
    );
    let outcomes = Mail::to(&["a@b.example"]).over(&mut *connection).await;
    assert_eq!(
        verdicts(&outcomes),
        ["delivered 250 2.0.0 queued 2.0.0 as 2"]
    );
    connection.close().await;
    let wire = b"Subject: x\r\n\r\n..hello\r\n.\r\n".to_vec();
    assert_eq!(server.bodies().await, [wire.clone(), wire]);
}

#[tokio::test]
async fn without_pipelining_each_command_waits_for_its_reply() {
    let (server, mut connection) = server(vec![
        say("250 localhost\r\n"),
        Expect("MAIL FROM:<scanner@acme.example>"),
        Quiet,
        say("250 ok\r\n"),
        Expect("RCPT TO:<a@b.example>"),
        Quiet,
        say("250 ok\r\n"),
        Expect("DATA"),
        Quiet,
        say("354 go\r\n"),
        Body,
        say("250 ok\r\n"),
        // Nobody accepted: no DATA, and the next transaction begins clean.
        Expect("MAIL FROM:<scanner@acme.example>"),
        say("250 ok\r\n"),
        Expect("RCPT TO:<a@b.example>"),
        say("550 no\r\n"),
        Expect("RSET"),
        say("250 ok\r\n"),
        Expect("MAIL FROM:<scanner@acme.example>"),
        say("550 5.7.60 no\r\n"),
        Expect("QUIT"),
    ])
    .await;
    let mail = Mail::to(&["a@b.example"]);
    for expected in [
        "delivered 250 ok",
        "FailRecipient recipient-refused",
        "FailMessage send-as-denied",
    ] {
        assert_eq!(verdicts(&mail.over(&mut *connection).await), [expected]);
        assert!(connection.is_usable());
    }
    connection.close().await;
    assert_eq!(server.bodies().await.len(), 1);
}

#[tokio::test]
async fn a_go_ahead_without_recipients_is_answered_by_an_empty_message() {
    let (server, mut connection) = server(vec![
        say("250-localhost\r\n250 PIPELINING\r\n"),
        Expect("MAIL FROM:<scanner@acme.example>"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n550 5.4.1 no\r\n354 go\r\n"),
        Body,
        say("554 no valid recipients\r\n"),
        Expect("RSET"),
        Expect("MAIL FROM:<scanner@acme.example>"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n250 ok\r\n250 ok\r\n451 4.3.0 not now\r\n"),
    ])
    .await;
    let mail = Mail::to(&["a@b.example"]);
    assert_eq!(
        verdicts(&mail.over(&mut *connection).await),
        ["FailRecipient recipient-refused"]
    );
    assert_eq!(
        verdicts(&mail.over(&mut *connection).await),
        ["Retry remote-temporary"]
    );
    assert_eq!(server.bodies().await, [b".\r\n"]);
}

#[tokio::test]
async fn parameters_are_given_only_to_servers_that_offer_them() {
    let (server, mut connection) = server(vec![
        say("250-localhost\r\n250-8BITMIME\r\n250-smtputf8\r\n250 DSN\r\n"),
        Expect("MAIL FROM:<scanner@acme.example> BODY=8BITMIME SMTPUTF8"),
        say("250 ok\r\n"),
        Expect("RCPT TO:<jürgen@b.example> NOTIFY=FAILURE ORCPT=rfc822;j"),
        say("250 ok\r\n"),
        Expect("DATA"),
        say("354 go\r\n"),
        Body,
        say("250 ok\r\n"),
    ])
    .await;
    let mut mail = Mail::to(&["jürgen@b.example"]);
    mail.encoding = BodyEncoding::EightBit;
    mail.smtputf8 = true;
    mail.recipients[0].notify = Some(crate::model::DsnNotify::default());
    "rfc822;j".clone_into(&mut mail.recipients[0].original);
    assert_eq!(
        verdicts(&mail.over(&mut *connection).await),
        ["delivered 250 ok"]
    );
    server.bodies().await;
}

#[tokio::test]
async fn what_a_server_cannot_take_is_not_tried() {
    let (server, mut connection) = server(vec![
        say("250-localhost\r\n250 SIZE 20\r\n"),
        Expect("QUIT"),
    ])
    .await;
    let mut eight_bit = Mail::to(&["a@b.example"]);
    eight_bit.encoding = BodyEncoding::EightBit;
    let mut international = Mail::to(&["a@b.example"]);
    international.smtputf8 = true;
    let too_large = Mail::to(&["a@b.example"]);
    for (mail, expected) in [
        (eight_bit, "FailMessage unsupported-content"),
        (international, "FailMessage unsupported-content"),
        (too_large, "FailMessage message-too-large"),
    ] {
        assert_eq!(verdicts(&mail.over(&mut *connection).await), [expected]);
        assert!(connection.is_usable());
    }
    connection.close().await;
    server.bodies().await;
}

#[tokio::test]
async fn a_large_body_in_odd_pieces_arrives_unaltered() {
    let (server, mut connection) = server(up_to_the_body([Body, say("250 ok\r\n")])).await;
    let mut mail = Mail::to(&["a@b.example"]);
    mail.body = b".a line that begins with a dot\r\nand one that does not\r\n".repeat(40_000);
    mail.piece = 99_991;
    assert_eq!(
        verdicts(&mail.over(&mut *connection).await),
        ["delivered 250 ok"]
    );
    let mut wire = b"..a line that begins with a dot\r\nand one that does not\r\n".repeat(40_000);
    wire.extend_from_slice(b".\r\n");
    assert!(server.bodies().await == [wire], "the body was altered");
}

#[tokio::test]
async fn hundreds_of_recipients_are_pipelined_in_groups() {
    const COUNT: usize = 250;
    let addresses: Vec<String> = (0..COUNT).map(|n| format!("r{n}@b.example")).collect();
    let mut acts = vec![
        say("250-localhost\r\n250 PIPELINING\r\n"),
        Expect("MAIL FROM:<scanner@acme.example>"),
    ];
    for place in 0..=COUNT {
        // The client waits for replies after every hundred commands, MAIL included.
        if (place + 1) % 100 == 0 {
            acts.extend(std::iter::repeat_n(say("250 ok\r\n"), 100));
        }
        acts.push(match addresses.get(place) {
            Some(address) => Expect(format!("RCPT TO:<{address}>").leak()),
            None => Expect("DATA"),
        });
    }
    acts.extend(std::iter::repeat_n(say("250 ok\r\n"), COUNT + 1 - 200));
    acts.extend([say("354 go\r\n"), Body, say("250 ok\r\n")]);
    let (server, mut connection) = server(acts).await;
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let outcomes = Mail::to(&addresses).over(&mut *connection).await;
    assert_eq!(verdicts(&outcomes), vec!["delivered 250 ok"; COUNT]);
    server.bodies().await;
}

fn binary(body: &[u8]) -> Mail {
    let mut mail = Mail::to(&["a@b.example"]);
    mail.encoding = BodyEncoding::Binary;
    mail.body = body.to_vec();
    mail
}

const CHUNKING: Act =
    Act::Say(b"250-localhost\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 BINARYMIME\r\n");

#[tokio::test]
async fn a_binary_body_goes_as_one_chunk_that_nothing_in_it_can_end() {
    const HOSTILE: &[u8] = b"Subject: x\r\n\r\n\r\n.\r\nRSET\r\n\n.\n\0\xff\r.";
    let (server, mut connection) = server(vec![
        CHUNKING,
        Expect("MAIL FROM:<scanner@acme.example> BODY=BINARYMIME"),
        Expect("RCPT TO:<a@b.example>"),
        say("250 ok\r\n250 ok\r\n"),
        Expect("BDAT 32 LAST"),
        Octets(32),
        say("250 2.0.0 taken\r\n"),
        // Text goes by DATA on the same connection.
        Expect("MAIL FROM:<scanner@acme.example>"),
        Expect("RCPT TO:<a@b.example>"),
        Expect("DATA"),
        say("250 ok\r\n250 ok\r\n354 go\r\n"),
        Body,
        say("250 ok\r\n"),
        Expect("QUIT"),
    ])
    .await;
    assert_eq!(HOSTILE.len(), 32);
    let mut mail = binary(HOSTILE);
    mail.piece = 7;
    let outcomes = mail.over(&mut *connection).await;
    assert_eq!(verdicts(&outcomes), ["delivered 250 2.0.0 taken"]);
    let outcomes = Mail::to(&["a@b.example"]).over(&mut *connection).await;
    assert_eq!(verdicts(&outcomes), ["delivered 250 ok"]);
    connection.close().await;
    assert_eq!(server.bodies().await[0], HOSTILE);
}

#[tokio::test]
async fn a_refused_chunk_is_judged_and_the_next_mail_begins_clean() {
    let (server, mut connection) = server(vec![
        CHUNKING,
        Expect("MAIL FROM:<scanner@acme.example> BODY=BINARYMIME"),
        Expect("RCPT TO:<a@b.example>"),
        say("250 ok\r\n250 ok\r\n"),
        Expect("BDAT 3 LAST"),
        Octets(3),
        say("554 5.6.0 no\r\n"),
        // Nobody to send to: no chunk.
        Expect("RSET"),
        Expect("MAIL FROM:<scanner@acme.example> BODY=BINARYMIME"),
        Expect("RCPT TO:<a@b.example>"),
        say("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n"),
        Expect("RSET"),
        Expect("MAIL FROM:<scanner@acme.example> BODY=BINARYMIME"),
        Expect("RCPT TO:<a@b.example>"),
        say("250 ok\r\n250 ok\r\n250 ok\r\n"),
        Expect("BDAT 3 LAST"),
        Octets(3),
        say("250 ok\r\n"),
        Expect("QUIT"),
    ])
    .await;
    let mut said = Vec::new();
    for _ in 0..3 {
        said.extend(verdicts(&binary(b"\n\r\0").over(&mut *connection).await));
        assert!(connection.is_usable());
    }
    assert_eq!(
        said,
        [
            "FailMessage remote-refused",
            "FailRecipient recipient-refused",
            "delivered 250 ok"
        ]
    );
    connection.close().await;
    server.bodies().await;
}

/// A chunk that is shorter or longer than announced would make commands of data, or data of
/// commands: the connection ends instead.
#[tokio::test]
async fn a_body_of_another_size_than_announced_ends_the_connection() {
    for size in [5, 2] {
        let (server, mut connection) = server(vec![
            CHUNKING,
            Expect("MAIL FROM:<scanner@acme.example> BODY=BINARYMIME"),
            Expect("RCPT TO:<a@b.example>"),
            say("250 ok\r\n250 ok\r\n"),
            HangUp,
        ])
        .await;
        let mut mail = binary(b"abc");
        mail.announced = Some(size);
        let outcomes = mail.over(&mut *connection).await;
        assert_eq!(verdicts(&outcomes), ["FailMessage internal"]);
        assert!(!connection.is_usable());
        drop(connection);
        let sent = server.bodies().await.concat();
        // Nothing of it was sent yet, since it is small; never more than a part of it.
        assert!(sent.is_empty(), "{sent:?}");
    }
}

#[tokio::test]
async fn what_cannot_carry_binary_is_not_asked_to() {
    for offer in [
        "250-localhost\r\n250 PIPELINING\r\n",
        "250-localhost\r\n250 CHUNKING\r\n",
        "250-localhost\r\n250 BINARYMIME\r\n",
    ] {
        let (server, mut connection) = server(vec![say(offer), Expect("QUIT")]).await;
        let outcomes = binary(b"\n").over(&mut *connection).await;
        assert_eq!(
            verdicts(&outcomes),
            ["FailMessage unsupported-content"],
            "{offer}"
        );
        connection.close().await;
        server.bodies().await;
    }
}

/// The second lock behind the door: such a text could be read as two mails.
#[tokio::test]
async fn a_text_with_a_bare_line_ending_never_gets_its_end() {
    for hostile in [
        &b"x\n.\nMAIL FROM:<evil@b.example>\r\n"[..],
        b"x\r\n.\nMAIL FROM:<evil@b.example>\r\n",
        b"x\r.\r\n",
        b"x\r\n\r",
    ] {
        let (server, mut connection) = server(up_to_the_body([HangUp])).await;
        let mut mail = Mail::to(&["a@b.example"]);
        mail.body = hostile.to_vec();
        let outcomes = mail.over(&mut *connection).await;
        assert_eq!(
            verdicts(&outcomes),
            ["FailMessage bare-line-ending"],
            "{hostile:?}"
        );
        assert!(!connection.is_usable());
        drop(connection);
        let sent = server.bodies().await.concat();
        assert!(!sent.ends_with(b"\r\n.\r\n"), "{sent:?}");
    }
}

#[tokio::test]
async fn every_body_of_lines_has_one_end() {
    for (body, wire) in [
        (&b"a"[..], &b"a\r\n.\r\n"[..]),
        (b"a\r\n", b"a\r\n.\r\n"),
        (b".", b"..\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"\r\n.\r\n.\r\n", b"\r\n..\r\n..\r\n.\r\n"),
    ] {
        let (server, mut connection) = server(up_to_the_body([Body, say("250 ok\r\n")])).await;
        let mut mail = Mail::to(&["a@b.example"]);
        mail.body = body.to_vec();
        let outcomes = mail.over(&mut *connection).await;
        assert_eq!(verdicts(&outcomes), ["delivered 250 ok"]);
        assert_eq!(server.bodies().await, [wire]);
    }
}
