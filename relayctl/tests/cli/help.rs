//! Help: snapshots, so that a change of wording is seen, and topics.

use crate::Relayctl;

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

/// Cause, remedy, and what a device and a program get, of every code there is.
#[test]
fn every_code_is_explained() {
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent");
    for reason in relay_proto::reasons() {
        let run = relayctl.run(&["help", "error", &reason.code]);
        assert_eq!(run.code, Some(0), "{}: {}", reason.code, run.stderr);
        let smtp = reason
            .smtp
            .as_ref()
            .map(|smtp| format!("  SMTP:  {smtp}\n"));
        let http = reason
            .http
            .map(|http| format!("  HTTP:  {http}, exit code "));
        assert!(
            smtp.is_some()
                || http.is_some()
                || reason.code == "expired"
                || reason.code == "held-by-operator",
            "{} is met nowhere",
            reason.code
        );
        let remedy = format!("  try:   {}\n", reason.remedy);
        let sentence = format!("  {}.\n", reason.sentence);
        for part in [Some(sentence), Some(remedy), smtp, http]
            .into_iter()
            .flatten()
        {
            assert!(
                run.stdout.contains(&part),
                "{part} is missing: {}",
                run.stdout
            );
        }
    }
}

#[test]
fn a_code_with_a_typing_mistake_is_found() {
    let relayctl = Relayctl::new();
    for (typed, meant) in [
        ("sender-not-alowed", "sender-not-allowed"),
        ("adress-banned", "address-banned"),
        ("intrenal", "internal"),
        ("quota_exceeded", "quota-exceeded"),
        ("RATE-EXCEEDED", "rate-exceeded"),
    ] {
        let run = relayctl.run(&["help", "error", typed]);
        assert_eq!(run.code, Some(3), "{typed}");
        assert!(run.stderr.contains(meant), "{typed}: {}", run.stderr);
    }
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
