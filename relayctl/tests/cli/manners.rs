//! What every verb owes to a script: no question, all that is missing in one error, exact exit
//! codes, nothing but data on stdout, no codes of a terminal. The verbs come from the definition of
//! the command line, so that none is forgotten.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;

use serde_json::Value;

use super::fake::Api;
use super::{Relayctl, Run};

const ACCOUNTS: &str = r#"{"items":[{"id":"a1","name":"acme","state":"active","kind":"company","company":"Acme GmbH","vat_id":"","first_name":"","last_name":"","email":"ops@acme.example","phone":"","street":"","postal_code":"","city":"","country":"","verified_at":null,"activated_at":null,"created_at":"2026-11-20T08:00:00Z","new_email":null,"note":"","domain_proof":"required","bounces_to":"sender","plan":null,"sends":false,"missing":["no-subscription"],"version":1}],"next_cursor":null}"#;
const OWNER: &str =
    r#"{"role":"owner","account":"acme","token":null,"read_only":false,"expires_at":null}"#;

/// What each verb misses when it gets no value: as it is named in the error.
const MISSING: &[(&str, &[&str])] = &[
    ("account close", &["--drain or --cancel"]),
    ("account create", &["--company", "--email", "--kind"]),
    ("account reject", &["--reason"]),
    ("account revoke-invitation", &["ID"]),
    ("api", &["METHOD", "PATH"]),
    (
        "auth login",
        &["--email", "--password-file (or --password-stdin)"],
    ),
    (
        "auth password",
        &[
            "--current-password-file",
            "--password-file (or --password-stdin)",
        ],
    ),
    ("auth reset-password", &["--email"]),
    ("auth revoke", &["SESSION"]),
    ("auth totp disable", &["--totp-code"]),
    (
        "auth totp enable",
        &["--password-file (or --password-stdin)"],
    ),
    ("auth totp recovery-codes", &["--totp-code"]),
    ("completion", &["SHELL"]),
    ("context add", &["--url (or --socket)", "NAME"]),
    ("context remove", &["CONTEXT"]),
    ("context use", &["CONTEXT"]),
    ("domain add", &["DOMAIN"]),
    ("domain remove", &["DOMAIN"]),
    ("domain show", &["DOMAIN"]),
    ("domain verify", &["DOMAIN"]),
    ("log trace", &["ID"]),
    (
        "plan create",
        &[
            "--messages-per-day",
            "--messages-per-minute",
            "--relay-users",
            "NAME",
        ],
    ),
    ("plan delete", &["PLAN"]),
    ("plan edit", &["PLAN"]),
    ("plan offer", &["PLAN"]),
    ("plan retire", &["PLAN"]),
    ("plan show", &["PLAN"]),
    ("queue show", &["ID"]),
    ("route authorize", &["--client-id", "--mailbox", "--tenant"]),
    ("route remove", &["--fallback"]),
    (
        "route set",
        &[
            "--kind",
            "--mailbox",
            "--password-file (or --password-stdin)",
        ],
    ),
    ("subscription change", &["--plan"]),
    ("subscription start", &["--plan"]),
    ("system add", &["--address", "--user", "NAME"]),
    ("system edit", &["SYSTEM"]),
    ("system remove", &["SYSTEM"]),
    ("system show", &["SYSTEM"]),
    ("system test", &["SYSTEM"]),
    ("test send", &["--to", "--user"]),
    ("token create", &["--token-out (or -o json)", "NAME"]),
    ("token revoke", &["TOKEN"]),
    (
        "user create",
        &[
            "--generate (or --password-stdin, --password-file)",
            "--sender",
        ],
    ),
    (
        "user credential add",
        &[
            "--generate (or --password-stdin, --password-file)",
            "NAME",
            "USER",
        ],
    ),
    ("user credential list", &["USER"]),
    ("user credential remove", &["NAME", "USER"]),
    ("user delete", &["USER"]),
    ("user edit", &["USER"]),
    ("user resume", &["USER"]),
    (
        "user rotate-password",
        &["--generate (or --password-stdin, --password-file)", "USER"],
    ),
    ("user show", &["USER"]),
    ("user suspend", &["USER"]),
    (
        "webhook create",
        &["--secret-out (or -o json)", "--to", "NAME"],
    ),
    ("webhook delete", &["WEBHOOK"]),
    ("webhook deliveries", &["WEBHOOK"]),
    ("webhook edit", &["WEBHOOK"]),
    ("webhook show", &["WEBHOOK"]),
    ("webhook test", &["WEBHOOK"]),
    ("apply", &["FILE or -"]),
    ("explain", &["--from", "--to", "--address"]),
    (
        "test auth",
        &["--user", "--password-file (or --password-stdin)"],
    ),
    ("wait domain", &["DOMAIN"]),
    ("wait message", &["ID"]),
];

/// Verbs that need one of several things, of which none is missing by itself.
const ONE_OF: &[&str] = &[
    // These draw on a terminal.
    "setup",
    "account edit",
    "limits set",
    // Confirmed, and without a value it is the account.
    "limits reset",
    "queue retry",
    "queue hold",
    "queue release",
    "queue delete",
    "top",
];

/// A relayd with one account, of an owner.
fn api() -> Api {
    Api::start(&[
        ("GET /v1/accounts?", 200, ACCOUNTS),
        ("GET /v1/auth/session", 200, OWNER),
    ])
}

fn verbs() -> Vec<Vec<String>> {
    fn collect(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
        let mut leaf = true;
        for verb in command.get_subcommands() {
            leaf = false;
            collect(verb, &[path, &[verb.get_name().to_owned()]].concat(), found);
        }
        if leaf {
            found.push(path.to_vec());
        }
    }
    let mut found = Vec::new();
    collect(&relayctl::command(), &[], &mut found);
    assert!(found.len() > 80, "{}", found.len());
    found
}

/// What is named as missing, by the first line of an error.
fn named(title: &str) -> Vec<String> {
    let Some((_, names)) = title.split_once("missing required value") else {
        return Vec::new();
    };
    let (_, names) = names.split_once(": ").unwrap();
    let mut depth = 0;
    // Commas within brackets belong to a name.
    let parts = names.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    parts.map(|part| part.trim().to_owned()).collect()
}

/// What is missing, as a person and a script are told it, with a command that would do.
fn told_alike(path: &str, run: &Run, json: &Run) -> Vec<String> {
    assert_eq!((json.code, json.stdout.as_str()), (Some(2), ""), "{path}");
    let document: Value = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!(document["exit_code"], 2, "{path}");
    let missing = named(run.stderr.lines().next().unwrap());
    if missing.is_empty() {
        return missing;
    }
    // As JSON, stdout takes a secret, and so no file is missing.
    let in_json = named(document["title"].as_str().unwrap());
    let for_json = missing.iter().filter(|name| !name.contains("(or -o json)"));
    assert_eq!(in_json, for_json.cloned().collect::<Vec<_>>());
    assert_eq!(document["code"], "missing-values", "{path}");
    let tried = run
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("  try:   "));
    let tried = tried.unwrap_or_else(|| panic!("{path}: {}", run.stderr));
    let command = format!("relayctl {path} ");
    assert!(tried.starts_with(&command), "{path}: {tried}");
    assert_eq!(document["remedy"].as_str().unwrap(), tried, "{path}");
    for name in &missing {
        let word = name.split(' ').next().unwrap();
        assert!(tried.contains(word), "{path}: {name} is not in: {tried}");
    }
    missing
}

#[test]
fn no_verb_asks_a_script_and_each_names_all_that_is_missing() {
    let api = api();
    let relayctl = Relayctl::at(&api).stdin("an answer\nanother\n");
    let socket = api.socket().display().to_string();
    let here = ["context", "add", "here", "--socket", &socket];
    assert_eq!(relayctl.run(&here).code, Some(0));
    let relayctl = relayctl
        .env("RELAYCTL_SOCKET", "")
        .env("RELAYCTL_ACCOUNT", "acme");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut usage = Vec::new();
    for verb in verbs() {
        let path = verb.join(" ");
        let words: Vec<_> = verb.iter().map(String::as_str).collect();
        let run = relayctl.run(&words);
        for text in [&run.stdout, &run.stderr] {
            assert!(
                !text.contains('\x1b') && !text.contains("panicked"),
                "{path}: {text}"
            );
        }
        assert!(
            run.code.is_some_and(|code| code <= 10),
            "{path}: {:?}",
            run.code
        );
        let json = relayctl.run(&[&words[..], &["-o", "json"]].concat());
        if run.code != Some(2) {
            continue;
        }
        let mut missing = told_alike(&path, &run, &json);
        if missing.is_empty() {
            usage.push(path);
            continue;
        }
        missing.sort();
        found.insert(path, missing);
    }
    let expected: BTreeMap<String, Vec<String>> = MISSING
        .iter()
        .map(|(path, names)| {
            let mut names: Vec<_> = names.iter().map(|it| (*it).to_owned()).collect();
            names.sort();
            ((*path).to_owned(), names)
        })
        .collect();
    assert_eq!(usage, ONE_OF, "{found:?}");
    assert_eq!(found, expected);
}

#[test]
fn exit_codes_are_exact() {
    let problem = |status: u16, code: &str| {
        format!(
            r#"{{"title":"t","status":{status},"code":"{code}","remedy":"r","request_id":"x"}}"#
        )
    };
    let queue = r#"{"matched":2,"changed":1,"skipped":["06bq"],"dry_run":false}"#;
    let api = Api::start(&[
        ("GET /v1/plans/broken", 200, "{"),
        ("GET /v1/plans/mine", 403, &problem(403, "forbidden")),
        (
            "POST /v1/accounts/acme/domains",
            409,
            &problem(409, "state-conflict"),
        ),
        ("GET /v1/plans/busy", 429, &problem(429, "rate-exceeded")),
        ("POST /v1/plans", 422, &problem(422, "invalid-value")),
        ("GET /v1/plans?", 200, r#"{"items":[],"next_cursor":null}"#),
        (
            "GET /v1/accounts/acme/route",
            409,
            &problem(409, "account-not-active"),
        ),
        (
            "POST /v1/accounts/acme/route/check",
            502,
            &problem(502, "route-credentials-rejected"),
        ),
        ("POST /v1/queue/retry", 200, queue),
    ]);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let create = "plan create p --relay-users 1 --messages-per-minute 1 --messages-per-day 1";
    for (line, code) in [
        ("plan list", 0),
        ("plan show broken", 1),
        ("plan show", 2),
        ("plan show none", 3),
        ("plan show mine", 4),
        ("domain add acme.example", 5),
        ("plan show busy", 6),
        (create, 7),
        ("route show", 8),
        ("route check", 9),
        ("queue retry 06bp 06bq --yes", 10),
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let run = relayctl.run(&words);
        assert_eq!(run.code, Some(code), "{line}: {}", run.stderr);
        let json = relayctl.run(&[&words[..], &["-o", "json"]].concat());
        assert_eq!(json.code, Some(code), "{line} as JSON");
        if code > 1 && code < 10 {
            let document: Value = serde_json::from_str(&json.stderr).unwrap();
            assert_eq!(
                (document["exit_code"].as_i64(), json.stdout.as_str()),
                (Some(code.into()), ""),
                "{line}"
            );
            let id = if code == 2 {
                Value::Null
            } else if code == 3 {
                "req-404".into()
            } else {
                "x".into()
            };
            assert_eq!(document["request_id"], id, "{line}");
        }
    }
}

#[test]
fn a_signal_ends_it_with_the_number_that_shells_know() {
    // It takes connections and says nothing.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", path.to_str().unwrap());
        let mut child = relayctl.command(&["plan", "list"]).spawn().unwrap();
        let (_connection, _) = listener.accept().unwrap();
        let signal = rustix::process::Signal::from_named_raw(number).unwrap();
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).unwrap();
        let status = child.wait().unwrap();
        // A shell tells a signal as 128 and its number: 130 and 143.
        assert_eq!(status.signal(), Some(number), "{name}");
    }
}

/// Plans enough to fill any pipe.
fn many_plans() -> String {
    let plan = |number: usize| {
        format!(
            r#"{{"id":"p{number}","name":"plan-{number}","state":"offered","version":1,"relay_users":3,"messages_per_minute":10,"messages_per_day":500,"recipients_per_day":1000,"recipients_per_message":50,"message_size":26214400}}"#
        )
    };
    let plans: Vec<_> = (0..5000).map(plan).collect();
    format!(r#"{{"items":[{}],"next_cursor":null}}"#, plans.join(","))
}

#[test]
fn a_reader_that_takes_one_line_is_no_error() {
    let api = Api::start(&[("GET /v1/plans", 200, &many_plans())]);
    for format in ["table", "wide", "json", "jsonl", "tsv", "name"] {
        let relayctl = Relayctl::at(&api);
        let mut child = relayctl
            .command(&["plan", "list", "-o", format])
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), stderr.as_str()),
            (Some(0), ""),
            "{format}"
        );
        assert!(line.len() > 3, "{format}");
    }
}

#[test]
fn a_full_disk_is_told_and_a_closed_stdout_is_not() {
    let api = Api::start(&[("GET /v1/plans", 200, &many_plans())]);
    let relayctl = Relayctl::at(&api);
    for format in ["table", "json", "jsonl"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = relayctl
            .command(&["plan", "list", "-o", format])
            .stdout(Stdio::from(full))
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {stderr}");
        assert!(stderr.contains("cannot write to stdout"), "{stderr}");
        assert!(stderr.contains("No space left on device"), "{stderr}");
        assert!(!stderr.contains("os error"), "{stderr}");
    }
    let program = env!("CARGO_BIN_EXE_relayctl");
    for closed in [">&-", ">&- 2>&-", "<&-"] {
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("\"$0\" plan list {closed}"), program])
            .env_clear()
            .env("HOME", relayctl.home())
            .env("RELAYCTL_SOCKET", api.socket())
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), stderr.as_str()),
            (Some(0), ""),
            "{closed}"
        );
    }
}

#[test]
fn a_variable_is_no_change_to_what_an_edit_does_not_name() {
    let api = api();
    let relayctl = Relayctl::at(&api)
        .env("RELAYCTL_EMAIL", "other@acme.example")
        .env("RELAYCTL_MESSAGES_PER_DAY", "1");
    for line in ["account edit acme", "plan edit starter"] {
        let words: Vec<_> = line.split(' ').collect();
        let run = relayctl.run(&words);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(
            run.stderr.contains("there is nothing to change"),
            "{}",
            run.stderr
        );
    }
}

/// Names of variables in a text.
fn variables(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    let words = text.split(|letter| !is_part(letter));
    let ours = words.filter(|word| word.starts_with("RELAYCTL_") && word.len() > 9);
    ours.map(str::to_owned).collect()
}

#[test]
fn every_variable_is_in_the_topic_and_the_topic_has_no_other() {
    fn collect(command: &clap::Command, found: &mut Vec<String>) {
        for argument in command.get_arguments() {
            if let Some(name) = argument.get_env() {
                found.push(name.to_str().unwrap().to_owned());
            }
            let help = argument.get_help().map(ToString::to_string);
            found.extend(variables(&help.unwrap_or_default()));
        }
        command.get_subcommands().for_each(|it| collect(it, found));
    }
    let mut used = Vec::new();
    collect(&relayctl::command(), &mut used);
    // These are read by no flag.
    used.extend(["RELAYCTL_TOKEN", "RELAYCTL_TOKEN_FILE", "RELAYCTL_CONFIG"].map(str::to_owned));
    used.sort();
    used.dedup();
    let topic = Relayctl::new().run(&["help", "environment"]).stdout;
    let mut told = variables(&topic);
    told.sort();
    told.dedup();
    assert_eq!(told, used);
}

#[test]
fn any_request_of_the_api_may_be_made_by_hand() {
    let problem =
        r#"{"title":"t","status":422,"code":"invalid-value","remedy":"r","request_id":"x"}"#;
    let api = Api::start(&[
        ("POST /v1/plans", 422, problem),
        ("PATCH /v1/plans/p", 200, r#"{"name":"p"}"#),
        ("DELETE /v1/plans/p", 204, ""),
        (
            "GET /v1/many?limit=1&cursor=c2",
            200,
            r#"{"items":[{"n":2}],"next_cursor":null}"#,
        ),
        (
            "GET /v1/many",
            200,
            r#"{"items":[{"n":1}],"next_cursor":"c2"}"#,
        ),
        ("GET /v1/plans", 200, "{ \"items\": [] }"),
    ]);
    let relayctl = Relayctl::at(&api);
    let file = relayctl.home().join("plan.json");
    std::fs::write(&file, r#"{"name":"of a file"}"#).unwrap();
    for (line, code, stdout) in [
        ("api get /v1/plans?limit=5", 0, "{ \"items\": [] }\n"),
        (
            "api PATCH /v1/plans/p --body @plan.json",
            0,
            "{\"name\":\"p\"}\n",
        ),
        ("api DELETE /v1/plans/p -o json", 0, ""),
        ("api POST /v1/plans --body {}", 7, ""),
        ("api POST /v1/plans --body {", 2, ""),
        ("api POST /v1/plans --body @none.json", 2, ""),
        ("api GET /v1/plans --paginate -o jsonl", 0, ""),
        (
            "api GET /v1/many?limit=1 --paginate -o jsonl",
            0,
            "{\"n\":1}\n{\"n\":2}\n",
        ),
        ("api DELETE /v1/plans/p --paginate", 2, ""),
        ("api GET v1/plans", 2, ""),
        ("api STEAL /v1/plans", 2, ""),
        ("api GET /v1/none", 3, ""),
        ("api GET", 2, ""),
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let run = relayctl.run(&words);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(code), stdout),
            "{line}: {}",
            run.stderr
        );
        assert!(
            !run.stderr.contains("expected value") && !run.stderr.contains("os error"),
            "{}",
            run.stderr
        );
    }
    let by_stdin = Relayctl::at(&api).stdin(r#"{"name":"of stdin"}"#);
    assert_eq!(
        by_stdin
            .run(&["api", "PATCH", "/v1/plans/p", "--body", "-"])
            .code,
        Some(0)
    );
    let bodies: Vec<_> = api.asked().into_iter().map(|it| it.body).collect();
    for body in [r#"{"name":"of a file"}"#, r#"{"name":"of stdin"}"#] {
        assert!(bodies.iter().any(|it| it == body), "{bodies:?}");
    }
}

#[test]
fn the_version_is_told_when_relayd_is_away() {
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/admin.sock");
    let run = relayctl.run(&["version"]);
    let own = format!("relayctl {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((run.code, run.stdout), (Some(0), own));
    assert!(
        run.stderr.contains("relayd was not asked"),
        "{}",
        run.stderr
    );
    let json = relayctl.run(&["version", "-o", "json"]);
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(document["relayd"], Value::Null);
}
