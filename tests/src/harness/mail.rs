//! Mails to send: recognisable by Message-ID and by digest.

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::sim::sha256;

/// A mail with everything that relayd would add were it missing, so that it must arrive unchanged
/// but for the Received field on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// With its angle brackets.
    pub message_id: String,
    /// Header and body.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub sha256: String,
}

/// The code in a mail of relayd, if there is one.
pub fn code_in(mail: &str) -> Option<&str> {
    mail.split_once("Code: ")?.1.get(..8)
}

impl Mail {
    /// A mail of about `size` bytes of hardly compressible text. The same name gives the same mail.
    pub fn new(from: &str, to: &str, name: &str, size: usize) -> Self {
        let message_id = format!("<{name}@device.example>");
        let mut bytes = format!(
            "From: Scanner <{from}>\r\nTo: <{to}>\r\nSubject: {name}\r\n\
             Date: Sat, 21 Nov 2026 20:41:07 +0000\r\nMessage-ID: {message_id}\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
             .a line that begins with a dot\r\n..and one with two\r\n"
        )
        .into_bytes();
        let mut random = StdRng::seed_from_u64(name.bytes().fold(size as u64, |seed, byte| {
            seed.wrapping_mul(131).wrapping_add(byte.into())
        }));
        while bytes.len() < size {
            let mut line = [0; 76];
            random.fill_bytes(&mut line);
            // Printable, dots included: `0` to `~` and everything before it from `.` on.
            bytes.extend(line.map(|byte| b'.' + byte % 80));
            bytes.extend_from_slice(b"\r\n");
        }
        let sha256 = sha256(&bytes);
        Self {
            message_id,
            bytes,
            sha256,
        }
    }
}
