//! What relayctl offers to a shell, asked as its hook asks.

use std::os::unix::net::UnixListener;

use crate::{Relayctl, fake::Api};

/// What the hook of fish gets: a name and a few words about it a line, below what follows.
fn offered(relayctl: &Relayctl, line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let run = relayctl.run(&[&["--"], words.as_slice()].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{line}");
    run.stdout
}

fn fish(relayctl: Relayctl) -> Relayctl {
    relayctl.env("RELAYCTL_COMPLETE", "fish")
}

const ACCOUNT: &str = r#"{"items":[{"id":"a","name":"acme","state":"active","kind":"company","company":"Acme GmbH","vat_id":"","first_name":"","last_name":"","email":"","phone":"","street":"","postal_code":"","city":"","country":"","verified_at":null,"activated_at":null,"created_at":"2026-11-20T08:00:00Z","domain_proof":"required","bounces_to":"sender","new_email":null,"note":"","plan":null,"sends":true,"missing":[],"version":1}],"next_cursor":null}"#;
const USERS: &str = r#"{"items":[{"id":"u1","account":"acme","username":"scanner","sender":"scanner@acme.example","allowed_senders":[],"other_sender":"reject","state":"active","created_at":"2026-11-20T08:00:00Z","version":1},{"id":"u2","account":"acme","username":"-rf","sender":"x@acme.example","allowed_senders":[],"other_sender":"reject","state":"active","created_at":"2026-11-20T08:00:00Z","version":1}],"next_cursor":"more"}"#;
const SYSTEMS: &str = r#"{"items":[{"id":"s","account":"acme","name":"erp-prod","address":"203.0.113.10/32","user":"erp","auth":"password","state":"active","priority":"normal","last_seen_at":null,"created_at":"2026-11-20T08:00:00Z","version":1}],"next_cursor":null}"#;
const CREDENTIALS: &str = r#"{"items":[{"id":"c","name":"floor-3","created_at":"2026-11-20T08:00:00Z","last_used_at":null,"last_used_from":null,"last_used_system":null}],"next_cursor":null}"#;
const QUEUE: &str = r#"{"items":[{"id":"06bq3k8zv1h4wcn2x9tg","account":"acme","user":"scanner","system":null,"state":"held","sender":"scanner@acme.example","recipient":"bob@example.net","recipient_count":3,"header_from":"","subject":"","message_id":"","size":1,"client":"","helo":"","tls":"","accepted_at":"2026-11-20T08:00:00Z","due_at":null,"finished_at":null,"attempts":0,"last_reply":""}],"next_cursor":null}"#;
const TOKENS: &str = r#"{"items":[{"id":"t","name":"deploy","account":null,"read_only":true,"created_at":"2026-11-20T08:00:00Z","expires_at":null,"last_used_at":null}],"next_cursor":null}"#;
const PLANS: &str = r#"{"items":[{"id":"p","name":"business","state":"offered","version":1,"relay_users":5,"messages_per_minute":1,"messages_per_day":5000,"recipients_per_day":1,"recipients_per_message":1,"message_size":1}],"next_cursor":null}"#;
const BANS: &str = r#"{"items":[{"address":"198.51.100.7","since":"2026-11-20T08:00:00Z","until":"2026-11-20T09:00:00Z","times":1,"username":"root"}],"next_cursor":null}"#;
const SESSIONS: &str = r#"{"items":[{"id":"019a","created_at":"2026-11-20T08:00:00Z","created_from":null,"used_at":"2026-11-20T08:00:00Z","used_from":"192.0.2.9","expires_at":"2026-11-20T09:00:00Z","current":true}],"next_cursor":null}"#;
const INVITATIONS: &str = r#"{"items":[{"id":"06bq","email":"ops@acme.example","state":"open","created_at":"2026-11-20T08:00:00Z","expires_at":"2026-11-20T09:00:00Z","used_at":null}],"next_cursor":null}"#;

/// A relayd with one of each.
fn one_of_each() -> Api {
    Api::start(&[
        (
            "GET /v1/accounts/acme/users/scanner/credentials",
            200,
            CREDENTIALS,
        ),
        ("GET /v1/accounts/acme/users?", 200, USERS),
        ("GET /v1/accounts/acme/systems?", 200, SYSTEMS),
        ("GET /v1/accounts/acme/sessions?", 200, SESSIONS),
        ("GET /v1/accounts?", 200, ACCOUNT),
        ("GET /v1/queue/messages?account=acme", 200, QUEUE),
        ("GET /v1/queue/messages?limit", 200, QUEUE),
        ("GET /v1/queue/messages?", 500, "{}"),
        ("GET /v1/log/messages?", 200, QUEUE),
        ("GET /v1/tokens?", 200, TOKENS),
        ("GET /v1/plans?", 200, PLANS),
        ("GET /v1/bans?", 200, BANS),
        ("GET /v1/invitations?", 200, INVITATIONS),
    ])
}

#[test]
fn every_kind_of_name_is_offered_with_a_few_words() {
    let api = one_of_each();
    let relayctl = fish(Relayctl::at(&api));
    let message = "06bq3k8zv1h4wcn2x9tg\theld: scanner@acme.example to bob@example.net and 2 more";
    for (line, wanted) in [
        ("account show ", "acme\tAcme GmbH, active"),
        ("user list --account=", "--account=acme\tAcme GmbH, active"),
        ("plan show ", "business\t5000 messages a day, offered"),
        (
            "subscription start --plan bus",
            "business\t5000 messages a day, offered",
        ),
        // The only account there is, or the one that was named.
        ("user show ", "scanner\tscanner@acme.example, active"),
        (
            "--account acme user show sc",
            "scanner\tscanner@acme.example, active",
        ),
        (
            "system add x --user ",
            "scanner\tscanner@acme.example, active",
        ),
        (
            "-a acme system test ",
            "erp-prod\t203.0.113.10/32 as erp, active",
        ),
        ("user credential remove scanner ", "floor-3\tnever used"),
        (
            "user rotate-password scanner --credential ",
            "floor-3\tnever used",
        ),
        ("queue show ", message),
        ("queue delete ", message),
        ("log trace 06", message),
        ("token revoke --operator ", "deploy\tmay read"),
        (
            "limits show --scope user ",
            "scanner\tscanner@acme.example, active",
        ),
        ("limits reset --scope ip ", "198.51.100.7\ttried root"),
        ("auth revoke ", "019a\tthis one, last used from 192.0.2.9"),
        ("account revoke-invitation ", "06bq\tops@acme.example"),
        ("help exit", "exit-codes\texit codes of relayctl"),
        (
            "help error plan-lim",
            "plan-limit\tThe plan does not allow more",
        ),
        (
            "log rejects --reason plan-lim",
            "plan-limit\tThe plan does not allow more",
        ),
    ] {
        let found = offered(&relayctl, line);
        assert_eq!(found, format!("names\n{wanted}\n"), "{line}");
    }
}

#[test]
fn messages_are_offered_by_what_a_verb_is_for() {
    let api = Api::start(&[("GET /v1/queue/messages?", 200, QUEUE)]);
    let relayctl = fish(Relayctl::at(&api));
    for (verb, state) in [("release", "held"), ("hold", "queued"), ("retry", "queued")] {
        let found = offered(&relayctl, &format!("queue {verb} --account acme "));
        assert!(found.contains("06bq3k8zv1h4wcn2x9tg"), "{found}");
        let asked = api.lines().pop().unwrap();
        assert!(asked.contains("account=acme") && asked.contains(&format!("state={state}")));
    }
}

#[test]
fn one_page_is_asked_for_however_many_there_are() {
    let api = Api::start(&[("GET /v1/accounts/acme/users?", 200, USERS)]);
    offered(&fish(Relayctl::at(&api)), "-a acme user show ");
    assert_eq!(api.lines(), ["GET /v1/accounts/acme/users?limit=1000"]);
}

#[test]
fn contexts_are_offered_and_one_on_the_line_says_whom_to_ask() {
    let api = Api::start(&[("GET /v1/plans?", 200, PLANS)]);
    let relayctl = fish(Relayctl::new());
    let folder = relayctl.home().join(".config/relayctl");
    std::fs::create_dir_all(&folder).unwrap();
    let config = format!(
        "current = \"prod\"\n[context.prod]\nurl = \"https://relay.acme.example:8443\"\n\
         [context.lab]\nsocket = \"{}\"\n",
        api.socket().display()
    );
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let found = offered(&relayctl, "context use p");
    assert_eq!(found, "names\nprod\thttps://relay.acme.example:8443\n");
    let found = offered(&relayctl, "--context lab plan show ");
    assert!(found.contains("business"), "{found}");
}

/// Whatever is missing, broken or slow: no word, no file, no question.
#[test]
fn failures_are_silent() {
    let refusal = r#"{"type":"about:reason/not-signed-in","title":"No","status":401,"code":"not-signed-in","remedy":"","request_id":"r"}"#;
    let expired = Api::start(&[("GET ", 401, refusal)]);
    let odd = Api::start(&[("GET ", 200, "<html>")]);
    let folder = tempfile::tempdir().unwrap();
    // Takes connections, and never answers.
    let hanging = folder.path().join("hanging.sock");
    let _listener = UnixListener::bind(&hanging).unwrap();
    let hanging_bus = format!("unix:path={}", hanging.display());
    for (what, relayctl) in [
        (
            "none",
            Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent"),
        ),
        ("expired", Relayctl::at(&expired)),
        ("odd", Relayctl::at(&odd)),
        (
            "hanging",
            Relayctl::new().env("RELAYCTL_SOCKET", hanging.to_str().unwrap()),
        ),
        // Of the documentation, so nobody is there.
        (
            "unreachable",
            Relayctl::new().env("RELAYCTL_URL", "https://192.0.2.1:8443"),
        ),
        (
            "no context",
            Relayctl::new().env("RELAYCTL_CONTEXT", "none"),
        ),
        (
            "both",
            Relayctl::at(&expired).env("RELAYCTL_URL", "https://192.0.2.1"),
        ),
    ] {
        let found = offered(&fish(relayctl), "-a acme user show s");
        assert_eq!(found, "names\n", "{what}");
    }
    // A keyring that hangs is not asked.
    let relayctl = fish(Relayctl::new()).env("DBUS_SESSION_BUS_ADDRESS", &hanging_bus);
    for (name, text) in [
        (
            ".config/relayctl/config.toml",
            "current=\"p\"\n[context.p]\nurl=\"http://127.0.0.1:1\"\n",
        ),
        (".local/state/relayctl/tokens/p", "@keyring"),
    ] {
        let path = relayctl.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, mode).unwrap();
    }
    assert_eq!(offered(&relayctl, "-a acme user show s"), "names\n");

    let relayctl = fish(Relayctl::at(&expired));
    offered(&relayctl, "user show s");
    let left = std::fs::read_dir(relayctl.home()).unwrap().count();
    assert_eq!(left, 0, "nothing is written");
}

#[test]
fn each_hook_is_answered_in_its_own_way() {
    let api = Api::start(&[("GET /v1/plans?", 200, PLANS)]);
    for (shell, words, wanted) in [
        (
            "bash",
            &["relayctl plan show bus", "bus"][..],
            "names\nbusiness\n",
        ),
        (
            "zsh",
            &["plan", "show", "bus"],
            "names\nbusiness:5000 messages a day, offered\n",
        ),
        (
            "fish",
            &["plan", "show", "bus"],
            "names\nbusiness\t5000 messages a day, offered\n",
        ),
        ("fish-files", &["plan", "show", "bus"], ""),
        ("fish-files", &["--ca-file", ""], "files \n"),
        ("nonsense", &["plan"], ""),
    ] {
        let relayctl = Relayctl::at(&api).env("RELAYCTL_COMPLETE", shell);
        let run = relayctl.run(&[&["--"], words].concat());
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(0), wanted),
            "{shell}"
        );
        assert_eq!(run.stderr, "");
    }
    // PowerShell sends the words by a variable, since it loses empty arguments.
    let relayctl = Relayctl::at(&api)
        .env("RELAYCTL_COMPLETE", "powershell")
        .env("RELAYCTL_COMPLETE_WORDS", "plan\nshow\n");
    let run = relayctl.run(&["--"]);
    assert_eq!(
        run.stdout,
        "names\nbusiness\tbusiness\t5000 messages a day, offered\n"
    );
}

#[test]
fn hooks_are_printed_with_how_to_install_them() {
    for (shell, first) in [
        ("bash", "# Completion"),
        ("zsh", "#compdef relayctl\n"),
        ("fish", "# Completion"),
        ("powershell", "# Completion"),
    ] {
        let run = Relayctl::new().run(&["completion", shell]);
        assert!(run.stdout.starts_with(first), "{}", run.stdout);
        assert_eq!(
            run.stdout.lines().nth(1).unwrap().find("# Install: "),
            Some(0)
        );
    }
}
