//! The account's second route: when mail goes by it, and when it does not.

use std::time::Duration;

use super::{
    FAST,
    world::{World, delivered, setback},
};
use crate::{
    clock::Clock,
    model::{Hold, HoldKind, Reason, RecipientState, RouteId},
    queue::Settings,
    upstream::{Outcome, Verdict},
};

/// Two routes of one account.
fn pair(world: &World) -> (RouteId, RouteId) {
    let (first, second) = (world.route(FAST), world.route(FAST));
    let mut books = world.books();
    let account = books.routes[&first].account_id;
    let fallback = books.routes.get_mut(&second).unwrap();
    fallback.account_id = account;
    fallback.role = crate::model::RouteRole::Fallback;
    books.fallbacks.insert(account, second);
    drop(books);
    (first, second)
}

fn rerouted(world: &World) -> usize {
    let books = world.books();
    let events = books.entries.values().flat_map(|entry| &entry.events);
    events.filter(|event| event.starts_with("rerouted")).count()
}

#[tokio::test(start_paused = true)]
async fn mail_of_a_held_route_goes_by_the_second_and_new_mail_by_the_first_again() {
    let world = World::new();
    let (first, second) = pair(&world);
    let queue = world.queue(Settings::default());
    let hold = Hold {
        kind: HoldKind::Credentials,
        reason: Reason::RouteCredentialsRejected,
        detail: "535 5.7.3 no".to_owned(),
        since: world.clock.now(),
        until: None,
    };
    queue.hold(first, hold).await.unwrap();
    world.submit(&queue, first, 500);
    world.until_delivered(500).await;
    // What comes later goes the same way, at once.
    world.submit(&queue, first, 3);
    world.until_delivered(503).await;
    assert!(world.server().routes.iter().all(|route| *route == second));
    assert_eq!(rerouted(&world), 503);
    let (events, details) = {
        let books = world.books();
        let entry = books.entries.values().next().unwrap();
        (entry.events.clone(), entry.details.clone())
    };
    assert_eq!(events, ["rerouted route-credentials-rejected", "delivered"]);
    assert!(details[0].contains("second.example"), "{details:?}");
    assert!(details[0].contains("535 5.7.3 no"), "{details:?}");

    queue.release(first).await.unwrap();
    world.submit(&queue, first, 10);
    world.until_delivered(513).await;
    let routes = world.server().routes.clone();
    assert!(routes[503..].iter().all(|route| *route == first));
    assert_eq!(rerouted(&world), 503);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_stopped_and_what_has_no_second_route_waits() {
    for (kind, with_second) in [(HoldKind::Manual, true), (HoldKind::Credentials, false)] {
        let world = World::new();
        let (first, second) = pair(&world);
        if !with_second {
            world.books().fallbacks.clear();
        }
        let queue = world.queue(Settings::default());
        let hold = |kind| Hold {
            kind,
            reason: Reason::HeldByOperator,
            detail: String::new(),
            since: world.clock.now(),
            until: None,
        };
        queue.hold(first, hold(kind)).await.unwrap();
        world.submit(&queue, first, 5);
        tokio::time::sleep(Duration::from_hours(1)).await;
        assert_eq!(world.count(RecipientState::Delivered), 0);
        assert_eq!(rerouted(&world), 0);
        // One that is held itself is none.
        world.books().holds.insert(second, hold(HoldKind::Quota));
        tokio::time::sleep(Duration::from_hours(1)).await;
        assert_eq!(rerouted(&world), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_out_of_reach_is_given_two_minutes() {
    let world = World::new();
    let (first, second) = pair(&world);
    world.server().refuses = Some(setback(Verdict::Retry, Reason::RouteUnreachable, ""));
    world.server().refuses_only = Some(first);
    let queue = world.queue(Settings::default());
    world.submit(&queue, first, 300);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(rerouted(&world), 0);
    world.until_delivered(300).await;
    assert!(
        world.clock.elapsed() < Duration::from_mins(4),
        "{:?}",
        world.clock.elapsed()
    );
    assert!(world.server().routes.iter().all(|route| *route == second));
    // It works again: new mail takes it.
    world.server().refuses = None;
    tokio::time::sleep(Duration::from_mins(10)).await;
    world.submit(&queue, first, 10);
    world.until_delivered(310).await;
    assert_eq!(world.server().routes.last(), Some(&first));
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_not_tried_by_the_second() {
    let world = World::new();
    let (first, second) = pair(&world);
    world.answer(|mail| match mail.reverse_path.as_str() {
        "bad@acme.example" => Outcome::Setback(setback(
            Verdict::FailMessage,
            Reason::RemoteRefused,
            "554 5.6.0 no",
        )),
        "x@wrong.example" => Outcome::Setback(setback(
            Verdict::HoldSender,
            Reason::SenderDomainNotAccepted,
            "550 5.7.64 ATTR36",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    queue.offer(world.message(first, "bad@acme.example"));
    queue.offer(world.message(first, "x@wrong.example"));
    tokio::time::sleep(Duration::from_mins(1)).await;
    world.server().refuses = Some(setback(
        Verdict::RetryElsewhere,
        Reason::RouteUnreachable,
        "421 4.3.2 Service not active",
    ));
    world.server().refuses_only = Some(first);
    // The connection that is kept ends first.
    tokio::time::sleep(Duration::from_mins(1)).await;
    queue.offer(world.message(first, "scanner@acme.example"));
    world.until_delivered(1).await;
    tokio::time::sleep(Duration::from_mins(30)).await;
    assert_eq!(rerouted(&world), 1);
    let routes = world.server().routes.clone();
    assert_eq!(routes, [first, first, second]);
}
