//! Systems that are known by their address alone. Every address of 127.0.0.0/8 is this machine's,
//! so a test can come from several.

use std::net::{IpAddr, SocketAddr};

use relay_tests::{
    harness::{Device, Listener, UserAccess, binary},
    load::send::Encryption,
};

use crate::world::{RECIPIENT, SENDER, World};

const NAS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));
const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 3));

/// A world with a listener `lan` that takes mail by address, and a system `nas` at its address.
async fn world() -> World {
    let world = World::builder()
        .config(|config| config.listener(Listener::new("lan", "starttls").by_address()))
        .build()
        .await;
    world
        .ctl
        .ok("system add nas --address 127.0.0.2 --user scanner --auth address")
        .unwrap();
    world
}

fn lan(world: &World) -> SocketAddr {
    world.relayd.listener("lan").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_sends_by_its_address_under_the_rules_of_its_relay_user() {
    let world = world().await;
    let mail = World::mail("by-address", 2000);
    let mut device = Device::connect_from(NAS, lan(&world), Encryption::None)
        .await
        .unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    world.arrived(&[mail]).await;
    let logged = world.logged("delivered");
    assert_eq!(
        (&logged["system"], &logged["user"]),
        (&"nas".into(), &"scanner".into())
    );

    let reply = device
        .command("MAIL FROM:<ceo@acme.example>")
        .await
        .unwrap();
    assert!(
        reply.line.contains("[sender-not-allowed]"),
        "{}",
        reply.line
    );
    let reject = world.rejected("sender-not-allowed");
    assert_eq!(
        (&reject["system"], &reject["username"]),
        (&"nas".into(), &"scanner".into())
    );

    // Whatever happens to the system counts for the next mail of the open session.
    world
        .ctl
        .ok("system edit nas --state suspended --yes")
        .unwrap();
    let reply = device
        .command(&format!("MAIL FROM:<{SENDER}>"))
        .await
        .unwrap();
    assert!(reply.line.contains("[system-suspended]"), "{}", reply.line);
    world.ctl.ok("system edit nas --state active").unwrap();
    device
        .say(&format!("MAIL FROM:<{SENDER}>"), 250)
        .await
        .unwrap();
    device.say("RSET", 250).await.unwrap();
    world.ctl.ok("system remove nas --yes").unwrap();
    let reply = device
        .command(&format!("MAIL FROM:<{SENDER}>"))
        .await
        .unwrap();
    assert!(reply.line.starts_with("530 5.7.0 "), "{}", reply.line);
    assert!(
        reply.line.contains("127.0.0.2 is not registered"),
        "{}",
        reply.line
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_another_address_nor_another_listener_will_do() {
    let world = world().await;
    let submission = world.submission();
    for (server, client) in [(submission, NAS), (lan(&world), STRANGER)] {
        let mut device = Device::connect_from(client, server, Encryption::None)
            .await
            .unwrap();
        let reply = device
            .command(&format!("MAIL FROM:<{SENDER}>"))
            .await
            .unwrap();
        assert!(
            reply.line.starts_with("530 5.7.0 "),
            "{client}: {}",
            reply.line
        );
        assert!(reply.line.contains("[auth-required]"), "{}", reply.line);
        let is_known = reply.line.contains("does not take mail by address alone");
        assert_eq!(is_known, client == NAS, "{}", reply.line);
        if is_known {
            // Its row is found under its account.
            assert_eq!(world.rejected("auth-required")["system"], "nas");
        }
        device
            .say(&format!("RCPT TO:<{RECIPIENT}>"), 503)
            .await
            .unwrap();
    }
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_device_and_others_can_still_sign_in_there() {
    let world = world().await;
    // The scanner's other system has 127.0.0.1; its password is good from the NAS, too.
    for client in [NAS, "127.0.0.1".parse().unwrap()] {
        let mut device = Device::connect_from(client, lan(&world), Encryption::None)
            .await
            .unwrap();
        device.say("STARTTLS", 220).await.unwrap();
        device.encrypt().await.unwrap();
        device.say("EHLO device.example", 250).await.unwrap();
        let user = &world.user;
        let reply = device
            .sign_in(&user.username, &user.password)
            .await
            .unwrap();
        assert_eq!(reply.code, 235, "{}", reply.line);
        device
            .say(&format!("MAIL FROM:<{SENDER}>"), 250)
            .await
            .unwrap();
    }
    // A password counts more than the address: this relay user has no system here.
    let other = UserAccess::create(&world.ctl, "erp", "erp@acme.example").unwrap();
    let mut device = Device::connect_from(NAS, lan(&world), Encryption::None)
        .await
        .unwrap();
    device.say("STARTTLS", 220).await.unwrap();
    device.encrypt().await.unwrap();
    device.say("EHLO device.example", 250).await.unwrap();
    let reply = device
        .sign_in(&other.username, &other.password)
        .await
        .unwrap();
    assert_eq!(reply.code, 235, "{}", reply.line);
    let reply = device
        .command("MAIL FROM:<erp@acme.example>")
        .await
        .unwrap();
    assert!(
        reply.line.contains("[address-not-registered]"),
        "{}",
        reply.line
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_of_such_systems_do_not_meet() {
    let world = world().await;
    let add = |name: &str, network: &str, auth: &str| {
        let command = format!("system add {name} --address {network} --user scanner --auth {auth}");
        world.ctl.run(&command).unwrap()
    };
    let refused = add("wide", "127.0.0.0/24", "address");
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("127.0.0.2/32"),
        "{}",
        refused.stderr
    );
    // With a password they may, until the password is to go.
    assert_eq!(add("wide", "127.0.0.0/24", "password").code, 0);
    let refused = world.ctl.run("system edit wide --auth address").unwrap();
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    let other = add("printer", "127.0.0.4", "address");
    assert_eq!(other.code, 0, "{}", other.stderr);
    assert!(
        other.stderr.contains("no password on lan (port"),
        "{}",
        other.stderr
    );
    let test = world.ctl.run("system test printer").unwrap();
    assert_eq!(test.code, 0, "{}", test.stderr);
    assert!(
        test.stdout.contains("by address alone on lan"),
        "{}",
        test.stdout
    );
    for (command, auth) in [
        ("system show printer", "address"),
        ("system show wide", "password"),
        ("system list -o wide", "address"),
    ] {
        let shown = world.ctl.ok(command).unwrap();
        assert!(shown.to_lowercase().contains("auth"), "{shown}");
        assert!(shown.contains(auth), "{command}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_such_a_listener_relayctl_says_so() {
    let world = World::new().await;
    let add = "system add nas --address 127.0.0.2 --user scanner --auth address";
    let added = world.ctl.run(add).unwrap();
    assert_eq!(added.code, 0, "{}", added.stderr);
    assert!(
        added.stderr.contains("set address_auth = true"),
        "{}",
        added.stderr
    );
    let test = world.ctl.run("system test nas").unwrap();
    assert_eq!(test.code, 9, "{}", test.stderr);
    assert!(
        test.stdout.contains("no listener takes mail by address"),
        "{}",
        test.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_config_and_the_doctor_tell_of_such_a_listener() {
    let world = world().await;
    // Bound to one address it is only named; check-config has nothing to warn of.
    let found = world.ctl.ok("doctor listeners").unwrap();
    let sentence = "listener lan takes mail of registered addresses without a password";
    assert!(found.contains(sentence), "{found}");

    let folder = tempfile::tempdir().unwrap();
    let config = std::fs::read_to_string(world.relayd.config_file()).unwrap();
    let wide = folder.path().join("relayd.toml");
    std::fs::write(
        &wide,
        config.replace("address = \"127.0.0.1:", "address = \"0.0.0.0:"),
    )
    .unwrap();
    let checked = std::process::Command::new(binary("relayd").unwrap())
        .arg("check-config")
        .arg(&wide)
        .output()
        .unwrap();
    let said = String::from_utf8(checked.stderr).unwrap();
    let warned = "warning: listener lan takes mail without a password on every address";
    assert!(said.contains(warned), "{said}");
}
