//! An account that comes with its route, stops, goes on, changes its route and ends: over the real
//! relayctl, against the stand-in for Exchange Online.

use std::fs;

use relay_tests::{
    harness::{Config, Device, Relayd, code_in, eventually},
    sim::{Settings, Simulator},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::{PATIENCE, QUIET, RECIPIENT, SENDER, World};

const MAILBOX: &str = "relay@acme.example";

/// A relayd without accounts, a stand-in that knows one mailbox, and the files of passwords.
struct Stage {
    simulator: Simulator,
    relayd: Relayd,
    folder: TempDir,
}

impl Stage {
    async fn new(change: impl FnOnce(Config, &str) -> Config) -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::in_folder(folder.path().join("exchange"));
        settings.mailboxes = vec![(MAILBOX.to_owned(), "mailbox-secret".to_owned())];
        let simulator = Simulator::start(settings).await.unwrap();
        let server = format!("localhost:{}", simulator.address().port());
        let config = change(Config::in_folder(folder.path()), &server);
        let relayd = Relayd::start(folder.path(), &config).unwrap();
        for (name, text) in [
            ("right.pw", "mailbox-secret"),
            ("wrong.pw", "guessed"),
            ("owner.pw", "correct horse battery staple"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self {
            simulator,
            relayd,
            folder,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The flags of a route that works.
    fn route(&self) -> [(&'static str, String); 5] {
        [
            ("--server", "localhost".to_owned()),
            ("--port", self.simulator.address().port().to_string()),
            ("--mailbox", MAILBOX.to_owned()),
            ("--password-file", self.path("right.pw")),
            (
                "--server-ca",
                self.simulator.ca_file().display().to_string(),
            ),
        ]
    }
}

/// Flags, with another value for one of them; an empty one leaves it away.
fn flags(route: &[(&str, String)], other: &str, value: &str) -> String {
    let flag = |(name, given): &(&str, String)| {
        let value = if *name == other { value } else { given };
        (!value.is_empty()).then(|| format!("{name} {value}"))
    };
    let flags: Vec<_> = route.iter().filter_map(flag).collect();
    flags.join(" ")
}

const CREATE: &str =
    "account create acme --kind company --company Acme --email ops@acme.example --route smtp-auth";

/// A port on which nobody listens.
fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_fails_at_any_step_leaves_no_account() {
    let stage = Stage::new(|config, _| config).await;
    let ctl = stage.relayd.ctl().unwrap();
    let (closed, wrong) = (closed_port(), stage.path("wrong.pw"));
    for (flag, value, step, code) in [
        ("--server", "relay.invalid", "dns", "route-unreachable"),
        ("--port", closed.as_str(), "connect", "route-unreachable"),
        ("--server-ca", "", "starttls", "route-tls-failed"),
        (
            "--password-file",
            wrong.as_str(),
            "sign-in",
            "route-credentials-rejected",
        ),
    ] {
        let flags = flags(&stage.route(), flag, value);
        let failed = ctl.run(&format!("{CREATE} {flags}")).unwrap();
        assert_eq!(failed.code, 9, "{step}: {}", failed.stderr);
        let last = failed
            .stderr
            .lines()
            .find(|line| line.contains("failed  "))
            .unwrap_or_else(|| panic!("{}", failed.stderr));
        assert!(last.contains(step), "{step}: {last}");
        for part in ["nothing was created", "try:", code] {
            assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
        }
        assert_eq!(ctl.items("account list").unwrap(), Vec::<Value>::new());
    }
    let made = ctl
        .ok(&format!("{CREATE} {}", flags(&stage.route(), "", "")))
        .unwrap();
    assert!(made.contains("ok      sign-in"), "{made}");
    let route = ctl.json("route show --account acme").unwrap();
    assert_eq!(
        (&route["ready"], &route["version"]),
        (&true.into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_says_what_flags_would() {
    let stage = Stage::new(|config, _| config).await;
    let ctl = stage.relayd.ctl().unwrap();
    let port = stage.simulator.address().port();
    // Files are named beside the file itself.
    let toml = format!(
        "kind = \"company\"\ncompany = \"Acme GmbH\"\nemail = \"ops@acme.example\"\n\n[route]\n\
         kind = \"smtp-auth\"\nserver = \"localhost\"\nport = {port}\nmailbox = \"{MAILBOX}\"\n\
         password_file = \"right.pw\"\nserver_ca = \"exchange/ca.pem\"\nper_minute = 20\n"
    );
    fs::write(stage.path("acme.toml"), &toml).unwrap();
    let file = stage.path("acme.toml");
    let made = ctl.json(&format!("account create --from-file {file} --city Bern"));
    let made = made.unwrap();
    assert_eq!(
        (&made["name"], &made["city"]),
        (&"acme".into(), &"Bern".into())
    );
    assert_eq!(made["steps"].as_array().unwrap().len(), 5);
    let route = ctl.json("route show --account acme").unwrap();
    assert_eq!(route["per_minute"], 20);

    fs::write(
        stage.path("acme.toml"),
        toml.replace("company =", "compnay ="),
    )
    .unwrap();
    let failed = ctl
        .run(&format!("account create --from-file {file}"))
        .unwrap();
    assert_eq!(failed.code, 2, "{}", failed.stderr);
    assert!(
        failed.stderr.contains("expected one of"),
        "{}",
        failed.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_brings_a_route_and_gets_the_code_through_it() {
    let stage = Stage::new(Config::registration_by).await;
    let home = stage.folder.path().join("customer");
    let customer = stage.relayd.visitor(&home).unwrap();
    let create = format!(
        "{CREATE} --sign-in-password-file {}",
        stage.path("owner.pw")
    );
    // Another server is none of a stranger's.
    let elsewhere = flags(&stage.route(), "--port", "25");
    let refused = customer.run(&format!("{create} {elsewhere}")).unwrap();
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("route-not-for-registration"),
        "{}",
        refused.stderr
    );
    let made = customer
        .run(&format!("{create} {}", flags(&stage.route(), "", "")))
        .unwrap();
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stdout.contains("A code was sent to ops@acme.example"));
    let mails = stage.simulator.wait_for(1, PATIENCE).await.unwrap();
    let mail = String::from_utf8(stage.simulator.body(&mails[0]).unwrap()).unwrap();
    let code = code_in(&mail).unwrap();
    let login = format!(
        "auth login --email ops@acme.example --password-file {}",
        stage.path("owner.pw")
    );
    let early = customer.run(&login).unwrap();
    assert_eq!(early.code, 8, "{}", early.stderr);
    assert!(
        early.stderr.contains("and for the operator"),
        "{}",
        early.stderr
    );
    customer
        .ok(&format!("account verify acme --code {code}"))
        .unwrap();
    stage
        .relayd
        .ctl()
        .unwrap()
        .ok("account activate acme")
        .unwrap();
    customer.ok(&login).unwrap();
    assert_eq!(customer.json("route show").unwrap()["ready"], true);
}

/// What the door says to the scanner.
async fn refusal(world: &World) -> String {
    let mail = World::mail("refused", 2000);
    let mut device = Device::connect(
        world.submission(),
        relay_tests::load::send::Encryption::Starttls,
    )
    .await
    .unwrap();
    let user = &world.user;
    let reply = device
        .sign_in(&user.username, &user.password)
        .await
        .unwrap();
    if reply.code != 235 {
        return reply.line;
    }
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    reply.line
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_is_refused_with_the_reason_and_its_queue_waits() {
    let world = World::new().await;
    world.simulator.down().await;
    let mail = world.submit("waiting").await;
    let words = [
        "account",
        "suspend",
        "acme",
        "--reason",
        "invoice 17 is open",
        "--yes",
    ];
    let suspended = world.relayd.ctl().unwrap().run_with(&words, "").unwrap();
    assert_eq!(suspended.code, 0, "{}", suspended.stderr);
    let reply = refusal(&world).await;
    for part in ["550 5.7.1", "invoice 17 is open", "[account-not-active]"] {
        assert!(reply.contains(part), "{reply}");
    }
    world.simulator.up().await.unwrap();
    let lane = world.lane("held");
    assert!(
        lane["why"].as_str().unwrap().contains("suspended"),
        "{lane}"
    );
    assert!(world.simulator.wait_until_quiet(QUIET).await.is_empty());
    let shown = world.ctl.json("account show acme").unwrap();
    assert_eq!(shown["suspended_by"], "operator");
    assert_eq!(shown["queued"], 1);
    world.ctl.ok("account resume acme").unwrap();
    // The mail, and the notice to the customer that the account goes on.
    let entries = world.simulator.wait_for(2, PATIENCE).await.unwrap();
    let arrived = entries.iter().filter(|it| it.message_id == mail.message_id);
    assert_eq!(arrived.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_drained_and_closed_whatever_happens_to_relayd() {
    let mut world = World::new().await;
    world.simulator.down().await;
    let mail = world.submit("last").await;
    let unconfirmed = world.ctl.run("account close acme --drain --yes").unwrap();
    assert_eq!(unconfirmed.code, 2, "{}", unconfirmed.stderr);
    let closing = world
        .ctl
        .json("account close acme --drain --confirm acme")
        .unwrap();
    assert_eq!(
        (&closing["state"], &closing["queued"]),
        (&"closing".into(), &1.into())
    );
    let line = refusal(&world).await;
    assert!(line.starts_with("535"), "{line}");
    world.relayd.kill().unwrap();
    world.relayd.start_again().unwrap();
    world.ctl = world.relayd.ctl().unwrap().account("acme");
    assert_eq!(
        world.ctl.json("account show acme").unwrap()["state"],
        "closing"
    );
    world.simulator.up().await.unwrap();
    world.arrived(&[mail]).await;
    let closed = eventually("a closed account", || {
        let listed = world.ctl.items("account list --state closed")?;
        Ok(listed.into_iter().next())
    });
    let closed = closed.unwrap();
    assert_eq!(
        (&closed["name"], &closed["queued"]),
        (&"acme".into(), &0.into())
    );
    assert_eq!(world.ctl.run("route show").unwrap().code, 3);
    // The log outlives it.
    let message = &world.ctl.items("log search").unwrap()[0];
    assert_eq!(
        (&message["state"], &message["user"]),
        (&"delivered".into(), &"scanner".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_of_a_closed_account_is_cancelled_when_that_is_asked_for() {
    let world = World::new().await;
    world.simulator.down().await;
    world.submit("never").await;
    let id = world.logged("queued")["id"].as_str().unwrap().to_owned();
    world.traced(&id, "route-unreachable");
    world
        .ctl
        .ok("account close acme --cancel --confirm acme")
        .unwrap();
    eventually("a closed account", || {
        let shown = world.ctl.json("account show acme")?;
        Ok((shown["state"] == "closed").then_some(()))
    })
    .unwrap();
    let trace = world.traced(&id, "the account was closed");
    assert!(trace.contains("cancelled"), "{trace}");
    world.simulator.up().await.unwrap();
    assert!(world.simulator.wait_until_quiet(QUIET).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_goes_back_to_an_earlier_version_once_that_was_checked() {
    let world = World::new().await;
    world.ctl.ok("route set --per-minute 50 --yes").unwrap();
    let versions = world.ctl.items("route history").unwrap();
    assert_eq!(versions.len(), 2, "{versions:?}");
    assert_eq!(versions[0]["changed"], serde_json::json!(["per_minute"]));
    assert_eq!(versions[0]["actor"], "operator");
    // Confirmed, as whatever changes live mail.
    assert_eq!(world.ctl.run("route rollback").unwrap().code, 2);
    world.simulator.down().await;
    let failed = world.ctl.run("route rollback 1 --yes").unwrap();
    assert_eq!(failed.code, 9, "{}", failed.stderr);
    assert_eq!(world.ctl.json("route show").unwrap()["per_minute"], 50);
    world.simulator.up().await.unwrap();
    world.ctl.ok("route rollback --dry-run").unwrap();
    assert_eq!(world.ctl.json("route show").unwrap()["version"], 2);
    world.ctl.ok("route rollback --yes").unwrap();
    let route = world.ctl.json("route show").unwrap();
    assert_eq!(
        (&route["per_minute"], &route["version"]),
        (&Value::Null, &3.into())
    );
    let mail = world.submit("after").await;
    world.arrived(&[mail]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_one_document_with_everything_but_secrets() {
    let world = World::new().await;
    let mails = [world.submit("one").await, world.submit("two").await];
    world.arrived(&mails).await;
    eventually("two delivered", || {
        let found = world.ctl.items("log search --status delivered")?;
        Ok((found.len() == 2).then_some(()))
    })
    .unwrap();
    let text = world.ctl.ok("account export acme").unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["format"], "relayd-account");
    assert_eq!(document["account"]["name"], "acme");
    assert_eq!(document["route"]["mailbox"], MAILBOX);
    for (part, count) in [
        ("subscriptions", 1),
        ("route_versions", 1),
        ("relay_users", 1),
        ("credentials", 1),
        ("systems", 1),
        ("domains", 0),
        ("limits", 0),
        ("usage", 1),
        ("errors", 0),
        ("messages", 2),
        ("rejects", 0),
    ] {
        assert_eq!(document[part].as_array().unwrap().len(), count, "{part}");
    }
    assert!(!document["audit"].as_array().unwrap().is_empty());
    let events = document["messages"][0]["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["kind"] == "delivered"));
    let lines = world.ctl.ok("account export acme -o jsonl").unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["part"], "account");
    for secret in ["mailbox-secret", world.user.password.as_str(), "$argon2"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
