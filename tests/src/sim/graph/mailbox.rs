//! Drafts and upload sessions of all mailboxes.

use std::collections::HashMap;

use serde_json::Value;

use super::mail::{Attached, Mail};
use crate::sim::sha256;

/// Graph's own limits of a file in one request and in pieces.
pub(super) const SMALLEST_SESSION: u64 = 2_097_152;
pub(super) const LARGEST_PIECE: usize = 4 * 1024 * 1024;

/// A file on its way.
pub(super) struct Upload {
    pub(super) draft: String,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) key: String,
    pub(super) bytes: Vec<u8>,
}

/// What is not sent yet.
#[derive(Default)]
pub(super) struct Drafts {
    mails: HashMap<String, Mail>,
    uploads: HashMap<String, Upload>,
    made: usize,
}

/// Why a piece is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Unknown,
    Key,
    Range,
}

impl Drafts {
    /// Puts a draft aside; gives its id.
    pub(super) fn put(&mut self, mailbox: &str, draft: &Value) -> String {
        self.made += 1;
        // Ids of messages hold what a path must not, as Microsoft's do.
        let id = format!("AAMkAD/{:06}+x=", self.made);
        self.mails
            .insert(id.clone(), Mail::of_draft(mailbox, draft));
        id
    }

    pub(super) fn len(&self) -> usize {
        self.mails.len()
    }

    pub(super) fn get(&mut self, mailbox: &str, id: &str) -> Option<&mut Mail> {
        let draft = self.mails.get_mut(id)?;
        draft.mailbox.eq_ignore_ascii_case(mailbox).then_some(draft)
    }

    pub(super) fn remove(&mut self, mailbox: &str, id: &str) -> Option<Mail> {
        self.get(mailbox, id)?;
        self.mails.remove(id)
    }

    /// Opens a session; gives its number and key.
    pub(super) fn open(&mut self, draft: &str, name: &str, size: u64) -> (String, String) {
        self.made += 1;
        let number = self.made.to_string();
        let key = sha256(format!("{draft} {number}").as_bytes());
        let upload = Upload {
            draft: draft.to_owned(),
            name: name.to_owned(),
            size,
            key: key.clone(),
            bytes: Vec::new(),
        };
        self.uploads.insert(number.clone(), upload);
        (number, key)
    }

    /// Takes a piece; gives how many bytes there are now, and whether that is all.
    pub(super) fn piece(
        &mut self,
        number: &str,
        key: &str,
        range: &str,
        piece: &[u8],
    ) -> Result<(u64, bool), Refused> {
        let upload = self.uploads.get_mut(number).ok_or(Refused::Unknown)?;
        if upload.key != key {
            return Err(Refused::Key);
        }
        let begin = upload.bytes.len() as u64;
        let end = begin + piece.len() as u64;
        let expected = format!("bytes {begin}-{}/{}", end.saturating_sub(1), upload.size);
        let is_last = end == upload.size;
        if piece.is_empty()
            || piece.len() > LARGEST_PIECE
            || range != expected
            || !(is_last || piece.len().is_multiple_of(320 * 1024))
        {
            return Err(Refused::Range);
        }
        upload.bytes.extend_from_slice(piece);
        if is_last && let Some(upload) = self.uploads.remove(number) {
            let file = Attached {
                name: upload.name,
                size: upload.size,
                sha256: sha256(&upload.bytes),
                by_session: true,
            };
            let draft = self.mails.get_mut(&upload.draft);
            draft.ok_or(Refused::Unknown)?.files.push(file);
        }
        Ok((end, is_last))
    }
}
