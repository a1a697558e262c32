//! From a host name to a signed-in connection, one timed step after the other.
//!
//! The plaintext phase before STARTTLS is ours: lettre keeps bytes it has buffered before the
//! handshake and would take them for replies of the encrypted session (response injection,
//! CVE-2021-33515 and its kin). Here anything that comes after the reply to STARTTLS, or unasked,
//! ends the connection. lettre gets the encrypted stream with the greeting replayed.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lettre::transport::smtp::{client::AsyncSmtpConnection, extension::ClientId};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;

use super::{
    Setback, Settings, Verdict,
    capabilities::Capabilities,
    check::Step,
    classify::{self, Stage},
    smtp::literal,
    wire::{Stream, Wire},
};
use crate::model::{Reason, RemoteReply, Route, Secret, Security};

/// Longest plaintext dialogue before STARTTLS.
const MAX_PREAMBLE: usize = 32 * 1024;

/// A connection that is ready for mail.
pub(super) struct Dialled {
    pub(super) smtp: AsyncSmtpConnection,
    pub(super) wire: Wire,
    pub(super) capabilities: Capabilities,
}

/// What an attempt to connect needs to know.
#[derive(Clone, Copy)]
pub(super) struct Dial<'a> {
    pub(super) route: &'a Route,
    pub(super) settings: &'a Settings,
    pub(super) tls: &'a Arc<ClientConfig>,
}

/// What a step gave, and a word on it for the person who asked for a check.
type Done<T> = Result<(T, String), Setback>;

impl Dial<'_> {
    /// All steps up to a connection that takes mail. Each is noted in `steps`; when one fails it
    /// is the last.
    pub(super) async fn run(self, steps: &mut Vec<Step>) -> Result<Dialled, Setback> {
        let addresses = note(steps, "dns", self.resolve()).await?;
        let tcp = note(steps, "connect", self.reach(&addresses)).await?;
        let wire = match self.route.security {
            Security::None => Wire::new(Stream::Plain(tcp), Vec::new()),
            Security::Implicit => note(steps, "tls", self.encrypt(tcp, Vec::new())).await?,
            Security::StartTls => note(steps, "starttls", self.start_tls(tcp)).await?,
        };
        let mut dialled = note(steps, "greeting", self.greet(wire)).await?;
        if !self.route.mailbox.is_empty() {
            note(steps, "sign-in", self.sign_in(&mut dialled)).await?;
        }
        Ok(dialled)
    }

    /// DNS, TCP and TLS, for a server that speaks something else than SMTP behind them.
    pub(super) async fn reach_encrypted(self, steps: &mut Vec<Step>) -> Result<(), Setback> {
        let addresses = note(steps, "dns", self.resolve()).await?;
        let tcp = note(steps, "connect", self.reach(&addresses)).await?;
        note(steps, "tls", self.encrypt(tcp, Vec::new())).await?;
        Ok(())
    }

    async fn resolve(self) -> Done<Vec<SocketAddr>> {
        let host = (self.route.server.as_str(), self.route.port);
        let found = bounded(self.settings.connect, tokio::net::lookup_host(host)).await;
        let addresses: Vec<_> = found
            .map_err(|error| self.unreachable("its name cannot be resolved", &error))?
            .collect();
        if addresses.is_empty() {
            return Err(self.unreachable("its name has no address", &"none found"));
        }
        let list: Vec<_> = addresses
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        Ok((addresses, list.join(", ")))
    }

    /// The first address that answers. `TCP_NODELAY` is set before anything is sent: two small
    /// writes in a row would otherwise wait 40 ms for a delayed acknowledgement.
    async fn reach(self, addresses: &[SocketAddr]) -> Done<TcpStream> {
        let mut last = None;
        for address in addresses {
            let attempt = bounded(self.settings.connect, TcpStream::connect(address)).await;
            match attempt.and_then(|tcp| tcp.set_nodelay(true).map(|()| tcp)) {
                Ok(tcp) => return Ok((tcp, address.to_string())),
                Err(error) => last = Some(self.unreachable("no connection", &error)),
            }
        }
        Err(last.unwrap_or_else(|| self.unreachable("no connection", &"no address")))
    }

    async fn start_tls(self, mut tcp: TcpStream) -> Done<Wire> {
        let preamble = self.negotiate(&mut tcp);
        let greeting = timeout(self.settings.greeting, preamble)
            .await
            .map_err(|_| self.unreachable("STARTTLS", &"no answer in time"))??;
        self.encrypt(tcp, greeting).await
    }

    /// Greeting, EHLO and STARTTLS in the clear; gives the greeting, for lettre to read again.
    async fn negotiate(self, tcp: &mut TcpStream) -> Result<Vec<u8>, Setback> {
        let greeting = self.exchange(tcp, "", 220).await?;
        let hello = format!("EHLO {}\r\n", self.settings.hello_name);
        let offer = self.exchange(tcp, &hello, 250).await?;
        if !Capabilities::read(&String::from_utf8_lossy(&offer)).starttls {
            return Err(
                self.insecure("the server does not offer STARTTLS, which the route requires")
            );
        }
        self.exchange(tcp, "STARTTLS\r\n", 220).await?;
        Ok(greeting)
    }

    /// Sends a command, if any, and reads exactly one reply of the code `wanted`.
    async fn exchange(
        self,
        tcp: &mut TcpStream,
        command: &str,
        wanted: u16,
    ) -> Result<Vec<u8>, Setback> {
        let broken = |error: io::Error| self.unreachable("the connection broke", &error);
        tcp.write_all(command.as_bytes()).await.map_err(broken)?;
        let mut heard = Vec::with_capacity(512);
        let end = loop {
            if let Some(end) = end_of_reply(&heard) {
                break end;
            }
            let read = tcp.read_buf(&mut heard).await.map_err(broken)?;
            if read == 0 || heard.len() > MAX_PREAMBLE {
                return Err(self.unreachable("the server", &"ended the connection"));
            }
        };
        if heard.len() > end {
            return Err(self.insecure("the server sent more than its reply before TLS began"));
        }
        let reply = plain_reply(&heard);
        match reply.code {
            code if code == wanted => Ok(heard),
            200..=599 => Err(classify::judge(Stage::Connect, reply)),
            _ => Err(self.unreachable("no SMTP server", &reply.text)),
        }
    }

    async fn encrypt(self, tcp: TcpStream, replay: Vec<u8>) -> Done<Wire> {
        let name = ServerName::try_from(self.route.server.clone())
            .map_err(|_| self.insecure("the name of the server cannot stand in a certificate"))?;
        let handshake = TlsConnector::from(Arc::clone(self.tls)).connect(name, tcp);
        let stream = bounded(self.settings.tls, handshake)
            .await
            .map_err(|error| self.insecure(&error.to_string()))?;
        let session = stream.get_ref().1;
        let detail = format!(
            "{:?} {:?}",
            session
                .protocol_version()
                .unwrap_or(rustls::ProtocolVersion::Unknown(0)),
            session
                .negotiated_cipher_suite()
                .map_or(rustls::CipherSuite::Unknown(0), |suite| suite.suite()),
        );
        Ok((Wire::new(Stream::Tls(Box::new(stream)), replay), detail))
    }

    async fn greet(self, wire: Wire) -> Done<Dialled> {
        let hello = ClientId::Domain(self.settings.hello_name.clone());
        let connecting =
            AsyncSmtpConnection::connect_with_transport(Box::new(wire.clone()), &hello);
        let smtp = match timeout(self.settings.greeting, connecting).await {
            Ok(Ok(smtp)) => smtp,
            Ok(Err(error)) => {
                return Err(match literal(Err(error)) {
                    Ok(reply) => classify::judge(Stage::Connect, reply),
                    Err(detail) => self.unreachable("the greeting", &detail),
                });
            }
            Err(_) => return Err(self.unreachable("the greeting", &"no answer in time")),
        };
        let heard = wire.heard();
        let capabilities = Capabilities::read(&heard);
        let greeting = heard.lines().next().unwrap_or_default().to_owned();
        let dialled = Dialled {
            smtp,
            wire,
            capabilities,
        };
        Ok((dialled, greeting))
    }

    /// PLAIN or LOGIN as offered (RFC 4954). The dialogue is ours, since lettre takes keywords in
    /// upper case only, and LOGIN challenges in two spellings only; they carry no information.
    async fn sign_in(self, dialled: &mut Dialled) -> Done<()> {
        let password = self.route.password.as_ref().map_or("", Secret::expose);
        let mailbox = self.route.mailbox.as_str();
        let offered = &dialled.capabilities;
        let (mechanism, lines) = if offered.auth_plain {
            let response = BASE64_STANDARD.encode(format!("\0{mailbox}\0{password}"));
            ("PLAIN", vec![format!("AUTH PLAIN {response}\r\n")])
        } else if offered.auth_login {
            let encode = |text: &str| format!("{}\r\n", BASE64_STANDARD.encode(text));
            let start = "AUTH LOGIN\r\n".to_owned();
            ("LOGIN", vec![start, encode(mailbox), encode(password)])
        } else {
            return Err(no_mechanism(&offered.auth_offer));
        };
        let last = lines.len() - 1;
        for (place, line) in lines.iter().enumerate() {
            let answer = timeout(self.settings.command, dialled.smtp.command(line))
                .await
                .map_err(|_| classify::lost(Stage::Auth, "no answer to AUTH in time"))?;
            let reply = literal(answer).map_err(|detail| classify::lost(Stage::Auth, detail))?;
            let wanted = if place == last { 235 } else { 334 };
            if reply.code != wanted {
                return Err(classify::judge(Stage::Auth, reply));
            }
        }
        Ok(((), format!("AUTH {mechanism} as {mailbox}")))
    }

    fn unreachable(self, what: &str, why: &dyn std::fmt::Display) -> Setback {
        let (server, port) = (&self.route.server, self.route.port);
        classify::lost(Stage::Connect, format!("{server}:{port}: {what} ({why})"))
    }

    /// Not encrypted as the route demands. Tried again, since certificates get renewed.
    fn insecure(self, why: &str) -> Setback {
        Setback::new(
            Verdict::Retry,
            Reason::RouteTlsFailed,
            format!("{}:{}: {why}", self.route.server, self.route.port),
        )
    }
}

fn no_mechanism(offer: &str) -> Setback {
    let offer = if offer.is_empty() { "no AUTH" } else { offer };
    Setback::new(
        Verdict::HoldCredentials,
        Reason::RouteMisconfigured,
        format!("the server offers {offer}, the route needs AUTH PLAIN or LOGIN"),
    )
}

/// Runs one step and writes down how it went.
pub(super) async fn note<T>(
    steps: &mut Vec<Step>,
    name: &'static str,
    step: impl Future<Output = Done<T>>,
) -> Result<T, Setback> {
    let started = Instant::now();
    let done = step.await;
    let elapsed = started.elapsed();
    let (ok, detail) = match &done {
        Ok((_, detail)) => (true, detail.clone()),
        Err(setback) => (false, setback.to_string()),
    };
    steps.push(Step {
        name,
        ok,
        detail,
        elapsed,
    });
    done.map(|(value, _)| value)
}

/// An operation of the network with a deadline.
async fn bounded<T>(
    deadline: Duration,
    operation: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    timeout(deadline, operation)
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "no answer in time")))
}

/// Where the first complete reply ends: behind the first line whose code is not followed by `-`.
fn end_of_reply(heard: &[u8]) -> Option<usize> {
    let mut end = 0;
    for line in heard.split_inclusive(|byte| *byte == b'\n') {
        end += line.len();
        if !line.ends_with(b"\n") {
            return None;
        }
        if line.get(3) != Some(&b'-') {
            return Some(end);
        }
    }
    None
}

/// A reply of the plaintext phase. What is no reply gets the code 0.
fn plain_reply(heard: &[u8]) -> RemoteReply {
    let text = String::from_utf8_lossy(heard);
    let code = text
        .get(..3)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.get(4..).unwrap_or_default().trim())
        .collect();
    RemoteReply {
        code,
        text: lines.join(" "),
    }
}
