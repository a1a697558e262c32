//! Configuration as code, over the real relayctl: what is exported is applied, all of it or nothing.

use std::{fs, process::Command, time::Duration};

use relay_tests::{
    harness::{Outcome, Relayctl, binary},
    pty::{INTERRUPT, Terminal},
};
use serde_json::Value;

use crate::world::World;

const APPLY: &str = "apply acme.toml";

/// An account with something of everything, acted for by the operator.
async fn rich() -> World {
    let world = World::new().await;
    for command in [
        "account edit --vat-id DE123456789 --city Köln --country DE --bounces-to contact",
        "account edit acme --domain-proof waived",
        "domain add acme.example",
        "domain add zulu.example",
        "user create erp@acme --sender erp@acme.example --allow-sender b@acme.example \
         --allow-sender a@acme.example --other-sender rewrite --generate --password-out erp.pw",
        "user suspend erp@acme --yes",
        "system add erp-prod --address 203.0.113.10 --user erp@acme",
        "system add alarm --address 2001:db8:85a3::/48 --user scanner --auth address --priority high",
        "limits set --messages-per-day 5000 --yes",
        "limits set scanner --scope user --messages-per-minute 7 --message-size 25MiB --yes",
        "limits set alarm --scope system --recipients-per-day 50 --yes",
        "route set --fallback --kind capture --yes",
    ] {
        let run = at(&world, command);
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
    }
    world
}

/// Runs a command whose files lie in the folder of the world.
fn at(world: &World, command: &str) -> Outcome {
    let folder = world.folder.path();
    let words: Vec<String> = command
        .split_ascii_whitespace()
        .map(|word| match word.rsplit_once('.') {
            Some((_, "toml" | "pw")) => folder.join(word).display().to_string(),
            _ => word.to_owned(),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    world.ctl.run_with(&words, "").unwrap()
}

fn write(world: &World, text: &str) {
    fs::write(world.folder.path().join("acme.toml"), text).unwrap();
}

/// The configuration, without what counts up.
fn configuration(ctl: &Relayctl) -> Value {
    let mut found = ctl.json("export").unwrap();
    found.as_object_mut().unwrap().remove("version");
    found
}

fn no_changes(world: &World, command: &str) {
    let run = at(world, command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("No changes"), "{}", run.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_is_what_there_is_and_can_be_had_again() {
    let world = rich().await;
    let before = configuration(&world.ctl);
    let text = world.ctl.ok("export").unwrap();
    assert_eq!(text, world.ctl.ok("export").unwrap(), "the same each time");
    let sent = world
        .ctl
        .ok("api GET /v1/accounts/acme/configuration")
        .unwrap();
    for secret in ["mailbox-secret", world.user.password.as_str(), "argon2"] {
        assert!(!text.contains(secret) && !sent.contains(secret));
    }
    write(&world, &text);
    no_changes(&world, APPLY);
    no_changes(&world, "apply acme.toml --prune --check");

    // All of it goes that can go, and comes again.
    let route = text.split_once("[route]").unwrap().1;
    let route = route.split_once("\n\n").unwrap().0;
    let bare = format!("[account]\nname = \"acme\"\n[route]{route}\n");
    write(&world, &bare);
    let run = at(&world, "apply acme.toml --prune --yes");
    assert_eq!(run.code, 2, "yes is not enough: {}", run.stdout);
    assert!(run.stderr.contains("2 relay users, 2 domains, 1 fallback"));
    let run = at(&world, "apply acme.toml --prune --confirm acme");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let bared = configuration(&world.ctl);
    for part in ["users", "systems", "domains"] {
        assert_eq!(bared[part], Value::Array(Vec::new()), "{part}");
    }
    assert_eq!(bared["limits"], Value::Null);
    write(&world, &text);
    let run = at(&world, "apply acme.toml --yes --password-out new.pw");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(configuration(&world.ctl), pending(before));
    no_changes(&world, APPLY);
    let passwords = fs::read_to_string(world.folder.path().join("new.pw")).unwrap();
    let names: Vec<_> = passwords
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .collect();
    assert_eq!(names, ["erp@acme", "scanner"]);
    no_changes(&world, "apply acme.toml --password-out again.pw");
    assert!(!world.folder.path().join("again.pw").exists());
}

/// Domains that come again have their proof to come.
fn pending(mut configuration: Value) -> Value {
    for domain in configuration["domains"].as_array_mut().unwrap() {
        domain["state"] = "pending".into();
    }
    configuration
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_entry_and_nothing_is_changed() {
    let world = rich().await;
    let before = configuration(&world.ctl);
    let entries = world.ctl.items("audit list").unwrap().len();
    let good = "plan = \"starter\"\n[users.fax]\nsender = \"fax@acme.example\"\n\
                [systems.fax]\naddress = \"198.51.100.7\"\nuser = \"fax\"\n";
    for (bad, code, part) in [
        (
            "[systems.mfp]\naddress = \"198.51.100.8\"\nuser = \"nobody\"\n",
            7,
            "user = \"nobody\"",
        ),
        (
            "[systems.mfp]\naddress = \"all\"\nuser = \"fax\"\n",
            7,
            "address = \"all\"",
        ),
        // The address is that of alarm.
        (
            "[systems.mfp]\naddress = \"2001:db8:85a3::7\"\nuser = \"fax\"\nauth = \"address\"\n",
            5,
            "network-overlap",
        ),
        (
            "[fallback]\nkind = \"smtp-auth\"\nserver = \"relay.invalid\"\nmailbox = \"a@acme.example\"\npassword_file = \"erp.pw\"\n",
            9,
            "route-unreachable",
        ),
    ] {
        write(&world, &format!("{good}{bad}"));
        let run = at(&world, "apply acme.toml --yes --password-out never.pw");
        assert_eq!(run.code, code, "{bad}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        assert_eq!(configuration(&world.ctl), before, "{bad}");
        assert!(!world.folder.path().join("never.pw").exists(), "{bad}");
    }
    assert_eq!(world.ctl.items("audit list").unwrap().len(), entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_named_in_the_audit_log() {
    let world = rich().await;
    write(
        &world,
        "[users.scanner]\nsender = \"scanner@acme.example\"\nstate = \"suspended\"\n\
         [systems.mfp]\naddress = \"198.51.100.8\"\nuser = \"scanner\"\n\
         [systems.mfp.limits]\nmessages_per_day = 9\n",
    );
    let run = at(&world, "apply acme.toml --yes -o json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let entries = world.ctl.items("audit list --limit 4").unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|it| {
            (
                it["action"].as_str().unwrap(),
                it["object"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "SetLimits",
                "/v1/accounts/acme/limits?name=mfp&scope=system"
            ),
            ("EditRelayUser", "/v1/accounts/acme/users/scanner"),
            ("AddSystem", "/v1/accounts/acme/systems/mfp"),
            ("ApplyConfiguration", "/v1/accounts/acme/configuration"),
        ]
    );
    assert_eq!(entries[1]["after"]["state"], "suspended");
    assert_eq!(entries[1]["request_id"], entries[3]["request_id"]);
    let verified = world.relayd.ctl().unwrap().run("audit verify").unwrap();
    assert_eq!(verified.code, 0, "{}", verified.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_stays_within_the_plan_and_a_reader_may_compare() {
    let world = rich().await;
    let token = |name: &str, flag: &str| {
        let made = world
            .ctl
            .json(&format!("token create {name} --account acme {flag}"))
            .unwrap();
        let token = made["secret"].as_str().unwrap().to_owned();
        let api = world.relayd.api().unwrap();
        let ctl = Relayctl::on_tcp(api, &token, world.folder.path()).unwrap();
        ctl.account("acme")
    };
    let (owner, reader) = (token("ci", ""), token("ci-read", "--read-only"));
    let text = owner.ok("export").unwrap();
    write(&world, &text);
    let file = world.folder.path().join("acme.toml").display().to_string();
    for ctl in [&owner, &reader] {
        let run = ctl.run(&format!("apply {file} --check")).unwrap();
        assert_eq!(
            run.code, 0,
            "what the operator set may stand: {}",
            run.stderr
        );
    }
    for (from, to, code, line) in [
        (
            "messages_per_day = 5000",
            "messages_per_day = 6000",
            4,
            "[limits]",
        ),
        (
            "messages_per_minute = 7",
            "messages_per_minute = 8",
            4,
            "[users.scanner.limits]",
        ),
        (
            "domain_proof = \"waived\"",
            "domain_proof = \"required\"",
            4,
            "domain_proof = \"required\"",
        ),
        ("email = \"ops@", "email = \"other@", 7, "email = \"other@"),
        (
            "auth = \"password\"",
            "auth = \"address\"",
            4,
            "[systems.erp-prod]",
        ),
        (
            "kind = \"company\"",
            "kind = \"person\"",
            7,
            "kind = \"person\"",
        ),
        ("name = \"acme\"", "name = \"other\"", 7, "name = \"other\""),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        write(&world, &text.replacen(from, to, 1));
        let run = owner.run(&format!("apply {file} --yes")).unwrap();
        assert_eq!(run.code, code, "{to}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(line), "{to}: {}", run.stderr);
    }
    write(&world, "[users.fax]\nsender = \"fax@acme.example\"\n");
    let run = reader.run(&format!("apply {file} --yes -o json")).unwrap();
    assert_eq!(run.code, 4, "{}", run.stderr);
    let run = owner.run(&format!("apply {file} --yes -o json")).unwrap();
    assert_eq!(run.code, 0, "{}", run.stderr);
    let other = reader.run("export --account nobody").unwrap();
    assert_eq!(other.code, 3, "{}", other.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_secret_is_tried_and_the_same_one_changes_nothing() {
    let world = World::new().await;
    let text = world.ctl.ok("export").unwrap();
    write(&world, &text);
    let put = |name: &str, text: &str| {
        fs::write(world.folder.path().join(name), text).unwrap();
    };
    put("same.pw", "mailbox-secret\n");
    put("wrong.pw", "guessed\n");
    no_changes(&world, "apply acme.toml --password-file same.pw");
    let version = |ctl: &Relayctl| ctl.json("route show").unwrap()["version"].clone();
    let before = version(&world.ctl);
    let run = at(&world, "apply acme.toml --password-file wrong.pw --yes");
    assert_eq!(run.code, 9, "{}", run.stderr);
    assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
    assert!(
        run.stdout.contains("password  (set) → (another)"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("guessed") && !run.stderr.contains("guessed"));
    assert_eq!(version(&world.ctl), before);
    write(
        &world,
        &text.replacen("connections = 3", "connections = 4", 1),
    );
    let run = at(&world, "apply acme.toml --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("ok      sign-in"), "{}", run.stdout);
    world.submit("after").await;
}

/// Systems of one relay user, one address each.
fn many(count: usize) -> String {
    let user = "[users.scanner]\nsender = \"scanner@acme.example\"\n".to_owned();
    let system = |number: usize| {
        format!(
            "[systems.mfp-{number:04}]\naddress = \"2001:db8::{number:x}\"\nuser = \"scanner\"\n"
        )
    };
    std::iter::once(user)
        .chain((1..=count).map(system))
        .collect()
}

fn systems(world: &World) -> usize {
    world.ctl.items("system list").unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_systems_come_together_whenever_relayd_is_killed() {
    let mut world = World::new().await;
    write(&world, &many(1000));
    let run = at(&world, "apply acme.toml --yes -o json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(systems(&world), 1001);
    no_changes(&world, APPLY);
    let mut had = 1001;
    let mut cut_short = 0;
    for wait in [20, 60, 120, 200, 300, 450, 600, 900] {
        // Either all of these are there afterwards, or those of before.
        let wanted = if had == 1001 { 2 } else { 1001 };
        write(&world, &many(wanted - 1));
        let applying = {
            let (ctl, file) = (world.ctl.clone(), world.folder.path().join("acme.toml"));
            std::thread::spawn(move || {
                let keep =
                    "[systems.scanner-device]\naddress = \"127.0.0.1\"\nuser = \"scanner\"\n";
                let text = fs::read_to_string(&file).unwrap() + keep;
                fs::write(&file, text).unwrap();
                let file = file.display().to_string();
                let words = ["apply", &file, "--prune", "--yes", "-o", "json"];
                ctl.run_with(&words, "").unwrap()
            })
        };
        tokio::time::sleep(Duration::from_millis(wait)).await;
        world.relayd.kill().unwrap();
        let run = applying.join().unwrap();
        world.relayd.start_again().unwrap();
        let now = systems(&world);
        assert!(
            [had, wanted].contains(&now),
            "{now} systems, where {had} or {wanted} were expected after {wait} ms: {}",
            run.stderr
        );
        if run.code == 0 {
            assert_eq!(now, wanted, "what was confirmed stays");
        } else {
            cut_short += 1;
        }
        had = now;
    }
    assert!(cut_short > 0, "no run was cut short");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_wins_and_the_other_is_told() {
    let world = World::new().await;
    let mut codes = Vec::new();
    for round in 0..4 {
        let runs: Vec<_> = ["one", "two"]
            .into_iter()
            .map(|name| {
                let file = world.folder.path().join(format!("{name}.toml"));
                let text = format!(
                    "[systems.{name}-{round}]\naddress = \"198.51.100.{round}\"\nuser = \"scanner\"\n"
                );
                fs::write(&file, text).unwrap();
                let (ctl, file) = (world.ctl.clone(), file.display().to_string());
                std::thread::spawn(move || ctl.run_with(&["apply", &file, "--yes"], "").unwrap())
            })
            .collect();
        for run in runs {
            let run = run.join().unwrap();
            if run.code == 5 {
                assert!(
                    run.stderr.contains("give the same command again"),
                    "{}",
                    run.stderr
                );
            }
            codes.push(run.code);
        }
    }
    assert!(codes.iter().all(|code| [0, 5].contains(code)), "{codes:?}");
    let done = codes.iter().filter(|code| **code == 0).count();
    assert!(done >= 4, "{codes:?}");
    assert_eq!(systems(&world), 1 + done);
}

/// Enters a command at a terminal of that width.
fn entered(world: &World, command: &str, columns: u16) -> Terminal {
    let folder = world.folder.path();
    let mut program = Command::new(binary("relayctl").unwrap());
    program
        .args(command.split_ascii_whitespace())
        .current_dir(folder)
        .env_remove("CI")
        .env("HOME", folder)
        .env("NO_COLOR", "1")
        .env("RELAYCTL_ACCOUNT", "acme")
        .env("RELAYCTL_SOCKET", world.relayd.folder().join("admin.sock"));
    Terminal::start_sized(&program, (columns, 40)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_changes_and_is_asked() {
    let world = rich().await;
    let before = configuration(&world.ctl);
    write(
        &world,
        "plan = \"business\"\n\
         [users.scanner]\nsender = \"scanner@acme.example\"\nallowed_senders = [\"a@acme.example\"]\n\
         [users.fax]\nsender = \"fax@acme.example\"\n",
    );
    for (columns, keys) in [(80, "n"), (40, INTERRUPT)] {
        let mut terminal = entered(&world, APPLY, columns);
        terminal.expect("Go on?").unwrap();
        let screen = terminal.screen();
        for part in [
            "+ user fax",
            "~ user scanner",
            "~ plan  enterprise → business",
        ] {
            assert!(screen.contains(part), "{part}: {screen}");
        }
        terminal.press(keys).unwrap();
        let (code, shown) = terminal.finish().unwrap();
        assert_eq!(code, 130, "{shown}");
        assert!(shown.contains("nothing was changed"), "{shown}");
        assert_eq!(configuration(&world.ctl), before);
    }
    let mut terminal = entered(&world, APPLY, 80);
    terminal.expect("Go on?").unwrap();
    terminal.press("y").unwrap();
    let (code, shown) = terminal.finish().unwrap();
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("Account acme: 1 added, 2 changed."),
        "{shown}"
    );
    assert!(
        shown.contains("Passwords, shown once and not stored:"),
        "{shown}"
    );
    no_changes(&world, APPLY);
}
