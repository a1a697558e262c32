//! Log, statistics and queue, over messages that the journal wrote.

use jiff::Timestamp;
use proto::EventKind as K;
use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_system};
use crate::{
    clock::Clock,
    model::{
        AccountId, BodyEncoding, Envelope, Event, EventKind, FindingLevel, LimitSet, MessageId,
        Quota, Reason, Recipient, RecipientState, RouteId, Subject, SystemId, UserId,
    },
    store::{Batch, NewMessage, RecipientOutcome, RefusalRecord, Settlement},
};

pub(super) struct Customer {
    pub(super) bench: Bench,
    account: AccountId,
    pub(super) route: RouteId,
    user: UserId,
    system: SystemId,
}

impl Customer {
    pub(super) async fn new() -> Self {
        let bench = Bench::new().await;
        let account = bench.customer("acme").await;
        let user = bench.user("acme", "scanner").await.user;
        let add = new_system("printer", "203.0.113.10", "scanner");
        let system = bench
            .call::<proto::AddSystem>(at("acme"), NOTHING, add)
            .await
            .unwrap();
        let route = bench
            .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
            .await
            .unwrap();
        Self {
            account: account.id.parse().unwrap(),
            route: route.id.parse().unwrap(),
            user: user.id.parse().unwrap(),
            system: system.id.parse().unwrap(),
            bench,
        }
    }

    pub(super) fn message(&self, to: &str) -> NewMessage {
        let now = self.bench.clock.now();
        let id = MessageId::new(&self.bench.ids, now);
        NewMessage {
            id,
            account_id: self.account,
            route_id: self.route,
            user_id: self.user,
            system_id: self.system,
            envelope: Envelope {
                reverse_path: "scanner@acme.example".parse().unwrap(),
                recipients: vec![Recipient {
                    address: to.parse().unwrap(),
                    notify: None,
                    original: String::new(),
                }],
                encoding: BodyEncoding::SevenBit,
                smtputf8: false,
                dsn_return: None,
                envelope_id: String::new(),
            },
            header_from: "scanner@acme.example".to_owned(),
            subject: "Scan".to_owned(),
            header_id: format!("<{id}@relay.acme.example>"),
            size: 5,
            client: "203.0.113.10".parse().unwrap(),
            helo: "printer".to_owned(),
            story: String::new(),
            tls: String::new(),
            accepted_at: now,
            quotas: vec![Quota {
                subject: Subject::User(self.user),
                limits: LimitSet::default(),
            }],
            stored_chunks: 0,
            tail: b"Hello".as_slice().into(),
        }
    }

    /// Has messages accepted, a second apart, and gives their queue ids.
    pub(super) async fn accept(&self, recipients: &[&str]) -> Vec<String> {
        let mut ids = Vec::new();
        for to in recipients {
            let message = self.message(to);
            ids.push(message.id.to_string());
            let batch = Batch {
                messages: vec![message],
                ..Batch::default()
            };
            let result = self.bench.store.commit(&batch).await.unwrap();
            assert!(result.messages.iter().all(Result::is_ok));
            self.bench.clock.advance(std::time::Duration::from_secs(1));
        }
        ids
    }

    /// Has a refusal at the door written, of a stranger where `is_known` is not so.
    pub(super) async fn refuse_one(&self, is_known: bool) {
        let refusal = RefusalRecord {
            at: self.bench.clock.now(),
            account_id: is_known.then_some(self.account),
            user_id: None,
            system_id: is_known.then_some(self.system),
            username: "scanner".to_owned(),
            client: "203.0.113.10".parse().unwrap(),
            listener: "submission".to_owned(),
            helo: "printer".to_owned(),
            sender: String::new(),
            sender_domain: String::new(),
            recipient: String::new(),
            reason: Reason::SenderNotAllowed,
            reply: "550 5.7.1 no".to_owned(),
            is_listed: true,
        };
        let batch = Batch {
            refusals: vec![refusal],
            ..Batch::default()
        };
        self.bench.store.commit(&batch).await.unwrap();
        self.bench.clock.advance(std::time::Duration::from_secs(1));
    }

    async fn act<E>(&self, selection: proto::QueueSelection) -> proto::QueueChange
    where
        E: proto::Endpoint<
                Path = proto::Nothing,
                Query = proto::Nothing,
                Body = proto::QueueSelection,
                Reply = proto::QueueChange,
            >,
    {
        self.bench
            .call::<E>(NOTHING, NOTHING, selection)
            .await
            .unwrap()
    }

    pub(super) async fn trace(&self, key: &str) -> Result<proto::Trace, proto::Problem> {
        let query = proto::TraceQuery {
            key: key.to_owned(),
            account: None,
        };
        let found = self
            .bench
            .call::<proto::TraceMessages>(NOTHING, query, NOTHING)
            .await?;
        Ok(found.items[0].clone())
    }

    pub(super) async fn summary(&self) -> proto::QueueSummary {
        let query = proto::QueueSummaryQuery::default();
        self.bench
            .call::<proto::SummarizeQueue>(NOTHING, query, NOTHING)
            .await
            .unwrap()
    }

    async fn search(&self, query: proto::LogQuery) -> Vec<String> {
        let page = self
            .bench
            .call::<proto::SearchLog>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        page.items.into_iter().map(|message| message.id).collect()
    }
}

fn by_ids(ids: &[&String]) -> proto::QueueSelection {
    proto::QueueSelection {
        ids: ids.iter().map(|id| (*id).clone()).collect(),
        reason: "printer ran wild".to_owned(),
        ..proto::QueueSelection::default()
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn the_log_is_searched_by_what_people_know() {
    let customer = Customer::new().await;
    let start = customer.bench.clock.now();
    let ids = customer
        .accept(&[
            "ops@north.example",
            "Desk@north.example",
            "ops@south_1.example",
        ])
        .await;
    let [first, second, third] = ids.as_slice() else {
        panic!("three messages were accepted");
    };
    let text = |text: &str| Some(text.to_owned());
    let second_at: Timestamp = start + std::time::Duration::from_secs(1);
    let none = proto::LogQuery::default;
    for (query, found) in [
        (none(), vec![third, second, first]),
        (
            proto::LogQuery {
                account: text("acme"),
                ..none()
            },
            vec![third, second, first],
        ),
        (
            proto::LogQuery {
                to: text("ops@NORTH.example"),
                ..none()
            },
            vec![first],
        ),
        (
            proto::LogQuery {
                to: text("desk@north.example"),
                ..none()
            },
            vec![second],
        ),
        (
            proto::LogQuery {
                to: text("@north.example"),
                ..none()
            },
            vec![second, first],
        ),
        (
            proto::LogQuery {
                to: text("@southX1.example"),
                ..none()
            },
            vec![],
        ),
        (
            proto::LogQuery {
                to: text("@%"),
                ..none()
            },
            vec![],
        ),
        (
            proto::LogQuery {
                from: text("@acme.example"),
                ..none()
            },
            vec![third, second, first],
        ),
        (
            proto::LogQuery {
                from: text("ops@acme.example"),
                ..none()
            },
            vec![],
        ),
        (
            proto::LogQuery {
                user: text("scanner"),
                system: text("printer"),
                ..none()
            },
            vec![third, second, first],
        ),
        (
            proto::LogQuery {
                user: text("other"),
                ..none()
            },
            vec![],
        ),
        (
            proto::LogQuery {
                status: Some(proto::MessageState::Queued),
                limit: Some(2),
                ..none()
            },
            vec![third, second],
        ),
        (
            proto::LogQuery {
                status: Some(proto::MessageState::Failed),
                ..none()
            },
            vec![],
        ),
        (
            proto::LogQuery {
                since: Some(second_at),
                ..none()
            },
            vec![third, second],
        ),
        (
            proto::LogQuery {
                until: Some(second_at),
                ..none()
            },
            vec![first],
        ),
    ] {
        let label = format!("{query:?}");
        let found: Vec<_> = found.into_iter().cloned().collect();
        assert_eq!(customer.search(query).await, found, "{label}");
    }

    let page = proto::LogQuery {
        limit: Some(2),
        ..none()
    };
    let newest = customer
        .bench
        .call::<proto::SearchLog>(NOTHING, page.clone(), NOTHING)
        .await
        .unwrap();
    let rest = proto::LogQuery {
        cursor: newest.next_cursor,
        ..page
    };
    assert_eq!(customer.search(rest).await, ids[..1]);
}

#[tokio::test]
async fn a_message_is_traced_by_id_and_by_header() {
    let customer = Customer::new().await;
    let ids = customer.accept(&["ops@north.example"]).await;
    let header = format!("<{}@relay.acme.example>", ids[0]);
    for key in [ids[0].as_str(), &header, header.trim_matches(['<', '>'])] {
        let trace = customer.trace(key).await.unwrap();
        assert_eq!(trace.message.id, ids[0], "{key}");
        assert_eq!(trace.message.account.as_deref(), Some("acme"));
        assert_eq!(trace.recipients[0].address, "ops@north.example");
        assert_eq!(trace.events[0].kind, proto::EventKind::Accepted);
    }
    // What the key was, from the surest on.
    for (key, found_by) in [
        (ids[0].as_str(), proto::FoundBy::QueueId),
        (&ids[0][..9], proto::FoundBy::QueueIdPrefix),
        (&header, proto::FoundBy::MessageId),
    ] {
        let trace = customer.trace(key).await.unwrap();
        assert_eq!(trace.found_by, Some(found_by), "{key}");
    }
    // What it waits for is told by its lane.
    let hold = proto::LaneHold {
        reason: "moving".to_owned(),
    };
    let waits = customer.trace(&ids[0]).await.unwrap().waiting_for;
    assert_eq!(waits.as_deref(), Some("its turn"));
    customer
        .bench
        .call::<proto::HoldLane>(at("acme"), NOTHING, hold)
        .await
        .unwrap();
    let waits = customer.trace(&ids[0]).await.unwrap().waiting_for.unwrap();
    assert!(
        waits.starts_with("lane held since ") && waits.ends_with(": moving"),
        "{waits}"
    );
    for key in ["nothing-like-it", "%%%%", "a"] {
        assert_eq!(customer.trace(key).await.unwrap_err().status, 404, "{key}");
    }
}

#[tokio::test]
async fn people_act_on_messages_by_id() {
    let customer = Customer::new().await;
    let ids = customer
        .accept(&["a@north.example", "b@north.example", "c@north.example"])
        .await;
    customer.bench.queue.woken.lock().unwrap().clear();
    let unknown = "0000000000000000000a".to_owned();
    let held = customer
        .act::<proto::HoldQueued>(by_ids(&[&ids[0], &ids[1], &unknown]))
        .await;
    assert_eq!((held.matched, held.changed), (2, 2));
    assert_eq!(held.skipped, [unknown]);
    assert_eq!(
        customer.bench.queue.woken.lock().unwrap().as_slice(),
        [customer.route]
    );
    // Held twice is held once; only what is held can be released.
    let again = customer.act::<proto::HoldQueued>(by_ids(&[&ids[0]])).await;
    assert_eq!((again.changed, again.skipped.len()), (0, 1));
    let released = customer
        .act::<proto::ReleaseQueued>(by_ids(&[&ids[0], &ids[2]]))
        .await;
    assert_eq!(released.changed, 1);
    let retried = customer.act::<proto::RetryQueued>(by_ids(&[&ids[0]])).await;
    assert_eq!(retried.changed, 1);
    let cancelled = customer
        .act::<proto::CancelQueued>(by_ids(&[&ids[0], &ids[1]]))
        .await;
    assert_eq!(cancelled.changed, 2);

    let trace = customer.trace(&ids[0]).await.unwrap();
    let kinds: Vec<_> = trace.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [K::Accepted, K::Held, K::Released, K::Retried, K::Cancelled]
    );
    assert_eq!(trace.events[1].detail, "printer ran wild");
    assert_eq!(trace.events[1].reason.as_deref(), Some("held-by-operator"));
    assert_eq!(trace.message.state, proto::MessageState::Cancelled);
    assert!(trace.message.finished_at.is_some());
    assert_eq!(trace.recipients[0].state, proto::RecipientState::Cancelled);
    let body = customer
        .bench
        .store
        .body_chunk(ids[0].parse().unwrap(), 0)
        .await;
    assert_eq!(
        body.unwrap(),
        None,
        "the body of a cancelled message is gone"
    );
}

#[tokio::test]
async fn bulk_needs_a_selector_and_heeds_its_bounds() {
    let customer = Customer::new().await;
    let mut recipients = vec!["a@north.example"; 250];
    recipients.extend(["b@south.example"; 2]);
    customer.accept(&recipients).await;
    let select = proto::QueueSelection::default;
    for selection in [
        select(),
        proto::QueueSelection {
            account: Some("acme".to_owned()),
            ..select()
        },
        proto::QueueSelection {
            all: true,
            user: Some("scanner".to_owned()),
            ..select()
        },
        proto::QueueSelection {
            all: true,
            max: Some(251),
            ..select()
        },
    ] {
        let refused = customer
            .bench
            .call::<proto::HoldQueued>(NOTHING, NOTHING, selection)
            .await;
        assert_eq!(refused.unwrap_err().status, 422);
    }
    let south = proto::QueueSelection {
        to_domain: Some("South.example".to_owned()),
        ..select()
    };
    assert_eq!(customer.act::<proto::HoldQueued>(south).await.changed, 2);
    let dry = proto::QueueSelection {
        all: true,
        dry_run: true,
        ..select()
    };
    let dry = customer.act::<proto::HoldQueued>(dry).await;
    assert_eq!((dry.matched, dry.changed), (250, 0));
    let old = proto::QueueSelection {
        older_than: Some(152),
        ..select()
    };
    assert_eq!(customer.act::<proto::HoldQueued>(old).await.changed, 100);
    let all = || proto::QueueSelection {
        all: true,
        account: Some("acme".to_owned()),
        ..select()
    };
    assert_eq!(customer.act::<proto::HoldQueued>(all()).await.changed, 150);
    assert_eq!(
        customer.act::<proto::ReleaseQueued>(all()).await.changed,
        252
    );
}

#[tokio::test]
async fn messages_are_selected_by_system_and_sender_domain() {
    let customer = Customer::new().await;
    customer
        .accept(&["a@north.example", "b@north.example"])
        .await;
    let select = proto::QueueSelection::default;
    let text = |text: &str| Some(text.to_owned());
    let without_account = proto::QueueSelection {
        system: text("printer"),
        ..select()
    };
    let refused = customer
        .bench
        .call::<proto::HoldQueued>(NOTHING, NOTHING, without_account)
        .await
        .unwrap_err();
    assert_eq!(refused.status, 422, "systems of accounts share names");
    for (system, from, found) in [
        (text("printer"), None, 2),
        (text("other"), None, 0),
        (None, text("ACME.example"), 2),
        (None, text("cme.example"), 0),
        (text("printer"), text("acme.example"), 2),
    ] {
        let selection = proto::QueueSelection {
            account: text("acme"),
            system: system.clone(),
            from_domain: from.clone(),
            dry_run: true,
            ..select()
        };
        let change = customer.act::<proto::HoldQueued>(selection).await;
        assert_eq!(change.matched, found, "{system:?} {from:?}");
        let query = proto::QueueQuery {
            account: text("acme"),
            system,
            from_domain: from,
            ..proto::QueueQuery::default()
        };
        let listed = customer
            .bench
            .call::<proto::ListQueue>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        assert_eq!(listed.items.len() as u64, found);
    }
}

#[tokio::test]
async fn a_cancellation_says_what_had_left() {
    let customer = Customer::new().await;
    let ids = customer
        .accept(&["a@north.example", "b@north.example", "c@north.example"])
        .await;
    let delivered_at = customer.bench.clock.now();
    customer.settle(&ids[0], delivered_at, None).await;
    *customer.bench.queue.under_way.lock().unwrap() = vec![ids[1].parse().unwrap()];
    let expected = proto::PartlyLeft {
        id: ids[0].clone(),
        delivered: 1,
        recipient_count: 1,
        first_at: Some(delivered_at),
        last_at: Some(delivered_at),
    };
    let selection = by_ids(&[&ids[0], &ids[1], &ids[2]]);
    for dry_run in [true, false] {
        let selection = proto::QueueSelection {
            dry_run,
            ..selection.clone()
        };
        let change = customer.act::<proto::CancelQueued>(selection).await;
        assert_eq!(change.skipped, [ids[0].clone()]);
        let left = change.left.unwrap();
        assert_eq!((left.messages, left.recipients), (1, 1));
        assert_eq!(left.details, std::slice::from_ref(&expected));
        assert_eq!(left.in_flight, [ids[1].clone()]);
    }
    let all = proto::QueueSelection {
        all: true,
        ..proto::QueueSelection::default()
    };
    let held = customer.act::<proto::HoldQueued>(all.clone()).await;
    assert_eq!(held.left, None, "only a cancellation calls anything back");
    let none = customer.act::<proto::CancelQueued>(all).await;
    let nothing = proto::AlreadyLeft::default();
    assert_eq!((none.matched, none.left), (0, Some(nothing)));
}

#[tokio::test]
async fn the_summary_says_why_mail_waits() {
    let customer = Customer::new().await;
    let empty = customer.summary().await;
    assert_eq!(
        (empty.depth, empty.lanes[0].state),
        (0, proto::LaneState::Idle)
    );
    let accepted_at = customer.bench.clock.now();
    customer
        .accept(&["a@north.example", "b@north.example"])
        .await;
    let waiting = customer.summary().await;
    assert_eq!(waiting.depth, 2);
    assert_eq!(waiting.oldest_at, Some(accepted_at));
    assert_eq!(waiting.lanes[0].state, proto::LaneState::Waiting);
    customer
        .bench
        .queue
        .paced
        .lock()
        .unwrap()
        .push(customer.route);
    let paced = customer.summary().await;
    assert_eq!(paced.lanes[0].why, "30 messages a minute");
    assert_eq!(
        (paced.lanes[0].state, paced.lanes[0].connections),
        (proto::LaneState::Paced, 2)
    );

    let reason = proto::LaneHold {
        reason: "maintenance".to_owned(),
    };
    let lane = customer
        .bench
        .call::<proto::HoldLane>(at("acme"), NOTHING, reason)
        .await
        .unwrap();
    assert_eq!(lane.state, proto::LaneState::Held);
    assert_eq!(lane.why, "maintenance [held-by-operator]");
    let lane = customer
        .bench
        .call::<proto::ReleaseLane>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!((lane.state, lane.hold), (proto::LaneState::Paced, None));
}

#[tokio::test]
async fn the_queue_lists_what_waits_and_what_is_held() {
    let customer = Customer::new().await;
    let ids = customer
        .accept(&["a@north.example", "b@north.example"])
        .await;
    customer.act::<proto::HoldQueued>(by_ids(&[&ids[0]])).await;
    let half = customer.summary().await;
    assert_eq!((half.depth, half.held), (1, 1));
    let listed = async |state| {
        let query = proto::QueueQuery {
            state,
            ..proto::QueueQuery::default()
        };
        let page = customer
            .bench
            .call::<proto::ListQueue>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        page.items.into_iter().map(|m| m.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(None).await, ids);
    assert_eq!(listed(Some(proto::QueueState::Held)).await, ids[..1]);
    assert_eq!(listed(Some(proto::QueueState::Queued)).await, ids[1..]);
    let path = proto::MessagePath { id: ids[0].clone() };
    let shown = customer
        .bench
        .call::<proto::ShowQueued>(path, NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(shown.message.state, proto::MessageState::Held);
}

impl Customer {
    /// Has one submission of the account refused, and one of nobody.
    pub(super) async fn refuse(&self) {
        let refusal = |account: Option<AccountId>, reason| RefusalRecord {
            at: self.bench.clock.now(),
            account_id: account,
            user_id: None,
            system_id: account.map(|_| self.system),
            username: "scanner".to_owned(),
            client: "203.0.113.10".parse().unwrap(),
            listener: "submission".to_owned(),
            helo: "printer".to_owned(),
            sender: String::new(),
            sender_domain: String::new(),
            recipient: String::new(),
            reason,
            reply: "550 5.7.1 no".to_owned(),
            is_listed: true,
        };
        let batch = Batch {
            refusals: vec![
                refusal(Some(self.account), Reason::SenderNotAllowed),
                refusal(None, Reason::CredentialsRejected),
            ],
            ..Batch::default()
        };
        self.bench.store.commit(&batch).await.unwrap();
    }

    /// Has a message delivered or failed.
    async fn settle(&self, id: &str, accepted_at: Timestamp, reason: Option<Reason>) {
        let (state, kind) = match reason {
            None => (RecipientState::Delivered, EventKind::Delivered),
            Some(_) => (RecipientState::Failed, EventKind::Failed),
        };
        let at = self.bench.clock.now();
        let message_id = id.parse().unwrap();
        let event = Event {
            at,
            message_id,
            kind,
            recipients: Vec::new(),
            reason,
            reply: String::new(),
            detail: String::new(),
            client: None,
        };
        let settlement = Settlement {
            message_id,
            account_id: self.account,
            user_id: self.user,
            system_id: self.system,
            reverse_path: "scanner@acme.example".parse().unwrap(),
            accepted_at,
            recipients: vec![RecipientOutcome {
                position: 0,
                state,
                reply: String::new(),
                reason,
            }],
            due_at: at,
            is_attempt: true,
            events: vec![event],
            at,
            notices: Vec::new(),
        };
        let batch = Batch {
            settlements: vec![settlement],
            ..Batch::default()
        };
        self.bench.store.commit(&batch).await.unwrap();
    }

    /// One kind of statistics of the account.
    async fn stats<E>(&self) -> E::Reply
    where
        E: proto::Endpoint<Path = proto::Nothing, Query = proto::StatsQuery, Body = proto::Nothing>,
    {
        let query = proto::StatsQuery {
            account: Some("acme".to_owned()),
            ..proto::StatsQuery::default()
        };
        self.bench.call::<E>(NOTHING, query, NOTHING).await.unwrap()
    }
}

#[tokio::test]
async fn statistics_count_by_user_system_and_reason() {
    let customer = Customer::new().await;
    customer
        .accept(&["a@north.example", "b@north.example"])
        .await;
    customer.refuse().await;
    let summary = customer.stats::<proto::SummarizeStats>().await;
    assert_eq!((summary.counts.accepted, summary.counts.bytes), (2, 10));
    assert_eq!((summary.refused, summary.queued), (1, 2));
    let users = customer.stats::<proto::ListUserStats>().await.items;
    assert_eq!(users[0].user.as_deref(), Some("scanner"));
    assert_eq!(users[0].messages_today, Some(2));
    assert_eq!(users[0].messages_per_day, Some(2000));
    let systems = customer.stats::<proto::ListSystemStats>().await.items;
    assert_eq!(systems[0].system.as_deref(), Some("printer"));
    assert_eq!(systems[0].counts.accepted, 2);
    let errors = customer.stats::<proto::ListErrorStats>().await.items;
    assert_eq!(errors[0].reason, "sender-not-allowed");
    assert_eq!(errors[0].count, 1);
}

#[tokio::test]
async fn statistics_tell_of_domains_times_and_reasons() {
    let customer = Customer::new().await;
    let to = ["a@north.example", "b@north.example", "c@south.example"];
    let begin = customer.bench.clock.now();
    let ids = customer.accept(&to).await;
    customer.settle(&ids[0], begin, None).await;
    customer
        .settle(&ids[2], begin, Some(Reason::RecipientRefused))
        .await;
    let domains = customer.stats::<proto::ListDomainStats>().await.items;
    assert_eq!(domains[0].domain.as_deref(), Some("acme.example"));
    assert_eq!(
        (domains[0].counts.delivered, domains[0].counts.failed),
        (1, 1)
    );
    // Three seconds, exact to 6 %.
    let time = domains[0].delivery_time.unwrap();
    assert_eq!(time.p50_ms, time.p95_ms);
    assert!((2820..=3180).contains(&time.p50_ms), "{time:?}");
    let of_recipients = customer.stats::<proto::ListRecipientDomainStats>().await;
    let flows: Vec<_> = of_recipients
        .items
        .iter()
        .map(|it| (&*it.domain, it.recipients, it.delivered, it.failed))
        .collect();
    assert_eq!(
        flows,
        [("north.example", 2, 1, 0), ("south.example", 1, 0, 1)]
    );
    let errors = customer.stats::<proto::ListErrorStats>().await.items;
    let errors: Vec<_> = errors
        .iter()
        .map(|it| (it.kind, &*it.reason, it.user.as_deref(), it.count))
        .collect();
    let scanner = Some("scanner");
    let expected = (proto::ErrorKind::Failed, "recipient-refused", scanner, 1);
    assert_eq!(errors, [expected]);
}

#[tokio::test]
async fn a_summary_compares_with_the_day_before_and_the_limit() {
    let customer = Customer::new().await;
    customer.accept(&["a@north.example"; 4]).await;
    customer
        .bench
        .clock
        .advance(std::time::Duration::from_hours(25));
    customer.accept(&["a@north.example"; 3]).await;
    let summary = customer.stats::<proto::SummarizeStats>().await;
    assert_eq!(summary.counts.accepted, 3);
    assert_eq!(summary.before.counts.accepted, 4);
    assert_eq!(summary.before.until, summary.since);
    let today = summary.today.unwrap();
    assert_eq!((today.messages, today.messages_limit), (3, Some(2000)));
    let query = proto::StatsQuery::default();
    let all = customer
        .bench
        .call::<proto::SummarizeStats>(NOTHING, query, NOTHING)
        .await
        .unwrap();
    assert_eq!((all.counts.accepted, all.today), (3, None));
}

#[tokio::test]
async fn statistics_are_narrowed_and_cut_in_pieces() {
    let customer = Customer::new().await;
    customer.accept(&["a@north.example"; 2]).await;
    customer
        .bench
        .clock
        .advance(std::time::Duration::from_hours(2));
    customer.accept(&["a@north.example"]).await;
    let ask = async |query: proto::StatsQuery| {
        let asking = customer
            .bench
            .call::<proto::ListSystemStats>(NOTHING, query, NOTHING);
        asking.await.map(|page| {
            let accepted = page.items.into_iter().map(|it| it.counts.accepted);
            accepted.collect::<Vec<_>>()
        })
    };
    let text = |text: &str| Some(text.to_owned());
    let of = || proto::StatsQuery {
        account: text("acme"),
        ..proto::StatsQuery::default()
    };
    assert_eq!(ask(of()).await.unwrap(), [3]);
    let by = |by| proto::StatsQuery {
        by: Some(by),
        ..of()
    };
    assert_eq!(ask(by(proto::Period::Hour)).await.unwrap(), [2, 1]);
    assert_eq!(ask(by(proto::Period::Month)).await.unwrap(), [3]);
    let of_user = |user: &str| proto::StatsQuery {
        user: text(user),
        ..of()
    };
    assert_eq!(ask(of_user("scanner")).await.unwrap(), [3]);
    let other = UserId::new(&customer.bench.ids, customer.bench.clock.now());
    assert!(ask(of_user(&other.to_string())).await.unwrap().is_empty());
    assert_eq!(ask(of_user("nobody")).await.unwrap_err().status, 404);
    let of_domain = |domain: &str| proto::StatsQuery {
        domain: text(domain),
        ..of()
    };
    assert_eq!(ask(of_domain("ACME.example")).await.unwrap(), [3]);
    assert!(ask(of_domain("b'; --")).await.unwrap().is_empty());
    let of_system = |account| proto::StatsQuery {
        account,
        system: text("printer"),
        ..proto::StatsQuery::default()
    };
    assert_eq!(ask(of_system(text("acme"))).await.unwrap(), [3]);
    assert_eq!(ask(of_system(None)).await.unwrap_err().status, 422);

    // What is not counted is not answered as if it were.
    let hours = by(proto::Period::Hour);
    for query in [of_user("scanner"), of_system(text("acme")), hours.clone()] {
        let asking = customer
            .bench
            .call::<proto::ListRecipientDomainStats>(NOTHING, query, NOTHING);
        assert_eq!(asking.await.unwrap_err().status, 422);
    }
    let asking = customer
        .bench
        .call::<proto::SummarizeStats>(NOTHING, hours, NOTHING);
    assert_eq!(asking.await.unwrap_err().status, 422);
}

#[tokio::test]
async fn statistics_come_by_hour_day_and_month() {
    let customer = Customer::new().await;
    let clock = &customer.bench.clock;
    customer.accept(&["a@north.example"]).await;
    customer.refuse().await;
    // From 20:41 on 21 November into the next hour, the next day, and December.
    for hours in [1, 23, 240] {
        clock.advance(std::time::Duration::from_hours(hours));
        customer
            .accept(&["b@north.example", "c@north.example"])
            .await;
    }
    let series = async |by| {
        let query = proto::SeriesQuery {
            account: Some("acme".to_owned()),
            user: None,
            system: None,
            domain: None,
            since: Some("2026-11-01T00:00:00Z".parse().unwrap()),
            until: None,
            by,
        };
        let page = customer
            .bench
            .call::<proto::ListPeriodStats>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        let pieces = page.items.into_iter();
        pieces
            .map(|piece| {
                let begins_at = piece.begins_at.strftime("%m-%d %H").to_string();
                (begins_at, piece.counts.accepted, piece.refused)
            })
            .collect::<Vec<_>>()
    };
    let expect = |pieces: &[(&str, u64, u64)]| {
        pieces
            .iter()
            .map(|(at, accepted, refused)| ((*at).to_owned(), *accepted, *refused))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        series(proto::Period::Hour).await,
        expect(&[
            ("11-21 20", 1, 1),
            ("11-21 21", 2, 0),
            ("11-22 20", 2, 0),
            ("12-02 20", 2, 0)
        ])
    );
    assert_eq!(
        series(proto::Period::Day).await,
        expect(&[("11-21 00", 3, 1), ("11-22 00", 2, 0), ("12-02 00", 2, 0)])
    );
    assert_eq!(
        series(proto::Period::Month).await,
        expect(&[("11-01 00", 5, 1), ("12-01 00", 2, 0)])
    );
}

#[tokio::test]
async fn refusals_are_listed_with_their_names() {
    let customer = Customer::new().await;
    customer.refuse().await;
    let rejects = async |query| {
        let page = customer
            .bench
            .call::<proto::ListRejects>(NOTHING, query, NOTHING)
            .await
            .unwrap();
        let reasons = page
            .items
            .into_iter()
            .map(|reject| (reject.reason, reject.system));
        reasons.collect::<Vec<_>>()
    };
    let of_account = proto::RejectQuery {
        account: Some("acme".to_owned()),
        ..proto::RejectQuery::default()
    };
    let printer = Some("printer".to_owned());
    assert_eq!(
        rejects(of_account).await,
        [("sender-not-allowed".to_owned(), printer)]
    );
    assert_eq!(rejects(proto::RejectQuery::default()).await.len(), 2);
}

#[tokio::test]
async fn a_test_mail_is_submitted_for_the_system_that_is_meant() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    let path = || proto::RelayUserPath {
        account: "acme".to_owned(),
        user: "scanner".to_owned(),
    };
    let send = async |mail: proto::NewTestMail| {
        bench
            .call::<proto::SendTestMail>(path(), NOTHING, mail)
            .await
    };
    let plain = || proto::NewTestMail {
        to: "ops@north.example".to_owned(),
        ..proto::NewTestMail::default()
    };
    let accepted = send(plain()).await.unwrap();
    assert_eq!(accepted.system, "printer");
    let seen = bench.door.seen.lock().unwrap().pop().unwrap();
    assert_eq!(seen.username, "scanner");
    assert_eq!(seen.client.to_string(), "203.0.113.10");
    assert_eq!(seen.sender.as_str(), "scanner@acme.example");
    assert_eq!(seen.recipient.as_str(), "ops@north.example");
    assert_eq!(
        (seen.subject.as_str(), seen.by.as_str()),
        ("Test mail", "operator")
    );

    for (mail, status) in [
        (
            proto::NewTestMail {
                to: "nobody".to_owned(),
                ..plain()
            },
            422,
        ),
        (
            proto::NewTestMail {
                from: Some("no address".to_owned()),
                ..plain()
            },
            422,
        ),
        (
            proto::NewTestMail {
                subject: Some("a\r\nBcc: b".to_owned()),
                ..plain()
            },
            422,
        ),
        (
            proto::NewTestMail {
                system: Some("other".to_owned()),
                ..plain()
            },
            404,
        ),
    ] {
        let refused = send(mail.clone()).await.unwrap_err();
        assert_eq!(refused.status, status, "{mail:?}");
    }
    assert!(bench.door.seen.lock().unwrap().is_empty());
    *bench.door.refusal.lock().unwrap() = Some(Reason::SenderNotAllowed.into());
    let refused = send(plain()).await.unwrap_err();
    assert_eq!(refused.code, "sender-not-allowed");
}

#[tokio::test]
async fn a_check_asks_for_each_sender_and_one_that_is_refused_hides_no_other() {
    let customer = Customer::new().await;
    let bench = &customer.bench;
    let edit = proto::RelayUserChange {
        allowed_senders: Some(vec!["invoices@acme.example".to_owned()]),
        ..proto::RelayUserChange::default()
    };
    let path = proto::RelayUserPath {
        account: "acme".to_owned(),
        user: "scanner".to_owned(),
    };
    bench
        .call::<proto::EditRelayUser>(path, NOTHING, edit)
        .await
        .unwrap();
    *bench.probe.refused.lock().unwrap() = vec!["scanner@acme.example".to_owned()];
    let check = bench
        .call::<proto::CheckRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(!check.ok && check.route.checked_at.is_some());
    let step = |name: &str| check.steps.iter().find(|step| step.name == name).unwrap();
    let refused = step("MAIL FROM scanner@acme.example");
    assert_eq!(
        (refused.ok, refused.reason.as_deref()),
        (false, Some("send-as-denied"))
    );
    assert_eq!(refused.remedy.as_deref(), Some("Add-RecipientPermission"));
    assert!(step("MAIL FROM invoices@acme.example").ok);
    assert!(step("size").ok && !step("size").warning);
    let spf = step("SPF acme.example");
    assert!(spf.ok && spf.warning && spf.remedy.is_some(), "{spf:?}");

    let found = bench.accounts.examine_routes().await;
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.level, it.remedy.as_str()))
        .collect();
    assert_eq!(told, [(FindingLevel::Ok, "")]);
    let cause = (Reason::RouteUnreachable, "no connection".to_owned());
    *bench.probe.failure.lock().unwrap() = Some(cause);
    let found = bench.accounts.examine_routes().await;
    assert_eq!(found[0].level, FindingLevel::Error);
    assert_eq!(found[0].remedy, "relayctl route check --account acme");
    assert!(found[0].sentence.contains("no connection"), "{found:?}");
}
