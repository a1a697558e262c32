//! Senders that wait, mail that takes another route, shares of a lane, replies that nobody knows.

use std::collections::HashMap;

use relayd::{
    model::{
        EventKind, MessageId, Reason, RecipientState, Route, RouteId, RouteKind, RouteRole,
        SenderHold, SystemId, UserId,
    },
    store::{MAIL_WAITS, NewMessage, Rerouting, Room, StoreError, UnknownReply},
};

use super::world::{IDS, World, later, noon};

impl World {
    async fn accept_from(&self, sender: &str, system: SystemId) -> MessageId {
        let mut message = self.message(1);
        message.envelope.reverse_path = sender.parse().unwrap();
        message.system_id = system;
        message.quotas.clear();
        let id = message.id;
        self.journal.accept(message).await.unwrap();
        id
    }

    async fn route_row(&self) {
        let route = self.a_route();
        if self.store.route(route.id).await.unwrap().is_none() {
            self.store.insert_route(&route, noon()).await.unwrap();
        }
    }
}

fn hold(sender: &str) -> SenderHold {
    SenderHold {
        sender: sender.to_owned(),
        reason: Reason::SenderBreaker,
        detail: "5 in a row".to_owned(),
        since: noon(),
        until: later(3600),
    }
}

pub(super) async fn a_sender_that_waits_is_released_with_its_mail(world: World) {
    world.route_row().await;
    let route = world.route;
    let held = [
        world.accept_from("a@wrong.example", world.system).await,
        world.accept_from("B@Wrong.example", world.system).await,
        world
            .accept_from("under_score@acme.example", world.system)
            .await,
    ];
    let others = [
        world.accept_from("a@sub.wrong.example", world.system).await,
        world
            .accept_from("underXscore@acme.example", world.system)
            .await,
    ];
    for id in held.iter().chain(&others) {
        let mut settlement = world.settlement(*id, &[(0, RecipientState::Queued)]);
        settlement.due_at = later(86_400);
        world.journal.settle(settlement).await.unwrap();
    }
    for sender in ["@wrong.example", "under_score@acme.example"] {
        world.store.hold_sender(route, &hold(sender)).await.unwrap();
    }
    // Written again, it is the same one.
    world
        .store
        .hold_sender(route, &hold("@wrong.example"))
        .await
        .unwrap();
    let found = world.store.sender_holds(route, later(1)).await.unwrap();
    assert_eq!(
        found,
        [hold("@wrong.example"), hold("under_score@acme.example")]
    );
    assert_eq!(
        world.store.sender_holds(route, later(3600)).await.unwrap(),
        []
    );
    assert_eq!(world.due(later(1)).await, []);
    // Only this very one is taken back, with the mail that waits for it.
    let another = SenderHold {
        since: later(1),
        ..hold("under_score@acme.example")
    };
    for (taken_back, stood) in [
        (another, false),
        (hold("under_score@acme.example"), true),
        (hold("under_score@acme.example"), false),
    ] {
        let lifted = world.store.lift_sender_hold(route, &taken_back).await;
        assert_eq!(lifted, Ok(stood));
    }
    assert_eq!(world.due(later(1)).await, []);
    world.store.release_mail(route).await.unwrap();
    assert_eq!(world.due(later(1)).await, [held[2]]);
    let found = world.store.sender_holds(route, later(1)).await.unwrap();
    assert_eq!(found, [hold("@wrong.example")]);

    world.store.clear_hold(route).await.unwrap();
    assert_eq!(world.store.sender_holds(route, later(1)).await.unwrap(), []);
    world.store.release_mail(route).await.unwrap();
    let mut due = world.due(later(1)).await;
    due.sort();
    let mut expected = held.to_vec();
    expected.sort();
    assert_eq!(due, expected);
}

pub(super) async fn each_of_two_routes_has_a_day_of_its_own(world: World) {
    let handed_over = |route| world.store.recipients_handed_over(route, noon());
    let id = world.accept_from("a@acme.example", world.system).await;
    world.settle(id, &[(0, RecipientState::Delivered)]).await;
    let by_counters = handed_over(world.route).await.unwrap();
    let second = Route {
        role: RouteRole::Fallback,
        ..Route::new(
            RouteId::new(&IDS, noon()),
            world.account,
            RouteKind::Capture,
        )
    };
    world.store.insert_route(&second, noon()).await.unwrap();
    assert_eq!(handed_over(world.route).await.unwrap(), by_counters);
    assert_eq!(handed_over(second.id).await.unwrap(), 0);
    assert!(by_counters > 0);
}

pub(super) async fn mail_moves_to_another_route_but_for_what_stays(world: World) {
    let to = RouteId::new(&IDS, noon());
    let second = Route {
        role: RouteRole::Fallback,
        ..Route::new(to, world.account, RouteKind::Capture)
    };
    world.store.insert_route(&second, noon()).await.unwrap();
    let moving = [
        world.accept_from("a@acme.example", world.system).await,
        world.accept_from("b@acme.example", world.system).await,
    ];
    let underway = world.accept_from("a@acme.example", world.system).await;
    world.accept_from("a@wrong.example", world.system).await;
    let done = world.accept_from("a@acme.example", world.system).await;
    world.settle(done, &[(0, RecipientState::Delivered)]).await;
    world
        .settle(moving[0], &[(0, RecipientState::Queued)])
        .await;
    // As many as a lane remembers; each condition of its own would be too deep for SQLite.
    let others = (0..5000).map(|n| format!("n{n}@acme.example"));
    let domains = (0..5000).map(|n| format!("@n{n}.acme.example"));
    let rerouting = Rerouting {
        from: world.route,
        to,
        skip: vec![underway],
        senders: others
            .chain(domains)
            .chain(["@wrong.example".to_owned()])
            .collect(),
        most: 1,
        reason: Reason::RouteQuota,
        why: "the first route is held".to_owned(),
        at: later(5),
    };
    assert_eq!(world.store.reroute(&rerouting).await.unwrap(), 1);
    let all = Rerouting {
        most: 100,
        ..rerouting
    };
    assert_eq!(world.store.reroute(&all).await.unwrap(), 1);
    assert_eq!(world.store.reroute(&all).await.unwrap(), 0);
    let mut moved = world.store.due(to, later(5), 10, noon()).await.unwrap();
    moved.sort_by_key(|message| message.id);
    let ids: Vec<_> = moved.iter().map(|message| message.id).collect();
    assert_eq!(ids, moving);
    assert!(moved.iter().all(|message| message.due_at == later(5)));
    assert_eq!(world.due(later(900)).await.len(), 2);
    // The route goes when nothing waits for it any more.
    let kept = world.store.remove_route(&second).await;
    assert_eq!(kept, Err(StoreError::Conflict(MAIL_WAITS.to_owned())));
    let events = world.store.events_of(moving[1]).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!(
        (last.kind, last.reason),
        (EventKind::Rerouted, Some(Reason::RouteQuota))
    );
    assert_eq!(last.detail, "the first route is held");
}

pub(super) async fn every_relay_user_and_system_gets_its_share(world: World) {
    let [newsletter, alarm, later_on] = [0; 3].map(|_| SystemId::new(&IDS, noon()));
    let mut many: Vec<NewMessage> = Vec::new();
    for _ in 0..300 {
        let mut message = world.message(1);
        message.system_id = newsletter;
        message.quotas.clear();
        many.push(message);
    }
    for message in many {
        world.journal.accept(message).await.unwrap();
    }
    let single = world.accept_from("a@acme.example", alarm).await;
    let put_off = world.accept_from("a@acme.example", later_on).await;
    world.settle(put_off, &[(0, RecipientState::Queued)]).await;
    let room = Room {
        shared: 100,
        known: HashMap::new(),
    };
    let due = world
        .store
        .due_shares(world.route, &room, later(1))
        .await
        .unwrap();
    assert!(due.messages.iter().any(|message| message.id == single));
    assert_eq!(due.messages.len(), 52);
    assert!(due.has_more);
    assert_eq!(due.next_due, Some(later(600)));
    // What is known comes on top.
    let known: HashMap<(UserId, SystemId), usize> =
        HashMap::from([((world.user, newsletter), 250)]);
    let room = Room { shared: 100, known };
    let due = world
        .store
        .due_shares(world.route, &room, later(1))
        .await
        .unwrap();
    assert_eq!(due.messages.len(), 301);
    assert!(!due.has_more || due.messages.len() < 302);
    let all = Room {
        shared: 1000,
        known: HashMap::new(),
    };
    let due = world
        .store
        .due_shares(world.route, &all, later(600))
        .await
        .unwrap();
    assert_eq!(
        (due.messages.len(), due.has_more, due.next_due),
        (302, false, None)
    );
}

pub(super) async fn a_settlement_that_holds_leaves_the_rest_to_a_person(world: World) {
    let id = world.accepted(2).await;
    let outcomes = [(0, RecipientState::Delivered), (1, RecipientState::Queued)];
    let mut settlement = world.settlement(id, &outcomes);
    settlement.events[1].kind = EventKind::Held;
    settlement.events[1].reason = Some(Reason::OutcomeUnknown);
    world.journal.settle(settlement).await.unwrap();
    assert_eq!(world.texts("SELECT state FROM messages").await, ["held"]);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM messages WHERE finished_at IS NULL")
            .await,
        1
    );
    assert!(world.store.body_chunk(id, 0).await.unwrap().is_some());
    assert_eq!(world.due(later(900)).await, []);
    let release = relayd::store::QueueAction::Release;
    world
        .store
        .act_on_messages(&[id], release, "", later(1))
        .await
        .unwrap();
    let due = world
        .store
        .due(world.route, later(1), 10, noon())
        .await
        .unwrap();
    assert_eq!(due[0].positions, [1]);
}

pub(super) async fn unknown_replies_are_counted_in_bounded_room(world: World) {
    let met = |reply: String, seconds| UnknownReply {
        reply,
        verdict: "retry".to_owned(),
        count: 1,
        first_at: later(seconds),
        last_at: later(seconds),
        message_id: MessageId::new(&IDS, noon()),
    };
    for second in 0..3 {
        world
            .journal
            .record_unknown_reply(met("450 odd".to_owned(), second));
    }
    world.accepted(1).await;
    let found = world.store.unknown_replies().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].count, found[0].first_at, found[0].last_at),
        (3, later(0), later(2))
    );
    for number in 0..600 {
        world
            .journal
            .record_unknown_reply(met(format!("550 no {number}"), 10 + number));
        if number % 100 == 0 {
            world.accepted(1).await;
        }
    }
    world.accepted(1).await;
    let found = world.store.unknown_replies().await.unwrap();
    assert_eq!(found.len(), 500);
    assert_eq!(found[0].reply, "550 no 599");
}
