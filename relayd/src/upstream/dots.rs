//! Dot-stuffing (RFC 5321 §4.5.2) of a body that comes in pieces.

/// Writes a body in the form that follows DATA.
#[derive(Debug)]
pub(super) struct DotStuffing {
    at_line_start: bool,
    after_cr: bool,
}

impl DotStuffing {
    pub(super) const fn new() -> Self {
        Self {
            at_line_start: true,
            after_cr: false,
        }
    }

    /// Appends the next piece to `out`, with every leading dot doubled. Only CRLF ends a line:
    /// the door lets no bare CR or LF in.
    pub(super) fn encode(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for line in piece.split_inclusive(|byte| *byte == b'\n') {
            if self.at_line_start && line.starts_with(b".") {
                out.push(b'.');
            }
            out.extend_from_slice(line);
            self.at_line_start = match line {
                [.., b'\r', b'\n'] => true,
                [b'\n'] => self.after_cr,
                _ => false,
            };
            self.after_cr = line.ends_with(b"\r");
        }
    }

    /// Ends the last line if it is open, then the message.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        if !self.at_line_start {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b".\r\n");
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
            (b"a\n.b\r.c\r\n", b"a\n.b\r.c\r\n.\r\n"),
            (b"a\r", b"a\r\r\n.\r\n"),
        ] {
            for width in 1..=body.len().max(1) {
                let (mut stuffing, mut out) = (DotStuffing::new(), Vec::new());
                for piece in body.chunks(width) {
                    stuffing.encode(piece, &mut out);
                }
                stuffing.finish(&mut out);
                assert_eq!(out, wire, "{body:?} in pieces of {width}");
            }
        }
    }
}
