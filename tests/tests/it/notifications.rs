//! What happens is told: by mail to the operator and the customer, and by webhooks; and the page
//! of the documentation shows how to verify those.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use relay_tests::{
    harness::{Customer, Receiver, eventually},
    sim::{Rule, Stage},
};

use crate::{page, world::World};

const OPERATOR: &str = "ops@office.example";
const CUSTOMER: &str = "ops@acme.example";

/// The usual world, and `office`, which carries the mail of relayd.
async fn told() -> World {
    let world = World::builder()
        .config(|config| config.notifications("office", "relay@office.example", OPERATOR))
        .sim(|settings| {
            let office = (
                "relay@office.example".to_owned(),
                "mailbox-secret".to_owned(),
            );
            settings.mailboxes.push(office);
        })
        .build()
        .await;
    let ca_file = world.simulator.ca_file();
    let office = Customer {
        name: "office",
        ..Customer::acme(world.simulator.address(), &ca_file)
    };
    office.create(&world.relayd).unwrap();
    world
}

/// The mail to an address with this in it, as it came to the other side.
fn mail_to(world: &World, address: &str, text: &str) -> String {
    eventually(&format!("{text} to {address}"), || {
        for entry in world.simulator.messages() {
            if entry.recipients == [address] && entry.mailbox == "relay@office.example" {
                let mail = String::from_utf8(world.simulator.body(&entry)?)?;
                // Quoted-printable where a line is long.
                let mail = mail.replace("=\r\n", "");
                if mail.contains(text) {
                    return Ok(Some(mail));
                }
            }
        }
        Ok(None)
    })
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_is_told_by_mail_and_webhook() {
    let world = told().await;
    let operator = world.relayd.ctl().unwrap();
    let receiver = Receiver::start(2).await.unwrap();
    let create = format!(
        "webhook create tickets --to {} --event credentials.rejected --event lane.released",
        receiver.url()
    );
    let made = operator.json(&create).unwrap();
    let secret = made["secret"].as_str().unwrap();
    receiver.expect_secret(secret);

    let refused = Rule::at(Stage::Auth)
        .mailbox("relay@acme.example")
        .reply("535 5.7.3 Authentication unsuccessful");
    world.simulator.add_rule(refused);
    world.submit("stuck").await;
    let mail = mail_to(&world, CUSTOMER, "535 5.7.3");
    assert!(mail.contains("relayctl route set --account acme"), "{mail}");
    let mail = mail_to(&world, OPERATOR, "535 5.7.3");
    assert!(mail.contains("(account acme)"), "{mail}");

    let taken = eventually("a webhook that was taken", || {
        Ok(receiver.taken("credentials.rejected").pop())
    })
    .unwrap();
    assert_eq!(taken.body["account"], "acme");
    assert_eq!(taken.body["data"]["reason"], "route-credentials-rejected");
    let all = receiver.deliveries();
    let statuses: Vec<_> = all.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [500, 500, 204]);
    assert!(
        all.iter().all(|it| it.is_signed && it.id == taken.id),
        "{all:?}"
    );
    let listed = eventually("a delivery that is over", || {
        let items = operator.items("webhook deliveries tickets")?;
        Ok(items.into_iter().find(|it| it["state"] == "delivered"))
    })
    .unwrap();
    assert_eq!(
        (&listed["attempts"], &listed["status"]),
        (&3.into(), &204.into())
    );

    world.simulator.clear_rules();
    world.ctl.ok("route check").unwrap();
    eventually("the end of the hold", || {
        Ok(receiver.taken("lane.released").pop())
    })
    .unwrap();
    operator.ok("webhook test tickets").unwrap();
    assert_eq!(receiver.taken("webhook.test").len(), 1);
    assert!(!world.relayd.log().contains(secret), "it is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_quota_is_told_at_80_and_at_100_per_cent() {
    let world = told().await;
    let limit = "limits set scanner --scope user --messages-per-day 5 --yes";
    world.ctl.ok(limit).unwrap();
    for number in 0..4 {
        world.submit(&format!("quota-{number}")).await;
    }
    let mail = mail_to(&world, CUSTOMER, "4 of its 5 messages");
    assert!(
        mail.contains("used most of its messages of today"),
        "{mail}"
    );
    mail_to(&world, OPERATOR, "4 of its 5 messages");
    world.submit("quota-4").await;
    let mail = mail_to(&world, CUSTOMER, "5 of its 5 messages");
    assert!(mail.contains("has used its messages of today up"), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_cannot_have_relayd_ask_its_own_machine() {
    let world = told().await;
    let receiver = Receiver::start(0).await.unwrap();
    let url = receiver.url();
    let create = format!("webhook create own --account acme --to {url} -o json");
    let refused = world.ctl.run(&create).unwrap();
    assert_eq!(refused.code, 7, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("allow_networks"),
        "{}",
        refused.stderr
    );
    // By a name that stands for it: that is found out when it is asked.
    let url = url.replace("http://127.0.0.1", "https://localhost");
    let create = format!("webhook create own --account acme --to {url} -o json");
    world.ctl.ok(&create).unwrap();
    let tried = world.ctl.run("webhook test own --account acme").unwrap();
    assert_eq!(tried.code, 9, "{}", tried.stderr);
    assert!(
        tried
            .stderr
            .contains("no address that this webhook may reach"),
        "{}",
        tried.stderr
    );
    assert!(receiver.deliveries().is_empty());
}

/// Runs a verification with the example of the Standard Webhooks specification.
fn verifies(program: &str, arguments: &[&str], signature: &str) -> bool {
    let mut child = Command::new(program)
        .args(arguments)
        .env("WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        .env("WEBHOOK_ID", "msg_p5jXN8AQM9LWM0D4loKWxJek")
        .env("WEBHOOK_TIMESTAMP", "1614265330")
        .env("WEBHOOK_SIGNATURE", signature)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(br#"{"test": 2432232314}"#).unwrap();
    drop(stdin);
    child.wait().unwrap().success()
}

#[test]
fn the_page_shows_how_a_signature_is_verified() {
    let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let bad = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=";
    let page = page::read("docs/notifications.md");
    let verifying = |language, word| {
        let mut blocks = page::blocks(&page, language).into_iter();
        let found = blocks.find(|block| block.text.contains(word));
        found
            .unwrap_or_else(|| panic!("no block in {language}"))
            .text
    };
    let shell = verifying("sh", "openssl");
    let python = verifying("python", "hmac");
    // The example is of 2021, and the program takes nothing that is old.
    let python = format!("import time\ntime.time = lambda: 1614265331\n{python}");
    for (signature, expected) in [
        (good, true),
        (&format!("{bad} {good}"), true),
        (bad, false),
        ("", false),
    ] {
        assert_eq!(
            verifies("sh", &["-c", &shell], signature),
            expected,
            "sh {signature}"
        );
        let is_verified = verifies("python3", &["-c", &python], signature);
        assert_eq!(is_verified, expected, "python {signature}");
    }
}
