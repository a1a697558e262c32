//! Limits that are set besides the plan's, and the size that the route's server takes.

use relay_tests::{
    harness::{Device, Relayctl},
    sim::Limits,
};
use serde_json::Value;

use crate::world::{RECIPIENT, SENDER, World};

/// Sends a small mail as the scanner and gives the last reply.
async fn send(world: &World, recipients: &[&str]) -> String {
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mail = World::mail("limited", 500);
    device
        .send(SENDER, recipients, &mail.bytes)
        .await
        .unwrap()
        .line
}

/// One limit as relayctl shows it.
fn limit(ctl: &Relayctl, command: &str, name: &str) -> Value {
    let shown = ctl.json(command).unwrap();
    let limits = shown["limits"].as_array().unwrap();
    let found = limits.iter().find(|limit| limit["limit"] == name);
    found.unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_scope_has_limits_that_hold_over_a_restart() {
    let mut world = World::new().await;
    for (target, whose, used) in [
        ("scanner --scope user", "for the relay user", 1),
        ("scanner-device --scope system", "for the system", 2),
        ("acme --scope account", "for the account", 3),
    ] {
        let set = format!("limits set {target} --messages-per-day {used} --yes");
        world.ctl.ok(&set).unwrap();
        let accepted = send(&world, &[RECIPIENT]).await;
        assert!(accepted.starts_with("250 2.0.0 "), "{accepted}");
        world.relayd.kill().unwrap();
        world.relayd.start_again().unwrap();
        let refused = send(&world, &[RECIPIENT]).await;
        let noun = if used == 1 { "message" } else { "messages" };
        let detail = format!("({used} {noun} a day {whose})");
        assert!(
            refused.starts_with("452 4.7.1 ") && refused.contains(&detail),
            "{refused}"
        );

        let show = format!("limits show {target}");
        let shown = limit(&world.ctl, &show, "messages_per_day");
        assert_eq!(
            (&shown["override"], &shown["used"]),
            (&used.into(), &used.into())
        );
        let test = world.ctl.run("system test scanner-device").unwrap();
        assert_eq!(test.code, 9, "{}", test.stdout);
        let name = target.split(' ').next().unwrap();
        let said = format!("all {used} messages a day {whose} {name} are used");
        assert!(test.stdout.contains(&said), "{}", test.stdout);
        assert!(
            test.stderr.contains("--messages-per-day N"),
            "{}",
            test.stderr
        );
        let reset = format!("limits reset {target} --yes");
        world.ctl.ok(&reset).unwrap();
    }
    let accepted = send(&world, &[RECIPIENT]).await;
    assert!(accepted.starts_with("250 2.0.0 "), "{accepted}");
    world.ctl.ok("system test scanner-device").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_one_message_name_whose_they_are() {
    let world = World::new().await;
    let set = "limits set scanner-device --scope system --recipients-per-message 1 \
               --messages-per-minute 1 --yes";
    world.ctl.ok(set).unwrap();
    let refused = send(&world, &[RECIPIENT, "other@customer.example"]).await;
    assert!(refused.contains("(limit 1, for the system)"), "{refused}");
    assert!(send(&world, &[RECIPIENT]).await.starts_with("250 2.0.0 "));
    let refused = send(&world, &[RECIPIENT]).await;
    assert!(refused.starts_with("450 4.7.1 "), "{refused}");
    assert!(
        refused.contains("1 message a minute for the system; the next in"),
        "{refused}"
    );

    world
        .ctl
        .ok("limits set --message-size 4KiB --yes")
        .unwrap();
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mail = format!("MAIL FROM:<{SENDER}> SIZE=4097");
    let refused = device.command(&mail).await.unwrap().line;
    assert!(
        refused.contains("(limit 4096 bytes, for the account)"),
        "{refused}"
    );

    // A person may be given more than the plan has.
    let plan = limit(
        &world.ctl,
        "limits show scanner --scope user",
        "messages_per_minute",
    );
    assert_eq!(
        (&plan["in_force"], &plan["origin"]),
        (&120.into(), &"plan".into())
    );
    let set = "limits set scanner --scope user --messages-per-minute 500 --yes";
    world.ctl.ok(set).unwrap();
    let more = limit(
        &world.ctl,
        "limits show scanner --scope user",
        "messages_per_minute",
    );
    assert_eq!(
        (&more["in_force"], &more["origin"]),
        (&500.into(), &"user".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_routes_server_would_not_take_is_refused_at_the_door() {
    let world = World::builder()
        .sim(|settings| {
            settings.limits = Limits {
                message_size: 100_000,
                ..Limits::unlimited()
            };
        })
        .build()
        .await;
    let route = world.ctl.json("route show").unwrap();
    assert_eq!(route["size_limit"], 100_000);
    let offers = route["offers"].as_array().unwrap();
    assert!(offers.contains(&"SIZE".into()) && offers.contains(&"8BITMIME".into()));
    let shown = world.ctl.ok("route show").unwrap();
    assert!(shown.contains("8BITMIME"), "{shown}");
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let declared = device
        .command(&format!("MAIL FROM:<{SENDER}> SIZE=100001"))
        .await
        .unwrap();
    let detail = "(limit 100000 bytes, of the server of the route)";
    assert!(declared.line.starts_with("552 5.3.4 "), "{}", declared.line);
    assert!(declared.line.contains(detail), "{}", declared.line);
    // Not declared, and just small enough until relayd has added its Received.
    let mut mail = World::mail("large", 99_000).bytes;
    mail.resize(99_998, b'x');
    mail.extend_from_slice(b"\r\n");
    let sent = device.send(SENDER, &[RECIPIENT], &mail).await.unwrap();
    assert!(sent.line.contains(detail), "{}", sent.line);
    let shown = limit(&world.ctl, "limits show", "message_size");
    assert_eq!(
        (&shown["in_force"], &shown["origin"]),
        (&100_000.into(), &"route".into())
    );
    world.nothing_sent();
}
