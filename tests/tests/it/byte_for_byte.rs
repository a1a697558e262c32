//! Over a real socket, through relayd and its store to a capture route: whatever a body holds and
//! however it is cut, it arrives byte for byte. The sessions alone are tested with many more cases
//! in `relayd/src/smtp/tests/splits.rs`.

use std::{fs, net::SocketAddr};

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use relay_tests::{
    dialog::Stage,
    harness::{Device, eventually},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const CASES: u32 = 32;

/// A body of whole lines, how it is framed, and where the writes end.
#[derive(Debug, Clone)]
struct Case {
    lines: Vec<Vec<u8>>,
    chunked: bool,
    widths: Vec<usize>,
}

fn case() -> impl Strategy<Value = Case> {
    let byte = prop_oneof![
        2 => Just(b'.'),
        3 => any::<u8>().prop_filter("no text", |byte| !b"\r\n\0".contains(byte)),
    ];
    let lines = vec(vec(byte, 0..40), 0..100);
    let widths = vec(prop_oneof![1_usize..4, 1_usize..2000], 1..5);
    (lines, any::<bool>(), widths).prop_map(|(lines, chunked, widths)| Case {
        lines,
        chunked,
        widths,
    })
}

impl Case {
    fn body(&self) -> Vec<u8> {
        let ended = self.lines.iter().map(|line| [line, &b"\r\n"[..]].concat());
        ended.collect::<Vec<_>>().concat()
    }

    /// Header and body as they are sent, behind the commands.
    fn wire(&self) -> Vec<u8> {
        let header = b"From: scanner@acme.example\r\n\r\n";
        let mut wire =
            b"MAIL FROM:<scanner@acme.example>\r\nRCPT TO:<b@customer.example>\r\n".to_vec();
        if self.chunked {
            let mail = [&header[..], &self.body()].concat();
            let mut pieces = self.pieces(&mail).into_iter().peekable();
            while let Some(piece) = pieces.next() {
                let last = if pieces.peek().is_none() { " LAST" } else { "" };
                wire.extend_from_slice(format!("BDAT {}{last}\r\n", piece.len()).as_bytes());
                wire.extend_from_slice(piece);
            }
            return wire;
        }
        wire.extend_from_slice(b"DATA\r\n");
        wire.extend_from_slice(header);
        for line in &self.lines {
            wire.extend_from_slice(if line.starts_with(b".") { b"." } else { b"" });
            wire.extend_from_slice(line);
            wire.extend_from_slice(b"\r\n");
        }
        wire.extend_from_slice(b".\r\n");
        wire
    }

    /// At most some hundred pieces: each is a write.
    fn pieces<'a>(&self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        let least = bytes.len() / 200 + 1;
        let mut rest = bytes;
        let mut pieces = Vec::new();
        for width in self.widths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, others) = rest.split_at((*width).max(least).min(rest.len()));
            pieces.push(piece);
            rest = others;
        }
        pieces
    }
}

/// Sends a case; gives its queue id.
async fn send(server: SocketAddr, case: &Case) -> String {
    let mut device = Device::open(server).await.unwrap();
    assert_eq!(device.reply().await.unwrap().code, 220);
    device.say("EHLO device.example", 250).await.unwrap();
    let reply = device.sign_in("scanner", Stage::PASSWORD).await.unwrap();
    assert_eq!(reply.code, 235, "{}", reply.line);
    for piece in case.pieces(&case.wire()) {
        device.raw(piece).await.unwrap();
    }
    loop {
        let reply = device.reply().await.unwrap();
        assert!(reply.code < 400, "{}", reply.line);
        if let Some((_, id)) = reply.line.split_once("queued as ") {
            device.quit().await.unwrap();
            return id.to_owned();
        }
    }
}

#[test]
fn bodies_arrive_byte_for_byte() {
    let folder = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::build(folder.path())).unwrap();
    let server = stage.listener("clear").unwrap();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let outcome = runner.run(&case(), |case| {
        let id = runtime.block_on(send(server, &case));
        let file = stage.captured().join("acme").join(format!("{id}.eml"));
        let mail = eventually("the mail", || Ok(fs::read(&file).ok())).unwrap();
        let end = mail
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap()
            + 4;
        prop_assert_eq!(mail[end..].to_vec(), case.body());
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
