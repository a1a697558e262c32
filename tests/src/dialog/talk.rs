//! Plays one dialogue on a connection of its own.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use tokio::{net::TcpSocket, time::timeout};

use super::{
    script::{Action, Script},
    stage::Stage,
    text::Pattern,
};
use crate::{tls, wire::Wire};

/// Long enough for anything that comes at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of a dialogue.
#[derive(Debug)]
pub struct Talk {
    /// Where it came from.
    pub client: IpAddr,
    /// Queue ids, in the order of their 250.
    pub accepted: Vec<String>,
    /// Reasons in brackets, in the order of their replies.
    pub refused: Vec<String>,
}

/// Where a dialogue went another way.
#[derive(Debug)]
pub struct Failure {
    /// What was expected and what came.
    pub what: String,
    /// The dialogue so far.
    pub transcript: Vec<String>,
}

/// Plays a script against the listener at `server`, from `client`.
pub async fn play(script: &Script, server: SocketAddr, client: IpAddr) -> Result<Talk, Failure> {
    let mut player = match Player::connect(server, client).await {
        Ok(player) => player,
        Err(error) => {
            return Err(Failure {
                what: format!("connecting from {client}: {error}"),
                transcript: Vec::new(),
            });
        }
    };
    match player.play(script).await {
        Ok(()) => Ok(Talk {
            client,
            accepted: player.accepted,
            refused: player.refused,
        }),
        Err(what) => Err(Failure {
            what,
            transcript: player.transcript,
        }),
    }
}

struct Player {
    wire: Wire,
    transcript: Vec<String>,
    accepted: Vec<String>,
    refused: Vec<String>,
}

impl Player {
    async fn connect(server: SocketAddr, client: IpAddr) -> io::Result<Self> {
        let socket = match client {
            IpAddr::V4(_) => TcpSocket::new_v4()?,
            IpAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.bind((client, 0).into())?;
        Ok(Self {
            wire: Wire::new(socket.connect(server).await?)?,
            transcript: Vec::new(),
            accepted: Vec::new(),
            refused: Vec::new(),
        })
    }

    async fn play(&mut self, script: &Script) -> Result<(), String> {
        if let Some(user) = &script.user {
            self.begin(&script.listener, user).await?;
        }
        for step in &script.steps {
            let done = match &step.action {
                Action::Send(bytes) => {
                    self.say(bytes);
                    Ok(())
                }
                Action::Expect(pattern) => self.expect(pattern).await,
                Action::Encrypt => self.encrypt().await,
                Action::HangUp => self.wire.shutdown().await.map_err(|e| e.to_string()),
                Action::Closed => self.closed().await,
            };
            done.map_err(|what| format!("line {}: {what}", step.line))?;
        }
        // What was said last is heard, too; a relayd that has closed need not hear it.
        let _ = self.wire.flush().await;
        Ok(())
    }

    /// Greets, encrypts where the listener can, and signs in.
    async fn begin(&mut self, listener: &str, user: &str) -> Result<(), String> {
        let hello = |player: &mut Self| player.say(b"EHLO device.example\r\n");
        if listener == "submissions" {
            self.encrypt().await?;
        }
        self.reply("220").await?;
        if listener == "submission" {
            hello(self);
            self.reply("250").await?;
            self.say(b"STARTTLS\r\n");
            self.reply("220").await?;
            self.encrypt().await?;
        }
        hello(self);
        self.reply("250").await?;
        let initial = BASE64.encode(format!("\0{user}\0{}", Stage::PASSWORD));
        self.say(format!("AUTH PLAIN {initial}\r\n").as_bytes());
        self.reply("235").await
    }

    /// Leaves with the next thing that waits: lines that follow each other go in one write.
    fn say(&mut self, bytes: &[u8]) {
        let shown: String = bytes.escape_ascii().to_string().chars().take(300).collect();
        self.transcript.push(format!("C: {shown}"));
        self.wire.say_bytes(bytes);
    }

    async fn expect(&mut self, pattern: &Pattern) -> Result<(), String> {
        if let Some(code) = pattern.whole_reply() {
            return self.reply(code).await;
        }
        let line = self.line().await?;
        if pattern.matches(&line) {
            return Ok(());
        }
        Err(format!("expected {}", pattern.shown))
    }

    /// A reply of any number of lines with this code.
    async fn reply(&mut self, code: &str) -> Result<(), String> {
        loop {
            let line = self.line().await?;
            if !line.starts_with(code.as_bytes()) {
                return Err(format!("expected a reply with {code}"));
            }
            if line.get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }

    async fn line(&mut self) -> Result<Vec<u8>, String> {
        let line = timeout(PATIENCE, self.wire.line()).await;
        let line = line.map_err(|_| "nothing came")?;
        let line = line.map_err(|error| format!("the connection ended: {error}"))?;
        let text = String::from_utf8_lossy(&line);
        self.transcript.push(format!("S: {text}"));
        if let Some((_, id)) = text.split_once("Ok: queued as ") {
            self.accepted.push(id.to_owned());
        }
        self.refused.extend(reason(&text).map(str::to_owned));
        Ok(line.to_vec())
    }

    async fn encrypt(&mut self) -> Result<(), String> {
        self.transcript.push("TLS".to_owned());
        let config = tls::trusting_client_config().map_err(|error| error.to_string())?;
        let name = "localhost".try_into().map_err(|_| "no host name")?;
        let handshake = timeout(PATIENCE, self.wire.connect_tls(&config, name)).await;
        handshake
            .map_err(|_| "the handshake does not end".to_owned())?
            .map_err(|error| format!("the handshake failed: {error}"))
    }

    async fn closed(&mut self) -> Result<(), String> {
        let line = timeout(PATIENCE, self.wire.line()).await;
        match line.map_err(|_| "the connection stays open")? {
            Err(_) => Ok(()),
            Ok(line) => {
                let text = String::from_utf8_lossy(&line);
                self.transcript.push(format!("S: {text}"));
                Err("expected the end of the connection".to_owned())
            }
        }
    }
}

/// The code of a reason at the end of a reply.
fn reason(line: &str) -> Option<&str> {
    let refused = line.starts_with(['4', '5']);
    let (_, code) = line.strip_suffix(']')?.rsplit_once('[')?;
    let lawful = code
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (refused && lawful && !code.is_empty()).then_some(code)
}
