//! What a well-behaved client meets.

use std::{
    io,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
};

use tokio::io::ReadBuf;

use super::*;
use crate::model::{BodyEncoding, DsnReturn};

#[tokio::test(start_paused = true)]
async fn a_mail_goes_through_with_envelope_and_body() {
    let (mut client, session) = Start::encrypted().talk().await;
    let hello = client.ask("EHLO printer_1").await;
    assert_eq!(
        hello.lines().collect::<Vec<_>>(),
        [
            "250-relay.example Hello [192.0.2.7]",
            "250-SIZE 200000",
            "250-PIPELINING",
            "250-8BITMIME",
            "250-SMTPUTF8",
            "250-ENHANCEDSTATUSCODES",
            "250-CHUNKING",
            "250-DSN",
            "250-LIMITS RCPTMAX=10000",
            "250 AUTH PLAIN LOGIN",
        ]
    );
    client.expect("AUTH LOGIN", "334 VXNlcm5hbWU6").await;
    client.expect("c2Nhbg==", "334 UGFzc3dvcmQ6").await;
    client.expect("Z2VoZWlt", "235 2.7.0").await;
    client
        .expect(
            "mail from: scan@acme.example size=20 BODY=8BITMIME RET=HDRS ENVID=Q1",
            "250 2.1.0",
        )
        .await;
    client
        .expect("RCPT TO:<b@acme.example> NOTIFY=NEVER", "250 2.1.5")
        .await;
    client.expect("RCPT TO:<c@acme.example>", "250 2.1.5").await;
    client.expect("RCPT TO:<b@Acme.example>", "250 2.1.5").await;
    client.expect("DATA", "354 ").await;
    client
        .expect(
            "Subject: x\r\n\r\n..dot\r\né\r\n.",
            "250 2.0.0 Ok: queued as ",
        )
        .await;
    client.expect("QUIT", "221 2.0.0").await;
    client.expect_closed().await;

    let taken = session.fake.accepted();
    let [mail] = taken.as_slice() else {
        panic!("{taken:?}")
    };
    assert_eq!(mail.principal, "scan");
    assert_eq!(
        (mail.protocol, mail.helo.as_str()),
        (Protocol::Esmtpsa, "printer_1")
    );
    assert_eq!(mail.pieces, ["Subject: x\r\n\r\n.dot\r\né\r\n"]);
    let envelope = &mail.envelope;
    assert_eq!(envelope.reverse_path.as_str(), "scan@acme.example");
    let recipients = envelope.recipients.iter();
    let recipients: Vec<_> = recipients.map(|to| to.address.as_str()).collect();
    assert_eq!(recipients, ["b@acme.example", "c@acme.example"]);
    assert!(envelope.recipients[0].notify.unwrap().never);
    assert_eq!(envelope.encoding, BodyEncoding::EightBit);
    assert_eq!(envelope.dsn_return, Some(DsnReturn::Headers));
    assert_eq!(envelope.envelope_id, "Q1");
    assert_eq!(session.fake.told(), []);
}

#[tokio::test(start_paused = true)]
async fn a_body_in_chunks_comes_out_byte_for_byte() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("scan@acme.example").await;
    client
        .send("BDAT 5\r\na\r\n.\rBDAT 4\r\n\n\r\nbBDAT 0 LAST\r\n")
        .await;
    assert_eq!(client.reply().await, "250 2.0.0 5 octets received");
    assert_eq!(client.reply().await, "250 2.0.0 4 octets received");
    assert!(client.reply().await.starts_with("250 2.0.0 Ok: queued as "));
    assert_eq!(session.fake.accepted()[0].body(), b"a\r\n.\r\n\r\nb");
}

#[tokio::test(start_paused = true)]
async fn binarymime_may_hold_any_bytes() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    client
        .expect("MAIL FROM:<scan@acme.example> BODY=BINARYMIME", "250")
        .await;
    client.expect("RCPT TO:<b@acme.example>", "250").await;
    client.expect("DATA", "503 5.5.1").await;
    client
        .expect("MAIL FROM:<scan@acme.example>", "503 5.5.1")
        .await;
    client.expect("RSET", "250").await;
    client
        .expect("MAIL FROM:<scan@acme.example> BODY=BINARYMIME", "250")
        .await;
    client.expect("RCPT TO:<b@acme.example>", "250").await;
    client.send(b"BDAT 5 LAST\r\n\n\r\x00\xff.").await;
    assert!(client.reply().await.starts_with("250 2.0.0 Ok"));
    assert_eq!(session.fake.accepted()[0].body(), b"\n\r\x00\xff.");
}

#[tokio::test(start_paused = true)]
async fn large_bodies_arrive_in_bounded_pieces() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("scan@acme.example").await;
    let body = "0123456789\r\n.".repeat(13_000);
    client.expect("DATA", "354").await;
    let stuffed = body.replace("\r\n.", "\r\n..");
    client
        .expect(&format!("{stuffed}\r\n."), "250 2.0.0 Ok")
        .await;
    let mail = &session.fake.accepted()[0];
    assert_eq!(mail.body(), format!("{body}\r\n").into_bytes());
    let (last, others) = mail.pieces.split_last().unwrap();
    assert!(others.iter().all(|piece| piece.len() == 64 * 1024));
    assert!(others.len() == 2 && last.len() < 64 * 1024);
}

#[tokio::test(start_paused = true)]
async fn many_mails_follow_each_other() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.sign_in().await;
    for number in 0..50 {
        client.mail("scan@acme.example", &format!("{number}")).await;
        client.expect("NOOP", "250 2.0.0").await;
    }
    let bodies = session.fake.accepted();
    assert_eq!(bodies.len(), 50);
    assert_eq!(bodies[49].body(), b"49\r\n");
}

#[tokio::test(start_paused = true)]
async fn the_small_verbs_answer() {
    let (mut client, _session) = Start::encrypted().talk().await;
    client
        .expect("HELO [192.0.2.7]", "250 relay.example Hello")
        .await;
    client.expect("NOOP", "250 2.0.0").await;
    client.expect("RSET", "250 2.0.0").await;
    client.expect("NOOP with an argument", "250 2.0.0").await;
    client.expect("VRFY root", "252 2.1.5").await;
    client.expect("HELP", "214-2.0.0").await;
}

#[tokio::test(start_paused = true)]
async fn any_cut_of_the_input_gives_the_same_dialogue() {
    let script = "EHLO p\r\nAUTH PLAIN AHNjYW4AZ2VoZWlt\r\nMAIL FROM:<a@acme.example>\r\n\
                  RCPT TO:<b@acme.example>\r\nBDAT 4\r\na\r\n.BDAT 3 LAST\r\n\r\nb\
                  MAIL FROM:<a@acme.example>\r\nRCPT TO:<b@acme.example>\r\nDATA\r\n\
                  ..x\r\n\r\n.\r\nMAIL FROM:<boss@acme.example>\r\nQUIT\r\n";
    let mut replies = Vec::new();
    for cut in 0..script.len() {
        let (mut client, session) = Start::encrypted().talk().await;
        client.send(&script[..cut]).await;
        tokio::task::yield_now().await;
        client.send(&script[cut..]).await;
        let mut said = Vec::new();
        while let Some(line) = client.line().await {
            said.push(line.split(" queued as ").next().unwrap().to_owned());
        }
        let bodies: Vec<_> = session.fake.accepted().iter().map(Accepted::body).collect();
        assert_eq!(bodies, [&b"a\r\n.\r\nb"[..], b".x\r\n\r\n"], "cut at {cut}");
        assert_eq!(session.fake.reasons(), [Reason::SenderNotAllowed]);
        replies.push(said);
    }
    assert!(replies[0].last().unwrap().starts_with("221 "));
    assert!(replies.iter().all(|said| *said == replies[0]));
}

/// Counts writes.
struct Counting(DuplexStream, Arc<AtomicUsize>);

impl AsyncRead for Counting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Counting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[tokio::test(start_paused = true)]
async fn replies_to_a_pipelined_group_leave_in_one_write() {
    let writes = Arc::new(AtomicUsize::new(0));
    let (ours, theirs) = duplex(1 << 20);
    let _session = Start::encrypted().on(Counting(theirs, Arc::clone(&writes)));
    let mut client = Client::new(ours);
    client.reply().await;
    client.sign_in().await;
    let before = writes.load(Ordering::SeqCst);
    client
        .send("MAIL FROM:<a@acme.example>\r\nRCPT TO:<b@acme.example>\r\nRCPT TO:<x>\r\nDATA\r\n")
        .await;
    for expected in ["250", "250", "501", "354"] {
        assert!(client.reply().await.starts_with(expected));
    }
    assert_eq!(writes.load(Ordering::SeqCst), before + 1);
    client.expect("x\r\n.", "250").await;
    client.expect("EHLO again", "250").await;
    assert_eq!(writes.load(Ordering::SeqCst), before + 3);
}
