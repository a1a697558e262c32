//! Signing in and out: what is sent, what is kept, and where.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::{Relayctl, fake};

const SESSION: &str =
    r#"{"account":"acme","secret":"rls_new","expires_at":"2026-12-21T20:41:07Z"}"#;
const CALLER: &str =
    r#"{"role":"owner","account":"acme","token":"ci","read_only":true,"expires_at":null}"#;

/// A relayctl with a context for the fake API.
fn with_context(api: &fake::Api) -> Relayctl {
    let relayctl = Relayctl::new();
    let socket = api.socket().display().to_string();
    let added = relayctl.run(&["context", "add", "lab", "--socket", &socket]);
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    relayctl
}

fn kept(relayctl: &Relayctl) -> PathBuf {
    relayctl.home().join(".local/state/relayctl/tokens/lab")
}

#[test]
fn a_session_is_kept_privately_and_an_old_one_does_not_stand_in_the_way() {
    let api = fake::Api::start(&[("POST /v1/auth/session", 201, SESSION)]);
    let relayctl = with_context(&api).stdin("correct horse battery staple\n");
    let login = [
        "auth",
        "login",
        "--email",
        "ada@acme.example",
        "--password-stdin",
    ];
    for _ in 0..2 {
        let run = relayctl.run(&login);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(
            run.stdout.contains("owner of account acme"),
            "{}",
            run.stdout
        );
    }
    let file = kept(&relayctl);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "rls_new\n");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for asked in api.asked() {
        assert!(
            !asked
                .headers
                .iter()
                .any(|it| it.starts_with("authorization"))
        );
        assert!(asked.body.contains("correct horse battery staple"));
    }
}

#[test]
fn the_trace_of_a_sign_in_holds_no_secret() {
    let api = fake::Api::start(&[("POST /v1/auth/session", 201, SESSION)]);
    let relayctl = with_context(&api).env("RELAYCTL_SIGN_IN_PASSWORD", "sesame-sesame");
    let run = relayctl.run(&["--trace", "auth", "login", "--email", "ada@acme.example"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("/v1/auth/session"), "{}", run.stderr);
    let all = run.stdout + &run.stderr;
    assert!(
        !all.contains("sesame-sesame") && !all.contains("rls_new"),
        "{all}"
    );
}

#[test]
fn signing_out_forgets_a_session_even_when_it_has_ended() {
    let ended = r#"{"title":"The request carries no valid token","status":401,"code":"not-signed-in","remedy":"sign in"}"#;
    for (status, body) in [(204, ""), (401, ended)] {
        let api = fake::Api::start(&[
            ("POST /v1/auth/session", 201, SESSION),
            ("DELETE /v1/auth/session", status, body),
        ]);
        let relayctl = with_context(&api).stdin("correct horse battery staple");
        relayctl.run(&[
            "auth",
            "login",
            "--email",
            "a@b.example",
            "--password-stdin",
        ]);
        assert!(kept(&relayctl).exists());
        let run = relayctl.run(&["auth", "logout"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(!kept(&relayctl).exists());
        let asked = api.asked().pop().unwrap();
        assert!(
            asked
                .headers
                .contains(&"authorization: bearer rls_new".to_owned())
        );
        let run = relayctl.run(&["auth", "logout"]);
        assert!(run.stdout.contains("has no session"), "{}", run.stdout);
    }
}

#[test]
fn a_token_from_stdin_is_kept_when_relayd_knows_it() {
    let api = fake::Api::start(&[("GET /v1/auth/session", 200, CALLER)]);
    let relayctl = with_context(&api).stdin("rlt_given\n");
    let run = relayctl.run(&["auth", "login", "--with-token"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        std::fs::read_to_string(kept(&relayctl)).unwrap(),
        "rlt_given\n"
    );

    let stranger = fake::Api::start(&[]);
    let relayctl = with_context(&stranger).stdin("rlt_given\n");
    let run = relayctl.run(&["auth", "login", "--with-token"]);
    assert_ne!(run.code, Some(0));
    assert!(!kept(&relayctl).exists());
}

#[test]
fn without_a_context_or_a_value_nothing_is_asked_of_relayd() {
    let api = fake::Api::start(&[]);
    let run = Relayctl::at(&api).run(&["auth", "login", "--email", "a@b.example"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("relayctl context add"),
        "{}",
        run.stderr
    );
    let run = with_context(&api).run(&["auth", "login"]);
    assert_eq!(run.code, Some(2));
    for flag in ["--email", "--password-file"] {
        assert!(run.stderr.contains(flag), "{}", run.stderr);
    }
    assert!(api.asked().is_empty());
}
