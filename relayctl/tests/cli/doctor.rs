//! `relayctl doctor`, `relayctl explain`, and what stays behind when a command does not get to its
//! end.

use std::os::unix::net::UnixListener;

use crate::{Relayctl, fake::Api};

const DOWN: &str = r#"{"type":"about:reason/store-down","title":"The store does not answer","status":503,"code":"store-down","request_id":"r"}"#;
const FINDINGS: &str = r#"{"items":[{"area":"store","level":"error","check":"store-answers","sentence":"the store does not answer","remedy":"start the database"}],"next_cursor":null}"#;
const EXPLAINED: &str = r#"{"accepted":false,"waits":false,"stage":"MAIL","reason":"sender-not-allowed","reply":"550 no","user":"scanner","account":"acme","listener":"submission","encrypted":true,"steps":[{"name":"Sender","stage":"MAIL","verdict":"refused","detail":"not as this address","reason":"sender-not-allowed","remedy":"send as scanner@acme.example","reply":"550 no"}]}"#;

#[test]
fn a_bundle_holds_what_could_be_had() {
    let api = Api::start(&[
        ("GET /v1/doctor/configuration", 200, r#"{"items":[]}"#),
        ("GET /v1/doctor", 200, FINDINGS),
        ("GET /v1/server", 200, "{}"),
        ("GET /", 503, DOWN),
    ]);
    let ctl = Relayctl::at(&api);
    let run = ctl.run(&["doctor", "--bundle", "b.json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let text = std::fs::read_to_string(ctl.home().join("b.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(bundle["findings"][0]["check"], "store-answers");
    for part in ["queue", "last_rejects", "figures"] {
        assert_eq!(bundle[part]["error"]["code"], "store-down", "{part}");
    }

    let away = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/admin.sock");
    let run = away.run(&["doctor", "--bundle", "b.json"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert!(!away.home().join("b.json").exists());
}

#[test]
fn hints_are_hints_and_nothing_else() {
    let away = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/admin.sock");
    let run = away.run(&["doctor", "--fix-hints"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(6), ""));
    let api = Api::start(&[("GET /v1/doctor", 200, FINDINGS)]);
    let run = Relayctl::at(&api).run(&["doctor", "--fix-hints"]);
    let text = "start the database\n";
    assert_eq!((run.code, run.stdout.as_str()), (Some(9), text));
    let run = Relayctl::at(&api).run(&["doctor", "--fix-hints", "-o", "json"]);
    let hints: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(hints["items"][0]["remedy"], "start the database");
    assert_eq!((run.code, run.stderr.as_str()), (Some(9), ""));
}

#[test]
fn steps_are_rows_with_titles_and_remedies() {
    let api = Api::start(&[("POST /v1/accounts/acme/", 200, EXPLAINED)]);
    let ctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let explain = |more: &[&str]| {
        let mail = [
            "explain",
            "--from",
            "a@acme.example",
            "--to",
            "b@acme.example",
            "--address",
            "192.0.2.1",
            "-o",
            "tsv",
        ];
        let run = ctl.run(&[&mail[..], more].concat());
        assert_eq!(run.code, Some(9), "{}", run.stderr);
        run.stdout
    };
    let row = "refused\tMAIL\tSender\tsender-not-allowed\tnot as this address\t\
               send as scanner@acme.example\n";
    let head = "VERDICT\tSTAGE\tNAME\tREASON\tDETAIL\tREMEDY\n";
    assert_eq!(
        explain(&[]).to_uppercase(),
        (head.to_owned() + row).to_uppercase()
    );
    assert_eq!(explain(&["--no-header"]), row);
    let remedy = explain(&["--no-header", "--columns", "remedy"]);
    assert_eq!(remedy, "send as scanner@acme.example\n");
}

#[test]
fn a_password_is_kept_where_nobody_knows_whether_it_counts() {
    let api = Api::start(&[
        ("GET /v1/accounts/acme/systems", 200, r#"{"items":[]}"#),
        ("POST /v1/accounts/acme/users", 503, DOWN),
        ("PUT /v1/accounts/acme/users", 503, DOWN),
    ]);
    let ctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let create = ["user", "create", "fax", "--sender", "fax@acme.example"];
    let made = ["--generate", "--password-out", "fax.pw"];
    let run = ctl.run(&[&create[..], &made].concat());
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    let remedy = "relayctl user rotate-password fax";
    assert!(
        run.stderr.contains("fax.pw has the password"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains(remedy), "{}", run.stderr);
    let text = std::fs::read_to_string(ctl.home().join("fax.pw")).unwrap();
    let sent = api.asked().last().unwrap().body.clone();
    assert!(text.trim_end().len() > 20 && sent.contains(text.trim_end()));

    let run = ctl.run(&[&create[..], &["--generate", "-o", "json"]].concat());
    assert!(run.stderr.contains(remedy), "{}", run.stderr);

    // A refusal is an answer: nothing stays behind.
    let api = Api::start(&[]);
    let ctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let run = ctl.run(&[&create[..], &made].concat());
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(!ctl.home().join("fax.pw").exists());
}

#[test]
fn a_signal_leaves_no_part_of_a_file() {
    // It takes connections and says nothing.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let cases: [(&[&str], i32, i32); 4] = [
        (&["doctor", "--bundle", "b.json"], 2, 130),
        (&["doctor", "--bundle", "b.json"], 15, 143),
        (&["doctor", "--bundle", "b.json"], 3, 131),
        (
            &["log", "export", "-a", "acme", "--to-file", "log.jsonl"],
            2,
            130,
        ),
    ];
    for (arguments, number, code) in cases {
        let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", path.to_str().unwrap());
        let mut child = relayctl.command(arguments).spawn().unwrap();
        let (_connection, _) = listener.accept().unwrap();
        let signal = rustix::process::Signal::from_named_raw(number).unwrap();
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
        let left = std::fs::read_dir(relayctl.home()).unwrap().flatten();
        let left: Vec<_> = left.map(|it| it.file_name()).collect();
        assert!(left.is_empty(), "{arguments:?}: {left:?}");
    }
}
