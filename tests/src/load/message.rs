//! The mail that is sent: a header of its own for each, one text body for all.

/// Makes mails of one size.
#[derive(Debug)]
pub struct MessageMaker {
    sender: String,
    recipient: String,
    run: String,
    body: Vec<u8>,
    size: usize,
}

impl MessageMaker {
    /// Mails of `size` bytes, header included. `run` makes their Message-IDs unique.
    pub fn new(sender: &str, recipient: &str, run: &str, size: usize) -> Self {
        // Lines of 76 characters, as base64 attachments have them.
        let line =
            b"UmVsYXkgYmVuY2htYXJrOiB0aGlzIGxpbmUgaXMgYXMgbG9uZyBhcyBhIGxpbmUgb2YgYmFzZTY0\r\n";
        let body = line.iter().copied().cycle().take(size).collect();
        Self {
            sender: sender.to_owned(),
            recipient: recipient.to_owned(),
            run: run.to_owned(),
            body,
            size,
        }
    }

    /// Envelope and header sender.
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// Envelope and header recipient.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Appends the mail of that number and CRLF.CRLF.
    pub fn append(&self, number: usize, buffer: &mut Vec<u8>) {
        let start = buffer.len();
        let header = format!(
            "From: <{}>\r\nTo: <{}>\r\nSubject: Scan {number}\r\n\
             Date: Sat, 21 Nov 2026 20:41:07 +0000\r\nMessage-ID: <{}.{number}@load.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n",
            self.sender, self.recipient, self.run,
        );
        buffer.extend_from_slice(header.as_bytes());
        let rest = self.size.saturating_sub(buffer.len() - start + 2);
        let end = rest.min(self.body.len());
        buffer.extend_from_slice(&self.body[..end]);
        if buffer.ends_with(b"\r") {
            buffer.pop();
        }
        if !buffer.ends_with(b"\r\n") {
            buffer.extend_from_slice(b"\r\n");
        }
        buffer.extend_from_slice(b".\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_have_their_size_and_strict_lines() {
        for size in [0, 400, 4095, 4096, 4097, 5000] {
            let mut buffer = Vec::new();
            MessageMaker::new("a@b.example", "c@d.example", "r", size).append(7, &mut buffer);
            let mail = buffer.strip_suffix(b".\r\n").unwrap();
            assert!(mail.ends_with(b"\r\n"));
            assert!(
                mail.len() <= size.max(250) && mail.len() + 4 >= size,
                "{size}: {}",
                mail.len()
            );
            let text = std::str::from_utf8(mail).unwrap().replace("\r\n", "");
            assert!(!text.contains(['\r', '\n']));
        }
    }
}
