//! A submission server that follows a script, for the tests of the client.

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use super::door::Door;

/// One thing that the server does.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Sends this as it stands.
    Say(&'static [u8]),
    /// Reads a line, which must be this one.
    Expect(&'static str),
    /// Nothing must have come yet that was not read.
    Quiet,
    /// Reads a body up to its end.
    Body,
    /// Reads so many octets of a chunk.
    Octets(usize),
    /// The client must hang up here, having sent no more.
    HangUp,
    /// Does the server's part of a TLS handshake.
    Tls,
}

pub(super) fn say(text: &'static str) -> Act {
    Act::Say(text.as_bytes())
}

pub(super) use Act::{Body, Expect, HangUp, Octets, Quiet, Tls};

pub(super) struct Server {
    pub(super) port: u16,
    /// Its certificate, to be trusted.
    pub(super) pem: String,
    task: JoinHandle<Vec<Vec<u8>>>,
}

impl Server {
    /// A server that takes one connection for each script, one after the other, and hangs up at
    /// the end of each.
    pub(super) async fn follow(scripts: Vec<Vec<Act>>) -> Self {
        let door = Door::open().await;
        let (port, pem) = (door.port, door.pem.clone());
        let task = tokio::spawn(async move {
            let mut bodies = Vec::new();
            for script in scripts {
                let (stream, _) = door.listener.accept().await.unwrap();
                play(stream, &door.acceptor, script, &mut bodies).await;
            }
            bodies
        });
        Self { port, pem, task }
    }

    /// The bodies as they came over the wire; panics if a script was not followed to its end.
    pub(super) async fn bodies(self) -> Vec<Vec<u8>> {
        self.task.await.unwrap()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn play(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    script: Vec<Act>,
    bodies: &mut Vec<Vec<u8>>,
) {
    let mut stream: BufReader<Box<dyn Stream>> = BufReader::new(Box::new(stream));
    for act in script {
        match act {
            Act::Say(bytes) => {
                stream.get_mut().write_all(bytes).await.unwrap();
                stream.get_mut().flush().await.unwrap();
            }
            Expect(line) => {
                let mut read = String::new();
                stream.read_line(&mut read).await.unwrap();
                assert_eq!(read, format!("{line}\r\n"));
            }
            Quiet => assert_eq!(stream.buffer(), b""),
            Body => {
                let mut body = Vec::new();
                while !(body == b".\r\n" || body.ends_with(b"\r\n.\r\n")) {
                    let read = stream.read_until(b'\n', &mut body).await.unwrap();
                    assert_ne!(read, 0, "the body ended early");
                }
                bodies.push(body);
            }
            Octets(count) => {
                let mut chunk = vec![0; count];
                stream.read_exact(&mut chunk).await.unwrap();
                bodies.push(chunk);
            }
            HangUp => {
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
                bodies.push(rest);
            }
            Tls => {
                assert_eq!(stream.buffer(), b"");
                // A client that does not trust us ends the handshake.
                let Ok(encrypted) = acceptor.accept(stream.into_inner()).await else {
                    return;
                };
                stream = BufReader::new(Box::new(encrypted));
            }
        }
    }
}
