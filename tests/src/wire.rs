//! One SMTP connection, seen from either side: lines, replies and bodies over TCP or TLS.
//!
//! Replies and commands collect in a buffer and leave in one write, just before the next read
//! that would wait. That keeps TLS records few and Nagle's algorithm out of the picture.

use std::{io, sync::Arc};

use bytes::{Buf, Bytes, BytesMut};
use memchr::{memchr, memmem};
use rustls::{
    ClientConfig, ServerConfig,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

const READ_SIZE: usize = 64 * 1024;
/// Longer lines than this are an error of the other side.
const LINE_LIMIT: usize = 64 * 1024;

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Only while the handshake owns the socket.
    Upgrading,
}

/// A buffered connection.
pub struct Wire {
    stream: Stream,
    input: BytesMut,
    output: Vec<u8>,
}

impl Wire {
    /// Takes over a connected socket.
    pub fn new(socket: TcpStream) -> io::Result<Self> {
        // Before the handshake: session tickets and the first reply are two writes.
        socket.set_nodelay(true)?;
        Ok(Self {
            stream: Stream::Plain(socket),
            input: BytesMut::with_capacity(4096),
            output: Vec::with_capacity(512),
        })
    }

    /// Whether TLS is in force.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// The TLS version in force, as `TLSv1.3`; empty without TLS.
    pub fn tls_version(&self) -> String {
        let Stream::Tls(stream) = &self.stream else {
            return String::new();
        };
        let version = stream.get_ref().1.protocol_version();
        version
            .and_then(|version| version.as_str().map(|name| name.replace('_', ".")))
            .unwrap_or_default()
    }

    /// What the other side showed in the handshake, its own certificate first.
    pub fn peer_certificates(&self) -> &[CertificateDer<'static>] {
        match &self.stream {
            Stream::Tls(stream) => stream.get_ref().1.peer_certificates().unwrap_or_default(),
            Stream::Plain(_) | Stream::Upgrading => &[],
        }
    }

    /// Encrypts as a server. What the client sent ahead of its handshake is an error.
    pub async fn accept_tls(&mut self, config: &Arc<ServerConfig>) -> io::Result<()> {
        let socket = self.take_plain().await?;
        let stream = TlsAcceptor::from(Arc::clone(config)).accept(socket).await?;
        self.stream = Stream::Tls(Box::new(stream.into()));
        Ok(())
    }

    /// Encrypts as a client.
    pub async fn connect_tls(
        &mut self,
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<()> {
        let socket = self.take_plain().await?;
        let connector = TlsConnector::from(Arc::clone(config));
        self.stream = Stream::Tls(Box::new(connector.connect(name, socket).await?.into()));
        Ok(())
    }

    async fn take_plain(&mut self) -> io::Result<TcpStream> {
        self.flush().await?;
        if !self.input.is_empty() {
            return Err(io::Error::other("data came ahead of the TLS handshake"));
        }
        match std::mem::replace(&mut self.stream, Stream::Upgrading) {
            Stream::Plain(socket) => Ok(socket),
            Stream::Tls(_) | Stream::Upgrading => Err(io::Error::other("TLS is in force already")),
        }
    }

    /// Adds a line to what goes out next.
    pub fn say(&mut self, line: &str) {
        self.say_bytes(line.as_bytes());
        self.say_bytes(b"\r\n");
    }

    /// Adds bytes to what goes out next.
    pub fn say_bytes(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }

    /// Sends what has been said.
    pub async fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(&self.output).await?,
            Stream::Tls(stream) => {
                stream.write_all(&self.output).await?;
                stream.flush().await?;
            }
            Stream::Upgrading => return Err(io::ErrorKind::NotConnected.into()),
        }
        self.output.clear();
        Ok(())
    }

    /// Says goodbye to the transport.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        self.flush().await?;
        match &mut self.stream {
            Stream::Plain(socket) => socket.shutdown().await,
            Stream::Tls(stream) => stream.shutdown().await,
            Stream::Upgrading => Ok(()),
        }
    }

    /// Reads more; the end of the stream is an error here.
    async fn fill(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.input.reserve(READ_SIZE);
        let count = match &mut self.stream {
            Stream::Plain(socket) => socket.read_buf(&mut self.input).await?,
            Stream::Tls(stream) => stream.read_buf(&mut self.input).await?,
            Stream::Upgrading => return Err(io::ErrorKind::NotConnected.into()),
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// The next line, without its line ending.
    pub async fn line(&mut self) -> io::Result<Bytes> {
        loop {
            if let Some(end) = memchr(b'\n', &self.input) {
                let mut line = self.input.split_to(end + 1);
                line.truncate(end);
                if line.last() == Some(&b'\r') {
                    line.truncate(end - 1);
                }
                return Ok(line.freeze());
            }
            if self.input.len() > LINE_LIMIT {
                return Err(io::Error::other("line too long"));
            }
            self.fill().await?;
        }
    }

    /// A reply of a server: its code and its last line.
    pub async fn reply(&mut self) -> io::Result<(u16, String)> {
        loop {
            let line = self.line().await?;
            let code = line
                .get(..3)
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| digits.parse().ok())
                .ok_or_else(|| io::Error::other("not an SMTP reply"))?;
            if line.get(3) != Some(&b'-') {
                return Ok((code, String::from_utf8_lossy(&line).into_owned()));
            }
        }
    }

    /// Up to `limit` bytes of a BDAT chunk.
    pub async fn octets(&mut self, limit: usize) -> io::Result<Bytes> {
        if self.input.is_empty() {
            self.fill().await?;
        }
        let count = self.input.len().min(limit);
        Ok(self.input.split_to(count).freeze())
    }
}

/// Takes the dot-stuffed body after DATA apart (RFC 5321 §4.5.2).
#[derive(Debug)]
pub struct DotBody {
    at_line_start: bool,
    line_then_dot: memmem::Finder<'static>,
}

impl Default for DotBody {
    fn default() -> Self {
        Self {
            at_line_start: true,
            line_then_dot: memmem::Finder::new(b"\r\n."),
        }
    }
}

impl DotBody {
    /// The next piece of the body, without dot-stuffing; `None` after CRLF.CRLF.
    pub async fn next(&mut self, wire: &mut Wire) -> io::Result<Option<Bytes>> {
        loop {
            if self.at_line_start {
                match wire.input.as_ref() {
                    [b'.', b'\r', b'\n', ..] => {
                        wire.input.advance(3);
                        return Ok(None);
                    }
                    [] | [b'.'] | [b'.', b'\r'] => {
                        wire.fill().await?;
                        continue;
                    }
                    [b'.', ..] => wire.input.advance(1),
                    _ => {}
                }
                self.at_line_start = false;
            }
            if let Some(at) = self.line_then_dot.find(&wire.input) {
                self.at_line_start = true;
                return Ok(Some(wire.input.split_to(at + 2).freeze()));
            }
            // The end of the buffer may be the beginning of CRLF.CRLF.
            let undecided = match wire.input.as_ref() {
                [.., b'\r', b'\n'] => 2,
                [.., b'\r'] => 1,
                _ => 0,
            };
            let decided = wire.input.len() - undecided;
            if decided > 0 {
                return Ok(Some(wire.input.split_to(decided).freeze()));
            }
            wire.fill().await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Sends `sent` in pieces of `step` bytes and reads it as a dot-stuffed body.
    async fn decode(sent: &'static [u8], step: usize) -> (Vec<u8>, Vec<u8>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let writer = tokio::spawn(async move {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.set_nodelay(true).unwrap();
            for piece in sent.chunks(step) {
                socket.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        let mut wire = Wire::new(listener.accept().await.unwrap().0).unwrap();
        let (mut dots, mut body) = (DotBody::default(), Vec::new());
        while let Some(piece) = dots.next(&mut wire).await.unwrap() {
            body.extend_from_slice(&piece);
        }
        let rest = wire.line().await.unwrap().to_vec();
        writer.await.unwrap();
        (body, rest)
    }

    #[tokio::test]
    async fn dot_bodies_are_taken_apart_whatever_the_packets() {
        for (sent, body) in [
            (&b".\r\nQUIT\r\n"[..], &b""[..]),
            (b"a\r\n.\r\nQUIT\r\n", b"a\r\n"),
            (b"..a\r\n..\r\n.\r\nQUIT\r\n", b".a\r\n.\r\n"),
            (b"a.\r\n.b\r\r\n.\r\nQUIT\r\n", b"a.\r\nb\r\r\n"),
            (b"a\n.\nb\r\n\r\n.\r\nQUIT\r\n", b"a\n.\nb\r\n\r\n"),
            (b".\r.\r\n\r\n.\r\nQUIT\r\n", b"\r.\r\n\r\n"),
        ] {
            for step in [1, 2, 3, 100] {
                let (got, rest) = decode(sent, step).await;
                assert_eq!(got, body, "{sent:?} in steps of {step}");
                assert_eq!(rest, b"QUIT", "{sent:?} in steps of {step}");
            }
        }
    }
}
