//! Takes the body of one message: header judged and repaired as soon as it is complete, the rest
//! passed on in chunks of bounded size, all of it safe on disk before there is a receipt.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    door::{Inner, too_large},
    header::{HeaderCollector, Split},
    repair::{self, Arrival},
};
use crate::{
    model::{BodyEncoding, Envelope, Limits, MessageId, Reason, Refusal, RouteId, SystemId},
    queue::AcceptError,
    smtp::{Peer, Receipt, Sink},
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
    pub(super) limits: Limits,
    pub(super) size_limit: u64,
    pub(super) envelope: Envelope,
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
            chunk: Vec::new(),
            stored_chunks: 0,
            is_accepted: false,
        }
    }

    /// Judges the header and begins the stored body with it.
    fn begin(&mut self, split: Split) -> Result<(), Refusal> {
        let arrival = Arrival {
            hostname: &self.door.settings.hostname,
            peer: &self.submission.peer,
            id: self.submission.id,
            at: self.door.clock.now(),
        };
        let repaired = repair::repair(split.header, &self.submission.login.standing.user, arrival)?;
        repaired.header.write_to(&mut self.chunk);
        self.chunk.extend_from_slice(&split.rest);
        self.size = self.chunk.len() as u64;
        self.seen = Seen {
            from: repaired.from,
            subject: repaired.subject,
            message_id: repaired.message_id,
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

    fn message(&mut self) -> NewMessage {
        let Submission { peer, login, .. } = &self.submission;
        let tls = peer.tls.as_ref();
        let mut envelope = self.submission.envelope.clone();
        if self.is_eight_bit && envelope.encoding == BodyEncoding::SevenBit {
            // A harmless quirk of many devices: 8-bit text that was not declared.
            envelope.encoding = BodyEncoding::EightBit;
        }
        NewMessage {
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
            accepted_at: self.door.clock.now(),
            limits: self.submission.limits,
            stored_chunks: self.stored_chunks,
            tail: std::mem::take(&mut self.chunk).into(),
        }
    }
}

impl Sink for MessageSink {
    async fn write(&mut self, piece: Bytes) -> Result<(), Refusal> {
        self.received += piece.len() as u64;
        if self.received > self.submission.size_limit {
            return Err(too_large(self.submission.size_limit));
        }
        self.is_eight_bit |= !piece.is_ascii();
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
        self.flush().await
    }

    async fn finish(mut self) -> Result<Receipt, Refusal> {
        if let Some(collector) = self.collector.take() {
            self.begin(collector.finish())?;
            self.flush().await?;
        }
        let id = self.submission.id;
        let message = self.message();
        self.door.journal.accept(message).await.map_err(refusal)?;
        self.is_accepted = true;
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
