//! What a session knows, and what each verb does with it: check, then proceed.
//!
//! Knows neither sockets nor samotop: a verb takes a command and says which [`Step`] follows.

mod identity;
mod sign_in;
mod transaction;

use std::sync::{Arc, Mutex};

use self::{identity::Identity, transaction::Transaction};
use super::{
    Backend, Caps, Offer, Peer, Quirk, RefusalContext, Stage, Timeouts,
    body::{Framing, Intake},
    quirk::Quirks,
    reply::{Reply, closes},
    sasl::Exchange,
    syntax::{Command, Fault},
};
use crate::model::{Protocol, Reason, Refusal, ReversePath, SmtpCode};

/// Commands that fail only because an earlier one of their pipelined group did, and are forgiven.
const EXCUSES: u32 = 1_000;

/// What all sessions share.
pub(super) struct Door<B> {
    pub(super) backend: Arc<B>,
    pub(super) hostname: String,
    pub(super) timeouts: Timeouts,
    pub(super) caps: Caps,
}

/// What follows a command.
#[derive(Debug)]
pub(super) enum Step {
    /// Reply; commands follow.
    Say(Reply),
    /// Reply to HELO or EHLO of a client with this name.
    Greet(String, Reply),
    /// Reply; a SASL response follows.
    Prompt(Reply),
    /// Reply if there is one; a body follows.
    Body(Option<Reply>),
    /// Reply, then TLS.
    StartTls(Reply),
    /// Reply, then the end of the session.
    Close(Reply),
}

/// How the client introduced itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Greeting {
    None,
    Helo,
    Ehlo,
}

/// One session, from greeting (or STARTTLS) to its end.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact of the dialogue"
)]
pub(super) struct Session<B: Backend> {
    door: Arc<Door<B>>,
    peer: Peer,
    offer: Offer,
    greeting: Greeting,
    /// Something changed since, so that another HELO or EHLO may bring other news.
    has_news: bool,
    exchange: Option<Exchange>,
    username: String,
    identity: Identity<B::Principal>,
    transaction: Option<Transaction<B::Sink>>,
    body: Option<Mutex<(Framing, Intake<B::Sink>)>>,
    /// More input arrived together with the present command.
    pub(super) pipelined: bool,
    /// The last transaction was refused: what still refers to it fails for that reason.
    spoiled: bool,
    /// DATA was refused: the client may not have noticed, and send its body all the same.
    may_be_body: bool,
    excuses: u32,
    errors: u32,
    failed_sign_ins: u32,
    /// Commands since the sign-in or the last accepted message.
    commands: u32,
}

impl<B: Backend> Session<B> {
    pub(super) fn new(door: Arc<Door<B>>, peer: Peer, offer: Offer) -> Self {
        Self {
            door,
            peer,
            offer,
            greeting: Greeting::None,
            has_news: true,
            exchange: None,
            username: String::new(),
            identity: Identity::Stranger,
            transaction: None,
            body: None,
            pipelined: false,
            spoiled: false,
            may_be_body: false,
            excuses: 0,
            errors: 0,
            failed_sign_ins: 0,
            commands: 0,
        }
    }

    pub(super) fn greeting(&self) -> Step {
        Step::Say(Reply::greeting(&self.door.hostname))
    }

    fn is_greeted(&self) -> bool {
        self.greeting != Greeting::None
    }

    /// Whether the client signed in or was recognized by its address in this session: the bounds
    /// of strangers are not for it.
    pub(super) fn is_known(&self) -> bool {
        self.identity.is_known()
    }

    /// Whether a message is on its way in.
    pub(super) fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    pub(super) async fn command(&mut self, command: Command) -> Step {
        if self.is_idle_talk(&command) {
            let detail = "too many commands without a message";
            return self.end(&Refusal::new(Reason::TooManyErrors, detail));
        }
        self.may_be_body = false;
        match command {
            Command::Helo(name) => self.hello(name, false),
            Command::Ehlo(name) => self.hello(name, true),
            Command::StartTls => self.start_tls(),
            Command::Auth { mechanism, initial } => self.sign_in(&mechanism, initial).await,
            Command::Mail(mail) => self.mail(mail).await,
            Command::Recipient(recipient) => self.recipient(recipient),
            Command::Data => self.data().await,
            Command::Chunk { size, last } => self.chunk(size, last).await,
            Command::Reset => {
                self.forget_transaction();
                Step::Say(Reply::ok())
            }
            Command::Noop => Step::Say(Reply::ok()),
            Command::Verify => Step::Say(Reply::cannot_verify()),
            Command::Help(topic) => Step::Say(Reply::help(&topic)),
            Command::Quit => Step::Close(Reply::goodbye(&self.door.hostname)),
        }
    }

    /// Whether the client has said too much that leads nowhere. Recipients lead to a message, up
    /// to a bound, and so does each chunk that brings bytes of it: size and time of a body are
    /// bounded. To leave is always in order.
    fn is_idle_talk(&mut self, command: &Command) -> bool {
        let leads_on = match (command, &mut self.transaction) {
            (Command::Recipient(_), Some(transaction)) => transaction.may_ask(),
            (Command::Chunk { size, .. }, Some(transaction)) => {
                *size > 0 && transaction.takes_chunks()
            }
            (Command::Quit, _) => true,
            _ => false,
        };
        let caps = &self.door.caps;
        let limit = if self.identity.is_known() {
            caps.commands
        } else {
            caps.stranger_commands
        };
        self.commands += u32::from(!leads_on);
        self.commands > limit
    }

    /// A line that is no command.
    pub(super) fn fault(&mut self, fault: &Fault) -> Step {
        let (sender, recipient) = match fault.stage {
            Stage::Mail => (Some(fault.address.as_str()), ""),
            _ => (None, fault.address.as_str()),
        };
        self.spoiled |= fault.stage == Stage::Mail && self.transaction.is_none();
        let step = self.refuse(fault.stage, &fault.refusal, sender, recipient);
        let may_be_body = self.may_be_body && fault.stage == Stage::Command;
        unless_lost(step, fault.lost_step || may_be_body)
    }

    /// Counts what is odd about a line that was taken.
    pub(super) fn note(&self, quirks: Quirks) {
        for quirk in quirks.iter() {
            self.note_one(quirk);
        }
    }

    fn note_one(&self, quirk: Quirk) {
        let backend = &self.door.backend;
        backend.quirk(&self.peer, self.identity.sender(), quirk);
    }

    /// A line that could not even be read as one.
    pub(super) fn unreadable(&mut self, reason: Reason) -> Step {
        let stage = match self.exchange.take() {
            Some(_) => Stage::Auth,
            None => Stage::Command,
        };
        let step = self.refuse(stage, &reason.into(), None, "");
        unless_lost(step, self.may_be_body)
    }

    /// Ends the session for a reason of its own.
    pub(super) fn end(&mut self, refusal: &Refusal) -> Step {
        self.report(Stage::Command, refusal, None, "");
        Step::Close(Reply::refusal(refusal))
    }

    fn hello(&mut self, name: String, extended: bool) -> Step {
        self.forget_transaction();
        if !std::mem::take(&mut self.has_news) {
            self.note_one(Quirk::RepeatedHello);
        }
        self.greeting = if extended {
            Greeting::Ehlo
        } else {
            Greeting::Helo
        };
        self.peer.helo.clone_from(&name);
        self.update_protocol();
        let (hostname, client) = (&self.door.hostname, self.peer.remote.ip());
        if !extended {
            return Step::Greet(name, Reply::hello(hostname, client));
        }
        let terms = self.door.backend.terms(&self.peer, self.identity.user());
        let size = format!("SIZE {}", terms.size);
        // Six digits are all that the limit may have (RFC 9422 §4.3); MAILMAX would be untrue,
        // since a session may bring any number of mails.
        let recipients = terms.recipients.clamp(1, transaction::RECIPIENT_LIMIT);
        let limits = format!("LIMITS RCPTMAX={recipients}");
        let mut extensions = vec![
            size.as_str(),
            "PIPELINING",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "CHUNKING",
        ];
        if terms.binary_mime {
            extensions.push("BINARYMIME");
        }
        extensions.extend(["DSN", limits.as_str()]);
        if self.offer.start_tls {
            extensions.push("STARTTLS");
        }
        if self.offer.sign_in {
            extensions.push("AUTH PLAIN LOGIN");
        }
        Step::Greet(name, Reply::extended_hello(hostname, client, &extensions))
    }

    fn start_tls(&mut self) -> Step {
        if !self.offer.start_tls {
            let reason = match self.peer.tls {
                Some(_) => Reason::BadSequence,
                None => Reason::NotImplemented,
            };
            return self.refuse(Stage::Command, &reason.into(), None, "");
        }
        if self.pipelined {
            // Whatever came along was written by somebody in the middle, or by a client that
            // will never know whether it was (CVE-2011-0411).
            return self.end(&Reason::PipelinedTls.into());
        }
        Step::StartTls(Reply::start_tls())
    }

    fn forget_transaction(&mut self) {
        self.transaction = None;
        self.spoiled = false;
        self.excuses = 0;
    }

    fn update_protocol(&mut self) {
        let (encrypted, signed_in) = (self.peer.tls.is_some(), self.identity.user().is_some());
        self.peer.protocol = match (self.greeting, encrypted, signed_in) {
            (Greeting::None | Greeting::Helo, _, _) => Protocol::Smtp,
            (Greeting::Ehlo, false, false) => Protocol::Esmtp,
            (Greeting::Ehlo, true, false) => Protocol::Esmtps,
            (Greeting::Ehlo, false, true) => Protocol::Esmtpa,
            (Greeting::Ehlo, true, true) => Protocol::Esmtpsa,
        };
    }

    /// Tells the backend and the client, and ends a session with too many errors.
    fn refuse(
        &mut self,
        stage: Stage,
        refusal: &Refusal,
        sender: Option<&str>,
        recipient: &str,
    ) -> Step {
        self.report(stage, refusal, sender, recipient);
        let reply = Reply::refusal(refusal);
        if closes(refusal) {
            return Step::Close(reply);
        }
        self.count(stage, refusal);
        let caps = &self.door.caps;
        if self.errors < caps.errors && self.failed_sign_ins < caps.failed_sign_ins {
            return Step::Say(reply);
        }
        match self.end(&Reason::TooManyErrors.into()) {
            Step::Close(last) => Step::Close(reply.then(&last)),
            step => step,
        }
    }

    /// What may succeed later is no error of the client, nor is the tail of a pipelined group
    /// whose head was refused.
    fn count(&mut self, stage: Stage, refusal: &Refusal) {
        let transient = refusal.reason.smtp().is_some_and(SmtpCode::is_transient);
        if transient && stage != Stage::Auth {
            return;
        }
        let follows = matches!(stage, Stage::Recipient | Stage::Data)
            && (self.spoiled || self.transaction.is_some())
            && refusal.reason == Reason::BadSequence;
        if follows && self.excuses < EXCUSES {
            self.excuses += 1;
            return;
        }
        self.errors += 1;
    }

    fn report(&self, stage: Stage, refusal: &Refusal, sender: Option<&str>, recipient: &str) {
        let known = self
            .transaction
            .as_ref()
            .map(|open| &open.mail.reverse_path);
        let context = RefusalContext {
            peer: &self.peer,
            principal: self.identity.sender(),
            username: &self.username,
            stage,
            sender: sender.unwrap_or_else(|| known.map_or("", ReversePath::as_str)),
            recipient,
        };
        self.door.backend.refused(context, refusal);
    }
}

/// Ends the session when nobody can tell commands from a body any more: a client that overlooks the
/// refusal of DATA sends its body all the same, and none of it may be carried out.
fn unless_lost(step: Step, lost: bool) -> Step {
    match step {
        Step::Say(reply) if lost => Step::Close(reply),
        step => step,
    }
}
