//! Postfix as smarthost, with STARTTLS and Cyrus SASL, and the stand-in behind it to see what it
//! made of the mail. Needs root.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use relay_tests::{
    postfix::{Instance, write_password},
    tls::Authority,
};

use super::{PASSWORD, USER, assert_unchanged, reaches, send, set_route};
use crate::{
    clients::letter::Letter,
    world::{PATIENCE, RECIPIENT, SENDER, World},
};

const SIZE_LIMIT: usize = 100_000;

/// A Postfix that relays for whoever signs in, to the stand-in of a world.
struct Smarthost {
    instance: Instance,
    port: u16,
    ca_file: PathBuf,
}

impl Smarthost {
    fn start(world: &World, name: &str, mechanisms: &str, settings: &str) -> Self {
        let folder = world.folder.path().join(name);
        fs::create_dir_all(folder.join("etc")).unwrap();
        let authority = Authority::new("Postfix authority").unwrap();
        let certificate = authority.issue(&["localhost"]).unwrap();
        let chain = certificate.key_pem + &certificate.certificate_pem;
        fs::write(folder.join("etc/chain.pem"), chain).unwrap();
        let ca_file = folder.join("ca.pem");
        fs::write(&ca_file, authority.pem()).unwrap();
        let login = USER.split_once('@').unwrap();
        write_password(&folder, login, PASSWORD, mechanisms).unwrap();

        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = free.local_addr().unwrap();
        drop(free);
        let door = format!("{server} inet n - n - - smtpd\n");
        let main_cf = main_cf(&folder, world, settings);
        let instance = Instance::start(&folder, &main_cf, &door).unwrap();
        instance.wait_for(server).unwrap();
        Self {
            instance,
            port: server.port(),
            ca_file,
        }
    }
}

fn main_cf(folder: &Path, world: &World, settings: &str) -> String {
    let folder = folder.display();
    let port = world.simulator.address().port();
    let ca_file = world.simulator.ca_file();
    let ca_file = ca_file.display();
    format!(
        "myhostname = smarthost.example
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
message_size_limit = {SIZE_LIMIT}
mailbox_size_limit = 0

smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/etc/chain.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
{settings}

relayhost = [localhost]:{port}
smtp_host_lookup = native
smtp_dns_support_level = disabled
smtp_tls_security_level = verify
smtp_tls_CAfile = {ca_file}
smtp_sasl_auth_enable = yes
smtp_sasl_security_options =
smtp_sasl_password_maps = inline:{{ {{ [localhost]:{port} = relay@acme.example:mailbox-secret }} }}
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_mail_byte_for_byte_by_either_mechanism() {
    let world = World::new().await;
    for (number, mechanism) in ["LOGIN", "PLAIN"].into_iter().enumerate() {
        let smarthost = Smarthost::start(&world, mechanism, mechanism, "");
        let route = set_route(&world, smarthost.port, &smarthost.ca_file, PASSWORD);
        assert_eq!(route["size_limit"], SIZE_LIMIT, "{route}");

        let letter = Letter::new(&format!("smarthost-{mechanism}"));
        let to = Letter::recipients();
        let reply = send(&world, "BODY=8BITMIME", &to, &letter.sent).await;
        assert_eq!(reply.code, 250, "{}", reply.line);
        let entries = world.simulator.wait_for(number + 1, PATIENCE).await;
        let entries =
            entries.unwrap_or_else(|error| panic!("{error}: {}", smarthost.instance.log()));
        assert_eq!(entries.len(), number + 1);
        let entry = &entries[number];
        let mut recipients = entry.recipients.clone();
        recipients.sort();
        let mut expected = to;
        expected.sort_unstable();
        assert_eq!(recipients, expected);
        assert_eq!(entry.from, SENDER);
        assert_unchanged(&world.simulator.body(entry).unwrap(), &letter.mail);
        let id = reaches(&world, &letter.mail, "delivered");
        // What Postfix said last names the mail in its own queue.
        world.traced(&id, "250 2.0.0 Ok: queued as ");
        let log = smarthost.instance.log();
        let signed_in = format!("sasl_method={mechanism}, sasl_username={USER}");
        assert!(log.contains(&signed_in), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_and_puts_off_each_recipient_by_itself() {
    let world = World::new().await;
    let greylist = Greylist::start();
    let settings = format!(
        "smtpd_recipient_restrictions = check_recipient_access inline:{{ \
         {{ nobody@customer.example = 550 5.1.1 Nobody of that name here }} }}, \
         check_policy_service inet:{}",
        greylist.address
    );
    let smarthost = Smarthost::start(&world, "mixed", "PLAIN LOGIN", &settings);
    set_route(&world, smarthost.port, &smarthost.ca_file, PASSWORD);
    let mail = World::mail("mixed", 3000);
    let to = [
        RECIPIENT,
        "nobody@customer.example",
        "grey@customer.example",
    ];
    let reply = send(&world, "", &to, &mail.bytes).await;
    assert_eq!(reply.code, 250, "{}", reply.line);
    let entries = world.simulator.wait_for(3, PATIENCE).await;
    let entries = entries.unwrap_or_else(|error| panic!("{error}: {}", smarthost.instance.log()));
    for (recipient, is_notice) in [(RECIPIENT, false), (to[2], false), (SENDER, true)] {
        let mut of_it = entries.iter().filter(|it| it.recipients == [recipient]);
        let (entry, more) = (of_it.next().expect(recipient), of_it.next());
        assert_eq!(more, None, "once only");
        let body = world.simulator.body(entry).unwrap();
        if is_notice {
            let notice = String::from_utf8_lossy(&body);
            assert!(notice.contains("Nobody of that name here"), "{notice}");
        } else {
            assert_unchanged(&body, &mail);
        }
    }
    let id = reaches(&world, &mail, "partial");
    let trace = world.traced(&id, "Greylisted, come again");
    assert!(
        trace.contains("450 4.2.0 <grey@customer.example>"),
        "{trace}"
    );
    assert!(trace.contains("recipient-refused"), "{trace}");
}

/// It announces no SIZE, so that nobody knows before it has read the mail.
#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_is_too_large() {
    let world = World::new().await;
    let settings = "smtpd_discard_ehlo_keywords = size";
    let smarthost = Smarthost::start(&world, "small", "PLAIN LOGIN", settings);
    let route = set_route(&world, smarthost.port, &smarthost.ca_file, PASSWORD);
    assert_eq!(route["size_limit"], serde_json::Value::Null, "{route}");
    let mail = World::mail("large", SIZE_LIMIT + 10_000);
    let reply = send(&world, "", &[RECIPIENT], &mail.bytes).await;
    assert_eq!(reply.code, 250, "{}", reply.line);
    let id = reaches(&world, &mail, "failed");
    let trace = world.traced(&id, "552 5.3.4");
    assert!(trace.contains("message-too-large"), "{trace}");
    let entries = world.simulator.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!((entries[0].from.as_str(), entries.len()), ("", 1));
    assert_eq!(entries[0].recipients, [SENDER]);

    // With SIZE the device hears of it at once.
    let smarthost = Smarthost::start(&world, "told", "PLAIN LOGIN", "");
    set_route(&world, smarthost.port, &smarthost.ca_file, PASSWORD);
    let parameter = format!("SIZE={}", mail.bytes.len());
    let reply = send(&world, &parameter, &[RECIPIENT], &mail.bytes).await;
    assert!(reply.line.contains("[message-too-large]"), "{}", reply.line);
}

/// A policy service that puts `grey@…` off once (`SMTPD_POLICY_README` of Postfix).
struct Greylist {
    address: SocketAddr,
}

impl Greylist {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let has_met = Arc::new(AtomicBool::new(false));
        std::thread::spawn(move || {
            // Each smtpd keeps a connection of its own.
            for connection in listener.incoming().map_while(Result::ok) {
                let has_met = Arc::clone(&has_met);
                std::thread::spawn(move || judge(connection, &has_met));
            }
        });
        Self { address }
    }
}

/// Answers the questions of one connection: lines `name=value`, ended by an empty one.
fn judge(mut connection: TcpStream, has_met: &AtomicBool) {
    let questions = BufReader::new(connection.try_clone().unwrap());
    let mut is_grey = false;
    for line in questions.lines().map_while(Result::ok) {
        is_grey |= line.starts_with("recipient=grey@");
        if !line.is_empty() {
            continue;
        }
        let waits = is_grey && !has_met.swap(true, Ordering::SeqCst);
        is_grey = false;
        let action = if waits {
            "450 4.2.0 Greylisted, come again"
        } else {
            "DUNNO"
        };
        if write!(connection, "action={action}\n\n").is_err() {
            return;
        }
    }
}
