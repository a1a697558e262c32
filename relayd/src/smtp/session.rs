//! What a session knows, and what each verb does with it: check, then proceed.
//!
//! Knows neither sockets nor samotop: a verb takes a command and says which [`Step`] follows.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Backend, Caps, MailParameters, Peer, RefusalContext, Stage, Timeouts,
    body::{Framing, Intake, answer},
    reply::{Reply, closes},
    sasl::{Exchange, Outcome},
    syntax::{Command, Fault},
};
use crate::model::{
    BodyEncoding, Envelope, Protocol, Reason, Recipient, Refusal, ReversePath, Secret,
};

/// Recipients of one transaction, whatever the plan says: bounds its memory.
const RECIPIENT_LIMIT: usize = 10_000;
/// Commands that fail only because an earlier one of their pipelined group did, and are forgiven.
const EXCUSES: u32 = 1_000;

/// What all sessions share.
pub(super) struct Door<B> {
    pub(super) backend: Arc<B>,
    pub(super) hostname: String,
    pub(super) timeouts: Timeouts,
    pub(super) caps: Caps,
}

/// What a session may do on its connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    /// STARTTLS.
    pub(super) start_tls: bool,
    /// AUTH.
    pub(super) sign_in: bool,
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

struct Transaction<S> {
    mail: MailParameters,
    recipients: Vec<Recipient>,
    /// Addresses in lower case: a recipient named twice is kept once.
    known: HashSet<String>,
    /// The body was opened: no recipient can join.
    opened: bool,
    /// The body between two chunks. The mutex is never locked: it only makes a sink shareable.
    intake: Option<Mutex<Intake<S>>>,
}

/// One session, from greeting (or STARTTLS) to its end.
pub(super) struct Session<B: Backend> {
    door: Arc<Door<B>>,
    peer: Peer,
    offer: Offer,
    greeted: bool,
    extended: bool,
    exchange: Option<Exchange>,
    username: String,
    principal: Option<B::Principal>,
    transaction: Option<Transaction<B::Sink>>,
    body: Option<Mutex<(Framing, Intake<B::Sink>)>>,
    /// More input arrived together with the present command.
    pub(super) pipelined: bool,
    /// The last transaction was refused: what still refers to it fails for that reason.
    spoiled: bool,
    excuses: u32,
    errors: u32,
    failed_sign_ins: u32,
}

impl<B: Backend> Session<B> {
    pub(super) fn new(door: Arc<Door<B>>, peer: Peer, offer: Offer) -> Self {
        Self {
            door,
            peer,
            offer,
            greeted: false,
            extended: false,
            exchange: None,
            username: String::new(),
            principal: None,
            transaction: None,
            body: None,
            pipelined: false,
            spoiled: false,
            excuses: 0,
            errors: 0,
            failed_sign_ins: 0,
        }
    }

    pub(super) fn greeting(&self) -> Step {
        Step::Say(Reply::greeting(&self.door.hostname))
    }

    pub(super) fn is_signed_in(&self) -> bool {
        self.principal.is_some()
    }

    /// Whether a message is on its way in.
    pub(super) fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    pub(super) async fn command(&mut self, command: Command) -> Step {
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
            Command::Help => Step::Say(Reply::help()),
            Command::Quit => Step::Close(Reply::goodbye(&self.door.hostname)),
        }
    }

    /// A line that is no command.
    pub(super) fn fault(&mut self, fault: &Fault) -> Step {
        let (sender, recipient) = match fault.stage {
            Stage::Mail => (Some(fault.address.as_str()), ""),
            _ => (None, fault.address.as_str()),
        };
        self.spoiled |= fault.stage == Stage::Mail && self.transaction.is_none();
        let step = self.refuse(fault.stage, &fault.refusal, sender, recipient);
        match step {
            Step::Say(reply) if fault.lost_step => Step::Close(reply),
            step => step,
        }
    }

    /// A line that could not even be read as one.
    pub(super) fn unreadable(&mut self, reason: Reason) -> Step {
        let stage = match self.exchange.take() {
            Some(_) => Stage::Auth,
            None => Stage::Command,
        };
        self.refuse(stage, &reason.into(), None, "")
    }

    /// Ends the session for a reason of its own.
    pub(super) fn end(&mut self, refusal: &Refusal) -> Step {
        self.report(Stage::Command, refusal, None, "");
        Step::Close(Reply::refusal(refusal))
    }

    fn hello(&mut self, name: String, extended: bool) -> Step {
        self.forget_transaction();
        self.greeted = true;
        self.extended = extended;
        self.peer.helo.clone_from(&name);
        self.update_protocol();
        let (hostname, client) = (&self.door.hostname, self.peer.remote.ip());
        if !extended {
            return Step::Greet(name, Reply::hello(hostname, client));
        }
        let size = format!("SIZE {}", self.door.backend.size_limit());
        let mut extensions = vec![
            size.as_str(),
            "PIPELINING",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "CHUNKING",
            "BINARYMIME",
            "DSN",
        ];
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

    async fn sign_in(&mut self, mechanism: &str, initial: Option<Secret>) -> Step {
        if !self.greeted || self.principal.is_some() || self.transaction.is_some() {
            return self.refuse(Stage::Auth, &Reason::BadSequence.into(), None, "");
        }
        if !self.offer.sign_in {
            return self.refuse(Stage::Auth, &Reason::TlsRequired.into(), None, "");
        }
        let Some(exchange) = Exchange::of(mechanism) else {
            return self.refuse(Stage::Auth, &Reason::UnsupportedMechanism.into(), None, "");
        };
        match initial {
            Some(response) => self.exchange(exchange, response.expose().as_bytes()).await,
            None => {
                let challenge = Reply::challenge(exchange.challenge());
                self.exchange = Some(exchange);
                Step::Prompt(challenge)
            }
        }
    }

    /// A SASL response.
    pub(super) async fn response(&mut self, line: &[u8]) -> Step {
        match self.exchange.take() {
            Some(exchange) => self.exchange(exchange, line).await,
            None => self.refuse(Stage::Auth, &Reason::BadSequence.into(), None, ""),
        }
    }

    async fn exchange(&mut self, exchange: Exchange, line: &[u8]) -> Step {
        let credentials = match exchange.respond(line) {
            Err(refusal) => return self.refuse(Stage::Auth, &refusal, None, ""),
            Ok((next, Outcome::Challenge(challenge))) => {
                self.exchange = next;
                return Step::Prompt(Reply::challenge(challenge));
            }
            Ok((_, Outcome::Done(credentials))) => credentials,
        };
        self.username.clone_from(&credentials.username);
        let patience = self.door.timeouts.backend;
        let attempt = self.door.backend.authenticate(&self.peer, credentials);
        match answer(patience, attempt).await {
            Ok(principal) => {
                self.principal = Some(principal);
                self.errors = 0;
                self.update_protocol();
                Step::Say(Reply::signed_in())
            }
            Err(refusal) => {
                self.failed_sign_ins += 1;
                self.refuse(Stage::Auth, &refusal, None, "")
            }
        }
    }

    async fn mail(&mut self, mail: MailParameters) -> Step {
        let sender = mail.reverse_path.as_str().to_owned();
        match self.check_mail(&mail).await {
            Ok(()) => {
                self.forget_transaction();
                self.transaction = Some(Transaction {
                    mail,
                    recipients: Vec::new(),
                    known: HashSet::new(),
                    opened: false,
                    intake: None,
                });
                Step::Say(Reply::sender_ok())
            }
            Err(refusal) => {
                self.spoiled |= self.transaction.is_none();
                self.refuse(Stage::Mail, &refusal, Some(&sender), "")
            }
        }
    }

    async fn check_mail(&self, mail: &MailParameters) -> Result<(), Refusal> {
        if !self.greeted || self.transaction.is_some() {
            return Err(Reason::BadSequence.into());
        }
        let Some(principal) = &self.principal else {
            return Err(Reason::AuthRequired.into());
        };
        let limit = self.door.backend.size_limit();
        if mail.size.is_some_and(|size| size > limit) {
            let detail = format!("the limit is {limit} bytes");
            return Err(Refusal::new(Reason::MessageTooLarge, detail));
        }
        let check = self.door.backend.check_sender(&self.peer, principal, mail);
        answer(self.door.timeouts.backend, check).await
    }

    fn recipient(&mut self, recipient: Recipient) -> Step {
        let address = recipient.address.as_str().to_owned();
        match self.add_recipient(recipient) {
            Ok(()) => Step::Say(Reply::recipient_ok()),
            Err(refusal) => self.refuse(Stage::Recipient, &refusal, None, &address),
        }
    }

    fn add_recipient(&mut self, recipient: Recipient) -> Result<(), Refusal> {
        let (Some(principal), Some(transaction)) = (&self.principal, &mut self.transaction) else {
            return Err(Reason::BadSequence.into());
        };
        if transaction.opened {
            return Err(Reason::BadSequence.into());
        }
        if recipient.address.is_international() && !transaction.mail.smtputf8 {
            let detail = "MAIL must say SMTPUTF8 first";
            return Err(Refusal::new(Reason::InvalidAddress, detail));
        }
        let key = recipient.address.as_str().to_lowercase();
        if transaction.known.contains(&key) {
            return Ok(());
        }
        let count = transaction.recipients.len();
        if count >= RECIPIENT_LIMIT {
            return Err(Reason::TooManyRecipients.into());
        }
        let backend = &self.door.backend;
        backend.check_recipient(principal, &transaction.mail, count, &recipient)?;
        transaction.known.insert(key);
        transaction.recipients.push(recipient);
        Ok(())
    }

    async fn data(&mut self) -> Step {
        let misfit = match &self.transaction {
            Some(transaction) if transaction.opened => Some("chunks of it came by BDAT"),
            Some(transaction) if transaction.mail.encoding == BodyEncoding::Binary => {
                Some("BINARYMIME needs BDAT")
            }
            _ => None,
        };
        let opened = match misfit {
            Some(detail) => Err(Refusal::new(Reason::BadSequence, detail)),
            None => self.open().await,
        };
        match opened {
            Ok(intake) => {
                self.body = Some(Mutex::new((Framing::Dots, intake)));
                Step::Body(Some(Reply::go_ahead()))
            }
            Err(refusal) => self.refuse_body(&refusal),
        }
    }

    async fn chunk(&mut self, size: u64, last: bool) -> Step {
        let begun = self
            .transaction
            .as_mut()
            .and_then(|transaction| transaction.intake.take());
        let opened = match begun {
            Some(intake) => Ok(intake.into_inner().unwrap_or_else(PoisonError::into_inner)),
            None => self.open().await,
        };
        // The chunk follows whether it is welcome or not (RFC 3030 §4.2): a refusal is told
        // behind it.
        let mut intake = opened.unwrap_or_else(Intake::refused);
        intake.announce(size);
        self.body = Some(Mutex::new((Framing::Chunk { size, last }, intake)));
        Step::Body(None)
    }

    async fn open(&mut self) -> Result<Intake<B::Sink>, Refusal> {
        let (Some(principal), Some(transaction)) = (&self.principal, &mut self.transaction) else {
            return Err(Reason::BadSequence.into());
        };
        if transaction.recipients.is_empty() {
            let detail = "no recipient was accepted";
            return Err(Refusal::new(Reason::BadSequence, detail));
        }
        transaction.opened = true;
        let mail = &transaction.mail;
        let envelope = Envelope {
            reverse_path: mail.reverse_path.clone(),
            recipients: std::mem::take(&mut transaction.recipients),
            encoding: mail.encoding,
            smtputf8: mail.smtputf8,
            dsn_return: mail.dsn_return,
            envelope_id: mail.envelope_id.clone(),
        };
        let backend = &self.door.backend;
        let opening = backend.open(&self.peer, principal, envelope);
        let sink = answer(self.door.timeouts.backend, opening).await?;
        let limit = backend.size_limit();
        Ok(Intake::new(sink, limit, mail.encoding, mail.size))
    }

    /// The body that is to be received now.
    pub(super) fn take_body(&mut self) -> Option<(Framing, Intake<B::Sink>)> {
        let body = self.body.take()?;
        Some(body.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// The body, or a chunk of it, was received.
    pub(super) async fn received(&mut self, framing: Framing, intake: Intake<B::Sink>) -> Step {
        if let Framing::Chunk { size, last: false } = framing {
            return match (intake.refusal().cloned(), &mut self.transaction) {
                (None, Some(transaction)) => {
                    transaction.intake = Some(Mutex::new(intake));
                    Step::Say(Reply::chunk_ok(size))
                }
                (refusal, _) => {
                    self.refuse_body(&refusal.unwrap_or_else(|| Reason::BadSequence.into()))
                }
            };
        }
        match intake.finish(self.door.timeouts.backend).await {
            Ok(receipt) => {
                self.forget_transaction();
                self.errors = 0;
                Step::Say(Reply::accepted(receipt.id))
            }
            Err(refusal) => self.refuse_body(&refusal),
        }
    }

    /// Refuses DATA or BDAT. The transaction is over, unless nothing of it was opened yet: then
    /// the client can still add what was missing.
    fn refuse_body(&mut self, refusal: &Refusal) -> Step {
        let step = self.refuse(Stage::Data, refusal, None, "");
        if self.transaction.as_ref().is_some_and(|open| open.opened) {
            self.transaction = None;
            self.spoiled = true;
        }
        step
    }

    fn forget_transaction(&mut self) {
        self.transaction = None;
        self.spoiled = false;
        self.excuses = 0;
    }

    fn update_protocol(&mut self) {
        let signed_in = self.principal.is_some();
        self.peer.protocol = match (self.extended, self.peer.tls.is_some(), signed_in) {
            (false, _, _) => Protocol::Smtp,
            (true, false, false) => Protocol::Esmtp,
            (true, true, false) => Protocol::Esmtps,
            (true, false, true) => Protocol::Esmtpa,
            (true, true, true) => Protocol::Esmtpsa,
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
        let transient = refusal
            .reason
            .smtp()
            .is_some_and(|code| code.is_transient());
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
            principal: self.principal.as_ref(),
            username: &self.username,
            stage,
            sender: sender.unwrap_or_else(|| known.map_or("", ReversePath::as_str)),
            recipient,
        };
        self.door.backend.refused(context, refusal);
    }
}
