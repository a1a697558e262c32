//! Drives one session over a byte stream: reads, hands lines to the engine and bodies to their
//! sink, writes what is to be said, and keeps every wait short.
//!
//! Replies to commands that came together leave together (RFC 2920), in one write: two small
//! writes in a row cost 40 ms through Nagle's algorithm and delayed acknowledgement.

use std::{io, sync::Arc, time::Duration};

use samotop_core::smtp::DriverControl;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Backend, Offer, Peer,
    admission::Permit,
    body::{Framing, Intake},
    engine::{Engine, Grammar},
    line::{Line, Received},
    session::Door,
};
use crate::model::{Reason, Refusal};

/// How much is read at once while commands come, and while a body comes.
const COMMAND_READ: usize = 1024;
const BODY_READ: usize = 32 * 1024;
/// Replies that may pile up before a client must take them.
const OUTPUT_LIMIT: usize = 16 * 1024;
/// What an idle session keeps for its next replies.
const IDLE_OUTPUT: usize = 1024;
/// How long the client may take to hang up after our last word.
pub(super) const LINGER: Duration = Duration::from_millis(500);

/// How a connection ended.
#[derive(Debug)]
pub(super) enum Ending<S> {
    /// For good.
    Closed,
    /// The client was told to begin its TLS handshake on this stream.
    StartTls(S),
}

/// Why the dialogue cannot go on.
enum Halt {
    /// The last reply is said: hang up.
    Done,
    /// STARTTLS.
    StartTls,
    /// The client is gone, or does not take its replies.
    Gone,
    /// The session ends for this reason.
    Because(Reason),
}

impl From<io::Error> for Halt {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// When and on whose account a connection was taken.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) permit: Arc<Permit>,
    pub(super) opened: Instant,
}

/// One connection, in the clear or encrypted.
pub(super) struct Connection<S, B: Backend> {
    stream: S,
    received: Received,
    engine: Engine<B>,
    output: Vec<u8>,
    door: Arc<Door<B>>,
    shutdown: CancellationToken,
    taken: Taken,
    /// Bytes read while the client is a stranger.
    read: usize,
    /// By when the line that is waited for must be complete.
    line_due: Option<Instant>,
}

impl<S, B> Connection<S, B>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    B: Backend,
{
    /// A connection that was taken so.
    pub(super) fn new(
        stream: S,
        (grammar, door): (Arc<Grammar>, Arc<Door<B>>),
        (peer, offer): (Peer, Offer),
        taken: Taken,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            stream,
            received: Received::default(),
            engine: Engine::new(grammar, Arc::clone(&door), peer, offer),
            output: Vec::new(),
            door,
            shutdown,
            taken,
            read: 0,
            line_due: None,
        }
    }

    /// Says 220 and serves the client to its end.
    pub(super) async fn greet_and_run(mut self) -> Ending<S> {
        self.engine.greet();
        self.run().await
    }

    /// Serves a client that was greeted already.
    pub(super) async fn run(mut self) -> Ending<S> {
        let halt = loop {
            if let Err(halt) = self.advance().await {
                break halt;
            }
        };
        match halt {
            Halt::StartTls => return Ending::StartTls(self.stream),
            Halt::Gone => return Ending::Closed,
            Halt::Done => self.hang_up().await,
            Halt::Because(reason) => {
                self.engine.end(&reason.into());
                // The only control that can follow is the one that brought us here.
                let _ = self.collect().await;
                match reason {
                    // Its place is needed: not a moment longer than the last words take.
                    Reason::TooManyConnections => drop(self.flush().await),
                    _ => self.hang_up().await,
                }
            }
        }
        Ending::Closed
    }

    /// One round: what is to be said, then the next body or line, then the next bytes.
    async fn advance(&mut self) -> Result<(), Halt> {
        self.collect().await?;
        if let Some((framing, intake)) = self.engine.take_body() {
            return self.receive(framing, intake).await;
        }
        if self.received.begins_tls() {
            return Err(Halt::Because(Reason::TlsOnPlainPort));
        }
        let Some(line) = self.received.next_line(self.engine.expects_response()) else {
            // Set once for each line, so that bytes that trickle in buy no time.
            let computed = self.command_deadline();
            let deadline = *self.line_due.get_or_insert(computed);
            let idle = !self.engine.in_transaction();
            return self.fill(COMMAND_READ, deadline, idle).await;
        };
        self.line_due = None;
        match line {
            Line::Complete(mut line) => {
                let pipelined = !self.received.is_empty();
                self.engine.line(&mut line, pipelined).await;
                if self.engine.is_known() {
                    self.taken.permit.sign_in();
                }
            }
            Line::TooLong => self.engine.line_too_long(),
            Line::BareLf => {
                let detail = "lines end with CRLF, not LF";
                self.engine.end(&Refusal::new(Reason::SyntaxError, detail));
            }
        }
        Ok(())
    }

    /// Gathers replies; carries out what else the engine asks for.
    async fn collect(&mut self) -> Result<(), Halt> {
        for control in self.engine.take_output() {
            match control {
                DriverControl::Response(reply) => self.output.extend_from_slice(&reply),
                DriverControl::StartTls => {
                    self.flush().await?;
                    return Err(Halt::StartTls);
                }
                DriverControl::Shutdown => return Err(Halt::Done),
            }
        }
        if self.output.len() > OUTPUT_LIMIT {
            self.flush().await?;
        }
        Ok(())
    }

    async fn receive(&mut self, framing: Framing, mut intake: Intake<B::Sink>) -> Result<(), Halt> {
        let outcome = match framing {
            Framing::Dots => self.receive_data(&mut intake).await,
            Framing::Chunk { size, .. } => self.receive_chunk(&mut intake, size).await,
        };
        match outcome {
            Ok(()) => self.engine.received(framing, intake).await,
            // A client that ends its lines with LF waits for a reply while we wait for
            // CRLF.CRLF: it shall learn why.
            Err(Halt::Because(Reason::Timeout)) if intake.refusal().is_some() => {
                self.engine.received(framing, intake).await;
                self.collect().await?;
                return Err(Halt::Because(Reason::Timeout));
            }
            Err(halt) => return Err(halt),
        }
        Ok(())
    }

    async fn receive_data(&mut self, intake: &mut Intake<B::Sink>) -> Result<(), Halt> {
        loop {
            let decoded = intake.take_data(self.received.bytes());
            self.received.consume(decoded.used);
            intake.pass_on(self.door.timeouts.backend).await;
            if decoded.ended {
                return Ok(());
            }
            let deadline = self.body_deadline(intake);
            self.fill(BODY_READ, deadline, false).await?;
        }
    }

    async fn receive_chunk(
        &mut self,
        intake: &mut Intake<B::Sink>,
        mut missing: u64,
    ) -> Result<(), Halt> {
        loop {
            let bytes = self.received.bytes();
            let wanted = usize::try_from(missing).unwrap_or(usize::MAX);
            let part = bytes.get(..wanted).unwrap_or(bytes);
            let taken = part.len();
            intake.take_chunk(part);
            self.received.consume(taken);
            missing -= taken as u64;
            intake.pass_on(self.door.timeouts.backend).await;
            if missing == 0 {
                return Ok(());
            }
            let deadline = self.body_deadline(intake);
            self.fill(BODY_READ, deadline, false).await?;
        }
    }

    /// Says everything, then waits for more bytes.
    async fn fill(&mut self, room: usize, deadline: Instant, idle: bool) -> Result<(), Halt> {
        self.flush().await?;
        let is_stranger = !self.engine.is_known();
        if is_stranger && self.read > self.door.caps.stranger_bytes {
            return Err(Halt::Because(Reason::TooManyErrors));
        }
        let buffer = self.received.reserve(room);
        let read = tokio::select! {
            biased;
            read = self.stream.read_buf(buffer) => read?,
            () = self.shutdown.cancelled(), if idle => {
                return Err(Halt::Because(Reason::ShuttingDown));
            }
            () = self.taken.permit.evicted(), if is_stranger => {
                return Err(Halt::Because(Reason::TooManyConnections));
            }
            () = sleep_until(deadline) => return Err(Halt::Because(Reason::Timeout)),
        };
        self.read = self.read.saturating_add(read);
        if read == 0 { Err(Halt::Gone) } else { Ok(()) }
    }

    fn command_deadline(&self) -> Instant {
        self.bounded(Instant::now() + self.door.timeouts.command)
    }

    fn body_deadline(&self, intake: &Intake<B::Sink>) -> Instant {
        self.bounded(intake.deadline(&self.door.timeouts))
    }

    /// Strangers get little time in all, however they spend it.
    fn bounded(&self, deadline: Instant) -> Instant {
        if self.engine.is_known() {
            return deadline;
        }
        deadline.min(self.taken.opened + self.door.timeouts.sign_in)
    }

    async fn flush(&mut self) -> Result<(), Halt> {
        if self.output.is_empty() {
            return Ok(());
        }
        let writing = async {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await
        };
        timeout(self.door.timeouts.reply, writing)
            .await
            .map_err(|_| Halt::Gone)??;
        if self.output.capacity() > IDLE_OUTPUT {
            self.output = Vec::new();
        }
        self.output.clear();
        Ok(())
    }

    /// Sends the last words, then waits a moment for the client to close.
    async fn hang_up(&mut self) {
        if self.flush().await.is_ok() {
            // Whether the client closes in time changes nothing any more.
            let _ = timeout(LINGER, part(&mut self.stream)).await;
        }
    }
}

/// Closes our side and reads until the client has closed its own: closing a socket with unread
/// input would reset the connection and could take the last reply with it. Waits as long as the
/// client does; the caller sets a deadline, [`LINGER`].
pub(super) async fn part<S>(stream: &mut S) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.shutdown().await?;
    let mut unread = Vec::with_capacity(COMMAND_READ);
    while stream.read_buf(&mut unread).await? > 0 {
        unread.clear();
    }
    Ok(())
}
