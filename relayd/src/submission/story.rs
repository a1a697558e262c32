//! What the history of a mail tells of its arrival: the door, the sign-in, what was done to its
//! header. One line of the event that is written anyway; the parts are parted by `; `.

use jiff::Timestamp;

use super::{header::Header, sink::Submission};
use crate::{
    model::{BodyEncoding, Envelope},
    policy::Proof,
    smtp::Quirk,
};

/// Fields whose repair is told.
const TOLD: [&str; 8] = [
    "From",
    "Sender",
    "Reply-To",
    "Date",
    "Message-ID",
    "Bcc",
    "Resent-Bcc",
    "Return-Path",
];

/// A header before its repair, as far as the story goes.
#[derive(Debug)]
pub(super) struct Before([(usize, Option<Vec<u8>>); TOLD.len()]);

impl Before {
    pub(super) fn of(header: &Header) -> Self {
        Self(TOLD.map(|name| {
            let first = header.values(name).next();
            (header.count(name), first.map(<[u8]>::to_vec))
        }))
    }

    /// What was done: `added Date, Message-ID; removed Bcc`. Empty when nothing was.
    pub(super) fn told(&self, after: &Header) -> String {
        let (mut added, mut replaced, mut removed) = (Vec::new(), Vec::new(), Vec::new());
        for (name, (count, first)) in TOLD.into_iter().zip(&self.0) {
            let now = after.values(name).next();
            match (first.as_deref(), now) {
                (None, Some(_)) => added.push(name),
                (Some(_), None) => removed.push(name),
                (Some(was), Some(is)) if was != is || *count != after.count(name) => {
                    replaced.push(name);
                }
                _ => {}
            }
        }
        let all = [
            ("added", added),
            ("replaced", replaced),
            ("removed", removed),
        ];
        let done = all.iter().filter(|(_, names)| !names.is_empty());
        let done: Vec<_> = done
            .map(|(verb, names)| format!("{verb} {}", names.join(", ")))
            .collect();
        done.join("; ")
    }
}

/// What was seen of a mail on its way in.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) submission: &'a Submission,
    /// The envelope as it is written down.
    pub(super) envelope: &'a Envelope,
    /// What was done to the header.
    pub(super) repairs: &'a str,
    /// Harmless deviations of the body and its header.
    pub(super) quirks: &'a [Quirk],
    pub(super) now: Timestamp,
}

impl Seen<'_> {
    /// The line.
    pub(super) fn told(&self) -> String {
        let Submission { peer, proof, .. } = self.submission;
        let mut parts = Vec::with_capacity(6);
        parts.extend(self.submission.mark.clone());
        parts.push(format!("listener {}, {}", peer.listener, peer.protocol));
        if self.submission.mark.is_none() {
            parts.push(match proof {
                Proof::Password => "signed in with a password".to_owned(),
                Proof::Address(_) => "known by its address".to_owned(),
            });
        }
        if let Some(given) = &self.submission.rewritten {
            parts.push(format!("MAIL FROM was {given}"));
        }
        match self.envelope.encoding {
            BodyEncoding::SevenBit => {}
            BodyEncoding::EightBit => parts.push("8-bit text".to_owned()),
            BodyEncoding::Binary => parts.push("binary body".to_owned()),
        }
        if self.envelope.smtputf8 {
            parts.push("SMTPUTF8".to_owned());
        }
        if !self.repairs.is_empty() {
            parts.push(self.repairs.to_owned());
        }
        let odd: Vec<_> = self.quirks.iter().map(|quirk| quirk.name()).collect();
        if !odd.is_empty() {
            parts.push(format!("quirks {}", odd.join(", ")));
        }
        let took = self.now.duration_since(self.submission.opened_at);
        parts.push(format!("body in {} ms", took.as_millis().max(0)));
        parts.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::header::HeaderCollector;

    fn header(text: &str) -> Header {
        let mut collector = HeaderCollector::default();
        let split = collector.push(format!("{text}\r\n").as_bytes());
        split.unwrap().unwrap().header
    }

    #[test]
    fn what_was_done_to_a_header_is_told() {
        for (before, after, told) in [
            ("Date: x\r\n", "Date: x\r\n", ""),
            (
                "Subject: x\r\n",
                "Date: x\r\nMessage-ID: <y>\r\n",
                "added Date, Message-ID",
            ),
            (
                "From: a\r\nBcc: b\r\nDate: x\r\nDate: x\r\n",
                "From: c\r\nDate: x\r\n",
                "replaced From, Date; removed Bcc",
            ),
        ] {
            let done = Before::of(&header(before)).told(&header(after));
            assert_eq!(done, told, "{before:?}");
        }
    }
}
