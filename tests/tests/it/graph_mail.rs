//! Mail from a device through relayd to the stand-in for Graph, with tokens of the stand-in for
//! Microsoft Entra.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use relay_tests::{
    harness::Device,
    sim::{
        entra::{self, Application},
        graph::{self, Graph, Operation, RetryAfter, Rule, Then, Way},
        sha256,
    },
};

use crate::world::{PATIENCE, RECIPIENT, SENDER, World};

const CLIENT: &str = "4b1d7c20-0000-4000-8000-000000000000";

struct Cloud {
    world: World,
    graph: Graph,
}

/// A relay whose account sends by Graph, with these permissions.
async fn cloud(roles: &[&str], settings: &str) -> Cloud {
    let application = Application {
        tenant: "acme.example".to_owned(),
        client_id: CLIENT.to_owned(),
        secrets: vec!["client-secret".to_owned()],
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        ..Application::default()
    };
    let world = World::builder()
        .sim(|settings| settings.entra = Some(entra::Settings::of(vec![application])))
        .build()
        .await;
    let entra = world.simulator.entra().unwrap().clone();
    let authority = entra.authority().to_owned();
    let graph = Graph::start(
        graph::Settings {
            bearer: Arc::new(move |token| entra.permissions(token, "graph")),
            ..graph::Settings::in_folder(world.folder.path().join("graph"))
        },
        world.simulator.authority(),
    )
    .await
    .unwrap();
    let arguments = format!(
        "route set --kind graph --mailbox relay@acme.example --tenant acme.example \
         --client-id {CLIENT} --client-secret-stdin --authority {authority} --server localhost --port {} \
         --server-ca {} --per-minute 0 --yes {settings}",
        graph.address().port(),
        world.simulator.ca_file().display(),
    );
    let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
    let set = world.ctl.run_with(&words, "client-secret").unwrap();
    set.succeeded(&arguments).unwrap();
    Cloud { world, graph }
}

/// The body of a mail, behind its header.
fn body_of(mail: &[u8]) -> &[u8] {
    let end = mail.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    &mail[end + 4..]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_leaves_by_graph_and_its_trace_says_so() {
    let cloud = cloud(&["Mail.Send"], "").await;
    let sent = cloud.world.submit("graph-1").await;
    let arrived = cloud.graph.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(arrived[0].recipients(), [RECIPIENT]);
    assert_eq!(arrived[0].way, Way::Mime);
    assert_eq!(arrived[0].message_id, sent.message_id);
    assert_eq!(arrived[0].body_sha256, sha256(body_of(&sent.bytes)));
    let id = cloud.world.logged("delivered")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    cloud.world.traced(&id, "202 Accepted (request-id sim)");
    let check = cloud.world.ctl.ok("route check -o json").unwrap();
    for word in ["token", "mailbox", "Mail.Send", "3 MB"] {
        assert!(check.contains(word), "{word} is missing in {check}");
    }
}

/// What the application may not send is refused before it comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large_for_the_permissions_is_refused_at_the_door() {
    let cloud = cloud(&["Mail.Send"], "").await;
    let mut device = Device::signed_in(cloud.world.submission(), &cloud.world.user)
        .await
        .unwrap();
    for (size, code) in [(2_900_000, 250), (3_100_000, 552)] {
        let reply = device
            .command(&format!("MAIL FROM:<{SENDER}> SIZE={size}"))
            .await
            .unwrap();
        assert_eq!(reply.code, code, "{}", reply.line);
        device.say("RSET", 250).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_waited_out_without_an_attempt() {
    let cloud = cloud(&["Mail.Send"], "").await;
    let rule = Rule::throttle(Operation::SendMail, RetryAfter::Seconds(3));
    cloud.graph.add_rule(rule.times(1));
    cloud.world.submit("graph-throttled").await;
    cloud.graph.wait_for(1, PATIENCE).await.unwrap();
    let message = cloud.world.logged("delivered");
    let trace = cloud
        .world
        .traced(message["id"].as_str().unwrap(), "202 Accepted");
    assert!(trace.contains("429 ApplicationThrottled"), "{trace}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_waits_for_a_person_or_is_sent_again() {
    let gateway = || {
        Rule::on(
            Operation::SendMail,
            Then::DoAndRefuse {
                status: 504,
                code: "UnknownError".to_owned(),
            },
        )
        .times(1)
    };
    let held = cloud(&["Mail.Send"], "").await;
    held.graph.add_rule(gateway());
    held.world.submit("graph-held").await;
    held.graph.wait_for(1, PATIENCE).await.unwrap();
    let id = held.world.logged("held")["id"].as_str().unwrap().to_owned();
    held.world.traced(&id, "outcome-unknown");
    assert_eq!(held.graph.mails().len(), 1);
    held.world
        .ctl
        .ok(&format!("queue release {id} --yes"))
        .unwrap();
    held.graph.wait_for(2, PATIENCE).await.unwrap();
    held.world.logged("delivered");

    let again = cloud(&["Mail.Send"], "--unknown-outcome retry").await;
    again.graph.add_rule(gateway());
    let sent = again.world.submit("graph-again").await;
    let twice = again.graph.wait_for(2, PATIENCE).await.unwrap();
    assert!(twice.iter().all(|mail| mail.message_id == sent.message_id));
    again.world.logged("delivered");
}

const MIB: u64 = 1024 * 1024;

/// A scan of ten megabytes.
fn scan(name: &str) -> (Vec<u8>, Vec<u8>) {
    let scan = World::mail(name, 7_500_000).bytes;
    let encoded = BASE64_STANDARD.encode(&scan);
    let lines: Vec<_> = encoded.as_bytes().chunks(76).collect();
    let head = format!(
        "From: <{SENDER}>\r\nTo: <{RECIPIENT}>\r\nSubject: {name}\r\nMIME-Version: 1.0\r\n\
         Date: Sat, 21 Nov 2026 20:41:07 +0000\r\nMessage-ID: <{name}@device.example>\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYour scan.\r\n--b\r\n\
         Content-Type: application/pdf; name=scan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let mail = [head.as_bytes(), &lines.join(&b"\r\n"[..]), b"\r\n--b--\r\n"].concat();
    (mail, scan)
}

/// Each is in memory once, while it is sent.
#[tokio::test(flavor = "multi_thread")]
async fn scans_of_ten_megabytes_leave_in_bounded_memory() {
    let cloud = cloud(&["Mail.Send", "Mail.ReadWrite"], "").await;
    let peak = || cloud.world.relayd.tree().unwrap().peak_resident().unwrap();
    let started = peak();
    let scans: Vec<_> = (1..=3)
        .map(|number| scan(&format!("scan-{number}")))
        .collect();
    for (mail, _) in &scans {
        let mut device = Device::signed_in(cloud.world.submission(), &cloud.world.user)
            .await
            .unwrap();
        let reply = device.send(SENDER, &[RECIPIENT], mail).await.unwrap();
        assert_eq!(reply.code, 250, "{}", reply.line);
    }
    let arrived = cloud.graph.wait_for(3, PATIENCE).await.unwrap();
    let mut files: Vec<_> = arrived
        .iter()
        .map(|mail| {
            (
                mail.way,
                mail.files[0].name.as_str(),
                mail.files[0].sha256.clone(),
            )
        })
        .collect();
    let mut expected: Vec<_> = scans
        .iter()
        .map(|(_, scan)| (Way::Draft, "scan.pdf", sha256(scan)))
        .collect();
    files.sort_by(|one, other| one.2.cmp(&other.2));
    expected.sort_by(|one, other| one.2.cmp(&other.2));
    assert_eq!(files, expected);
    assert_eq!(cloud.graph.drafts(), 0);
    let more = peak() - started;
    println!(
        "peak resident: {} MiB more than after the start",
        more / MIB
    );
    // Page caches of SQLite take 40 MiB, the mails 11 MiB each.
    assert!(more < 120 * MIB, "{} MiB", more / MIB);
}
