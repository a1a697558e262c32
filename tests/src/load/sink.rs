//! A server that signs everybody in, takes every mail and throws it away.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use rustls::ServerConfig;
use serde::Serialize;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    tls::{self, Authority},
    wire::{DotBody, Wire},
};

/// What came in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Connections taken.
    pub connections: u64,
    /// Messages taken.
    pub messages: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
}

/// A bound sink. Counting goes on while [`Sink::serve`] runs, in whatever thread.
pub struct Sink {
    listener: TcpListener,
    shared: Arc<Shared>,
}

struct Shared {
    tls: Arc<ServerConfig>,
    implicit: bool,
    counters: Counters,
}

/// Counters of a sink, shared with whoever measures.
#[derive(Debug)]
struct Counters {
    start: Instant,
    connections: AtomicU64,
    messages: AtomicU64,
    bytes: AtomicU64,
    /// Microseconds since `start` of the last message.
    last_message: AtomicU64,
}

/// A view on the counters of a sink.
#[derive(Clone)]
pub struct Meter(Arc<Shared>);

impl Meter {
    /// What came in so far.
    pub fn totals(&self) -> Totals {
        let counters = &self.0.counters;
        Totals {
            connections: counters.connections.load(Ordering::Acquire),
            messages: counters.messages.load(Ordering::Acquire),
            bytes: counters.bytes.load(Ordering::Acquire),
        }
    }

    /// When the last message was complete.
    pub fn last_message(&self) -> Instant {
        let counters = &self.0.counters;
        counters.start + Duration::from_micros(counters.last_message.load(Ordering::Acquire))
    }
}

impl Sink {
    /// Begins to listen, with a certificate for `localhost` of a new authority, whose own
    /// certificate goes to `ca_file`.
    pub async fn bind(listen: SocketAddr, implicit: bool, ca_file: &Path) -> Result<Self> {
        let authority = Authority::new("relay-load authority")?;
        let certificate = authority.issue(&["localhost", "127.0.0.1"])?;
        std::fs::write(ca_file, authority.pem())?;
        Ok(Self {
            listener: TcpListener::bind(listen).await?,
            shared: Arc::new(Shared {
                tls: tls::server_config(&certificate)?,
                implicit,
                counters: Counters {
                    start: Instant::now(),
                    connections: AtomicU64::new(0),
                    messages: AtomicU64::new(0),
                    bytes: AtomicU64::new(0),
                    last_message: AtomicU64::new(0),
                },
            }),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A view on its counters.
    pub fn meter(&self) -> Meter {
        Meter(Arc::clone(&self.shared))
    }

    /// Takes connections as long as it is polled.
    pub async fn serve(self) {
        let mut sessions = JoinSet::new();
        loop {
            if let Ok((socket, _)) = self.listener.accept().await {
                let shared = Arc::clone(&self.shared);
                sessions.spawn(async move {
                    // Clients that hang up are no concern of a sink.
                    let _ended = session(socket, &shared).await;
                });
            }
            while sessions.try_join_next().is_some() {}
        }
    }
}

async fn session(socket: TcpStream, shared: &Shared) -> io::Result<()> {
    shared.counters.connections.fetch_add(1, Ordering::Release);
    let mut wire = Wire::new(socket)?;
    if shared.implicit {
        wire.accept_tls(&shared.tls).await?;
    }
    wire.say("220 sink.example ESMTP");
    loop {
        let line = wire.line().await?;
        let verb = line.get(..4).unwrap_or(&line).to_ascii_uppercase();
        match verb.as_slice() {
            b"EHLO" | b"HELO" => {
                wire.say("250-sink.example");
                if !wire.is_encrypted() {
                    wire.say("250-STARTTLS");
                }
                wire.say("250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250-SIZE 157286400\r\n250 AUTH LOGIN PLAIN");
            }
            b"STAR" => {
                wire.say("220 2.0.0 go ahead");
                wire.accept_tls(&shared.tls).await?;
            }
            b"AUTH" => sign_in(&mut wire, &line).await?,
            b"MAIL" => wire.say("250 2.1.0 ok"),
            b"RCPT" => wire.say("250 2.1.5 ok"),
            b"DATA" => {
                wire.say("354 go ahead");
                swallow(&mut wire, &shared.counters).await?;
                wire.say("250 2.0.0 taken");
            }
            b"QUIT" => {
                wire.say("221 2.0.0 bye");
                return wire.shutdown().await;
            }
            b"RSET" | b"NOOP" => wire.say("250 2.0.0 ok"),
            _ => wire.say("502 5.5.1 not here"),
        }
    }
}

async fn sign_in(wire: &mut Wire, line: &[u8]) -> io::Result<()> {
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let answers = match words.as_slice() {
        [_, mechanism, initial @ ..] if mechanism.eq_ignore_ascii_case(b"LOGIN") => {
            2 - initial.len()
        }
        [_, _] => 1,
        _ => 0,
    };
    for _ in 0..answers {
        wire.say("334 VXNlcm5hbWU6");
        wire.line().await?;
    }
    wire.say("235 2.7.0 welcome");
    Ok(())
}

async fn swallow(wire: &mut Wire, counters: &Counters) -> io::Result<()> {
    let mut dots = DotBody::default();
    while let Some(piece) = dots.next(wire).await? {
        counters
            .bytes
            .fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    let elapsed = u64::try_from(counters.start.elapsed().as_micros()).unwrap_or(u64::MAX);
    counters.last_message.fetch_max(elapsed, Ordering::Relaxed);
    counters.messages.fetch_add(1, Ordering::Release);
    Ok(())
}
