//! Takes the body of one message: header judged and repaired as soon as it is complete, the rest
//! passed on in chunks of bounded size, all of it safe on disk before there is a receipt.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{
    door::{Inner, note_quirk},
    header::{HeaderCollector, LONGEST_LINE, Split},
    judgement,
    repair::{self, Arrival},
    story,
};
use crate::{
    model::{
        Address, BodyEncoding, Bound, Envelope, MessageId, Quota, Reason, Refusal, ReversePath,
        RouteId, SystemId,
    },
    policy::{Proof, Senders},
    queue::AcceptError,
    smtp::{Peer, Quirk, Receipt, Sink},
    store::{BodyChunk, Login, NewMessage},
};

/// Size of the pieces in which a body is stored. Mail below it is written with its message.
const CHUNK: usize = 256 * 1024;

/// Everything known about a message before its body comes.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) id: MessageId,
    pub(super) peer: Peer,
    pub(super) login: Arc<Login>,
    pub(super) system_id: SystemId,
    pub(super) route_id: RouteId,
    pub(super) quotas: Vec<Quota>,
    /// Largest message, as the device sends it.
    pub(super) size: Bound<u64>,
    /// Largest message that the route's server takes, with the header as it was repaired.
    pub(super) route_size: Option<u64>,
    pub(super) envelope: Envelope,
    /// How the device has shown who it is.
    pub(super) proof: Proof,
    /// MAIL FROM as the device said it, where it was rewritten.
    pub(super) rewritten: Option<ReversePath>,
    /// When it was ready for the body.
    pub(super) opened_at: Timestamp,
    /// What sets it apart from mail of a device.
    pub(super) mark: Option<String>,
}

/// Takes the body of one message.
#[derive(Debug)]
pub struct MessageSink {
    door: Arc<Inner>,
    submission: Submission,
    /// `None` once the header is through.
    collector: Option<HeaderCollector>,
    seen: Seen,
    /// Bytes that came from the device.
    received: u64,
    /// Bytes that are stored or wait in `chunk`.
    size: u64,
    is_eight_bit: bool,
    lines: Lines,
    chunk: Vec<u8>,
    /// Chunks in the store; they are dropped with the sink unless the message is accepted.
    stored_chunks: u32,
    is_accepted: bool,
}

/// What the log shows of the header.
#[derive(Debug, Default)]
struct Seen {
    from: String,
    subject: String,
    message_id: String,
    /// What was done to it.
    repairs: String,
    has_no_recipient: bool,
}

/// How long the lines are, CRLF not counted.
#[derive(Debug, Default)]
struct Lines {
    longest: usize,
    open: usize,
}

impl Lines {
    fn measure(&mut self, piece: &[u8]) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', piece) {
            // The CR before it is no part of the line.
            let line = self.open + (end - start);
            self.longest = self.longest.max(line.saturating_sub(1));
            (self.open, start) = (0, end + 1);
        }
        self.open += piece.len() - start;
        self.longest = self.longest.max(self.open.saturating_sub(1));
    }
}

impl MessageSink {
    pub(super) fn new(door: Arc<Inner>, submission: Submission) -> Self {
        Self {
            door,
            submission,
            collector: Some(HeaderCollector::default()),
            seen: Seen::default(),
            received: 0,
            size: 0,
            is_eight_bit: false,
            lines: Lines::default(),
            chunk: Vec::new(),
            stored_chunks: 0,
            is_accepted: false,
        }
    }

    /// Sets the message apart from mail of a device, and says where it really comes from.
    pub(super) fn mark(&mut self, peer: Peer, mark: String) {
        self.submission.peer = peer;
        self.submission.mark = Some(mark);
    }

    /// Judges the header and begins the stored body with it.
    fn begin(&mut self, split: Split) -> Result<(), Refusal> {
        if self.submission.envelope.encoding == BodyEncoding::Binary {
            // The body may hold anything, its header is lines all the same (RFC 3030 §3).
            if split.header.holds_nul() {
                let detail = "NUL in the header of a binary message";
                return Err(Refusal::new(Reason::UnsupportedContent, detail));
            }
            if !split.header.has_whole_lines() {
                let detail = "in the header of a binary message";
                return Err(Refusal::new(Reason::BareLineEnding, detail));
            }
        }
        let arrival = Arrival {
            hostname: &self.door.settings.hostname,
            peer: &self.submission.peer,
            id: self.submission.id,
            at: self.door.clock.now(),
            smtputf8: self.submission.envelope.smtputf8,
        };
        let repaired = repair::repair(
            split.header,
            Senders::of(&self.submission.login.standing),
            arrival,
        )?;
        for quirk in &repaired.quirks {
            self.quirk(*quirk);
        }
        repaired.header.write_to(&mut self.chunk);
        self.chunk.extend_from_slice(&split.rest);
        self.size = self.chunk.len() as u64;
        self.seen = Seen {
            from: repaired.from,
            subject: repaired.subject,
            message_id: repaired.message_id,
            repairs: repaired.done,
            has_no_recipient: repaired.quirks.contains(&Quirk::MissingTo),
        };
        Ok(())
    }

    /// Takes more of the stored body. A chunk never grows beyond its size, nor does the memory
    /// behind it: with hundreds of bodies on their way in that is most of what they cost.
    async fn append(&mut self, mut bytes: &[u8]) -> Result<(), Refusal> {
        while !bytes.is_empty() {
            let room = CHUNK.saturating_sub(self.chunk.len()).min(bytes.len());
            let (fitting, rest) = bytes.split_at(room);
            let wanted = self.chunk.len() + room;
            if wanted > self.chunk.capacity() {
                let capacity = wanted.next_power_of_two().min(CHUNK);
                self.chunk
                    .reserve_exact(capacity.saturating_sub(self.chunk.len()));
            }
            self.chunk.extend_from_slice(fitting);
            bytes = rest;
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes full chunks ahead of the message, so that memory stays bounded.
    async fn flush(&mut self) -> Result<(), Refusal> {
        while self.chunk.len() >= CHUNK {
            let rest = self.chunk.split_off(CHUNK);
            let chunk = BodyChunk {
                message_id: self.submission.id,
                position: self.stored_chunks,
                bytes: std::mem::replace(&mut self.chunk, rest).into(),
            };
            // Counted before it is written: if the session ends meanwhile, it is discarded.
            self.stored_chunks += 1;
            self.door
                .journal
                .store_chunk(chunk)
                .await
                .map_err(refusal)?;
        }
        Ok(())
    }

    fn quirk(&self, quirk: Quirk) {
        let username = &self.submission.login.standing.user.username;
        note_quirk(&self.submission.peer, username, quirk);
    }

    fn fits_route(&self) -> Result<(), Refusal> {
        judgement::fits_route(self.submission.route_size, self.size)
    }

    fn tell(&self) {
        let Submission { peer, login, .. } = &self.submission;
        tracing::info!(
            queue_id = %self.submission.id,
            user = login.standing.user.username,
            client = %peer.remote.ip(),
            sender = self.submission.envelope.reverse_path.as_str(),
            recipients = self.submission.envelope.recipients.len(),
            size = self.size,
            "accepted"
        );
    }

    /// The envelope, with what the bytes say of themselves: many devices do not declare 8-bit text,
    /// others declare whatever EHLO offered. What needs nothing special can leave by any server.
    fn envelope(&self) -> Envelope {
        let mut envelope = self.submission.envelope.clone();
        match envelope.encoding {
            BodyEncoding::Binary => {}
            BodyEncoding::SevenBit | BodyEncoding::EightBit if self.is_eight_bit => {
                envelope.encoding = BodyEncoding::EightBit;
            }
            BodyEncoding::SevenBit | BodyEncoding::EightBit => {
                envelope.encoding = BodyEncoding::SevenBit;
            }
        }
        let sender = envelope.reverse_path.address();
        let recipients = envelope.recipients.iter();
        let mut addresses = recipients.map(|to| &to.address).chain(sender);
        envelope.smtputf8 &= self.is_eight_bit || addresses.any(Address::is_international);
        envelope
    }

    /// What is odd about the body.
    fn odd(&self) -> Vec<Quirk> {
        let encoding = self.submission.envelope.encoding;
        let is_undeclared = self.is_eight_bit
            && encoding == BodyEncoding::SevenBit
            && !self.submission.envelope.smtputf8;
        let is_long = self.lines.longest > LONGEST_LINE && encoding != BodyEncoding::Binary;
        [
            (is_undeclared, Quirk::UndeclaredEightBit),
            (is_long, Quirk::LongLine),
        ]
        .into_iter()
        .filter_map(|(is_so, quirk)| is_so.then_some(quirk))
        .collect()
    }

    /// What the history tells of the arrival.
    fn story(&self, envelope: &Envelope, now: Timestamp) -> String {
        let mut quirks = self.odd();
        if self.seen.has_no_recipient {
            quirks.push(Quirk::MissingTo);
        }
        let seen = story::Seen {
            submission: &self.submission,
            envelope,
            repairs: &self.seen.repairs,
            quirks: &quirks,
            now,
        };
        seen.told()
    }

    fn message(&mut self) -> NewMessage {
        let Submission { peer, login, .. } = &self.submission;
        let tls = peer.tls.as_ref();
        let envelope = self.envelope();
        let accepted_at = self.door.clock.now();
        NewMessage {
            story: self.story(&envelope, accepted_at),
            id: self.submission.id,
            account_id: login.standing.user.account_id,
            route_id: self.submission.route_id,
            user_id: login.standing.user.id,
            system_id: self.submission.system_id,
            envelope,
            header_from: std::mem::take(&mut self.seen.from),
            subject: std::mem::take(&mut self.seen.subject),
            header_id: std::mem::take(&mut self.seen.message_id),
            size: self.size,
            client: peer.remote.ip().to_canonical(),
            helo: peer.helo.clone(),
            tls: tls.map_or_else(String::new, |tls| format!("{} {}", tls.version, tls.cipher)),
            accepted_at,
            quotas: self.submission.quotas.clone(),
            stored_chunks: self.stored_chunks,
            tail: std::mem::take(&mut self.chunk).into(),
        }
    }
}

impl Sink for MessageSink {
    async fn write(&mut self, piece: Bytes) -> Result<(), Refusal> {
        self.received += piece.len() as u64;
        self.submission.size.admit_size(self.received)?;
        self.is_eight_bit |= !piece.is_ascii();
        self.lines.measure(&piece);
        match &mut self.collector {
            None => {
                self.size += piece.len() as u64;
                self.append(&piece).await?;
            }
            Some(collector) => {
                if let Some(split) = collector.push(&piece)? {
                    self.collector = None;
                    self.begin(split)?;
                }
            }
        }
        self.fits_route()?;
        self.flush().await
    }

    async fn finish(mut self) -> Result<Receipt, Refusal> {
        if let Some(collector) = self.collector.take() {
            self.begin(collector.finish())?;
            self.fits_route()?;
            self.flush().await?;
        }
        let id = self.submission.id;
        let message = self.message();
        self.door.journal.accept(message).await.map_err(refusal)?;
        self.is_accepted = true;
        for quirk in self.odd() {
            self.quirk(quirk);
        }
        metrics::counter!("relayd_accepted_total").increment(1);
        self.tell();
        Ok(Receipt { id })
    }
}

impl Drop for MessageSink {
    fn drop(&mut self) {
        if self.stored_chunks > 0 && !self.is_accepted {
            self.door.journal.discard(self.submission.id);
        }
    }
}

fn refusal(error: AcceptError) -> Refusal {
    match error {
        AcceptError::Refused(refusal) => refusal,
        AcceptError::Unavailable(cause) => {
            tracing::error!(cause, "a message could not be made safe on disk");
            Reason::StoreUnavailable.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_measured_wherever_the_pieces_part() {
        for (body, longest) in [
            (&b""[..], 0),
            (b"abc\r\n", 3),
            (b"abc\r\nabcde\r\nab", 5),
            (b"\r\n\r\n", 0),
        ] {
            for width in 1..=body.len().max(1) {
                let mut lines = Lines::default();
                for piece in body.chunks(width) {
                    lines.measure(piece);
                }
                assert_eq!(lines.longest, longest, "{body:?} by {width}");
            }
        }
        let mut lines = Lines::default();
        lines.measure(&[b'x'; 2000]);
        assert!(lines.longest > LONGEST_LINE);
    }
}
