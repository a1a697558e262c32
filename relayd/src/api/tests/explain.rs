//! What would come of a mail: who may ask, and that asking leaves nothing behind.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use relay_proto as proto;
use serde_json::{Value, json};

use super::bench::{Bench, NOTHING, Sender, at, problem};
use crate::model::{Reason, Refusal};

fn question(account: &str, body: &Value) -> Request<Body> {
    Request::post(format!("/v1/accounts/{account}/explain"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(proto::IDEMPOTENCY_KEY, "once")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn mail() -> Value {
    json!({"user": "scanner", "address": "203.0.113.10", "from": "scanner@acme.example",
        "to": ["ops@acme.example"]})
}

async fn reader(bench: &Bench, account: Option<&str>) -> String {
    let new = proto::NewToken {
        name: format!("reader-{}", account.unwrap_or("all")),
        account: account.map(str::to_owned),
        read_only: true,
        expires_at: None,
    };
    let made = bench.call::<proto::CreateToken>(NOTHING, NOTHING, new);
    made.await.unwrap().secret
}

#[tokio::test]
async fn whoever_may_read_may_ask_and_nothing_is_left_behind() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    let (owner, operator) = (
        reader(&bench, Some("acme")).await,
        reader(&bench, None).await,
    );
    let entries = async || {
        let all = proto::AuditQuery::default();
        let audit = bench.call::<proto::ListAudit>(NOTHING, all, NOTHING);
        audit.await.unwrap().items.len()
    };
    let before = entries().await;
    for token in [&owner, &operator] {
        let (status, _, body) = bench
            .send(question("acme", &mail()), Sender::Tcp(Some(token)))
            .await;
        assert_eq!(status, StatusCode::OK);
        let told: proto::Explanation = serde_json::from_slice(&body).unwrap();
        assert!(told.accepted && !told.waits && told.reason.is_none());
        assert_eq!(told.reply.as_deref(), Some("250 2.0.0 Ok: queued as ID"));
    }
    assert_eq!(entries().await, before);
    let asked = bench.door.asked.lock().unwrap();
    let knows: Vec<_> = asked.iter().map(|question| question.knows_bans).collect();
    assert_eq!(knows, [false, true]);
    assert_eq!(asked[0].from.as_deref(), Some("scanner@acme.example"));
}

#[tokio::test]
async fn the_first_refusal_is_the_answer() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    bench.user("acme", "scanner").await;
    *bench.door.refusal.lock().unwrap() = Some(Refusal::from(Reason::AccountNotActive));
    let ask = proto::MailToExplain {
        user: Some("scanner".to_owned()),
        address: "203.0.113.10".to_owned(),
        header_from: Some(String::new()),
        to: vec!["ops@acme.example".to_owned()],
        ..proto::MailToExplain::default()
    };
    let told = bench.call::<proto::ExplainMail>(at("acme"), NOTHING, ask);
    let told = told.await.unwrap();
    assert!(!told.accepted);
    assert_eq!(told.reason.as_deref(), Some("account-not-active"));
    assert!(told.reply.unwrap().contains("[account-not-active]"));
    assert_eq!(bench.door.asked.lock().unwrap()[0].from, None);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    for (field, value, code) in [
        ("address", json!("floor 3"), "invalid-value"),
        ("from", json!("a\nb"), "invalid-value"),
        ("to", json!([]), "invalid-value"),
        ("user", json!("nobody"), "not-found"),
    ] {
        let mut body = mail();
        body[field] = value;
        let (status, headers, bytes) = bench.send(question("acme", &body), Sender::Operator).await;
        assert_eq!(problem(status, &headers, &bytes).code, code, "{field}");
    }
}

#[tokio::test]
async fn the_configuration_is_the_operators() {
    let bench = Bench::new().await;
    let shown = bench.call::<proto::ListSettings>(NOTHING, NOTHING, NOTHING);
    let settings = shown.await.unwrap().items;
    assert_eq!(settings[0].name, "hostname");
}
