//! What relayd does not take: nothing is sent, and `relayctl log rejects` says why.

use relay_tests::harness::{Device, UserAccess};
use relay_tests::load::send::Encryption;

use crate::world::{RECIPIENT, SENDER, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password() {
    let world = World::new().await;
    for (user, password) in [("scanner", "guess-7391"), ("nobody", "guess-7391")] {
        let mut device = Device::connect(world.submission(), Encryption::Starttls)
            .await
            .unwrap();
        let reply = device.sign_in(user, password).await.unwrap();
        assert!(reply.line.starts_with("535 5.7.8 "), "{}", reply.line);
        assert!(
            reply.line.contains("[credentials-rejected]"),
            "{}",
            reply.line
        );
        assert_eq!(
            device
                .command("MAIL FROM:<scanner@acme.example>")
                .await
                .unwrap()
                .code,
            530
        );
    }
    let reject = world.rejected("credentials-rejected");
    assert!(
        !reject.to_string().contains("guess-7391"),
        "the password is in the log: {reject}"
    );
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_registered() {
    let world = World::new().await;
    let user = UserAccess::create(&world.ctl, "erp", "erp@acme.example").unwrap();
    world
        .ctl
        .ok("system add erp --address 192.0.2.0/24 --user erp")
        .unwrap();
    let mut device = Device::connect(world.submission(), Encryption::Starttls)
        .await
        .unwrap();
    let signed_in = device
        .sign_in(&user.username, &user.password)
        .await
        .unwrap();
    let refused = match signed_in.code {
        235 => device
            .send("erp@acme.example", &[RECIPIENT], b"Subject: x\r\n\r\n")
            .await
            .unwrap(),
        _ => signed_in,
    };
    assert!(
        refused.line.contains("[address-not-registered]"),
        "{}",
        refused.line
    );
    assert_eq!(
        world.rejected("address-not-registered")["client"],
        "127.0.0.1"
    );
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_is_not_allowed() {
    let world = World::new().await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let reply = device
        .command("MAIL FROM:<ceo@acme.example>")
        .await
        .unwrap();
    assert!(reply.line.starts_with("550 5.7.1 "), "{}", reply.line);
    assert!(
        reply.line.contains("[sender-not-allowed]"),
        "{}",
        reply.line
    );
    world.rejected("sender-not-allowed");

    let forged = b"From: The CEO <ceo@acme.example>\r\nSubject: Pay this\r\n\r\nNow.\r\n";
    let reply = device.send(SENDER, &[RECIPIENT], forged).await.unwrap();
    assert!(reply.line.contains("[from-not-allowed]"), "{}", reply.line);
    world.rejected("from-not-allowed");
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large() {
    let world = World::builder()
        .plans("message_size = 100000")
        .build()
        .await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let declared = device
        .command(&format!("MAIL FROM:<{SENDER}> SIZE=100001"))
        .await
        .unwrap();
    assert!(declared.line.starts_with("552 5.3.4 "), "{}", declared.line);
    let mail = World::mail("large", 200_000);
    let sent = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    assert!(sent.line.starts_with("552 5.3.4 "), "{}", sent.line);
    assert!(sent.line.contains("[message-too-large]"), "{}", sent.line);
    // The session goes on, and what fits is taken.
    let small = World::mail("small", 50_000);
    let reply = device
        .send(SENDER, &[RECIPIENT], &small.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    world.rejected("message-too-large");
    world.arrived(&[small]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_spent() {
    let world = World::builder().plans("messages_per_day = 2").build().await;
    let mails = [world.submit("first").await, world.submit("second").await];
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let third = World::mail("third", 1000);
    let reply = device
        .send(SENDER, &[RECIPIENT], &third.bytes)
        .await
        .unwrap();
    assert!(reply.line.starts_with("452 4.7.1 "), "{}", reply.line);
    assert!(reply.line.contains("[quota-exceeded]"), "{}", reply.line);
    world.rejected("quota-exceeded");
    world.arrived(&mails).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_that_is_exceeded() {
    let world = World::builder()
        .plans("messages_per_minute = 3")
        .build()
        .await;
    let mut mails = Vec::new();
    for number in 0..3 {
        mails.push(world.submit(&format!("rate-{number}")).await);
    }
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], &World::mail("over", 500).bytes)
        .await
        .unwrap();
    assert!(reply.line.contains("[rate-exceeded]"), "{}", reply.line);
    world.rejected("rate-exceeded");
    world.arrived(&mails).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_suspended() {
    let world = World::new().await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    world
        .relayd
        .ctl()
        .unwrap()
        .ok("account suspend acme --yes")
        .unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], b"Subject: x\r\n\r\n")
        .await
        .unwrap();
    assert!(
        reply.line.contains("[account-not-active]"),
        "{}",
        reply.line
    );
    world.rejected("account-not-active");
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn line_endings_that_smuggle() {
    let world = World::new().await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n"] {
        device.begin_mail(SENDER, "", RECIPIENT).await.unwrap();
        device.say("DATA", 354).await.unwrap();
        let body = format!("From: {SENDER}\r\n\r\na{end}MAIL FROM:<{SENDER}>\r\n.\r\n");
        device.raw(body.as_bytes()).await.unwrap();
        let reply = device.reply().await.unwrap();
        assert!(
            reply.line.contains("[bare-line-ending]"),
            "{end:?}: {}",
            reply.line
        );
        device.say("RSET", 250).await.unwrap();
    }
    world.rejected("bare-line-ending");
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_sent_together_with_starttls() {
    let world = World::new().await;
    let mut device = Device::connect(world.submission(), Encryption::None)
        .await
        .unwrap();
    device
        .raw(b"STARTTLS\r\nMAIL FROM:<scanner@acme.example>\r\n")
        .await
        .unwrap();
    let reply = device.reply().await.unwrap();
    assert!(reply.line.contains("[pipelined-tls]"), "{}", reply.line);
    world.rejected("pipelined-tls");
    world.nothing_sent();
}
