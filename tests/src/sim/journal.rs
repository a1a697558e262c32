//! What the stand-in took in: one JSON object a line, and on request the bodies.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{body_path, locked};

/// How a body came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Transfer {
    /// Dot-stuffed.
    Data,
    /// In chunks.
    Bdat,
}

/// One message that got its 250 (or would have, had the connection not been cut).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1.
    pub number: usize,
    /// When it was complete, RFC 3339 UTC.
    pub time: String,
    /// Which connection since the start.
    pub session: u64,
    /// What EHLO said.
    pub helo: String,
    /// TLS version.
    pub tls: String,
    /// Mailbox that signed in.
    pub mailbox: String,
    /// How it signed in: LOGIN or XOAUTH2.
    pub mechanism: String,
    /// Envelope sender.
    pub from: String,
    /// Parameters of MAIL.
    pub parameters: Vec<String>,
    /// Envelope recipients, as they were accepted.
    pub recipients: Vec<String>,
    /// Parameters of the RCPT of each.
    pub recipient_parameters: Vec<Vec<String>>,
    /// DATA or BDAT.
    pub transfer: Transfer,
    /// Bytes.
    pub size: u64,
    /// Of all bytes.
    pub sha256: String,
    /// Of the bytes without the topmost Received field: of what the device sent.
    pub content_sha256: String,
    /// The Message-ID field of the header, with its angle brackets.
    pub message_id: String,
    /// Whether the reply was kept back on purpose.
    pub reply_withheld: bool,
}

/// Writes entries and keeps them at hand.
pub(super) struct Journal {
    folder: PathBuf,
    keep_bodies: bool,
    taken: watch::Sender<usize>,
    book: Mutex<Book>,
}

struct Book {
    file: File,
    entries: Vec<Entry>,
}

impl Journal {
    pub(super) fn create(
        folder: &Path,
        keep_bodies: bool,
    ) -> io::Result<(Self, watch::Receiver<usize>)> {
        if keep_bodies {
            fs::create_dir_all(folder.join("bodies"))?;
        }
        let (taken, watching) = watch::channel(0);
        let journal = Self {
            folder: folder.to_owned(),
            keep_bodies,
            taken,
            book: Mutex::new(Book {
                file: File::create(folder.join("journal.jsonl"))?,
                entries: Vec::new(),
            }),
        };
        Ok((journal, watching))
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        locked(&self.book).entries.clone()
    }

    pub(super) fn keeps_bodies(&self) -> bool {
        self.keep_bodies
    }

    /// Numbers and writes an entry.
    pub(super) fn take_in(&self, mut entry: Entry, body: Option<&[u8]>) -> io::Result<()> {
        let mut book = locked(&self.book);
        entry.number = book.entries.len() + 1;
        if let Some(body) = body {
            fs::write(body_path(&self.folder, entry.number), body)?;
        }
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        book.file.write_all(&line)?;
        book.entries.push(entry);
        self.taken.send_replace(book.entries.len());
        Ok(())
    }
}
