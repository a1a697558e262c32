//! Hands mail to a submission server over SMTP, through lettre's connection.
//!
//! A mail takes two round trips: MAIL, every RCPT and DATA in one write where the server pipelines
//! (RFC 2920), then the body with its end in as few writes as it needs. Replies are read one by
//! one, so each recipient has its own. A transaction that failed is reset with the next envelope,
//! in the same write.

use std::{fmt::Write as _, io, sync::Arc, time::Duration};

use async_trait::async_trait;
use lettre::transport::smtp::{client::AsyncSmtpConnection, response::Response};
use rustls::ClientConfig;
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{
    BodySource, Connection, Outcome, Outgoing, Setback, Settings, Step, Upstream, Verdict,
    capabilities::Capabilities,
    classify::{self, Stage},
    dial::Dial,
    dots::DotStuffing,
    wire::Wire,
};
use crate::model::{BodyEncoding, DsnNotify, DsnReturn, Reason, Recipient, RemoteReply, Route};

/// Commands in one write. Their replies must fit the socket buffers of both sides, or both would
/// wait for the other to read (RFC 2920 §3.1).
const PIPELINE: usize = 100;
/// The body leaves in writes of about this size.
const BLOCK: usize = 64 * 1024;

/// A submission server and how to sign in to it.
#[derive(Debug)]
pub(super) struct SmtpUpstream {
    route: Route,
    settings: Arc<Settings>,
    tls: Arc<ClientConfig>,
}

impl SmtpUpstream {
    pub(super) fn new(route: Route, settings: Arc<Settings>, tls: Arc<ClientConfig>) -> Self {
        Self {
            route,
            settings,
            tls,
        }
    }

    /// Connects and signs in, noting each step.
    pub(super) async fn dial(&self, steps: &mut Vec<Step>) -> Result<SmtpConnection, Setback> {
        let dial = Dial {
            route: &self.route,
            settings: &self.settings,
            tls: &self.tls,
        };
        let dialled = dial.run(steps).await?;
        Ok(SmtpConnection {
            smtp: dialled.smtp,
            wire: dialled.wire,
            capabilities: dialled.capabilities,
            settings: Arc::clone(&self.settings),
            needs_reset: false,
            broken: false,
            buffer: Vec::new(),
        })
    }
}

#[async_trait]
impl Upstream for SmtpUpstream {
    async fn connect(&self) -> Result<Box<dyn Connection>, Setback> {
        let connection = self.dial(&mut Vec::new()).await?;
        Ok(Box::new(connection))
    }
}

/// An open connection.
pub(super) struct SmtpConnection {
    smtp: AsyncSmtpConnection,
    wire: Wire,
    capabilities: Capabilities,
    settings: Arc<Settings>,
    needs_reset: bool,
    broken: bool,
    buffer: Vec<u8>,
}

/// The replies to an envelope. Where a server was not asked, there is none.
struct Answers {
    mail: RemoteReply,
    recipients: Vec<RemoteReply>,
    data: Option<RemoteReply>,
}

impl Answers {
    fn is_accepted(&self, recipient: usize) -> bool {
        let reply = self.recipients.get(recipient);
        is_positive(&self.mail) && reply.is_some_and(is_positive)
    }

    fn accepts_any(&self) -> bool {
        (0..self.recipients.len()).any(|recipient| self.is_accepted(recipient))
    }
}

#[async_trait]
impl Connection for SmtpConnection {
    async fn send(&mut self, message: &Outgoing<'_>, body: &mut dyn BodySource) -> Vec<Outcome> {
        if let Err(setback) = self.capabilities.admit(message) {
            return vec![Outcome::Setback(setback); message.recipients.len()];
        }
        match self.transact(message, body).await {
            Ok(outcomes) => outcomes,
            Err(setback) => {
                self.broken = true;
                vec![Outcome::Setback(setback); message.recipients.len()]
            }
        }
    }

    fn is_usable(&self) -> bool {
        !self.broken
    }

    async fn close(self: Box<Self>) {
        self.quit().await;
    }
}

impl SmtpConnection {
    /// Largest message that the server takes, in bytes, if it told (RFC 1870).
    pub(super) fn size_limit(&self) -> Option<u64> {
        self.capabilities.size_limit
    }

    /// Says goodbye, unless the connection is broken.
    pub(super) async fn quit(mut self) {
        if !self.broken {
            // What the server answers, if anything, changes nothing.
            let _ = timeout(self.settings.quit, self.smtp.command("QUIT\r\n")).await;
        }
        let _ = timeout(self.settings.quit, self.wire.shutdown()).await;
    }

    /// One transaction. An error means that the connection cannot be used any more.
    async fn transact(
        &mut self,
        message: &Outgoing<'_>,
        body: &mut dyn BodySource,
    ) -> Result<Vec<Outcome>, Setback> {
        let answers = self.open(message).await?;
        // Until the end of data is confirmed, a transaction may be open.
        self.needs_reset = true;
        let go_ahead = answers.data.as_ref().is_some_and(|data| data.code == 354);
        let last = if go_ahead && answers.accepts_any() {
            let reply = self.write_body(body).await?;
            self.needs_reset = !is_positive(&reply);
            Some((Stage::EndOfData, reply))
        } else if go_ahead {
            // Nobody to send to, but the server waits for a message: it gets an empty one
            // (RFC 2920 §3.1) and, having no recipient, refuses it.
            self.write_block(b".\r\n").await?;
            self.reply(Stage::EndOfData, self.settings.end_of_data)
                .await?;
            None
        } else {
            answers.data.clone().map(|data| (Stage::Data, data))
        };
        Ok((0..message.recipients.len())
            .map(|recipient| outcome(&answers, recipient, last.as_ref()))
            .collect())
    }

    /// MAIL, RCPT and DATA, in groups where the server pipelines, else one by one.
    async fn open(&mut self, message: &Outgoing<'_>) -> Result<Answers, Setback> {
        let mut commands = Vec::with_capacity(message.recipients.len() + 3);
        if self.needs_reset {
            commands.push((Stage::Mail, "RSET\r\n".to_owned()));
        }
        let mail = commands.len();
        commands.push((Stage::Mail, mail_command(message, &self.capabilities)));
        commands.extend(message.recipients.iter().map(|recipient| {
            let command = rcpt_command(recipient, &self.capabilities);
            (Stage::Recipient, command)
        }));
        commands.push((Stage::Data, "DATA\r\n".to_owned()));

        let group = if self.capabilities.pipelining {
            PIPELINE
        } else {
            1
        };
        let mut replies = Vec::with_capacity(commands.len());
        for chunk in commands.chunks(group) {
            let mail_refused = replies.get(mail).is_some_and(|reply| !is_positive(reply));
            let only_data = matches!(chunk, [(Stage::Data, _)]);
            if mail_refused || (only_data && !replies.iter().skip(mail + 1).any(is_positive)) {
                break;
            }
            self.exchange(chunk, &mut replies).await?;
        }
        let mut replies = replies.into_iter().skip(mail);
        Ok(Answers {
            mail: replies.next().unwrap_or_else(unanswered),
            recipients: replies.by_ref().take(message.recipients.len()).collect(),
            data: replies.next(),
        })
    }

    /// Writes a group of commands at once and reads their replies.
    async fn exchange(
        &mut self,
        group: &[(Stage, String)],
        replies: &mut Vec<RemoteReply>,
    ) -> Result<(), Setback> {
        let text: String = group.iter().map(|(_, command)| command.as_str()).collect();
        let mut first = Some(text);
        for (stage, _) in group {
            let deadline = match stage {
                Stage::Data => self.settings.data,
                _ => self.settings.command,
            };
            let reply = match first.take() {
                Some(text) => awaited(*stage, deadline, self.smtp.command(text)).await?,
                None => self.reply(*stage, deadline).await?,
            };
            if reply.code == 421 {
                // The server is closing; no reply follows (RFC 5321 §3.8).
                return Err(classify::judge(*stage, reply));
            }
            replies.push(reply);
        }
        Ok(())
    }

    async fn reply(&mut self, stage: Stage, deadline: Duration) -> Result<RemoteReply, Setback> {
        awaited(stage, deadline, self.smtp.read_response()).await
    }

    /// Streams the body in bounded memory; a small one leaves with its end in a single write.
    async fn write_body(&mut self, body: &mut dyn BodySource) -> Result<RemoteReply, Setback> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let mut stuffing = DotStuffing::new();
        loop {
            let piece = body.next().await.map_err(|error| Setback {
                verdict: Verdict::SlowDown,
                reason: Reason::StoreUnavailable,
                reply: None,
                detail: error.to_string(),
            })?;
            let Some(piece) = piece else { break };
            stuffing.encode(&piece, &mut buffer);
            if buffer.len() >= BLOCK {
                if let Err(error) = self.write_block(&buffer).await {
                    return self.last_words(error).await;
                }
                buffer.clear();
            }
        }
        stuffing.finish(&mut buffer);
        let written = self.write_block(&buffer).await;
        self.buffer = buffer;
        match written {
            Ok(()) => {
                self.reply(Stage::EndOfData, self.settings.end_of_data)
                    .await
            }
            Err(error) => self.last_words(error).await,
        }
    }

    async fn write_block(&mut self, block: &[u8]) -> Result<(), Setback> {
        let writing = async {
            self.wire.write_all(block).await?;
            self.wire.flush().await
        };
        let written = timeout(self.settings.block, writing).await;
        written
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(|error| classify::lost(Stage::EndOfData, format!("in the body: {error}")))
    }

    /// A server that hangs up in the middle of a body has often said why.
    async fn last_words(&mut self, error: Setback) -> Result<RemoteReply, Setback> {
        match self.reply(Stage::EndOfData, self.settings.quit).await {
            Ok(reply) if !is_positive(&reply) => Err(classify::judge(Stage::EndOfData, reply)),
            _ => Err(error),
        }
    }
}

/// One reply, within its deadline.
async fn awaited(
    stage: Stage,
    deadline: Duration,
    answer: impl Future<Output = Result<Response, lettre::transport::smtp::Error>>,
) -> Result<RemoteReply, Setback> {
    match timeout(deadline, answer).await {
        Ok(answer) => literal(answer).map_err(|error| {
            classify::lost(stage, format!("no reply to {}: {error}", stage.name()))
        }),
        Err(_) => Err(classify::lost(
            stage,
            format!(
                "no reply to {} within {}s",
                stage.name(),
                deadline.as_secs()
            ),
        )),
    }
}

/// lettre's answer as a reply, positive or not; an error only when there was no reply.
pub(super) fn literal(
    answer: Result<Response, lettre::transport::smtp::Error>,
) -> Result<RemoteReply, String> {
    match answer {
        Ok(response) => Ok(RemoteReply {
            code: response.code().into(),
            text: response.message().collect::<Vec<_>>().join(" "),
        }),
        Err(error) => match error.status() {
            Some(code) => Ok(RemoteReply {
                code: code.into(),
                text: std::error::Error::source(&error)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            }),
            None => Err(error.to_string()),
        },
    }
}

const fn is_positive(reply: &RemoteReply) -> bool {
    reply.code / 100 == 2
}

fn unanswered() -> RemoteReply {
    RemoteReply {
        code: 0,
        text: String::new(),
    }
}

/// The outcome of one recipient: by the last reply if it was accepted, else by its own.
fn outcome(answers: &Answers, recipient: usize, last: Option<&(Stage, RemoteReply)>) -> Outcome {
    let own = answers.recipients.get(recipient);
    let (stage, reply) = match (answers.is_accepted(recipient), last, own) {
        (true, Some((Stage::EndOfData, reply)), _) if is_positive(reply) => {
            return Outcome::Delivered(reply.clone());
        }
        (true, Some((stage, reply)), _) => (*stage, reply),
        (false, _, Some(own)) if is_positive(&answers.mail) => (Stage::Recipient, own),
        _ => (Stage::Mail, &answers.mail),
    };
    Outcome::Setback(classify::judge(stage, reply.clone()))
}

fn mail_command(message: &Outgoing<'_>, offered: &Capabilities) -> String {
    let mut command = format!("MAIL FROM:{}", message.reverse_path);
    if offered.size {
        // Writing to a String cannot fail.
        let _ = write!(command, " SIZE={}", message.size);
    }
    if message.encoding == BodyEncoding::EightBit {
        command.push_str(" BODY=8BITMIME");
    }
    if message.smtputf8 {
        command.push_str(" SMTPUTF8");
    }
    if offered.dsn {
        match message.dsn_return {
            Some(DsnReturn::Full) => command.push_str(" RET=FULL"),
            Some(DsnReturn::Headers) => command.push_str(" RET=HDRS"),
            None => {}
        }
        if !message.envelope_id.is_empty() {
            let _ = write!(command, " ENVID={}", message.envelope_id);
        }
    }
    command.push_str("\r\n");
    command
}

fn rcpt_command(recipient: &Recipient, offered: &Capabilities) -> String {
    let mut command = format!("RCPT TO:<{}>", recipient.address);
    if offered.dsn {
        if let Some(notify) = recipient.notify {
            let _ = write!(command, " NOTIFY={}", notify_value(notify));
        }
        if !recipient.original.is_empty() {
            let _ = write!(command, " ORCPT={}", recipient.original);
        }
    }
    command.push_str("\r\n");
    command
}

fn notify_value(notify: DsnNotify) -> String {
    let wishes = [
        (notify.success, "SUCCESS"),
        (notify.failure, "FAILURE"),
        (notify.delay, "DELAY"),
    ];
    let chosen: Vec<_> = wishes
        .iter()
        .filter_map(|(wish, name)| wish.then_some(*name))
        .collect();
    if notify.never || chosen.is_empty() {
        "NEVER".to_owned()
    } else {
        chosen.join(",")
    }
}
