//! `relayctl explain`: what it says is what the door says, word for word, and nothing changes by it.

use std::{collections::BTreeMap, net::IpAddr};

use relay_tests::{
    harness::{Device, Listener, Relayctl, UserAccess},
    load::send::Encryption,
};
use serde_json::Value;

use crate::world::{RECIPIENT, SENDER, World};

/// A mail, first asked about and then sent.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    /// What the operator does before, and takes back behind it.
    before: &'static [&'static str],
    after: &'static [&'static str],
    /// The relay user; empty for none.
    user: &'static str,
    client: &'static str,
    listener: &'static str,
    encrypts: bool,
    from: &'static str,
    /// The header From; that of the envelope when not given, none when empty.
    header_from: Option<&'static str>,
    to: &'static [&'static str],
    size: usize,
    /// The reason; empty when it is taken.
    reason: &'static str,
}

const FINE: Case = Case {
    name: "fine",
    before: &[],
    after: &[],
    user: "scanner",
    client: "127.0.0.1",
    listener: "submission",
    encrypts: true,
    from: SENDER,
    header_from: None,
    to: &[RECIPIENT],
    size: 3000,
    reason: "",
};

/// The NAS, which signs in nowhere.
const NAS: Case = Case {
    name: "by address",
    user: "",
    client: "127.0.0.2",
    listener: "lan",
    encrypts: false,
    ..FINE
};

const FOREIGN: &str = "ceo@acme.example";

#[rustfmt::skip]
const CASES: &[Case] = &[
    FINE,
    Case { name: "under TLS", listener: "submissions", ..FINE },
    Case { name: "in the clear, where that is allowed", listener: "legacy", encrypts: false, ..FINE },
    Case { name: "no envelope sender", from: "", header_from: Some(SENDER), ..FINE },
    Case { name: "no From", header_from: Some(""), ..FINE },
    Case { name: "a name in From", header_from: Some("Scanner <scanner@acme.example>"), ..FINE },
    Case { name: "an odd name in From", header_from: Some("scanner@floor3 <scanner@acme.example>"), ..FINE },
    Case { name: "another case", from: "SCANNER@Acme.Example", ..FINE },
    Case { name: "recipients, one of them twice", to: &["a@customer.example", "b@customer.example", "a@customer.example"],
        before: &["limits set scanner --scope user --recipients-per-message 2 --yes"], after: &["limits reset scanner --scope user --yes"], ..FINE },
    Case { name: "an international recipient", to: &["jürgen@customer.example"], ..FINE },
    NAS,
    // The connection.
    Case { name: "banned", client: "127.0.0.77", reason: "address-banned", ..FINE },
    Case { name: "no TLS where it is expected", listener: "submissions", encrypts: false, reason: "tls-expected", ..FINE },
    Case { name: "STARTTLS where there is none", listener: "legacy", reason: "not-implemented", ..FINE },
    Case { name: "not encrypted", encrypts: false, reason: "tls-required", ..FINE },
    Case { name: "not encrypted, and no way to", listener: "lan", encrypts: false, reason: "tls-required", ..FINE },
    // Signing in.
    Case { name: "a stranger", user: "", reason: "auth-required", ..FINE },
    Case { name: "a stranger in the clear", user: "", encrypts: false, reason: "auth-required", ..FINE },
    Case { name: "a stranger where addresses are looked at", client: "127.0.0.3", reason: "auth-required", ..NAS },
    Case { name: "known by address, elsewhere", listener: "submission", encrypts: true, reason: "auth-required", ..NAS },
    Case { name: "a sender that is none, of a stranger", from: "scanner", client: "127.0.0.3", reason: "invalid-sender", ..NAS },
    // Who may send.
    Case { name: "account", before: &["account suspend acme --yes"], after: &["account resume acme"], reason: "account-not-active", ..FINE },
    Case { name: "relay user", before: &["user suspend scanner --yes"], after: &["user resume scanner"], reason: "user-suspended", ..FINE },
    Case { name: "subscription", before: &["subscription cancel --yes"], after: &["subscription start --plan enterprise"], reason: "no-subscription", ..FINE },
    Case { name: "address", user: "erp", from: "erp@acme.example", reason: "address-not-registered", ..FINE },
    Case { name: "system", before: &["system edit scanner-device --state suspended --yes"], after: &["system edit scanner-device --state active"], reason: "system-suspended", ..FINE },
    Case { name: "system by address", before: &["system edit nas --state suspended --yes"], after: &["system edit nas --state active"], reason: "system-suspended", ..NAS },
    Case { name: "account before user", before: &["user suspend scanner --yes", "account suspend acme --yes"],
        after: &["account resume acme", "user resume scanner"], reason: "account-not-active", ..FINE },
    // Senders.
    Case { name: "sender", from: FOREIGN, reason: "sender-not-allowed", ..FINE },
    Case { name: "sender that is rewritten", user: "loose", from: FOREIGN, ..FINE },
    Case { name: "From that is rewritten", user: "loose", from: "loose@acme.example", header_from: Some("The CEO <ceo@acme.example>"), ..FINE },
    Case { name: "From that cannot be read, rewritten", user: "loose", from: "loose@acme.example", header_from: Some("root"), ..FINE },
    Case { name: "From", header_from: Some(FOREIGN), reason: "from-not-allowed", ..FINE },
    Case { name: "one From of two", header_from: Some("scanner@acme.example, ceo@acme.example"), reason: "from-not-allowed", ..FINE },
    Case { name: "From that cannot be read", header_from: Some("root"), reason: "from-malformed", ..FINE },
    Case { name: "a sender that is none", from: "scanner", reason: "invalid-sender", ..FINE },
    Case { name: "a sender that is none, before the account", from: "a b@acme.example", before: &["account suspend acme --yes"], after: &["account resume acme"],
        reason: "invalid-sender", ..FINE },
    Case { name: "domain", before: &["account edit acme --domain-proof required --yes"], after: &["account edit acme --domain-proof waived --yes"],
        reason: "domain-not-verified", ..FINE },
    // Recipients and sizes.
    Case { name: "recipient", to: &["archive"], reason: "invalid-address", ..FINE },
    Case { name: "second recipient", to: &[RECIPIENT, "archive@"], reason: "invalid-address", ..FINE },
    Case { name: "recipients", to: &["a@customer.example", "b@customer.example", "c@customer.example"],
        before: &["limits set scanner --scope user --recipients-per-message 2 --yes"], after: &["limits reset scanner --scope user --yes"],
        reason: "too-many-recipients", ..FINE },
    Case { name: "size of the relay user", size: 3001, before: &["limits set scanner --scope user --message-size 3000 --yes"],
        after: &["limits reset scanner --scope user --yes"], reason: "message-too-large", ..FINE },
    Case { name: "size that just fits", before: &["limits set scanner --scope user --message-size 3000 --yes"],
        after: &["limits reset scanner --scope user --yes"], ..FINE },
    Case { name: "size of the system", size: 5000, before: &["limits set scanner-device --scope system --message-size 4000 --yes"],
        after: &["limits reset scanner-device --scope system --yes"], reason: "message-too-large", ..FINE },
    Case { name: "size of the relay", size: 40 << 20, reason: "message-too-large", ..FINE },
    // Rates and quotas: the mails above count.
    Case { name: "quota of the relay user", before: &["limits set scanner --scope user --messages-per-day 1 --yes"],
        after: &["limits reset scanner --scope user --yes"], reason: "quota-exceeded", ..FINE },
    Case { name: "recipients of the account", to: &["a@customer.example", "b@customer.example"],
        before: &["limits set --scope account --recipients-per-day 2 --yes"], after: &["limits reset --scope account --yes"],
        reason: "quota-exceeded", ..FINE },
    Case { name: "messages of the system", before: &["limits set scanner-device --scope system --messages-per-day 1 --yes"],
        after: &["limits reset scanner-device --scope system --yes"], reason: "quota-exceeded", ..FINE },
    // Of a relay user that has sent nothing yet.
    Case { name: "the first of a minute", user: "quick", from: "quick@acme.example",
        before: &["limits set quick --scope user --messages-per-minute 1 --yes"], ..FINE },
    Case { name: "rate", user: "quick", from: "quick@acme.example", reason: "rate-exceeded", ..FINE },
    // Another account, which has no route.
    Case { name: "no route", user: "bare", from: "scanner@bare.example", reason: "route-not-ready", ..FINE },
];

/// A world whose mail ends in a folder, with more relay users and a listener `lan`.
async fn world() -> (World, Relayctl, BTreeMap<&'static str, UserAccess>) {
    let config = |config: relay_tests::harness::Config| {
        config
            .listener(Listener::new("lan", "none").by_address())
            .ban_after(2)
    };
    let world = World::builder().config(config).build().await;
    let ctl = world.relayd.ctl().unwrap().account("acme");
    ctl.ok("route set --kind capture --yes").unwrap();
    let erp = UserAccess::create(&ctl, "erp", "erp@acme.example").unwrap();
    let loose = UserAccess::with_system(&ctl, "loose", "loose@acme.example").unwrap();
    for command in [
        "system add erp --address 192.0.2.0/24 --user erp",
        "system add nas --address 127.0.0.2 --user scanner --auth address",
        "user edit loose --other-sender rewrite --yes",
    ] {
        ctl.ok(command).unwrap();
    }
    for command in [
        "account create bare --kind company --company Bare --email ops@bare.example",
        "account verify bare --yes",
        "account activate bare",
    ] {
        ctl.ok(command).unwrap();
    }
    let other = ctl.clone().account("bare");
    other.ok("subscription start --plan business").unwrap();
    let bare = UserAccess::with_system(&other, "bare", "scanner@bare.example").unwrap();
    let quick = UserAccess::with_system(&ctl, "quick", "quick@acme.example").unwrap();
    let scanner = world.user.clone();
    let users = [
        ("scanner", scanner),
        ("erp", erp),
        ("loose", loose),
        ("quick", quick),
        ("bare", bare),
    ]
    .into();
    (world, ctl, users)
}

impl Case {
    /// What relayctl says would come of it.
    fn explained(&self, ctl: &Relayctl) -> Value {
        let size = self.size.to_string();
        let mut arguments = vec!["explain", "-o", "json", "--from", self.from];
        arguments.extend(["--address", self.client, "--listener", self.listener]);
        arguments.extend(["--size", &size]);
        arguments.push(if self.encrypts {
            "--tls"
        } else {
            "--plaintext"
        });
        if !self.user.is_empty() {
            arguments.extend(["--user", self.user]);
        }
        if let Some(from) = self.header_from {
            arguments.extend(["--header-from", from]);
        }
        arguments.extend(self.to.iter().flat_map(|to| ["--to", to]));
        let ctl = match self.user {
            "bare" => ctl.clone().account("bare"),
            _ => ctl.clone(),
        };
        let outcome = ctl.run_with(&arguments, "").unwrap();
        let expected = if self.reason.is_empty() { 0 } else { 9 };
        let (code, stdout, stderr) = (outcome.code, &outcome.stdout, &outcome.stderr);
        assert_eq!(code, expected, "{}: {stdout}{stderr}", self.name);
        serde_json::from_str(stdout).unwrap()
    }

    /// What a device is told that sends it.
    async fn sent(&self, world: &World, users: &BTreeMap<&'static str, UserAccess>) -> String {
        let server = world.relayd.listener(self.listener).unwrap();
        let client: IpAddr = self.client.parse().unwrap();
        let open = async || Device::open_from(client, server).await.unwrap();
        match self.reason {
            "address-banned" => return open().await.reply().await.unwrap().line,
            "tls-expected" => {
                let mut device = open().await;
                device.raw(b"EHLO device.example\r\n").await.unwrap();
                return device.reply().await.unwrap().line;
            }
            _ => {}
        }
        let encryption = match (self.encrypts, self.listener) {
            (true, "submissions") => Encryption::Implicit,
            (true, "submission") => Encryption::Starttls,
            _ => Encryption::None,
        };
        let mut device = open().await.begin(encryption).await.unwrap();
        if self.encrypts && encryption == Encryption::None {
            return device.command("STARTTLS").await.unwrap().line;
        }
        if let Some(user) = users.get(self.user) {
            let reply = device.sign_in(&user.username, &user.password).await;
            let reply = reply.unwrap();
            if reply.code >= 400 {
                return reply.line;
            }
        }
        let mut parameters = format!("SIZE={}", self.size);
        if self.to.iter().any(|to| !to.is_ascii()) {
            parameters += " SMTPUTF8";
        }
        // What is too large by its announcement is not sent.
        let mail = self.mail();
        let reply = device.send_with(self.from, &parameters, self.to, &mail);
        reply.await.unwrap().line
    }

    fn mail(&self) -> Vec<u8> {
        let from = match self.header_from.unwrap_or(self.from) {
            "" => String::new(),
            from => format!("From: {from}\r\n"),
        };
        let mut mail = format!("{from}To: <archive@customer.example>\r\nSubject: x\r\n\r\n");
        let missing = self.size.min(10_000) - mail.len();
        let line = format!("{}\r\n", "x".repeat(58));
        mail += &line.repeat(missing / 60);
        let rest = missing % 60;
        if rest >= 2 {
            mail.extend(["y".repeat(rest - 2).as_str(), "\r\n"]);
        }
        mail.into_bytes()
    }
}

/// The reply without what changes from second to second.
fn timeless(reply: &str) -> String {
    match reply.split_once("; the next in ") {
        Some((before, after)) => format!("{before} {}", after.split_once(')').unwrap().1),
        None => reply.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_explained_is_what_the_door_says() {
    assert!(CASES.len() >= 40);
    let (world, ctl, users) = world().await;
    let guesser: IpAddr = "127.0.0.77".parse().unwrap();
    for password in ["one", "two", "three"] {
        let server = world.submission();
        if let Ok(mut device) = Device::connect_from(guesser, server, Encryption::Starttls).await {
            let _refused = device.sign_in("nobody", password).await;
        }
    }
    let mut wrong = Vec::new();
    for case in CASES {
        for command in case.before {
            ctl.ok(command).unwrap();
        }
        let explained = case.explained(&ctl);
        let said = case.sent(&world, &users).await;
        for command in case.after {
            ctl.ok(command).unwrap();
        }
        let reply = explained["reply"].as_str().unwrap_or_default();
        let is_same = if case.reason.is_empty() {
            explained["accepted"] == true && said.starts_with("250 2.0.0 Ok: queued as ")
        } else {
            let last = reply.lines().last().unwrap_or_default();
            explained["reason"] == case.reason && timeless(last) == timeless(&said)
        };
        if !is_same {
            wrong.push(format!("{}: {explained}\nthe door: {said}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn explaining_changes_nothing() {
    let (world, ctl, users) = world().await;
    ctl.ok("limits set scanner --scope user --messages-per-day 1 --messages-per-minute 1 --yes")
        .unwrap();
    let seen = || {
        [
            "audit list",
            "log rejects",
            "log search",
            "limits show --scope ip",
            "stats users",
        ]
        .map(|command| ctl.ok(&format!("{command} -o json")).unwrap())
    };
    let before = seen();
    let foreign = Case {
        from: FOREIGN,
        reason: "sender-not-allowed",
        ..FINE
    };
    for _ in 0..30 {
        assert_eq!(FINE.explained(&ctl)["accepted"], true);
        foreign.explained(&ctl);
    }
    assert_eq!(seen(), before);
    let said = FINE.sent(&world, &users).await;
    assert!(said.starts_with("250 "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_obstacle_is_named_with_its_remedy_and_a_held_lane_only_delays() {
    let (world, ctl, _) = world().await;
    ctl.ok("queue hold --lane --reason Maintenance --yes")
        .unwrap();
    let held = FINE.explained(&ctl);
    assert_eq!(
        (&held["accepted"], &held["waits"]),
        (&true.into(), &true.into())
    );
    let lane = held["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(lane["verdict"], "warning");
    assert_eq!(
        lane["remedy"],
        "relayctl queue release --lane --account acme"
    );

    ctl.ok("user suspend scanner --yes").unwrap();
    let told = ctl
        .run("explain --user scanner --from ceo@acme.example --to ops@acme.example --address 192.0.2.1")
        .unwrap();
    assert_eq!(told.code, 9);
    for part in [
        "  ok       Account",
        "  refused  Relay user",
        "try: relayctl user resume scanner --account acme",
        "  refused  System",
        "try: relayctl system add NAME --address 192.0.2.1 --user scanner --account acme",
        "  refused  Sender",
    ] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    for part in [
        "error: the mail would be refused at MAIL\n",
        "  cause: the device gets 535 5.7.8 ",
        "  try:   relayctl user resume scanner --account acme\n",
        "  code:  user-suspended\n",
    ] {
        assert!(told.stderr.contains(part), "{part}: {}", told.stderr);
    }
    let nobody =
        ctl.run("explain --user nobody --from a@b.example --to c@d.example --address 192.0.2.1");
    assert_eq!(nobody.unwrap().code, 3);
    let listener = ctl.run(
        "explain --user scanner --listener attic --from a@b.example --to c@d.example --address 192.0.2.1",
    );
    let listener = listener.unwrap();
    assert_eq!(listener.code, 3);
    assert!(
        listener.stderr.contains("submission, submissions"),
        "{}",
        listener.stderr
    );
    // What belongs to another account does not exist for this one.
    let other =
        ctl.run("explain --user bare --from a@b.example --to c@d.example --address 192.0.2.1");
    assert_eq!(other.unwrap().code, 3);
    world.nothing_sent();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_tried_at_the_door_and_what_is_said_is_shown() {
    let (world, ctl, users) = world().await;
    let ca_file = certificate(&world);
    let auth = |user: &str, password: &str, more: &[&str]| {
        let mut arguments = vec!["test", "auth", "--user", user, "--password-stdin"];
        arguments.extend(more);
        ctl.run_with(&arguments, &format!("{password}\n")).unwrap()
    };
    let scanner = users["scanner"].password.as_str();
    let trust = ["--ca-file", ca_file.as_str()];
    let fine = auth("scanner", scanner, &trust);
    assert_eq!(fine.code, 0, "{}{}", fine.stdout, fine.stderr);
    for part in [
        "S: 220 relay.acme.example",
        "C: STARTTLS",
        "-- encrypted, TLS 1.3",
        "C: AUTH PLAIN [redacted]",
        "S: 235 2.7.0 Signed in",
        "C: MAIL FROM:<>",
        "scanner can sign in at 127.0.0.1:",
    ] {
        assert!(fine.stdout.contains(part), "{part}: {}", fine.stdout);
    }
    let implicit = auth(
        "scanner",
        scanner,
        &["--listener", "submissions", trust[0], trust[1]],
    );
    assert_eq!(implicit.code, 0, "{}", implicit.stderr);

    let wrong = auth("scanner", "geheim-7391", &trust);
    assert_eq!(wrong.code, 9, "{}", wrong.stderr);
    assert!(
        wrong.stderr.contains("code:  credentials-rejected"),
        "{}",
        wrong.stderr
    );
    assert!(wrong.stderr.contains("rotate-password"), "{}", wrong.stderr);
    let elsewhere = auth("erp", &users["erp"].password, &trust);
    assert_eq!(elsewhere.code, 9);
    let code = "code:  address-not-registered";
    assert!(elsewhere.stderr.contains(code), "{}", elsewhere.stderr);
    // The certificate of relayd is nobody's whom this machine knows.
    let untrusted = auth("scanner", scanner, &["-o", "json"]);
    assert!([2, 9].contains(&untrusted.code), "{}", untrusted.stderr);
    let clear = auth("scanner", scanner, &["--plaintext", "-o", "json"]);
    assert_eq!(clear.code, 9);
    let clear: Value = serde_json::from_str(&clear.stdout).unwrap();
    assert_eq!(
        (&clear["ok"], &clear["reason"]),
        (&false.into(), &"check-failed".into()),
        "no password goes where none is asked for"
    );
    let nowhere = auth(
        "scanner",
        scanner,
        &["--server", "127.0.0.1:1", "--plaintext"],
    );
    assert_eq!(nowhere.code, 6, "{}", nowhere.stderr);
    let nothing = ctl.run("test auth").unwrap();
    assert_eq!(nothing.code, 2);
    let missing = "--user, --password-file (or --password-stdin)";
    assert!(nothing.stderr.contains(missing), "{}", nothing.stderr);
    for outcome in [&fine, &wrong, &elsewhere] {
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!all.contains(scanner) && !all.contains("geheim"), "{all}");
    }
    world.nothing_sent();
}

/// The certificate that relayd made for itself.
fn certificate(world: &World) -> String {
    let file = world.relayd.state_dir().join("self-signed.crt");
    assert!(file.exists(), "{}", file.display());
    file.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_holds_what_helps_and_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;

    let (world, _ctl, users) = world().await;
    let mut device = Device::signed_in(world.submission(), &users["scanner"])
        .await
        .unwrap();
    let mail = b"From: scanner@acme.example\r\nSubject: planted-subject\r\n\r\nplanted-body\r\n";
    let sent = device
        .send(SENDER, &["planted-recipient@customer.example"], mail)
        .await;
    assert_eq!(sent.unwrap().code, 250);
    let refused = device
        .command("MAIL FROM:<planted-sender@acme.example>")
        .await;
    assert_eq!(refused.unwrap().code, 550);
    // A password that was typed in the place of the user name.
    let mut device = Device::connect(world.submission(), Encryption::Starttls)
        .await
        .unwrap();
    let _refused = device
        .sign_in("planted-password", "planted-guess")
        .await
        .unwrap();
    world.rejected("sender-not-allowed");
    world.rejected("credentials-rejected");
    let operator = world.relayd.ctl().unwrap();
    let token = operator.json("token create planted --operator").unwrap();
    let token = token["secret"].as_str().unwrap().to_owned();

    let file = world.folder.path().join("bundle.json");
    let path = file.display().to_string();
    let told = operator.ok(&format!("doctor --bundle {path}")).unwrap();
    assert!(told.contains("Read it before you send it."), "{told}");
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    for part in [
        "\"relayctl\"",
        "\"findings\"",
        "limits.message_size",
        "\"sender-not-allowed\"",
        "***@acme.example",
        "relayd_accepted_total",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let secrets = [&token, &users["scanner"].password, &users["erp"].password];
    for secret in
        secrets
            .into_iter()
            .map(String::as_str)
            .chain(["planted", "mailbox-secret", "scanner@"])
    {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    let again = operator.run(&format!("doctor --bundle {path}")).unwrap();
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn bundles_are_the_operators_and_hints_stand_alone() {
    let (world, _ctl, _users) = world().await;
    let operator = world.relayd.ctl().unwrap();
    let owner = operator.json("token create reader --account acme").unwrap();
    let owner = Relayctl::on_tcp(
        world.relayd.api().unwrap(),
        owner["secret"].as_str().unwrap(),
        world.folder.path(),
    );
    let other = world.folder.path().join("other.json");
    let forbidden = owner
        .unwrap()
        .run(&format!("doctor --bundle {}", other.display()))
        .unwrap();
    assert_eq!(forbidden.code, 4, "{}", forbidden.stderr);
    assert!(!other.exists());

    let hints = operator.run("doctor --fix-hints").unwrap();
    assert!(hints.stderr.is_empty(), "{}", hints.stderr);
    let findings = operator.run("doctor -o json").unwrap();
    let findings: Value = serde_json::from_str(&findings.stdout).unwrap();
    let findings = findings["items"].as_array().unwrap().iter();
    let remedies = findings.map(|finding| finding["remedy"].as_str().unwrap());
    let remedies: Vec<_> = remedies.filter(|remedy| !remedy.is_empty()).collect();
    assert!(!remedies.is_empty(), "{}", hints.stdout);
    for remedy in remedies {
        let is_told = hints.stdout.lines().any(|line| line == remedy);
        assert!(is_told, "{remedy}: {}", hints.stdout);
    }
}
