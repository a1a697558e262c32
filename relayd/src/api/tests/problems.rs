//! Whatever goes wrong, the reply is a problem.

use axum::{body::Body, http::Request};

use super::bench::{Bench, Sender, problem};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn every_refusal_is_a_problem() {
    let bench = Bench::new().await;
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let json = Some("application/json");
    for (method, path, media_type, body, status, code, field) in [
        ("GET", "/", None, "", 404, "not-found", None),
        ("GET", "/v1/nothing", None, "", 404, "not-found", None),
        ("GET", "/v1/accounts/none", None, "", 404, "not-found", None),
        ("GET", "/v1/accounts/%ff", None, "", 404, "not-found", None),
        ("GET", "/v1/reasons/none", None, "", 404, "not-found", None),
        (
            "DELETE",
            "/v1/plans",
            None,
            "",
            405,
            "method-not-allowed",
            None,
        ),
        (
            "POST",
            "/healthz",
            None,
            "",
            405,
            "method-not-allowed",
            None,
        ),
        ("POST", "/v1/tokens", None, "{}", 415, "invalid-value", None),
        (
            "POST",
            "/v1/tokens",
            Some("text/plain"),
            "{}",
            415,
            "invalid-value",
            None,
        ),
        (
            "POST",
            "/v1/tokens",
            json,
            &large,
            413,
            "invalid-value",
            None,
        ),
        (
            "POST",
            "/v1/tokens",
            json,
            "{",
            422,
            "invalid-value",
            Some("body"),
        ),
        (
            "POST",
            "/v1/tokens",
            json,
            "{}",
            422,
            "invalid-value",
            Some("name"),
        ),
        (
            "POST",
            "/v1/tokens",
            json,
            "{\"name\":\"ci\",\"a\":1}",
            422,
            "invalid-value",
            Some("a"),
        ),
        (
            "GET",
            "/v1/plans?limit=0",
            None,
            "",
            422,
            "invalid-value",
            Some("limit"),
        ),
        (
            "GET",
            "/v1/plans?limit=x",
            None,
            "",
            422,
            "invalid-value",
            Some("limit"),
        ),
        (
            "GET",
            "/v1/plans?page=2",
            None,
            "",
            422,
            "invalid-value",
            Some("page"),
        ),
        (
            "GET",
            "/v1/plans?cursor=%21",
            None,
            "",
            422,
            "invalid-value",
            Some("cursor"),
        ),
        (
            "GET",
            "/v1/log/rejects?reason=no",
            None,
            "",
            422,
            "invalid-value",
            Some("reason"),
        ),
        (
            "GET",
            "/v1/log/messages?status=gone",
            None,
            "",
            422,
            "invalid-value",
            Some("status"),
        ),
    ] {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (got, headers, bytes) = bench.send(request, Sender::Operator).await;
        assert_eq!(got.as_u16(), status, "{method} {path}");
        let problem = problem(got, &headers, &bytes);
        assert_eq!(problem.code, code, "{method} {path}");
        let named = problem.errors.first().map(|error| error.field.as_str());
        assert_eq!(named, field, "{method} {path}: {problem:?}");
    }
}

#[tokio::test]
async fn a_store_that_is_gone_makes_relayd_not_ready() {
    let bench = Bench::new().await;
    bench.store.close().await;
    for (path, status) in [("/healthz", 200), ("/readyz", 503), ("/v1/plans", 503)] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let (got, headers, bytes) = bench.send(request, Sender::Operator).await;
        assert_eq!(got.as_u16(), status, "{path}");
        if status == 503 {
            let problem = problem(got, &headers, &bytes);
            assert_eq!(problem.code, "store-unavailable");
            assert_eq!(problem.cause, None, "the inside stays inside");
        }
    }
}
