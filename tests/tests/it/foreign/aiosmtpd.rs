//! aiosmtpd, pinned by `tests/clients/aiosmtpd/requirements.txt`: no PIPELINING, no CHUNKING, no DSN,
//! no enhanced codes in what it says by itself.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use relay_tests::{harness::eventually, tls::Authority};
use serde_json::Value;

use super::{PASSWORD, USER, assert_unchanged, reaches, send, set_route};
use crate::{
    clients::letter::Letter,
    world::{RECIPIENT, SENDER, World},
};

/// A running server. It ends with the value.
struct Server {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = root.join("../target/clients/aiosmtpd/bin/python");
        let remedy = "run scripts/test once: it installs aiosmtpd into target/clients";
        assert!(python.exists(), "{remedy}");
        fs::create_dir(folder).unwrap();
        let authority = Authority::new("aiosmtpd authority").unwrap();
        let certificate = authority.issue(&["localhost"]).unwrap();
        fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
        let chain = folder.join("chain.pem");
        fs::write(&chain, certificate.key_pem + &certificate.certificate_pem).unwrap();
        let password = folder.join("password");
        fs::write(&password, PASSWORD).unwrap();
        let mut process = Command::new(python)
            .arg(root.join("clients/aiosmtpd/server.py"))
            .args([folder, &chain, &password])
            .arg(USER)
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut port).unwrap();
        Self {
            process,
            port: port.trim().parse().expect("it says its port"),
            folder: folder.to_owned(),
        }
    }

    fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    fn change_password(&self, password: &str) {
        fs::write(self.folder.join("password"), password).unwrap();
    }

    /// The mail of that number, once it is there, and what came along.
    fn mail(&self, number: usize) -> (Vec<u8>, Value) {
        let about = self.folder.join(format!("{number}.json"));
        let text = eventually(&format!("mail {number}"), || Ok(fs::read(&about).ok()));
        let about = serde_json::from_slice(&text.unwrap()).unwrap();
        let body = fs::read(self.folder.join(format!("{number}.eml"))).unwrap();
        (body, about)
    }

    fn count(&self) -> usize {
        let files = fs::read_dir(&self.folder).unwrap();
        let names = files.map(|file| file.unwrap().path());
        names
            .filter(|path| path.extension().is_some_and(|it| it == "eml"))
            .count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.process.kill();
        let _ended = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_mail_byte_for_byte_by_either_mechanism() {
    let world = World::new().await;
    for mechanism in ["LOGIN", "PLAIN"] {
        let folder = world.folder.path().join(mechanism);
        let server = Server::start(&folder, &[mechanism]);
        let route = set_route(&world, server.port, &server.ca_file(), PASSWORD);
        assert_eq!(route["size_limit"], 33_554_432, "{route}");

        let letter = Letter::new(&format!("aiosmtpd-{mechanism}"));
        let reply = send(&world, "BODY=8BITMIME", &Letter::recipients(), &letter.sent).await;
        assert_eq!(reply.code, 250, "{}", reply.line);
        let (body, about) = server.mail(1);
        assert_unchanged(&body, &letter.mail);
        assert_eq!(about["from"], SENDER, "{about}");
        assert_eq!(about["to"], serde_json::json!(Letter::recipients()));
        assert_eq!(about["user"], USER);
        assert_eq!(
            (&about["tls"], &about["pipelined"]),
            (&true.into(), &false.into())
        );
        let options = about["options"].to_string();
        assert!(
            options.contains("BODY=8BITMIME") && options.contains("SIZE="),
            "{options}"
        );
        reaches(&world, &letter.mail, "delivered");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_and_puts_off_each_recipient_by_itself() {
    let world = World::new().await;
    let server = Server::start(&world.folder.path().join("aiosmtpd"), &["LOGIN"]);
    set_route(&world, server.port, &server.ca_file(), PASSWORD);
    let mail = World::mail("mixed", 3000);
    let to = [
        RECIPIENT,
        "nobody@customer.example",
        "grey@customer.example",
    ];
    let reply = send(&world, "", &to, &mail.bytes).await;
    assert_eq!(reply.code, 250, "{}", reply.line);

    // The mail for whom it takes at once, the notice about whom it does not know, and the mail for
    // whom it made wait: the last two in either order.
    let mails = [1, 2, 3].map(|number| server.mail(number));
    let of = |recipient: &str| {
        let wanted = serde_json::json!([recipient]);
        let found = mails.iter().find(|(_, about)| about["to"] == wanted);
        &found.unwrap_or_else(|| panic!("nothing for {recipient}")).0
    };
    assert_unchanged(of(RECIPIENT), &mail);
    assert_unchanged(of("grey@customer.example"), &mail);
    let notice = String::from_utf8_lossy(of(SENDER));
    assert!(
        notice.contains("550 5.1.1 Nobody of that name here"),
        "{notice}"
    );
    let id = reaches(&world, &mail, "partial");
    let trace = world.traced(&id, "450 4.2.0 Greylisted");
    assert!(trace.contains("recipient-refused"), "{trace}");
    assert_eq!(server.count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_does_not_offer_is_refused_at_the_door() {
    let world = World::new().await;
    let parameters = "BODY=8BITMIME SMTPUTF8";
    let to = ["jürgen@customer.example"];
    for (name, options, offered) in [
        ("poor", &["LOGIN", "--size", "10000"][..], false),
        ("rich", &["LOGIN", "--smtputf8"][..], true),
    ] {
        let server = Server::start(&world.folder.path().join(name), options);
        set_route(&world, server.port, &server.ca_file(), PASSWORD);
        let large = World::mail(&format!("large-{name}"), 20_000);
        let reply = send(&world, "SIZE=20000", &[RECIPIENT], &large.bytes).await;
        let international = World::mail(&format!("international-{name}"), 2000);
        let second = send(&world, parameters, &to, &international.bytes).await;
        if offered {
            assert_eq!(
                (reply.code, second.code),
                (250, 250),
                "{reply:?} {second:?}"
            );
            let (body, about) = [1, 2]
                .map(|number| server.mail(number))
                .into_iter()
                .find(|(_, about)| about["to"] == serde_json::json!(to))
                .expect("a mail with an address in UTF-8");
            assert_unchanged(&body, &international);
            assert!(about["options"].to_string().contains("SMTPUTF8"), "{about}");
            reaches(&world, &large, "delivered");
        } else {
            assert!(reply.line.contains("[message-too-large]"), "{}", reply.line);
            assert!(
                second.line.contains("[unsupported-content]"),
                "{}",
                second.line
            );
            assert_eq!(server.count(), 0);
        }
    }
}

/// It says 535, and the lane waits until somebody sets the new one; nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_it_takes_no_more_holds_the_lane() {
    let world = World::new().await;
    let server = Server::start(&world.folder.path().join("aiosmtpd"), &["PLAIN"]);
    set_route(&world, server.port, &server.ca_file(), PASSWORD);
    server.change_password("another one");
    let mail = World::mail("waits", 2000);
    let reply = send(&world, "", &[RECIPIENT], &mail.bytes).await;
    assert_eq!(reply.code, 250, "{}", reply.line);
    // The lane stops at once; that it does is written down a moment later.
    let why = || {
        let lane = world.lane("held");
        Ok(lane["hold"]["reason"].as_str().map(str::to_owned))
    };
    assert_eq!(
        eventually("hold", why).unwrap(),
        "route-credentials-rejected"
    );
    assert_eq!(server.count(), 0);
    set_route(&world, server.port, &server.ca_file(), "another one");
    reaches(&world, &mail, "delivered");
    // What the operator is told of the hold leaves by the same lane.
    let all = (1..=server.count()).map(|number| server.mail(number).0);
    let ours: Vec<_> = all.filter(|it| it.ends_with(&mail.bytes)).collect();
    assert_eq!(ours.len(), 1);
    assert_unchanged(&ours[0], &mail);
}
