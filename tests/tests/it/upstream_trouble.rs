//! The other side misbehaves: what is retried, what is held, what fails, and that nothing is lost.

use std::time::Duration;

use relay_tests::{
    harness::{Customer, eventually},
    sim::{Entry, Limits, Rule, Stage},
};

use crate::world::{PATIENCE, QUIET, World};

#[tokio::test(flavor = "multi_thread")]
async fn down_then_up() {
    let world = World::new().await;
    world.simulator.down().await;
    let mails = [world.submit("down-1").await, world.submit("down-2").await];
    let id = world.logged("queued")["id"].as_str().unwrap().to_owned();
    world.traced(&id, "route-unreachable");
    assert_eq!(world.ctl.json("queue summary").unwrap()["depth"], 2);
    world.simulator.up().await.unwrap();
    world.arrived(&mails).await;
    world.logged("delivered");
}

/// Replies that pass by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn temporary_refusals_are_retried() {
    for (stage, reply) in [
        (Stage::EndOfData, "connections"),
        (Stage::EndOfData, "thread-limit"),
        (Stage::EndOfData, "server-busy"),
        (Stage::Mail, "temporary"),
        (
            Stage::Rcpt,
            "451 4.7.500 Server busy. Please try again later",
        ),
        (Stage::Connect, "not-active"),
    ] {
        let world = World::new().await;
        world
            .simulator
            .add_rule(Rule::at(stage).times(2).reply(reply));
        let mail = world.submit("temporary").await;
        world.arrived(&[mail]).await;
        let message = world.logged("delivered");
        let trace = world.traced(message["id"].as_str().unwrap(), "delivered");
        assert!(trace.contains("accepted"), "{stage:?} {reply}: {trace}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_connections_are_retried() {
    let stages = [
        Stage::Connect,
        Stage::Auth,
        Stage::Mail,
        Stage::Data,
        Stage::Body,
        Stage::EndOfData,
    ];
    for stage in stages {
        let world = World::new().await;
        world.simulator.add_rule(Rule::at(stage).times(1).drop());
        let mail = world.submit("cut").await;
        world.arrived(&[mail]).await;
        world.logged("delivered");
    }
}

/// The one case that repeats: the mail was taken, its reply was lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_repeats_the_mail_with_the_same_message_id() {
    let world = World::new().await;
    world
        .simulator
        .add_rule(Rule::at(Stage::TakenIn).times(1).drop());
    let mail = world.submit("repeated").await;
    let entries = world.simulator.wait_for(2, PATIENCE).await.unwrap();
    for entry in &entries {
        assert_eq!(entry.message_id, mail.message_id);
        assert_eq!(entry.content_sha256, mail.sha256);
    }
    world.logged("delivered");
    assert_eq!(world.simulator.wait_until_quiet(QUIET).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_hold_the_lane_and_lose_nothing() {
    for reply in ["smtp-auth-disabled", "credentials", "basic-auth-off"] {
        let world = World::new().await;
        world.simulator.add_rule(Rule::at(Stage::Auth).reply(reply));
        let mails = [world.submit("held-1").await, world.submit("held-2").await];
        let lane = world.lane("held");
        assert!(lane.to_string().contains("route-"), "{reply}: {lane}");
        assert_eq!(
            world.ctl.json("queue summary").unwrap()["depth"],
            2,
            "{reply}"
        );
        assert!(world.simulator.messages().is_empty());

        // A person mends it: the check succeeds and the lane goes on.
        world.simulator.clear_rules();
        let ca_file = world.simulator.ca_file();
        let customer = Customer::acme(world.simulator.address(), &ca_file);
        customer.set_route(&world.ctl).unwrap();
        world.arrived(&mails).await;
        world.logged("delivered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_can_be_held_and_released_by_a_person() {
    let world = World::new().await;
    world
        .ctl
        .ok("queue hold --lane --yes --reason maintenance")
        .unwrap();
    let mail = world.submit("waits").await;
    world.lane("held");
    assert!(world.simulator.wait_until_quiet(QUIET).await.is_empty());
    world.ctl.ok("queue release --lane --yes").unwrap();
    world.arrived(&[mail]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn permanent_refusals_fail_the_message() {
    for (stage, reply) in [
        (Stage::Rcpt, "recipient-unknown"),
        (Stage::EndOfData, "send-as"),
        (Stage::EndOfData, "send-as-denied"),
        (
            Stage::Mail,
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        ),
    ] {
        let world = World::new().await;
        world.simulator.add_rule(Rule::at(stage).reply(reply));
        world.submit("fails").await;
        let message = world.logged("failed");
        let trace = world.traced(message["id"].as_str().unwrap(), "failed");
        assert!(trace.contains("5."), "{stage:?} {reply}: {trace}");
        assert_eq!(world.ctl.json("queue summary").unwrap()["depth"], 0);
        assert!(world.simulator.messages().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_recipients_is_refused() {
    let world = World::new().await;
    world.simulator.add_rule(
        Rule::at(Stage::Rcpt)
            .rcpt("nobody@*")
            .reply("recipient-unknown"),
    );
    world.simulator.add_rule(
        Rule::at(Stage::Rcpt)
            .rcpt("busy@*")
            .times(1)
            .reply("temporary"),
    );
    let mail = World::mail("split", 1000);
    let to = [
        "good@customer.example",
        "nobody@customer.example",
        "busy@customer.example",
    ];
    let mut device = relay_tests::harness::Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let reply = device
        .send(crate::world::SENDER, &to, &mail.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    // The third mail tells the scanner about the recipient that is not there.
    let entries = world.simulator.wait_for(3, PATIENCE).await.unwrap();
    let came = |recipient: &str| {
        let of = |entry: &&Entry| entry.recipients == [recipient];
        entries
            .iter()
            .find(of)
            .unwrap_or_else(|| panic!("{entries:#?}"))
    };
    assert_eq!(came("good@customer.example").content_sha256, mail.sha256);
    assert_eq!(came("busy@customer.example").content_sha256, mail.sha256);
    let bounce = came(crate::world::SENDER);
    assert_eq!(bounce.from, "");
    let bounce = String::from_utf8(world.simulator.body(bounce).unwrap()).unwrap();
    assert!(
        bounce.contains("nobody@customer.example") && bounce.contains("5.1.10"),
        "{bounce}"
    );
    world.logged("partial");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_is_too_old_is_given_up() {
    let world = World::builder()
        .config(|config| config.lifetime("2s"))
        .build()
        .await;
    world.simulator.down().await;
    world.submit("old").await;
    let message = world.logged("failed");
    world.traced(message["id"].as_str().unwrap(), "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_mail_can_be_retried_and_deleted_by_a_person() {
    let world = World::builder()
        .config(|config| config.retry_after("1h"))
        .build()
        .await;
    world.simulator.down().await;
    let mail = world.submit("tried").await;
    let id = world.logged("queued")["id"].as_str().unwrap().to_owned();
    world.traced(&id, "deferred");
    world.simulator.up().await.unwrap();
    world.ctl.ok(&format!("queue retry {id}")).unwrap();
    world.arrived(&[mail]).await;

    world.simulator.down().await;
    world.submit("deleted").await;
    let id = world.logged("queued")["id"].as_str().unwrap().to_owned();
    world
        .ctl
        .ok(&format!("queue delete {id} --confirm 1"))
        .unwrap();
    world.logged("cancelled");
    assert_eq!(world.ctl.json("queue summary").unwrap()["depth"], 0);
}

/// The limits of Exchange Online are kept: three connections, and no mail is lost to a 432.
#[tokio::test(flavor = "multi_thread")]
async fn the_connections_of_a_route_are_capped() {
    let limits = Limits {
        connections: Some(3),
        ..Limits::unlimited()
    };
    let world = World::builder()
        .sim(move |settings| settings.limits = limits)
        .build()
        .await;
    world
        .simulator
        .add_rule(Rule::at(Stage::EndOfData).delay(Duration::from_millis(20)));
    let mut mails = Vec::new();
    for number in 0..30 {
        mails.push(world.submit(&format!("capped-{number}")).await);
    }
    world.arrived(&mails).await;
    assert!(world.simulator.peak_connections() <= 3);
    let queue_is_empty = || {
        let summary = world.ctl.json("queue summary")?;
        Ok((summary["depth"] == 0).then_some(()))
    };
    eventually("an empty queue", queue_is_empty).unwrap();
}
