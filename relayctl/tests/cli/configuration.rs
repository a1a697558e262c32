//! `relayctl export` and `relayctl apply`.

use std::os::unix::fs::PermissionsExt as _;

use crate::{Relayctl, Run, fake::Api};

const SHOW: &str = "GET /v1/accounts/acme/configuration";
const APPLY: &str = "PUT /v1/accounts/acme/configuration";

const SHOWN: &str = r#"{"account":{"name":"acme","kind":"company","company":"Acme \"Best\" GmbH","email":"ops@acme.example","city":"Köln\u202e","bounces_to":"sender","domain_proof":"required"},"plan":"business","route":{"kind":"smtp-oauth","server":"smtp.office365.com","port":587,"security":"starttls","mailbox":"relay@acme.example","cloud":"world","tenant":"acme.example","client_id":"4b1d7c20-0000-4000-8000-000000000000","grant":"client-secret","client_secret_expires_at":"2028-11-30T00:00:00Z","ca_pem":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n","connections":3,"per_minute":30,"recipients_per_day":0,"recipients_per_mail":500,"keep_open":5,"unknown_outcome":"retry","dry_run":false},"limits":{"messages_per_day":5000},"limits_set_by":"operator","domains":[{"name":"acme.example","state":"verified"},{"name":"acme.org.example","state":"pending"}],"users":[{"username":"erp@acme","sender":"erp@acme.example","allowed_senders":["invoices@acme.example"],"other_sender":"reject","state":"active","limits":{"message_size":1048576},"limits_set_by":"owner"},{"username":"scanner","sender":"scanner@acme.example","allowed_senders":[],"other_sender":"rewrite","state":"suspended"}],"systems":[{"name":"erp-prod","address":"203.0.113.10/32","user":"erp@acme","auth":"password","priority":"high","state":"active"}],"version":77}"#;

const CHANGES: &str = r#"{"applied":false,"changes":[
{"action":"change","part":"plan","name":"","values":[{"name":"plan","before":"business","after":"enterprise"}]},
{"action":"add","part":"domain","name":"acme.net.example","values":[]},
{"action":"add","part":"user","name":"fax","values":[{"name":"sender","before":null,"after":"fax@acme.example"},{"name":"other_sender","before":null,"after":"reject"},{"name":"state","before":null,"after":"active"}]},
{"action":"change","part":"user","name":"scanner","values":[{"name":"allowed_senders","before":null,"after":"a@acme.example, b@acme.example"},{"name":"state","before":"suspended","after":"active"}]},
{"action":"change","part":"route","name":"","values":[{"name":"server","before":"smtp.office365.com","after":"smtp.example.net"},{"name":"recipients_per_day","before":"0","after":"10000"},{"name":"client_secret","before":"(set)","after":"(another)"}]}],
"left":[{"part":"system","name":"erp-prod"}],"steps":[],"queued":12,"version":77}"#;

const LOSES: &str = r#"{"applied":true,"changes":[{"action":"remove","part":"user","name":"old","values":[{"name":"sender","before":"old@acme.example","after":null},{"name":"state","before":"active","after":null}]}],"left":[],"steps":[],"queued":0,"version":78}"#;
const SAME: &str = r#"{"applied":false,"changes":[],"left":[],"steps":[],"queued":0,"version":77}"#;

fn for_acme(api: &Api) -> Relayctl {
    Relayctl::at(api).env("RELAYCTL_ACCOUNT", "acme")
}

/// Runs apply on a file of that text.
fn apply(api: &Api, text: &str, arguments: &[&str]) -> (Relayctl, Run) {
    let ctl = for_acme(api);
    std::fs::write(ctl.home().join("acme.toml"), text).unwrap();
    let run = ctl.run(&[&["apply", "acme.toml"], arguments].concat());
    (ctl, run)
}

#[test]
fn an_export_is_a_file_with_comments_that_apply_takes_as_it_is() {
    let api = Api::start(&[(SHOW, 200, SHOWN), (APPLY, 200, SAME)]);
    let run = for_acme(&api).run(&["export"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for part in [
        "plan = \"business\"\n",
        "    \"acme.org.example\",  # pending\n",
        "client_secret_expires = \"2028-11-30\"\n",
        "per_day = 0  # no limit\n",
        "\n# Set by the operator.\n[limits]\nmessages_per_day = 5000\n",
        "\n[users.\"erp@acme\"]\nsender = \"erp@acme.example\"\n",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    let comments = run.stdout.lines().filter(|line| line.starts_with('#'));
    for line in comments {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(
        !run.stdout.contains('\u{202e}'),
        "no marks reach a terminal"
    );

    let (_, applied) = apply(&api, &run.stdout, &[]);
    assert_eq!(applied.code, Some(0), "{}", applied.stderr);
    assert_eq!(
        applied.stdout,
        "No changes: account acme is as the file says.\n"
    );
    let sent: serde_json::Value = serde_json::from_str(&api.asked()[1].body).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(SHOWN).unwrap();
    let fields = expected.as_object_mut().unwrap();
    fields.remove("version");
    fields.remove("limits_set_by");
    fields["domains"][0]
        .as_object_mut()
        .unwrap()
        .remove("state");
    fields["domains"][1]
        .as_object_mut()
        .unwrap()
        .remove("state");
    fields["users"][0]
        .as_object_mut()
        .unwrap()
        .remove("limits_set_by");
    assert_eq!(sent["configuration"], expected);
    assert_eq!(sent["dry_run"], true);
}

#[test]
fn json_is_passed_on_and_lists_make_no_sense() {
    let api = Api::start(&[(SHOW, 200, SHOWN), (APPLY, 200, CHANGES)]);
    let run = for_acme(&api).run(&["export", "-o", "json"]);
    assert_eq!(run.stdout.trim_end(), SHOWN);
    let run = for_acme(&api).run(&["export", "-o", "tsv"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    let (_, run) = apply(
        &api,
        "plan = \"enterprise\"\n",
        &["--dry-run", "-o", "json"],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout.trim_end(), CHANGES);
}

#[test]
fn a_dry_run_shows_what_differs_and_check_tells_it_by_its_code() {
    let api = Api::start(&[(APPLY, 200, CHANGES)]);
    for (flag, code) in [("--dry-run", 0), ("--check", 9)] {
        let (_, run) = apply(&api, "plan = \"enterprise\"\n", &[flag]);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert_eq!(run.stderr, "");
        assert_eq!(
            run.stdout,
            "~ plan  business → enterprise\n\
             + domain acme.net.example\n\
             + user fax  fax@acme.example\n\
             ~ user scanner\n    \
                 allowed_senders  a@acme.example, b@acme.example\n    \
                 state            suspended → active\n\
             ~ route\n    \
                 server         smtp.office365.com → smtp.example.net\n    \
                 per_day        0 → 10000\n    \
                 client_secret  (set) → (another)\n\
             \n\
             Not in the file, left alone: system erp-prod\n\
             \n\
             2 to add, 3 to change. Nothing was changed.\n"
        );
    }
    assert!(
        api.asked()
            .iter()
            .all(|asked| asked.body.contains("\"dry_run\":true"))
    );
}

#[test]
fn every_mistake_of_a_file_is_shown_with_its_line_and_nothing_is_sent() {
    let api = Api::start(&[]);
    let text = "plan = 3\n\
                domians = []\n\
                [route]\n\
                kind = \"smtp-outh\"\n\
                port = 70000\n\
                password = \"geheim\"\n\
                keep_open = \"soon\"\n\
                [users.scanner]\n\
                sendr = \"scanner@acme.example\"\n\
                [users.fax]\n\
                sender = \"fax@acme.example\"\n\
                state = \"asleep\"\n\
                [users.fax.limits]\n\
                message_size = \"huge\"\n";
    let (_, run) = apply(&api, text, &["--yes"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert_eq!(api.lines(), Vec::<String>::new());
    assert!(!run.stderr.contains("geheim"), "{}", run.stderr);
    for part in [
        "error: acme.toml has 10 mistakes\n",
        "  cause: 1 | plan = 3\n           |        ^\n           | `plan` is a text in quotes\n",
        "did you mean `domains`?",
        "secrets do not stand in this file",
        "`sender` is missing",
        "did you mean `sender`?",
        "nothing was sent and nothing was changed",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let (_, run) = apply(&api, "[route\nkind = \"x\"\n", &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("1 | [route"), "{}", run.stderr);
    let (_, run) = apply(&api, "[route]\n[route]\n", &["-o", "json"]);
    let problem: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(problem["code"], "invalid-file");
    assert_eq!(problem["exit_code"], 2);
}

#[test]
fn what_relayd_objects_to_is_shown_where_it_stands() {
    let refusal = r#"{"type":"about:reason/invalid-value","title":"A value is not valid","status":422,"code":"invalid-value","remedy":"correct the fields","errors":[{"field":"users.fax.sender","message":"not an address"},{"field":"systems.mfp.user","message":"the account has no such relay user"},{"field":"route.client_secret","message":"is required"}],"request_id":"req-9"}"#;
    let api = Api::start(&[(APPLY, 422, refusal)]);
    let text = "[users.fax]\nsender = \"fax\"\n[systems.mfp]\naddress = \"192.0.2.1\"\n\
                user = \"nobody\"\n[route]\nkind = \"graph\"\n";
    let (_, run) = apply(&api, text, &["--yes"]);
    assert_eq!(run.code, Some(7), "{}", run.stderr);
    for part in [
        "error: acme.toml: A value is not valid; nothing was changed\n",
        "  cause: 2 | sender = \"fax\"\n           |          ^^^^^\n           | not an address\n",
        "5 | user = \"nobody\"\n",
        "6 | [route]\n",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn scripts_confirm_what_affects_mail_and_name_what_goes_for_good() {
    let api = Api::start(&[(APPLY, 200, CHANGES)]);
    let text = "[users.fax]\nsender = \"fax@acme.example\"\n";
    let (_, run) = apply(&api, text, &[]);
    assert_eq!(run.code, Some(2));
    for part in [
        "2 to add, 3 to change; mail then leaves by the new route, 12 messages in the queue",
        "add --yes",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let (_, run) = apply(&api, text, &["--yes"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(run.stderr.contains("--password-out FILE"), "{}", run.stderr);
    assert_eq!(api.lines().len(), 2, "nothing but dry runs");

    let api = Api::start(&[(APPLY, 200, LOSES)]);
    let (_, run) = apply(&api, "plan = \"business\"\n", &["--prune", "--yes"]);
    assert_eq!(run.code, Some(2));
    for part in [
        "1 relay user of account acme will be removed",
        "add --confirm acme",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let arguments = ["--prune", "--confirm", "acme"];
    let (_, run) = apply(&api, "plan = \"business\"\n", &arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.ends_with("Account acme: 1 removed.\n"),
        "{}",
        run.stdout
    );
    let last = api.asked().pop().unwrap();
    assert!(last.headers.contains(&"if-match: \"78\"".to_owned()));
    let sent: serde_json::Value = serde_json::from_str(&last.body).unwrap();
    assert_eq!(
        (&sent["prune"], &sent["dry_run"]),
        (&true.into(), &false.into())
    );
}

#[test]
fn passwords_of_new_users_are_made_here_and_handed_over_once() {
    let api = Api::start(&[(APPLY, 200, CHANGES)]);
    let text = "[users.fax]\nsender = \"fax@acme.example\"\n\
                [users.scanner]\nsender = \"scanner@acme.example\"\n";
    let (ctl, run) = apply(&api, text, &["--yes", "--password-out", "new.pw"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let file = ctl.home().join("new.pw");
    let written = std::fs::read_to_string(&file).unwrap();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (name, password) = written.trim_end().split_once('\t').unwrap();
    assert_eq!((name, password.len()), ("fax", 27));
    assert!(!run.stdout.contains(password) && !run.stderr.contains(password));
    let asked = api.asked();
    assert!(!asked[0].body.contains("password"), "a dry run needs none");
    let sent: serde_json::Value = serde_json::from_str(&asked[1].body).unwrap();
    let users = &sent["configuration"]["users"];
    assert_eq!(users[0]["password"], password);
    assert_eq!(users[1].get("password"), None, "it has one already");

    let (_, run) = apply(&api, text, &["--yes", "-o", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(printed["passwords"]["fax"].as_str().unwrap().len(), 27);

    // A name that is taken is known before anything is changed.
    std::fs::write(ctl.home().join("taken.pw"), "x").unwrap();
    let count = api.lines().len();
    let run = ctl.run(&["apply", "acme.toml", "--yes", "--password-out", "taken.pw"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(api.lines().len(), count + 1, "the dry run alone");
}

#[test]
fn secrets_come_from_files_and_the_environment_and_never_from_the_file() {
    let api = Api::start(&[(APPLY, 200, SAME)]);
    let text = "[route]\nkind = \"smtp-auth\"\nmailbox = \"relay@acme.example\"\n\
                [fallback]\nkind = \"smarthost\"\nserver = \"mail.example.net\"\n\
                mailbox = \"acme\"\npassword_file = \"fallback.pw\"\n";
    let ctl = for_acme(&api).env("RELAYCTL_ROUTE_PASSWORD", "of the environment");
    std::fs::write(ctl.home().join("acme.toml"), text).unwrap();
    std::fs::write(ctl.home().join("fallback.pw"), "of the fallback\n").unwrap();
    let run = ctl.run(&["apply", "acme.toml"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let sent: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    let it = &sent["configuration"];
    assert_eq!(it["route"]["password"], "of the environment");
    assert_eq!(it["fallback"]["password"], "of the fallback");

    let ctl = ctl.stdin("of stdin\n");
    let run = ctl.run(&["apply", "acme.toml", "--password-stdin"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(api.asked()[1].body.contains("of stdin"));
    for (arguments, part) in [
        (
            &["apply", "-", "--password-stdin"][..],
            "stdin cannot be both",
        ),
        (&["apply", "none.toml"], "name a file that exists"),
    ] {
        let run = ctl.run(arguments);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
    let ctl = for_acme(&api).stdin("plan = \"business\"\n");
    std::fs::write(ctl.home().join("x.pw"), "x").unwrap();
    let run = ctl.run(&["apply", "-", "--password-file", "x.pw"]);
    assert!(run.stderr.contains("no table [route]"), "{}", run.stderr);
    let run = ctl.run(&["apply", "-"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn the_file_names_its_account_where_nothing_else_does() {
    let api = Api::start(&[(APPLY, 200, SAME)]);
    let ctl = Relayctl::at(&api).stdin("[account]\nname = \"acme\"\n");
    let run = ctl.run(&["apply", "-"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(api.lines(), [APPLY]);
}

#[test]
fn what_somebody_else_changed_meanwhile_is_a_conflict_with_a_way_out() {
    let stale = r#"{"type":"about:reason/stale-version","title":"It was changed meanwhile","status":412,"code":"stale-version","remedy":"read it again","request_id":"req-3"}"#;
    let api = Api::start(&[(APPLY, 412, stale)]);
    let (_, run) = apply(&api, "plan = \"business\"\n", &["--yes"]);
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(
        run.stderr.contains("try:   give the same command again"),
        "{}",
        run.stderr
    );
}
