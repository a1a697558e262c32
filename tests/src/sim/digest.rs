//! Digests of a body while it comes in.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A Received field longer than this is taken for content.
const TRACE_LIMIT: usize = 16 * 1024;

/// Hashes a body twice: as it came, and without the Received field on its top, which is what the
/// relay adds. The second digest is the one of the mail that the device sent.
#[derive(Default)]
pub(super) struct BodyDigest {
    whole: Sha256,
    content: Sha256,
    /// The beginning of the body, until it is known where its first field ends.
    head: Vec<u8>,
    head_done: bool,
    size: u64,
}

/// What came of it.
pub(super) struct Digests {
    pub(super) size: u64,
    pub(super) whole: String,
    pub(super) content: String,
    /// The beginning of the header, as far as it was looked at.
    pub(super) head: Vec<u8>,
}

impl BodyDigest {
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        self.whole.update(piece);
        if self.head_done {
            self.content.update(piece);
            return;
        }
        self.head.extend_from_slice(piece);
        if header_is_complete(&self.head) || self.head.len() > TRACE_LIMIT {
            self.finish_head();
        }
    }

    fn finish_head(&mut self) {
        self.head_done = true;
        self.content.update(&self.head[trace_length(&self.head)..]);
        self.head.truncate(TRACE_LIMIT);
    }

    pub(super) fn finish(mut self) -> Digests {
        if !self.head_done {
            self.finish_head();
        }
        Digests {
            size: self.size,
            whole: hex(&self.whole.finalize()),
            content: hex(&self.content.finalize()),
            head: self.head,
        }
    }
}

fn header_is_complete(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"\r\n\r\n").is_some()
}

/// Bytes of the Received field on top, continuation lines included; 0 when there is none.
fn trace_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"received:";
    if !head
        .get(..NAME.len())
        .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    {
        return 0;
    }
    memchr::memmem::find_iter(head, b"\r\n")
        .map(|at| at + 2)
        .find(|at| !matches!(head.get(*at), Some(b' ' | b'\t')))
        .unwrap_or(0)
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &[u8], step: usize) -> String {
        let mut digest = BodyDigest::default();
        for piece in body.chunks(step) {
            digest.update(piece);
        }
        let digests = digest.finish();
        assert_eq!(digests.whole, sha256(body));
        assert_eq!(digests.size, body.len() as u64);
        digests.content
    }

    #[test]
    fn only_the_topmost_received_field_is_left_out() {
        let sent = b"Received: from a\r\nSubject: x\r\n\r\nbody\r\n";
        let mut arrived = b"Received: from device\r\n\tby relay;\r\n today\r\n".to_vec();
        arrived.extend_from_slice(sent);
        for step in [1, 7, 1000] {
            assert_eq!(content(&arrived, step), sha256(sent));
        }
        assert_eq!(
            content(b"Subject: y\r\n\r\n", 3),
            sha256(b"Subject: y\r\n\r\n")
        );
        assert_eq!(content(b"no header at all", 5), sha256(b"no header at all"));
    }
}
