//! The mail that a session is being told: its envelope, its body so far.

use super::digest::{BodyDigest, Digests};

/// From MAIL to the end of data.
pub(super) struct Transaction {
    pub(super) from: String,
    pub(super) parameters: Vec<String>,
    pub(super) recipients: Vec<String>,
    pub(super) recipient_parameters: Vec<Vec<String>>,
    pub(super) body: Inbound,
}

/// A body on its way in.
pub(super) struct Inbound {
    digest: BodyDigest,
    kept: Option<Vec<u8>>,
    pub(super) size: u64,
    pub(super) limit: u64,
    pub(super) began: bool,
}

impl Inbound {
    pub(super) fn new(keep: bool, limit: u64) -> Self {
        Self {
            digest: BodyDigest::default(),
            kept: keep.then(Vec::new),
            size: 0,
            limit,
            began: false,
        }
    }

    pub(super) fn take(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        // What is too large is read to its end, but no longer kept.
        if self.size > self.limit {
            self.kept = None;
            return;
        }
        self.digest.update(piece);
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(piece);
        }
    }

    pub(super) fn finish(self) -> (Digests, Option<Vec<u8>>) {
        (self.digest.finish(), self.kept)
    }
}

/// `FROM:<address> PARAMETER…`: the address and the parameters in capitals.
pub(super) fn path(rest: &str, keyword: &str) -> Option<(String, Vec<String>)> {
    let given = rest.get(..keyword.len())?;
    if !given.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = rest[keyword.len()..].trim_start().strip_prefix('<')?;
    let (address, parameters) = rest.split_once('>')?;
    let parameters = parameters
        .split_ascii_whitespace()
        .map(str::to_ascii_uppercase);
    Some((address.to_owned(), parameters.collect()))
}

/// The first field of that name, unfolded; empty when there is none.
pub(super) fn header_field(head: &[u8], name: &str) -> String {
    let head = String::from_utf8_lossy(head)
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let mut header = head.split("\r\n").take_while(|line| !line.is_empty());
    let field = header.find_map(|line| {
        let given = line.get(..name.len())?;
        given
            .eq_ignore_ascii_case(name)
            .then(|| line[name.len()..].trim().to_owned())
    });
    field.unwrap_or_default()
}
