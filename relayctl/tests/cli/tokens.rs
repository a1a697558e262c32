//! Whose token is made, listed and revoked.

use super::{Relayctl, fake};

const MADE: &str = r#"{"token":{"id":"0001","name":"erp","account":"acme","read_only":false,
    "created_at":"2026-11-21T20:41:07Z","expires_at":null,"last_used_at":null,
    "created_by":"operator"},"secret":"rlt_new"}"#;
const OPERATOR: &str =
    r#"{"role":"operator","account":null,"token":null,"read_only":false,"expires_at":null}"#;
const OWNER: &str =
    r#"{"role":"owner","account":"acme","token":null,"read_only":false,"expires_at":null}"#;

fn api(caller: &'static str) -> fake::Api {
    fake::Api::start(&[
        ("GET /v1/auth/session", 200, caller),
        ("POST /v1/tokens", 201, MADE),
        ("GET /v1/tokens", 200, r#"{"items":[],"next_cursor":null}"#),
        ("DELETE /v1/tokens/erp", 204, ""),
    ])
}

/// The last request that is about tokens.
fn asked(api: &fake::Api) -> String {
    let asked = api.asked().into_iter();
    let mut about_tokens = asked.filter(|it| it.line.contains("/v1/tokens"));
    about_tokens
        .next_back()
        .map(|it| format!("{} {}", it.line, it.body))
        .unwrap_or_default()
}

#[test]
fn the_account_of_the_environment_counts_as_everywhere() {
    let api = api(OPERATOR);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    for (command, expected) in [
        ("token create erp -o json", r#""account":"acme""#),
        ("token list", "account=acme"),
        ("token revoke erp", "account=acme"),
    ] {
        let arguments: Vec<_> = command.split(' ').collect();
        let run = relayctl.run(&arguments);
        assert_eq!(run.code, Some(0), "{command}: {}", run.stderr);
        assert!(asked(&api).contains(expected), "{command}: {}", asked(&api));

        let operators = [&arguments[..], &["--operator"]].concat();
        let run = relayctl.run(&operators);
        assert_eq!(run.code, Some(0), "{command}: {}", run.stderr);
        assert!(!asked(&api).contains("acme"), "{command}: {}", asked(&api));
    }
}

#[test]
fn who_has_no_token_is_told_how_to_make_one_of_the_own() {
    for (caller, arguments, next) in [
        (OWNER, &["token", "list"][..], "create NAME\n"),
        (OPERATOR, &["token", "list"], "create NAME --operator\n"),
        (
            OPERATOR,
            &["token", "list", "--account", "acme"],
            "create NAME\n",
        ),
    ] {
        let run = Relayctl::at(&api(caller)).run(arguments);
        let next = format!("Next: relayctl token {next}");
        assert!(run.stderr.ends_with(&next), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_token_of_the_operator_is_asked_for_by_its_flag() {
    for (caller, flags, code) in [
        (OPERATOR, &[][..], 2),
        (OPERATOR, &["--read-only"][..], 2),
        (OPERATOR, &["--operator"][..], 0),
        (OWNER, &[][..], 0),
        (OWNER, &["--operator"][..], 2),
    ] {
        let api = api(caller);
        let create = [&["token", "create", "erp", "-o", "json"][..], flags].concat();
        let run = Relayctl::at(&api).run(&create);
        assert_eq!(run.code, Some(code), "{caller} {flags:?}: {}", run.stderr);
        assert_eq!(asked(&api).is_empty(), code != 0, "{flags:?}");
    }
}
