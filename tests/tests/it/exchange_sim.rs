//! The stand-in itself: what it offers, refuses, limits and writes down.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use relay_tests::{
    harness::{Device, Mail, Reply},
    load::send::Encryption,
    sim::{Bar, Limits, Rule, Settings, Shown, Simulator, Stage, Transfer, sha256},
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(10);
const FROM: &str = "relay@acme.example";
const TO: &str = "archive@customer.example";

async fn simulator(change: impl FnOnce(&mut Settings)) -> (Simulator, TempDir) {
    let folder = TempDir::new().unwrap();
    let mut settings = Settings::in_folder(folder.path());
    settings.mailboxes = vec![(FROM.to_owned(), "secret".to_owned())];
    settings.tokens = vec![(FROM.to_owned(), "token".to_owned())];
    change(&mut settings);
    (Simulator::start(settings).await.unwrap(), folder)
}

async fn login(device: &mut Device, mailbox: &str, password: &str) -> Reply {
    device.say("AUTH LOGIN", 334).await.unwrap();
    device.say(&BASE64.encode(mailbox), 334).await.unwrap();
    device.command(&BASE64.encode(password)).await.unwrap()
}

async fn signed_in(simulator: &Simulator) -> Device {
    let mut device = Device::connect(simulator.address(), Encryption::Starttls)
        .await
        .unwrap();
    assert_eq!(login(&mut device, FROM, "secret").await.code, 235);
    device
}

async fn send(device: &mut Device, name: &str) -> std::io::Result<Reply> {
    device
        .send(FROM, &[TO], &Mail::new(FROM, TO, name, 500).bytes)
        .await
}

#[tokio::test]
async fn takes_a_mail_and_writes_it_down() {
    let (simulator, folder) = simulator(|_| {}).await;
    let mut device = signed_in(&simulator).await;
    let mail = Mail::new(FROM, TO, "one", 3000);
    let reply = device
        .send(FROM, &[TO, "b@c.example"], &mail.bytes)
        .await
        .unwrap();
    assert!(
        reply.line.starts_with("250 2.0.0 OK <one@device.example>"),
        "{}",
        reply.line
    );
    device.quit().await.unwrap();

    let entries = simulator.wait_for(1, PATIENCE).await.unwrap();
    let entry = &entries[0];
    assert_eq!(entry.recipients, [TO, "b@c.example"]);
    assert_eq!((entry.from.as_str(), entry.mailbox.as_str()), (FROM, FROM));
    assert_eq!(
        (entry.tls.as_str(), entry.mechanism.as_str()),
        ("TLSv1.3", "LOGIN")
    );
    assert_eq!(
        (&entry.sha256, &entry.content_sha256),
        (&mail.sha256, &mail.sha256)
    );
    assert_eq!(simulator.body(entry).unwrap(), mail.bytes);
    let journal = std::fs::read_to_string(folder.path().join("journal.jsonl")).unwrap();
    assert_eq!(
        serde_json::from_str::<relay_tests::sim::Entry>(&journal).unwrap(),
        *entry
    );
}

#[tokio::test]
async fn offers_what_exchange_online_offers() {
    let (simulator, _folder) = simulator(|_| {}).await;
    let mut device = Device::connect(simulator.address(), Encryption::None)
        .await
        .unwrap();
    let refused = device.command("MAIL FROM:<a@b.example>").await.unwrap();
    assert_eq!(refused.line, "451 5.7.3 STARTTLS is required to send mail");
    assert_eq!(device.command("AUTH LOGIN").await.unwrap().code, 504);

    let mut device = Device::connect(simulator.address(), Encryption::Starttls)
        .await
        .unwrap();
    let refused = device.command("MAIL FROM:<a@b.example>").await.unwrap();
    assert_eq!(
        refused.line,
        "530 5.7.57 Client not authenticated to send mail"
    );
    let refused = device.sign_in(FROM, "secret").await.unwrap();
    assert_eq!(refused.line, "504 5.7.4 Unrecognized authentication type");
    let refused = login(&mut device, FROM, "wrong").await;
    assert_eq!(refused.line, "535 5.7.3 Authentication unsuccessful");
    let blob = |token| BASE64.encode(format!("user={FROM}\u{1}auth=Bearer {token}\u{1}\u{1}"));
    device
        .say(&format!("AUTH XOAUTH2 {}", blob("stale")), 535)
        .await
        .unwrap();
    device.say("AUTH XOAUTH2", 334).await.unwrap();
    device.say(&blob("token"), 235).await.unwrap();
    device
        .say("MAIL FROM:<relay@acme.example> SIZE=157286401", 552)
        .await
        .unwrap();
    device
        .say(
            "MAIL FROM:<relay@acme.example> SIZE=157286400 BODY=8BITMIME",
            250,
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn takes_chunks() {
    let (simulator, _folder) = simulator(|_| {}).await;
    let mut device = signed_in(&simulator).await;
    device
        .say("MAIL FROM:<relay@acme.example> BODY=BINARYMIME", 250)
        .await
        .unwrap();
    device.say("RCPT TO:<a@b.example>", 250).await.unwrap();
    device
        .raw(b"BDAT 7\r\na: b\r\n\rBDAT 5 LAST\r\n\n\n.\r\n")
        .await
        .unwrap();
    assert_eq!(device.reply().await.unwrap().code, 250);
    assert_eq!(device.reply().await.unwrap().code, 250);
    let entries = simulator.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(entries[0].transfer, Transfer::Bdat);
    assert_eq!(entries[0].sha256, sha256(b"a: b\r\n\r\n\n.\r\n"));
}

#[tokio::test]
async fn keeps_the_limits_of_a_mailbox() {
    let (simulator, _folder) = simulator(|settings| {
        settings.limits = Limits {
            connections: Some(1),
            messages_per_minute: Some(2),
            ..Limits::documented()
        };
    })
    .await;
    let (mut first, mut second) = (signed_in(&simulator).await, signed_in(&simulator).await);
    let refused = send(&mut second, "a").await.unwrap();
    assert!(
        refused.line.starts_with("432 4.3.2 Concurrent connections"),
        "{}",
        refused.line
    );
    assert_eq!(send(&mut first, "b").await.unwrap().code, 250);
    assert_eq!(send(&mut first, "c").await.unwrap().code, 250);
    let refused = send(&mut first, "d").await.unwrap();
    assert!(
        refused.line.starts_with("432 4.3.2 STOREDRV"),
        "{}",
        refused.line
    );
    simulator.set_limits(Limits::unlimited());
    assert_eq!(send(&mut second, "e").await.unwrap().code, 250);
    assert_eq!(simulator.peak_connections(), 2);
}

#[tokio::test]
async fn says_what_the_rules_say() {
    let (simulator, _folder) = simulator(|_| {}).await;
    simulator.add_rule(Rule::at(Stage::Auth).times(1).reply("smtp-auth-disabled"));
    simulator.add_rule(
        Rule::at(Stage::Rcpt)
            .rcpt("nobody@*")
            .reply("recipient-unknown"),
    );
    simulator.add_rule(
        Rule::at(Stage::EndOfData)
            .rcpt("busy@*")
            .reply("451 4.7.500 Server busy"),
    );
    let mut device = Device::connect(simulator.address(), Encryption::Starttls)
        .await
        .unwrap();
    let refused = login(&mut device, FROM, "secret").await;
    assert!(
        refused
            .line
            .contains("SmtpClientAuthentication is disabled"),
        "{}",
        refused.line
    );
    assert_eq!(login(&mut device, FROM, "secret").await.code, 235);

    let body = b"Subject: x\r\n\r\n";
    let refused = device
        .send(FROM, &[TO, "nobody@x.example"], body)
        .await
        .unwrap();
    assert!(refused.line.starts_with("550 5.1.10"), "{}", refused.line);
    device.say("RSET", 250).await.unwrap();
    let refused = device.send(FROM, &["busy@x.example"], body).await.unwrap();
    assert_eq!(refused.line, "451 4.7.500 Server busy");
    assert!(simulator.messages().is_empty());
    simulator.clear_rules();
    assert_eq!(
        device
            .send(FROM, &["busy@x.example"], body)
            .await
            .unwrap()
            .code,
        250
    );
}

#[tokio::test]
async fn cuts_connections_where_the_rules_say() {
    let (simulator, _folder) = simulator(|_| {}).await;
    for stage in [
        Stage::Mail,
        Stage::Rcpt,
        Stage::Data,
        Stage::Body,
        Stage::EndOfData,
    ] {
        simulator.clear_rules();
        simulator.add_rule(Rule::at(stage).drop());
        let mut device = signed_in(&simulator).await;
        assert!(send(&mut device, "cut").await.is_err(), "{stage:?}");
    }
    assert!(simulator.messages().is_empty());

    simulator.clear_rules();
    simulator.add_rule(Rule::at(Stage::TakenIn).drop());
    let mut device = signed_in(&simulator).await;
    assert!(send(&mut device, "taken").await.is_err());
    let entries = simulator.wait_for(1, PATIENCE).await.unwrap();
    assert!(entries[0].reply_withheld);

    simulator.clear_rules();
    simulator.add_rule(Rule::at(Stage::Connect).drop());
    assert!(
        Device::connect(simulator.address(), Encryption::None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn waits_where_the_rules_say() {
    let (simulator, _folder) = simulator(|_| {}).await;
    let delay = Duration::from_millis(200);
    simulator.add_rule(Rule::at(Stage::EndOfData).delay(delay));
    let mut device = signed_in(&simulator).await;
    let start = std::time::Instant::now();
    assert_eq!(send(&mut device, "slow").await.unwrap().code, 250);
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn goes_down_and_comes_back_on_its_port() {
    let (simulator, _folder) = simulator(|_| {}).await;
    let mut device = signed_in(&simulator).await;
    simulator.down().await;
    assert!(send(&mut device, "cut").await.is_err());
    assert!(Device::open(simulator.address()).await.is_err());
    simulator.up().await.unwrap();
    let mut device = signed_in(&simulator).await;
    assert_eq!(send(&mut device, "back").await.unwrap().code, 250);
    assert_eq!(
        simulator
            .wait_until_quiet(Duration::from_millis(50))
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn continuous_errors_bar_a_mailbox_until_the_bar_is_lifted() {
    let limits = Limits {
        continuous_errors: Some(2),
        ..Limits::unlimited()
    };
    let (simulator, _folder) = simulator(|settings| settings.limits = limits).await;
    simulator.add_rule(
        Rule::at(Stage::Rcpt)
            .rcpt("nobody@*")
            .reply("recipient-unknown"),
    );
    let mut device = signed_in(&simulator).await;
    for taken_between in [true, false] {
        device
            .say(&format!("MAIL FROM:<{FROM}>"), 250)
            .await
            .unwrap();
        device.say("RCPT TO:<nobody@b.example>", 550).await.unwrap();
        device.say("RSET", 250).await.unwrap();
        if taken_between {
            assert_eq!(send(&mut device, "between").await.unwrap().code, 250);
        }
        assert_eq!(simulator.bar(FROM), None);
    }
    device
        .say(&format!("MAIL FROM:<{FROM}>"), 250)
        .await
        .unwrap();
    device.say("RCPT TO:<nobody@b.example>", 550).await.unwrap();
    assert_eq!(simulator.bar(FROM), Some(Bar::InvalidRecipients));
    device.say("RSET", 250).await.unwrap();
    let reply = send(&mut device, "barred").await.unwrap();
    assert_eq!(reply.line, Bar::InvalidRecipients.reply());

    simulator.lift_bar(FROM);
    assert_eq!(send(&mut device, "lifted").await.unwrap().code, 250);
}

#[tokio::test]
async fn a_mailbox_may_have_its_own_limit_of_recipients() {
    let limits = Limits {
        recipients_per_domain: Some(2),
        ..Limits::by_mx()
    };
    let (simulator, _folder) = simulator(|settings| settings.limits = limits).await;
    simulator.limit_recipients(FROM, 3);
    let mut device = signed_in(&simulator).await;
    device
        .say(&format!("MAIL FROM:<{FROM}>"), 250)
        .await
        .unwrap();
    for (recipient, code) in [
        ("a@b.example", 250),
        ("b@b.example", 250),
        ("c@B.example", 452),
        ("c@c.example", 250),
        ("d@d.example", 452),
    ] {
        let reply = device
            .say(&format!("RCPT TO:<{recipient}>"), code)
            .await
            .unwrap();
        assert!(reply.code == 250 || reply.line == "452 4.5.3 Too many recipients");
    }
}

#[tokio::test]
async fn other_certificates_can_be_shown() {
    let (simulator, _folder) = simulator(|_| {}).await;
    let tls = relay_tests::tls::client_config(&simulator.ca_file()).unwrap();
    for (shown, trusted) in [
        (Shown::Good, true),
        (Shown::OtherName, false),
        (Shown::Expired, false),
        (Shown::Untrusted, false),
        (Shown::Good, true),
    ] {
        simulator.show(shown).unwrap();
        let mut device = Device::connect(simulator.address(), Encryption::None)
            .await
            .unwrap();
        device.say("STARTTLS", 220).await.unwrap();
        let encrypted = device.encrypt_trusting(&tls).await;
        assert_eq!(encrypted.is_ok(), trusted, "{shown:?}: {encrypted:?}");
    }
}
