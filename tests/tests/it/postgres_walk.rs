//! The main path once on PostgreSQL: taken, handed over, killed, held, refused.

use relay_tests::{
    harness::Device,
    postgres::Postgres,
    sim::{Rule, Stage},
};
use relayd::store::{SealKey, Store};

use crate::world::{RECIPIENT, SENDER, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_main_path_on_postgresql() {
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database("walk").unwrap();
    let mut world = World::builder()
        .store(&url)
        .plans("messages_per_day = 4")
        .build()
        .await;
    let mut mails = vec![world.submit("first").await];
    world.arrived(&mails).await;
    world.logged("delivered");

    // A mail that waits survives kill -9.
    world
        .simulator
        .add_rule(Rule::at(Stage::Connect).times(1).reply("not-active"));
    world.simulator.down().await;
    mails.push(world.submit("second").await);
    world.relayd.kill().unwrap();
    world.simulator.up().await.unwrap();
    world.relayd.start_again().unwrap();
    world.arrived(&mails).await;

    // A large one in several chunks.
    let large = World::mail("third", 3_000_000);
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], &large.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    mails.push(large);
    world.arrived(&mails).await;

    world.simulator.clear_rules();
    world
        .simulator
        .add_rule(Rule::at(Stage::Rcpt).reply("recipient-unknown"));
    world.submit("fourth").await;
    world.logged("failed");
    let fifth = World::mail("fifth", 1000);
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], &fifth.bytes)
        .await
        .unwrap();
    assert!(reply.line.contains("[quota-exceeded]"), "{}", reply.line);
    world.rejected("quota-exceeded");

    // Nobody else may deliver from this database while relayd runs; afterwards anybody may.
    let folder = tempfile::tempdir().unwrap();
    let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
    let other = Store::open(&url, key).await.unwrap();
    assert!(other.claim().await.unwrap().is_none());
    assert!(world.relayd.stop().unwrap().success());
    assert!(other.claim().await.unwrap().is_some());
}
