//! What a sender is told of its mail, end to end (RFC 3461).

use relay_tests::{
    harness::{Device, Mail, eventually},
    sim::{Entry, Rule, Stage},
};

use crate::world::{PATIENCE, QUIET, RECIPIENT, SENDER, World};

/// Sends a mail with these parameters; it is accepted.
async fn send(world: &World, mail: &Mail, of_mail: &str, of_rcpt: &str) {
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let from = format!("MAIL FROM:<{SENDER}> {of_mail}");
    device.say(&from, 250).await.unwrap();
    let to = format!("RCPT TO:<{RECIPIENT}> {of_rcpt}");
    device.say(&to, 250).await.unwrap();
    device.say("DATA", 354).await.unwrap();
    let text = String::from_utf8(mail.bytes.clone()).unwrap();
    let stuffed = text.replace("\r\n.", "\r\n..");
    device.raw(stuffed.as_bytes()).await.unwrap();
    device.raw(b".\r\n").await.unwrap();
    assert_eq!(device.reply().await.unwrap().code, 250);
}

/// Every notice that came within a while, as texts.
async fn notices(world: &World, messages: usize) -> Vec<String> {
    world.simulator.wait_for(messages, PATIENCE).await.unwrap();
    let entries = world.simulator.wait_until_quiet(QUIET).await;
    assert_eq!(entries.len(), messages, "{entries:#?}");
    let text = |entry: &Entry| {
        assert_eq!(entry.recipients, [SENDER]);
        String::from_utf8(world.simulator.body(entry).unwrap()).unwrap()
    };
    let notices = entries.iter().filter(|entry| entry.from.is_empty());
    notices.map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wishes_go_on_to_a_server_that_knows_them() {
    let world = World::new().await;
    let mail = World::mail("passed-on", 1000);
    let of_rcpt = "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@c.example";
    send(&world, &mail, "RET=HDRS ENVID=Q+2B1", of_rcpt).await;
    assert!(notices(&world, 1).await.is_empty());
    let entry = world.arrived(&[mail]).await.remove(0);
    for parameter in ["RET=HDRS", "ENVID=Q+2B1"] {
        assert!(
            entry.parameters.contains(&parameter.to_owned()),
            "{entry:?}"
        );
    }
    assert_eq!(
        entry.recipient_parameters,
        [["NOTIFY=SUCCESS,DELAY", "ORCPT=RFC822;A+2BB@C.EXAMPLE"]]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_is_told_where_the_server_knows_no_dsn() {
    let world = World::builder()
        .sim(|settings| settings.without = vec!["DSN".to_owned()])
        .build()
        .await;
    let mail = World::mail("relayed", 1000);
    send(
        &world,
        &mail,
        "RET=FULL ENVID=Q+2B1",
        "NOTIFY=SUCCESS ORCPT=rfc822;a+2Bb@c.example",
    )
    .await;
    let notices = notices(&world, 2).await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    for part in [
        "Original-Envelope-Id: Q+1\r\n",
        "Original-Recipient: rfc822; a+b@c.example\r\n",
        "Final-Recipient: rfc822; archive@customer.example\r\nAction: relayed\r\n",
        "Content-Type: text/rfc822-headers",
        "Message-ID: <relayed@device.example>",
    ] {
        assert!(notice.contains(part), "{part} is missing in {notice}");
    }
    let messages = world.ctl.items("log search").unwrap();
    let message = messages
        .iter()
        .find(|message| message["message_id"] == "<relayed@device.example>");
    world.traced(message.unwrap()["id"].as_str().unwrap(), "notified");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_returns_what_was_asked_for() {
    // As many refusals in a row would stop the sender.
    let world = World::builder()
        .config(|config| config.breaker_failures(0))
        .build()
        .await;
    let rule = Rule::at(Stage::Rcpt).rcpt(RECIPIENT);
    world.simulator.add_rule(rule.reply("recipient-unknown"));
    let cases = [
        ("", "", Some(false)),
        ("RET=FULL", "", Some(true)),
        ("RET=HDRS", "NOTIFY=FAILURE", Some(false)),
        ("RET=FULL", "NOTIFY=NEVER", None),
        ("RET=FULL", "NOTIFY=SUCCESS", None),
    ];
    let mut mails = Vec::new();
    for (number, (of_mail, of_rcpt, _)) in cases.iter().enumerate() {
        let mail = World::mail(&format!("refused-{number}"), 1000);
        send(&world, &mail, of_mail, of_rcpt).await;
        mails.push(mail);
    }
    let failed = || {
        let failed = world.ctl.items("log search --status failed")?;
        Ok((failed.len() == mails.len()).then_some(()))
    };
    eventually("failures", failed).unwrap();
    let told = cases.iter().filter(|case| case.2.is_some()).count();
    let notices = notices(&world, told).await;
    for (mail, (of_mail, of_rcpt, whole)) in mails.iter().zip(cases) {
        let mut notices = notices.iter();
        let notice = notices.find(|notice| notice.contains(&mail.message_id));
        assert_eq!(notice.is_some(), whole.is_some(), "{of_mail} {of_rcpt}");
        if let (Some(notice), Some(whole)) = (notice, whole) {
            let sent = String::from_utf8(mail.bytes.clone()).unwrap();
            assert_eq!(notice.contains(&sent), whole, "{of_mail}: {notice}");
            assert!(notice.contains("Action: failed\r\nStatus: 5.1.10\r\n"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_is_told_once() {
    let world = World::builder()
        .config(|config| config.delay_notice("1s").retry_after("1s"))
        .build()
        .await;
    let rule = Rule::at(Stage::Rcpt).rcpt(RECIPIENT).times(5);
    world.simulator.add_rule(rule.reply("temporary"));
    let mail = World::mail("late", 1000);
    send(&world, &mail, "", "NOTIFY=DELAY,FAILURE").await;
    let notices = notices(&world, 2).await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert!(notice.contains("Action: delayed\r\nStatus: 4."), "{notice}");
    assert!(notice.contains("Will-Retry-Until: "), "{notice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_that_fail_apart_are_told_apart_and_once() {
    const LATER: &str = "later@customer.example";
    let world = World::builder()
        .config(|config| config.retry_after("1s"))
        .build()
        .await;
    let at = |recipient| Rule::at(Stage::Rcpt).rcpt(recipient);
    for rule in [
        at(RECIPIENT).reply("recipient-unknown"),
        at(LATER).times(1).reply("temporary"),
        at(LATER).reply("recipient-unknown"),
    ] {
        world.simulator.add_rule(rule);
    }
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mail = World::mail("apart", 1000);
    let to = [RECIPIENT, LATER];
    let reply = device.send(SENDER, &to, &mail.bytes).await.unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    let notices = notices(&world, 2).await;
    for (notice, (told, other)) in notices.iter().zip([(RECIPIENT, LATER), (LATER, RECIPIENT)]) {
        let part = format!("Final-Recipient: rfc822; {told}\r\nAction: failed\r\n");
        assert!(notice.contains(&part), "{part} is missing in {notice}");
        let not_this = format!("Final-Recipient: rfc822; {other}");
        assert!(
            !notice.contains(&not_this),
            "{other} is told of in {notice}"
        );
    }
    assert_eq!(notices.len(), 2);
}
