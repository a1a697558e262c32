//! What the verdicts lead to: who waits, who goes on, and what the history says.

use std::{
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use super::{
    FAST,
    world::{World, counter, delivered, setback},
};
use crate::{
    model::{MessageId, Pace, Reason, Recipient, RecipientState, RouteId, UnknownOutcome},
    queue::{LaneState, Queue, Settings},
    upstream::{Outcome, Verdict},
};

fn recipients(count: usize) -> Vec<Recipient> {
    let one = |place: usize| Recipient {
        address: format!("r{place}@b.example").parse().unwrap(),
        notify: None,
        original: String::new(),
    };
    (0..count).map(one).collect()
}

/// A message of this sender to so many recipients, stored and offered.
fn submit(world: &World, queue: &Queue, route: RouteId, sender: &str, count: usize) -> MessageId {
    let mut message = world.message(route, sender);
    message.envelope.recipients = recipients(count);
    message.positions = (0..).take(count).collect();
    let mut books = world.books();
    let entry = books.entries.get_mut(&message.id).unwrap();
    entry.states = vec![RecipientState::Queued; count];
    entry.message = message.clone();
    drop(books);
    let id = message.id;
    queue.offer(message);
    id
}

fn details(world: &World, id: MessageId) -> String {
    world.books().entries[&id].details.join("\n")
}

#[tokio::test(start_paused = true)]
async fn mail_of_a_held_sender_waits_and_that_of_others_goes_on() {
    let world = World::new();
    world.answer(|mail| {
        if mail.reverse_path.as_str().ends_with("@wrong.example") {
            Outcome::Setback(setback(
                Verdict::HoldSender,
                Reason::SenderDomainNotAccepted,
                "550 5.7.64 TenantAttribution; Relay Access Denied ATTR36",
            ))
        } else {
            delivered()
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    let first = submit(&world, &queue, route, "a@wrong.example", 1);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let others = ["b@wrong.example", "c@Wrong.example"]
        .map(|sender| submit(&world, &queue, route, sender, 1));
    for _ in 0..20 {
        submit(&world, &queue, route, "scanner@acme.example", 1);
    }
    world.until_delivered(20).await;
    tokio::time::sleep(Duration::from_hours(24)).await;
    let tried = world.server().sent.len();
    assert_eq!(tried, 21, "one of the wrong domain, and the others");
    let attempts = |id| world.books().entries[&id].message.attempts;
    for id in [first, others[0], others[1]] {
        assert_eq!(attempts(id), 0);
        let told = details(&world, id);
        assert!(told.contains("verdict hold-sender"), "{told}");
        assert!(told.contains("ATTR36") || id == first, "{told}");
        assert!(told.contains("given up at 2026-11-23T12:00"), "{told}");
    }
    assert_eq!(queue.lanes()[0].senders.len(), 1);
    assert_eq!(
        world.books().sender_holds[&route][0].sender,
        "@wrong.example"
    );

    // Released, they leave; what nobody releases comes back.
    world.answer(|_| delivered());
    queue.release(route).await.unwrap();
    world.until_delivered(23).await;
    assert!(queue.lanes()[0].senders.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_is_released_while_its_hold_is_written_goes_on() {
    let mut world = World::new();
    world.commit = Duration::from_secs(10);
    let (_, mut count) = counter();
    world.answer(move |_| match count() {
        0 => Outcome::Setback(setback(
            Verdict::HoldSender,
            Reason::SendAsDenied,
            "554 5.2.252 SendAsDenied",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    submit(&world, &queue, route, "a@acme.example", 1);
    world
        .until("held", |_| !queue.lanes()[0].senders.is_empty())
        .await;
    assert!(world.books().sender_holds.is_empty(), "still being written");
    queue.release(route).await.unwrap();
    world.until_delivered(1).await;
    assert!(world.books().sender_holds[&route].is_empty());
    assert!(queue.lanes()[0].senders.is_empty());
}

#[tokio::test(start_paused = true)]
async fn mail_of_a_sender_that_nobody_releases_comes_back() {
    let world = World::new();
    world.answer(|_| {
        Outcome::Setback(setback(
            Verdict::HoldSender,
            Reason::SenderDomainNotAccepted,
            "550 5.7.750 Service unavailable",
        ))
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    for _ in 0..3 {
        submit(&world, &queue, route, "a@wrong.example", 1);
    }
    world
        .until("all failed", |world| {
            world.count(RecipientState::Failed) == 3
        })
        .await;
    assert_eq!(world.clock.elapsed().as_secs() / 3600, 48);
    let books = world.books();
    assert_eq!(books.bounces.len(), 3);
    for entry in books.entries.values() {
        let last = &entry.events[entry.events.len() - 2..];
        assert_eq!(last, ["failed sender-domain-not-accepted", "bounced"]);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_in_a_row_stop_the_sender_before_the_mailbox_is_barred() {
    let world = World::new();
    world.answer(|mail| {
        if mail.reverse_path.as_str() == "printer@acme.example" {
            Outcome::Setback(setback(
                Verdict::FailMessage,
                Reason::SendAsDenied,
                "554 5.2.252 SendAsDenied; relay not allowed to send as printer",
            ))
        } else {
            delivered()
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        connections: 1,
        ..FAST
    });
    for _ in 0..30 {
        submit(&world, &queue, route, "printer@acme.example", 1);
    }
    for _ in 0..10 {
        submit(&world, &queue, route, "scanner@acme.example", 1);
    }
    world.until_delivered(10).await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.count(RecipientState::Failed), 5);
    assert_eq!(world.server().sent.len(), 15);
    let books = world.books();
    let hold = &books.sender_holds[&route][0];
    assert_eq!(hold.sender, "printer@acme.example");
    assert_eq!(hold.reason, Reason::SenderBreaker);
    assert!(hold.detail.contains("5 mails in a row"), "{}", hold.detail);
    assert!(hold.detail.contains("554 5.2.252"), "{}", hold.detail);
    let waiting = books
        .entries
        .values()
        .filter(|entry| entry.events == ["deferred sender-breaker"]);
    assert_eq!(waiting.count(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_recipient_that_takes_no_more_waits_alone() {
    let world = World::new();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let (_, mut next) = counter();
    world.answer(move |mail| {
        let of = |recipient: &Recipient| recipient.address.to_string();
        let addressed: Vec<_> = mail.recipients.iter().map(of).collect();
        log.lock().unwrap().push(addressed.join(" "));
        if next() == 0 {
            Outcome::Setback(setback(
                Verdict::HoldRecipient(Duration::from_hours(1)),
                Reason::RouteThrottled,
                "550 5.2.121 Recipient's per hour message receive limit exceeded",
            ))
        } else {
            delivered()
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    let first = submit(&world, &queue, route, "scanner@acme.example", 1);
    tokio::time::sleep(Duration::from_mins(1)).await;
    let second = submit(&world, &queue, route, "scanner@acme.example", 2);
    let third = submit(&world, &queue, route, "scanner@acme.example", 1);
    tokio::time::sleep(Duration::from_mins(30)).await;
    // The second recipient got its mail; nobody asked for the first again.
    let r0 = "r0@b.example";
    assert_eq!(*asked.lock().unwrap(), [r0, "r1@b.example"]);
    let waiting = [RecipientState::Queued, RecipientState::Delivered];
    assert_eq!(world.books().entries[&second].states, waiting);
    assert_eq!(world.books().entries[&third].message.attempts, 0);
    let told = details(&world, third);
    assert!(told.contains("verdict hold-recipient"), "{told}");
    world.until_delivered(3).await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(*asked.lock().unwrap(), [r0, "r1@b.example", r0, r0, r0]);
    let books = world.books();
    assert_eq!(
        books.entries[&first].message.attempts, 1,
        "waiting was no attempt"
    );
    assert_eq!(books.entries[&third].message.attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn mail_for_others_does_not_prolong_the_wait_of_a_recipient() {
    let world = World::new();
    let (_, mut next) = counter();
    world.answer(move |_| match next() {
        0 => Outcome::Setback(setback(
            Verdict::HoldRecipient(Duration::from_hours(1)),
            Reason::RouteThrottled,
            "550 5.2.121 Recipient's per hour message receive limit exceeded",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    let first = submit(&world, &queue, route, "scanner@acme.example", 1);
    // A server that takes its time while more comes for the same recipient and others.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_mins(3)).await;
        world.server().latency = Duration::from_mins(2);
        submit(&world, &queue, route, "scanner@acme.example", 2);
    }
    tokio::time::sleep(Duration::from_mins(10)).await;
    let states = world.books().entries[&first].states.clone();
    assert_eq!(states, [RecipientState::Delivered]);
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_a_mail_go_by_the_pace_and_end_with_the_lane() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        connections: 1,
        per_minute: Some(10),
        recipients_per_day: None,
    });
    let of_route = |world: &World| {
        let mut books = world.books();
        books.routes.get_mut(&route).unwrap().handling.recipients = 1;
    };
    of_route(&world);
    let started = tokio::time::Instant::now();
    let id = submit(&world, &queue, route, "scanner@acme.example", 12);
    tokio::time::sleep(Duration::from_secs(50)).await;
    let parts = world.server().sent.len();
    assert!((2..=10).contains(&parts), "{parts} in a minute");
    // What was handed over is written down, the rest is for later.
    queue.drain(Duration::from_secs(30)).await;
    assert!(started.elapsed() < Duration::from_mins(2));
    let states = world.books().entries[&id].states.clone();
    let of = |state| states.iter().filter(|it| **it == state).count();
    let sent = world.server().sent.len();
    assert_eq!(
        (of(RecipientState::Delivered), of(RecipientState::Queued)),
        (sent, 12 - sent)
    );
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_cannot_wait_is_tried_by_the_schedule() {
    let world = World::new();
    world.answer(|_| {
        Outcome::Setback(setback(
            Verdict::HoldSender,
            Reason::SenderDomainNotAccepted,
            "550 5.7.64 TenantAttribution; Relay Access Denied ATTR36",
        ))
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    // A notice has no sender to hold.
    let id = submit(&world, &queue, route, "", 1);
    tokio::time::sleep(Duration::from_hours(1)).await;
    let attempts = world.books().entries[&id].message.attempts;
    assert!(attempts >= 2, "{attempts}");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_sent_again_or_left_to_a_person() {
    for policy in [UnknownOutcome::Retry, UnknownOutcome::Hold] {
        let world = World::new();
        let (_, mut count) = counter();
        world.answer(move |_| match count() {
            0 => Outcome::Setback(setback(Verdict::Unknown, Reason::OutcomeUnknown, "")),
            _ => delivered(),
        });
        let queue = world.queue(Settings::default());
        let route = world.route(FAST);
        world
            .books()
            .routes
            .get_mut(&route)
            .unwrap()
            .handling
            .unknown_outcome = policy;
        let id = submit(&world, &queue, route, "scanner@acme.example", 1);
        tokio::time::sleep(Duration::from_hours(60)).await;
        let books = world.books();
        let entry = &books.entries[&id];
        let told = entry.details.join("\n");
        if policy == UnknownOutcome::Retry {
            assert_eq!(entry.events, ["deferred outcome-unknown", "delivered"]);
            assert!(told.contains("outcome unknown, sent again at "), "{told}");
        } else {
            assert_eq!(entry.events, ["held outcome-unknown"]);
            assert!(told.contains("waits for a person"), "{told}");
            assert!(entry.is_held);
        }
        assert_eq!(
            entry.states,
            [match policy {
                UnknownOutcome::Retry => RecipientState::Delivered,
                UnknownOutcome::Hold => RecipientState::Queued,
            }]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn more_recipients_than_allowed_are_split_and_their_outcomes_joined() {
    let world = World::new();
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sizes);
    world.answer(move |mail| {
        log.lock().unwrap().push(mail.recipients.len());
        if mail.recipients[0].address.as_str() == "r10@b.example" {
            Outcome::Setback(setback(
                Verdict::FailRecipient,
                Reason::RecipientRefused,
                "550 5.1.1 unknown",
            ))
        } else {
            delivered()
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world
        .books()
        .routes
        .get_mut(&route)
        .unwrap()
        .handling
        .recipients = 10;
    let id = submit(&world, &queue, route, "scanner@acme.example", 25);
    world
        .until("settled", |world| {
            !world.books().entries[&id].events.is_empty()
        })
        .await;
    assert_eq!(*sizes.lock().unwrap(), [10, 10, 5]);
    let books = world.books();
    let entry = &books.entries[&id];
    let count = |state| entry.states.iter().filter(|it| **it == state).count();
    assert_eq!(
        (
            count(RecipientState::Delivered),
            count(RecipientState::Failed)
        ),
        (15, 10)
    );
    assert_eq!(entry.message.attempts, 1);
    assert_eq!(world.server().connects, 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_no_mail_now_rests_the_lane() {
    let world = World::new();
    let (count, mut next) = counter();
    world.answer(move |_| match next() {
        0..3 => Outcome::Setback(setback(
            Verdict::RetryElsewhere,
            Reason::RouteThrottled,
            "451 4.7.500 Server busy. Please try again later from [192.0.2.1]",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        connections: 1,
        ..FAST
    });
    world.submit(&queue, route, 50);
    world
        .until("met", |_| count.load(Ordering::SeqCst) > 0)
        .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(matches!(queue.lanes()[0].state, LaneState::Waiting { .. }));
    world.until_delivered(50).await;
    assert_eq!(count.load(Ordering::SeqCst), 53);
}

#[tokio::test(start_paused = true)]
async fn replies_that_nobody_knows_are_listed_without_what_differs() {
    let world = World::new();
    world.answer(|mail| {
        Outcome::Setback(setback(
            Verdict::FailMessage,
            Reason::RemoteRefused,
            &format!("554 5.9.9 odd id {} <x@b.example>", mail.id),
        ))
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 4);
    world
        .until("failed", |world| world.count(RecipientState::Failed) == 4)
        .await;
    let books = world.books();
    assert_eq!(books.unknown.len(), 4);
    assert!(
        books
            .unknown
            .iter()
            .all(|it| it.reply == "554 5.9.9 odd id # <address>")
    );
}
