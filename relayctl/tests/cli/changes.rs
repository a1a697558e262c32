//! Changing: missing values, confirmation, passwords, contexts.

use std::os::unix::fs::PermissionsExt as _;

use crate::{Relayctl, fake::Api};

const USER: &str = r#"{"user":{"id":"u1","account":"acme","username":"scanner","sender":"scanner@acme.example","allowed_senders":[],"other_sender":"reject","state":"active","created_at":"2026-11-20T08:00:00Z","version":1},"password":null}"#;
const CREATE: &str = "POST /v1/accounts/acme/users";
const NO_SYSTEMS: &str = r#"{"items":[],"next_cursor":null}"#;

fn for_acme(api: &Api) -> Relayctl {
    Relayctl::at(api).env("RELAYCTL_ACCOUNT", "acme")
}

#[test]
fn every_missing_value_is_in_one_error_and_nothing_is_sent() {
    let api = Api::start(&[]);
    for (arguments, flags) in [
        (&["account", "create"][..], "--kind, --company, --email"),
        (
            &["account", "create", "--kind", "person"],
            "--first-name, --last-name, --email",
        ),
        (
            &["user", "create"],
            "--sender, --generate (or --password-stdin, --password-file)",
        ),
        (&["system", "add"], "NAME, --address, --user"),
        (
            &[
                "account",
                "create",
                "--company",
                "A",
                "--email",
                "a@b.example",
                "--route",
                "smtp-auth",
            ],
            "--mailbox, --password-file (or --password-stdin)",
        ),
        (&["subscription", "start"], "--plan"),
    ] {
        // An answer in a pipe is not an answer.
        let run = for_acme(&api).stdin("y\nacme\n").run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        let first = run.stderr.lines().next().unwrap();
        assert!(
            first.ends_with(&format!(": {flags}")),
            "{arguments:?}: {first}"
        );
        assert!(
            run.stderr
                .contains("prompts are off (stdin is not a terminal)"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(api.lines(), Vec::<String>::new());
}

#[test]
fn what_would_have_worked_is_named_with_all_it_takes() {
    let api = Api::start(&[]);
    for (arguments, example) in [
        (
            &["user", "create"][..],
            "relayctl user create NAME --sender ADDRESS --generate --password-out FILE\n",
        ),
        (
            &["account", "create", "--kind", "person"],
            "relayctl account create NAME --kind person --first-name NAME --last-name NAME --email \
             ADDRESS [--route",
        ),
    ] {
        let run = for_acme(&api).run(arguments);
        assert!(run.stderr.contains(example), "{}", run.stderr);
    }
}

#[test]
fn a_file_that_is_not_there_is_a_mistake_in_the_call() {
    let api = Api::start(&[]);
    for arguments in [
        &[
            "user",
            "create",
            "--sender",
            "a@b.example",
            "--password-file",
        ][..],
        &["account", "create", "--from-file"],
        &["auth", "login", "--email", "a@b.example", "--password-file"],
    ] {
        let relayctl = for_acme(&api);
        let socket = api.socket().display().to_string();
        relayctl.run(&["context", "add", "lab", "--socket", &socket]);
        let run = relayctl.run(&[&["-c", "lab"], arguments, &["nowhere"]].concat());
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        assert!(
            run.stderr.contains("nowhere") && run.stderr.contains("try:   name a file that exists"),
            "{arguments:?}: {}",
            run.stderr
        );
    }
    assert_eq!(api.lines(), Vec::<String>::new());
}

#[test]
fn what_comes_next_after_a_plan_or_a_first_route_is_what_the_account_lacks() {
    const ACCOUNT: &str = r#"{"id":"a1","name":"acme","state":"active","kind":"company","company":"Acme GmbH","vat_id":"","first_name":"","last_name":"","email":"ops@acme.example","phone":"","street":"","postal_code":"","city":"","country":"","verified_at":null,"activated_at":null,"created_at":"2026-11-20T08:00:00Z","new_email":null,"note":"","domain_proof":"required","bounces_to":"sender","plan":"starter","sends":true,"missing":[],"version":1}"#;
    let change = format!(r#"{{"route":{ROUTE},"steps":[],"applied":true}}"#);
    for (missing, next) in [
        ("[]", "relayctl user create NAME --sender ADDRESS\n"),
        (
            r#"["no-subscription"]"#,
            "relayctl subscription start --account acme --plan NAME\n",
        ),
    ] {
        let account = ACCOUNT.replace("[]", missing);
        let api = Api::start(&[
            ("PUT /v1/accounts/acme/route", 200, &change),
            (
                "GET /v1/accounts/acme/route",
                404,
                r#"{"code":"not-found"}"#,
            ),
            ("GET /v1/accounts/acme", 200, &account),
        ]);
        let set = ["route", "set", "--kind", "capture"];
        let run = for_acme(&api).run(&set);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(
            run.stderr.ends_with(&format!("Next: {next}")),
            "{}",
            run.stderr
        );
        let count = api.asked().len();
        for_acme(&api).run(&[&set[..], &["-q"]].concat());
        assert_eq!(
            api.asked().len() - count,
            2,
            "nothing is read that is not told"
        );
    }
}

#[test]
fn a_made_password_needs_somewhere_to_go() {
    let api = Api::start(&[(CREATE, 201, USER)]);
    let arguments = [
        "user",
        "create",
        "scanner",
        "--sender",
        "scanner@acme.example",
        "--generate",
    ];
    let run = for_acme(&api).run(&arguments);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--password-out"), "{}", run.stderr);
    assert_eq!(
        api.lines(),
        Vec::<String>::new(),
        "nothing may be made that cannot be shown"
    );
}

#[test]
fn a_made_password_comes_in_the_json() {
    let api = Api::start(&[(CREATE, 201, USER)]);
    let run = for_acme(&api).run(&[
        "user",
        "create",
        "scanner",
        "--sender",
        "scanner@acme.example",
        "--generate",
        "-o",
        "json",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let sent: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    assert_eq!(shown["password"], sent["password"]);
    assert_eq!(shown["password"].as_str().unwrap().len(), 27);
    assert_eq!(shown["user"]["username"], "scanner");
}

#[test]
fn a_made_password_goes_to_a_private_new_file() {
    let api = Api::start(&[(CREATE, 201, USER)]);
    let relayctl = for_acme(&api);
    let arguments = [
        "user",
        "create",
        "scanner",
        "--sender",
        "scanner@acme.example",
        "--generate",
        "--password-out",
        "scanner.pw",
    ];
    let run = relayctl.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout, "Relay user scanner created.\n");
    let path = relayctl.home().join("scanner.pw");
    let sent: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap().trim_end(),
        sent["password"]
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let again = relayctl.run(&arguments);
    assert_eq!(
        again.code,
        Some(1),
        "a file that exists is never overwritten"
    );
    assert_eq!(api.lines().len(), 1, "and nothing is sent then");
}

#[test]
fn a_refused_user_leaves_no_password_file() {
    let problem = r#"{"title":"The name is in use","status":409,"code":"name-taken","remedy":"choose another","request_id":"r"}"#;
    let api = Api::start(&[(CREATE, 409, problem)]);
    let relayctl = for_acme(&api);
    let run = relayctl.run(&[
        "user",
        "create",
        "scanner",
        "--sender",
        "s@acme.example",
        "--generate",
        "--password-out",
        "scanner.pw",
    ]);
    assert_eq!(run.code, Some(5));
    assert!(!relayctl.home().join("scanner.pw").exists());
}

#[test]
fn a_password_that_cannot_be_printed_is_1_with_the_way_out() {
    let api = Api::start(&[(CREATE, 201, USER)]);
    let relayctl = for_acme(&api);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = relayctl.command(&[
        "user",
        "create",
        "scanner",
        "--sender",
        "s@acme.example",
        "--generate",
        "-o",
        "json",
    ]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(document["code"], "password-not-shown");
    assert_eq!(document["remedy"], "relayctl user rotate-password scanner");
}

#[test]
fn a_password_is_read_from_stdin_without_its_line_end() {
    let api = Api::start(&[(CREATE, 201, USER)]);
    let run = for_acme(&api).stdin("correct horse\n").run(&[
        "user",
        "create",
        "scanner",
        "--sender",
        "s@acme.example",
        "--password-stdin",
        "--trace",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let sent: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    assert_eq!(sent["password"], "correct horse");
    assert!(!run.stderr.contains("correct horse") && !run.stdout.contains("correct horse"));
}

#[test]
fn what_affects_live_mail_takes_yes() {
    let user = serde_json::from_str::<serde_json::Value>(USER).unwrap()["user"].to_string();
    let api = Api::start(&[
        ("GET /v1/accounts/acme/systems", 200, NO_SYSTEMS),
        ("POST /v1/accounts/acme/users/scanner/suspend", 200, &user),
    ]);
    let refused = for_acme(&api).run(&["user", "suspend", "scanner"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("stops the mail of 0 systems")
            && refused.stderr.contains("add --yes"),
        "{}",
        refused.stderr
    );
    assert!(!api.lines().iter().any(|line| line.starts_with("POST")));
    assert_eq!(
        for_acme(&api)
            .run(&["user", "suspend", "scanner", "--yes"])
            .stdout,
        "Relay user scanner was suspended.\n"
    );
    assert_eq!(
        for_acme(&api)
            .env("RELAYCTL_YES", "1")
            .run(&["user", "suspend", "scanner"])
            .code,
        Some(0)
    );
}

#[test]
fn what_cannot_be_undone_takes_the_name() {
    let user = serde_json::from_str::<serde_json::Value>(USER).unwrap()["user"].to_string();
    let api = Api::start(&[
        ("GET /v1/accounts/acme/users/scanner", 200, &user),
        ("DELETE /v1/accounts/acme/users/scanner", 204, ""),
    ]);
    for arguments in [
        &["user", "delete", "scanner"][..],
        &["user", "delete", "scanner", "--yes"],
        &["user", "delete", "scanner", "--confirm", "other"],
    ] {
        assert_eq!(for_acme(&api).run(arguments).code, Some(2), "{arguments:?}");
    }
    assert!(!api.lines().iter().any(|line| line.starts_with("DELETE")));
    for nobody in [
        &["user", "delete", "nobody"][..],
        &["plan", "delete", "nobody"],
        &["webhook", "delete", "nobody"],
    ] {
        let run = for_acme(&api).run(nobody);
        assert_eq!(run.code, Some(3), "{nobody:?}: {}", run.stderr);
    }
    let run = for_acme(&api).run(&["user", "delete", "scanner", "--confirm", "scanner"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "Relay user scanner was deleted.\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn bulk_verbs_need_a_selector_and_confirm_the_count() {
    let change = r#"{"matched":12,"changed":12,"skipped":[]}"#;
    let api = Api::start(&[("POST /v1/queue/cancel", 200, change)]);
    let none = for_acme(&api).run(&["queue", "delete", "--confirm", "12"]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.stderr.contains("nothing is selected"),
        "{}",
        none.stderr
    );
    let wrong = for_acme(&api).run(&["queue", "delete", "--all", "--confirm", "11"]);
    assert_eq!(wrong.code, Some(2));
    let bodies = |api: &Api| {
        api.asked()
            .iter()
            .map(|asked| serde_json::from_str::<serde_json::Value>(&asked.body).unwrap())
            .collect::<Vec<_>>()
    };
    assert!(
        bodies(&api).iter().all(|body| body["dry_run"] == true),
        "only counted so far"
    );
    let right = for_acme(&api).run(&["queue", "delete", "--all", "--confirm", "12"]);
    assert_eq!(right.stdout, "12 messages deleted.\n", "{}", right.stderr);
    let last = bodies(&api).pop().unwrap();
    assert_eq!(
        (&last["dry_run"], &last["max"], &last["account"]),
        (&false.into(), &12.into(), &"acme".into())
    );
}

#[test]
fn a_cancellation_says_what_cannot_be_called_back() {
    let change = r#"{"matched":3,"changed":3,"skipped":[],"left":{"messages":1,"recipients":2,
        "details":[{"id":"06bq3k8zv1h4wcn2x9tg","delivered":2,"recipient_count":3,
        "first_at":"2026-11-22T09:00:00Z","last_at":"2026-11-22T09:26:19Z"}],
        "in_flight":["06bq3k8zv1h4wcn2x9th"]}}"#;
    let api = Api::start(&[("POST /v1/queue/cancel", 200, change)]);
    let told = "Already handed over, and not to be called back: 2 recipients of 1 message.\n\
         \x20 06bq3k8zv1h4wcn2x9tg  delivered to 2 of 3, the last at 2026-11-22T09:26:19Z\n\
         Being handed over at this moment: 06bq3k8zv1h4wcn2x9th. That attempt ends; what the \
         server takes of it is delivered, and relayctl log trace ID tells.\n";
    let run = for_acme(&api).run(&["queue", "cancel", "--user", "scanner", "--dry-run"]);
    assert_eq!(
        run.stdout,
        format!("3 messages would be deleted; nothing was changed.\n{told}"),
        "{}",
        run.stderr
    );
    let run = for_acme(&api).run(&["queue", "cancel", "--user", "scanner"]);
    assert_eq!(run.code, Some(2), "not confirmed");
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
    let run = for_acme(&api).run(&["queue", "cancel", "--user", "scanner", "--confirm", "3"]);
    assert_eq!(run.stdout, format!("3 messages deleted.\n{told}"));
    let run = for_acme(&api).run(&["queue", "delete", "x", "--confirm", "3", "-o", "json"]);
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value["left"]["details"][0]["delivered"], 2);

    let gone = r#"{"matched":0,"changed":0,"skipped":["06bq3k8zv1h4wcn2x9tg"],"left":{
        "messages":1,"recipients":1,"details":[{"id":"06bq3k8zv1h4wcn2x9tg","delivered":1,
        "recipient_count":1,"first_at":null,"last_at":null}],"in_flight":[]}}"#;
    let api = Api::start(&[("POST /v1/queue/cancel", 200, gone)]);
    let run = for_acme(&api).run(&["queue", "cancel", "06bq3k8zv1h4wcn2x9tg"]);
    assert_eq!(run.code, Some(3));
    let told = "delivered to 1 of 1\n";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn selectors_reach_the_api() {
    let change = r#"{"matched":1,"changed":1,"skipped":[]}"#;
    let api = Api::start(&[("POST /v1/queue/hold", 200, change)]);
    let flags = [
        "--system",
        "printer",
        "--from-domain",
        "acme.example",
        "--yes",
    ];
    let run = for_acme(&api).run(&[&["queue", "hold"][..], &flags].concat());
    assert_eq!(run.stdout, "1 message held.\n", "{}", run.stderr);
    let asked = api.asked();
    let body: serde_json::Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        (&body["system"], &body["from_domain"], &body["account"]),
        (&"printer".into(), &"acme.example".into(), &"acme".into())
    );
    let clash = for_acme(&api).run(&["queue", "hold", "--system", "printer", "--all"]);
    assert_eq!(clash.code, Some(2));
}

#[test]
fn nothing_is_confirmed_for_no_message_and_max_is_named() {
    let none = r#"{"matched":0,"changed":0,"skipped":[]}"#;
    let unknown = r#"{"matched":0,"changed":0,"skipped":["b"]}"#;
    let four = r#"{"matched":4,"changed":0,"skipped":[]}"#;
    let api = Api::start(&[
        ("POST /v1/queue/cancel", 200, none),
        ("POST /v1/queue/hold", 200, unknown),
        ("POST /v1/queue/retry", 200, four),
    ]);
    let run = for_acme(&api).run(&["queue", "delete", "--all"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "No message matches; nothing was changed.\n"),
        "{}",
        run.stderr
    );
    let run = for_acme(&api).run(&["queue", "hold", "b"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(3), ""));
    let run = for_acme(&api).run(&["queue", "retry", "--all", "--max", "1", "--yes"]);
    assert_eq!(run.code, Some(7));
    assert!(
        run.stderr
            .contains("4 messages match, more than --max 1; nothing was changed"),
        "{}",
        run.stderr
    );
    let both = for_acme(&api).run(&["queue", "retry", "--all", "--user", "u", "--yes"]);
    assert_eq!(both.code, Some(2));
}

#[test]
fn ids_come_from_a_pipe_and_skipped_ones_are_10() {
    let change = r#"{"matched":1,"changed":1,"skipped":["b"]}"#;
    let api = Api::start(&[("POST /v1/queue/release", 200, change)]);
    let run = for_acme(&api)
        .stdin("a\n\nb\n")
        .run(&["queue", "release", "-"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(10), "1 message released.\n"),
        "{}",
        run.stderr
    );
    let body: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    assert_eq!(body["ids"], serde_json::json!(["a", "b"]));
}

#[test]
fn a_route_that_fails_its_check_is_9_and_keeps_its_etag() {
    let problem = r#"{"title":"The server of the route refused the sign-in","status":502,"code":"route-credentials-rejected","cause":"535 5.7.139 Authentication unsuccessful","remedy":"give the right mailbox and password by relayctl route set","request_id":"r","steps":[{"name":"Sign-in","ok":false,"detail":"535","ms":3}]}"#;
    let api = Api::start(&[
        ("GET /v1/accounts/acme/route", 200, ROUTE),
        ("PUT /v1/accounts/acme/route", 502, problem),
    ]);
    let arguments = ["route", "set", "--per-minute", "20", "--password-stdin"];
    assert_eq!(
        for_acme(&api).stdin("pw\n").run(&arguments).code,
        Some(2),
        "it affects live mail"
    );
    let run = for_acme(&api)
        .stdin("pw\n")
        .run(&[&arguments[..], &["--yes"]].concat());
    assert_eq!(run.code, Some(9), "{}", run.stderr);
    assert!(
        run.stderr.contains("step:  failed  Sign-in  535"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("the old route goes on") && !run.stderr.contains("route check"),
        "the check would try the old one: {}",
        run.stderr
    );
    let put = api.asked().pop().unwrap();
    assert!(
        put.headers.contains(&"if-match: \"7\"".to_owned()),
        "{:?}",
        put.headers
    );
    let body: serde_json::Value = serde_json::from_str(&put.body).unwrap();
    assert_eq!(
        (&body["per_minute"], &body["mailbox"], &body["password"]),
        (&20.into(), &"relay@acme.example".into(), &"pw".into())
    );
}

const ROUTE: &str = r#"{"id":"r1","account":"acme","kind":"smtp-auth","server":"smtp.office365.com","port":587,"security":"starttls","mailbox":"relay@acme.example","has_password":true,"has_ca":false,"folder":null,"connections":3,"per_minute":30,"recipients_per_day":10000,"checked_at":null,"ready":false,"hold":null,"version":7}"#;

#[test]
fn the_confirmation_of_a_route_says_what_changes() {
    let api = Api::start(&[("GET /v1/accounts/acme/route", 200, ROUTE)]);
    let refused = |arguments: &[&str]| {
        let run = for_acme(&api)
            .env("RELAYCTL_ROUTE_PASSWORD", "pw")
            .run(&[&["route", "set"], arguments].concat());
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        run.stderr
    };
    for (arguments, effect) in [
        (
            &[][..],
            "still leaves by smtp-auth smtp.office365.com, with another password\n",
        ),
        (
            &["--per-minute", "20"],
            "with another limit a minute (20 instead of 30), another password\n",
        ),
        (
            &["--server", "mx.example"],
            "leaves by smtp-auth mx.example instead of smtp-auth smtp.office365.com\n",
        ),
    ] {
        let said = refused(arguments);
        assert!(said.contains(effect), "{arguments:?}: {said}");
    }
}

#[test]
fn a_route_without_a_new_value_is_not_set_and_a_password_does_not_move() {
    let api = Api::start(&[("GET /v1/accounts/acme/route", 200, ROUTE)]);
    let nothing = for_acme(&api).run(&["route", "set", "--yes"]);
    assert_eq!(nothing.code, Some(2));
    assert!(
        nothing.stderr.starts_with("error: nothing to change\n"),
        "{}",
        nothing.stderr
    );
    let moved = for_acme(&api).run(&["route", "set", "--server", "mx.example", "--yes"]);
    assert_eq!(moved.code, Some(2));
    assert!(
        moved.stderr.contains("--password-file")
            && moved
                .stderr
                .contains("cause: the stored password stays only with"),
        "{}",
        moved.stderr
    );
    assert!(!api.lines().iter().any(|line| line.starts_with("PUT")));
}

#[test]
fn contexts_are_kept_in_a_file() {
    let api = Api::start(&[("GET /v1/plans", 200, NO_SYSTEMS)]);
    let relayctl = Relayctl::new();
    let socket = api.folder().join("admin.sock");
    let added = relayctl.run(&[
        "context",
        "add",
        "lab",
        "--socket",
        socket.to_str().unwrap(),
        "--account",
        "acme",
    ]);
    assert_eq!(
        added.stdout, "Context lab added and in use.\n",
        "{}",
        added.stderr
    );
    assert_eq!(
        relayctl
            .run(&[
                "context",
                "add",
                "prod",
                "--url",
                "https://relay.example:8443"
            ])
            .code,
        Some(0)
    );
    assert_eq!(
        relayctl
            .run(&["context", "add", "lab", "--url", "https://x"])
            .code,
        Some(5)
    );
    assert_eq!(
        relayctl.run(&["context", "list", "-o", "name"]).stdout,
        "lab\nprod\n"
    );
    assert_eq!(
        relayctl.run(&["plan", "list", "-o", "json"]).code,
        Some(0),
        "the context in use leads to the API"
    );
    assert_eq!(relayctl.run(&["context", "use", "prod"]).code, Some(0));
    assert!(
        relayctl
            .run(&["context", "show"])
            .stdout
            .contains("https://relay.example:8443")
    );
    assert_eq!(
        relayctl
            .run(&["-c", "lab", "plan", "list", "-o", "json"])
            .code,
        Some(0),
        "a flag is stronger"
    );
    assert_eq!(relayctl.run(&["context", "remove", "prod"]).code, Some(2));
    assert_eq!(
        relayctl.run(&["context", "remove", "prod", "--yes"]).code,
        Some(0)
    );
    assert_eq!(relayctl.run(&["-c", "prod", "plan", "list"]).code, Some(3));
}

#[test]
fn a_token_file_that_others_may_read_is_refused() {
    let api = Api::start(&[("GET /v1/plans", 200, NO_SYSTEMS)]);
    let relayctl = Relayctl::new();
    assert_eq!(
        relayctl
            .run(&[
                "context",
                "add",
                "lab",
                "--socket",
                api.socket().to_str().unwrap()
            ])
            .code,
        Some(0)
    );
    let folder = relayctl.home().join(".local/state/relayctl/tokens");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("lab");
    std::fs::write(&path, "tok\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(relayctl.run(&["plan", "list"]).code, Some(4));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(relayctl.run(&["plan", "list"]).code, Some(0));
    assert!(
        api.asked()[0]
            .headers
            .contains(&"authorization: bearer tok".to_owned())
    );
}

#[test]
fn a_request_whose_answer_was_lost_is_repeated_with_its_key() {
    let api = Api::start_silent(2, &[(CREATE, 201, USER)]);
    let arguments = [
        "user",
        "create",
        "scanner",
        "--sender",
        "scanner@acme.example",
        "--generate",
        "-o",
        "json",
    ];
    let run = for_acme(&api).run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let asked = api.asked();
    let keys: Vec<_> = asked
        .iter()
        .flat_map(|asked| &asked.headers)
        .filter(|header| header.starts_with("idempotency-key: "))
        .collect();
    assert_eq!((asked.len(), keys.len()), (3, 3));
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert!(asked.iter().all(|one| one.body == asked[0].body));

    let again = for_acme(&api).run(&arguments);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(!api.asked()[3].headers.contains(keys[0]));
}

#[test]
fn what_has_no_key_is_not_repeated() {
    let api = Api::start_silent(1, &[]);
    let run = for_acme(&api).run(&["system", "remove", "printer", "--yes"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert_eq!(api.asked().len(), 1);
}

#[test]
fn the_audit_log_is_verified_with_an_exit_code() {
    const CHECK: &str = "GET /v1/audit/check";
    let hash = "0f".repeat(32);
    let answer = |ok: bool, broken: &str| {
        format!(
            r#"{{"ok":{ok},"entries":3,"hash":"{hash}","broken":{broken},"expected_entry":null}}"#
        )
    };
    for (ok, broken, code, text) in [
        (true, "null", 0, "in order"),
        (
            false,
            r#"{"entry":4,"problem":"this entry is missing"}"#,
            9,
            "broken at entry 4",
        ),
        (false, "null", 9, "not the one"),
    ] {
        let api = Api::start(&[(CHECK, 200, answer(ok, broken).as_str())]);
        let run = Relayctl::at(&api).run(&["audit", "verify", "--expect", &hash]);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(run.stdout.contains(&hash));
        assert!(format!("{}{}", run.stdout, run.stderr).contains(text));
    }
}
