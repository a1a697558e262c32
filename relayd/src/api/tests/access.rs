//! Who may do what: sockets, tokens, host names.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use relay_proto as proto;

use super::bench::{Bench, NOTHING, Sender, problem};

fn request(method: &str, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap()
}

async fn token(bench: &Bench, name: &str, read_only: bool, expires: Option<&str>) -> String {
    let new = proto::NewToken {
        name: name.to_owned(),
        account: None,
        read_only,
        expires_at: expires.map(|at| at.parse().unwrap()),
    };
    bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await
        .unwrap()
        .secret
}

#[tokio::test]
async fn tcp_needs_a_token_that_is_valid() {
    let bench = Bench::new().await;
    let secret = token(&bench, "ci", false, Some("2026-11-21T21:00:00Z")).await;
    let status = async |token: Option<&str>| {
        let (status, headers, body) = bench
            .send(request("GET", "/v1/plans"), Sender::Tcp(token))
            .await;
        if status == StatusCode::UNAUTHORIZED {
            assert!(headers.contains_key(header::WWW_AUTHENTICATE));
            assert_eq!(problem(status, &headers, &body).code, "not-signed-in");
        }
        status.as_u16()
    };
    assert_eq!(status(None).await, 401);
    assert_eq!(status(Some("rlt_wrong")).await, 401);
    assert_eq!(status(Some(&secret)).await, 200);
    let listed = bench
        .call::<proto::ListTokens>(NOTHING, proto::TokenQuery::default(), NOTHING)
        .await
        .unwrap();
    assert!(listed.items[0].last_used_at.is_some());
    bench.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(status(Some(&secret)).await, 401, "expired");

    let secret = token(&bench, "ci-2", false, None).await;
    assert_eq!(status(Some(&secret)).await, 200);
    let revoke = proto::TokenPath {
        token: "ci-2".to_owned(),
    };
    bench
        .call::<proto::RevokeToken>(revoke.clone(), proto::TokenOwner::default(), NOTHING)
        .await
        .unwrap();
    assert_eq!(status(Some(&secret)).await, 401, "revoked");
    let again = bench
        .call::<proto::RevokeToken>(revoke, proto::TokenOwner::default(), NOTHING)
        .await;
    assert_eq!(again.unwrap_err().status, 404);
}

#[tokio::test]
async fn a_read_only_token_reads_only() {
    let bench = Bench::new().await;
    bench.customer("acme").await;
    let secret = token(&bench, "monitoring", true, None).await;
    let tcp = || Sender::Tcp(Some(&secret));
    let (status, ..) = bench.send(request("GET", "/v1/accounts/acme"), tcp()).await;
    assert_eq!(status, StatusCode::OK);
    let suspend = request("POST", "/v1/accounts/acme/suspend");
    let (status, headers, body) = bench.send(suspend, tcp()).await;
    assert_eq!(problem(status, &headers, &body).code, "forbidden");
    let (status, ..) = bench.send(request("GET", "/metrics"), tcp()).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn some_paths_need_no_token() {
    let bench = Bench::new().await;
    for (path, expected) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/v1/health", 200),
        ("/v1/version", 200),
        ("/v1/reasons", 200),
        ("/v1/reasons/sender-not-allowed", 200),
        ("/v1/openapi.json", 200),
        ("/metrics", 401),
        ("/v1/server", 401),
        ("/v1/accounts", 401),
        ("/v1/log/messages", 401),
    ] {
        let (status, ..) = bench.send(request("GET", path), Sender::Tcp(None)).await;
        assert_eq!(status.as_u16(), expected, "{path}");
    }
}

#[tokio::test]
async fn tcp_answers_under_known_host_names_only() {
    let bench = Bench::new().await;
    for (host, expected) in [
        ("localhost", 200),
        ("LOCALHOST:8443", 200),
        ("127.0.0.1:8443", 200),
        ("[::1]:8443", 200),
        ("relay.acme.example:8443", 200),
        ("rebound.example", 421),
        ("127.0.0.1.rebound.example", 421),
    ] {
        let mut request = request("GET", "/v1/version");
        request
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        let (status, ..) = bench.send(request, Sender::Tcp(None)).await;
        assert_eq!(status.as_u16(), expected, "{host}");
    }
}
