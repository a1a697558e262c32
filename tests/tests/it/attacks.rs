//! What attackers and full disks do to a running relayd, and what operators see of it.

use std::net::{IpAddr, SocketAddr};

use relay_tests::{
    harness::{Device, Relayctl},
    load::send::Encryption,
};

use crate::{
    operations::get,
    world::{RECIPIENT, SENDER, World},
};

const ATTACKER: &str = "127.0.0.66";

/// Tries passwords from the attacker's address, each on a connection of its own, all at once: the
/// answers come late.
async fn guess(server: SocketAddr, passwords: &'static [&'static str]) {
    let mut guesses = tokio::task::JoinSet::new();
    for password in passwords {
        guesses.spawn(async move {
            let device = attacker(server).await.begin(Encryption::Starttls).await;
            let reply = device.unwrap().sign_in("scanner", password).await.unwrap();
            assert_eq!(reply.code, 535, "{}", reply.line);
        });
    }
    guesses.join_all().await;
}

async fn attacker(server: SocketAddr) -> Device {
    let client: IpAddr = ATTACKER.parse().unwrap();
    Device::open_from(client, server).await.unwrap()
}

async fn greeting(server: SocketAddr) -> String {
    attacker(server).await.reply().await.unwrap().line
}

/// A device at the attacker's address hears until when it is banned, and what lifts that.
fn told_by_the_test_of_a_system(ctl: &Relayctl, lift: &str) {
    let add = format!("system add guessing --address {ATTACKER} --user scanner");
    ctl.ok(&add).unwrap();
    let test = ctl.run("system test guessing").unwrap();
    assert_eq!(test.code, 9, "{}", test.stderr);
    let banned = format!("{ATTACKER} is banned until 2");
    assert!(test.stdout.contains(&banned), "{}", test.stdout);
    let lift = format!("relayctl {}", lift.trim_end_matches(" --yes"));
    assert!(test.stderr.contains(&lift), "{}", test.stderr);
    ctl.ok("system remove guessing --yes").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_passwords_is_banned_over_a_restart_until_it_is_lifted() {
    let mut world = World::builder()
        .config(|config| config.ban_after(3))
        .build()
        .await;
    guess(world.submission(), &["guess-1", "guess-2", "guess-3"]).await;
    let refused = greeting(world.submission()).await;
    assert!(
        refused.starts_with("421 4.7.0 ") && refused.contains("[address-banned]"),
        "{refused}"
    );
    assert_eq!(world.rejected("address-banned")["client"], ATTACKER);
    let first = world.submit("from-the-registered-address").await;

    world.relayd.stop().unwrap();
    world.relayd.start_again().unwrap();
    let refused = greeting(world.submission()).await;
    assert!(refused.contains("[address-banned]"), "{refused}");
    let ctl = world.relayd.ctl().unwrap();
    let bans = ctl.ok("limits show --scope ip").unwrap();
    assert!(
        bans.contains(ATTACKER) && bans.contains("scanner"),
        "{bans}"
    );
    assert!(!bans.contains("guess-"), "{bans}");
    let lift = format!("limits reset --scope ip {ATTACKER} --yes");
    told_by_the_test_of_a_system(&ctl, &lift);
    ctl.ok(&lift).unwrap();
    assert_eq!(ctl.run(&lift).unwrap().code, 3);
    let greeted = greeting(world.submission()).await;
    assert!(greeted.starts_with("220 "), "{greeted}");
    let second = world.submit("still").await;
    world.arrived(&[first, second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_below_its_reserve_takes_no_body() {
    let world = World::builder()
        .config(|config| config.disk_reserve("1000000 GiB"))
        .build()
        .await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    device.begin_mail(SENDER, "", RECIPIENT).await.unwrap();
    let refused = device.command("DATA").await.unwrap();
    assert!(
        refused.line.starts_with("452 4.3.1 ") && refused.line.contains("[disk-full]"),
        "{}",
        refused.line
    );
    assert_eq!(device.command("NOOP").await.unwrap().code, 250);
    world.rejected("disk-full");
    world.nothing_sent();
    // Administration goes on: there is room for it in the reserve.
    world.ctl.ok("user list").unwrap();
    assert_eq!(get(&world, "/readyz", "").await.0, 507);
    // The doctor does not say that all is well.
    let outcome = world.ctl.run("doctor store -o json").unwrap();
    assert_eq!(outcome.code, 9, "{}", outcome.stdout);
    let found: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let errors = found["items"].as_array().unwrap().iter();
    let errors: Vec<_> = errors.filter(|it| it["level"] == "error").collect();
    let checks: Vec<_> = errors.iter().map(|it| &it["check"]).collect();
    assert_eq!(checks, ["store-writable", "disk-space"], "{found}");
    for (error, part) in errors.iter().zip(["[disk-full]", "limits.disk_reserve"]) {
        assert!(
            error["sentence"].as_str().unwrap().contains(part),
            "{error}"
        );
        assert_ne!(error["remedy"], "");
    }
}
