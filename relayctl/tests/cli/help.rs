//! Help: snapshots, so that a change of wording is seen, and topics.

use crate::{Relayctl, fake::Api};

fn shown(arguments: &[&str]) -> String {
    let run = Relayctl::new().run(arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    run.stdout
}

#[test]
fn help_of_relayctl() {
    insta::assert_snapshot!(shown(&["--help"]));
}

#[test]
fn short_help_of_user_create() {
    insta::assert_snapshot!(shown(&["user", "create", "-h"]));
}

#[test]
fn help_of_route_set() {
    insta::assert_snapshot!(shown(&["route", "set", "--help"]));
}

#[test]
fn help_of_setup() {
    insta::assert_snapshot!(shown(&["setup", "--help"]));
}

#[test]
fn short_help_of_queue() {
    insta::assert_snapshot!(shown(&["queue", "-h"]));
}

#[test]
fn topics_and_commands_are_explained_without_a_connection() {
    assert!(shown(&["help", "exit-codes"]).contains("130  interrupted"));
    assert!(shown(&["help", "environment"]).contains("RELAYCTL_TOKEN_FILE"));
    assert!(shown(&["help", "scripting"]).contains("--password-out"));
    assert!(shown(&["help", "user", "create"]).contains("--allow-sender"));
    assert!(shown(&["help", "error", "missing-values"]).contains("Values are missing"));
    assert_eq!(Relayctl::new().run(&["help", "nonsense"]).code, Some(3));
}

#[test]
fn codes_of_relayd_are_explained_without_it() {
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent");
    let run = relayctl.run(&["help", "error", "plan-limit"]);
    assert_eq!(
        run.stdout,
        "plan-limit\n  The plan does not allow more.\n  try:   choose a larger plan: relayctl plan list\n  HTTP:  409, exit code 7\n"
    );
    let all = relayctl.run(&["help", "error", "-o", "name"]).stdout;
    for code in ["missing-values", "plan-limit", "route-basic-auth-disabled"] {
        assert!(all.lines().any(|line| line == code), "{code}");
    }
    let near = relayctl.run(&["help", "error", "route-credential-reject"]);
    assert_eq!(near.code, Some(3));
    assert!(
        near.stderr
            .contains("near it: route-credentials-rejected\n"),
        "{}",
        near.stderr
    );
}

#[test]
fn colour_is_decided_before_the_arguments_are_parsed() {
    let plain = Relayctl::new()
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .run(&["--help"]);
    assert!(!plain.stdout.contains('\x1b'));
    let forced = Relayctl::new().run(&["plan", "--color", "always", "--help"]);
    assert!(forced.stdout.contains('\x1b'));
    let error = Relayctl::new().run(&["--color=always", "user", "create"]);
    assert!(
        error.stderr.starts_with("\x1b[1;31merror:"),
        "{}",
        error.stderr
    );
}

#[test]
fn completion_prints_a_hook_and_completes_without_a_relayd() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let hook = shown(&["completion", shell]);
        assert!(
            hook.starts_with("# Install: ") && hook.contains("COMPLETE"),
            "{shell}"
        );
    }
    let relayctl = Relayctl::new()
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "3")
        .env("_CLAP_IFS", "\n")
        .env("RELAYCTL_SOCKET", "/nonexistent");
    let run = relayctl.run(&["--", "relayctl", "plan", "show", ""]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let relayctl = relayctl.env("_CLAP_COMPLETE_INDEX", "2");
    let run = relayctl.run(&["--", "relayctl", "user", "rot"]);
    assert!(run.stdout.contains("rotate-password"), "{}", run.stdout);
}

#[test]
fn names_are_completed_by_asking_relayd() {
    let plans = r#"{"items":[{"id":"p","name":"business","state":"offered","version":1,"relay_users":5,"messages_per_minute":1,"messages_per_day":1,"recipients_per_day":1,"recipients_per_message":1,"message_size":1}],"next_cursor":null}"#;
    let api = Api::start(&[("GET /v1/plans", 200, plans)]);
    let relayctl = Relayctl::at(&api)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "3")
        .env("_CLAP_IFS", "\n");
    let run = relayctl.run(&["--", "relayctl", "plan", "show", "bus"]);
    assert!(
        run.stdout.contains("business"),
        "{:?} {:?}",
        run.stdout,
        run.stderr
    );
}
