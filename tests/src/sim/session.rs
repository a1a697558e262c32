//! One session of the stand-in: from the greeting to QUIT.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::net::TcpStream;

use super::{
    Shared, locked, replies,
    rules::{Event, Interference, Stage},
    transaction::{Inbound, Transaction, path},
};
use crate::wire::Wire;

/// The state of a session. Each verb checks, answers and moves on.
pub(super) struct Session {
    pub(super) wire: Wire,
    peer: SocketAddr,
    pub(super) shared: Arc<Shared>,
    pub(super) id: u64,
    pub(super) helo: String,
    pub(super) mailbox: Option<String>,
    pub(super) mechanism: &'static str,
    pub(super) transaction: Option<Transaction>,
}

enum Next {
    Continue,
    Quit,
}

impl Session {
    /// Serves one connection to its end.
    pub(super) async fn run(
        socket: TcpStream,
        peer: SocketAddr,
        shared: Arc<Shared>,
    ) -> io::Result<()> {
        let id = 1 + shared
            .sessions
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut session = Self {
            wire: Wire::new(socket)?,
            peer,
            id,
            helo: String::new(),
            mailbox: None,
            mechanism: "",
            transaction: None,
            shared,
        };
        if session.shared.settings.implicit_tls {
            let config = session.shared.tls();
            session.wire.accept_tls(&config).await?;
        }
        if !session.may(Stage::Connect).await? {
            return session.wire.shutdown().await;
        }
        session.wire.say(&format!(
            "220 {} Microsoft ESMTP MAIL Service ready at {}",
            replies::HOST,
            now().strftime("%a, %-d %b %Y %H:%M:%S +0000"),
        ));
        while let Next::Continue = session.command().await? {}
        session.wire.shutdown().await
    }

    /// Lets the rules have their say. `false`: the reply has been said already.
    pub(super) async fn may(&mut self, stage: Stage) -> io::Result<bool> {
        self.may_for(stage, None).await
    }

    async fn may_for(&mut self, stage: Stage, recipient: Option<String>) -> io::Result<bool> {
        match self.interference(stage, recipient) {
            Some(interference) => self.obey(interference).await,
            None => Ok(true),
        }
    }

    pub(super) fn interference(
        &self,
        stage: Stage,
        recipient: Option<String>,
    ) -> Option<Interference> {
        let one = recipient.map(|recipient| vec![recipient]);
        let transaction = self.transaction.as_ref();
        locked(&self.shared.rules).apply(&Event {
            stage,
            mailbox: self.mailbox.as_deref().unwrap_or_default(),
            from: transaction.map_or("", |open| open.from.as_str()),
            recipients: match (&one, transaction) {
                (Some(one), _) => one,
                (None, Some(open)) => &open.recipients,
                (None, None) => &[],
            },
        })
    }

    pub(super) async fn obey(&mut self, interference: Interference) -> io::Result<bool> {
        if !interference.delay.is_zero() {
            // What has been said so far goes out before the silence.
            self.wire.flush().await?;
            tokio::time::sleep(interference.delay).await;
        }
        let may = interference.reply.is_none();
        if let Some(reply) = interference.reply {
            self.refuse(&reply);
        }
        if interference.drop {
            self.wire.flush().await?;
            return Err(io::Error::new(
                io::ErrorKind::ConnectionAborted,
                "cut by a rule",
            ));
        }
        Ok(may)
    }

    /// Says why not; errors that a mailbox repeats may bar it.
    fn refuse(&mut self, reply: &str) {
        if let Some(mailbox) = &self.mailbox {
            locked(&self.shared.bars).told(mailbox, reply);
        }
        self.wire.say(reply);
    }

    async fn command(&mut self) -> io::Result<Next> {
        let line = self.wire.line().await?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => self.ehlo(rest).await?,
            "STARTTLS" => self.starttls().await?,
            "AUTH" => self.sign_in(rest).await?,
            "MAIL" => self.mail(rest).await?,
            "RCPT" => self.rcpt(rest).await?,
            "DATA" => self.data().await?,
            "BDAT" => self.bdat(rest).await?,
            "RSET" => {
                self.transaction = None;
                self.wire.say("250 2.0.0 Resetting");
            }
            "NOOP" => self.wire.say("250 2.0.0 OK"),
            "QUIT" => {
                self.wire
                    .say("221 2.0.0 Service closing transmission channel");
                return Ok(Next::Quit);
            }
            _ => self.wire.say(replies::UNKNOWN_COMMAND),
        }
        Ok(Next::Continue)
    }

    async fn ehlo(&mut self, name: &str) -> io::Result<()> {
        name.clone_into(&mut self.helo);
        self.transaction = None;
        if !self.may(Stage::Ehlo).await? {
            return Ok(());
        }
        let size = format!("SIZE {}", locked(&self.shared.ledger).limits.message_size);
        let sign_in = match (self.wire.is_encrypted(), &self.shared.gate) {
            (false, _) => Some("STARTTLS"),
            (true, None) => Some("AUTH LOGIN XOAUTH2"),
            (true, Some(_)) => None,
        };
        let hello = format!("{} Hello [{}]", replies::HOST, self.peer.ip());
        let offered: Vec<_> = [
            Some(size.as_str()),
            Some("PIPELINING"),
            Some("DSN"),
            Some("ENHANCEDSTATUSCODES"),
            sign_in,
            Some("8BITMIME"),
            Some("BINARYMIME"),
            Some("CHUNKING"),
            Some("SMTPUTF8"),
        ]
        .into_iter()
        .flatten()
        .filter(|line| self.shared.offers(line))
        .collect();
        self.wire.say(&format!("250-{hello}"));
        let (last, others) = offered.split_last().unwrap_or((&"HELP", &[]));
        for line in others {
            self.wire.say(&format!("250-{line}"));
        }
        self.wire.say(&format!("250 {last}"));
        Ok(())
    }

    async fn starttls(&mut self) -> io::Result<()> {
        if self.wire.is_encrypted() {
            self.wire.say(replies::BAD_SEQUENCE);
            return Ok(());
        }
        if self.may(Stage::Starttls).await? {
            self.wire.say("220 2.0.0 SMTP server ready");
            let config = self.shared.tls();
            self.wire.accept_tls(&config).await?;
            if !self.wire.peer_certificates().is_empty() {
                self.mechanism = "CERTIFICATE";
            }
            self.helo.clear();
        }
        Ok(())
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        if !self.wire.is_encrypted() {
            self.wire.say(replies::STARTTLS_REQUIRED);
            return Ok(());
        }
        if self.mailbox.is_none() && self.shared.gate.is_none() {
            self.wire.say(replies::NOT_AUTHENTICATED);
            return Ok(());
        }
        if self.transaction.is_some() {
            self.wire.say(replies::BAD_SEQUENCE);
            return Ok(());
        }
        let mailbox = self.mailbox.as_deref().unwrap_or_default();
        let bar = locked(&self.shared.bars).of(mailbox);
        if let Some(bar) = bar {
            self.wire.say(bar.reply());
            return Ok(());
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            self.wire.say(replies::BAD_ARGUMENTS);
            return Ok(());
        };
        let needs = [
            ("BODY=BINARYMIME", "BINARYMIME"),
            ("BODY=8BITMIME", "8BITMIME"),
        ];
        let lacks = |(parameter, extension): (&str, &str)| {
            parameters.iter().any(|given| given == parameter) && !self.shared.offers(extension)
        };
        if needs.into_iter().any(lacks) {
            self.wire.say(replies::BAD_ARGUMENTS);
            return Ok(());
        }
        let limit = locked(&self.shared.ledger).limits.message_size;
        let declared = parameters
            .iter()
            .find_map(|parameter| parameter.strip_prefix("SIZE="));
        if declared
            .and_then(|size| size.parse().ok())
            .is_some_and(|size: u64| size > limit)
        {
            self.wire.say(replies::TOO_LARGE);
            return Ok(());
        }
        self.transaction = Some(Transaction {
            from,
            parameters,
            recipients: Vec::new(),
            recipient_parameters: Vec::new(),
            body: Inbound::new(self.shared.journal.keeps_bodies(), limit),
        });
        if self.may(Stage::Mail).await? {
            self.wire.say("250 2.1.0 Sender OK");
        } else {
            self.transaction = None;
        }
        Ok(())
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<()> {
        let Some(transaction) = &self.transaction else {
            self.wire.say("503 5.5.2 Need mail command");
            return Ok(());
        };
        let Some((recipient, parameters)) = path(rest, "TO:").filter(|(to, _)| to.contains('@'))
        else {
            self.wire.say(replies::BAD_ARGUMENTS);
            return Ok(());
        };
        let mailbox = self.mailbox.as_deref().unwrap_or_default();
        let is_admitted = locked(&self.shared.ledger).admits_recipient(
            mailbox,
            &transaction.recipients,
            &recipient,
        );
        let gate = self.shared.gate.as_ref();
        if gate.is_some_and(|gate| !gate.admits(self.wire.peer_certificates())) {
            self.wire.say(replies::RELAY_DENIED);
        } else if !is_admitted {
            self.refuse(replies::TOO_MANY_RECIPIENTS);
        } else if self.may_for(Stage::Rcpt, Some(recipient.clone())).await? {
            if let Some(transaction) = &mut self.transaction {
                transaction.recipients.push(recipient);
                transaction.recipient_parameters.push(parameters);
            }
            self.wire.say("250 2.1.5 Recipient OK");
        }
        Ok(())
    }

    pub(super) fn has_recipients(&self) -> bool {
        let transaction = self.transaction.as_ref();
        transaction.is_some_and(|transaction| !transaction.recipients.is_empty())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mailbox) = &self.mailbox {
            locked(&self.shared.ledger).signed_out(mailbox, self.id);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in writes down when mail came in"
)]
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
