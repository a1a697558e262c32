//! Mails of 30 MB go through in bounded memory, however many at a time.

use relay_tests::harness::{Device, Mail, UserAccess};

use crate::world::{RECIPIENT, SENDER, World};

const MIB: u64 = 1024 * 1024;
const SIZE: usize = 30_000_000;
/// What relayd may have resident at its peak (debug build): 40 MiB of that are page caches of
/// SQLite, which the first large mail fills.
const CEILING: u64 = 140 * MIB;
/// What each mail that is taken and handed over at the same time may add.
const EACH: u64 = 8 * MIB;

async fn send(server: std::net::SocketAddr, user: UserAccess, mail: Mail) -> Mail {
    let mut device = Device::signed_in(server, &user).await.unwrap();
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    mail
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_megabytes_in_bounded_memory() {
    let world = World::new().await;
    let peak = || world.relayd.tree().unwrap().peak_resident().unwrap();
    let started = peak();
    let first = World::mail("large-0", SIZE);
    let mut mails = vec![send(world.submission(), world.user.clone(), first).await];
    world.arrived(&mails).await;
    let after_one = peak();

    let at_once = (1..=3).map(|number| {
        let mail = World::mail(&format!("large-{number}"), SIZE);
        tokio::spawn(send(world.submission(), world.user.clone(), mail))
    });
    for sent in at_once.collect::<Vec<_>>() {
        mails.push(sent.await.unwrap());
    }
    world.arrived(&mails).await;
    let after_all = peak();
    println!(
        "peak resident: {} MiB after the start, {} MiB after one mail, {} MiB after three at once",
        started / MIB,
        after_one / MIB,
        after_all / MIB
    );
    assert!(after_all < CEILING, "{} MiB", after_all / MIB);
    let more = after_all - after_one;
    assert!(
        more < 3 * EACH,
        "three mails at once took {} MiB more",
        more / MIB
    );
}
