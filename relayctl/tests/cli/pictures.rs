//! `relayctl stats --chart` and `--watch`, and `top` where there is no terminal.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::{Relayctl, fake::Api};

const SERIES: &str = r#"{"items":[
{"begins_at":"2026-11-21T14:00:00Z","counts":{"accepted":40,"notices":0,"recipients":40,"bytes":1,"delivered":39,"failed":1,"cancelled":0,"deferred":0},"refused":0,"delivery_time":{"p50_ms":900,"p95_ms":1200}},
{"begins_at":"2026-11-21T16:00:00Z","counts":{"accepted":1180,"notices":0,"recipients":1180,"bytes":1,"delivered":1180,"failed":0,"cancelled":0,"deferred":3},"refused":5,"delivery_time":{"p50_ms":900,"p95_ms":4200}}],"next_cursor":null}"#;
const USERS: &str = r#"{"items":[{"begins_at":null,"account":"acme","user":"Sc\u001b[2Janner","counts":{"accepted":1204,"notices":0,"recipients":1204,"bytes":1,"delivered":1204,"failed":0,"cancelled":0,"deferred":0},"refused":3,"delivery_time":null,"messages_per_day":null,"messages_today":null}],"next_cursor":null}"#;
const EMPTY: &str = r#"{"items":[],"next_cursor":null}"#;
const SUMMARY: &str = r#"{"since":"2026-11-21T13:00:00Z","until":"2026-11-22T13:47:05Z","counts":{"accepted":7,"notices":0,"recipients":7,"bytes":1,"delivered":7,"failed":0,"cancelled":0,"deferred":0},"refused":0,"delivery_time":null,"queued":0,"held":0,"before":{"since":"2026-11-20T13:00:00Z","until":"2026-11-21T13:00:00Z","counts":{"accepted":0,"notices":0,"recipients":0,"bytes":0,"delivered":0,"failed":0,"cancelled":0,"deferred":0},"refused":0,"delivery_time":null},"today":null}"#;
const SPAN: [&str; 4] = [
    "--since",
    "2026-11-21T13:00:00Z",
    "--until",
    "2026-11-22T13:47:05Z",
];

fn api() -> Api {
    Api::start(&[
        ("GET /v1/stats/series", 200, SERIES),
        ("GET /v1/stats/users", 200, USERS),
        ("GET /v1/stats/systems", 200, EMPTY),
        ("GET /v1/stats/summary", 200, SUMMARY),
    ])
}

fn in_utf8(api: &Api) -> Relayctl {
    Relayctl::at(api).env("LANG", "C.UTF-8")
}

#[test]
fn a_picture_in_a_file_is_a_hundred_columns_of_plain_text() {
    let api = api();
    let arguments = [&["stats", "summary", "--chart"][..], &SPAN].concat();
    let run = in_utf8(&api).run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.stdout);
    let longest = run.stdout.lines().map(|line| line.chars().count()).max();
    assert_eq!(longest, Some(100));
    assert!(api.lines()[0].contains("by=hour"), "{:?}", api.lines());
}

#[test]
fn ascii_is_drawn_where_it_is_asked_for_or_the_locale_knows_no_other() {
    let api = api();
    let arguments = [&["stats", "users", "--chart"][..], &SPAN].concat();
    let drawn = in_utf8(&api).run(&arguments).stdout;
    assert!(drawn.contains('█') && !drawn.contains('\x1b'), "{drawn}");
    let asked = [&arguments[..], &["--ascii"]].concat();
    for run in [
        in_utf8(&api).run(&asked),
        Relayctl::at(&api).run(&arguments),
        in_utf8(&api).env("LC_ALL", "C").run(&arguments),
        in_utf8(&api).env("TERM", "dumb").run(&arguments),
    ] {
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stdout.contains("####") && run.stdout.is_ascii());
    }
    let colored = in_utf8(&api).env("CLICOLOR_FORCE", "1").run(&arguments);
    assert!(colored.stdout.contains("\x1b[0;36m█"), "{}", colored.stdout);
}

#[test]
fn a_picture_of_nothing_and_one_for_programs_are_told_apart() {
    let api = api();
    let run = in_utf8(&api).run(&["stats", "systems", "--chart"]);
    let said = "No system sent anything in this time.\n";
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (Some(0), "", said)
    );
    for format in ["json", "jsonl", "tsv", "name"] {
        let run = in_utf8(&api).run(&["stats", "users", "--chart", "-o", format]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{format}");
        assert!(run.stderr.contains("leave out --chart"), "{}", run.stderr);
    }
    let run = in_utf8(&api).run(&["stats", "users", "--ascii"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(
        api.lines().len(),
        1,
        "mistakes are found before relayd is asked"
    );
}

#[test]
fn watching_prints_lines_until_nobody_reads_them() {
    let api = api();
    let relayctl = in_utf8(&api);
    let arguments = ["stats", "summary", "--watch", "1", "-o", "jsonl"];
    let mut child = relayctl.command(&arguments).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let line = lines.next().unwrap().unwrap();
        let sample: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(sample["counts"]["accepted"], 7);
        let at = sample["sampled_at"].as_str().unwrap();
        assert!(at.parse::<jiff::Timestamp>().is_ok(), "{at}");
    }
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn watching_lists_gives_items_and_ctrl_c_ends_it() {
    let api = api();
    let relayctl = in_utf8(&api);
    let arguments = ["stats", "users", "--watch", "-o", "jsonl"];
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut child = relayctl.command(&arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let sample: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(sample["items"][0]["account"], "acme");
        let id = child.id().to_string();
        let kill = std::process::Command::new("kill")
            .args([signal, &id])
            .stderr(Stdio::null())
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn watching_goes_on_while_relayd_is_away() {
    let busy = r#"{"type":"about:reason/store-unavailable","title":"The store does not answer","status":503,"code":"store-unavailable","remedy":"wait","request_id":"r"}"#;
    let api = Api::start_turning(&[
        ("GET /v1/stats/summary", 200, SUMMARY),
        ("GET /v1/stats/summary", 503, busy),
        ("GET /v1/stats/summary", 503, busy),
        ("GET /v1/stats/summary", 200, SUMMARY),
    ]);
    let relayctl = in_utf8(&api);
    let arguments = ["stats", "summary", "--watch", "1", "-o", "jsonl"];
    let mut child = relayctl.command(&arguments).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        assert!(lines.next().unwrap().unwrap().contains("sampled_at"));
    }
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "The store does not answer; trying again\nrelayd answers again\n"
    );
}

#[test]
fn what_needs_a_terminal_says_what_does_not() {
    let api = api();
    for arguments in [
        &["stats", "summary", "--watch"][..],
        &["stats", "users", "--watch", "5", "-o", "json"],
        &["top"],
        &["top", "--interval", "5"],
    ] {
        let run = in_utf8(&api).run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains("-o jsonl"), "{}", run.stderr);
    }
    assert_eq!(in_utf8(&api).run(&["top", "--interval", "0"]).code, Some(2));
    assert_eq!(api.lines(), Vec::<String>::new());
    let alone = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent");
    let run = alone.run(&["stats", "summary", "--watch", "-o", "jsonl"]);
    assert_eq!(
        run.code,
        Some(6),
        "one that never answered is not waited for"
    );
}
