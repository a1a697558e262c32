//! Devices that send without signing in, on listeners that know them by their address.

use super::*;

/// A session on a listener that knows devices by their address.
fn by_address(mut start: Start) -> Start {
    start.offer.by_address = true;
    start
}

#[tokio::test(start_paused = true)]
async fn a_known_address_needs_no_password() {
    for (start, greeting, protocol) in [
        (Start::clear(), "EHLO p", Protocol::Esmtp),
        (Start::clear(), "HELO p", Protocol::Smtp),
        (Start::encrypted(), "EHLO p", Protocol::Esmtps),
    ] {
        let (mut client, session) = by_address(start).talk().await;
        client.expect(greeting, "250").await;
        client.mail("a@acme.example", "x").await;
        client.mail("a@acme.example", "y").await;
        let accepted = session.fake.accepted();
        assert_eq!(accepted.len(), 2);
        for mail in accepted {
            // Not ESMTPA: nobody signed in (RFC 3848).
            assert_eq!(
                (mail.principal.as_str(), mail.protocol),
                ("printer", protocol)
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_counts_more_than_the_address() {
    let (mut client, session) = by_address(Start::encrypted()).talk().await;
    client.expect("EHLO p", "250").await;
    client.mail("a@acme.example", "x").await;
    client.expect("AUTH PLAIN AHNjYW4AZ2VoZWlt", "235").await;
    client.mail("a@acme.example", "x").await;
    let accepted = session.fake.accepted();
    let senders: Vec<_> = accepted.iter().map(|mail| &*mail.principal).collect();
    assert_eq!(senders, ["printer", "scan"]);
    assert_eq!(accepted[1].protocol, Protocol::Esmtpsa);
}

#[tokio::test(start_paused = true)]
async fn what_is_odd_is_told_under_the_user_of_the_address() {
    let (mut client, session) = by_address(Start::encrypted()).talk().await;
    client.expect("ehlo p", "250").await;
    client.expect("MAIL FROM: <a@acme.example>", "250").await;
    client.expect("RCPT TO:<b@acme.example>", "250").await;
    client.expect("RCPT TO:<b@acme.example>", "250").await;
    let told = session.fake.quirks_told();
    let told: Vec<_> = told.iter().map(|(user, it)| (&**user, *it)).collect();
    for expected in [
        ("", Quirk::LowerCaseVerb),
        ("printer", Quirk::SpaceInPath),
        ("printer", Quirk::RepeatedRecipient),
    ] {
        assert!(told.contains(&expected), "no {expected:?} in {told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_address_must_sign_in() {
    let (mut client, session) = by_address(Start::encrypted()).talk().await;
    client.expect("EHLO moved.example", "250").await;
    let reply = client.ask("MAIL FROM:<a@acme.example>").await;
    assert!(reply.starts_with("530 5.7.0"), "{reply}");
    assert!(reply.contains("192.0.2.7 is not registered"), "{reply}");
    client.expect("RCPT TO:<b@acme.example>", "503").await;
    client.expect("DATA", "503").await;
    assert_eq!(session.fake.told()[0].reason, Reason::AuthRequired);
    // It can.
    client.expect("AUTH PLAIN AHNjYW4AZ2VoZWlt", "235").await;
    client.mail("a@acme.example", "x").await;
    assert_eq!(session.fake.accepted()[0].principal, "scan");
}

#[tokio::test(start_paused = true)]
async fn the_address_is_asked_for_anew_at_each_mail() {
    let (mut client, session) = by_address(Start::encrypted()).talk().await;
    client.expect("EHLO p", "250").await;
    client.mail("a@acme.example", "x").await;
    client.expect("EHLO moved.example", "250").await;
    client.expect("MAIL FROM:<a@acme.example>", "530").await;
    client.expect("EHLO down.example", "250").await;
    client.expect("MAIL FROM:<a@acme.example>", "451").await;
    client.expect("EHLO p", "250").await;
    client.mail("a@acme.example", "y").await;
    assert_eq!(session.fake.accepted().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_recognized_is_no_stranger_again() {
    for (name, refusal) in [("down.example", "451"), ("moved.example", "530")] {
        let mut start = by_address(Start::encrypted());
        start.caps.stranger_bytes = 1000;
        start.caps.stranger_commands = 10;
        start.caps.commands = 50;
        let patience = start.timeouts.sign_in;
        let (mut client, session) = start.talk().await;
        client.expect("EHLO p", "250").await;
        client.mail("a@acme.example", &"x".repeat(5000)).await;
        tokio::time::advance(patience).await;
        client.expect(&format!("EHLO {name}"), "250").await;
        client.expect("MAIL FROM:<a@acme.example>", refusal).await;
        for _ in 0..30 {
            client.expect("NOOP", "250").await;
        }
        client.expect("EHLO p", "250").await;
        client.mail("a@acme.example", "y").await;
        assert_eq!(session.fake.accepted().len(), 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_talks_without_end_is_sent_away_though_it_was_recognized() {
    let mut start = by_address(Start::encrypted());
    start.caps.commands = 50;
    let (mut client, _session) = start.talk().await;
    client.expect("EHLO p", "250").await;
    client.mail("a@acme.example", "x").await;
    for _ in 0..50 {
        client.expect("NOOP", "250").await;
    }
    client.expect("NOOP", "421").await;
    client.expect_closed().await;
}

#[tokio::test(start_paused = true)]
async fn other_listeners_do_not_look_at_the_address() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.expect("EHLO p", "250").await;
    let reply = client.ask("MAIL FROM:<a@acme.example>").await;
    assert!(reply.starts_with("530 5.7.0"), "{reply}");
    assert!(!reply.contains("not registered"), "{reply}");
    assert_eq!(session.fake.accepted().len(), 0);
}
