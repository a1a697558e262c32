//! The body on its way to the server: dot-stuffed behind DATA, or counted behind BDAT.
//!
//! Danger: whatever a server could take for the end of the body must be its end. Behind DATA only
//! lines go out that end with CRLF, every leading dot doubled; a body that holds a bare CR or LF is
//! not finished but cut off with its connection. A chunk is as long as it was announced, or is cut
//! off with its connection too.

use std::io;

use tokio::{io::AsyncWriteExt, time::timeout};

use super::{SmtpConnection, is_positive};
use crate::{
    model::{Reason, RemoteReply},
    upstream::{
        BodySource, Setback, Verdict,
        classify::{self, Stage},
        dots::DotStuffing,
    },
};

/// The body leaves in writes of about this size.
const BLOCK: usize = 64 * 1024;

impl SmtpConnection {
    /// Streams the body in bounded memory; a small one leaves with its end in a single write.
    pub(super) async fn write_body(
        &mut self,
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let mut stuffing = DotStuffing::new();
        while let Some(piece) = next_piece(body).await? {
            stuffing.encode(&piece, &mut buffer);
            if stuffing.met_bare_ending() {
                return Err(bare_ending());
            }
            if buffer.len() >= BLOCK {
                if let Err(error) = self.write_block(&buffer).await {
                    return self.last_words(error).await;
                }
                buffer.clear();
            }
        }
        stuffing.finish(&mut buffer).map_err(|_| bare_ending())?;
        self.write_last(buffer).await
    }

    /// Sends a body of any bytes as one chunk (RFC 3030): where it ends is told before it begins.
    pub(super) async fn write_chunk(
        &mut self,
        size: u64,
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.extend_from_slice(format!("BDAT {size} LAST\r\n").as_bytes());
        let mut missing = size;
        while let Some(piece) = next_piece(body).await? {
            missing = missing
                .checked_sub(piece.len() as u64)
                .ok_or_else(wrong_size)?;
            buffer.extend_from_slice(&piece);
            if buffer.len() >= BLOCK {
                if let Err(error) = self.write_block(&buffer).await {
                    return self.last_words(error).await;
                }
                buffer.clear();
            }
        }
        if missing > 0 {
            return Err(wrong_size());
        }
        self.write_last(buffer).await
    }

    async fn write_last(&mut self, buffer: Vec<u8>) -> Result<RemoteReply, Setback> {
        let written = self.write_block(&buffer).await;
        self.buffer = buffer;
        match written {
            Ok(()) => {
                let answer = self
                    .reply(Stage::EndOfData, self.settings.end_of_data)
                    .await;
                // From here on the server has the whole mail, whatever becomes of its answer.
                answer.map_err(|lost| classify::unanswered(lost.detail))
            }
            Err(error) => self.last_words(error).await,
        }
    }

    pub(super) async fn write_block(&mut self, block: &[u8]) -> Result<(), Setback> {
        let writing = async {
            self.wire.write_all(block).await?;
            self.wire.flush().await
        };
        let written = timeout(self.settings.block, writing).await;
        written
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(|error| classify::lost(Stage::EndOfData, format!("in the body: {error}")))
    }

    /// A server that hangs up in the middle of a body has often said why.
    async fn last_words(&mut self, error: Setback) -> Result<RemoteReply, Setback> {
        match self.reply(Stage::EndOfData, self.settings.quit).await {
            Ok(reply) if !is_positive(&reply) => Err(classify::judge(Stage::EndOfData, reply)),
            _ => Err(error),
        }
    }
}

async fn next_piece(body: &mut dyn BodySource) -> Result<Option<bytes::Bytes>, Setback> {
    body.next().await.map_err(|error| {
        Setback::new(
            Verdict::SlowDown,
            Reason::StoreUnavailable,
            error.to_string(),
        )
    })
}

/// The door lets no such text in: this is the second lock.
fn bare_ending() -> Setback {
    Setback::new(
        Verdict::FailMessage,
        Reason::BareLineEnding,
        "the stored message holds a CR or LF that is not part of CRLF",
    )
}

fn wrong_size() -> Setback {
    Setback::new(
        Verdict::FailMessage,
        Reason::Internal,
        "the stored message is not as long as it should be",
    )
}
