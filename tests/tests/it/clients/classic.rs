//! swaks, msmtp, curl, Python's smtplib, a person, and devices word by word.

use std::fs;

use relay_tests::{
    harness::{Device, Mail},
    load::send::Encryption,
};

use super::run;
use crate::world::{RECIPIENT, SENDER, World};

/// The mail with the line endings of Unix, as files on disk have them.
fn as_text(mail: &Mail) -> Vec<u8> {
    String::from_utf8(mail.bytes.clone())
        .unwrap()
        .replace("\r\n", "\n")
        .into_bytes()
}

/// Like [`World::arrived`], and with the right envelope.
async fn one_arrived(world: &World, mail: &Mail) {
    let entries = world.arrived(std::slice::from_ref(mail)).await;
    assert_eq!(entries[0].from, SENDER);
    assert_eq!(entries[0].recipients, [RECIPIENT]);
    assert_eq!(entries[0].mechanism, "LOGIN");
    let body = world.simulator.body(&entries[0]).unwrap();
    let body = String::from_utf8_lossy(&body);
    assert!(body.starts_with("Received: from "), "{body}");
    world.logged("delivered");
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_starttls_plain_and_login() {
    let world = World::new().await;
    let mut mails = Vec::new();
    for mechanism in ["PLAIN", "LOGIN"] {
        let mail = World::mail(&format!("swaks-{mechanism}"), 3000);
        let file = world.folder.path().join(mechanism);
        fs::write(&file, as_text(&mail)).unwrap();
        let server = world.submission();
        run(
            "swaks",
            &[
                "--server",
                &server.ip().to_string(),
                "--port",
                &server.port().to_string(),
                "--tls",
                "--auth",
                mechanism,
                "--auth-user",
                &world.user.username,
                "--auth-password",
                &world.user.password,
                "--from",
                SENDER,
                "--to",
                RECIPIENT,
                "--data",
                &format!("@{}", file.display()),
            ],
            b"",
        );
        mails.push(mail);
    }
    let entries = world
        .simulator
        .wait_for(2, crate::world::PATIENCE)
        .await
        .unwrap();
    // swaks adds an empty line at the end of what it reads.
    for mail in &mails {
        assert!(
            entries
                .iter()
                .any(|entry| entry.message_id == mail.message_id),
            "{entries:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn msmtp() {
    let world = World::new().await;
    let mail = World::mail("msmtp", 20_000);
    let server = world.submission();
    let config = world.folder.path().join("msmtprc");
    fs::write(
        &config,
        format!(
            "account default\nhost {}\nport {}\ntls on\ntls_starttls on\ntls_certcheck off\n\
             auth plain\nuser {}\npassword {}\nfrom {SENDER}\n",
            server.ip(),
            server.port(),
            world.user.username,
            world.user.password,
        ),
    )
    .unwrap();
    set_private(&config);
    run(
        "msmtp",
        &["-C", config.to_str().unwrap(), RECIPIENT],
        &as_text(&mail),
    );
    one_arrived(&world, &mail).await;
}

fn set_private(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

async fn curl(scheme: &str, listener: &str) {
    let world = World::new().await;
    let mail = World::mail(&format!("curl-{scheme}"), 20_000);
    let server = world.relayd.listener(listener).unwrap();
    run(
        "curl",
        &[
            "--silent",
            "--show-error",
            "--url",
            &format!("{scheme}://{server}"),
            "--ssl-reqd",
            "--insecure",
            "--user",
            &format!("{}:{}", world.user.username, world.user.password),
            "--mail-from",
            SENDER,
            "--mail-rcpt",
            RECIPIENT,
            "--upload-file",
            "-",
        ],
        &mail.bytes,
    );
    one_arrived(&world, &mail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_smtp() {
    curl("smtp", "submission").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_smtps() {
    curl("smtps", "submissions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn python_smtplib() {
    const SCRIPT: &str = "
import smtplib, ssl, sys
host, port, user, password, sender, recipient, file = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with smtplib.SMTP(host, int(port), timeout=60) as smtp:
    smtp.ehlo()
    assert not smtp.has_extn('auth'), 'AUTH is offered without TLS'
    smtp.starttls(context=context)
    smtp.login(user, password)
    refused = smtp.sendmail(sender, [recipient], open(file, 'rb').read())
    assert refused == {}, refused
";
    let world = World::new().await;
    let mail = World::mail("smtplib", 20_000);
    let file = world.folder.path().join("mail.eml");
    fs::write(&file, &mail.bytes).unwrap();
    let server = world.submission();
    run(
        "python3",
        &[
            "-c",
            SCRIPT,
            &server.ip().to_string(),
            &server.port().to_string(),
            &world.user.username,
            &world.user.password,
            SENDER,
            RECIPIENT,
            file.to_str().unwrap(),
        ],
        b"",
    );
    one_arrived(&world, &mail).await;
}

/// By hand: a person types into `openssl s_client`, one line after the other.
#[tokio::test(flavor = "multi_thread")]
async fn openssl_s_client_by_hand() {
    const SCRIPT: &str = r"
import base64, subprocess, sys
server, user, password, sender, recipient, file = sys.argv[1:]
client = subprocess.Popen(
    ['openssl', 's_client', '-quiet', '-crlf', '-starttls', 'smtp', '-connect', server],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
def reply(code):
    while True:
        line = client.stdout.readline().decode()
        assert line[:3] == code, (code, line)
        if line[3] == ' ':
            return
def say(line, code):
    client.stdin.write(line.encode() + b'\n')
    client.stdin.flush()
    reply(code)
say('EHLO by-hand.example', '250')
say('AUTH LOGIN', '334')
say(base64.b64encode(user.encode()).decode(), '334')
say(base64.b64encode(password.encode()).decode(), '235')
say('MAIL FROM:<' + sender + '>', '250')
say('RCPT TO:<' + recipient + '>', '250')
say('DATA', '354')
client.stdin.write(open(file, 'rb').read())
say('.', '250')
say('QUIT', '221')
client.stdin.close()
assert client.wait(30) == 0
";
    let world = World::new().await;
    // By hand nobody writes lines that begin with dots.
    let text = format!(
        "From: {SENDER}\nTo: {RECIPIENT}\nSubject: By hand\nDate: Sat, 21 Nov 2026 20:41:07 +0000\n\
         Message-ID: <by-hand@device.example>\n\nHello.\n"
    );
    let file = world.folder.path().join("mail.txt");
    fs::write(&file, &text).unwrap();
    run(
        "python3",
        &[
            "-c",
            SCRIPT,
            &world.submission().to_string(),
            &world.user.username,
            &world.user.password,
            SENDER,
            RECIPIENT,
            file.to_str().unwrap(),
        ],
        b"",
    );
    let bytes = text.replace('\n', "\r\n").into_bytes();
    let mail = Mail {
        message_id: "<by-hand@device.example>".to_owned(),
        sha256: relay_tests::sim::sha256(&bytes),
        bytes,
    };
    one_arrived(&world, &mail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_tls_where_that_is_allowed() {
    let world = World::new().await;
    let mail = World::mail("legacy", 2000);
    let legacy = world.relayd.listener("legacy").unwrap();
    let mut device = Device::connect(legacy, Encryption::None).await.unwrap();
    let reply = device
        .sign_in(&world.user.username, &world.user.password)
        .await
        .unwrap();
    assert_eq!(reply.code, 235, "{}", reply.line);
    let reply = device
        .send(SENDER, &[RECIPIENT], &mail.bytes)
        .await
        .unwrap();
    assert_eq!(reply.code, 250, "{}", reply.line);
    one_arrived(&world, &mail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_and_bytes_of_any_kind() {
    let world = World::new().await;
    let body = b"From: scanner@acme.example\r\nDate: Sat, 21 Nov 2026 20:41:07 +0000\r\n\
        Message-ID: <bytes@device.example>\r\nSubject: \xe4\r\n\r\n\x80\xff\x01\r\n.\r\n";
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    device
        .begin_mail(SENDER, "BODY=8BITMIME", RECIPIENT)
        .await
        .unwrap();
    let (head, tail) = body.split_at(33);
    let chunks = [
        format!("BDAT {}\r\n", head.len()).into_bytes(),
        head.to_vec(),
        format!("BDAT {} LAST\r\n", tail.len()).into_bytes(),
        tail.to_vec(),
    ];
    device.raw(&chunks.concat()).await.unwrap();
    for _ in 0..2 {
        let reply = device.reply().await.unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
    }
    let mail = Mail {
        message_id: "<bytes@device.example>".to_owned(),
        sha256: relay_tests::sim::sha256(body),
        bytes: body.to_vec(),
    };
    one_arrived(&world, &mail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_recipients_and_many_mails_over_one_connection() {
    let world = World::new().await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let mails: Vec<Mail> = (0..5)
        .map(|n| World::mail(&format!("many-{n}"), 1000))
        .collect();
    for mail in &mails {
        let to = [
            RECIPIENT,
            "second@customer.example",
            "third@customer.example",
        ];
        let reply = device.send(SENDER, &to, &mail.bytes).await.unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
    }
    for entry in world.arrived(&mails).await {
        assert_eq!(entry.recipients.len(), 3);
    }
}
