//! Hands mail to a submission server over SMTP, through lettre's connection.
//!
//! A mail takes two round trips: MAIL, every RCPT and DATA in one write where the server pipelines
//! (RFC 2920), then the body with its end in as few writes as it needs. Replies are read one by
//! one, so each recipient has its own. A transaction that failed is reset with the next envelope,
//! in the same write. A binary body goes by BDAT, behind the replies to its envelope.

mod examine;
mod transfer;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lettre::transport::smtp::{client::AsyncSmtpConnection, response::Response};
use rustls::ClientConfig;
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{
    BodySource, Connection, MailExchangers, Outcome, Outgoing, Setback, Settings, Step,
    TokenSource, Upstream,
    capabilities::Capabilities,
    classify::{self, Stage},
    commands,
    dial::Dial,
    wire::Wire,
};
use crate::model::{BodyEncoding, RemoteReply, Route, RouteOffer};

/// Commands in one write. Their replies must fit the socket buffers of both sides, or both would
/// wait for the other to read (RFC 2920 §3.1).
const PIPELINE: usize = 100;

/// A submission server and how to sign in to it.
#[derive(Debug)]
pub(super) struct SmtpUpstream {
    route: Route,
    settings: Arc<Settings>,
    way: Way,
}

/// What opens the way, beside the settings of the route.
#[derive(Debug)]
pub(super) struct Way {
    /// Whom to trust, and what to show.
    pub(super) tls: Arc<ClientConfig>,
    /// What to sign in with in place of a password.
    pub(super) tokens: Option<Arc<dyn TokenSource>>,
    /// Who knows the servers of a domain.
    pub(super) exchangers: Arc<dyn MailExchangers>,
}

impl SmtpUpstream {
    pub(super) fn new(route: Route, settings: Arc<Settings>, way: Way) -> Self {
        Self {
            route,
            settings,
            way,
        }
    }

    /// Connects and signs in, noting each step.
    pub(super) async fn dial(&self, steps: &mut Vec<Step>) -> Result<SmtpConnection, Setback> {
        let dial = Dial {
            route: &self.route,
            settings: &self.settings,
            way: &self.way,
        };
        let dialled = dial.run(steps).await?;
        Ok(SmtpConnection {
            host: dialled.host,
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
    host: String,
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

    fn server(&self) -> Option<&str> {
        Some(&self.host)
    }

    fn forwards_notifications(&self) -> bool {
        self.capabilities.dsn
    }

    async fn close(self: Box<Self>) {
        self.quit().await;
    }
}

impl SmtpConnection {
    /// What the server said it can carry.
    pub(super) const fn offer(&self) -> RouteOffer {
        self.capabilities.offer()
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
        let last = match message.encoding {
            BodyEncoding::Binary if answers.accepts_any() => {
                let reply = self.write_chunk(message.size, body).await?;
                self.needs_reset = !is_positive(&reply);
                Some((Stage::EndOfData, reply))
            }
            BodyEncoding::Binary => None,
            BodyEncoding::SevenBit | BodyEncoding::EightBit => self.data(&answers, body).await?,
        };
        Ok((0..message.recipients.len())
            .map(|recipient| outcome(&answers, recipient, last.as_ref()))
            .collect())
    }

    /// Sends the body behind DATA, if the server waits for one. Gives the last reply.
    async fn data(
        &mut self,
        answers: &Answers,
        body: &mut dyn BodySource,
    ) -> Result<Option<(Stage, RemoteReply)>, Setback> {
        let go_ahead = answers.data.as_ref().is_some_and(|data| data.code == 354);
        if go_ahead && answers.accepts_any() {
            let reply = self.write_body(body).await?;
            self.needs_reset = !is_positive(&reply);
            Ok(Some((Stage::EndOfData, reply)))
        } else if go_ahead {
            // Nobody to send to, but the server waits for a message: it gets an empty one
            // (RFC 2920 §3.1) and, having no recipient, refuses it.
            self.write_block(b".\r\n").await?;
            self.reply(Stage::EndOfData, self.settings.end_of_data)
                .await?;
            Ok(None)
        } else {
            Ok(answers.data.clone().map(|data| (Stage::Data, data)))
        }
    }

    /// MAIL, RCPT and, for a body of lines, DATA, in groups where the server pipelines, else one by one.
    async fn open(&mut self, message: &Outgoing<'_>) -> Result<Answers, Setback> {
        let mut commands = Vec::with_capacity(message.recipients.len() + 3);
        if self.needs_reset {
            commands.push((Stage::Mail, "RSET\r\n".to_owned()));
        }
        let mail = commands.len();
        commands.push((Stage::Mail, commands::mail(message, &self.capabilities)?));
        for recipient in message.recipients {
            let command = commands::recipient(recipient, message.smtputf8, &self.capabilities)?;
            commands.push((Stage::Recipient, command));
        }
        if message.encoding != BodyEncoding::Binary {
            commands.push((Stage::Data, "DATA\r\n".to_owned()));
        }

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
