//! Takes the framing off a body: dot-stuffing of DATA (RFC 5321 §4.5.2), and the check that BDAT
//! text has no bare CR or LF. Neither may hold NUL.
//!
//! Danger: whoever accepts an end of data other than CRLF.CRLF lets an attacker put a second mail
//! inside the first. `\n.\n`, `\n.\r\n`, `\r.\r\n` and their kin are text here, and a body that
//! holds a bare CR or LF is refused as a whole, so that nobody behind us can read it otherwise. So
//! is one that holds NUL: servers that drop it see CRLF.CRLF in `\r\n\0.\r\n`.

use bytes::{BufMut, BytesMut};
use memchr::{memchr, memchr2};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a line.
    LineStart,
    /// Inside a line.
    Text,
    /// Behind a CR inside a line; the CR is already in the output.
    Cr,
    /// Behind a dot that starts a line; not in the output.
    Dot,
    /// Behind a line that is `.` CR so far; neither is in the output.
    DotCr,
}

/// How far [`DotDecoder::decode`] came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Bytes of the input that belong to the body.
    pub(super) used: usize,
    /// Whether CRLF.CRLF was met.
    pub(super) ended: bool,
}

/// Decodes the body of DATA, in whatever pieces it arrives.
#[derive(Debug)]
pub(super) struct DotDecoder {
    state: State,
    bare: bool,
    nul: bool,
}

impl DotDecoder {
    /// At the start of a body.
    pub(super) fn new() -> Self {
        Self {
            state: State::LineStart,
            bare: false,
            nul: false,
        }
    }

    /// Whether NUL was met.
    pub(super) fn met_nul(&self) -> bool {
        self.nul
    }

    /// Whether a CR or LF outside of CRLF was met.
    pub(super) fn met_bare_ending(&self) -> bool {
        self.bare
    }

    /// Appends the decoded part of `input` to `output`. Runs between dots that must go are copied
    /// whole, so a body without them costs one search for each line and one copy.
    pub(super) fn decode(&mut self, input: &[u8], output: &mut BytesMut) -> Decoded {
        let decoded = self.take_lines(input, output);
        let used = input.get(..decoded.used).unwrap_or_default();
        self.nul |= memchr(0, used).is_some();
        decoded
    }

    fn take_lines(&mut self, input: &[u8], output: &mut BytesMut) -> Decoded {
        let mut copied = 0;
        let mut at = 0;
        while let Some(&byte) = input.get(at) {
            match self.state {
                State::LineStart if byte == b'.' => {
                    output.put_slice(input.get(copied..at).unwrap_or_default());
                    at += 1;
                    copied = at;
                    self.state = State::Dot;
                }
                State::Text => {
                    let rest = input.get(at..).unwrap_or_default();
                    match memchr2(b'\r', b'\n', rest) {
                        None => at = input.len(),
                        Some(found) => {
                            at += found + 1;
                            if rest.get(found) == Some(&b'\r') {
                                self.state = State::Cr;
                            } else {
                                self.bare = true;
                            }
                        }
                    }
                }
                State::Cr if byte == b'\n' => {
                    at += 1;
                    self.state = State::LineStart;
                }
                State::Cr => {
                    self.bare = true;
                    self.state = State::Text;
                }
                State::Dot if byte == b'\r' => {
                    at += 1;
                    copied = at;
                    self.state = State::DotCr;
                }
                State::LineStart | State::Dot => self.state = State::Text,
                State::DotCr if byte == b'\n' => {
                    return Decoded {
                        used: at + 1,
                        ended: true,
                    };
                }
                State::DotCr => {
                    self.bare = true;
                    output.put_u8(b'\r');
                    self.state = State::Text;
                }
            }
        }
        output.put_slice(input.get(copied..).unwrap_or_default());
        Decoded {
            used: input.len(),
            ended: false,
        }
    }
}

/// Watches BDAT text for CR and LF outside of CRLF, across pieces and chunks, and for NUL.
#[derive(Debug, Default)]
pub(super) struct TextWatch {
    after_cr: bool,
    bare: bool,
    nul: bool,
}

impl TextWatch {
    /// Looks at the next bytes.
    pub(super) fn check(&mut self, mut bytes: &[u8]) {
        self.nul |= memchr(0, bytes).is_some();
        while let Some((&first, rest)) = bytes.split_first() {
            if self.after_cr {
                self.after_cr = false;
                if first == b'\n' {
                    bytes = rest;
                    continue;
                }
                self.bare = true;
            }
            let Some(found) = memchr2(b'\r', b'\n', bytes) else {
                return;
            };
            if bytes.get(found) == Some(&b'\r') {
                self.after_cr = true;
            } else {
                self.bare = true;
            }
            bytes = bytes.get(found + 1..).unwrap_or_default();
        }
    }

    /// Whether NUL was met.
    pub(super) fn met_nul(&self) -> bool {
        self.nul
    }

    /// Whether a bare ending was met so far.
    pub(super) fn met_bare_ending(&self) -> bool {
        self.bare
    }

    /// Whether a bare ending was met, now that nothing follows.
    pub(super) fn ends_bare(&self) -> bool {
        self.bare || self.after_cr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `input` cut at `splits`: the body, whether it held a bare ending, and what is left.
    fn decode(input: &[u8], splits: &[usize]) -> Option<(Vec<u8>, bool, Vec<u8>)> {
        let mut decoder = DotDecoder::new();
        let mut body = BytesMut::new();
        let mut start = 0;
        for end in splits.iter().copied().chain([input.len()]) {
            let step = decoder.decode(&input[start..end], &mut body);
            if step.ended {
                let rest = input[start + step.used..].to_vec();
                return Some((body.to_vec(), decoder.met_bare_ending(), rest));
            }
            start = end;
        }
        None
    }

    #[test]
    fn bodies_are_decoded_at_every_cut() {
        for (input, body, bare, rest) in [
            (&b".\r\n"[..], &b""[..], false, &b""[..]),
            (b"a\r\n.\r\n", b"a\r\n", false, b""),
            (b"a\r\n.\r\nMAIL", b"a\r\n", false, b"MAIL"),
            (b"..\r\n.\r\n", b".\r\n", false, b""),
            (
                b"a\r\n..b\r\n...\r\n.\r\n",
                b"a\r\n.b\r\n..\r\n",
                false,
                b"",
            ),
            (b".a\r\n.\r\n", b"a\r\n", false, b""),
            (b"\r\n\r\n.\r\n", b"\r\n\r\n", false, b""),
            (b"\0\xff\x80\r\n.\r\n", b"\0\xff\x80\r\n", false, b""),
            // Nothing but CRLF.CRLF ends the body, and everything that might is remembered.
            (b"a\n.\n\r\n.\r\n", b"a\n.\n\r\n", true, b""),
            (b"a\n.\r\n.\r\n", b"a\n.\r\n", true, b""),
            (b"a\r\n.\n.\r\n\r\n.\r\n", b"a\r\n\n.\r\n\r\n", true, b""),
            (b"a\r.\r\n.\r\n", b"a\r.\r\n", true, b""),
            (b"a\r\n.\r\r\n.\r\n", b"a\r\n\r\r\n", true, b""),
            (b"a\r\n.\rb\r\n.\r\n", b"a\r\n\rb\r\n", true, b""),
            (b"a\r\r\n.\r\n", b"a\r\r\n", true, b""),
            (b"\n.\r\n\r\n.\r\n", b"\n.\r\n\r\n", true, b""),
        ] {
            for first in 0..=input.len() {
                for second in first..=input.len() {
                    let decoded = decode(input, &[first, second]);
                    let expected = Some((body.to_vec(), bare, rest.to_vec()));
                    assert_eq!(decoded, expected, "{input:?} cut at {first}, {second}");
                }
            }
        }
    }

    #[test]
    fn a_body_without_its_end_goes_on() {
        for input in [&b"a\r\n."[..], b"a\r\n.\r", b"a\n.\n", b"a\r.\r", b"", b"."] {
            assert_eq!(decode(input, &[]), None, "{input:?}");
        }
    }

    #[test]
    fn bare_endings_of_chunks_are_found_at_every_cut() {
        for (input, bare) in [
            (&b"a\r\nb\r\n"[..], false),
            (b"no end", false),
            (b"\r\n\r\n", false),
            (b"a\nb", true),
            (b"\n", true),
            (b"a\rb", true),
            (b"\r\r\n", true),
            (b"a\r\nb\r", true),
            (b"a\r\n\n", true),
        ] {
            for split in 0..=input.len() {
                let mut watch = TextWatch::default();
                watch.check(&input[..split]);
                watch.check(&input[split..]);
                assert_eq!(watch.ends_bare(), bare, "{input:?} cut at {split}");
            }
        }
    }

    #[test]
    fn nul_is_found_at_every_cut_and_only_in_the_body() {
        for (input, nul) in [
            (&b"a\0b\r\n.\r\n"[..], true),
            (b"\0\r\n.\r\n", true),
            (b"a\r\n\0.\r\nb\r\n.\r\n", true),
            (b"a\r\n.\0\r\n.\r\n", true),
            (b"a\r\n.\r\0\n\r\n.\r\n", true),
            (b"a\x01\x7f\r\n.\r\n", false),
            (b"a\r\n.\r\nNOOP \0\r\n", false),
        ] {
            for cut in 0..=input.len() {
                let mut decoder = DotDecoder::new();
                let mut body = BytesMut::new();
                let mut watch = TextWatch::default();
                for piece in [&input[..cut], &input[cut..]] {
                    watch.check(piece);
                    if decoder.decode(piece, &mut body).ended {
                        break;
                    }
                }
                assert_eq!(decoder.met_nul(), nul, "{input:?} cut at {cut}");
                assert_eq!(watch.met_nul() && !input.ends_with(b"NOOP \0\r\n"), nul);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn stuffing_and_decoding_gives_the_body_back(
            lines in proptest::collection::vec("[.a\u{0}é]{0,6}", 0..12),
            cut in 0_usize..200,
        ) {
            let body: String = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
            let mut wire = Vec::new();
            for line in &lines {
                if line.starts_with('.') {
                    wire.push(b'.');
                }
                wire.extend_from_slice(line.as_bytes());
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(b".\r\n");
            let cut = cut.min(wire.len());
            let decoded = decode(&wire, &[cut]);
            proptest::prop_assert_eq!(decoded, Some((body.into_bytes(), false, Vec::new())));
        }
    }
}
