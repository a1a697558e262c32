//! A message body on its way in: from the framing of the protocol to pieces for the [`Sink`].
//!
//! Once something about the body is refused, the sink is dropped and the rest is counted and
//! thrown away, so that the session stays in step with the client.

use std::{future::Future, time::Duration};

use bytes::BytesMut;
use tokio::time::{Instant, timeout};

use super::{
    Receipt, Sink, Timeouts,
    data::{Decoded, DotDecoder, TextWatch},
};
use crate::model::{BodyEncoding, Reason, Refusal};

/// Largest piece that a sink is given. A body that fits reaches it as one piece.
const PIECE: usize = 64 * 1024;

/// How the end of what comes next is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// DATA: by CRLF.CRLF.
    Dots,
    /// BDAT: by its size.
    Chunk { size: u64, last: bool },
}

/// The body of one message while it comes in.
pub(super) struct Intake<S> {
    sink: Option<S>,
    refusal: Option<Refusal>,
    piece: BytesMut,
    received: u64,
    limit: u64,
    decoder: DotDecoder,
    /// Watches text that comes in chunks; BINARYMIME may hold any bytes (RFC 3030 §3).
    watch: Option<TextWatch>,
    started: Instant,
}

impl<S: Sink> Intake<S> {
    /// An empty body for `sink`, of at most `limit` bytes. `announced` is SIZE=.
    pub(super) fn new(sink: S, limit: u64, encoding: BodyEncoding, announced: Option<u64>) -> Self {
        let room = announced.map_or(0, |size| usize::try_from(size).unwrap_or(PIECE));
        Self {
            sink: Some(sink),
            refusal: None,
            piece: BytesMut::with_capacity(room.min(PIECE)),
            received: 0,
            limit,
            decoder: DotDecoder::new(),
            watch: (encoding != BodyEncoding::Binary).then(TextWatch::default),
            started: Instant::now(),
        }
    }

    /// A body that is only read to stay in step.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self {
            sink: None,
            refusal: Some(refusal),
            piece: BytesMut::new(),
            received: 0,
            limit: 0,
            decoder: DotDecoder::new(),
            watch: None,
            started: Instant::now(),
        }
    }

    /// Why the body will not be taken, as far as that is known.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// By when the next bytes must come. Absolute for the whole body but for what its size earns,
    /// and bytes that are thrown away earn nothing.
    pub(super) fn deadline(&self, timeouts: &Timeouts) -> Instant {
        let idle = match self.refusal {
            None => timeouts.body_idle,
            Some(_) => timeouts.discard_idle.min(timeouts.body_idle),
        };
        self.end_of_patience(timeouts).min(Instant::now() + idle)
    }

    /// Whether the body should be here by now.
    pub(super) fn is_overdue(&self, timeouts: &Timeouts) -> bool {
        self.end_of_patience(timeouts) < Instant::now()
    }

    fn end_of_patience(&self, timeouts: &Timeouts) -> Instant {
        let earned = self.received.min(self.limit) / timeouts.body_rate.max(1);
        self.started + timeouts.body + Duration::from_secs(earned)
    }

    /// A chunk of `size` bytes follows: refused before its first byte when it is too large.
    pub(super) fn announce(&mut self, size: u64) {
        if self.received.saturating_add(size) > self.limit {
            self.refuse(too_large(self.limit));
        }
    }

    /// Takes bytes that came behind DATA, up to the end of the body.
    pub(super) fn take_data(&mut self, input: &[u8]) -> Decoded {
        let before = self.piece.len();
        let decoded = self.decoder.decode(input, &mut self.piece);
        self.count(self.piece.len() - before);
        if self.decoder.met_bare_ending() {
            self.refuse(Reason::BareLineEnding.into());
        }
        if self.decoder.met_nul() {
            self.refuse(holds_nul());
        }
        self.drop_when_refused();
        decoded
    }

    /// Takes bytes of a chunk.
    pub(super) fn take_chunk(&mut self, input: &[u8]) {
        self.count(input.len());
        if let Some(watch) = &mut self.watch {
            watch.check(input);
            let (bare, nul) = (watch.met_bare_ending(), watch.met_nul());
            if bare {
                self.refuse(Reason::BareLineEnding.into());
            }
            if nul {
                self.refuse(holds_nul());
            }
        }
        if self.refusal.is_none() {
            self.piece.extend_from_slice(input);
        }
    }

    /// Hands on what fills a piece; waits for the sink at most `patience`.
    pub(super) async fn pass_on(&mut self, patience: Duration) {
        while self.piece.len() >= PIECE {
            self.write(PIECE, patience).await;
        }
    }

    /// The body is complete: a receipt, or why there is none.
    pub(super) async fn finish(mut self, patience: Duration) -> Result<Receipt, Refusal> {
        if self.watch.as_ref().is_some_and(TextWatch::ends_bare) {
            self.refuse(Reason::BareLineEnding.into());
        }
        if !self.piece.is_empty() {
            self.write(self.piece.len(), patience).await;
        }
        match (self.refusal, self.sink) {
            (None, Some(sink)) => answer(patience, sink.finish()).await,
            (refusal, _) => Err(refusal.unwrap_or_else(|| Reason::Internal.into())),
        }
    }

    async fn write(&mut self, length: usize, patience: Duration) {
        let piece = self.piece.split_to(length).freeze();
        if let Some(sink) = &mut self.sink
            && let Err(refusal) = answer(patience, sink.write(piece)).await
        {
            self.refuse(refusal);
            self.drop_when_refused();
        }
    }

    fn count(&mut self, bytes: usize) {
        self.received = self.received.saturating_add(bytes as u64);
        if self.received > self.limit {
            self.refuse(too_large(self.limit));
        }
    }

    /// The first refusal is the one that is told.
    fn refuse(&mut self, refusal: Refusal) {
        self.sink = None;
        self.refusal.get_or_insert(refusal);
    }

    fn drop_when_refused(&mut self) {
        if self.refusal.is_some() {
            self.piece.clear();
        }
    }
}

/// Some servers drop NUL, and would read `\r\n\0.\r\n` as the end of the mail (RFC 5322 §4 and
/// RFC 5321 §4.1.1.4 have no NUL in text).
fn holds_nul() -> Refusal {
    Refusal::new(Reason::UnsupportedContent, "the message holds NUL")
}

fn too_large(limit: u64) -> Refusal {
    Refusal::new(
        Reason::MessageTooLarge,
        format!("the limit is {limit} bytes"),
    )
}

/// An answer of the backend, or a refusal when it takes longer than `patience`.
pub(super) async fn answer<T>(
    patience: Duration,
    pending: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    timeout(patience, pending)
        .await
        .unwrap_or_else(|_| Err(Refusal::new(Reason::Internal, "no answer in time")))
}
