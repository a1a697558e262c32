//! A letter with everything that gets damaged on bad ways.

use relay_tests::harness::Mail;

use crate::world::{RECIPIENT, SENDER};

pub(crate) const COPY: &str = "copy@customer.example";
/// Whom nobody may find in the mail.
pub(crate) const BLIND: &str = "blind@other.example";

/// What a client sends, and what must arrive.
pub(crate) struct Letter {
    /// Header and body, with a Bcc field.
    pub(crate) sent: Vec<u8>,
    /// The same without it.
    pub(crate) mail: Mail,
}

impl Letter {
    /// 8-bit text, lines of dots, a long line, an attachment, empty lines at the end.
    pub(crate) fn new(name: &str) -> Self {
        let message_id = format!("<{name}@device.example>");
        let head = format!("From: Scanner <{SENDER}>\r\nTo: <{RECIPIENT}>\r\nCc: <{COPY}>\r\n");
        let blind = format!("Bcc: <{BLIND}>\r\n");
        let rest = format!(
            "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Sat, 21 Nov 2026 20:41:07 +0000\r\n\
             Message-ID: {message_id}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n\
             --=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\n\
             Äpfel und Öl\r\n.\r\n..\r\n.dot\r\n{long}\r\n \r\n\r\n\
             --=_b\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=\"scan.bin\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{attachment}--=_b--\r\n\r\n\r\n",
            long = "x".repeat(990),
            attachment =
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\r\n".repeat(200),
        );
        let bytes = format!("{head}{rest}").into_bytes();
        Self {
            sent: format!("{head}{blind}{rest}").into_bytes(),
            mail: Mail {
                message_id,
                sha256: relay_tests::sim::sha256(&bytes),
                bytes,
            },
        }
    }

    /// Everybody who gets it.
    pub(crate) fn recipients() -> [&'static str; 3] {
        [RECIPIENT, COPY, BLIND]
    }
}
