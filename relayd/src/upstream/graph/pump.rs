//! A mail on its way into a request: base64 in pieces, its length told before it begins.
//!
//! The mail comes from the store while the request goes out; at most a few pieces lie between the
//! two. A request that ends early is cut off with its connection, so half a mail is never taken for
//! a whole one.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use crate::{
    model::Reason,
    upstream::{BodySource, Setback, Verdict, graph::next_piece},
};

/// Bytes of mail in one piece of base64; a multiple of 3.
const BLOCK: usize = 48 * 1024;

/// Pieces between the store and the request.
const PIECES: usize = 2;

/// The ends of a pipe for a mail of so many bytes, and whether its last byte was taken out.
pub(super) fn pipe(size: u64) -> (Pump, Upload, Arc<AtomicBool>) {
    let (sender, receiver) = mpsc::channel(PIECES);
    let is_taken = Arc::new(AtomicBool::new(false));
    let upload = Upload {
        receiver,
        left: encoded_length(size),
        is_taken: Arc::clone(&is_taken),
    };
    let pump = Pump {
        sender,
        missing: size,
        carry: Vec::with_capacity(BLOCK),
    };
    (pump, upload, is_taken)
}

/// Length of the base64 of so many bytes.
const fn encoded_length(size: u64) -> u64 {
    size.div_ceil(3) * 4
}

/// The end that the mail goes in at.
pub(super) struct Pump {
    sender: mpsc::Sender<Bytes>,
    missing: u64,
    carry: Vec<u8>,
}

/// The request wants no more: it has been answered, or has failed.
struct Closed;

impl Pump {
    /// Passes on what was read already, then the rest of the body. Ends early, without an error,
    /// when nobody wants the mail any more.
    pub(super) async fn run(
        mut self,
        read: [Bytes; 2],
        body: &mut dyn BodySource,
    ) -> Result<(), Setback> {
        for piece in read {
            if self.push(&piece).await?.is_err() {
                return Ok(());
            }
        }
        while let Some(piece) = next_piece(body).await? {
            if self.push(&piece).await?.is_err() {
                return Ok(());
            }
        }
        if self.missing > 0 {
            return Err(wrong_size());
        }
        let last = std::mem::take(&mut self.carry);
        if !last.is_empty() {
            let _closed = self.sender.send(encode(&last)).await;
        }
        Ok(())
    }

    async fn push(&mut self, mut piece: &[u8]) -> Result<Result<(), Closed>, Setback> {
        let length = piece.len() as u64;
        self.missing = self.missing.checked_sub(length).ok_or_else(wrong_size)?;
        while !piece.is_empty() {
            let room = BLOCK - self.carry.len();
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.carry.extend_from_slice(now);
            piece = later;
            if self.carry.len() == BLOCK {
                let encoded = encode(&self.carry);
                self.carry.clear();
                if self.sender.send(encoded).await.is_err() {
                    return Ok(Err(Closed));
                }
            }
        }
        Ok(Ok(()))
    }
}

fn encode(bytes: &[u8]) -> Bytes {
    Bytes::from(BASE64_STANDARD.encode(bytes))
}

fn wrong_size() -> Setback {
    Setback::new(
        Verdict::FailMessage,
        Reason::Internal,
        "the stored message is not as long as it should be",
    )
}

/// The end that the request is fed from.
pub(super) struct Upload {
    receiver: mpsc::Receiver<Bytes>,
    left: u64,
    is_taken: Arc<AtomicBool>,
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let Some(piece) = ready!(self.receiver.poll_recv(context)) else {
            let error = io::Error::new(io::ErrorKind::UnexpectedEof, "the mail ended early");
            return Poll::Ready(Some(Err(error)));
        };
        self.left = self.left.saturating_sub(piece.len() as u64);
        if self.left == 0 {
            self.is_taken.store(true, Ordering::Release);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use async_trait::async_trait;

    use super::*;
    use crate::upstream::BodyUnavailable;

    struct Pieces(VecDeque<Result<Bytes, BodyUnavailable>>);

    #[async_trait]
    impl BodySource for Pieces {
        async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
            self.0.pop_front().transpose()
        }
    }

    async fn drain(mut upload: Upload) -> Result<Vec<u8>, io::Error> {
        let mut bytes = Vec::new();
        loop {
            let frame = std::future::poll_fn(|context| Pin::new(&mut upload).poll_frame(context));
            match frame.await {
                Some(frame) => bytes.extend(frame?.into_data().unwrap()),
                None => return Ok(bytes),
            }
        }
    }

    #[tokio::test]
    async fn pieces_of_any_length_make_one_base64() {
        let mail: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        for piece in [1_usize, 7, 48 * 1024, 100_000, 200_000] {
            let mail = &mail[..if piece == 1 { 1000 } else { mail.len() }];
            let (pump, upload, is_taken) = pipe(mail.len() as u64);
            assert_eq!(
                upload.size_hint().exact(),
                Some(mail.len().div_ceil(3) as u64 * 4)
            );
            let (first, rest) = mail.split_at(10);
            let mut source = Pieces(
                rest.chunks(piece)
                    .map(|it| Ok(Bytes::copy_from_slice(it)))
                    .collect(),
            );
            let read = [Bytes::copy_from_slice(first), Bytes::new()];
            let (pumped, drained) = tokio::join!(pump.run(read, &mut source), drain(upload));
            pumped.unwrap();
            assert_eq!(BASE64_STANDARD.decode(drained.unwrap()).unwrap(), mail);
            assert!(is_taken.load(Ordering::Acquire));
        }
    }

    #[tokio::test]
    async fn a_mail_that_is_not_whole_ends_the_request() {
        let unavailable = || Err(BodyUnavailable("gone".to_owned()));
        for (size, pieces, reason) in [
            (4, vec![Ok(Bytes::from_static(b"abc"))], Reason::Internal),
            (2, vec![Ok(Bytes::from_static(b"abc"))], Reason::Internal),
            (4, vec![unavailable()], Reason::StoreUnavailable),
        ] {
            let (pump, upload, is_taken) = pipe(size);
            let mut source = Pieces(pieces.into());
            let read = [Bytes::new(), Bytes::new()];
            let (pumped, drained) = tokio::join!(pump.run(read, &mut source), drain(upload));
            assert_eq!(pumped.unwrap_err().reason, reason);
            assert!(drained.is_err() && !is_taken.load(Ordering::Acquire));
        }
    }
}
