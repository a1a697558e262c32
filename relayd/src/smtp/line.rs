//! Cuts received bytes into command lines: bounded, and ended by CRLF only.
//!
//! A bare LF never ends a command. Servers that disagree on what ends a line can be made to read
//! one mail as two (SMTP smuggling), so a client that sends one is told and disconnected.

use bytes::{Buf, BytesMut};
use memchr::memchr;

use super::tls::HANDSHAKE_RECORD;

/// Longest command line with its CRLF: RFC 5321's 512 octets and the growth that the extensions
/// we offer ask for, several times over.
const COMMAND_LIMIT: usize = 2048;
/// Longest line of a sign-in (RFC 4954 §4).
const AUTH_LIMIT: usize = 12_288;
/// What an idle session keeps for its next command.
const IDLE_CAPACITY: usize = 1024;

/// One line, or what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, without its CRLF. May hold bare CR; never LF.
    Complete(BytesMut),
    /// A line over the limit; it was dropped up to its CRLF.
    TooLong,
    /// An LF without CR: where the line ends is a matter of opinion.
    BareLf,
}

/// Received bytes that nobody has read yet.
#[derive(Debug, Default)]
pub(super) struct Received {
    buffer: BytesMut,
    /// Bytes of `buffer` known to hold no LF.
    scanned: usize,
    /// Inside a line over the limit.
    skipping: bool,
}

impl Received {
    /// The next line, if it is complete. `signing_in` allows the length of a SASL response.
    pub(super) fn next_line(&mut self, signing_in: bool) -> Option<Line> {
        if let Some(found) = memchr(b'\n', self.buffer.get(self.scanned..)?) {
            let end = self.scanned + found;
            let crlf = end > 0 && self.buffer.get(end - 1) == Some(&b'\r');
            if !crlf {
                return Some(Line::BareLf);
            }
            if std::mem::take(&mut self.skipping) {
                self.buffer.advance(end + 1);
                self.scanned = 0;
                return Some(Line::TooLong);
            }
            let too_long = end + 1 > self.limit(signing_in);
            let mut line = self.buffer.split_to(end + 1);
            self.scanned = 0;
            if too_long {
                return Some(Line::TooLong);
            }
            line.truncate(end - 1);
            return Some(Line::Complete(line));
        }
        self.scanned = self.buffer.len();
        if self.skipping || self.buffer.len() >= self.limit(signing_in) {
            // Only a CR at the very end still matters: it may be the first half of CRLF.
            let keep = usize::from(self.buffer.ends_with(b"\r"));
            self.buffer.advance(self.buffer.len() - keep);
            self.scanned = 0;
            self.skipping = true;
        }
        None
    }

    fn limit(&self, signing_in: bool) -> usize {
        let auth = self
            .buffer
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"AUTH "));
        if signing_in || auth {
            AUTH_LIMIT
        } else {
            COMMAND_LIMIT
        }
    }

    /// Whether a TLS handshake begins where a line should. No command begins with that byte.
    pub(super) fn begins_tls(&self) -> bool {
        !self.skipping && self.buffer.starts_with(&[HANDSHAKE_RECORD, 3])
    }

    /// Whether bytes wait behind what was read.
    pub(super) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The waiting bytes, for a body; see [`Received::consume`].
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Marks the first `count` bytes as read.
    pub(super) fn consume(&mut self, count: usize) {
        self.buffer.advance(count.min(self.buffer.len()));
        self.scanned = 0;
    }

    /// Where the next read goes, with room for at least `room` bytes. An empty buffer that grew
    /// for a body shrinks when little is asked for, so that idle sessions stay small.
    pub(super) fn reserve(&mut self, room: usize) -> &mut BytesMut {
        if self.buffer.is_empty() && room <= IDLE_CAPACITY && self.buffer.capacity() > IDLE_CAPACITY
        {
            self.buffer = BytesMut::with_capacity(room);
        }
        self.buffer.reserve(room);
        &mut self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of `input` when it arrives in two parts, cut at `split`.
    fn lines(input: &[u8], split: usize) -> Vec<Line> {
        let mut received = Received::default();
        let mut lines = Vec::new();
        for part in [&input[..split], &input[split..]] {
            received.reserve(part.len()).extend_from_slice(part);
            while let Some(line) = received.next_line(false) {
                let fatal = line == Line::BareLf;
                lines.push(line);
                if fatal {
                    return lines;
                }
            }
        }
        lines
    }

    fn complete(text: &[u8]) -> Line {
        Line::Complete(text.into())
    }

    #[test]
    fn lines_end_with_crlf_wherever_the_segments_are_cut() {
        let input = b"EHLO a\r\nNOOP\rx\r\n\r\nQUIT\r\n";
        for split in 0..=input.len() {
            let expected = [
                complete(b"EHLO a"),
                complete(b"NOOP\rx"),
                complete(b""),
                complete(b"QUIT"),
            ];
            assert_eq!(lines(input, split), expected, "cut at {split}");
        }
    }

    #[test]
    fn a_bare_lf_ends_nothing_and_is_told() {
        let overlong = [&[b'x'; 3000][..], b"\nQUIT\r\n"].concat();
        for input in [
            &b"EHLO a\nQUIT\r\n"[..],
            b"\nQUIT\r\n",
            b"NOOP\r\r\x00\n",
            &overlong,
        ] {
            for split in 0..=input.len() {
                assert_eq!(lines(input, split), [Line::BareLf], "cut at {split}");
            }
        }
    }

    #[test]
    fn an_overlong_line_is_dropped_up_to_its_crlf() {
        let mut long = vec![b'x'; 2900];
        long[2500] = b'\r';
        let input = [&long[..], b"\r\nQUIT\r\n"].concat();
        for split in 0..=input.len() {
            assert_eq!(lines(&input, split), [Line::TooLong, complete(b"QUIT")]);
        }
    }

    #[test]
    fn the_limit_counts_the_crlf() {
        let fits = [&vec![b'x'; COMMAND_LIMIT - 2][..], b"\r\n"].concat();
        let over = [&vec![b'x'; COMMAND_LIMIT - 1][..], b"\r\n"].concat();
        for split in [0, 1, 2046, 2047, 2048] {
            assert_eq!(lines(&fits, split), [complete(&fits[..COMMAND_LIMIT - 2])]);
            assert_eq!(lines(&over, split), [Line::TooLong]);
        }
    }

    #[test]
    fn sign_in_lines_may_be_longer() {
        let line = [b"AUTH PLAIN ", &vec![b'x'; 9000][..], b"\r\n"].concat();
        assert_eq!(lines(&line, 4000), [complete(&line[..line.len() - 2])]);
        let mut received = Received::default();
        received.reserve(0).extend_from_slice(&line[11..]);
        assert!(matches!(received.next_line(true), Some(Line::Complete(_))));
    }

    #[test]
    fn memory_is_bounded_while_a_line_never_ends() {
        let mut received = Received::default();
        for _ in 0..1000 {
            received.reserve(1000).extend_from_slice(&[b'x'; 1000]);
            assert_eq!(received.next_line(true), None);
            assert!(received.bytes().len() <= AUTH_LIMIT);
        }
    }
}
