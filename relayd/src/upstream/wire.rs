//! The stream under lettre: TCP or TLS, made safe for its reply reader.
//!
//! lettre reads replies with an unbounded `read_line` that fails on bytes that are not UTF-8, and
//! keeps of EHLO only what it knows. So this stream bounds lines, shows every byte above ASCII as
//! `?`, and remembers what it heard until asked. It is shared by two handles: lettre's, and ours
//! for writing bodies. lettre's `message_iter` takes its pieces from a synchronous iterator (a
//! whole mail in memory) and writes the terminator apart from the body (one more packet and TLS
//! record for each mail). lettre does not buffer what it writes, so writing beside it is sound.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// Longest reply line taken: twice what any known server sends (RFC 5321 §4.5.3.1.5 allows 512).
const MAX_LINE: usize = 4096;
/// Greeting and EHLO reply together are far below this.
const MAX_HEARD: usize = 32 * 1024;

/// The bare connection.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }
}

#[derive(Debug)]
struct State {
    stream: Stream,
    /// Bytes to be read before those of the stream: the greeting that came before TLS.
    replay: Vec<u8>,
    heard: Option<Vec<u8>>,
    line: usize,
}

/// One of the handles of a connection. The lock is never contended: one task drives both.
#[derive(Debug, Clone)]
pub(super) struct Wire(Arc<Mutex<State>>);

impl Wire {
    /// Takes a stream over; `replay` is read first.
    pub(super) fn new(stream: Stream, replay: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State {
            stream,
            replay,
            heard: Some(Vec::new()),
            line: 0,
        })))
    }

    /// Everything read so far, as text. From here on nothing is remembered.
    pub(super) fn heard(&self) -> String {
        let heard = self.lock().heard.take().unwrap_or_default();
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// The certificate that the server showed, as DER; it was verified.
    pub(super) fn certificate(&self) -> Option<Vec<u8>> {
        match &self.lock().stream {
            Stream::Plain(_) => None,
            Stream::Tls(tls) => {
                let chain = tls.get_ref().1.peer_certificates()?;
                chain.first().map(|certificate| certificate.to_vec())
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Makes the bytes just read fit for lettre's reader.
    fn inspect(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        for byte in &mut *bytes {
            self.line = if *byte == b'\n' { 0 } else { self.line + 1 };
            if self.line > MAX_LINE {
                return Err(io::Error::other("the server sent a line without end"));
            }
            // Replies end up in logs and on terminals; what would move a cursor there goes, too.
            let is_line_end = matches!(*byte, b'\r' | b'\n');
            if !byte.is_ascii() || (byte.is_ascii_control() && !is_line_end) {
                *byte = b'?';
            }
        }
        if let Some(heard) = &mut self.heard
            && heard.len() + bytes.len() <= MAX_HEARD
        {
            heard.extend_from_slice(bytes);
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        let before = buffer.filled().len();
        if state.replay.is_empty() {
            let read = match &mut state.stream {
                Stream::Plain(tcp) => Pin::new(tcp).poll_read(context, buffer),
                Stream::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
            };
            std::task::ready!(read)?;
        } else {
            let length = state.replay.len().min(buffer.remaining());
            let replayed: Vec<u8> = state.replay.drain(..length).collect();
            buffer.put_slice(&replayed);
        }
        let fresh = buffer.filled_mut().get_mut(before..).unwrap_or_default();
        Poll::Ready(state.inspect(fresh))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.lock().stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(context, bytes),
            Stream::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.lock().stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(context),
            Stream::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.lock().stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(context),
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.lock().stream.tcp().peer_addr()
    }
}
