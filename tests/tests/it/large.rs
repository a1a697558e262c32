//! A mail of 30 MB goes through in bounded memory.

use relay_tests::harness::Device;

use crate::world::{RECIPIENT, SENDER, World};

const MIB: u64 = 1024 * 1024;
/// What relayd may have resident at its peak, debug build, with 30 MB mails on their way.
const CEILING: u64 = 100 * MIB;

#[tokio::test(flavor = "multi_thread")]
async fn thirty_megabytes_in_bounded_memory() {
    let world = World::new().await;
    let before = world.relayd.tree().unwrap().peak_resident().unwrap();
    let mails = [
        World::mail("large-1", 30_000_000),
        World::mail("large-2", 30_000_000),
    ];
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    for mail in &mails {
        let reply = device
            .send(SENDER, &[RECIPIENT], &mail.bytes)
            .await
            .unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
    }
    world.arrived(&mails).await;
    let peak = world.relayd.tree().unwrap().peak_resident().unwrap();
    println!(
        "peak resident: {} MiB, {} MiB before",
        peak / MIB,
        before / MIB
    );
    assert!(
        peak < CEILING,
        "{} MiB resident, {} MiB before",
        peak / MIB,
        before / MIB
    );
    assert!(
        peak < before + 30 * MIB,
        "the mail is held in memory: {} MiB more",
        (peak - before) / MIB
    );
}
