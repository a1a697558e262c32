//! Promises to those who follow the log.

use std::time::Duration;

use relayd::{
    model::{AccountId, EventKind, Reason, RecipientState},
    store::{AddressFilter, LogPlace, QueueAction, RefusalRecord, TailEntry, TailFilter, TailKind},
};
use tokio::time::timeout;

use super::world::{IDS, World, later, noon};

/// Nothing in these tests takes this long.
const PATIENCE: Duration = Duration::from_mins(1);

impl World {
    fn refusal(&self, username: &str, is_known: bool) -> RefusalRecord {
        RefusalRecord {
            at: later(1),
            account_id: is_known.then_some(self.account),
            user_id: is_known.then_some(self.user),
            system_id: is_known.then_some(self.system),
            username: username.to_owned(),
            client: "2001:db8::1".parse().unwrap(),
            listener: "submission".to_owned(),
            helo: "printer".to_owned(),
            sender: "eve@acme.example".to_owned(),
            sender_domain: "acme.example".to_owned(),
            recipient: "r0@example.com".to_owned(),
            reason: Reason::SenderNotAllowed,
            reply: "550 5.7.60 no".to_owned(),
            is_listed: true,
        }
    }

    /// Reads on from a place until there are so many entries.
    async fn follow(
        &self,
        filter: &TailFilter,
        place: &mut LogPlace,
        count: usize,
    ) -> Vec<TailEntry> {
        let mut moves = self.store.log_moves();
        let mut found = Vec::new();
        let read = async {
            while found.len() < count {
                let page = self.store.log_after(filter, *place).await.unwrap();
                *place = page.place;
                found.extend(page.entries);
                if found.len() < count && !page.has_more {
                    moves.changed().await.unwrap();
                }
            }
        };
        timeout(PATIENCE, read).await.expect("the log stands still");
        found
    }

    /// All that stands behind a place now.
    async fn rest(&self, filter: &TailFilter, place: LogPlace) -> Vec<TailEntry> {
        let (mut place, mut found) = (place, Vec::new());
        loop {
            let page = self.store.log_after(filter, place).await.unwrap();
            found.extend(page.entries);
            place = page.place;
            if !page.has_more {
                return found;
            }
        }
    }

    /// What was refused is written when this returns.
    async fn refuse(&self, refusals: Vec<RefusalRecord>) {
        let place = self.store.log_head().await.unwrap();
        let count = refusals.len();
        for refusal in refusals {
            self.journal.record_refusal(refusal);
        }
        let mut place = place;
        self.follow(&TailFilter::default(), &mut place, count).await;
    }

    /// Begins what another writer of the log begins.
    async fn begin_beside(&self) -> sqlx::Transaction<'static, sqlx::Any> {
        let begin = if self.url.starts_with("sqlite:") {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN; SELECT pg_advisory_xact_lock(7165120)"
        };
        self.sql.begin_with(begin).await.unwrap()
    }
}

/// The numbers of the events, and of the refusals, as they were told.
fn numbers(entries: &[TailEntry]) -> (Vec<i64>, Vec<i64>) {
    let (mut events, mut refusals) = (Vec::new(), Vec::new());
    for entry in entries {
        let text = entry.place.to_string();
        let (event, refusal) = text.split_once('-').unwrap();
        match entry.kind {
            TailKind::Event(_) => events.push(event.parse().unwrap()),
            TailKind::Refused => refusals.push(refusal.parse().unwrap()),
        }
    }
    (events, refusals)
}

pub(super) async fn many_writers_are_followed_without_a_gap_or_a_repeat(world: World) {
    const MAILS: usize = 60;
    let ids = {
        let mut ids = Vec::new();
        for _ in 0..MAILS {
            ids.push(world.accepted(1).await);
        }
        ids
    };
    let mut place = LogPlace::default();
    let mut told = world
        .follow(&TailFilter::default(), &mut place, MAILS)
        .await;
    // The journal settles and refuses, and four people act, all at once.
    let journal = async {
        for id in &ids {
            world.settle(*id, &[(0, RecipientState::Queued)]).await;
            world.journal.record_refusal(world.refusal("scanner", true));
        }
    };
    let person = async |part: usize| {
        for id in ids.iter().skip(part).step_by(4) {
            for action in [QueueAction::Hold, QueueAction::Release] {
                let acted = world
                    .store
                    .act_on_messages(&[*id], action, "operator", later(1))
                    .await;
                assert_eq!(acted.unwrap().len(), 1);
            }
        }
    };
    let expected = MAILS * 4;
    let filter = TailFilter::default();
    let follow = world.follow(&filter, &mut place, expected);
    let (more, (), (), (), (), ()) =
        tokio::join!(follow, journal, person(0), person(1), person(2), person(3));
    told.extend(more);
    let (events, refusals) = numbers(&told);
    let written = async |sql| -> Vec<i64> {
        let texts = world.texts(sql).await;
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    assert_eq!(
        events,
        written("SELECT CAST(id AS TEXT) FROM events ORDER BY events.id").await
    );
    assert_eq!(
        refusals,
        written("SELECT CAST(id AS TEXT) FROM refusals ORDER BY refusals.id").await
    );
    // Whoever comes back with any of the places gets the rest, once.
    for (index, entry) in told.iter().enumerate().step_by(17) {
        let rest = world.rest(&filter, entry.place).await;
        assert_eq!(rest.len(), told.len() - index - 1, "{}", entry.place);
    }
}

pub(super) async fn what_is_committed_late_is_not_overtaken(world: World) {
    let id = world.accepted(1).await;
    let place = world.store.log_head().await.unwrap();
    // Another node has taken the next number, and is not done.
    let mut late = world.begin_beside().await;
    sqlx::query(
        "INSERT INTO events (at, message_id, kind, recipients, reason, reply, detail, client)
         VALUES ($1, $2, 'released', '', '', '', 'late', '')",
    )
    .bind(noon().as_microsecond())
    .bind(id.as_bytes().as_slice())
    .execute(&mut *late)
    .await
    .unwrap();
    let mut early = std::pin::pin!(world.accepted(1));
    // Whoever could overtake it would within this time.
    let overtaken = timeout(Duration::from_millis(500), &mut early).await;
    let filter = TailFilter::default();
    let seen = world.store.log_after(&filter, place).await.unwrap();
    late.commit().await.unwrap();
    if overtaken.is_err() {
        early.await;
    }
    let rest = world.rest(&filter, seen.place).await;
    let all: Vec<_> = seen.entries.iter().chain(&rest).map(|it| it.kind).collect();
    assert_eq!(
        all,
        [
            TailKind::Event(EventKind::Released),
            TailKind::Event(EventKind::Accepted)
        ]
    );
}

pub(super) async fn a_place_outlives_what_stood_there(world: World) {
    let first = world.accepted(1).await;
    world.settle(first, &[(0, RecipientState::Delivered)]).await;
    let place = world.store.log_head().await.unwrap();
    let second = world.accepted(1).await;
    world
        .settle(second, &[(0, RecipientState::Delivered)])
        .await;
    // All of it is old enough to go, and a third mail comes.
    let swept = world.store.sweep_messages(later(24 * 3600)).await.unwrap();
    assert_eq!(swept, 2);
    let third = world.accepted(1).await;
    let filter = TailFilter::default();
    let rest = world.rest(&filter, place).await;
    let ids: Vec<_> = rest.iter().map(|entry| entry.message_id).collect();
    assert_eq!(ids, [Some(third)]);
    // A place that was never reached: the store was put back to an earlier day.
    let beyond: LogPlace = "999999-999999".parse().unwrap();
    let page = world.store.log_after(&filter, beyond).await.unwrap();
    assert_eq!((page.entries.len(), page.has_more), (0, false));
    world.settle(third, &[(0, RecipientState::Delivered)]).await;
    assert_eq!(world.rest(&filter, page.place).await.len(), 1);
}

pub(super) async fn the_log_is_told_by_its_filters(world: World) {
    let id = world.accepted(30).await;
    world.settle(id, &[(3, RecipientState::Failed)]).await;
    world
        .refuse(vec![
            world.refusal("scanner", true),
            world.refusal("r\0ot", false),
        ])
        .await;
    let start = LogPlace::default();
    let all = world.rest(&TailFilter::default(), start).await;
    assert_eq!(all.len(), 4);
    let accepted = &all[0];
    assert_eq!(accepted.message_id, Some(id));
    assert_eq!(accepted.user.as_deref(), Some("scanner"));
    assert_eq!(accepted.system.as_deref(), Some("printer"));
    assert_eq!(
        (accepted.recipients.len(), accepted.recipient_count),
        (20, 30)
    );
    assert_eq!(accepted.recipients[2], "r2@example.com");
    assert_eq!(all[3].account, None);
    let some = async |change: &dyn Fn(&mut TailFilter)| {
        let mut filter = TailFilter::default();
        change(&mut filter);
        world.rest(&filter, start).await.len()
    };
    let address = |text: &str| Some(AddressFilter::of(text));
    let stranger = AccountId::new(&IDS, noon());
    assert_eq!(some(&|it| it.account = Some(world.account)).await, 3);
    assert_eq!(some(&|it| it.account = Some(stranger)).await, 0);
    assert_eq!(some(&|it| it.user = Some("scanner".to_owned())).await, 3);
    assert_eq!(some(&|it| it.user = Some("nobody".to_owned())).await, 0);
    assert_eq!(some(&|it| it.system = Some("printer".to_owned())).await, 3);
    assert_eq!(some(&|it| it.no_refusals = true).await, 2);
    assert_eq!(some(&|it| it.no_events = true).await, 2);
    assert_eq!(some(&|it| it.kinds = vec![EventKind::Failed]).await, 3);
    assert_eq!(
        some(&|it| it.reason = Some(Reason::SenderNotAllowed)).await,
        2
    );
    assert_eq!(some(&|it| it.from = address("EVE@acme.example")).await, 2);
    assert_eq!(some(&|it| it.from = address("@acme.example")).await, 4);
    assert_eq!(some(&|it| it.to = address("R7@example.com")).await, 2);
    assert_eq!(some(&|it| it.to = address("@EXAMPLE.com")).await, 4);
    assert_eq!(some(&|it| it.to = address("%@example.com")).await, 0);
    assert_eq!(some(&|it| it.since = Some(later(1))).await, 2);
}

pub(super) async fn the_log_begins_where_it_is_asked_to(world: World) {
    for _ in 0..5 {
        let mut message = world.message(1);
        message.accepted_at = later(3600);
        world.journal.accept(message).await.unwrap();
        world.refuse(vec![world.refusal("scanner", true)]).await;
    }
    let filter = TailFilter::default();
    let place = world.store.log_last(&filter, 3).await.unwrap();
    let last = world.rest(&filter, place).await;
    // The refusals are dated an hour before the mails.
    assert_eq!(numbers(&last), (vec![3, 4, 5], vec![]));
    let place = world.store.log_last(&filter, 100).await.unwrap();
    assert_eq!(place, LogPlace::default());
    let refusals = TailFilter {
        no_events: true,
        ..TailFilter::default()
    };
    let place = world.store.log_last(&refusals, 2).await.unwrap();
    assert_eq!(
        numbers(&world.rest(&refusals, place).await),
        (vec![], vec![4, 5])
    );
    for (since, events) in [(0, 5), (3600, 5), (4000, 5), (4201, 0)] {
        let place = world.store.log_since(later(since)).await.unwrap();
        let rest = world.rest(&filter, place).await;
        assert_eq!(numbers(&rest).0.len(), events, "{since}");
    }
    let head = world.store.log_head().await.unwrap();
    assert_eq!(world.store.log_since(later(9000)).await.unwrap(), head);
}
