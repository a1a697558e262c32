//! The verbs of a mail transaction: MAIL, RCPT, DATA, BDAT.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::{Identity, Session, Step, unless_lost};
use crate::model::{Address, BodyEncoding, Envelope, Reason, Recipient, Refusal};
use crate::smtp::{
    Backend, MailParameters, Quirk, Stage,
    body::{Framing, Intake, answer},
    reply::Reply,
};

/// Recipients of one transaction, whatever the plan says: bounds its memory. EHLO announces it.
pub(super) const RECIPIENT_LIMIT: usize = 10_000;

/// A message whose envelope or body is on its way in.
pub(super) struct Transaction<S> {
    pub(super) mail: MailParameters,
    recipients: Vec<Recipient>,
    /// A recipient named twice is kept once. The domain is in lower case in every address; what
    /// stands before it may mean another mailbox in another case (RFC 5321 §2.4).
    known: HashSet<Address>,
    /// RCPT commands, the refused and repeated ones included.
    asked: usize,
    /// The body was opened: no recipient can join.
    opened: bool,
    /// The body between two chunks. The mutex is never locked: it only makes a sink shareable.
    intake: Option<Mutex<Intake<S>>>,
}

impl<S> Transaction<S> {
    /// Whether one more RCPT may still lead to a message.
    pub(super) fn may_ask(&mut self) -> bool {
        self.asked += 1;
        self.asked <= RECIPIENT_LIMIT
    }

    /// Whether a chunk would be one of a body.
    pub(super) fn takes_chunks(&self) -> bool {
        self.opened || !self.recipients.is_empty()
    }
}

impl<B: Backend> Session<B> {
    pub(super) async fn mail(&mut self, mail: MailParameters) -> Step {
        let sender = mail.reverse_path.as_str().to_owned();
        match self.check_mail(&mail).await {
            Ok(()) => {
                self.forget_transaction();
                self.transaction = Some(Transaction {
                    mail,
                    recipients: Vec::new(),
                    known: HashSet::new(),
                    asked: 0,
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

    async fn check_mail(&mut self, mail: &MailParameters) -> Result<(), Refusal> {
        if !self.is_greeted() || self.transaction.is_some() {
            return Err(Reason::BadSequence.into());
        }
        self.recognize().await?;
        let Some(principal) = self.identity.sender() else {
            return Err(self.who_are_you().await);
        };
        let check = self.door.backend.check_sender(&self.peer, principal, mail);
        answer(self.door.timeouts.backend, check).await?;
        let limit = self.door.backend.size_limit();
        if mail.size.is_some_and(|size| size > limit) {
            let detail = format!("the limit is {limit} bytes");
            return Err(Refusal::new(Reason::MessageTooLarge, detail));
        }
        Ok(())
    }

    /// Asks whose device this is, when nobody signed in and the listener takes mail by address.
    async fn recognize(&mut self) -> Result<(), Refusal> {
        if self.identity.user().is_some() || !self.offer.by_address {
            return Ok(());
        }
        // Whatever the answer is.
        self.identity.forget_address();
        let question = self.door.backend.recognize(&self.peer);
        let Some(owner) = answer(self.door.timeouts.backend, question).await? else {
            return Err(self.offer.unrecognized(self.peer.remote.ip()));
        };
        self.identity = Identity::Address(Some(owner));
        Ok(())
    }

    /// The refusal of a device that has not signed in. Says what keeps it from that, for the
    /// password may well be set.
    async fn who_are_you(&self) -> Refusal {
        let explained = self.door.backend.explain_stranger(&self.peer);
        let explained = answer(self.door.timeouts.backend, async { Ok(explained.await) });
        self.offer.stranger(explained.await.ok().flatten())
    }

    pub(super) fn recipient(&mut self, recipient: Recipient) -> Step {
        let address = recipient.address.as_str().to_owned();
        match self.add_recipient(recipient) {
            Ok(()) => Step::Say(Reply::recipient_ok()),
            Err(refusal) => self.refuse(Stage::Recipient, &refusal, None, &address),
        }
    }

    fn add_recipient(&mut self, recipient: Recipient) -> Result<(), Refusal> {
        let sender = self.identity.sender();
        let (Some(principal), Some(transaction)) = (sender, &mut self.transaction) else {
            return Err(Reason::BadSequence.into());
        };
        if transaction.opened {
            return Err(Reason::BadSequence.into());
        }
        if recipient.address.is_international() && !transaction.mail.smtputf8 {
            let detail = "MAIL must say SMTPUTF8 first";
            return Err(Refusal::new(Reason::InvalidAddress, detail));
        }
        if !recipient.original.is_ascii() && !transaction.mail.smtputf8 {
            let detail = "an ORCPT beyond ASCII needs SMTPUTF8 at MAIL";
            return Err(Refusal::new(Reason::BadParameter, detail));
        }
        if transaction.known.contains(&recipient.address) {
            self.note_one(Quirk::RepeatedRecipient);
            return Ok(());
        }
        let count = transaction.recipients.len();
        if count >= RECIPIENT_LIMIT {
            return Err(Reason::TooManyRecipients.into());
        }
        let backend = &self.door.backend;
        backend.check_recipient(&self.peer, principal, &transaction.mail, count, &recipient)?;
        transaction.known.insert(recipient.address.clone());
        transaction.recipients.push(recipient);
        Ok(())
    }

    pub(super) async fn data(&mut self) -> Step {
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
                if self.pipelined {
                    self.note_one(Quirk::BodyBeforeGoAhead);
                }
                self.body = Some(Mutex::new((Framing::Dots, intake)));
                Step::Body(Some(Reply::go_ahead()))
            }
            Err(refusal) => {
                let step = self.refuse_body(&refusal);
                // DATA is the last command of a pipelined group (RFC 2920 §3.1): what came along
                // can only be a body that nobody asked for.
                self.may_be_body = true;
                unless_lost(step, self.pipelined)
            }
        }
    }

    pub(super) async fn chunk(&mut self, size: u64, last: bool) -> Step {
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
        // A chunk that comes along with its command is never waited for.
        if intake.is_overdue(&self.door.timeouts) {
            return self.end(&Reason::Timeout.into());
        }
        intake.announce(size);
        self.body = Some(Mutex::new((Framing::Chunk { size, last }, intake)));
        Step::Body(None)
    }

    async fn open(&mut self) -> Result<Intake<B::Sink>, Refusal> {
        let sender = self.identity.sender();
        let (Some(principal), Some(transaction)) = (sender, &mut self.transaction) else {
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
    pub(in crate::smtp) fn take_body(&mut self) -> Option<(Framing, Intake<B::Sink>)> {
        let body = self.body.take()?;
        Some(body.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// The body, or a chunk of it, was received.
    pub(in crate::smtp) async fn received(
        &mut self,
        framing: Framing,
        intake: Intake<B::Sink>,
    ) -> Step {
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
                self.commands = 0;
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
}
