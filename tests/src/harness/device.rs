//! A device that speaks SMTP word by word, for what ready-made clients do not let one say.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rustls::ClientConfig;
use tokio::net::{TcpSocket, TcpStream};

use super::UserAccess;
use crate::{load::send::Encryption, tls, wire::Wire};

/// An open session.
pub struct Device {
    wire: Wire,
}

/// A reply: its code and its last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Basic code.
    pub code: u16,
    /// The last line, code included.
    pub line: String,
}

impl Device {
    /// Connects, reads the greeting, says EHLO, and encrypts if asked to.
    pub async fn connect(server: SocketAddr, encryption: Encryption) -> Result<Self> {
        Self::open(server).await?.begin(encryption).await
    }

    /// Like [`Device::connect`], from another address of this machine (127.0.0.0/8).
    pub async fn connect_from(
        source: IpAddr,
        server: SocketAddr,
        encryption: Encryption,
    ) -> Result<Self> {
        Self::open_from(source, server)
            .await?
            .begin(encryption)
            .await
    }

    /// Reads the greeting, says EHLO, and encrypts if asked to.
    pub async fn begin(mut self, encryption: Encryption) -> Result<Self> {
        if encryption == Encryption::Implicit {
            self.encrypt().await?;
        }
        self.expect(220).await?;
        self.say("EHLO device.example", 250).await?;
        if encryption == Encryption::Starttls {
            self.say("STARTTLS", 220).await?;
            self.encrypt().await?;
            self.say("EHLO device.example", 250).await?;
        }
        Ok(self)
    }

    /// Connects and does no more.
    pub async fn open(server: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(server).await.context("connecting")?;
        Ok(Self {
            wire: Wire::new(socket)?,
        })
    }

    /// Connects from another loopback address, and does no more.
    pub async fn open_from(client: IpAddr, server: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((client, 0).into())?;
        let socket = socket.connect(server).await.context("connecting")?;
        Ok(Self {
            wire: Wire::new(socket)?,
        })
    }

    /// Begins TLS, taking any certificate.
    pub async fn encrypt(&mut self) -> Result<()> {
        let config = tls::trusting_client_config()?;
        let name = "localhost".try_into().context("a host name")?;
        Ok(self.wire.connect_tls(&config, name).await?)
    }

    /// Begins TLS with `localhost`, trusting whom these settings trust.
    pub async fn encrypt_trusting(&mut self, tls: &Arc<ClientConfig>) -> Result<()> {
        let name = "localhost".try_into().context("a host name")?;
        Ok(self.wire.connect_tls(tls, name).await?)
    }

    /// Connects by STARTTLS and signs in.
    pub async fn signed_in(server: SocketAddr, user: &UserAccess) -> Result<Self> {
        let mut device = Self::connect(server, Encryption::Starttls).await?;
        let reply = device.sign_in(&user.username, &user.password).await?;
        ensure!(reply.code == 235, "the sign-in was refused: {}", reply.line);
        Ok(device)
    }

    /// AUTH PLAIN.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> io::Result<Reply> {
        let initial = BASE64.encode(format!("\0{username}\0{password}"));
        self.command(&format!("AUTH PLAIN {initial}")).await
    }

    /// Sends a line and reads the reply.
    pub async fn command(&mut self, line: &str) -> io::Result<Reply> {
        self.wire.say(line);
        self.reply().await
    }

    /// Sends a line; any other reply than `code` is an error.
    pub async fn say(&mut self, line: &str, code: u16) -> Result<Reply> {
        self.wire.say(line);
        self.expect(code)
            .await
            .with_context(|| format!("after {line}"))
    }

    /// The next reply.
    pub async fn reply(&mut self) -> io::Result<Reply> {
        let (code, line) = self.wire.reply().await?;
        Ok(Reply { code, line })
    }

    /// The next line of a reply.
    pub async fn line(&mut self) -> io::Result<String> {
        let line = self.wire.line().await?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    async fn expect(&mut self, code: u16) -> Result<Reply> {
        let reply = self.reply().await?;
        ensure!(
            reply.code == code,
            "{code} was expected, not {}",
            reply.line
        );
        Ok(reply)
    }

    /// Sends bytes as they are.
    pub async fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.say_bytes(bytes);
        self.wire.flush().await
    }

    /// Sends one mail with DATA. Gives the first refusal, or the reply to the end of data.
    pub async fn send(&mut self, from: &str, to: &[&str], mail: &[u8]) -> io::Result<Reply> {
        self.send_with(from, "", to, mail).await
    }

    /// Like [`Device::send`], with these parameters of MAIL.
    pub async fn send_with(
        &mut self,
        from: &str,
        parameters: &str,
        to: &[&str],
        mail: &[u8],
    ) -> io::Result<Reply> {
        let begin = format!("MAIL FROM:<{from}> {parameters}");
        let mut commands = vec![begin.trim_end().to_owned()];
        commands.extend(to.iter().map(|recipient| format!("RCPT TO:<{recipient}>")));
        commands.push("DATA".to_owned());
        for line in commands {
            let reply = self.command(&line).await?;
            if reply.code >= 400 {
                return Ok(reply);
            }
        }
        self.wire.say_bytes(&dot_stuffed(mail));
        self.reply().await
    }

    /// MAIL with these parameters, or with none, and RCPT; both are taken.
    pub async fn begin_mail(&mut self, from: &str, parameters: &str, to: &str) -> Result<()> {
        let mail = format!("MAIL FROM:<{from}> {parameters}");
        self.say(mail.trim_end(), 250).await?;
        self.say(&format!("RCPT TO:<{to}>"), 250).await?;
        Ok(())
    }

    /// QUIT.
    pub async fn quit(mut self) -> Result<()> {
        self.say("QUIT", 221).await?;
        Ok(())
    }
}

/// A body as it goes after DATA, with its end (RFC 5321 §4.5.2).
fn dot_stuffed(mail: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(mail.len() + 16);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
    }
    if !stuffed.ends_with(b"\r\n") && !stuffed.is_empty() {
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed.extend_from_slice(b".\r\n");
    stuffed
}
