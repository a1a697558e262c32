//! Promises of the mail path.

use bytes::Bytes;
use futures_util::future::join_all;
use relayd::{
    model::{Limits, MessageId, Reason, RecipientState, ReversePath, RouteId, UserId},
    queue::AcceptError,
    store::{Backlog, BodyChunk, NoticeKind, RefusalRecord},
};

use super::world::{IDS, LIMITS, World, at, later, noon, notice, quotas_of};

pub(super) async fn an_accepted_message_is_due_with_its_envelope_and_body(world: World) {
    let message = world.message(2);
    world.journal.accept(message.clone()).await.unwrap();

    let due = world
        .store
        .due(world.route, noon(), 10, noon())
        .await
        .unwrap();
    let [queued] = due.as_slice() else {
        panic!("{due:?}")
    };
    assert_eq!(queued.id, message.id);
    assert_eq!(queued.envelope, message.envelope);
    assert_eq!(queued.positions, [0, 1]);
    assert_eq!(
        (
            queued.account_id,
            queued.route_id,
            queued.user_id,
            queued.system_id
        ),
        (world.account, world.route, world.user, world.system)
    );
    assert_eq!((queued.size, queued.attempts), (4, 0));
    assert_eq!((queued.accepted_at, queued.due_at), (noon(), noon()));
    assert_eq!(queued.header_id, "<1@acme.example>");
    assert!(queued.body.is_none());
    let chunk = world.store.body_chunk(message.id, 0).await.unwrap();
    assert_eq!(chunk, Some(message.tail.clone()));
    assert_eq!(world.store.body_chunk(message.id, 1).await.unwrap(), None);

    let offered = world.offered.lock().unwrap().clone();
    let [offered] = offered.as_slice() else {
        panic!("{offered:?}")
    };
    assert_eq!(offered.envelope, message.envelope);
    assert_eq!(offered.positions, [0, 1]);
    assert_eq!(offered.body, Some(message.tail));
    let histories = world
        .texts("SELECT kind || ' ' || client FROM events")
        .await;
    assert_eq!(histories, ["accepted 192.0.2.7"]);
}

pub(super) async fn a_delivered_message_leaves_usage_and_history_but_no_body(world: World) {
    use RecipientState::{Delivered, Failed};
    let id = world.accepted(3).await;
    world
        .settle(id, &[(0, Delivered), (1, Delivered), (2, Failed)])
        .await;

    assert_eq!(world.due(later(86_400)).await, []);
    assert_eq!(world.store.body_chunk(id, 0).await.unwrap(), None);
    assert_eq!(world.store.next_due().await.unwrap(), []);
    assert_eq!(world.texts("SELECT state FROM messages").await, ["partial"]);
    let usage = world
        .texts(
            "SELECT accepted || ' ' || recipients || ' ' || bytes || ' ' || delivered || ' ' ||
                    failed || ' ' || deferred || ' ' || hour FROM usage",
        )
        .await;
    assert_eq!(usage, [format!("1 3 4 2 1 0 {}", noon().as_microsecond())]);
    let states = world
        .texts("SELECT state || ' ' || reply FROM recipients ORDER BY position")
        .await;
    assert_eq!(
        states,
        [
            "delivered 250 2.0.0 OK",
            "delivered 250 2.0.0 OK",
            "failed 550 5.1.10 no such user"
        ]
    );
    let handed_over = |since| world.store.recipients_handed_over(world.route, since);
    assert_eq!(handed_over(later(3_599)).await.unwrap(), 2);
    assert_eq!(handed_over(later(3_600)).await.unwrap(), 0);
    let seen = world.number("SELECT last_seen_at FROM systems").await;
    assert_eq!(seen, noon().as_microsecond());
    // The same outcome told twice counts once.
    world.settle(id, &[(0, Delivered)]).await;
    assert_eq!(world.number("SELECT delivered FROM usage").await, 2);
}

pub(super) async fn a_deferred_message_is_due_later_with_the_recipients_that_are_left(
    world: World,
) {
    use RecipientState::{Delivered, Failed, Queued};
    let id = world.accepted(3).await;
    world
        .settle(id, &[(0, Delivered), (1, Failed), (2, Queued)])
        .await;
    assert_eq!(world.due(later(599)).await, []);
    let due = world
        .store
        .due(world.route, later(600), 10, noon())
        .await
        .unwrap();
    let [queued] = due.as_slice() else {
        panic!("{due:?}")
    };
    assert_eq!((queued.attempts, &queued.positions), (1, &vec![2]));
    let left = &queued.envelope.recipients;
    assert_eq!(
        (left.len(), left[0].address.as_str()),
        (1, "r2@example.com")
    );
    assert!(world.store.body_chunk(id, 0).await.unwrap().is_some());
    let replies = world.texts("SELECT last_reply FROM messages").await;
    assert_eq!(replies, ["451 4.3.2 later"]);
    assert_eq!(world.number("SELECT deferred FROM usage").await, 1);

    // Waiting for the lane is no attempt and leaves the recipients alone.
    let mut settlement = world.settlement(id, &[]);
    settlement.is_attempt = false;
    settlement.due_at = later(900);
    world.journal.settle(settlement).await.unwrap();
    let due = world
        .store
        .due(world.route, later(900), 10, noon())
        .await
        .unwrap();
    assert_eq!((due[0].attempts, due[0].due_at), (1, later(900)));
    assert_eq!(
        world.texts("SELECT last_reply FROM messages").await,
        ["451 4.3.2 later"]
    );
}

pub(super) async fn two_settlements_of_one_message_in_a_batch_both_count(world: World) {
    use RecipientState::Delivered;
    let id = world.accepted(2).await;
    let (one, two) = tokio::join!(
        world
            .journal
            .settle(world.settlement(id, &[(0, Delivered)])),
        world
            .journal
            .settle(world.settlement(id, &[(1, Delivered)])),
    );
    one.unwrap();
    two.unwrap();
    assert_eq!(
        world
            .texts("SELECT state || ' ' || attempts FROM messages")
            .await,
        ["delivered 2"]
    );
}

pub(super) async fn a_failure_brings_its_bounce_once_and_uses_up_no_limit(world: World) {
    use RecipientState::{Delivered, Failed};
    let id = world.accepted(2).await;
    let meters = "SELECT messages || ' ' || recipients || ' ' || arrival FROM rates";
    let before = world.texts(meters).await;
    let mut settlement = world.settlement_with_bounce(id, &[(0, Delivered), (1, Failed)]);
    settlement.at = later(7_200);
    let bounce = &mut settlement.notices[0].mail;
    let one_a_minute = Limits {
        messages_per_minute: 1,
        ..LIMITS
    };
    bounce.quotas = quotas_of(world.user, one_a_minute);
    bounce.accepted_at = later(7_200);
    let bounce = bounce.as_ref().clone();
    // The answer of a commit can get lost, and then the settlement comes again.
    for _ in 0..2 {
        world.journal.settle(settlement.clone()).await.unwrap();
    }
    assert_eq!(world.due(later(7_200)).await, [bounce.id]);
    let chunk = world.store.body_chunk(bounce.id, 0).await.unwrap();
    assert_eq!(chunk, Some(bounce.tail.clone()));
    let offered: Vec<_> = world.offered.lock().unwrap().drain(..).collect();
    let ids: Vec<_> = offered.iter().map(|message| message.id).collect();
    assert_eq!(ids, [id, bounce.id]);
    assert_eq!(offered[1].envelope, bounce.envelope);
    let kinds = world.texts("SELECT kind FROM events ORDER BY id").await;
    let once = ["accepted", "delivered", "failed", "bounced", "accepted"];
    assert_eq!(kinds, [&once[..], &["delivered"]].concat());

    assert_eq!(world.texts(meters).await, before);
    assert_eq!(
        world
            .number("SELECT CAST(SUM(accepted - notices) AS BIGINT) FROM usage")
            .await,
        1
    );
    let seen = world.number("SELECT last_seen_at FROM systems").await;
    assert_eq!(seen, noon().as_microsecond());
}

pub(super) async fn a_delay_is_told_once_and_a_relay_when_it_happens(world: World) {
    use RecipientState::{Delivered, Queued};
    let id = world.accepted(2).await;
    let told = |kind, outcomes: &[(u32, RecipientState)]| {
        let mut settlement = world.settlement(id, outcomes);
        let mut mail = world.message(1);
        mail.envelope.reverse_path = ReversePath::Null;
        let mail_id = mail.id;
        settlement.notices.push(notice(id, kind, mail));
        (settlement, mail_id)
    };
    let (delay, first) = told(NoticeKind::Delayed, &[(0, Queued), (1, Queued)]);
    let (again, second) = told(NoticeKind::Delayed, &[(0, Queued), (1, Queued)]);
    let (none, third) = told(NoticeKind::Relayed, &[(0, Queued), (1, Queued)]);
    let (relay, fourth) = told(NoticeKind::Relayed, &[(0, Delivered), (1, Delivered)]);
    for settlement in [&delay, &delay, &again, &none, &relay, &relay] {
        world.journal.settle(settlement.clone()).await.unwrap();
        let due = world.store.due(world.route, later(7_200), 10, noon()).await;
        for message in due.unwrap().iter().filter(|message| message.id == id) {
            assert!(message.delay_told);
        }
    }
    let due = world.due(later(7_200)).await;
    assert!(due.contains(&first) && due.contains(&fourth), "{due:?}");
    assert!(!due.contains(&second) && !due.contains(&third), "{due:?}");
    let notified = "SELECT COUNT(*) FROM events WHERE kind = 'notified'";
    assert_eq!(world.number(notified).await, 2);
}

pub(super) async fn a_long_body_comes_in_pieces_and_goes_when_discarded(mut world: World) {
    let piece = |position: u32| Bytes::from(vec![u8::try_from(position).unwrap(); 200_000]);
    let mut message = world.message(1);
    message.stored_chunks = 3;
    message.size = 600_004;
    let id = message.id;
    let gone = MessageId::new(&IDS, noon());
    for message_id in [id, gone] {
        for position in 0..3 {
            let bytes = piece(position);
            let chunk = BodyChunk {
                message_id,
                position,
                bytes,
            };
            world.journal.store_chunk(chunk).await.unwrap();
        }
    }
    world.journal.accept(message).await.unwrap();
    world.journal.discard(gone);
    // What is accepted stays, whoever says otherwise.
    world.journal.discard(id);
    world.restart().await;

    // A mail whose pieces are gone is not accepted, whatever its sender believes.
    let mut torn = world.message(2);
    torn.stored_chunks = 1;
    assert!(world.journal.accept(torn).await.is_err());

    for position in 0..3 {
        let chunk = world.store.body_chunk(id, position).await.unwrap();
        assert_eq!(chunk, Some(piece(position)));
        let chunk = world.store.body_chunk(gone, position).await.unwrap();
        assert_eq!(chunk, None);
    }
    assert!(world.store.body_chunk(id, 3).await.unwrap().is_some());
}

pub(super) async fn a_flood_is_accepted_once_each(world: World) {
    let messages: Vec<_> = (0..700)
        .map(|number| world.message(1 + number % 3))
        .collect();
    let mut expected: Vec<_> = messages.iter().map(|message| message.id).collect();
    let accepts = messages
        .into_iter()
        .map(|message| world.journal.accept(message));
    for result in join_all(accepts).await {
        result.unwrap();
    }
    let mut due = world.due(noon()).await;
    due.sort_unstable();
    expected.sort_unstable();
    assert_eq!(due, expected);
    assert_eq!(world.offered.lock().unwrap().len(), 700);
    assert_eq!(world.number("SELECT COUNT(*) FROM events").await, 700);
    assert_eq!(world.number("SELECT accepted FROM usage").await, 700);
}

pub(super) async fn an_entry_that_cannot_be_stored_does_not_harm_the_others(world: World) {
    let mut messages: Vec<_> = (0..20).map(|_| world.message(1)).collect();
    messages[7].id = messages[3].id;
    // NUL comes from devices; PostgreSQL would refuse it in a text.
    "Sc\0an".clone_into(&mut messages[9].subject);
    let accepts = messages
        .into_iter()
        .map(|message| world.journal.accept(message));
    for (number, result) in join_all(accepts).await.into_iter().enumerate() {
        let is_refused = matches!(result, Err(AcceptError::Unavailable(_)));
        assert_eq!(is_refused, number == 7, "{number}: {result:?}");
    }
    assert_eq!(world.due(noon()).await.len(), 19);
    assert_eq!(world.number("SELECT accepted FROM usage").await, 19);
    assert_eq!(world.offered.lock().unwrap().len(), 19);
    let odd = world
        .texts("SELECT subject FROM messages WHERE subject <> 'Scan'")
        .await;
    assert_eq!(odd, ["Sc\u{fffd}an"]);
}

/// The reason of a refusal; `None` for an accepted message.
async fn reason_at(world: &World, user: UserId, limits: Limits, time: &str) -> Option<Reason> {
    let mut message = world.message(2);
    message.user_id = user;
    message.quotas = quotas_of(user, limits);
    message.accepted_at = at(time);
    match world.journal.accept(message).await {
        Ok(()) => None,
        Err(AcceptError::Refused(refusal)) => Some(refusal.reason),
        Err(error) => panic!("{error}"),
    }
}

pub(super) async fn the_rate_holds_across_batches_and_restarts(mut world: World) {
    let limits = Limits {
        messages_per_minute: 3,
        ..LIMITS
    };
    let submit = async |world: &World, user, time| reason_at(world, user, limits, time).await;
    let user = world.user;
    // Five at once: one batch judges them in order.
    let at_once = (0..5).map(|_| submit(&world, user, "2026-11-21T12:00:00Z"));
    let reasons = join_all(at_once).await;
    let refused = Some(Reason::RateExceeded);
    assert_eq!(reasons, [None, None, None, refused, refused]);
    world.restart().await;
    assert_eq!(submit(&world, user, "2026-11-21T12:00:19Z").await, refused);
    assert_eq!(submit(&world, user, "2026-11-21T12:00:20Z").await, None);
    assert_eq!(submit(&world, user, "2026-11-21T12:00:21Z").await, refused);
    let other = UserId::new(&IDS, noon());
    assert_eq!(submit(&world, other, "2026-11-21T12:00:21Z").await, None);
    assert_eq!(world.number("SELECT COUNT(*) FROM messages").await, 5);
    assert_eq!(world.number("SELECT COUNT(*) FROM bodies").await, 5);
}

pub(super) async fn the_quota_of_a_day_counts_messages_and_recipients(world: World) {
    let refused = Some(Reason::QuotaExceeded);
    let submit = async |user, limits, time| reason_at(&world, user, limits, time).await;
    let limits = Limits {
        messages_per_day: 2,
        ..LIMITS
    };
    assert_eq!(
        submit(world.user, limits, "2026-11-21T12:00:00Z").await,
        None
    );
    assert_eq!(
        submit(world.user, limits, "2026-11-21T23:59:59Z").await,
        None
    );
    assert_eq!(
        submit(world.user, limits, "2026-11-21T23:59:59Z").await,
        refused
    );
    assert_eq!(
        submit(world.user, limits, "2026-11-22T00:00:00Z").await,
        None
    );

    let other = UserId::new(&IDS, noon());
    let limits = Limits {
        recipients_per_day: 3,
        ..LIMITS
    };
    assert_eq!(submit(other, limits, "2026-11-21T12:00:00Z").await, None);
    assert_eq!(submit(other, limits, "2026-11-21T12:00:00Z").await, refused);

    // Pieces of a refused message go with it.
    let mut message = world.message(2);
    let message_id = message.id;
    message.user_id = other;
    message.quotas = quotas_of(other, limits);
    message.stored_chunks = 1;
    let bytes = Bytes::from_static(b"piece");
    let chunk = BodyChunk {
        message_id,
        position: 0,
        bytes,
    };
    world.journal.store_chunk(chunk).await.unwrap();
    world.journal.accept(message).await.unwrap_err();
    assert_eq!(world.store.body_chunk(message_id, 0).await.unwrap(), None);
}

pub(super) async fn a_restart_resumes_where_it_stood(mut world: World) {
    use RecipientState::Queued;
    let first = world.accepted(1).await;
    let second = world.accepted(2).await;
    world.settle(first, &[(0, Queued)]).await;
    world.restart().await;
    assert_eq!(world.due(noon()).await, [second]);
    assert_eq!(world.due(later(600)).await, [second, first]);
    assert!(world.store.body_chunk(first, 0).await.unwrap().is_some());
    let next = world.store.next_due().await.unwrap();
    assert_eq!(next, [(world.route, noon())]);
}

pub(super) async fn pieces_without_a_message_are_swept_and_no_others(world: World) {
    let accepted = world.accepted(1).await;
    for (time, number) in [(noon(), 300), (later(60), 1)] {
        let orphans = (0..number).map(|_| {
            world.journal.store_chunk(BodyChunk {
                message_id: MessageId::new(&IDS, time),
                position: 0,
                bytes: Bytes::from_static(b"piece"),
            })
        });
        for stored in join_all(orphans).await {
            stored.unwrap();
        }
    }
    assert_eq!(world.store.sweep_bodies(noon()).await.unwrap(), 0);
    assert_eq!(world.store.sweep_bodies(later(60)).await.unwrap(), 300);
    assert_eq!(world.store.sweep_bodies(later(61)).await.unwrap(), 1);
    assert!(world.store.body_chunk(accepted, 0).await.unwrap().is_some());
}

pub(super) async fn refusals_are_listed_and_counted(mut world: World) {
    let refusal = |username: &str, is_known: bool| RefusalRecord {
        at: later(1),
        account_id: is_known.then_some(world.account),
        user_id: is_known.then_some(world.user),
        system_id: is_known.then_some(world.system),
        username: username.to_owned(),
        client: "2001:db8::1".parse().unwrap(),
        listener: "submission".to_owned(),
        helo: "printer".to_owned(),
        sender: String::new(),
        sender_domain: String::new(),
        recipient: String::new(),
        reason: Reason::CredentialsRejected,
        reply: "535 5.7.8 no".to_owned(),
        is_listed: true,
    };
    for _ in 0..3 {
        world.journal.record_refusal(refusal("scanner", true));
    }
    world.journal.record_refusal(refusal("r\0ot", false));
    world.restart().await;
    let names = world
        .texts("SELECT username FROM refusals ORDER BY id")
        .await;
    assert_eq!(names, ["scanner", "scanner", "scanner", "r\u{fffd}ot"]);
    let counts = world
        .texts("SELECT count || ' ' || reason FROM error_counts ORDER BY count")
        .await;
    assert_eq!(counts, ["1 credentials-rejected", "3 credentials-rejected"]);
}

pub(super) async fn a_message_that_cannot_be_read_is_held_and_the_others_go_on(world: World) {
    let odd = world.accepted(1).await;
    let good = world.accepted(1).await;
    let lost = world.accepted(2).await;
    for (sql, id) in [
        ("UPDATE messages SET encoding = 'runes' WHERE id = $1", odd),
        (
            "UPDATE recipients SET address = 'nobody' WHERE position = 1 AND message_id = $1",
            lost,
        ),
    ] {
        let update = sqlx::query(sql).bind(id.as_bytes().as_slice());
        let done = update.execute(&world.sql).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
    }
    // Even a limit that the unreadable ones would use up.
    let due = world
        .store
        .due(world.route, noon(), 1, later(7))
        .await
        .unwrap();
    let ids: Vec<_> = due.iter().map(|message| message.id).collect();
    assert_eq!(ids, [good]);
    assert_eq!(world.due(noon()).await, [good]);
    let states = world.texts("SELECT state FROM messages ORDER BY id").await;
    assert_eq!(states, ["held", "queued", "held"]);
    let told = world
        .texts("SELECT detail FROM events WHERE kind = 'held' ORDER BY message_id")
        .await;
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("column encoding"), "{}", told[0]);
    assert!(told[1].contains("column address"), "{}", told[1]);
    let at = "SELECT at FROM events WHERE kind = 'held' ORDER BY id LIMIT 1";
    assert_eq!(world.number(at).await, later(7).as_microsecond());
}

pub(super) async fn each_route_tells_when_it_is_due_first(world: World) {
    use RecipientState::Queued;
    let first = world.accepted(1).await;
    world.settle(first, &[(0, Queued)]).await;
    assert_eq!(
        world.store.next_due().await.unwrap(),
        [(world.route, later(600))]
    );
    world.accepted(1).await;
    assert_eq!(
        world.store.next_due().await.unwrap(),
        [(world.route, noon())]
    );
    let backlog = Backlog {
        route_id: world.route,
        messages: 2,
        oldest_at: noon(),
    };
    assert_eq!(world.store.backlogs().await.unwrap(), [backlog]);
    let other = RouteId::new(&IDS, noon());
    assert!(
        world
            .store
            .due(other, later(900), 10, noon())
            .await
            .unwrap()
            .is_empty()
    );
    let limited = world
        .store
        .due(world.route, later(900), 1, noon())
        .await
        .unwrap();
    assert_eq!((limited.len(), limited[0].due_at), (1, noon()));
}
