//! Routes of every kind: missing values, secrets, the fallback, what to run, and signing in.

use serde_json::{Value, json};

use crate::{Relayctl, fake::Api};

const CLIENT: &str = "4b1d7c20-0000-4000-8000-000000000000";
const NONE: &str = r#"{"title":"There is no such object","status":404,"code":"not-found","request_id":"r","errors":[],"steps":[]}"#;

fn route() -> Value {
    json!({
        "id": "r1", "account": "acme", "role": "primary", "kind": "smtp-oauth",
        "server": "smtp.office365.com", "mx_of": null, "port": 587, "security": "starttls",
        "mailbox": "relay@acme.example", "has_password": false, "has_ca": false,
        "oauth": {"cloud": "world", "tenant": "acme.example", "client_id": CLIENT,
            "grant": "client-secret", "authority": null, "scope": null,
            "expires_at": "2026-12-26T00:00:00Z", "signed_in": null},
        "certificate": null, "folder": null, "connections": 3, "per_minute": 30,
        "recipients_per_day": 10000, "recipients_per_mail": 500, "keep_open": 5,
        "unknown_outcome": "retry", "size_limit": null, "offers": null,
        "checked_at": "2026-11-21T20:00:00Z", "ready": true, "hold": null,
        "fallback": "connector MX of acme.example",
        "warnings": ["the client secret ends in 30 days, on 2026-12-26"],
        "setup": ["Connect-ExchangeOnline", "# a remark", "New-ServicePrincipal -AppId X"],
        "version": 7
    })
}

fn for_acme(api: &Api) -> Relayctl {
    Relayctl::at(api).env("RELAYCTL_ACCOUNT", "acme")
}

fn body(api: &Api) -> Value {
    serde_json::from_str(&api.asked().pop().unwrap().body).unwrap()
}

#[test]
fn missing_values_of_each_kind_are_in_one_error() {
    for (arguments, flags) in [
        (
            &["--kind", "smtp-oauth"][..],
            "--mailbox, --tenant, --client-id, --client-secret-file (or --client-secret-stdin, or \
             --certificate and --key)",
        ),
        (&["--kind", "connector"], "--mx-of (or --server)"),
        (
            &["--preset", "acs"],
            "--mailbox, --password-file (or --password-stdin)",
        ),
        (
            &[
                "--tenant",
                "acme.example",
                "--mailbox",
                "relay@acme.example",
            ],
            "--client-id, --client-secret-file (or --client-secret-stdin, or --certificate and --key)",
        ),
    ] {
        let api = Api::start(&[("GET /v1/accounts/acme/route", 404, NONE)]);
        let run = for_acme(&api).run(&[&["route", "set"], arguments].concat());
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        let expected = format!(": {flags}\n");
        assert!(
            run.stderr.contains(&expected),
            "{arguments:?}: {}",
            run.stderr
        );
        assert!(!api.lines().iter().any(|line| line.starts_with("PUT")));
    }
}

#[test]
fn an_application_is_sent_with_its_secret_and_keeps_it_in_its_place() {
    let shown = route().to_string();
    let change = json!({"applied": true, "route": route(), "steps": []}).to_string();
    let api = Api::start(&[
        ("GET /v1/accounts/acme/route", 200, &shown),
        ("PUT /v1/accounts/acme/route", 200, &change),
    ]);
    let set = |arguments: &[&str], stdin: &str| {
        let relayctl = for_acme(&api).stdin(stdin);
        relayctl.run(&[&["route", "set", "--yes"], arguments].concat())
    };
    let slower = set(&["--per-minute", "10", "--keep-open", "1m"], "");
    assert_eq!(slower.code, Some(0), "{}", slower.stderr);
    assert!(
        slower
            .stderr
            .contains("Warning: the client secret ends in 30 days")
    );
    let request = body(&api);
    assert_eq!(
        (
            &request["tenant"],
            &request["client_id"],
            &request["client_secret"],
            &request["keep_open"]
        ),
        (
            &json!("acme.example"),
            &json!(CLIENT),
            &Value::Null,
            &json!(60)
        )
    );
    let moved = set(&["--tenant", "other.example"], "");
    assert_eq!(moved.code, Some(2));
    assert!(
        moved
            .stderr
            .contains("the stored secret stays only with its server"),
        "{}",
        moved.stderr
    );
    let renewed = set(
        &[
            "--client-secret-stdin",
            "--client-secret-expires",
            "2028-11-30",
        ],
        "new secret\n",
    );
    assert_eq!(renewed.code, Some(0), "{}", renewed.stderr);
    let request = body(&api);
    assert_eq!(request["client_secret"], "new secret");
    assert_eq!(request["client_secret_expires_at"], "2028-11-30T00:00:00Z");
    let undated = set(&["--client-secret-expires", "soon"], "");
    assert_eq!(undated.code, Some(2));
}

#[test]
fn the_fallback_has_a_role_and_alone_can_be_removed() {
    let shown = route().to_string();
    let api = Api::start(&[
        ("GET /v1/accounts/acme/route?role=fallback", 200, &shown),
        ("DELETE /v1/accounts/acme/route?role=fallback", 204, ""),
    ]);
    let relayctl = for_acme(&api);
    assert_eq!(relayctl.run(&["route", "show", "--fallback"]).code, Some(0));
    assert_eq!(relayctl.run(&["route", "remove", "--yes"]).code, Some(2));
    let unconfirmed = relayctl.run(&["route", "remove", "--fallback"]);
    assert!(unconfirmed.stderr.contains("waits while its route is held"));
    let removed = relayctl.run(&["route", "remove", "--fallback", "--yes"]);
    assert_eq!(
        (removed.code, removed.stdout.as_str()),
        (Some(0), "The fallback of account acme is removed.\n"),
        "{}",
        removed.stderr
    );
}

#[test]
fn what_to_run_is_printed_alone_or_below_the_route() {
    let shown = route().to_string();
    let api = Api::start(&[("GET /v1/accounts/acme/route", 200, &shown)]);
    let relayctl = for_acme(&api);
    let setup = relayctl.run(&["route", "show", "--setup"]);
    assert_eq!(
        setup.stdout,
        "Connect-ExchangeOnline\n# a remark\nNew-ServicePrincipal -AppId X\n"
    );
    let json = relayctl.run(&["route", "show", "--setup", "-o", "json"]);
    let lines: Vec<String> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(lines.len(), 3);
    let record = relayctl.run(&["route", "show"]);
    assert!(
        record.stderr.contains("Warning: the client secret ends"),
        "{}",
        record.stderr
    );
    insta::assert_snapshot!(record.stdout);
}

#[test]
fn a_sign_in_shows_its_code_first_and_waits() {
    let begun = json!({"id": "s1", "user_code": "ABCD-EFGH",
        "verification_uri": "https://login.example/device",
        "expires_at": "2099-01-01T00:00:00Z", "interval": 1})
    .to_string();
    let change = json!({"applied": true, "route": route(), "steps": []});
    let done = json!({"state": "done", "expires_at": null, "interval": 0,
        "username": "ada@acme.example", "note": "ada signed in, not relay", "change": change})
    .to_string();
    let api = Api::start(&[
        ("GET /v1/accounts/acme/route", 404, NONE),
        ("POST /v1/accounts/acme/route/authorize/s1", 200, &done),
        ("POST /v1/accounts/acme/route/authorize", 200, &begun),
    ]);
    let arguments = [
        "route",
        "authorize",
        "--mailbox",
        "relay@acme.example",
        "--tenant",
        "acme.example",
        "--client-id",
        CLIENT,
    ];
    let run = for_acme(&api).run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("Open   https://login.example/device\nEnter  ABCD-EFGH\n")
            && run.stderr.contains("Warning: ada signed in"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout
            .ends_with("is set. ada@acme.example signed in.\n"),
        "{}",
        run.stdout
    );
    let asked = api.asked();
    let sent: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(sent["settings"]["grant"], "device-code");
    assert_eq!(sent["settings"]["kind"], "smtp-oauth");

    let run = for_acme(&api).run(&[&arguments[..], &["-o", "json"]].concat());
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["user_code"], "ABCD-EFGH");
    assert_eq!(lines[1]["state"], "done");
}

#[test]
fn a_sign_in_that_is_refused_or_too_late_says_what_next() {
    let begun = |expires_at: &str| {
        json!({"id": "s1", "user_code": "ABCD-EFGH", "verification_uri": "https://login.example/device",
            "expires_at": expires_at, "interval": 1})
        .to_string()
    };
    let declined = r#"{"title":"The server of the route refused the sign-in","status":502,"code":"route-credentials-rejected","cause":"the sign-in was declined","request_id":"r","steps":[]}"#;
    for (expires_at, status, answer, code) in [
        ("2099-01-01T00:00:00Z", 502, declined, 9),
        ("2099-01-01T00:00:00Z", 404, NONE, 8),
    ] {
        let api = Api::start(&[
            ("GET /v1/accounts/acme/route", 404, NONE),
            ("POST /v1/accounts/acme/route/authorize/s1", status, answer),
            (
                "POST /v1/accounts/acme/route/authorize",
                200,
                &begun(expires_at),
            ),
        ]);
        let run = for_acme(&api).run(&[
            "route",
            "authorize",
            "--mailbox",
            "relay@acme.example",
            "--tenant",
            "acme.example",
            "--client-id",
            CLIENT,
        ]);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(
            run.stderr.contains("relayctl route authorize"),
            "{}",
            run.stderr
        );
    }
}
