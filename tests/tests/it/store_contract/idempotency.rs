//! Promises about keys of requests that may be repeated.

use relayd::store::{KeptReply, RequestKey, Reservation};

use super::world::{World, later, noon};

const ONE: [u8; 32] = [1; 32];
const OTHER: [u8; 32] = [2; 32];

fn key(caller: &str, key: &str) -> RequestKey {
    RequestKey {
        caller: caller.to_owned(),
        key: key.to_owned(),
    }
}

pub(super) async fn one_of_many_that_ask_at_once_gets_the_key(world: World) {
    let asking: Vec<_> = (0..12)
        .map(|_| {
            let store = world.store.clone();
            tokio::spawn(async move { store.reserve_key(&key("a", "k"), &ONE, noon()).await })
        })
        .collect();
    let (mut fresh, mut running) = (0, 0);
    for asked in asking {
        match asked.await.unwrap().unwrap() {
            Reservation::Fresh => fresh += 1,
            Reservation::Running => running += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((fresh, running), (1, 11));
}

pub(super) async fn a_reply_is_kept_for_a_day_and_a_restart(mut world: World) {
    let (a, reply) = (
        key("a", "k"),
        KeptReply {
            status: 201,
            etag: "\"7\"".to_owned(),
            json: "{}".to_owned(),
        },
    );
    let reserved = world.store.reserve_key(&a, &ONE, noon()).await.unwrap();
    assert_eq!(reserved, Reservation::Fresh);
    world.store.keep_reply(&a, &reply).await.unwrap();
    // Done means done: nobody gives that key back.
    world.store.release_key(&a).await.unwrap();
    world.restart().await;
    let day = 24 * 3600;
    for (caller, fingerprint, at, expected) in [
        ("a", ONE, later(day), Reservation::Done(reply)),
        ("a", OTHER, later(1), Reservation::Different),
        ("b", OTHER, later(1), Reservation::Fresh),
        ("a", OTHER, later(day + 1), Reservation::Fresh),
    ] {
        let found = world
            .store
            .reserve_key(&key(caller, "k"), &fingerprint, at)
            .await
            .unwrap();
        assert_eq!(found, expected, "{caller} {at}");
    }
    assert_eq!(world.store.sweep_keys(later(day + 2)).await.unwrap(), 1);
}

pub(super) async fn a_request_cut_off_by_a_restart_may_be_done_again(mut world: World) {
    let a = key("a", "k");
    world.store.reserve_key(&a, &ONE, noon()).await.unwrap();
    world.restart().await;
    let found = world.store.reserve_key(&a, &ONE, noon()).await.unwrap();
    assert_eq!(found, Reservation::Fresh);
}
