//! What an operator or an owner changes counts at the door at once: passwords of a relay user,
//! limits of a plan, a subscription that ends.

use relay_tests::{
    harness::{Device, Relayctl, UserAccess, eventually},
    load::send::Encryption,
};
use serde_json::Value;

use crate::world::{RECIPIENT, SENDER, World};

/// A password of the scanner as it is listed.
fn credential(ctl: &Relayctl, name: &str) -> Value {
    let all = ctl.items("user credential list scanner").unwrap();
    let found = all.into_iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no password {name}"))
}

/// The reply to a sign-in.
async fn sign_in(world: &World, access: &UserAccess) -> String {
    let server = world.submission();
    let mut device = Device::connect(server, Encryption::Starttls).await.unwrap();
    let (username, password) = (&access.username, &access.password);
    device.sign_in(username, password).await.unwrap().line
}

/// Sends as the scanner in an open session.
async fn send(device: &mut Device, name: &str) -> relay_tests::harness::Mail {
    let mail = World::mail(name, 2000);
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    mail
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_changed_over_to_another_password_without_an_outage() {
    let world = World::new().await;
    let (ctl, old) = (&world.ctl, &world.user);
    let added = ctl.json("user credential add scanner summer --generate");
    let password = added.unwrap()["password"].as_str().unwrap().to_owned();
    let new = UserAccess {
        password,
        ..old.clone()
    };
    let mut mails = Vec::new();
    let mut by_old = Device::signed_in(world.submission(), old).await.unwrap();
    mails.push(send(&mut by_old, "by-the-old-password").await);
    assert_eq!(credential(ctl, "summer")["last_used_at"], Value::Null);
    let mut by_new = Device::signed_in(world.submission(), &new).await.unwrap();
    mails.push(send(&mut by_new, "by-the-new-password").await);
    world.arrived(&mails).await;

    // Both are seen to be in use, and from where.
    for name in ["default", "summer"] {
        let used = eventually(&format!("a use of {name}"), || {
            let one = credential(ctl, name);
            Ok(one["last_used_at"].is_string().then_some(one))
        })
        .unwrap();
        assert_eq!(used["last_used_from"], "127.0.0.1", "{used}");
        assert_eq!(used["last_used_system"], "scanner-device", "{used}");
    }

    let unsure = ctl.run("user credential remove scanner default").unwrap();
    assert_eq!(unsure.code, 2, "{}", unsure.stderr);
    assert!(
        unsure.stderr.contains("(scanner-device); 1 other stays"),
        "{}",
        unsure.stderr
    );
    ctl.ok("user credential remove scanner default --yes")
        .unwrap();
    let refused = sign_in(&world, old).await;
    assert!(refused.starts_with("535 5.7.8 "), "{refused}");
    assert!(sign_in(&world, &new).await.starts_with("235 "));
    // An open session of the old one ends with its password; that of the new one goes on.
    let reply = by_old.command(&format!("MAIL FROM:<{SENDER}>")).await;
    let line = reply.unwrap().line;
    assert!(line.contains("[credentials-rejected]"), "{line}");
    mails.push(send(&mut by_new, "still-by-the-new-password").await);
    world.arrived(&mails).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_without_a_password_is_told_the_command_that_mends_it() {
    let world = World::new().await;
    let ctl = &world.ctl;
    ctl.ok("system test scanner-device").unwrap();
    ctl.ok("user credential remove scanner default --yes")
        .unwrap();
    let test = ctl.run("system test scanner-device").unwrap();
    assert_eq!(test.code, 9, "{}", test.stderr);
    assert!(test.stdout.contains("scanner has none"), "{}", test.stdout);
    let mended = "user credential add scanner default --generate --account acme";
    assert!(test.stderr.contains(mended), "{}", test.stderr);
    let added = ctl.json(mended).unwrap();
    let access = UserAccess {
        password: added["password"].as_str().unwrap().to_owned(),
        ..world.user.clone()
    };
    assert!(sign_in(&world, &access).await.starts_with("235 "));
    ctl.ok("system test scanner-device").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_limit_of_the_plan_counts_in_an_open_session() {
    let world = World::new().await;
    let operator = world.relayd.ctl().unwrap();
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mail = format!("MAIL FROM:<{SENDER}> SIZE=200000");
    device.say(&mail, 250).await.unwrap();
    device.say("RSET", 250).await.unwrap();
    let unsure = operator.run("plan edit enterprise --message-size 100KiB");
    let unsure = unsure.unwrap();
    assert_eq!(unsure.code, 2, "{}", unsure.stderr);
    assert!(
        unsure
            .stderr
            .contains("changes at once for 1 account: bytes a message 36700160 → 102400"),
        "{}",
        unsure.stderr
    );
    operator
        .ok("plan edit enterprise --message-size 100KiB --yes")
        .unwrap();
    let refused = device.command(&mail).await.unwrap().line;
    assert!(refused.contains("[message-too-large]"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_subscription_stops_new_mail_and_lets_the_queue_leave() {
    let world = World::new().await;
    let ctl = &world.ctl;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    ctl.ok("queue hold --lane --reason test --yes").unwrap();
    let mail = send(&mut device, "before-the-end").await;
    let unsure = ctl.run("subscription cancel").unwrap();
    assert_eq!(unsure.code, 2, "{}", unsure.stderr);
    assert!(
        unsure
            .stderr
            .contains("new mail of 1 relay user and 1 system will be refused"),
        "{}",
        unsure.stderr
    );
    ctl.ok("subscription cancel --yes").unwrap();
    let line = device
        .command(&format!("MAIL FROM:<{SENDER}>"))
        .await
        .unwrap()
        .line;
    assert!(line.starts_with("550 5.7.1 "), "{line}");
    assert!(line.contains("[no-subscription]"), "{line}");
    ctl.ok("queue release --lane --yes").unwrap();
    world.arrived(&[mail]).await;

    assert_eq!(ctl.json("subscription show").unwrap()["state"], "cancelled");
    let again = ctl.run("subscription change --plan starter").unwrap();
    assert_eq!(again.code, 5, "{}", again.stderr);
    ctl.ok("subscription start --plan starter").unwrap();
    send(&mut device, "after-a-new-start").await;
    let other = ctl.run("subscription start --plan business").unwrap();
    assert_eq!(other.code, 5, "{}", other.stderr);
    assert!(
        other
            .stderr
            .contains("relayctl subscription change --plan business"),
        "{}",
        other.stderr
    );
    ctl.ok("subscription change --plan business").unwrap();
    let down = ctl.run("subscription change --plan starter").unwrap();
    assert_eq!(down.code, 2, "{}", down.stderr);
    assert!(down.stderr.contains("relay users 5 → 3"), "{}", down.stderr);
    let history = ctl.ok("subscription history -o tsv --columns plan,state,started_by");
    assert_eq!(
        history.unwrap(),
        "plan\tstate\tstarted_by\nbusiness\tactive\toperator\nstarter\treplaced\toperator\n\
         enterprise\tcancelled\toperator\n"
    );
}
