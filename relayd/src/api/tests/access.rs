//! Who may do what: sockets, tokens, host names.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use relay_proto as proto;

use super::bench::{Bench, NOTHING, Sender, at, new_account, new_user, problem};
use crate::{clock::Clock as _, model::AccountId};

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

#[tokio::test]
async fn no_account_is_found_by_the_id_of_another() {
    let bench = Bench::open().await;
    let acme = bench.customer("acme").await;
    let user = bench.user("acme", "scanner").await.user;
    let new = |name: &str| proto::NewAccount {
        email_vouched: true,
        ..new_account(name)
    };
    let taken = bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new(&acme.id))
        .await
        .unwrap_err();
    assert_eq!(taken.errors[0].field, "name", "{taken:?}");
    let taken = bench
        .call::<proto::CreateRelayUser>(at("acme"), NOTHING, new_user(Some(&user.id)))
        .await
        .unwrap_err();
    assert_eq!(taken.errors[0].field, "username", "{taken:?}");

    // One that was named like that earlier is in nobody's way, and stays with its own objects.
    let mut stranger = bench.store.account_by_name("acme").await.unwrap().unwrap();
    stranger.id = AccountId::new(&bench.ids, bench.clock.now());
    stranger.name.clone_from(&acme.id);
    bench.store.insert_account(&stranger).await.unwrap();
    let shown_to = async |sender: Sender<'_>| {
        let shown =
            bench.call_as::<proto::ShowAccount>(sender, at(&acme.id), NOTHING, NOTHING, None);
        shown.await.1.unwrap().id
    };
    assert_eq!(shown_to(Sender::Operator).await, acme.id);
    for id in [acme.id.clone(), stranger.id.to_string()] {
        let new = proto::NewToken {
            name: "erp".to_owned(),
            account: Some(id.clone()),
            read_only: false,
            expires_at: None,
        };
        let created = bench
            .call::<proto::CreateToken>(NOTHING, NOTHING, new)
            .await;
        let secret = created.unwrap().secret;
        assert_eq!(shown_to(Sender::Tcp(Some(&secret))).await, id);
    }
}

/// Fails to sign in as somebody unknown, through a proxy that says this of the client.
async fn guess(bench: &Bench, number: usize, forwarded: &str) -> u16 {
    let body = format!(r#"{{"email": "x{number}@acme.example", "password": "x"}}"#);
    let request = Request::builder()
        .method("POST")
        .uri("/v1/auth/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", forwarded)
        .body(Body::from(body))
        .unwrap();
    bench.send(request, Sender::Tcp(None)).await.0.as_u16()
}

#[tokio::test]
async fn clients_behind_a_proxy_are_told_apart_however_it_writes_them() {
    let bench = Bench::new().await;
    for number in 0..22 {
        // The first is what the client itself said.
        let one = format!("198.51.100.{number}, ::ffff:203.0.113.{number}");
        assert_eq!(guess(&bench, number, &one).await, 401, "{one}");
        let one = format!("203.0.114.{number}:5555");
        assert_eq!(guess(&bench, number, &one).await, 401, "{one}");
    }
    // The same one in other words stays the same.
    let same = [
        "198.51.100.7",
        "198.51.100.7:5555",
        "::ffff:198.51.100.7",
        "[::ffff:198.51.100.7]:443",
        "[::ffff:198.51.100.7]",
    ];
    for number in 0..20 {
        assert_eq!(guess(&bench, number, same[number % 5]).await, 401);
    }
    for one in same {
        assert_eq!(guess(&bench, 20, one).await, 429, "{one}");
    }
    // What cannot be read locks out nobody but its like.
    for number in 0..20 {
        guess(&bench, number, "unknown").await;
    }
    assert_eq!(guess(&bench, 20, "_hidden").await, 429);
    assert_eq!(guess(&bench, 20, "127.0.0.1").await, 401);
}

#[tokio::test]
async fn a_token_makes_none_that_outlives_it() {
    let bench = Bench::new().await;
    let end = "2026-11-21T21:00:00Z";
    let secret = token(&bench, "ci", false, Some(end)).await;
    for (expires, fits) in [
        (None, false),
        (Some("2026-11-21T21:00:01Z"), false),
        (Some(end), true),
    ] {
        let new = proto::NewToken {
            name: "next".to_owned(),
            account: None,
            read_only: false,
            expires_at: expires.map(|at| at.parse().unwrap()),
        };
        let sender = Sender::Tcp(Some(&secret));
        let made = bench.call_as::<proto::CreateToken>(sender, NOTHING, NOTHING, new, None);
        match made.await.1 {
            Ok(made) => {
                assert!(fits, "{expires:?}");
                assert_eq!(made.token.created_by, "token ci");
            }
            Err(problem) => {
                assert!(!fits, "{problem:?}");
                assert_eq!(problem.errors[0].field, "expires_at");
            }
        }
    }
}
