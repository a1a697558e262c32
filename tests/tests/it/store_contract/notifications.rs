//! Promises about what is to be told, and about webhooks.

use std::collections::BTreeSet;

use relayd::{
    model::{
        AccountId, DeliveryId, DeliveryState, Hold, HoldKind, LimitSet, Notification,
        NotificationKind, Occasion, Override, PlanId, Reason, Secret, Subject, SubscriptionId,
        TokenId, Webhook, WebhookDelivery, WebhookId, WebhookState,
    },
    store::{InsertWebhookError, NewSubscription, StoreError, Token},
};

use super::world::{IDS, World, an_account, later, noon, quotas_of};

fn note(account: Option<AccountId>, cause: &str) -> Notification {
    Notification::new(&IDS, noon(), account, Occasion::LaneReleased {}, cause)
}

fn causes(found: &[Notification]) -> Vec<&str> {
    found.iter().map(|it| it.once.as_str()).collect()
}

pub(super) async fn a_notification_is_written_with_its_change_or_not_at_all(world: World) {
    let account = an_account(AccountId::new(&IDS, noon()), "globex");
    let one = note(Some(account.id), "one");
    let store = world.store.noting(one.clone());
    store.insert_account(&account).await.unwrap();
    let taken = an_account(AccountId::new(&IDS, noon()), "globex");
    let store = world.store.noting(note(Some(taken.id), "two"));
    assert!(store.insert_account(&taken).await.is_err());
    let waiting = world.store.notifications_to_pass_on(10).await.unwrap();
    assert_eq!(waiting, std::slice::from_ref(&one));
    assert_eq!(world.store.notification(one.id).await.unwrap(), Some(one));
}

pub(super) async fn a_cause_is_told_once_and_passed_on_once(world: World) {
    let store = &world.store;
    let (first, again, other) = (note(None, "a"), note(None, "a"), note(None, "b"));
    assert!(store.note(&first).await.unwrap());
    assert!(!store.note(&again).await.unwrap());
    assert!(store.note(&other).await.unwrap());
    let to_tell = store.notifications_to_tell(10).await.unwrap();
    assert_eq!(causes(&to_tell), ["lane.released a", "lane.released b"]);
    store.mark_told(&[first.id]).await.unwrap();
    store.pass_on(other.id, &[]).await.unwrap();
    let to_tell = store.notifications_to_tell(10).await.unwrap();
    assert_eq!(causes(&to_tell), ["lane.released b"]);
    let to_pass_on = store.notifications_to_pass_on(10).await.unwrap();
    assert_eq!(causes(&to_pass_on), ["lane.released a"]);

    assert_eq!(store.sweep_notifications(noon()).await.unwrap(), 0);
    assert_eq!(store.sweep_notifications(later(1)).await.unwrap(), 2);
    assert!(store.note(&again).await.unwrap(), "it is long ago");
}

pub(super) async fn a_hold_that_changes_nothing_is_not_told(world: World) {
    let hold = |kind, since| Hold {
        kind,
        reason: Reason::RouteCredentialsRejected,
        detail: "535 5.7.3 no".to_owned(),
        since,
        until: None,
    };
    let manual = hold(HoldKind::Manual, noon());
    let credentials = hold(HoldKind::Credentials, later(60));
    for hold in [&manual, &credentials] {
        let note = Notification::of_hold(&IDS, world.account, world.route, hold);
        let store = world.store.noting(note);
        store.set_hold(world.route, hold).await.unwrap();
    }
    let kinds = "SELECT kind FROM notifications ORDER BY id";
    assert_eq!(world.texts(kinds).await, ["lane.held"]);
    let released = |seconds| {
        let note = Notification::of_release(&IDS, later(seconds), world.account, world.route);
        world.store.noting(note)
    };
    let lifted = released(1).lift_hold(world.route, &credentials).await;
    assert!(!lifted.unwrap());
    released(2).clear_hold(world.route).await.unwrap();
    released(3).clear_hold(world.route).await.unwrap();
    assert_eq!(world.texts(kinds).await, ["lane.held", "lane.released"]);
    let account = world.store.account_of_route(world.route).await.unwrap();
    assert_eq!(account, Some(world.account));
}

pub(super) fn a_webhook(account_id: Option<AccountId>, name: &str) -> Webhook {
    Webhook {
        id: WebhookId::new(&IDS, noon()),
        account_id,
        name: name.to_owned(),
        url: "https://hooks.example.com/relayd?a=1".parse().unwrap(),
        events: vec![NotificationKind::LaneHeld, NotificationKind::QuotaReached],
        state: WebhookState::Active,
        note: String::new(),
        failing_since: None,
        created_at: noon(),
        version: 1,
    }
}

/// Of an account as of the operator, also when several come at once.
pub(super) async fn webhooks_stop_at_the_cap(world: World) {
    let (store, secret) = (&world.store, Secret::new("whsec_eA=="));
    for owner in [Some(world.account), None] {
        let webhooks: Vec<_> = (0..4)
            .map(|number| a_webhook(owner, &format!("hooks-{number}")))
            .collect();
        let [first, second, third, fourth] = &webhooks[..] else {
            panic!("{webhooks:?}")
        };
        let added = tokio::join!(
            store.insert_webhook(first, &secret, 2),
            store.insert_webhook(second, &secret, 2),
            store.insert_webhook(third, &secret, 2),
            store.insert_webhook(fourth, &secret, 2),
        );
        let refused: Vec<_> = [added.0, added.1, added.2, added.3]
            .into_iter()
            .filter_map(Result::err)
            .collect();
        assert!(
            matches!(
                refused[..],
                [
                    InsertWebhookError::OverLimit(2),
                    InsertWebhookError::OverLimit(2)
                ]
            ),
            "{refused:?}"
        );
        assert_eq!(store.webhooks(owner, "", 9).await.unwrap().len(), 2);
    }
}

pub(super) async fn a_webhook_keeps_its_secret_and_its_version(world: World) {
    let (store, own) = (&world.store, Some(world.account));
    let secret = Secret::new("whsec_cGxhbnRlZA==");
    let (mut acme, ours) = (a_webhook(own, "hooks"), a_webhook(None, "hooks"));
    for webhook in [&acme, &ours] {
        store.insert_webhook(webhook, &secret, 9).await.unwrap();
        assert_eq!(
            store.webhook(webhook.id).await.unwrap().as_ref(),
            Some(webhook)
        );
        let opened = store.webhook_secret(webhook).await.unwrap();
        assert_eq!(opened.expose(), secret.expose());
    }
    let again = store
        .insert_webhook(&a_webhook(own, "hooks"), &secret, 9)
        .await;
    let is_taken = matches!(
        again,
        Err(InsertWebhookError::Store(StoreError::Conflict(_)))
    );
    assert!(is_taken, "{again:?}");
    // Sealed, and for this account.
    let row = sqlx::query("SELECT COUNT(*) FROM webhooks WHERE secret = $1")
        .bind(secret.expose().as_bytes())
        .fetch_one(&world.sql);
    assert_eq!(sqlx::Row::get::<i64, _>(&row.await.unwrap(), 0), 0);
    let strange = Webhook {
        account_id: None,
        ..acme.clone()
    };
    assert!(store.webhook_secret(&strange).await.is_err());

    let names = |found: Vec<Webhook>| found.iter().map(|it| it.id).collect::<BTreeSet<_>>();
    let both = BTreeSet::from([acme.id, ours.id]);
    assert_eq!(names(store.webhooks_for(own).await.unwrap()), both);
    let of_none = store.webhooks_for(None).await.unwrap();
    assert_eq!(of_none, std::slice::from_ref(&ours));
    assert_eq!(store.webhooks(own, "", 9).await.unwrap(), [acme.clone()]);
    assert_eq!(store.webhooks(own, "hooks", 9).await.unwrap(), []);
    let found = store.webhook_by_name(None, "hooks").await.unwrap();
    assert_eq!(found.as_ref(), Some(&ours));

    acme.state = WebhookState::Disabled;
    "switched off by a person".clone_into(&mut acme.note);
    acme.events.clear();
    store.update_webhook(&acme, noon()).await.unwrap();
    let stale = store.update_webhook(&acme, noon()).await;
    assert_eq!(stale, Err(StoreError::NotFound));
    acme.version = 2;
    assert_eq!(store.webhook(acme.id).await.unwrap(), Some(acme.clone()));
    assert_eq!(
        names(store.webhooks_for(own).await.unwrap()),
        [ours.id].into()
    );
    store.delete_webhook(acme.id).await.unwrap();
    let again = store.delete_webhook(acme.id).await;
    assert_eq!(again, Err(StoreError::NotFound));
}

fn a_delivery(webhook: &Webhook, note: &Notification, due: i64) -> WebhookDelivery {
    WebhookDelivery {
        id: DeliveryId::new(&IDS, noon()),
        webhook_id: webhook.id,
        notification_id: note.id,
        state: DeliveryState::Waiting,
        attempts: 0,
        due_at: later(due),
        status: 0,
        detail: String::new(),
        created_at: noon(),
        finished_at: None,
    }
}

/// Three to each of two webhooks, one by one.
async fn deliveries_to(world: &World, to: [&Webhook; 2], secret: &Secret) -> Vec<WebhookDelivery> {
    let store = &world.store;
    let [one, two] = to;
    let mut made = Vec::new();
    for webhook in to {
        store.insert_webhook(webhook, secret, 9).await.unwrap();
    }
    for (place, cause) in ["a", "b", "c"].into_iter().enumerate() {
        let note = note(None, cause);
        store.note(&note).await.unwrap();
        let due = i64::try_from(place).unwrap();
        let both = [
            a_delivery(one, &note, due),
            a_delivery(two, &note, due + 100),
        ];
        store.pass_on(note.id, &both).await.unwrap();
        // Again, as after a crash: there is one for each.
        let again = [a_delivery(one, &note, due), a_delivery(two, &note, due)];
        store.pass_on(note.id, &again).await.unwrap();
        made.extend(both);
    }
    made
}

pub(super) async fn deliveries_wait_their_turn_and_end_with_their_webhook(world: World) {
    let (store, secret) = (&world.store, Secret::new("whsec_eA=="));
    let (one, two) = (a_webhook(None, "one"), a_webhook(None, "two"));
    let made = deliveries_to(&world, [&one, &two], &secret).await;
    let due = async |seconds, each| {
        let due = store.due_deliveries(later(seconds), each, 100).await;
        due.unwrap().iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(due(1, 9).await, [made[0].id, made[2].id]);
    assert_eq!(due(200, 1).await, [made[0].id, made[1].id]);
    let failing = async || store.webhook(one.id).await.unwrap().unwrap().failing_since;

    let mut first = made[0].clone();
    (first.attempts, first.status, first.due_at) = (1, 503, later(50));
    "answered 503\0".clone_into(&mut first.detail);
    store.settle_delivery(&first, later(2)).await.unwrap();
    store.settle_delivery(&first, later(3)).await.unwrap();
    assert_eq!(failing().await, Some(later(2)));
    assert_eq!(due(1, 9).await, [made[2].id]);
    let mut third = made[2].clone();
    (third.state, third.finished_at) = (DeliveryState::Delivered, Some(later(4)));
    store.settle_delivery(&third, later(4)).await.unwrap();
    assert_eq!(failing().await, None);

    let listed = store.deliveries(one.id, None, 9).await.unwrap();
    let states: Vec<_> = listed.iter().map(|(it, _)| it.state).collect();
    assert_eq!(
        states,
        [
            DeliveryState::Waiting,
            DeliveryState::Delivered,
            DeliveryState::Waiting
        ]
    );
    assert_eq!(listed[2].0.detail, "answered 503\u{fffd}");
    assert_eq!(listed[2].1, NotificationKind::LaneReleased);
    let rest = store.deliveries(one.id, Some(made[2].id), 9).await.unwrap();
    assert_eq!(rest.len(), 1);

    let disabled = Webhook {
        state: WebhookState::Disabled,
        ..one.clone()
    };
    store.update_webhook(&disabled, later(60)).await.unwrap();
    let listed = store.deliveries(one.id, None, 9).await.unwrap();
    let ends: Vec<_> = listed
        .iter()
        .map(|(it, _)| (it.state, it.finished_at))
        .collect();
    let failed = (DeliveryState::Failed, Some(later(60)));
    let delivered = (DeliveryState::Delivered, Some(later(4)));
    assert_eq!(ends, [failed, delivered, failed]);
    store.delete_webhook(one.id).await.unwrap();
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM webhook_deliveries")
            .await,
        3
    );
}

pub(super) async fn users_near_their_quota_are_found(world: World) {
    let store = &world.store;
    let plan = store.plan_by_name("starter").await.unwrap().unwrap();
    subscribe(&world, plan.id).await;
    let set = LimitSet {
        messages_per_day: Some(100),
        ..LimitSet::default()
    };
    let user = Subject::User(world.user);
    let decide = |_| {
        Ok::<_, StoreError>(Override {
            limits: set,
            set_by: relayd::model::Authority::Operator,
        })
    };
    store
        .change_limits(world.account, user, noon(), decide)
        .await
        .unwrap();
    let mut message = world.message(1);
    message.quotas = quotas_of(world.user, plan.limits);
    world.journal.accept(message).await.unwrap();
    let near = async |now| store.users_near_quota(now, 80).await.unwrap();
    assert_eq!(near(noon()).await, []);
    for (messages, is_near) in [(79, false), (80, true), (100, true)] {
        sqlx::query("UPDATE rates SET messages = $1")
            .bind(i64::from(messages))
            .execute(&world.sql)
            .await
            .unwrap();
        let found = near(noon()).await;
        assert_eq!(found.len(), usize::from(is_near), "{messages}");
        for user in found {
            assert_eq!((user.id, user.account_id), (world.user, world.account));
            assert_eq!(
                (user.username.as_str(), user.limits.messages_per_day),
                ("scanner", 100)
            );
            assert_eq!(user.meter.used_of_day(noon()).0, messages);
        }
    }
    assert_eq!(near(later(24 * 60 * 60)).await, [], "another day");
}

async fn subscribe(world: &World, plan_id: PlanId) {
    let subscription = NewSubscription {
        id: SubscriptionId::new(&IDS, noon()),
        account_id: world.account,
        plan_id,
        started_at: noon(),
    };
    world.store.start_subscription(&subscription).await.unwrap();
}

pub(super) async fn tokens_that_end_are_found(world: World) {
    for (number, ends) in [(1_u8, Some(10)), (2, Some(20)), (3, None), (4, Some(30))] {
        let token = Token {
            id: TokenId::new(&IDS, noon()),
            account_id: (number == 2).then_some(world.account),
            name: format!("token-{number}"),
            hash: vec![number; 32],
            read_only: false,
            created_at: noon(),
            expires_at: ends.map(later),
            last_used_at: None,
            created_by: "operator".to_owned(),
        };
        world.store.insert_token(&token).await.unwrap();
    }
    let found = world.store.tokens_that_end(later(10), later(20)).await;
    let names: Vec<_> = found.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["token-2"]);
}
