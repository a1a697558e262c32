//! What Graph let go: one JSON object a line, and the MIME of what came so.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use super::super::{locked, transaction::header_field};
use crate::sim::sha256;

/// How a mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By `sendMail`, as MIME.
    Mime,
    /// As a draft that was sent.
    Draft,
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Of its bytes.
    pub sha256: String,
    /// Whether it came by an upload session.
    pub by_session: bool,
}

/// A mail that left: it is on its way to everybody named here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Counts from 1.
    pub number: usize,
    /// Whose mailbox it left by.
    pub mailbox: String,
    /// How it came.
    pub way: Way,
    /// Address in From.
    pub from: String,
    /// Addresses in To.
    pub to: Vec<String>,
    /// Addresses in Cc.
    pub cc: Vec<String>,
    /// Addresses in Bcc, which the mail that leaves does not show.
    pub bcc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Message-ID, with its angle brackets.
    pub message_id: String,
    /// Bytes of the MIME, or of the text of a draft.
    pub size: u64,
    /// Of the MIME behind the header.
    pub body_sha256: String,
    /// Files of a draft.
    pub files: Vec<Attached>,
    /// Whether the answer was kept back on purpose.
    pub reply_withheld: bool,
}

impl Mail {
    /// Everybody it goes to.
    pub fn recipients(&self) -> Vec<String> {
        let lists = [&self.to, &self.cc, &self.bcc];
        lists.into_iter().flatten().cloned().collect()
    }

    /// Reads the MIME of a `sendMail`.
    pub(super) fn of_mime(mailbox: &str, mime: &[u8]) -> Self {
        let end = memchr::memmem::find(mime, b"\r\n\r\n").map_or(mime.len(), |end| end + 2);
        let (head, body) = mime.split_at(end);
        let list = |name: &str| addresses(&header_field(head, name));
        Self {
            number: 0,
            mailbox: mailbox.to_owned(),
            way: Way::Mime,
            from: list("from:").pop().unwrap_or_default(),
            to: list("to:"),
            cc: list("cc:"),
            bcc: list("bcc:"),
            subject: header_field(head, "subject:"),
            message_id: header_field(head, "message-id:"),
            size: mime.len() as u64,
            body_sha256: sha256(body.get(2..).unwrap_or_default()),
            files: Vec::new(),
            reply_withheld: false,
        }
    }

    /// Reads the JSON of a draft.
    pub(super) fn of_draft(mailbox: &str, draft: &Value) -> Self {
        let list = |name: &str| {
            let people = draft[name].as_array().into_iter().flatten();
            let addresses = people.filter_map(|it| it["emailAddress"]["address"].as_str());
            addresses.map(str::to_owned).collect()
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let content = text(&draft["body"]["content"]);
        Self {
            number: 0,
            mailbox: mailbox.to_owned(),
            way: Way::Draft,
            from: text(&draft["from"]["emailAddress"]["address"]),
            to: list("toRecipients"),
            cc: list("ccRecipients"),
            bcc: list("bccRecipients"),
            subject: text(&draft["subject"]),
            message_id: text(&draft["internetMessageId"]),
            size: content.len() as u64,
            body_sha256: sha256(content.as_bytes()),
            files: Vec::new(),
            reply_withheld: false,
        }
    }
}

/// The addresses of an unfolded list: what stands in angle brackets, or the words with an `@`.
fn addresses(list: &str) -> Vec<String> {
    let parts = list.split([',', ';', ':']);
    let found = parts.filter_map(|part| match part.split_once('<') {
        Some((_, rest)) => rest.split_once('>').map(|(address, _)| address),
        None => part
            .split_ascii_whitespace()
            .find(|word| word.contains('@')),
    });
    found.map(str::to_owned).collect()
}

/// A mail as it leaves: without Bcc.
fn without_bcc(mime: &[u8]) -> Vec<u8> {
    let end = memchr::memmem::find(mime, b"\r\n\r\n").map_or(mime.len(), |end| end + 2);
    let (head, body) = mime.split_at(end);
    let mut left = Vec::with_capacity(mime.len());
    let mut is_bcc = false;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let continues = line.starts_with(b" ") || line.starts_with(b"\t");
        let is_named = line
            .get(..4)
            .is_some_and(|name| name.eq_ignore_ascii_case(b"bcc:"));
        is_bcc = is_named || (continues && is_bcc);
        if !is_bcc {
            left.extend_from_slice(line);
        }
    }
    left.extend_from_slice(body);
    left
}

/// Writes mails down and keeps them at hand.
pub(super) struct Book {
    folder: PathBuf,
    taken: watch::Sender<usize>,
    pages: Mutex<(File, Vec<Mail>)>,
}

impl Book {
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join("graph"))?;
        Ok(Self {
            folder: folder.to_owned(),
            taken: watch::channel(0).0,
            pages: Mutex::new((File::create(folder.join("graph.jsonl"))?, Vec::new())),
        })
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        locked(&self.pages).1.clone()
    }

    pub(super) fn watch(&self) -> watch::Receiver<usize> {
        self.taken.subscribe()
    }

    /// Where the MIME of a mail is, without its Bcc.
    pub(super) fn path(&self, number: usize) -> PathBuf {
        self.folder.join("graph").join(format!("{number:06}.eml"))
    }

    pub(super) fn take_in(&self, mut mail: Mail, mime: Option<&[u8]>) -> io::Result<()> {
        let mut pages = locked(&self.pages);
        mail.number = pages.1.len() + 1;
        if let Some(mime) = mime {
            fs::write(self.path(mail.number), without_bcc(mime))?;
        }
        let mut line = serde_json::to_vec(&mail)?;
        line.push(b'\n');
        pages.0.write_all(&line)?;
        pages.1.push(mail);
        self.taken.send_replace(pages.1.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_and_leaves_without_bcc() {
        let mime = b"To: A <a@x.example>, b@x.example\r\nBcc: <c@x.example>,\r\n <d@x.example>\r\nSubject: s\r\n\r\nBcc: e\r\n";
        let mail = Mail::of_mime("m@x.example", mime);
        assert_eq!(mail.to, ["a@x.example", "b@x.example"]);
        assert_eq!(mail.bcc, ["c@x.example", "d@x.example"]);
        assert_eq!(mail.body_sha256, sha256(b"Bcc: e\r\n"));
        assert_eq!(
            without_bcc(mime),
            b"To: A <a@x.example>, b@x.example\r\nSubject: s\r\n\r\nBcc: e\r\n"
        );
    }
}
