//! A connection to a door, in the clear or encrypted. All of it ends when its time is over, however
//! slowly the other side speaks.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, StreamOwned};

use crate::patience::within;

/// A line of a reply is shorter (RFC 5321 §4.5.3.1.5).
const LONGEST_LINE: usize = 2000;

/// One address of several is tried for so long at most.
const KNOCK: Duration = Duration::from_secs(15);

/// The connection; `None` on its way from clear to encrypted, and after that failed.
pub(super) struct Connection(Option<Stream>);

enum Stream {
    Clear(Timed),
    Encrypted(Box<StreamOwned<ClientConnection, Timed>>),
}

/// A socket of which each step has what is left of the time.
struct Timed {
    socket: TcpStream,
    due: Instant,
}

impl Connection {
    /// Connects to the first address of the name that answers.
    pub(super) fn open((name, port): (&str, u16), due: Instant) -> io::Result<Self> {
        let server = (name.to_owned(), port);
        let look_up = move || Ok(server.to_socket_addrs()?.collect());
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        let addresses = addresses(look_up, due)?;
        for (untried, address) in (1..=addresses.len()).rev().zip(&addresses) {
            match TcpStream::connect_timeout(address, share(left(due)?, untried)) {
                Ok(socket) => return Ok(Self(Some(Stream::Clear(Timed { socket, due })))),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// From which address.
    pub(super) fn origin(&self) -> io::Result<IpAddr> {
        let timed = match &self.0 {
            Some(Stream::Clear(timed)) => timed,
            Some(Stream::Encrypted(stream)) => &stream.sock,
            None => return Err(io::ErrorKind::NotConnected.into()),
        };
        Ok(timed.socket.local_addr()?.ip())
    }

    /// Encrypts from here on, to a server that proves to have this name; gives the version.
    pub(super) fn encrypt(
        &mut self,
        name: &str,
        config: Arc<ClientConfig>,
    ) -> io::Result<&'static str> {
        let Some(Stream::Clear(mut timed)) = self.0.take() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        let name =
            ServerName::try_from(name.to_owned()).map_err(|error| invalid(error.to_string()))?;
        let mut tls =
            ClientConnection::new(config, name).map_err(|error| invalid(error.to_string()))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut timed)?;
        }
        let version = match tls.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
            _ => "TLS 1.2",
        };
        let stream = StreamOwned::new(tls, timed);
        self.0 = Some(Stream::Encrypted(Box::new(stream)));
        Ok(version)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream()?;
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// A line without its end. Read byte by byte: what follows may belong to TLS.
    pub(super) fn line(&mut self) -> io::Result<String> {
        let stream = self.stream()?;
        let mut line = Vec::new();
        while line.len() < LONGEST_LINE {
            let mut byte = [0];
            if stream.read(&mut byte)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if byte == *b"\n" {
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            line.extend(byte);
        }
        Err(io::Error::other("the line does not end: this is no SMTP"))
    }

    fn stream(&mut self) -> io::Result<&mut dyn ReadWrite> {
        match &mut self.0 {
            Some(Stream::Clear(timed)) => Ok(timed),
            Some(Stream::Encrypted(stream)) => Ok(stream.as_mut()),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(left(self.due)?))?;
        self.socket.read(into)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(left(self.due)?))?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// Where a name leads. The system's way to look it up knows no end.
fn addresses(
    look_up: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
    due: Instant,
) -> io::Result<Vec<SocketAddr>> {
    within(left(due)?, look_up).unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
}

/// What one address has of the time that is left for so many: a dead one leaves some for the next.
fn share(left: Duration, untried: usize) -> Duration {
    let untried = u32::try_from(untried).unwrap_or(u32::MAX).max(1);
    // The system takes none for no limit, or for a mistake.
    (left / untried).clamp(Duration::from_millis(1), KNOCK)
}

/// What is left of the time, if anything is.
fn left(due: Instant) -> io::Result<Duration> {
    let left = due.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_dead_address_leaves_time_for_the_next() {
        for (left, untried, expected) in [
            (60_000, 2, 15_000),
            (30_000, 1, 15_000),
            (20_000, 2, 10_000),
            (10_000, 1, 10_000),
            (900, 3, 300),
            (1, 1000, 1),
        ] {
            let found = share(Duration::from_millis(left), untried);
            let expected = Duration::from_millis(expected);
            assert_eq!(found, expected, "{left} ms for {untried}");
        }
    }

    #[test]
    fn a_name_is_not_looked_up_for_longer_than_allowed() {
        let (end, never) = mpsc::channel::<()>();
        let look_up = move || {
            let _ = never.recv();
            Ok(Vec::new())
        };
        let found = addresses(look_up, Instant::now() + Duration::from_millis(20));
        assert_eq!(found.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(end);
    }
}
