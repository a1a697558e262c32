//! Content that not every server carries: binary and 8-bit mail, from device to the other side.

use relay_tests::{
    harness::Device,
    sim::{Entry, Transfer},
};

use crate::world::{PATIENCE, RECIPIENT, SENDER, World};

/// Bytes in which a server that reads lines would find the end of the mail, and another one.
const HOSTILE: &[u8] =
    b"\x89PNG\r\n\x1a\n\r\n.\r\nMAIL FROM:<evil@acme.example>\r\n\n.\n\r.\r\0\xff";

fn mail(name: &str, encoding: &str, body: &[u8]) -> Vec<u8> {
    let header = format!(
        "From: Scanner <{SENDER}>\r\nTo: <{RECIPIENT}>\r\nSubject: {name}\r\n\
         Date: Sat, 21 Nov 2026 20:41:07 +0000\r\nMessage-ID: <{name}@device.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: image/png\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    [header.as_bytes(), body].concat()
}

/// Sends a mail in two chunks; gives the last reply.
async fn send_binary(world: &World, mail: &[u8]) -> String {
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let from = format!("MAIL FROM:<{SENDER}> BODY=BINARYMIME");
    let reply = device.command(&from).await.unwrap();
    if reply.code != 250 {
        return reply.line;
    }
    device
        .say(&format!("RCPT TO:<{RECIPIENT}>"), 250)
        .await
        .unwrap();
    let (head, tail) = mail.split_at(mail.len() - 7);
    let chunk = |size: usize, last: &str, bytes: &[u8]| {
        [format!("BDAT {size}{last}\r\n").as_bytes(), bytes].concat()
    };
    device.raw(&chunk(head.len(), "", head)).await.unwrap();
    assert_eq!(device.reply().await.unwrap().code, 250);
    device.raw(&chunk(tail.len(), " LAST", tail)).await.unwrap();
    device.reply().await.unwrap().line
}

async fn arrived(world: &World, subject: &str) -> (Entry, Vec<u8>) {
    let entries = world.simulator.wait_for(1, PATIENCE).await.unwrap();
    let of = |entry: &&Entry| entry.message_id == format!("<{subject}@device.example>");
    let entry = entries.iter().find(of).unwrap().clone();
    let body = world.simulator.body(&entry).unwrap();
    (entry, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binary_mail_arrives_byte_for_byte_by_bdat() {
    let world = World::new().await;
    let mail = mail("binary", "binary", HOSTILE);
    let reply = send_binary(&world, &mail).await;
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    let (entry, body) = arrived(&world, "binary").await;
    assert_eq!(entry.transfer, Transfer::Bdat);
    assert!(entry.parameters.contains(&"BODY=BINARYMIME".to_owned()));
    assert!(body.starts_with(b"Received: "), "{body:?}");
    assert!(body.ends_with(&mail), "the mail was altered");
    world.logged("delivered");
    assert_eq!(world.simulator.messages().len(), 1);

    // Text goes by DATA, as ever.
    let text = world.submit("text").await;
    let entries = world.simulator.wait_for(2, PATIENCE).await.unwrap();
    let entry = entries
        .iter()
        .find(|entry| entry.message_id == text.message_id)
        .unwrap();
    assert_eq!(entry.transfer, Transfer::Data);
}

#[tokio::test(flavor = "multi_thread")]
async fn ehlo_offers_binary_to_who_can_hand_it_on() {
    for (without, offered) in [(&[][..], true), (&["BINARYMIME"][..], false)] {
        let world = World::builder()
            .sim(move |settings| {
                settings.without = without.iter().map(|&word| word.to_owned()).collect();
            })
            .build()
            .await;
        let mut device = Device::signed_in(world.submission(), &world.user)
            .await
            .unwrap();
        device.raw(b"EHLO device.example\r\n").await.unwrap();
        let mut lines = Vec::new();
        loop {
            let line = device.line().await.unwrap();
            let is_last = line.as_bytes()[3] == b' ';
            lines.push(line[4..].to_owned());
            if is_last {
                break;
            }
        }
        assert_eq!(
            lines.contains(&"BINARYMIME".to_owned()),
            offered,
            "{lines:?}"
        );
        assert!(lines.iter().any(|line| line.starts_with("LIMITS RCPTMAX=")));
        if !offered {
            let reply = send_binary(&world, &mail("none", "binary", HOSTILE)).await;
            assert!(reply.starts_with("554 5.6.1"), "{reply}");
            assert!(reply.contains("[unsupported-content]"), "{reply}");
            world.rejected("unsupported-content");
            world.nothing_sent();
        }
    }
}

/// The route offered it when it was checked, and does no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_binary_mail_that_cannot_be_handed_on_any_more_comes_back() {
    let world = World::new().await;
    world.simulator.offer_all_but(&["BINARYMIME"]);
    let reply = send_binary(&world, &mail("late", "binary", HOSTILE)).await;
    assert!(reply.starts_with("250"), "{reply}");
    let entries = world.simulator.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!((entries[0].from.as_str(), entries.len()), ("", 1));
    assert_eq!(entries[0].recipients, [SENDER]);
    let bounce = String::from_utf8(world.simulator.body(&entries[0]).unwrap()).unwrap();
    assert!(bounce.contains("unsupported-content"), "{bounce}");
    assert!(
        bounce.contains("Action: failed\r\nStatus: 5.6.1\r\n"),
        "{bounce}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binary_mail_has_a_header_of_lines() {
    let world = World::new().await;
    for header in [
        format!("From: {SENDER}\nSubject: x\n\nbody"),
        format!("From: {SENDER}\r\nSubject: x\ry\r\n\r\nbody......"),
        format!("From: {SENDER}\r\nSubject: x\nBcc: v@c.example\r\n\r\nbody"),
    ] {
        let reply = send_binary(&world, header.as_bytes()).await;
        assert!(reply.starts_with("550 5.6.11"), "{header:?}: {reply}");
    }
    let header = format!("From: {SENDER}\r\nSubject: x\0y\r\n\r\nbody......");
    let reply = send_binary(&world, header.as_bytes()).await;
    assert!(reply.starts_with("554 5.6.1 "), "{reply}");
    world.nothing_sent();
}

/// Devices declare 8BITMIME for anything, or nothing at all: the bytes decide.
#[tokio::test(flavor = "multi_thread")]
async fn eight_bit_text_is_declared_by_what_it_is() {
    let world = World::builder()
        .sim(|settings| settings.without = vec!["8BITMIME".to_owned()])
        .build()
        .await;
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let ascii = mail("ascii", "7bit", b"plain\r\n");
    let declared = format!("MAIL FROM:<{SENDER}> BODY=8BITMIME");
    for (from, content) in [
        (declared, ascii.clone()),
        (
            format!("MAIL FROM:<{SENDER}>"),
            mail("umlaut", "8bit", "\u{fc}\r\n".as_bytes()),
        ),
    ] {
        device.say(&from, 250).await.unwrap();
        let to = format!("RCPT TO:<{RECIPIENT}>");
        device.say(&to, 250).await.unwrap();
        device.say("DATA", 354).await.unwrap();
        let body = [&content[..], b".\r\n"].concat();
        device.raw(&body).await.unwrap();
        assert_eq!(device.reply().await.unwrap().code, 250);
    }
    // The plain one arrives; the other comes back, since the server cannot carry it.
    world.simulator.wait_for(2, PATIENCE).await.unwrap();
    let (_, body) = arrived(&world, "ascii").await;
    assert!(body.ends_with(&ascii));
    let entries = world.simulator.messages();
    let bounce = entries.iter().find(|entry| entry.from.is_empty()).unwrap();
    let bounce = String::from_utf8(world.simulator.body(bounce).unwrap()).unwrap();
    assert!(bounce.contains("8BITMIME"), "{bounce}");
    assert_eq!(entries.len(), 2);
}
