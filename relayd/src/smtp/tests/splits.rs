//! Whatever the segments, what comes in by DATA or BDAT comes out byte for byte.

use std::time::Duration;

use proptest::{collection::vec, prelude::*};

use super::*;

/// One mail: what it holds, and how it is sent.
#[derive(Debug, Clone)]
enum Mail {
    /// Lines of any bytes but CR, LF and NUL, by DATA.
    Dotted(Vec<Vec<u8>>),
    /// Lines, by BDAT in chunks of these widths.
    Text(Vec<Vec<u8>>, Vec<usize>),
    /// Any bytes, NUL too, by BDAT with BINARYMIME.
    Binary(Vec<u8>, Vec<usize>),
}

impl Mail {
    fn body(&self) -> Vec<u8> {
        match self {
            Self::Dotted(lines) | Self::Text(lines, _) => {
                let ended = lines.iter().map(|line| [line, &b"\r\n"[..]].concat());
                ended.collect::<Vec<_>>().concat()
            }
            Self::Binary(bytes, _) => bytes.clone(),
        }
    }

    /// Everything that the client sends for it, without waiting.
    fn wire(&self) -> Vec<u8> {
        let parameter = match self {
            Self::Binary(..) => " BODY=BINARYMIME",
            _ => " BODY=8BITMIME",
        };
        let mut wire =
            format!("MAIL FROM:<scan@acme.example>{parameter}\r\nRCPT TO:<b@acme.example>\r\n")
                .into_bytes();
        match self {
            Self::Dotted(lines) => {
                wire.extend_from_slice(b"DATA\r\n");
                for line in lines {
                    wire.extend_from_slice(if line.starts_with(b".") { b"." } else { b"" });
                    wire.extend_from_slice(line);
                    wire.extend_from_slice(b"\r\n");
                }
                wire.extend_from_slice(b".\r\n");
            }
            Self::Text(_, widths) | Self::Binary(_, widths) => {
                for chunk in cut(&self.body(), widths) {
                    wire.extend_from_slice(format!("BDAT {}\r\n", chunk.len()).as_bytes());
                    wire.extend_from_slice(chunk);
                }
                wire.extend_from_slice(b"BDAT 0 LAST\r\n");
            }
        }
        wire
    }
}

/// Cuts into pieces of these widths, over and over.
fn cut<'a>(bytes: &'a [u8], widths: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for width in widths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, others) = rest.split_at((*width).clamp(1, rest.len()));
        pieces.push(piece);
        rest = others;
    }
    pieces
}

/// Lines with many dots, controls and 8-bit bytes; now and then long ones.
fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![
        2 => Just(b'.'),
        3 => any::<u8>().prop_filter("no text", |byte| !b"\r\n\0".contains(byte)),
    ];
    let length = prop_oneof![9 => 0_usize..12, 1 => 500_usize..1500];
    vec(
        length.prop_flat_map(move |length| vec(byte.clone(), length)),
        0..100,
    )
}

/// Widths of pieces: mostly small, where the state machines are.
fn widths() -> impl Strategy<Value = Vec<usize>> {
    vec(
        prop_oneof![4 => 1_usize..6, 2 => 1_usize..200, 1 => 1_usize..70_000],
        1..8,
    )
}

fn mail() -> impl Strategy<Value = Mail> {
    let binary = vec(
        prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), Just(0), any::<u8>()],
        0..3000,
    );
    prop_oneof![
        lines().prop_map(Mail::Dotted),
        (lines(), widths()).prop_map(|(lines, widths)| Mail::Text(lines, widths)),
        (binary, widths()).prop_map(|(bytes, widths)| Mail::Binary(bytes, widths)),
    ]
}

/// What the backend has when a client sent all of `input` in these segments, and what was said.
async fn taken(input: &[u8], widths: &[usize]) -> (Vec<Vec<u8>>, Vec<String>) {
    let (client, session) = Start::encrypted().talk().await;
    let (mut reading, mut writing) = tokio::io::split(client.stream);
    let sending = async {
        for segment in cut(input, widths) {
            writing.write_all(segment).await.unwrap();
            // The session takes this one before the next comes.
            tokio::task::yield_now().await;
        }
    };
    let mut said = String::new();
    let ((), read) = tokio::join!(sending, reading.read_to_string(&mut said));
    read.unwrap();
    let bodies = session.fake.accepted().iter().map(Accepted::body).collect();
    (bodies, said.lines().map(str::to_owned).collect())
}

#[tokio::test(start_paused = true)]
async fn chunks_that_bring_something_are_no_idle_talk() {
    for size in [1, 1024] {
        let mut start = Start::encrypted();
        start.caps.commands = 10;
        let (mut client, session) = start.talk().await;
        client.begin("scan@acme.example").await;
        let chunk = "x".repeat(size);
        for _ in 0..50 {
            client.send(format!("BDAT {size}\r\n{chunk}")).await;
            let said = format!("250 2.0.0 {size} ");
            assert!(client.reply().await.starts_with(&said));
        }
        client.expect("BDAT 0 LAST", "250 2.0.0 Ok").await;
        assert_eq!(
            session.fake.accepted()[0].body(),
            chunk.repeat(50).into_bytes()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn chunks_that_lead_nowhere_are_idle_talk() {
    // Of nothing, and of a mail that nobody would get.
    for (recipient, chunk, said) in [
        ("RCPT TO:<b@acme.example>\r\n", "BDAT 0\r\n", "250 2.0.0 0 "),
        ("", "BDAT 1\r\nx", "503 5.5.1 "),
    ] {
        let mut start = Start::encrypted();
        start.caps.commands = 10;
        let (mut client, _session) = start.talk().await;
        client.sign_in().await;
        client.expect("MAIL FROM:<scan@acme.example>", "250 ").await;
        if !recipient.is_empty() {
            client.send(recipient).await;
            assert!(client.reply().await.starts_with("250 "));
        }
        for _ in 0..9 {
            client.send(chunk).await;
            assert!(client.reply().await.starts_with(said));
        }
        client.send(chunk).await;
        let reply = client.reply().await;
        assert!(reply.contains("[too-many-errors]"), "{reply}");
    }
}

/// Whole chunks are never waited for; that their body takes for ever shows between them.
#[tokio::test(start_paused = true)]
async fn a_body_in_chunks_has_its_time_as_any_other() {
    let (mut client, session) = Start::encrypted().talk().await;
    client.begin("scan@acme.example").await;
    for _ in 0..3 {
        client.send("BDAT 1\r\nx").await;
        assert!(client.reply().await.starts_with("250 2.0.0 1 "));
        tokio::time::sleep(Duration::from_mins(4)).await;
    }
    client.send("BDAT 1\r\nx").await;
    let reply = client.reply().await;
    assert!(reply.starts_with("421 4.4.2 "), "{reply}");
    client.expect_closed().await;
    assert!(session.fake.accepted().is_empty());
    assert_eq!(session.fake.reasons(), [Reason::Timeout]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bodies_come_out_as_they_came_in(mails in vec(mail(), 1..4), widths in widths()) {
        let mut input = b"EHLO p\r\nAUTH PLAIN AHNjYW4AZ2VoZWlt\r\n".to_vec();
        for mail in &mails {
            input.extend(mail.wire());
        }
        input.extend_from_slice(b"QUIT\r\n");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let (bodies, said) = runtime.block_on(taken(&input, &widths));
        let refused = said.iter().find(|line| line.starts_with(['4', '5']));
        prop_assert_eq!(refused, None);
        let expected: Vec<_> = mails.iter().map(Mail::body).collect();
        prop_assert_eq!(bodies, expected);
        let receipts = said.iter().filter(|line| line.contains("queued as")).count();
        prop_assert_eq!(receipts, mails.len());
        prop_assert!(said.last().is_some_and(|line| line.starts_with("221 ")));
    }
}
