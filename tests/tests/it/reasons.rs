//! Every reason that has an SMTP reply: provoked over SMTP, found in `relayctl log rejects`, and
//! explained by `relayctl help error`.

use std::{
    net::{IpAddr, Ipv4Addr},
    os::unix::fs::MetadataExt,
    process::{Command, Stdio},
};

use futures_util::future::{BoxFuture, join_all};
use relay_proto::ReasonInfo;
use relay_tests::{
    harness::{Device, Listener, Reply, UserAccess},
    load::send::Encryption,
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::world::{RECIPIENT, SENDER, World};

/// What brings a reason about.
enum Case {
    /// Lines in a session that has come so far: the last is refused, the others are not.
    Lines(Start, &'static [&'static str]),
    /// A mail of the scanner, refused at its end.
    Mail(fn() -> Vec<u8>),
    /// What needs a relay of its own.
    Own(Provoke),
    /// What cannot be told to the device, since there is no session yet; it is listed all the same.
    Silent(fn() -> BoxFuture<'static, World>),
    /// Nothing that can be done from outside; says why, and what tries it instead.
    Inside(&'static str),
}

type Provoke = fn() -> BoxFuture<'static, (World, Reply)>;

/// How far a session has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Clear,
    Encrypted,
    SignedIn,
}

use Case::{Inside, Lines, Mail, Own, Silent};
use Start::{Clear, Encrypted, SignedIn};

const MAIL: &str = "MAIL FROM:<scanner@acme.example>";

const CASES: &[(&str, Case)] = &[
    // Signing in. The user is `nobody`, the password `guess-7391`.
    (
        "credentials-rejected",
        Lines(Encrypted, &["AUTH PLAIN AG5vYm9keQBndWVzcy03Mzkx"]),
    ),
    ("auth-required", Lines(Encrypted, &[MAIL])),
    (
        "tls-required",
        Lines(Clear, &["AUTH PLAIN AG5vYm9keQBndWVzcy03Mzkx"]),
    ),
    ("auth-throttled", Own(|| Box::pin(auth_throttled()))),
    ("address-banned", Own(|| Box::pin(address_banned()))),
    (
        "user-suspended",
        Own(|| Box::pin(suspended("user suspend scanner --yes"))),
    ),
    (
        "address-not-registered",
        Own(|| Box::pin(address_not_registered())),
    ),
    (
        "system-suspended",
        Own(|| {
            Box::pin(suspended(
                "system edit scanner-device --state suspended --yes",
            ))
        }),
    ),
    (
        "account-not-active",
        Own(|| Box::pin(suspended("account suspend acme --yes"))),
    ),
    ("no-subscription", Own(|| Box::pin(no_subscription()))),
    ("route-not-ready", Own(|| Box::pin(route_not_ready()))),
    // Envelope and message.
    (
        "sender-not-allowed",
        Lines(SignedIn, &["MAIL FROM:<ceo@acme.example>"]),
    ),
    (
        "from-not-allowed",
        Mail(|| b"From: ceo@acme.example\r\n\r\n".into()),
    ),
    (
        "domain-not-verified",
        Own(|| Box::pin(suspended("account edit acme --domain-proof required --yes"))),
    ),
    (
        "from-malformed",
        Mail(|| b"From: scanner@acme.example\r\nFrom: ceo@acme.example\r\n\r\n".into()),
    ),
    (
        "invalid-address",
        Lines(SignedIn, &[MAIL, "RCPT TO:<archive>"]),
    ),
    ("invalid-sender", Lines(SignedIn, &["MAIL FROM:<scanner>"])),
    (
        "too-many-recipients",
        Own(|| Box::pin(too_many_recipients())),
    ),
    (
        "message-too-large",
        Lines(
            SignedIn,
            &["MAIL FROM:<scanner@acme.example> SIZE=99999999999"],
        ),
    ),
    (
        "rate-exceeded",
        Own(|| Box::pin(second_mail("messages_per_minute = 1"))),
    ),
    (
        "quota-exceeded",
        Own(|| Box::pin(second_mail("messages_per_day = 1"))),
    ),
    (
        "mail-loop",
        Mail(|| "Received: from a by b; x\r\n".repeat(31).into_bytes()),
    ),
    (
        "bare-line-ending",
        Mail(|| b"Subject: x\r\n\r\na\nb\r\n".into()),
    ),
    (
        "header-too-large",
        Mail(|| {
            format!("X-Fill: {}\r\n", "x".repeat(900))
                .repeat(400)
                .into_bytes()
        }),
    ),
    (
        "unsupported-content",
        Own(|| Box::pin(unsupported_content())),
    ),
    // Protocol.
    ("syntax-error", Lines(SignedIn, &["HELLO device.example"])),
    (
        "bad-parameter",
        Lines(SignedIn, &["MAIL FROM:<scanner@acme.example> SIZE=big"]),
    ),
    (
        "unknown-parameter",
        Lines(SignedIn, &["MAIL FROM:<scanner@acme.example> X-OTHER=1"]),
    ),
    ("bad-sequence", Lines(SignedIn, &["DATA"])),
    ("line-too-long", Lines(SignedIn, &["NOOP {long}"])),
    ("pipelined-tls", Lines(Clear, &["STARTTLS\r\nNOOP"])),
    ("tls-on-plain-port", Lines(Clear, &["\u{16}\u{3}\u{1}"])),
    ("tls-expected", Own(|| Box::pin(tls_expected()))),
    ("tls-too-old", Silent(|| Box::pin(tls_too_old()))),
    ("proxy-header", Own(|| Box::pin(proxy_header()))),
    (
        "unsupported-mechanism",
        Lines(Encrypted, &["AUTH CRAM-MD5"]),
    ),
    ("auth-cancelled", Lines(Encrypted, &["AUTH LOGIN", "*"])),
    ("too-many-errors", Own(|| Box::pin(too_many_errors()))),
    (
        "too-many-connections",
        Own(|| Box::pin(too_many_connections())),
    ),
    ("timeout", Own(|| Box::pin(timed_out()))),
    ("shutting-down", Own(|| Box::pin(shutting_down()))),
    ("not-implemented", Lines(SignedIn, &["ETRN acme.example"])),
    // The relay itself.
    ("store-unavailable", Own(|| Box::pin(store_unavailable()))),
    ("disk-full", Own(|| Box::pin(disk_full()))),
    (
        "internal",
        Inside("no fault is known that ends so; smtp/tests tries a backend that never answers"),
    ),
];

/// The reasons that a device can be told.
fn smtp_reasons() -> Vec<ReasonInfo> {
    let reasons = relay_proto::reasons().into_iter();
    reasons.filter(|reason| reason.smtp.is_some()).collect()
}

fn reason(code: &str) -> ReasonInfo {
    let mut reasons = smtp_reasons().into_iter();
    reasons.find(|reason| reason.code == code).unwrap()
}

#[test]
fn every_reason_of_smtp_has_one_case() {
    let wanted: Vec<String> = smtp_reasons().into_iter().map(|it| it.code).collect();
    let there: Vec<String> = CASES.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(there, wanted);
    for (code, case) in CASES {
        if let Inside(why) = case {
            assert!(!why.is_empty(), "{code}");
        }
    }
}

/// The reply is that of the table; see also [`check_listed`].
fn check(world: &World, code: &str, reply: &Reply) {
    let smtp = reason(code).smtp.unwrap();
    assert!(
        reply.line.starts_with(&format!("{smtp} ")) && reply.line.ends_with(&format!("[{code}]")),
        "{code} was expected, not {}",
        reply.line
    );
    check_listed(world, code);
}

/// The log has it, and relayctl explains it.
fn check_listed(world: &World, code: &str) {
    let reason = reason(code);
    let smtp = reason.smtp.unwrap();
    let rejected = world.rejected(code);
    assert!(rejected["client"].as_str().unwrap().starts_with("127.0.0."));
    let explained = world.ctl.ok(&format!("help error {code}")).unwrap();
    for part in [code, &smtp, &reason.sentence, &reason.remedy] {
        assert!(explained.contains(part), "{part} is missing in {explained}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_session_brings_about() {
    let world = World::new().await;
    for (number, (code, case)) in CASES.iter().enumerate() {
        let reply = match case {
            // An address for each, so that failed sign-ins do not count together.
            Lines(start, lines) => refused_line(&world, *start, lines, number).await,
            Mail(mail) => {
                let mut device = signed_in(&world).await;
                device.send(SENDER, &[RECIPIENT], &mail()).await.unwrap()
            }
            Own(_) | Silent(_) | Inside(_) => continue,
        };
        check(&world, code, &reply);
    }
    world.nothing_sent();
}

async fn refused_line(world: &World, start: Start, lines: &[&str], number: usize) -> Reply {
    let mut device = match start {
        SignedIn => signed_in(world).await,
        Clear => stranger(world, number, Encryption::None).await,
        Encrypted => stranger(world, number, Encryption::Starttls).await,
    };
    let (last, before) = lines.split_last().unwrap();
    for line in before {
        let reply = device.command(line).await.unwrap();
        assert!(reply.code < 400, "{line}: {}", reply.line);
    }
    let line = last.replace("{long}", &"x".repeat(20_000));
    device.command(&line).await.unwrap()
}

#[test]
fn what_needs_a_relay_of_its_own() {
    let cases = CASES.iter().filter_map(|(code, case)| match case {
        Own(provoke) => Some((*code, *provoke)),
        Lines(..) | Mail(_) | Silent(_) | Inside(_) => None,
    });
    // These wait for a deadline; the others go on meanwhile.
    let is_slow = |code: &str| ["timeout", "store-unavailable"].contains(&code);
    let (slow, quick): (Vec<_>, Vec<_>) = cases.partition(|(code, _)| is_slow(code));
    std::thread::scope(|scope| {
        for (code, provoke) in slow {
            scope.spawn(move || provoke_and_check(code, provoke));
        }
        for (code, provoke) in quick {
            provoke_and_check(code, provoke);
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told() {
    for (code, case) in CASES {
        if let Silent(provoke) = case {
            check_listed(&provoke().await, code);
        }
    }
}

/// On a runtime of its own: relayctl is waited for on a thread that others need.
fn provoke_and_check(code: &str, provoke: Provoke) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (world, reply) = provoke().await;
        check(&world, code, &reply);
    });
}

async fn signed_in(world: &World) -> Device {
    Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap()
}

/// Somebody at an address of their own who has not signed in.
async fn stranger(world: &World, number: usize, encryption: Encryption) -> Device {
    let address = Ipv4Addr::new(127, 0, 0, 100 + u8::try_from(number).unwrap());
    Device::connect_from(address.into(), world.submission(), encryption)
        .await
        .unwrap()
}

/// Whoever guesses passwords here.
const GUESSER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));

/// Guesses many passwords at once from one address; gives the replies to those that got so far.
async fn guess(world: &World, count: usize) -> Vec<Reply> {
    let server = world.submission();
    let guesses = (0..count).map(|number| {
        tokio::spawn(async move {
            let mut device = Device::connect_from(GUESSER, server, Encryption::Starttls).await?;
            let password = format!("guess-{number}");
            anyhow::Ok(device.sign_in("scanner", &password).await?)
        })
    });
    let guesses = join_all(guesses).await.into_iter();
    // Later ones may not even get a session.
    guesses.filter_map(|guess| guess.unwrap().ok()).collect()
}

/// A name that was guessed at from many addresses: now it takes a registered one.
async fn auth_throttled() -> (World, Reply) {
    let world = World::new().await;
    let guesses = (1..=60).map(|number| {
        let address = Ipv4Addr::new(127, 0, 1, number);
        guess_from(&world, address.into(), number)
    });
    for reply in join_all(guesses).await {
        // The last ones may be throttled themselves.
        assert!([454, 535].contains(&reply.code), "{}", reply.line);
    }
    let reply = guess_from(&world, GUESSER, 61).await;
    (world, reply)
}

/// Tries a password of nobody, in a session of its own.
async fn guess_from(world: &World, client: IpAddr, number: u8) -> Reply {
    let device = Device::connect_from(client, world.submission(), Encryption::Starttls).await;
    let password = format!("guess-{number}");
    device.unwrap().sign_in("nobody", &password).await.unwrap()
}

async fn address_banned() -> (World, Reply) {
    let world = World::new().await;
    // Few enough that what follows is still listed: a flood from one address is only counted.
    guess(&world, 25).await;
    let device = Device::open_from(GUESSER, world.submission()).await;
    let reply = device.unwrap().reply().await.unwrap();
    (world, reply)
}

/// The operator stops something while a device is signed in.
async fn suspended(command: &str) -> (World, Reply) {
    let world = World::new().await;
    let mut device = signed_in(&world).await;
    // An account is the operator's to suspend.
    let operator = world.relayd.ctl().unwrap().account("acme");
    operator.ok(command).unwrap();
    let reply = device.command(MAIL).await.unwrap();
    (world, reply)
}

async fn address_not_registered() -> (World, Reply) {
    let world = World::new().await;
    let user = UserAccess::create(&world.ctl, "erp", "erp@acme.example").unwrap();
    world
        .ctl
        .ok("system add erp --address 192.0.2.0/24 --user erp")
        .unwrap();
    let mut device = Device::signed_in(world.submission(), &user).await.unwrap();
    let reply = device
        .command("MAIL FROM:<erp@acme.example>")
        .await
        .unwrap();
    (world, reply)
}

/// Changes the store behind relayd's back, before anybody signed in.
async fn execute(world: &World, statement: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&world.store).await.unwrap();
    let statement = AssertSqlSafe(statement.to_owned());
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn no_subscription() -> (World, Reply) {
    let world = World::new().await;
    // There is no command yet that ends a subscription.
    execute(&world, "UPDATE subscriptions SET ended_at = started_at").await;
    let reply = signed_in(&world).await.command(MAIL).await.unwrap();
    (world, reply)
}

async fn route_not_ready() -> (World, Reply) {
    let world = World::new().await;
    let operator = world.relayd.ctl().unwrap();
    for command in [
        "account create bare --kind company --company Bare --email ops@bare.example",
        "account verify bare --yes",
        "account activate bare",
    ] {
        operator.ok(command).unwrap();
    }
    let ctl = operator.account("bare");
    ctl.ok("subscription start --plan business").unwrap();
    let user = UserAccess::with_system(&ctl, "bare-scanner", "scanner@bare.example").unwrap();
    let mut device = Device::signed_in(world.submission(), &user).await.unwrap();
    let reply = device
        .command("MAIL FROM:<scanner@bare.example>")
        .await
        .unwrap();
    (world, reply)
}

/// A binary mail for a server that takes none.
async fn unsupported_content() -> (World, Reply) {
    let world = World::builder()
        .sim(|settings| settings.without = vec!["BINARYMIME".to_owned()])
        .build()
        .await;
    let mut device = signed_in(&world).await;
    let reply = device.command(&format!("{MAIL} BODY=BINARYMIME")).await;
    (world, reply.unwrap())
}

async fn too_many_recipients() -> (World, Reply) {
    let world = limited("recipients_per_message = 1").await;
    let mut device = signed_in(&world).await;
    device.say(MAIL, 250).await.unwrap();
    device
        .say("RCPT TO:<one@customer.example>", 250)
        .await
        .unwrap();
    let reply = device
        .command("RCPT TO:<two@customer.example>")
        .await
        .unwrap();
    (world, reply)
}

async fn limited(assignments: &str) -> World {
    World::builder().plans(assignments).build().await
}

async fn second_mail(assignments: &str) -> (World, Reply) {
    let world = limited(assignments).await;
    world.submit("first").await;
    let mail = World::mail("second", 1000);
    let mut device = signed_in(&world).await;
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    (world, reply)
}

async fn too_many_errors() -> (World, Reply) {
    let world = World::new().await;
    let mut device = signed_in(&world).await;
    for _ in 0..100 {
        let reply = device.command("HELLO").await.unwrap();
        if reply.code == 421 {
            return (world, reply);
        }
    }
    panic!("100 errors are not too many");
}

async fn too_many_connections() -> (World, Reply) {
    let world = World::builder()
        .config(|config| config.connections_per_address(2))
        .build()
        .await;
    let _first = signed_in(&world).await;
    let _second = signed_in(&world).await;
    let mut third = Device::open(world.submission()).await.unwrap();
    let reply = third.reply().await.unwrap();
    (world, reply)
}

/// Plain SMTP where TLS is spoken from the first byte.
async fn tls_expected() -> (World, Reply) {
    let world = World::new().await;
    let door = world.relayd.listener("submissions").unwrap();
    let mut device = Device::open(door).await.unwrap();
    let reply = device.command("EHLO device.example").await.unwrap();
    (world, reply)
}

/// A device of 2006. It reads an alert of TLS and nothing else.
async fn tls_too_old() -> World {
    let world = World::new().await;
    let door = world.relayd.listener("submissions").unwrap();
    let ended = Command::new("openssl")
        .args(["s_client", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        .args(["-connect", &door.to_string()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!ended.status.success(), "TLS 1.1 was taken");
    world
}

/// A proxy that does not say whose connection it passes on.
async fn proxy_header() -> (World, Reply) {
    let world = World::builder()
        .config(|config| {
            config.listener(Listener::new("proxied", "none").proxied_from("127.0.0.1"))
        })
        .build()
        .await;
    let door = world.relayd.listener("proxied").unwrap();
    let mut device = Device::open(door).await.unwrap();
    let reply = device.command("EHLO device.example").await.unwrap();
    (world, reply)
}

/// Half a mail that is refused already, and then nothing more: the shortest deadline there is.
async fn timed_out() -> (World, Reply) {
    let world = World::new().await;
    let mut device = signed_in(&world).await;
    device.say(MAIL, 250).await.unwrap();
    device
        .say(&format!("RCPT TO:<{RECIPIENT}>"), 250)
        .await
        .unwrap();
    device.say("DATA", 354).await.unwrap();
    device.raw(b"Subject: x\r\n\r\na\nb\r\n").await.unwrap();
    let refused = device.reply().await.unwrap();
    assert!(
        refused.line.ends_with("[bare-line-ending]"),
        "{}",
        refused.line
    );
    let reply = device.reply().await.unwrap();
    (world, reply)
}

async fn shutting_down() -> (World, Reply) {
    let mut world = World::new().await;
    let mut device = signed_in(&world).await;
    world.relayd.terminate().unwrap();
    let reply = device.reply().await.unwrap();
    drop(device);
    world.relayd.wait_for_end().unwrap();
    world.relayd.start_again().unwrap();
    (world, reply)
}

/// Somebody else holds the lock of the database for longer than relayd waits.
async fn store_unavailable() -> (World, Reply) {
    let world = World::new().await;
    let mut device = signed_in(&world).await;
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&world.store).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE")
        .execute(&mut connection)
        .await
        .unwrap();
    let mail = World::mail("waits", 1000);
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    sqlx::query("ROLLBACK")
        .execute(&mut connection)
        .await
        .unwrap();
    world.nothing_sent();
    (world, reply)
}

/// The store is on a small disk: a file system in memory that only this relayd sees.
async fn disk_full() -> (World, Reply) {
    const ON_SMALL_DISK: &str = "mount -t tmpfs -o size=16m relayd /mnt && exec \"$@\"";
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let namespaces = if is_root { "-m" } else { "-rm" };
    let wrapper = ["unshare", namespaces, "sh", "-c", ON_SMALL_DISK, "sh"];
    let world = World::builder()
        .under(&wrapper)
        .store("sqlite:/mnt/relayd.db")
        .build()
        .await;
    let mut device = signed_in(&world).await;
    let mail = World::mail("huge", 30_000_000);
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    world.nothing_sent();
    (world, reply)
}
