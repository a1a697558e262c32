//! Reading: formats, exit codes, errors, lists.

use std::io::Read as _;

use crate::{Relayctl, fake::Api};

const ODD_PLANS: &str = "{ \"next_cursor\":null, \"items\":[{\"unknown_field\":[1],\"name\":\"starter\",\"id\":\"p1\",\"state\":\"offered\",\"version\":1,\"relay_users\":3,\"messages_per_minute\":10,\"messages_per_day\":500,\"recipients_per_day\":1000,\"recipients_per_message\":50,\"message_size\":26214400}]}";

const SYSTEM: &str = r#"{"id":"s1","account":"acme","name":"erp-prod","address":"203.0.113.10/32","user":"erp","auth":"password","state":"active","priority":"normal","last_seen_at":"2026-11-21T20:41:07Z","created_at":"2026-11-20T08:00:00Z","version":1}"#;

const ACCOUNT: &str = r#"{"id":"a1","name":"acme","state":"active","kind":"company","company":"Acme GmbH","vat_id":"","first_name":"","last_name":"","email":"ops@acme.example","phone":"","street":"","postal_code":"","city":"","country":"","verified_at":null,"activated_at":null,"created_at":"2026-11-20T08:00:00Z","new_email":null,"note":"","domain_proof":"required","bounces_to":"sender","plan":null,"sends":false,"missing":["no-subscription"],"version":1}"#;

fn list(items: &[&str]) -> String {
    format!(r#"{{"items":[{}],"next_cursor":null}}"#, items.join(","))
}

#[test]
fn json_is_what_the_api_sent() {
    let api = Api::start(&[("GET /v1/plans", 200, ODD_PLANS)]);
    let run = Relayctl::at(&api).run(&["plan", "list", "-o", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout, format!("{ODD_PLANS}\n"));
    assert_eq!(run.stderr, "");
}

#[test]
fn a_table_through_a_pipe_is_complete_and_plain() {
    let api = Api::start(&[("GET /v1/plans", 200, ODD_PLANS)]);
    let run = Relayctl::at(&api).run(&["plan", "list"]);
    assert_eq!(
        run.stdout,
        "NAME     RELAY USERS  PER MINUTE  PER DAY  RECIPIENTS PER DAY  MESSAGE SIZE  STATE    SUBSCRIBERS\n\
         starter  3            10          500      1,000               25 MiB        offered  -\n"
    );
    assert!(!run.stdout.contains('\x1b'));
}

#[test]
fn tsv_jsonl_name_and_columns() {
    let systems = list(&[SYSTEM]);
    let api = Api::start(&[("GET /v1/accounts/acme/systems", 200, &systems)]);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let tsv = relayctl.run(&["system", "list", "-o", "tsv"]);
    assert_eq!(
        tsv.stdout,
        "name\taddress\trelay_user\tstate\tauth\tlast_seen_at\n\
         erp-prod\t203.0.113.10/32\terp\tactive\tpassword\t2026-11-21T20:41:07Z\n"
    );
    let name = relayctl.run(&["system", "list", "-o", "name"]);
    assert_eq!(name.stdout, "erp-prod\n");
    let lines = relayctl.run(&["system", "list", "-o", "jsonl"]);
    assert_eq!(lines.stdout.lines().count(), 1);
    assert!(lines.stdout.starts_with('{'), "{}", lines.stdout);
    let some = relayctl.run(&["system", "list", "--columns", "id,name", "--no-header"]);
    assert_eq!(some.stdout, "s1  erp-prod\n");
    let wrong = relayctl.run(&["system", "list", "--columns", "nome"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("valid are name, address"),
        "{}",
        wrong.stderr
    );
    let by_environment = relayctl
        .env("RELAYCTL_OUTPUT", "name")
        .run(&["system", "list"]);
    assert_eq!(by_environment.stdout, "erp-prod\n");
}

#[test]
fn pages_are_followed_unless_there_is_a_limit() {
    let first = ODD_PLANS.replace("null", "\"c2\"");
    let api = Api::start(&[
        ("GET /v1/plans?cursor=c2", 200, ODD_PLANS),
        ("GET /v1/plans", 200, &first),
    ]);
    let all = Relayctl::at(&api).run(&["plan", "list", "-o", "name"]);
    assert_eq!(all.stdout, "starter\nstarter\n");
    assert_eq!(api.lines().len(), 2);
    let one = Relayctl::at(&api).run(&["plan", "list", "-o", "json", "--limit", "1"]);
    assert_eq!(one.stdout, format!("{first}\n"));
    assert_eq!(api.lines()[2], "GET /v1/plans?limit=1");
}

#[test]
fn an_empty_list_is_no_failure() {
    let empty = list(&[]);
    let api = Api::start(&[("GET /v1/log/rejects", 200, &empty)]);
    let run = Relayctl::at(&api).run(&["log", "rejects"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (Some(0), "", "Nothing was refused.\n")
    );
    let quiet = Relayctl::at(&api).run(&["log", "rejects", "-q", "-o", "json"]);
    assert_eq!(
        (quiet.stdout.trim_end(), quiet.stderr.as_str()),
        (empty.as_str(), "")
    );
}

#[test]
fn an_empty_list_of_some_says_nothing_of_all() {
    let api = Api::start(&[("GET /v1/accounts?", 200, &list(&[]))]);
    for (flags, hint) in [
        (&[][..], "There are no accounts yet."),
        (&["--state", "waiting"], "No account waits.\n"),
        (&["--state", "closed"], "No account is in this state.\n"),
    ] {
        let run = Relayctl::at(&api).run(&[&["account", "list"], flags].concat());
        assert!(run.stderr.starts_with(hint), "{}", run.stderr);
    }
}

#[test]
fn of_an_account_that_is_not_there_nothing_is_exported() {
    let api = Api::start(&[]);
    let run = Relayctl::at(&api).run(&["account", "export", "nope"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(3), ""),
        "{}",
        run.stderr
    );
}

#[test]
fn who_activates_an_account_hears_what_it_still_waits_for() {
    let account = ACCOUNT
        .replace("active", "registered")
        .replace(
            r#""activated_at":null"#,
            r#""activated_at":"2026-11-20T09:00:00Z""#,
        )
        .replace("no-subscription", "account-not-active");
    let api = Api::start(&[("POST /v1/accounts/acme/activate", 200, &account)]);
    let run = Relayctl::at(&api).run(&["account", "activate", "acme"]);
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        (
            "Account acme was activated. It still waits for its e-mail to be confirmed.\n",
            "Next: relayctl account verify acme\n"
        )
    );
}

#[test]
fn hostile_text_is_harmless_in_tables_and_untouched_in_json() {
    let reject = r#"{"at":"2026-11-21T20:41:07Z","account":null,"system":null,"username":"a\u001b[2J","client":"192.0.2.1","listener":"s","helo":"x\u202ey","sender":"","recipient":"","reason":"credentials-rejected","reply":"535"}"#;
    let rejects = list(&[reject]);
    let api = Api::start(&[("GET /v1/log/rejects", 200, &rejects)]);
    let table = Relayctl::at(&api).run(&["log", "rejects", "-o", "wide"]);
    assert!(
        !table.stdout.contains('\x1b') && !table.stdout.contains('\u{202e}'),
        "{:?}",
        table.stdout
    );
    assert!(table.stdout.contains("a\u{fffd}[2J"), "{:?}", table.stdout);
    let json = Relayctl::at(&api).run(&["log", "rejects", "-o", "json"]);
    assert_eq!(json.stdout.trim_end(), rejects);
}

#[test]
fn a_problem_names_cause_remedy_code_and_request() {
    let problem = r#"{"type":"about:reason/plan-limit","title":"The plan does not allow more","status":409,"code":"plan-limit","detail":"3 of 3 relay users","remedy":"choose a larger plan","request_id":"r7"}"#;
    let api = Api::start(&[("GET /v1/plans", 409, problem)]);
    let run = Relayctl::at(&api).run(&["plan", "list"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(7), ""));
    assert_eq!(
        run.stderr,
        "error: The plan does not allow more: 3 of 3 relay users\n  try:   choose a larger plan\n  code:  plan-limit   request: r7\n"
    );
    let json = Relayctl::at(&api).run(&["plan", "list", "-o", "json"]);
    assert_eq!((json.code, json.stdout.as_str()), (Some(7), ""));
    let document: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!(document["exit_code"], 7);
    assert_eq!(document["request_id"], "r7");
    assert_eq!(document["type"], "about:reason/plan-limit");
}

#[test]
fn a_token_that_is_refused_is_not_said_to_be_missing() {
    let problem = r#"{"title":"The request carries no valid token","status":401,"code":"not-signed-in","remedy":"set RELAYCTL_TOKEN","request_id":"r"}"#;
    let api = Api::start(&[("GET /v1/plans", 401, problem)]);
    let run = Relayctl::at(&api)
        .env("RELAYCTL_TOKEN", "rlt_old")
        .run(&["plan", "list"]);
    assert_eq!(run.code, Some(4));
    assert!(
        run.stderr.starts_with("error: the token was refused")
            && !run.stderr.contains("set RELAYCTL_TOKEN"),
        "{}",
        run.stderr
    );
}

#[test]
fn refusals_of_no_account_are_pointed_out() {
    let strange = r#"{"at":"2026-11-21T20:41:07Z","account":null,"system":null,"username":"scaner","client":"192.0.2.1","listener":"s","helo":"x","sender":"","recipient":"","reason":"credentials-rejected","reply":"535"}"#;
    let (none, one) = (list(&[]), list(&[strange]));
    let api = Api::start(&[
        ("GET /v1/log/rejects?account=acme", 200, &none),
        ("GET /v1/log/rejects", 200, &one),
    ]);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let run = relayctl.run(&["log", "rejects"]);
    assert!(
        run.stderr
            .starts_with("Nothing was refused.\nThis is account acme only.")
            && run.stderr.contains("--account ''"),
        "{}",
        run.stderr
    );
    let all = relayctl.run(&["log", "rejects", "--account", "", "-o", "tsv"]);
    assert!(all.stdout.contains("scaner"), "{}", all.stderr);
}

#[test]
fn exit_codes_follow_the_answer() {
    for (status, code, exit) in [
        (401, "not-signed-in", 4),
        (403, "forbidden", 4),
        (404, "not-found", 3),
        (412, "stale-version", 5),
        (422, "invalid-value", 7),
        (429, "auth-throttled", 6),
        (500, "internal", 6),
        (502, "route-credentials-rejected", 9),
        (503, "store-unavailable", 6),
    ] {
        let problem = format!(
            r#"{{"title":"t","status":{status},"code":"{code}","remedy":"r","request_id":"x"}}"#
        );
        let api = Api::start(&[("GET /v1/plans/p", status, &problem)]);
        let run = Relayctl::at(&api).run(&["plan", "show", "p"]);
        assert_eq!(run.code, Some(exit), "{status} {code}: {}", run.stderr);
    }
}

#[test]
fn an_unreachable_relayd_is_6_and_mistakes_are_2() {
    let nobody = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/admin.sock");
    let run = nobody.run(&["plan", "list"]);
    assert_eq!(run.code, Some(6));
    assert!(
        run.stderr
            .contains("cause: there is no socket at /nonexistent/admin.sock:"),
        "{}",
        run.stderr
    );
    for arguments in [
        &["plan"][..],
        &["plan", "lits"],
        &["plan", "list", "--nope"],
        &["plan", "list", "-o", "xml"],
        &["--url", "http://relay.example", "plan", "list"],
    ] {
        let run = Relayctl::new().run(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}: {}",
            run.stderr
        );
    }
    let json = Relayctl::new().run(&["plan", "lits", "-o", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!(document["exit_code"], 2);
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let plan = ODD_PLANS.replace("starter", &"x".repeat(1 << 20));
    let api = Api::start(&[("GET /v1/plans", 200, &plan)]);
    let relayctl = Relayctl::at(&api);
    let mut child = relayctl
        .command(&["plan", "list", "-o", "json"])
        .spawn()
        .unwrap();
    let mut one = [0];
    child.stdout.take().unwrap().read_exact(&mut one).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn the_only_account_is_used_and_of_several_one_must_be_named() {
    let (one, two) = (
        list(&[ACCOUNT]),
        list(&[ACCOUNT, &ACCOUNT.replace("acme", "beta")]),
    );
    let systems = list(&[SYSTEM]);
    let api = Api::start(&[
        ("GET /v1/accounts/acme/systems", 200, &systems),
        ("GET /v1/accounts?", 200, &one),
    ]);
    let run = Relayctl::at(&api).run(&["system", "list", "-v", "-o", "name"]);
    assert_eq!(run.stdout, "erp-prod\n", "{}", run.stderr);
    assert!(
        run.stderr.contains("account acme (the only one)"),
        "{}",
        run.stderr
    );
    let api = Api::start(&[("GET /v1/accounts?", 200, &two)]);
    let run = Relayctl::at(&api).run(&["system", "list"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("acme, beta"), "{}", run.stderr);
}

#[test]
fn a_check_that_fails_is_9_and_prints_its_steps() {
    let result = r#"{"ok":false,"steps":[{"name":"account","ok":true,"detail":"active","ms":0},{"name":"address","ok":false,"detail":"192.0.2.1 is not registered","ms":0,"reason":"address-not-registered","remedy":"relayctl system add s"}]}"#;
    let api = Api::start(&[("POST /v1/accounts/acme/systems/s/test", 200, result)]);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_ACCOUNT", "acme");
    let run = relayctl.run(&["system", "test", "s"]);
    assert_eq!(run.code, Some(9));
    assert_eq!(
        run.stdout,
        "  ok      account  active\n  failed  address  192.0.2.1 is not registered\n"
    );
    assert!(
        run.stderr.contains("error: system s cannot send\n")
            && run
                .stderr
                .contains("try:   relayctl system add s\n  code:  address-not-registered"),
        "{}",
        run.stderr
    );
    let json = relayctl.run(&["system", "test", "s", "-o", "json"]);
    assert_eq!(
        (json.code, json.stdout.trim_end(), json.stderr.as_str()),
        (Some(9), result, "")
    );
}

#[test]
fn the_api_command_prints_the_answer_as_it_comes() {
    let api = Api::start(&[
        ("GET /v1/server", 200, "{ \"a\" : 1 }"),
        ("POST /v1/x", 200, "{}"),
    ]);
    let run = Relayctl::at(&api).run(&["api", "get", "/v1/server"]);
    assert_eq!(run.stdout, "{ \"a\" : 1 }\n");
    let post = Relayctl::at(&api)
        .stdin("{\"b\":2}")
        .run(&["api", "POST", "/v1/x", "--body", "-"]);
    assert_eq!(post.code, Some(0), "{}", post.stderr);
    assert_eq!(api.asked()[1].body, "{\"b\":2}");
    assert_eq!(
        Relayctl::at(&api)
            .run(&["api", "POST", "/v1/x", "--body", "{b}"])
            .code,
        Some(2)
    );
}

#[test]
fn the_token_is_sent_and_never_traced() {
    let api = Api::start(&[("GET /v1/plans", 200, ODD_PLANS)]);
    let relayctl = Relayctl::at(&api).env("RELAYCTL_TOKEN", "s3cr3t-token");
    let run = relayctl.run(&["plan", "list", "--trace"]);
    assert!(
        run.stderr.contains("> GET /v1/plans?limit=1000"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("authorization: [redacted]"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("s3cr3t"), "{}", run.stderr);
    assert!(
        api.asked()[0]
            .headers
            .contains(&"authorization: bearer s3cr3t-token".to_owned())
    );
}

#[test]
fn how_much_is_told_comes_from_a_flag_or_else_from_the_environment() {
    const EMPTY: &str = r#"{"items":[],"next_cursor":null}"#;
    let api = Api::start(&[("GET /v1/plans", 200, EMPTY)]);
    let told = |log: &str, flags: &[&str]| {
        let arguments = [&["plan", "list"], flags].concat();
        let relayctl = Relayctl::at(&api).env("RELAYCTL_LOG", log);
        let run = relayctl.run(&arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let has = |text| run.stderr.contains(text);
        (
            has("There are no plans"),
            has("relayd at "),
            has("> GET /v1/plans"),
        )
    };
    for (log, flags, expected) in [
        ("", &[][..], (true, false, false)),
        ("quiet", &[], (false, false, false)),
        ("verbose", &[], (true, true, false)),
        ("trace", &[], (true, false, true)),
        ("trace", &["-q"], (false, false, false)),
        ("quiet", &["-v"], (true, true, false)),
        ("quiet", &["--trace"], (true, false, true)),
    ] {
        assert_eq!(told(log, flags), expected, "{log} {flags:?}");
    }
    let relayctl = Relayctl::at(&api).env("RELAYCTL_LOG", "debug");
    let run = relayctl.run(&["plan", "list"]);
    assert_eq!(run.code, Some(2));
    let message = "RELAYCTL_LOG: there is no level `debug`";
    assert!(run.stderr.contains(message), "{}", run.stderr);
}

const FINDINGS: [&str; 3] = [
    r#"{"area":"store","level":"ok","check":"store-answers","sentence":"the store answers within 1 ms","remedy":""}"#,
    r#"{"area":"tls","level":"warning","check":"certificate-expiry","sentence":"cert.pem expires in 5 days","remedy":"renew it"}"#,
    r#"{"area":"listeners","level":"error","check":"plaintext-auth","sentence":"anybody may send passwords in the clear","remedy":"name the devices"}"#,
];

#[test]
fn the_doctor_tells_the_worst_first_and_fails_on_errors_only() {
    let api = Api::start(&[
        ("GET /v1/doctor?area=tls", 200, &list(&FINDINGS[1..2])),
        ("GET /v1/doctor?area=store", 200, &list(&FINDINGS[..1])),
        ("GET /v1/doctor", 200, &list(&FINDINGS)),
    ]);
    let relayctl = Relayctl::at(&api);
    let all = relayctl.run(&["doctor"]);
    assert_eq!(all.code, Some(9));
    assert_eq!(
        all.stdout,
        "error    listeners  anybody may send passwords in the clear\n\
         \x20                   try: name the devices\n\
         warning  tls        cert.pem expires in 5 days\n\
         \x20                   try: renew it\n\
         ok       store      the store answers within 1 ms\n"
    );
    let what = "error: the doctor found 1 error and 1 warning\n";
    assert!(all.stderr.starts_with(what), "{}", all.stderr);
    assert!(all.stderr.contains("code:  check-failed"), "{}", all.stderr);
    let tls = relayctl.run(&["doctor", "tls"]);
    assert_eq!(tls.code, Some(0), "{}", tls.stderr);
    assert!(tls.stdout.ends_with("1 warning, no errors.\n"));
    let store = relayctl.run(&["doctor", "store"]);
    assert!(store.stdout.ends_with("All is well.\n"), "{}", store.stdout);
    let json = relayctl.run(&["doctor", "-o", "json"]);
    assert_eq!((json.code, json.stderr.as_str()), (Some(9), ""));
    assert_eq!(json.stdout, list(&FINDINGS) + "\n");
    let names = relayctl.run(&["doctor", "tls", "-o", "name"]);
    assert_eq!(names.stdout, "certificate-expiry\n");
    assert_eq!(relayctl.run(&["doctor", "weather"]).code, Some(2));
}

#[test]
fn a_relayd_that_cannot_be_asked_is_the_first_finding() {
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", "/nowhere/admin.sock");
    let run = relayctl.run(&["doctor"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("error    relayd     "),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.lines().count(), 1);
    let usual = relayctl.run(&["plan", "list"]);
    assert_eq!(run.stderr, usual.stderr);
    assert_eq!(relayctl.run(&["doctor", "-o", "json"]).stdout, "");
}
