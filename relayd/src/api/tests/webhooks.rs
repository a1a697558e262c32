//! Webhooks: made, changed, tried, served until they take it or are given up.

use std::time::Duration;

use relay_proto as proto;
use serde_json::Value;

use super::bench::{Bench, NOTHING, Sender, at};
use crate::{
    accounts::{WebhookAnswer as Answer, WebhookRequest as Request, WebhookSilence as Silence},
    model::Reach,
};

fn new(name: &str, url: &str, account: Option<&str>) -> proto::NewWebhook {
    proto::NewWebhook {
        name: name.to_owned(),
        account: account.map(str::to_owned),
        url: url.to_owned(),
        events: Vec::new(),
    }
}

fn named(name: &str) -> proto::WebhookPath {
    proto::WebhookPath {
        webhook: name.to_owned(),
    }
}

fn of(account: Option<&str>) -> proto::WebhookOwner {
    proto::WebhookOwner {
        account: account.map(str::to_owned),
    }
}

async fn create(bench: &Bench, new: proto::NewWebhook) -> proto::WebhookWithSecret {
    bench
        .call::<proto::CreateWebhook>(NOTHING, NOTHING, new)
        .await
        .unwrap()
}

async fn show(bench: &Bench, name: &str, account: Option<&str>) -> proto::Webhook {
    bench
        .call::<proto::ShowWebhook>(named(name), of(account), NOTHING)
        .await
        .unwrap()
}

async fn deliveries(bench: &Bench, name: &str, account: &str) -> Vec<proto::WebhookDelivery> {
    let query = proto::WebhookQuery {
        account: Some(account.to_owned()),
        ..proto::WebhookQuery::default()
    };
    bench
        .call::<proto::ListDeliveries>(named(name), query, NOTHING)
        .await
        .unwrap()
        .items
}

/// A customer whose webhook is told of its lane, which is held.
async fn held() -> (Bench, proto::WebhookWithSecret) {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.accounts.pass_on_notifications().await.unwrap();
    let hooks = new("hooks", "https://hooks.acme.example/r", Some("acme"));
    let created = create(&bench, hooks).await;
    hold(&bench).await;
    (bench, created)
}

async fn hold(bench: &Bench) {
    let hold = proto::LaneHold {
        reason: "maintenance".to_owned(),
    };
    bench
        .call::<proto::HoldLane>(at("acme"), NOTHING, hold)
        .await
        .unwrap();
    bench.accounts.pass_on_notifications().await.unwrap();
}

fn seen(bench: &Bench) -> Vec<Request> {
    bench.webhooks.seen.lock().unwrap().drain(..).collect()
}

async fn deliver(bench: &Bench) -> Vec<Request> {
    bench.accounts.deliver_to_webhooks().await.unwrap();
    seen(bench)
}

#[tokio::test]
async fn a_webhook_gets_a_signed_event_until_it_takes_it() {
    let (bench, created) = held().await;
    let secret = created.secret;
    *bench.webhooks.answers.lock().unwrap() = vec![
        Answer::Nothing(Silence::because("no connection", "10.0.0.1:443")),
        Answer::Status(500),
    ];
    let first = deliver(&bench).await.remove(0);
    let body: Value = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(body["id"], first.id.as_str());
    assert_eq!(body["type"], "lane.held");
    assert_eq!(body["account"], "acme");
    assert_eq!(body["time"], "2026-11-21T20:41:07Z");
    assert_eq!(body["data"]["kind"], "manual");
    assert_eq!(body["data"]["detail"], "maintenance");
    assert_eq!(first.reach, Reach::Public(Vec::new()));
    assert_eq!(first.secret.expose(), secret);

    // Not before its time, and the same again.
    assert!(deliver(&bench).await.is_empty());
    let waiting = deliveries(&bench, "hooks", "acme").await.remove(0);
    assert_eq!(
        (waiting.state, waiting.attempts, waiting.status),
        (proto::DeliveryState::Waiting, 1, 500)
    );
    assert!(
        show(&bench, "hooks", Some("acme"))
            .await
            .failing_since
            .is_some()
    );
    bench.clock.advance(Duration::from_secs(5));
    let second = deliver(&bench).await.remove(0);
    assert_eq!((second.id, second.body), (first.id.clone(), first.body));
    bench.clock.advance(Duration::from_secs(15));
    assert_eq!(deliver(&bench).await.len(), 1);
    bench.clock.advance(Duration::from_hours(24));
    assert!(deliver(&bench).await.is_empty());
    let done = deliveries(&bench, "hooks", "acme").await.remove(0);
    assert_eq!(
        (done.state, done.attempts, done.status, done.due_at),
        (proto::DeliveryState::Delivered, 3, 204, None)
    );
    assert_eq!(
        (done.event, done.kind),
        (first.id, proto::EventType::LaneHeld)
    );
    assert_eq!(
        show(&bench, "hooks", Some("acme")).await.failing_since,
        None
    );
}

#[tokio::test]
async fn a_webhook_that_takes_nothing_for_days_is_disabled_and_can_go_on() {
    let (bench, _) = held().await;
    let mut attempts = 0;
    loop {
        bench
            .webhooks
            .answers
            .lock()
            .unwrap()
            .push(Answer::Status(500));
        attempts += deliver(&bench).await.len();
        let hooks = show(&bench, "hooks", Some("acme")).await;
        if hooks.state == proto::WebhookState::Disabled {
            assert_eq!(hooks.note, "answered 500");
            break;
        }
        bench.clock.advance(Duration::from_hours(1));
        assert!(attempts < 13, "it goes on for ever");
    }
    assert_eq!(attempts, 12);
    // It is in the audit log, and waits to be told to the customer.
    let newest = bench
        .call::<proto::ListAudit>(NOTHING, proto::AuditQuery::default(), NOTHING)
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!(
        (newest.actor.as_str(), newest.action.as_str()),
        ("relayd", "DisableWebhook")
    );
    let told = bench.store.notifications_to_pass_on(10).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].occasion.kind().as_str(), "webhook.disabled");

    // What happens meanwhile does not reach it; what happens later does.
    hold(&bench).await;
    assert!(deliver(&bench).await.is_empty());
    let change = proto::WebhookChange {
        state: Some(proto::WebhookState::Active),
        ..proto::WebhookChange::default()
    };
    let hooks = bench
        .call::<proto::EditWebhook>(named("hooks"), of(Some("acme")), change)
        .await
        .unwrap();
    assert_eq!((hooks.note.as_str(), hooks.failing_since), ("", None));
    bench
        .call::<proto::ReleaseLane>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    bench.accounts.pass_on_notifications().await.unwrap();
    let bodies = deliver(&bench).await;
    assert_eq!(bodies.len(), 1);
    assert!(String::from_utf8_lossy(&bodies[0].body).contains("lane.released"));
}

#[tokio::test]
async fn one_that_is_gone_is_disabled_at_once() {
    let (bench, _) = held().await;
    bench
        .webhooks
        .answers
        .lock()
        .unwrap()
        .push(Answer::Status(410));
    assert_eq!(deliver(&bench).await.len(), 1);
    let hooks = show(&bench, "hooks", Some("acme")).await;
    assert_eq!(hooks.state, proto::WebhookState::Disabled);
}

#[tokio::test]
async fn each_hears_what_it_asked_for_and_what_concerns_it() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.customer("office").await;
    bench.accounts.pass_on_notifications().await.unwrap();
    create(&bench, new("all", "http://127.0.0.1:9/", None)).await;
    create(&bench, new("own", "https://acme.example/", Some("acme"))).await;
    create(
        &bench,
        new("theirs", "https://office.example/", Some("office")),
    )
    .await;
    let mut some = new("some", "https://acme.example/some", Some("acme"));
    some.events = vec![proto::EventType::LaneReleased];
    create(&bench, some).await;
    hold(&bench).await;
    let mut urls: Vec<_> = deliver(&bench)
        .await
        .into_iter()
        .map(|request| (request.url.to_string(), request.reach == Reach::Anywhere))
        .collect();
    urls.sort();
    assert_eq!(
        urls,
        [
            ("http://127.0.0.1:9/".to_owned(), true),
            ("https://acme.example/".to_owned(), false)
        ]
    );
}

#[tokio::test]
async fn a_try_tells_what_came_of_it() {
    let (bench, _) = held().await;
    deliver(&bench).await;
    bench.webhooks.answers.lock().unwrap().extend([
        Answer::Status(302),
        Answer::Nothing(Silence::because("no connection", "10.0.0.1:443")),
    ]);
    for (ok, status) in [(false, 0), (false, 302), (true, 204)] {
        let test = bench
            .call::<proto::TestWebhook>(named("hooks"), of(Some("acme")), NOTHING)
            .await
            .unwrap();
        assert_eq!(
            (test.ok, test.status, test.detail.is_empty()),
            (ok, status, ok)
        );
        assert!(!test.detail.contains("10.0.0.1"), "{}", test.detail);
    }
    let request = seen(&bench).remove(0);
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "webhook.test");
    // It is no delivery.
    assert_eq!(deliveries(&bench, "hooks", "acme").await.len(), 1);
    for _ in 3..30 {
        let again = bench.call::<proto::TestWebhook>(named("hooks"), of(Some("acme")), NOTHING);
        again.await.unwrap();
    }
    let again = bench.call::<proto::TestWebhook>(named("hooks"), of(Some("acme")), NOTHING);
    assert_eq!(again.await.unwrap_err().code, "requests-throttled");
}

#[tokio::test]
async fn a_change_needs_the_version_that_is_known() {
    let (bench, _) = held().await;
    let change = || proto::WebhookChange {
        events: Some(vec![proto::EventType::QuotaReached]),
        ..proto::WebhookChange::default()
    };
    let edit = async |tag: &str| {
        let (headers, result) = bench
            .call_with::<proto::EditWebhook>(named("hooks"), of(Some("acme")), change(), Some(tag))
            .await;
        (headers, result)
    };
    let (headers, result) = edit("\"1\"").await;
    assert_eq!(result.unwrap().version, 2);
    assert_eq!(headers["etag"], "\"2\"");
    assert_eq!(edit("\"1\"").await.1.unwrap_err().code, "stale-version");
}

#[tokio::test]
async fn an_owner_reaches_the_public_internet_only() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let token = proto::NewToken {
        name: "script".to_owned(),
        account: Some("acme".to_owned()),
        read_only: false,
        expires_at: None,
    };
    let token = bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, token)
        .await
        .unwrap()
        .secret;
    let create = async |url: &str| {
        bench
            .call_as::<proto::CreateWebhook>(
                Sender::Tcp(Some(&token)),
                NOTHING,
                NOTHING,
                new("hooks", url, None),
                None,
            )
            .await
            .1
    };
    for url in [
        "http://localhost/",
        "http://127.0.0.1:8025/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "http://hooks.acme.example/",
        "https://user:pw@hooks.acme.example/",
        "nonsense",
    ] {
        let problem = create(url).await.unwrap_err();
        assert_eq!(
            (problem.code.as_str(), problem.errors.len()),
            ("invalid-value", 1),
            "{url}"
        );
        assert_eq!(problem.errors[0].field, "url");
    }
    let made = create("https://hooks.acme.example/").await.unwrap();
    assert_eq!(made.webhook.account.as_deref(), Some("acme"));
    assert_eq!(
        create("https://hooks.acme.example/")
            .await
            .unwrap_err()
            .code,
        "name-taken"
    );
    // The operator sees it as one of the account, and none of the own.
    assert_eq!(
        show(&bench, "hooks", Some("acme")).await.id,
        made.webhook.id
    );
    let own = bench
        .call::<proto::ShowWebhook>(named(&made.webhook.id), of(None), NOTHING)
        .await;
    assert_eq!(own.unwrap_err().code, "not-found");
}
