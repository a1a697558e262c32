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

const STALE: &str = r#"{"title":"The request carries no valid token","status":401,"code":"not-signed-in","remedy":"relayctl auth login"}"#;
const REGISTERED: &str = r#"{"id":"a2","name":"beta","state":"registered","kind":"company","company":"Beta","vat_id":"","first_name":"","last_name":"","email":"b@beta.example","phone":"","street":"","postal_code":"","city":"","country":"","verified_at":null,"activated_at":null,"created_at":"2026-11-20T08:00:00Z","new_email":null,"note":"","domain_proof":"required","bounces_to":"sender","plan":null,"sends":false,"missing":["account-not-active"],"version":1,"steps":[]}"#;
const REGISTER: [&str; 10] = [
    "account",
    "create",
    "beta",
    "--kind",
    "company",
    "--company",
    "Beta",
    "--email",
    "b@beta.example",
    "--no-input",
];

/// A relayctl with a context for the fake API, whose session is kept in a file.
fn signed_in(url: &str) -> Relayctl {
    let relayctl = Relayctl::new();
    let added = relayctl.run(&["context", "add", "lab", "--url", url]);
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let file = kept(&relayctl);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "rls_old\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    relayctl
}

#[test]
fn a_session_that_has_ended_does_not_stand_in_the_way_of_who_registers() {
    let (api, url) = fake::Api::start_remote(&[
        ("GET /v1/auth/session", 401, STALE),
        ("POST /v1/accounts/beta/email/confirm", 204, ""),
        ("POST /v1/accounts/beta/email/code", 202, ""),
        ("POST /v1/accounts", 201, REGISTERED),
    ]);
    for (arguments, next) in [
        (&REGISTER[..], "relayctl account verify beta --code CODE"),
        (
            &["account", "verify", "beta", "--code", "12345678"],
            "relayctl auth login",
        ),
        (
            &["account", "resend-code", "beta"],
            "relayctl account verify beta --code CODE",
        ),
    ] {
        let relayctl = signed_in(&url).env("RELAYCTL_SIGN_IN_PASSWORD", "correct horse");
        let run = relayctl.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        assert!(
            run.stderr.contains("relayctl auth logout")
                && run.stderr.contains(&format!("Next: {next}")),
            "{arguments:?}: {}",
            run.stderr
        );
        let headers = api.asked().pop().unwrap().headers;
        assert!(!headers.iter().any(|it| it.starts_with("authorization")));
    }
    let (_, url) = fake::Api::start_remote(&[("GET /v1/plans", 401, STALE)]);
    let run = signed_in(&url).run(&["plan", "list"]);
    assert_eq!(run.code, Some(4), "all else still takes a session");
}

#[test]
fn an_owner_who_registers_another_account_is_told_of_the_code() {
    let (api, url) = fake::Api::start_remote(&[
        ("GET /v1/auth/session", 200, CALLER),
        ("POST /v1/accounts", 201, REGISTERED),
    ]);
    let run = signed_in(&url).run(&REGISTER);
    assert_eq!(run.code, Some(2));
    let flags = "missing required value: --sign-in-password-file";
    let example = "--email ADDRESS --sign-in-password-file FILE [";
    assert!(
        run.stderr.contains(flags) && run.stderr.contains(example),
        "{}",
        run.stderr
    );
    let relayctl = signed_in(&url).env("RELAYCTL_SIGN_IN_PASSWORD", "correct horse");
    let run = relayctl.run(&REGISTER);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let next = "Next: relayctl account verify beta --code CODE";
    assert!(run.stderr.contains(next), "{}", run.stderr);
    assert_eq!(api.asked().len(), 3);
}

#[test]
fn who_cannot_sign_in_yet_is_told_what_helps() {
    for (detail, awaits, remedy) in [
        (
            "account acme waits for the code that was sent by mail, and for the operator",
            r#","awaits":["email-code","operator"]"#,
            "relayctl account verify NAME --code CODE",
        ),
        (
            "account acme waits for the operator",
            r#","awaits":["operator"]"#,
            "only the operator",
        ),
        (
            "account acme is suspended: waits for the code",
            "",
            "only the operator",
        ),
    ] {
        let problem = format!(
            r#"{{"title":"The account is not active","status":403,"code":"account-not-active","detail":"{detail}"{awaits},"remedy":"relayctl account show"}}"#
        );
        let api = fake::Api::start(&[("POST /v1/auth/session", 403, &problem)]);
        let run = with_context(&api).stdin("correct horse").run(&[
            "auth",
            "login",
            "--email",
            "a@b.example",
            "--password-stdin",
        ]);
        assert_eq!(run.code, Some(8), "{}", run.stderr);
        assert!(
            run.stderr.contains(&format!("try:   {remedy}"))
                && !run.stderr.contains("account show"),
            "{}",
            run.stderr
        );
    }
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
