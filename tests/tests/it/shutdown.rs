//! SIGTERM: nothing new is taken, what is in flight is finished, nothing is lost.

use std::time::Duration;

use relay_tests::{
    harness::Device,
    load::send::Encryption,
    sim::{Rule, Stage},
};

use crate::world::{PATIENCE, QUIET, RECIPIENT, SENDER, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_in_flight_is_finished_and_not_repeated() {
    let mut world = World::new().await;
    world
        .simulator
        .add_rule(Rule::at(Stage::TakenIn).delay(Duration::from_secs(2)));
    let mail = world.submit("in-flight").await;
    world.simulator.wait_for(1, PATIENCE).await.unwrap();
    let status = world.relayd.stop().unwrap();
    assert!(status.success(), "{status}");
    world.relayd.start_again().unwrap();
    world.arrived(&[mail]).await;
    assert_eq!(
        world.simulator.wait_until_quiet(QUIET).await.len(),
        1,
        "it was repeated"
    );
    world.logged("delivered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_being_sent_is_taken_or_refused_but_never_lost() {
    let mut world = World::new().await;
    let mail = World::mail("half", 50_000);
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    device.begin_mail(SENDER, "", RECIPIENT).await.unwrap();
    device.say("DATA", 354).await.unwrap();
    let half = mail.bytes.len() / 2;
    device.raw(b"X-First: 1\r\n").await.unwrap();
    world.relayd.terminate().unwrap();
    // relayd may hang up while this is on its way.
    let _sent = device.raw(&mail.bytes[..half]).await;
    let _sent = device.raw(b"\r\n.\r\n").await;
    let accepted = matches!(device.reply().await, Ok(reply) if reply.code == 250);
    assert!(world.relayd.wait_for_end().unwrap().success());
    world.relayd.start_again().unwrap();
    let expected = usize::from(accepted);
    let arrived = world.simulator.wait_until_quiet(QUIET).await.len();
    assert_eq!(arrived, expected, "accepted: {accepted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn queued_mail_waits_for_the_next_start() {
    let mut world = World::new().await;
    world.simulator.down().await;
    let mails = [world.submit("waits-1").await, world.submit("waits-2").await];
    assert!(world.relayd.stop().unwrap().success());
    assert!(
        Device::connect(world.submission(), Encryption::None)
            .await
            .is_err()
    );
    world.simulator.up().await.unwrap();
    world.relayd.start_again().unwrap();
    world.arrived(&mails).await;
}
