//! Lanes under paused time, over a store and a server in memory.

mod fairness;
mod fallback;
mod notices;
mod verdicts;
mod world;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use world::{World, counter, delivered, in_flight, setback};

use super::{LaneState, Settings, schedule::later};
use crate::{
    clock::Clock,
    model::{AccountState, BouncesTo, Hold, HoldKind, Pace, Reason, RecipientState},
    upstream::{Outcome, Verdict},
};

pub(super) const FAST: Pace = Pace {
    connections: 4,
    per_minute: None,
    recipients_per_day: None,
};

#[tokio::test(start_paused = true)]
async fn a_fresh_message_leaves_at_once_and_is_not_read_back() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world.until_delivered(1).await;
    assert_eq!(world.books().chunks_read, 0);
    assert_eq!(queue.drain(Duration::from_mins(1)).await, 0);
    assert_eq!(world.server().sent.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_overflows_the_window_is_found_again_and_nothing_goes_twice() {
    let world = World::new();
    let queue = world.queue(Settings {
        window: 10,
        body_memory: 4096,
        ..Settings::default()
    });
    let route = world.route(FAST);
    for _ in 0..20 {
        world.submit(&queue, route, 25);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    world.until_delivered(500).await;
    let server = world.server();
    let distinct: HashSet<_> = server.sent.iter().map(|(_, id)| id).collect();
    assert_eq!((server.sent.len(), distinct.len()), (500, 500));
    assert!(server.most_connections <= 4);
}

#[tokio::test(start_paused = true)]
async fn a_restart_finds_everything() {
    let world = World::new();
    let route = world.route(FAST);
    let other = world.route(FAST);
    for _ in 0..50 {
        world.message(route, "scanner@acme.example");
        world.message(other, "scanner@acme.example");
    }
    let _queue = world.queue(Settings::default());
    world.until_delivered(100).await;
    assert_eq!(world.server().sent.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn connections_grow_with_the_load_up_to_their_cap_and_carry_many_mails() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world.until_delivered(1).await;
    assert_eq!(world.server().most_connections, 1);
    world.submit(&queue, route, 400);
    world.until_delivered(401).await;
    assert_eq!(world.server().most_connections, 4);
    assert!(world.server().connects <= 5, "{}", world.server().connects);
    // Idle connections are closed, and the lane is asleep.
    world
        .until("idle", |_| queue.lanes()[0].connections == 0)
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_pace_of_a_minute_holds() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(Pace::EXCHANGE_ONLINE);
    world.submit(&queue, route, 90);
    let begun = tokio::time::Instant::now();
    world.until_delivered(10).await;
    // Between two messages, which are more than two seconds apart.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let LaneState::Waiting { why, .. } = queue.lanes()[0].state.clone() else {
        panic!("not waiting")
    };
    assert_eq!(why, "pace: 30 a minute");
    world.until_delivered(90).await;
    let took = begun.elapsed();
    assert!(
        took > Duration::from_mins(2) && took < Duration::from_secs(200),
        "{took:?}"
    );
    let sent: Vec<_> = world.server().sent.iter().map(|(at, _)| *at).collect();
    for (place, from) in sent.iter().enumerate() {
        // The server sees the same latency for each.
        let minute = *from + Duration::from_secs(59);
        let count = sent[place..].iter().take_while(|at| **at < minute).count();
        assert!(count <= 30, "{count} in a minute");
    }
}

#[tokio::test(start_paused = true)]
async fn the_recipients_of_a_day_hold_and_are_counted_afresh() {
    let world = World::new();
    world.books().handed_over = 5;
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        recipients_per_day: Some(20),
        ..FAST
    });
    world.submit(&queue, route, 40);
    world.until_delivered(15).await;
    tokio::time::sleep(Duration::from_mins(4)).await;
    assert_eq!(world.server().sent.len(), 15);
    assert!(matches!(queue.lanes()[0].state, LaneState::Waiting { .. }));
    world.books().handed_over = 0;
    world.until_delivered(35).await;
}

#[tokio::test(start_paused = true)]
async fn rejected_credentials_hold_the_lane_until_it_is_released_and_cost_nothing() {
    let world = World::new();
    let rejected = setback(
        Verdict::HoldCredentials,
        Reason::RouteCredentialsRejected,
        "535 5.7.3 Authentication unsuccessful",
    );
    world.server().refuses = Some(rejected);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 100);
    world
        .until("held", |world| world.books().holds.contains_key(&route))
        .await;
    tokio::time::sleep(Duration::from_hours(24 * 3)).await;
    world.submit(&queue, route, 10);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert!(world.server().connects <= 4, "{}", world.server().connects);
    let LaneState::Held(hold) = queue.lanes()[0].state.clone() else {
        panic!("{:?}", queue.lanes());
    };
    assert_eq!((hold.kind, hold.until), (HoldKind::Credentials, None));
    assert!(hold.detail.contains("535 5.7.3"), "{}", hold.detail);
    assert_eq!(world.count(RecipientState::Queued), 110);

    world.server().refuses = None;
    queue.release(route).await.unwrap();
    world.until_delivered(110).await;
    let books = world.books();
    assert!(books.holds.is_empty());
    // The delivery itself is the one attempt, even of those older than the queue's lifetime.
    assert!(
        books
            .entries
            .values()
            .all(|entry| entry.message.attempts == 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_spent_quota_holds_the_lane_for_its_time() {
    let world = World::new();
    let (_, mut count) = counter();
    world.answer(move |_| {
        if count() < 10 {
            delivered()
        } else {
            Outcome::Setback(setback(
                Verdict::HoldQuota(Duration::from_hours(1)),
                Reason::RouteQuota,
                "554 5.2.0 SubmissionQuotaExceededException",
            ))
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 50);
    world
        .until("held", |world| world.books().holds.contains_key(&route))
        .await;
    tokio::time::sleep(Duration::from_mins(50)).await;
    assert!(
        world.server().sent.len() <= 14,
        "{}",
        world.server().sent.len()
    );
    world.answer(|_| delivered());
    world.until_delivered(50).await;
    assert!(world.books().holds.is_empty());
    assert!(
        world
            .books()
            .entries
            .values()
            .all(|entry| entry.message.attempts == 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_held_lane_that_is_restarted_stays_held() {
    let world = World::new();
    let route = world.route(FAST);
    let hold = Hold {
        kind: HoldKind::Manual,
        reason: Reason::HeldByOperator,
        detail: "maintenance".to_owned(),
        since: world.clock.now(),
        until: None,
    };
    let queue = world.queue(Settings::default());
    queue.hold(route, hold).await.unwrap();
    world.submit(&queue, route, 3);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(queue.drain(Duration::from_mins(1)).await, 0);
    let queue = world.queue(Settings::default());
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.server().connects, 0);
    queue.release(route).await.unwrap();
    world.until_delivered(3).await;
}

#[tokio::test(start_paused = true)]
async fn a_temporary_refusal_is_tried_again_by_the_schedule() {
    let world = World::new();
    let (_, mut count) = counter();
    world.answer(move |_| match count() {
        0 | 1 => Outcome::Setback(setback(
            Verdict::Retry,
            Reason::RemoteTemporary,
            "451 4.7.0 Temporary server error. PRX4",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world.until_delivered(1).await;
    let sent: Vec<_> = world.server().sent.iter().map(|(at, _)| *at).collect();
    let waits: Vec<_> = sent
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).as_secs())
        .collect();
    assert_eq!(waits, [60, 120]);
    let books = world.books();
    let entry = books.entries.values().next().unwrap();
    assert_eq!(entry.message.attempts, 3);
    assert_eq!(
        entry.events,
        [
            "deferred remote-temporary",
            "deferred remote-temporary",
            "delivered"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_out_of_reach_costs_few_attempts_however_long_the_queue() {
    let world = World::new();
    let refused = setback(Verdict::Retry, Reason::RouteUnreachable, "");
    world.server().refuses = Some(refused);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1000);
    tokio::time::sleep(Duration::from_mins(30)).await;
    let connects = world.server().connects;
    assert!((5..30).contains(&connects), "{connects}");
    assert!(matches!(queue.lanes()[0].state, LaneState::Waiting { .. }));
    world.server().refuses = None;
    world.until_delivered(1000).await;
    assert_eq!(world.server().sent.len(), 1000);
}

#[tokio::test(start_paused = true)]
async fn mail_that_outlives_its_time_is_returned_even_behind_a_dead_server() {
    let world = World::new();
    world.server().refuses = Some(setback(Verdict::Retry, Reason::RouteUnreachable, ""));
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 200);
    world
        .until("all failed", |world| {
            world.count(RecipientState::Failed) == 200
        })
        .await;
    let books = world.books();
    let last = |entry: &world::Entry| entry.events[entry.events.len() - 2..].to_vec();
    assert!(
        books
            .entries
            .values()
            .all(|entry| last(entry) == ["failed expired", "bounced"])
    );
    assert_eq!(books.bounces.len(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_request_to_slow_down_is_heeded_and_costs_no_attempt() {
    let world = World::new();
    let (count, mut next) = counter();
    world.answer(move |_| match next() {
        4..8 => Outcome::Setback(setback(
            Verdict::SlowDown,
            Reason::RouteThrottled,
            "432 4.3.2 Concurrent connections limit exceeded",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 40);
    world
        .until("slowed", |_| count.load(Ordering::SeqCst) > 8)
        .await;
    assert!(queue.lanes()[0].connections <= 2, "{:?}", queue.lanes());
    world.until_delivered(40).await;
    assert!(
        world
            .books()
            .entries
            .values()
            .all(|entry| entry.message.attempts == 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_asked_for_is_kept_and_costs_no_attempt() {
    let world = World::new();
    let begun = tokio::time::Instant::now();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let (_, mut next) = counter();
    world.answer(move |_| {
        log.lock().unwrap().push(begun.elapsed());
        match next() {
            0 => Outcome::Setback(setback(
                Verdict::Wait(Duration::from_secs(90)),
                Reason::RouteThrottled,
                "429 ApplicationThrottled",
            )),
            _ => delivered(),
        }
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world.until_delivered(1).await;
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[1] >= asked[0] + Duration::from_secs(89), "{asked:?}");
    let books = world.books();
    assert!(books.entries.values().all(|it| it.message.attempts == 1));
}

#[tokio::test(start_paused = true)]
async fn a_final_failure_is_told_to_the_sender_and_a_bounce_to_nobody() {
    let world = World::new();
    world.answer(|_| {
        Outcome::Setback(setback(
            Verdict::FailRecipient,
            Reason::RecipientRefused,
            "550 5.1.10 Recipient not found",
        ))
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    queue.offer(world.message(route, "scanner@acme.example"));
    queue.offer(world.message(route, ""));
    world
        .until("both failed", |world| {
            world.count(RecipientState::Failed) == 2
        })
        .await;
    let books = world.books();
    let [bounce] = books.bounces.as_slice() else {
        panic!("{:?}", books.bounces);
    };
    assert_eq!(bounce.envelope.reverse_path.as_str(), "");
    assert_eq!(
        bounce.envelope.recipients[0].address.as_str(),
        "scanner@acme.example"
    );
    let text = String::from_utf8(bounce.tail.to_vec()).unwrap();
    for part in [
        "Content-Type: multipart/report; report-type=delivery-status;",
        "Content-Type: message/delivery-status",
        "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.10\r\n",
        "Diagnostic-Code: smtp; 550 5.1.10 Recipient not found",
        "Content-Type: text/rfc822-headers",
        "Subject: x\r\n",
        "Auto-Submitted: auto-replied",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains("hello"), "the body is not returned");
}

#[tokio::test(start_paused = true)]
async fn a_stuck_lane_does_not_delay_another() {
    let world = World::new();
    let stuck = world.route(FAST);
    let other = world.route(FAST);
    world.books().routes.remove(&stuck);
    let queue = world.queue(Settings {
        window: 10,
        ..Settings::default()
    });
    world.submit(&queue, stuck, 100);
    world.submit(&queue, other, 100);
    let begun = tokio::time::Instant::now();
    world.until_delivered(100).await;
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_what_is_in_flight_and_leaves_the_rest_in_the_store() {
    let world = World::new();
    world.server().latency = Duration::from_secs(2);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 100);
    world
        .until("four in flight", |_| queue.lanes()[0].in_flight == 4)
        .await;
    let before = world.server().sent.len();
    assert_eq!(queue.drain(Duration::from_mins(1)).await, 0);
    let sent = world.server().sent.len();
    assert_eq!(world.count(RecipientState::Delivered), sent);
    assert!(
        (before + 1..=before + 4).contains(&sent),
        "{before}, then {sent}"
    );
    world.submit(&queue, route, 1);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.server().sent.len(), sent);
}

#[tokio::test(start_paused = true)]
async fn a_drain_does_not_wait_longer_than_its_deadline() {
    let world = World::new();
    world.server().latency = Duration::from_hours(5);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world
        .until("in flight", |_| {
            queue
                .lanes()
                .first()
                .is_some_and(|lane| lane.in_flight == 1)
        })
        .await;
    let begun = tokio::time::Instant::now();
    assert!(queue.drain(Duration::from_secs(10)).await > 0);
    assert_eq!(begun.elapsed().as_secs(), 10);
    assert_eq!(world.count(RecipientState::Queued), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_message_is_not_sent_after_the_lane_was_told() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        per_minute: Some(1),
        ..FAST
    });
    world.submit(&queue, route, 5);
    world.until_delivered(1).await;
    for entry in world.books().entries.values_mut() {
        if entry.states[0] == RecipientState::Queued {
            entry.states[0] = RecipientState::Cancelled;
        }
    }
    queue.wake(route);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.server().sent.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_next_message_does_not_wait_for_the_commit_of_the_last() {
    let mut world = World::new();
    world.commit = Duration::from_secs(10);
    world.server().latency = Duration::from_millis(1);
    let queue = world.queue(Settings {
        settlements: 50,
        ..Settings::default()
    });
    let route = world.route(Pace {
        connections: 1,
        ..FAST
    });
    world.submit(&queue, route, 100);
    let begun = tokio::time::Instant::now();
    world.until_delivered(100).await;
    // Two rounds of fifty settlements at a time, not a hundred after each other.
    assert!(
        begun.elapsed() < Duration::from_secs(25),
        "{:?}",
        begun.elapsed()
    );
}

/// The lane's hold is of the time before; every kind of trouble is forgotten alike.
#[tokio::test(start_paused = true)]
async fn an_answer_to_old_credentials_does_not_stop_a_lane_that_was_changed_since() {
    for verdict in [
        Verdict::HoldCredentials,
        Verdict::HoldQuota(Duration::from_hours(1)),
        Verdict::SlowDown,
    ] {
        let world = World::new();
        world.server().latency = Duration::from_mins(1);
        let (_, mut count) = counter();
        world.answer(move |_| match count() {
            0 => Outcome::Setback(setback(verdict, Reason::RouteThrottled, "550 5.7.1 old")),
            _ => delivered(),
        });
        let queue = world.queue(Settings::default());
        let route = world.route(FAST);
        world.submit(&queue, route, 1);
        world.until("in flight", in_flight(&queue, 1)).await;
        queue.release(route).await.unwrap();
        world.server().latency = Duration::from_millis(1);
        world
            .until("answered", |world| !world.server().sent.is_empty())
            .await;
        world.submit(&queue, route, 1);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(world.books().holds.is_empty(), "{verdict:?}");
        assert_eq!(queue.lanes()[0].state, LaneState::Running, "{verdict:?}");
        assert_eq!(world.count(RecipientState::Delivered), 2, "{verdict:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hold_that_is_being_written_when_the_lane_is_released_does_not_last() {
    let mut world = World::new();
    world.commit = Duration::from_secs(10);
    let (_, mut count) = counter();
    world.answer(move |_| match count() {
        0 => Outcome::Setback(setback(
            Verdict::HoldCredentials,
            Reason::RouteCredentialsRejected,
            "535 5.7.3 old",
        )),
        _ => delivered(),
    });
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 1);
    world
        .until("held", |_| {
            matches!(queue.lanes()[0].state, LaneState::Held(_))
        })
        .await;
    assert!(world.books().holds.is_empty(), "still being written");
    queue.release(route).await.unwrap();
    world.until_delivered(1).await;
    assert!(world.books().holds.is_empty());
    assert_eq!(queue.lanes()[0].state, LaneState::Running);
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_cannot_read_its_mail_says_so() {
    let world = World::new();
    let route = world.route(FAST);
    world.message(route, "scanner@acme.example");
    world.books().failure = Some("the store does not answer");
    let queue = world.queue(Settings::default());
    tokio::time::sleep(Duration::from_mins(1)).await;
    let LaneState::Waiting { why, .. } = queue.lanes()[0].state.clone() else {
        panic!("{:?}", queue.lanes());
    };
    assert_eq!(why, "the store does not answer");
    world.books().failure = None;
    world.until_delivered(1).await;
    assert_eq!(queue.lanes()[0].state, LaneState::Running);
}

#[tokio::test(start_paused = true)]
async fn mail_of_an_account_that_is_suspended_waits_until_it_is_resumed() {
    let world = World::new();
    let queue = world.queue(Settings::default());
    let route = world.route(Pace {
        per_minute: Some(1),
        ..FAST
    });
    world.submit(&queue, route, 3);
    world.until_delivered(1).await;
    world.books().account_state = Some(AccountState::Suspended);
    queue.wake(route);
    world.submit(&queue, route, 1);
    tokio::time::sleep(Duration::from_hours(1)).await;
    let LaneState::Held(hold) = queue.lanes()[0].state.clone() else {
        panic!("{:?}", queue.lanes());
    };
    assert_eq!(hold.reason, Reason::AccountNotActive);
    assert_eq!(hold.detail, "the account is suspended");
    assert!(world.books().holds.is_empty(), "not the lane's own");
    // The lane's own hold may end; the account is suspended all the same.
    queue.release(route).await.unwrap();
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.server().sent.len(), 1);

    // What an account that nobody activated yet has in the queue is relayd's own.
    world.books().account_state = Some(AccountState::Registered);
    queue.wake(route);
    world.until_delivered(4).await;
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_hold_does_not_lift_one_that_took_its_place() {
    let world = World::new();
    let now = world.clock.now();
    let quota = |hours: u64| Hold {
        kind: HoldKind::Quota,
        reason: Reason::RouteQuota,
        detail: format!("for {hours} h"),
        since: later(now, Duration::from_mins(hours)),
        until: Some(later(now, Duration::from_hours(hours))),
    };
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    queue.hold(route, quota(1)).await.unwrap();
    world.submit(&queue, route, 1);
    tokio::time::sleep(Duration::from_mins(30)).await;
    // As another node does, which has asked meanwhile.
    world.books().holds.insert(route, quota(3));
    tokio::time::sleep(Duration::from_hours(2)).await;
    assert_eq!(queue.lanes()[0].state, LaneState::Held(quota(3)));
    assert_eq!(world.server().connects, 0);
    world.until_delivered(1).await;
    assert!(world.books().holds.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_panic_cuts_off_is_sent_all_the_same() {
    let world = World::new();
    world.server().panics = (3, 1);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    world.submit(&queue, route, 20);
    world.until_delivered(20).await;
    world
        .until("idle", |_| {
            let lane = &queue.lanes()[0];
            lane.in_flight == 0 && lane.connections == 0
        })
        .await;
    assert_eq!(world.server().sent.len(), 20);
    assert_eq!(world.server().panics, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn depth_and_age_are_those_of_the_store_even_while_the_lane_is_held() {
    let world = World::new();
    let first = world.clock.now();
    let queue = world.queue(Settings {
        window: 10,
        ..Settings::default()
    });
    let route = world.route(FAST);
    let hold = Hold {
        kind: HoldKind::Manual,
        reason: Reason::HeldByOperator,
        detail: String::new(),
        since: first,
        until: None,
    };
    queue.hold(route, hold).await.unwrap();
    let accepted_at = world.clock.now();
    world.submit(&queue, route, 100);
    tokio::time::sleep(Duration::from_secs(31)).await;
    let lane = &queue.lanes()[0];
    assert_eq!((lane.depth, lane.oldest), (100, Some(accepted_at)));
    queue.release(route).await.unwrap();
    world.until_delivered(100).await;
    tokio::time::sleep(Duration::from_secs(31)).await;
    let lane = &queue.lanes()[0];
    assert_eq!((lane.depth, lane.oldest), (0, None));
}

#[tokio::test(start_paused = true)]
async fn the_contact_of_an_account_is_told_in_place_of_its_devices() {
    for (to, sender, addressees) in [
        (None, "scanner@acme.example", &["scanner@acme.example"][..]),
        (
            Some(BouncesTo::Sender),
            "scanner@acme.example",
            &["scanner@acme.example"],
        ),
        // The delay, and then the failure.
        (
            Some(BouncesTo::Contact),
            "scanner@acme.example",
            &["office@acme.example", "office@acme.example"],
        ),
        (Some(BouncesTo::Contact), "", &[]),
        (Some(BouncesTo::None), "scanner@acme.example", &[]),
    ] {
        let world = World::new();
        world.books().bounces_to = to;
        world.answer(|_| {
            Outcome::Setback(setback(
                Verdict::Retry,
                Reason::RemoteTemporary,
                "451 4.3.0 try later",
            ))
        });
        let queue = world.queue(Settings::default());
        let route = world.route(FAST);
        queue.offer(world.message(route, sender));
        world
            .until("failed", |world| world.count(RecipientState::Failed) == 1)
            .await;
        let books = world.books();
        let told: Vec<_> = books
            .bounces
            .iter()
            .map(|mail| mail.envelope.recipients[0].address.to_string())
            .collect();
        assert_eq!(told, addressees, "{to:?}");
        for mail in &books.bounces {
            assert_eq!(mail.envelope.reverse_path.as_str(), "");
            let text = String::from_utf8(mail.tail.to_vec()).unwrap();
            for part in ["It was sent as <scanner@acme.example> on ", "What helps: "] {
                assert!(text.contains(part), "{part} is missing in\n{text}");
            }
        }
    }
}
