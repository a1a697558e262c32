//! Deadlines, caps and shutdown.

use std::time::Duration;

use super::*;

/// Waits for the reply and the end of the session; says how long it took.
async fn cut_off(client: &mut Client<DuplexStream>, reason: Reason) -> Duration {
    let since = Instant::now();
    let reply = client.reply().await;
    assert!(reply.ends_with(&format!("[{reason}]")), "{reply}");
    let waited = since.elapsed();
    client.expect_closed().await;
    waited
}

fn seconds(waited: Duration) -> u64 {
    waited.as_secs()
}

#[tokio::test(start_paused = true)]
async fn strangers_get_little_time_however_they_spend_it() {
    let (mut client, session) = Start::encrypted().talk().await;
    let begun = Instant::now();
    for _ in 0..11 {
        tokio::time::advance(Duration::from_secs(10)).await;
        client.expect("NOOP", "250").await;
    }
    cut_off(&mut client, Reason::Timeout).await;
    assert_eq!(seconds(begun.elapsed()), 120);
    assert_eq!(session.fake.reasons(), [Reason::Timeout]);
}

#[tokio::test(start_paused = true)]
async fn a_chunk_of_a_stranger_buys_no_time() {
    let (mut client, session) = Start::encrypted().talk().await;
    let begun = Instant::now();
    client.send("BDAT 1000000\r\n").await;
    while !session.ending.is_finished() {
        let _ = client.stream.write_all(b"x").await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    assert!(begun.elapsed() <= Duration::from_secs(130));
    assert_eq!(
        session.fake.reasons(),
        [Reason::BadSequence, Reason::Timeout]
    );
}

#[tokio::test(start_paused = true)]
async fn a_command_line_has_an_absolute_deadline() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.sign_in().await;
    let begun = Instant::now();
    for _ in 0..29 {
        tokio::time::advance(Duration::from_secs(10)).await;
        client.send("x").await;
        tokio::task::yield_now().await;
    }
    cut_off(&mut client, Reason::Timeout).await;
    // A byte now and then must not buy more than the deadline of the line.
    assert_eq!(seconds(begun.elapsed()), 300);
}

#[tokio::test(start_paused = true)]
async fn a_silent_body_is_given_up() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.expect("DATA", "354").await;
    client.send("half a li").await;
    assert_eq!(seconds(cut_off(&mut client, Reason::Timeout).await), 180);
    assert_eq!(
        (session.fake.accepted().len(), session.fake.dropped()),
        (0, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_trickled_body_is_given_up() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.expect("DATA", "354").await;
    let begun = Instant::now();
    while !session.ending.is_finished() {
        let _ = client.stream.write_all(b"x\r\n").await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert!(begun.elapsed() < Duration::from_secs(700));
    }
    assert_eq!(session.fake.reasons(), [Reason::Timeout]);
}

#[tokio::test(start_paused = true)]
async fn a_body_with_lf_lines_learns_why_nobody_answers() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.expect("DATA", "354").await;
    client.send("Subject: x\n\nx\n.\n").await;
    let reply = client.reply().await;
    assert!(reply.starts_with("550 5.6.11"), "{reply}");
    cut_off(&mut client, Reason::Timeout).await;
    assert_eq!(
        session.fake.reasons(),
        [Reason::BareLineEnding, Reason::Timeout]
    );
}

#[tokio::test(start_paused = true)]
async fn a_backend_that_does_not_answer_holds_nobody_for_long() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    client.expect("AUTH LOGIN c3R1Y2s=", "334").await;
    client.expect("eA==", "451 4.3.0").await;
    let (mut client, _session) = Start::encrypted().talk().await;
    client.begin("stuck@acme.example").await;
    client.expect("DATA", "354").await;
    client.expect("x\r\n.", "451 4.3.0").await;
    client.mail("a@acme.example", "next").await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_replies_is_cut_off() {
    let (ours, theirs) = duplex(64);
    let session = Start::encrypted().on(theirs);
    let mut client = Client::new(ours);
    client.reply().await;
    // The reply to EHLO does not fit, and nobody reads it.
    client.send("EHLO p\r\n").await;
    let begun = Instant::now();
    assert!(matches!(session.ending.await, Ok(Ending::Closed)));
    assert_eq!(seconds(begun.elapsed()), 60);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_leaves_nothing_behind() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.expect("DATA", "354").await;
    client.send("x\r\n").await;
    drop(client);
    assert!(matches!(session.ending.await, Ok(Ending::Closed)));
    let fake = session.fake;
    assert_eq!((fake.accepted().len(), fake.dropped()), (0, 1));
    assert_eq!(fake.told(), []);
}

#[tokio::test(start_paused = true)]
async fn too_many_errors_end_the_session() {
    let (mut client, session) = Start::encrypted().talk().await;
    for _ in 0..19 {
        client.expect("FROBNICATE", "500 5.5.2").await;
    }
    client.send("FROBNICATE\r\n").await;
    assert!(client.reply().await.starts_with("500 5.5.2"));
    cut_off(&mut client, Reason::TooManyErrors).await;
    assert_eq!(session.fake.reasons().len(), 21);
}

#[tokio::test(start_paused = true)]
async fn guessing_passwords_ends_the_session_soon() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    for _ in 0..2 {
        client.expect("AUTH PLAIN AHNjYW4AeA==", "535 5.7.8").await;
    }
    client.send("AUTH PLAIN AHNjYW4AeA==\r\n").await;
    assert!(client.reply().await.starts_with("535 5.7.8"));
    cut_off(&mut client, Reason::TooManyErrors).await;
}

#[tokio::test(start_paused = true)]
async fn an_accepted_message_clears_the_errors() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.sign_in().await;
    for _ in 0..30 {
        client.expect("MAIL FROM:<boss@acme.example>", "550").await;
        client.mail("a@acme.example", "x").await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_tail_of_a_refused_group_is_forgiven() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    let recipients = "RCPT TO:<b@acme.example>\r\n".repeat(50);
    client
        .send(format!(
            "MAIL FROM:<boss@acme.example>\r\n{recipients}DATA\r\n"
        ))
        .await;
    for _ in 0..52 {
        assert!(client.reply().await.starts_with('5'));
    }
    client.mail("a@acme.example", "x").await;
    assert_eq!(session.fake.accepted().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_idle_sessions_are_told_to_go() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    session.shutdown.cancel();
    assert_eq!(seconds(cut_off(&mut client, Reason::ShuttingDown).await), 0);
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_a_message_may_finish() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    session.shutdown.cancel();
    client.expect("DATA", "354").await;
    client.expect("x\r\n.", "250 2.0.0 Ok: queued").await;
    cut_off(&mut client, Reason::ShuttingDown).await;
    assert_eq!(session.fake.accepted().len(), 1);
}

/// Takes replies until the session ends; how many there were, and the last.
async fn until_closed(client: &mut Client<DuplexStream>) -> (usize, String) {
    let (mut count, mut last) = (0, String::new());
    while let Some(line) = client.line().await {
        count += 1;
        last = line;
    }
    (count, last)
}

#[tokio::test(start_paused = true)]
async fn idle_talk_of_strangers_ends_soon() {
    for command in ["NOOP", "RSET", "EHLO p", "HELO p", "VRFY x", "HELP"] {
        let (mut client, _session) = Start::clear().talk().await;
        client.send(format!("{command}\r\n").repeat(101)).await;
        let (_, last) = until_closed(&mut client).await;
        assert!(last.contains("[too-many-errors]"), "{command}: {last}");
    }
}

#[tokio::test(start_paused = true)]
async fn idle_talk_behind_a_sign_in_ends_later_unless_mail_comes() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    for _ in 0..3 {
        for _ in 0..900 {
            client.expect("NOOP", "250").await;
        }
        client.mail("a@acme.example", "x").await;
    }
    client.send("NOOP\r\n".repeat(1001)).await;
    let (count, last) = until_closed(&mut client).await;
    assert!(last.contains("[too-many-errors]"), "{last}");
    assert_eq!((count, session.fake.accepted().len()), (1001, 3));
}

#[tokio::test(start_paused = true)]
async fn repeated_and_refused_recipients_come_to_an_end() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    for _ in 0..120 {
        client
            .send("RCPT TO:<b@acme.example>\r\n".repeat(100))
            .await;
        for _ in 0..100 {
            match client.line().await {
                Some(line) if line.starts_with("250 2.1.5") => {}
                Some(line) => return assert!(line.contains("[too-many-errors]"), "{line}"),
                None => panic!("no reason was given"),
            }
        }
    }
    panic!("nothing ends it");
}

#[tokio::test(start_paused = true)]
async fn cancelled_sign_ins_are_errors() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    client.send("AUTH LOGIN\r\n*\r\n".repeat(20)).await;
    let (count, last) = until_closed(&mut client).await;
    assert!(last.contains("[too-many-errors]"), "{last}");
    assert_eq!(count, 41, "each gets its 334 and its 501");
}

#[tokio::test(start_paused = true)]
async fn recipients_that_cannot_be_read_are_errors() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client.begin("a@acme.example").await;
    client.send("RCPT TO:<nobody>\r\n".repeat(20)).await;
    let (count, last) = until_closed(&mut client).await;
    assert!(last.contains("[too-many-errors]"), "{last}");
    assert_eq!(count, 21);
}

#[tokio::test(start_paused = true)]
async fn bytes_of_strangers_are_counted() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    client.send("BDAT 900000\r\n").await;
    client.send(vec![b'x'; 300 * 1024]).await;
    let (_, last) = until_closed(&mut client).await;
    assert!(last.contains("[too-many-errors]"), "{last}");
    assert_eq!(session.fake.accepted().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stranger_gives_way_when_its_place_is_needed() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    session.permit.give_way();
    assert_eq!(
        seconds(cut_off(&mut client, Reason::TooManyConnections).await),
        0
    );

    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    session.permit.give_way();
    client.mail("a@acme.example", "x").await;
}

/// Mail is pipelined without an end and no reply is read: the session ends by the deadline for
/// taking replies, however much more is sent.
#[tokio::test(start_paused = true)]
async fn a_client_that_only_writes_is_cut_off() {
    let (ours, theirs) = duplex(4096);
    let session = Start::encrypted().on(theirs);
    let mut client = Client::new(ours);
    client.sign_in_after_greeting().await;
    let begun = Instant::now();
    let (_unread, mut writer) = tokio::io::split(client.stream);
    let writing = tokio::spawn(async move { while writer.write_all(b"NOOP\r\n").await.is_ok() {} });
    assert!(matches!(session.ending.await, Ok(Ending::Closed)));
    assert_eq!(seconds(begun.elapsed()), 60);
    writing.abort();
}
