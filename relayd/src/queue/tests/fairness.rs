//! One lane, several relay users and systems.

use std::time::Duration;

use super::{
    FAST,
    world::{World, delivered},
};
use crate::{
    clock::Clock,
    model::{IdSource, MessageId, Pace, RouteId, SystemId},
    queue::{Queue, Settings},
};

static IDS: IdSource = IdSource::new();

const SLOW: Pace = Pace {
    connections: 1,
    per_minute: Some(30),
    ..FAST
};

fn submit(world: &World, queue: Option<&Queue>, route: RouteId, system: SystemId) -> MessageId {
    let mut message = world.message(route, "scanner@acme.example");
    message.system_id = system;
    let id = message.id;
    world
        .books()
        .entries
        .get_mut(&id)
        .unwrap()
        .message
        .system_id = system;
    if let Some(queue) = queue {
        queue.offer(message);
    }
    id
}

/// How many were sent before that one.
async fn place(world: &World, id: MessageId) -> usize {
    let find = |world: &World| world.server().sent.iter().position(|(_, sent)| *sent == id);
    world.until("sent", |world| find(world).is_some()).await;
    find(world).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_newsletter_does_not_delay_an_alarm() {
    let world = World::new();
    world.answer(|_| delivered());
    let [newsletter, alarm, scanner] = [0; 3].map(|_| SystemId::new(&IDS, world.clock.now()));
    let queue = world.queue(Settings::default());
    let route = world.route(SLOW);
    for _ in 0..10_000 {
        submit(&world, Some(&queue), route, newsletter);
    }
    tokio::time::sleep(Duration::from_mins(10)).await;
    let before = world.server().sent.len();
    let first = submit(&world, Some(&queue), route, alarm);
    let second = submit(&world, Some(&queue), route, scanner);
    for id in [first, second] {
        let behind = place(&world, id).await;
        assert!(behind <= before + 4, "{behind} after {before}");
    }
}

/// After a restart, or a hold, all of it comes from the store.
#[tokio::test(start_paused = true)]
async fn what_the_store_holds_is_brought_fairly_too() {
    let world = World::new();
    world.answer(|_| delivered());
    let [newsletter, alarm] = [0; 2].map(|_| SystemId::new(&IDS, world.clock.now()));
    let route = world.route(SLOW);
    for _ in 0..5_000 {
        submit(&world, None, route, newsletter);
    }
    let id = submit(&world, None, route, alarm);
    let _queue = world.queue(Settings {
        window: 100,
        ..Settings::default()
    });
    let behind = place(&world, id).await;
    assert!(behind <= 2, "{behind}");
}

/// A second attempt of one is due while the mail of another fills the window.
#[tokio::test(start_paused = true)]
async fn a_retry_is_not_lost_behind_the_mail_of_another() {
    let world = World::new();
    world.answer(|_| delivered());
    let [newsletter, alarm] = [0; 2].map(|_| SystemId::new(&IDS, world.clock.now()));
    let route = world.route(SLOW);
    for _ in 0..5_000 {
        submit(&world, None, route, newsletter);
    }
    let id = submit(&world, None, route, alarm);
    let due = crate::queue::schedule::later(world.clock.now(), Duration::from_mins(5));
    world.books().entries.get_mut(&id).unwrap().message.due_at = due;
    let _queue = world.queue(Settings::default());
    let behind = place(&world, id).await;
    assert!((140..170).contains(&behind), "{behind}");
}

#[tokio::test(start_paused = true)]
async fn high_priority_goes_first() {
    let world = World::new();
    world.answer(|_| delivered());
    let systems = [0; 5].map(|_| SystemId::new(&IDS, world.clock.now()));
    let high = systems[4];
    let route = world.route(SLOW);
    for system in &systems[..4] {
        for _ in 0..50 {
            submit(&world, None, route, *system);
        }
    }
    let first: Vec<_> = (0..20).map(|_| submit(&world, None, route, high)).collect();
    world.books().high.push(high);
    let _queue = world.queue(Settings::default());
    let mut places = Vec::new();
    for id in first {
        places.push(place(&world, id).await);
    }
    assert_eq!(places, (0..20).collect::<Vec<_>>());
}
