//! Dot-stuffing (RFC 5321 §4.5.2) of a body that comes in pieces.

use memchr::memchr;

/// The body holds a CR or LF outside of CRLF.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BareEnding;

/// Writes a body in the form that follows DATA.
#[derive(Debug)]
pub(super) struct DotStuffing {
    at_line_start: bool,
    after_cr: bool,
    bare: bool,
}

impl DotStuffing {
    pub(super) const fn new() -> Self {
        Self {
            at_line_start: true,
            after_cr: false,
            bare: false,
        }
    }

    /// Whether a CR or LF outside of CRLF was met. Servers read those in different ways, so such a
    /// body must not go out as lines.
    pub(super) const fn met_bare_ending(&self) -> bool {
        self.bare
    }

    /// Appends the next piece to `out`, with every leading dot doubled. Only CRLF ends a line.
    pub(super) fn encode(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for line in piece.split_inclusive(|byte| *byte == b'\n') {
            if self.at_line_start && line.starts_with(b".") {
                out.push(b'.');
            }
            out.extend_from_slice(line);
            let (text, ended) = match line {
                [text @ .., b'\r', b'\n'] => (text, true),
                [b'\n'] if self.after_cr => (&line[..0], true),
                // Of an open line, a CR at its end may be the first half of CRLF.
                open => (open.strip_suffix(b"\r").unwrap_or(open), false),
            };
            let cr_is_bare = self.after_cr && line != b"\n";
            let lf_is_bare = !ended && line.ends_with(b"\n");
            self.bare |= cr_is_bare || lf_is_bare || memchr(b'\r', text).is_some();
            self.at_line_start = ended;
            self.after_cr = line.ends_with(b"\r");
        }
    }

    /// Ends the last line if it is open, then the message. Fails when the body holds a bare CR or
    /// LF.
    pub(super) fn finish(self, out: &mut Vec<u8>) -> Result<(), BareEnding> {
        if self.bare || self.after_cr {
            return Err(BareEnding);
        }
        if !self.at_line_start {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b".\r\n");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_wherever_the_pieces_part() {
        for (body, wire) in [
            (&b""[..], &b".\r\n"[..]),
            (b"a\r\n", b"a\r\n.\r\n"),
            (b"a", b"a\r\n.\r\n"),
            (b".", b"..\r\n.\r\n"),
            (b".\r\n.\r\n", b"..\r\n..\r\n.\r\n"),
            (b"a.b\r\n..c\r\n", b"a.b\r\n...c\r\n.\r\n"),
            (b"a\r\n\r\n.b", b"a\r\n\r\n..b\r\n.\r\n"),
            (b"\r\n", b"\r\n.\r\n"),
            (b"\0\xff\r\n", b"\0\xff\r\n.\r\n"),
        ] {
            for width in 1..=body.len().max(1) {
                let (mut stuffing, mut out) = (DotStuffing::new(), Vec::new());
                for piece in body.chunks(width) {
                    stuffing.encode(piece, &mut out);
                }
                assert_eq!(stuffing.finish(&mut out), Ok(()), "{body:?}");
                assert_eq!(out, wire, "{body:?} in pieces of {width}");
            }
        }
    }

    /// Each of these is one mail to one server and two to another.
    #[test]
    fn a_body_with_a_bare_ending_never_gets_its_end() {
        for body in [
            &b"a\n.\nMAIL FROM:<evil@acme.example>\r\n"[..],
            b"a\r.\rMAIL\r\n",
            b"a\n.\r\nMAIL\r\n",
            b"a\r\n.\nMAIL\r\n",
            b"a\r\n.\rMAIL\r\n",
            b"a\r\r\n.\r\n",
            b"\n",
            b"\r",
            b"a\r",
            b"a\r\n\n",
            b"a\n\r",
            b"\r\n\r",
        ] {
            for width in 1..=body.len() {
                let (mut stuffing, mut out) = (DotStuffing::new(), Vec::new());
                for piece in body.chunks(width) {
                    stuffing.encode(piece, &mut out);
                }
                assert_eq!(
                    stuffing.finish(&mut out),
                    Err(BareEnding),
                    "{body:?} by {width}"
                );
                assert!(!out.ends_with(b"\r\n.\r\n"), "{body:?} by {width}");
            }
        }
    }
}
