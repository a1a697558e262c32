//! Sessions against a scripted backend: over in-memory streams with paused time, and over
//! loopback sockets with real TLS.

mod by_address;
mod dialogues;
mod encryption;
mod limits;
mod network;
mod protocol;
mod proxied;
mod refusals;
mod smuggling;
mod splits;

use std::{
    future::pending,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    Backend, Caps, Credentials, MailParameters, Offer, Peer, Quirk, Receipt, RefusalContext, Sink,
    Stage, Terms, Timeouts,
    admission::{Admission, Permit},
    connection::{Connection, Ending, Taken},
    engine::Grammar,
    session::Door,
};
use crate::model::{
    Envelope, IdSource, MessageId, Protocol, Reason, Recipient, Refusal, TlsSummary,
};

/// A message that the fake took.
#[derive(Debug, Clone)]
struct Accepted {
    principal: String,
    protocol: Protocol,
    helo: String,
    envelope: Envelope,
    pieces: Vec<Bytes>,
}

impl Accepted {
    fn body(&self) -> Vec<u8> {
        self.pieces.concat()
    }
}

/// A refusal that the fake was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    stage: Stage,
    reason: Reason,
    username: String,
    sender: String,
    recipient: String,
}

#[derive(Debug, Default)]
struct Record {
    accepted: Vec<Accepted>,
    told: Vec<Told>,
    /// Where the mails and the refused came from.
    clients: Vec<SocketAddr>,
    dropped: usize,
    /// Each with who was said to send.
    quirks: Vec<(String, Quirk)>,
}

/// A backend that does what the name of the user, sender or recipient says.
#[derive(Debug, Default)]
struct Fake {
    record: Arc<Mutex<Record>>,
    ids: Arc<IdSource>,
    unwelcome: AtomicBool,
}

const SIZE_LIMIT: u64 = 200_000;

impl Fake {
    fn accepted(&self) -> Vec<Accepted> {
        self.record.lock().unwrap().accepted.clone()
    }

    fn told(&self) -> Vec<Told> {
        self.record.lock().unwrap().told.clone()
    }

    fn reasons(&self) -> Vec<Reason> {
        self.told().into_iter().map(|told| told.reason).collect()
    }

    fn quirks(&self) -> Vec<Quirk> {
        self.quirks_told().into_iter().map(|(_, it)| it).collect()
    }

    fn quirks_told(&self) -> Vec<(String, Quirk)> {
        self.record.lock().unwrap().quirks.clone()
    }

    fn clients(&self) -> Vec<String> {
        let record = self.record.lock().unwrap();
        record.clients.iter().map(ToString::to_string).collect()
    }

    fn dropped(&self) -> usize {
        self.record.lock().unwrap().dropped
    }
}

impl Backend for Fake {
    type Principal = String;
    type Sink = Basket;

    fn size_limit(&self) -> u64 {
        SIZE_LIMIT
    }

    fn welcome(&self, _: &Peer) -> Result<(), Refusal> {
        if self.unwelcome.load(Ordering::Relaxed) {
            return Err(Reason::AddressBanned.into());
        }
        Ok(())
    }

    /// Whoever signed in may do more, and then less.
    fn terms(&self, _: &Peer, principal: Option<&String>) -> Terms {
        Terms {
            size: SIZE_LIMIT / (1 + u64::from(principal.is_some())),
            recipients: principal.map_or(usize::MAX, |_| 3),
            binary_mime: principal.is_some(),
        }
    }

    fn quirk(&self, _: &Peer, principal: Option<&String>, quirk: Quirk) {
        let told = (principal.cloned().unwrap_or_default(), quirk);
        self.record.lock().unwrap().quirks.push(told);
    }

    async fn authenticate(&self, _: &Peer, credentials: Credentials) -> Result<String, Refusal> {
        match (credentials.username.as_str(), credentials.password.expose()) {
            ("stuck", _) => pending().await,
            ("throttled", _) => Err(Reason::AuthThrottled.into()),
            ("stranger", _) => Err(Reason::AddressNotRegistered.into()),
            (username, "geheim") => Ok(username.to_owned()),
            _ => Err(Reason::CredentialsRejected.into()),
        }
    }

    /// The device of a test is `printer`, unless it says that it moved.
    async fn recognize(&self, peer: &Peer) -> Result<Option<String>, Refusal> {
        match peer.helo.as_str() {
            "moved.example" => Ok(None),
            "down.example" => Err(Reason::StoreUnavailable.into()),
            _ => Ok(Some("printer".to_owned())),
        }
    }

    async fn check_sender(
        &self,
        _: &Peer,
        _: &String,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        if mail.reverse_path.as_str().starts_with("boss@") {
            return Err(Reason::SenderNotAllowed.into());
        }
        Ok(())
    }

    fn check_recipient(
        &self,
        _: &Peer,
        _: &String,
        _: &MailParameters,
        count: usize,
        _: &Recipient,
    ) -> Result<(), Refusal> {
        if count >= 3 {
            return Err(Reason::TooManyRecipients.into());
        }
        Ok(())
    }

    async fn open(
        &self,
        peer: &Peer,
        principal: &String,
        envelope: Envelope,
    ) -> Result<Basket, Refusal> {
        if envelope.reverse_path.as_str().starts_with("full@") {
            return Err(Reason::DiskFull.into());
        }
        self.record.lock().unwrap().clients.push(peer.remote);
        Ok(Basket {
            record: Arc::clone(&self.record),
            id: MessageId::new(&self.ids, jiff::Timestamp::UNIX_EPOCH),
            taken: Some(Accepted {
                principal: principal.clone(),
                protocol: peer.protocol,
                helo: peer.helo.clone(),
                envelope,
                pieces: Vec::new(),
            }),
        })
    }

    fn refused(&self, context: RefusalContext<'_, String>, refusal: &Refusal) {
        let mut record = self.record.lock().unwrap();
        record.clients.push(context.peer.remote);
        record.told.push(Told {
            stage: context.stage,
            reason: refusal.reason,
            username: context.username.to_owned(),
            sender: context.sender.to_owned(),
            recipient: context.recipient.to_owned(),
        });
    }
}

/// The sink of [`Fake`].
struct Basket {
    record: Arc<Mutex<Record>>,
    id: MessageId,
    taken: Option<Accepted>,
}

impl Basket {
    fn sender(&self) -> String {
        let taken = self.taken.as_ref().unwrap();
        taken.envelope.reverse_path.as_str().to_owned()
    }
}

impl Sink for Basket {
    async fn write(&mut self, piece: Bytes) -> Result<(), Refusal> {
        if self.sender().starts_with("picky@") {
            return Err(Reason::FromNotAllowed.into());
        }
        self.taken.as_mut().unwrap().pieces.push(piece);
        Ok(())
    }

    async fn finish(mut self) -> Result<Receipt, Refusal> {
        let sender = self.sender();
        if sender.starts_with("stuck@") {
            pending::<()>().await;
        }
        if sender.starts_with("loop@") {
            return Err(Reason::MailLoop.into());
        }
        let taken = self.taken.take().unwrap();
        self.record.lock().unwrap().accepted.push(taken);
        Ok(Receipt { id: self.id })
    }
}

impl Drop for Basket {
    fn drop(&mut self) {
        if self.taken.is_some() {
            self.record.lock().unwrap().dropped += 1;
        }
    }
}

/// The client's end of a session.
struct Client<S> {
    stream: S,
    read: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    fn new(stream: S) -> Self {
        Self {
            stream,
            read: Vec::new(),
        }
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next reply, of one line or several, without its last CRLF.
    async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let line = self.line().await.expect("a reply");
            let last = line.as_bytes().get(3) == Some(&b' ');
            reply.push_str(&line);
            if last {
                return reply.trim_end().to_owned();
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.read.drain(..end + 2).collect();
                return Some(String::from_utf8(line).unwrap());
            }
            if self.stream.read_buf(&mut self.read).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// Sends a line and takes the reply.
    async fn ask(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n")).await;
        self.reply().await
    }

    /// Sends a line and takes the reply, which must begin with `expected`.
    async fn expect(&mut self, line: &str, expected: &str) {
        let reply = self.ask(line).await;
        assert!(reply.starts_with(expected), "{line}: {reply}");
    }

    /// The connection must end here.
    async fn expect_closed(&mut self) {
        assert_eq!(self.line().await, None);
    }

    /// Greets, signs in as `scan`, and opens a transaction from `sender` to one recipient.
    async fn begin(&mut self, sender: &str) {
        self.sign_in().await;
        self.expect(&format!("MAIL FROM:<{sender}>"), "250 2.1.0")
            .await;
        self.expect("RCPT TO:<b@acme.example>", "250 2.1.5").await;
    }

    /// Greets and signs in as `scan`.
    async fn sign_in(&mut self) {
        self.expect("EHLO printer", "250").await;
        self.expect("AUTH PLAIN AHNjYW4AZ2VoZWlt", "235 2.7.0")
            .await;
    }

    /// Takes the greeting, then greets and signs in.
    async fn sign_in_after_greeting(&mut self) {
        assert!(self.reply().await.starts_with("220"));
        self.sign_in().await;
    }

    /// Sends one whole mail, which must be taken.
    async fn mail(&mut self, sender: &str, body: &str) {
        self.expect(&format!("MAIL FROM:<{sender}>"), "250").await;
        self.expect("RCPT TO:<b@acme.example>", "250").await;
        self.expect("DATA", "354").await;
        self.expect(&format!("{body}\r\n."), "250 2.0.0 Ok: queued as ")
            .await;
    }
}

/// A session to be started.
struct Start {
    offer: Offer,
    tls: bool,
    timeouts: Timeouts,
    caps: Caps,
}

impl Start {
    fn encrypted() -> Self {
        Self {
            offer: Offer {
                start_tls: false,
                sign_in: true,
                by_address: false,
            },
            tls: true,
            timeouts: Timeouts::default(),
            caps: Caps::default(),
        }
    }

    fn clear() -> Self {
        Self {
            offer: Offer {
                start_tls: true,
                sign_in: false,
                by_address: false,
            },
            tls: false,
            ..Self::encrypted()
        }
    }

    /// Runs the session on `stream`.
    fn on<S>(self, stream: S) -> Running<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let fake = Arc::new(Fake::default());
        let shutdown = CancellationToken::new();
        let door = Arc::new(Door {
            backend: Arc::clone(&fake),
            hostname: "relay.example".to_owned(),
            timeouts: self.timeouts,
            caps: self.caps,
        });
        let peer = Peer {
            remote: "192.0.2.7:40000".parse().unwrap(),
            listener: "test".into(),
            helo: String::new(),
            tls: self.tls.then(|| TlsSummary {
                version: "TLSv1.3",
                cipher: "TLS_AES_128_GCM_SHA256".to_owned(),
            }),
            protocol: Protocol::Smtp,
        };
        let permit = Admission::new(&door.caps).admit(peer.remote.ip()).unwrap();
        let permit = Arc::new(permit);
        let taken = Taken {
            permit: Arc::clone(&permit),
            opened: Instant::now(),
        };
        let connection = Connection::new(
            stream,
            (Arc::new(Grammar::new::<Fake>()), door),
            (peer, self.offer),
            taken,
            shutdown.clone(),
        );
        Running {
            fake,
            shutdown,
            permit,
            ending: tokio::spawn(connection.greet_and_run()),
        }
    }

    /// Runs the session and takes its greeting.
    async fn talk(self) -> (Client<DuplexStream>, Running<DuplexStream>) {
        let (ours, theirs) = duplex(1 << 20);
        let running = self.on(theirs);
        let mut client = Client::new(ours);
        assert_eq!(client.reply().await, "220 relay.example ESMTP relayd");
        (client, running)
    }
}

/// A session that runs.
struct Running<S> {
    fake: Arc<Fake>,
    shutdown: CancellationToken,
    permit: Arc<Permit>,
    ending: JoinHandle<Ending<S>>,
}
