//! From a host name to a signed-in connection, one timed step after the other.
//!
//! The plaintext phase before STARTTLS is ours: lettre keeps bytes it has buffered before the
//! handshake and would take them for replies of the encrypted session (response injection,
//! CVE-2021-33515 and its kin). Here anything that comes after the reply to STARTTLS, or unasked,
//! ends the connection. lettre gets the encrypted stream with the greeting replayed.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lettre::transport::smtp::{client::AsyncSmtpConnection, extension::ClientId};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;

use super::{
    AccessToken, Exchanger, Setback, Settings, TokenSource, Verdict,
    capabilities::Capabilities,
    check::Step,
    classify::{self, Stage},
    exchangers, oauth,
    smtp::{Way, literal},
    wire::{Stream, Wire},
    xoauth2,
};
use crate::model::{Reason, RemoteReply, Route, Secret, Security};

/// Longest plaintext dialogue before STARTTLS.
const MAX_PREAMBLE: usize = 32 * 1024;

/// A connection that is ready for mail.
pub(super) struct Dialled {
    /// The name of the server.
    pub(super) host: String,
    pub(super) smtp: AsyncSmtpConnection,
    pub(super) wire: Wire,
    pub(super) capabilities: Capabilities,
}

/// What an attempt to connect needs to know.
#[derive(Clone, Copy)]
pub(super) struct Dial<'a> {
    pub(super) route: &'a Route,
    pub(super) settings: &'a Settings,
    pub(super) way: &'a Way,
}

/// A server at hand.
#[derive(Clone, Copy)]
struct Host<'a> {
    dial: Dial<'a>,
    name: &'a str,
    /// Where it is, where that is known already.
    addresses: &'a [IpAddr],
}

/// What a step gave, and a word on it for the person who asked for a check.
pub(super) type Done<T> = Result<(T, String), Setback>;

impl Dial<'_> {
    /// All steps up to a connection that takes mail. Each is noted in `steps`; when one fails it
    /// is the last. The token comes first: without one, nobody is disturbed.
    pub(super) async fn run(self, steps: &mut Vec<Step>) -> Result<Dialled, Setback> {
        let token = match self.way.tokens.as_deref() {
            Some(source) => Some((source, note(steps, "token", self.token(source)).await?)),
            None => None,
        };
        let mut missed = String::new();
        let mut servers = self.servers(steps).await?.into_iter().peekable();
        while let Some(server) = servers.next() {
            let host = Host {
                dial: self,
                name: &server.host,
                addresses: &server.addresses,
            };
            let before = steps.len();
            match host.reach_by_name(steps).await {
                Ok(tcp) => {
                    if let Some(step) = steps.last_mut() {
                        step.detail.push_str(&missed);
                    }
                    let mut dialled = host.greet_under_tls(tcp, steps).await?;
                    self.sign_in_with(token, &mut dialled, steps).await?;
                    return Ok(dialled);
                }
                Err(setback) if servers.peek().is_none() => return Err(setback),
                Err(setback) => {
                    steps.truncate(before);
                    missed = format!("{missed}; instead of {setback}");
                }
            }
        }
        Err(classify::lost(Stage::Connect, "no server"))
    }

    /// DNS, TCP and TLS, for a server that speaks something else than SMTP behind them.
    pub(super) async fn reach_encrypted(self, steps: &mut Vec<Step>) -> Result<(), Setback> {
        let host = Host {
            dial: self,
            name: &self.route.server,
            addresses: &[],
        };
        let tcp = host.reach_by_name(steps).await?;
        note(steps, "tls", host.encrypt(tcp, Vec::new())).await?;
        Ok(())
    }

    async fn token(self, source: &dyn TokenSource) -> Done<AccessToken> {
        let token = source.token().await?;
        let told = oauth::describe(self.route, token.token.expose(), token.expires_at);
        Ok((token, told))
    }

    /// The servers to try: the one of the route, or those that DNS names.
    async fn servers(self, steps: &mut Vec<Step>) -> Result<Vec<Exchanger>, Setback> {
        match &self.route.mx_of {
            Some(domain) if self.route.server.is_empty() => {
                let found = async {
                    let looking = exchangers::look_up(self.way.exchangers.as_ref(), domain);
                    let found = looking.await?;
                    let names: Vec<_> = found.iter().map(|it| it.host.as_str()).collect();
                    let told = format!("{domain}: {}", names.join(", "));
                    Ok((found, told))
                };
                note(steps, "mx", found).await
            }
            _ => Ok(vec![Exchanger {
                preference: 0,
                host: self.route.server.clone(),
                addresses: Vec::new(),
            }]),
        }
    }

    async fn sign_in_with(
        self,
        token: Option<(&dyn TokenSource, AccessToken)>,
        dialled: &mut Dialled,
        steps: &mut Vec<Step>,
    ) -> Result<(), Setback> {
        if let Some((source, token)) = token {
            let signing_in = xoauth2::sign_in(self, dialled, source, token);
            note(steps, "sign-in", signing_in).await?;
        } else if !self.route.mailbox.is_empty() {
            note(steps, "sign-in", self.sign_in(dialled)).await?;
        }
        Ok(())
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
}

impl Host<'_> {
    async fn reach_by_name(self, steps: &mut Vec<Step>) -> Result<TcpStream, Setback> {
        let addresses = note(steps, "dns", self.resolve()).await?;
        note(steps, "connect", self.reach(&addresses)).await
    }

    async fn greet_under_tls(
        self,
        tcp: TcpStream,
        steps: &mut Vec<Step>,
    ) -> Result<Dialled, Setback> {
        let wire = match self.dial.route.security {
            Security::None => Wire::new(Stream::Plain(tcp), Vec::new()),
            Security::Implicit => note(steps, "tls", self.encrypt(tcp, Vec::new())).await?,
            Security::StartTls => note(steps, "starttls", self.start_tls(tcp)).await?,
        };
        note(steps, "greeting", self.greet(wire)).await
    }

    async fn resolve(self) -> Done<Vec<SocketAddr>> {
        let addresses = if self.addresses.is_empty() {
            let host = (self.name, self.dial.route.port);
            let found = bounded(self.dial.settings.connect, tokio::net::lookup_host(host)).await;
            found
                .map_err(|error| self.unreachable("its name cannot be resolved", &error))?
                .collect()
        } else {
            let at = |address: &IpAddr| SocketAddr::from((*address, self.dial.route.port));
            self.addresses.iter().map(at).collect::<Vec<_>>()
        };
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
            let attempt = bounded(self.dial.settings.connect, TcpStream::connect(address)).await;
            match attempt.and_then(|tcp| tcp.set_nodelay(true).map(|()| tcp)) {
                Ok(tcp) => return Ok((tcp, address.to_string())),
                Err(error) => last = Some(self.unreachable("no connection", &error)),
            }
        }
        let failed = last.unwrap_or_else(|| self.unreachable("no connection", &"no address"));
        Err(failed.outward(self.dial.route.port))
    }

    async fn start_tls(self, mut tcp: TcpStream) -> Done<Wire> {
        let preamble = self.negotiate(&mut tcp);
        let greeting = timeout(self.dial.settings.greeting, preamble)
            .await
            .map_err(|_| self.unreachable("STARTTLS", &"no answer in time"))??;
        self.encrypt(tcp, greeting).await
    }

    /// Greeting, EHLO and STARTTLS in the clear; gives the greeting, for lettre to read again.
    async fn negotiate(self, tcp: &mut TcpStream) -> Result<Vec<u8>, Setback> {
        let greeting = self.exchange(tcp, "", 220).await?;
        let hello = format!("EHLO {}\r\n", self.dial.settings.hello_name);
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
        let name = ServerName::try_from(self.name.to_owned())
            .map_err(|_| self.insecure("the name of the server cannot stand in a certificate"))?;
        let handshake = TlsConnector::from(Arc::clone(&self.dial.way.tls)).connect(name, tcp);
        let stream = bounded(self.dial.settings.tls, handshake)
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
        let hello = ClientId::Domain(self.dial.settings.hello_name.clone());
        let connecting =
            AsyncSmtpConnection::connect_with_transport(Box::new(wire.clone()), &hello);
        let smtp = match timeout(self.dial.settings.greeting, connecting).await {
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
            host: self.name.to_owned(),
            smtp,
            wire,
            capabilities,
        };
        Ok((dialled, greeting))
    }

    fn unreachable(self, what: &str, why: &dyn std::fmt::Display) -> Setback {
        let (server, port) = (self.name, self.dial.route.port);
        classify::lost(Stage::Connect, format!("{server}:{port}: {what} ({why})"))
    }

    /// Not encrypted as the route demands. Tried again, since certificates get renewed.
    fn insecure(self, why: &str) -> Setback {
        Setback::new(
            Verdict::Retry,
            Reason::RouteTlsFailed,
            format!("{}:{}: {why}", self.name, self.dial.route.port),
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
