//! A POST that is repeated with its key is done once.

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use relay_proto as proto;
use serde_json::Value;

use super::bench::{Bench, NOTHING, Sender, problem};
use crate::{
    clock::Clock,
    store::{RequestKey, Reservation},
};

const TOKENS: &str = "/v1/tokens";

async fn post(
    bench: &Bench,
    path: &str,
    key: &str,
    body: &str,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    post_as(bench, path, key, body, Sender::Operator).await
}

async fn post_as(
    bench: &Bench,
    path: &str,
    key: &str,
    body: &str,
    sender: Sender<'_>,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(proto::IDEMPOTENCY_KEY, key)
        .body(Body::from(body.to_owned()))
        .unwrap();
    let (status, headers, body) = bench.send(request, sender).await;
    (status, headers, body.to_vec())
}

async fn code(bench: &Bench, path: &str, key: &str, body: &str) -> (u16, String) {
    let (status, headers, body) = post(bench, path, key, body).await;
    let problem = problem(status, &headers, &body);
    (status.as_u16(), problem.code)
}

async fn tokens(bench: &Bench) -> usize {
    let listed = bench
        .call::<proto::ListTokens>(NOTHING, proto::TokenQuery::default(), NOTHING)
        .await;
    listed.unwrap().items.len()
}

#[tokio::test]
async fn a_repetition_gets_the_same_reply_without_its_secret() {
    let bench = Bench::new().await;
    let body = r#"{"name": "deploy"}"#;
    let (status, headers, first) = post(&bench, TOKENS, "key-1", body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(!headers.contains_key(proto::IDEMPOTENCY_REPLAYED));
    let first: proto::TokenWithSecret = serde_json::from_slice(&first).unwrap();
    assert!(first.secret.starts_with("rlt_"));

    // Spaces are no other body.
    let (status, headers, again) = post(&bench, TOKENS, "key-1", r#"{"name":"deploy"}"#).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(headers[proto::IDEMPOTENCY_REPLAYED], "true");
    let again: proto::TokenWithSecret = serde_json::from_slice(&again).unwrap();
    assert_eq!((again.token, again.secret.as_str()), (first.token, ""));
    assert_eq!(tokens(&bench).await, 1);

    let other = code(&bench, TOKENS, "key-1", r#"{"name": "other"}"#).await;
    assert_eq!(other, (422, "idempotency-key-reused".to_owned()));
    let taken = code(&bench, TOKENS, "key-2", body).await;
    assert_eq!(taken, (409, "name-taken".to_owned()));
    assert_eq!(tokens(&bench).await, 1);
}

#[tokio::test]
async fn a_made_password_is_not_shown_again() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let body = r#"{"username": "scanner", "sender": "scanner@acme.example"}"#;
    let path = "/v1/accounts/acme/users";
    let (_, _, first) = post(&bench, path, "key", body).await;
    let (status, _, again) = post(&bench, path, "key", body).await;
    let (first, again): (Value, Value) = (
        serde_json::from_slice(&first).unwrap(),
        serde_json::from_slice(&again).unwrap(),
    );
    assert_eq!(status, StatusCode::CREATED);
    assert!(first["password"].is_string());
    assert_eq!(again["password"], Value::Null);
    assert_eq!(again["user"], first["user"]);
}

#[tokio::test]
async fn a_request_that_failed_may_be_tried_again_with_its_key() {
    let bench = Bench::new().await;
    let path = "/v1/accounts/acme/activate";
    assert_eq!(code(&bench, path, "key", "").await.0, 404);
    bench.customer("acme").await;
    let (status, ..) = post(&bench, path, "key", "").await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn keys_are_bounded_and_end_after_a_day() {
    let bench = Bench::new().await;
    let body = r#"{"name": "deploy"}"#;
    for key in ["", "ä", &"x".repeat(201)] {
        let (status, ..) = post(&bench, TOKENS, key, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{key:?}");
    }
    assert_eq!(tokens(&bench).await, 0);
    let key = "x".repeat(200);
    assert_eq!(
        post(&bench, TOKENS, &key, body).await.0,
        StatusCode::CREATED
    );
    bench.clock.advance(std::time::Duration::from_hours(25));
    assert_eq!(code(&bench, TOKENS, &key, body).await.1, "name-taken");
}

#[tokio::test]
async fn a_key_that_is_being_worked_on_or_lost_its_reply_says_so() {
    let bench = Bench::new().await;
    let body = r#"{"name":"deploy","read_only":false}"#;
    let key = RequestKey {
        caller: "operator".to_owned(),
        key: "key".to_owned(),
    };
    let fingerprint = bench.store.fingerprint("POST", TOKENS, body.as_bytes());
    let now = bench.clock.now();
    let reserved = bench.store.reserve_key(&key, &fingerprint, now).await;
    assert_eq!(reserved.unwrap(), Reservation::Fresh);
    let running = code(&bench, TOKENS, "key", body).await;
    assert_eq!(running, (409, "request-in-progress".to_owned()));

    // It changed something before its relayd died.
    let mut origin = crate::store::Origin::new(now, String::new(), String::new(), "CreateToken");
    origin.key = Some(key.clone());
    let store = bench.store.on_behalf_of(std::sync::Arc::new(origin));
    store.record_unchanged().await.unwrap();
    bench.clock.advance(std::time::Duration::from_mins(3));
    let lost = code(&bench, TOKENS, "key", body).await;
    assert_eq!(lost, (409, "reply-lost".to_owned()));

    // Another died before it did anything.
    let key = RequestKey {
        key: "key-2".to_owned(),
        ..key
    };
    let now = bench.clock.now();
    let reserved = bench.store.reserve_key(&key, &fingerprint, now).await;
    assert_eq!(reserved.unwrap(), Reservation::Fresh);
    bench.clock.advance(std::time::Duration::from_mins(3));
    let (status, ..) = post(&bench, TOKENS, "key-2", body).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_sign_in_is_never_replayed() {
    let bench = Bench::open().await;
    let password = proto::SignInPassword {
        current_password: None,
        new_password: "correct horse battery staple".to_owned(),
    };
    bench
        .call::<proto::ChangeSignInPassword>(super::bench::at("office"), NOTHING, password)
        .await
        .unwrap();
    let body = r#"{"email": "ops@acme.example", "password": "correct horse battery staple"}"#;
    let path = "/v1/auth/session";
    let (_, _, first) = post_as(&bench, path, "key", body, Sender::Tcp(None)).await;
    let (status, headers, second) = post_as(&bench, path, "key", body, Sender::Tcp(None)).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(!headers.contains_key(proto::IDEMPOTENCY_REPLAYED));
    let secret = |json: &[u8]| {
        let session: proto::Session = serde_json::from_slice(json).unwrap();
        session.secret
    };
    assert!(secret(&second).starts_with("rls_"));
    assert_ne!(secret(&first), secret(&second));

    // Keys belong to the owner, whatever session they come with, and to nobody else.
    let new = r#"{"name": "own"}"#;
    let (first, second) = (secret(&first), secret(&second));
    for (sender, replayed) in [
        (Sender::Tcp(Some(&first)), false),
        (Sender::Tcp(Some(&second)), true),
        (Sender::Operator, false),
    ] {
        let (status, headers, _) = post_as(&bench, TOKENS, "key", new, sender).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(headers.contains_key(proto::IDEMPOTENCY_REPLAYED), replayed);
    }
}

#[tokio::test]
async fn keys_of_those_who_did_not_sign_in_belong_to_their_address() {
    let bench = Bench::open().await;
    let body = r#"{"name": "shop", "kind": "company", "company": "Shop GmbH", "country": "DE",
        "email": "ada@shop.example", "email_vouched": false,
        "password": "correct horse battery staple"}"#;
    for (from, expected) in [
        ("192.0.2.1", StatusCode::CREATED),
        ("192.0.2.1", StatusCode::CREATED),
        ("192.0.2.2", StatusCode::CONFLICT),
    ] {
        let request = Request::builder()
            .method("POST")
            .uri("/v1/accounts")
            .header(header::CONTENT_TYPE, "application/json")
            .header(proto::IDEMPOTENCY_KEY, "key")
            .header("x-forwarded-for", from)
            .body(Body::from(body))
            .unwrap();
        let (status, ..) = bench.send(request, Sender::Tcp(None)).await;
        assert_eq!(status, expected, "{from}");
    }
}

#[tokio::test]
async fn keys_of_strangers_are_kept_where_they_are_of_use_and_within_bounds() {
    let send = async |bench: &Bench, number: usize| {
        let request = Request::builder()
            .method("POST")
            .uri("/v1/accounts")
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("key-{number}"))
            .body(Body::from(
                r#"{"kind": "company", "company": "Acme GmbH", "email": "ops@acme.example",
                    "password": "a"}"#,
            ))
            .unwrap();
        let (status, headers, body) = bench.send(request, Sender::Tcp(None)).await;
        problem(status, &headers, &body).code
    };
    let bench = Bench::new().await;
    bench.store.close().await;
    // Nothing is written, or the answer were another.
    assert_eq!(send(&bench, 0).await, "registration-closed");

    let bench = Bench::open().await;
    for number in 0..30 {
        send(&bench, number).await;
    }
    bench.store.close().await;
    assert_eq!(send(&bench, 30).await, "requests-throttled");
}
