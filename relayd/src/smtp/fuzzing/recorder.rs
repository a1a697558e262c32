//! A backend that takes what the name of the user or sender lets it take, and remembers it.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::{
    model::{Envelope, IdSource, MessageId, Reason, Recipient, Refusal},
    smtp::{Backend, Credentials, MailParameters, Peer, Receipt, RefusalContext, Sink},
};

/// Small, so that a small input gets beyond it.
pub(super) const SIZE_LIMIT: u64 = 1000;
/// The one good password.
const PASSWORD: &str = "geheim";
const RECIPIENTS: usize = 5;

/// The bodies that were taken, in order.
#[derive(Debug, Default, Clone)]
pub(super) struct Record(Arc<Mutex<Vec<Vec<u8>>>>);

impl Record {
    pub(super) fn bodies(&self) -> Vec<Vec<u8>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn sink(&self) -> Basket {
        Basket {
            record: self.clone(),
            body: Vec::new(),
            is_picky: false,
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pub(super) record: Record,
}

impl Backend for Recorder {
    type Principal = String;
    type Sink = Basket;

    fn size_limit(&self) -> u64 {
        SIZE_LIMIT
    }

    fn welcome(&self, _: &Peer) -> Result<(), Refusal> {
        Ok(())
    }

    async fn authenticate(&self, _: &Peer, credentials: Credentials) -> Result<String, Refusal> {
        assert!(!credentials.username.contains('\0'));
        if credentials.password.expose() == PASSWORD {
            return Ok(credentials.username);
        }
        Err(Reason::CredentialsRejected.into())
    }

    async fn recognize(&self, peer: &Peer) -> Result<Option<String>, Refusal> {
        let is_known = peer.remote.ip().is_loopback();
        Ok(is_known.then(|| "printer".to_owned()))
    }

    async fn check_sender(
        &self,
        _: &Peer,
        principal: &String,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        if mail.reverse_path.as_str().starts_with("boss@") && principal != "boss" {
            return Err(Reason::SenderNotAllowed.into());
        }
        Ok(())
    }

    fn check_recipient(
        &self,
        _: &Peer,
        _: &String,
        _: &MailParameters,
        count: usize,
        _: &Recipient,
    ) -> Result<(), Refusal> {
        if count >= RECIPIENTS {
            return Err(Reason::TooManyRecipients.into());
        }
        Ok(())
    }

    async fn open(&self, _: &Peer, _: &String, envelope: Envelope) -> Result<Basket, Refusal> {
        assert!((1..=RECIPIENTS).contains(&envelope.recipients.len()));
        let sender = envelope.reverse_path.as_str();
        if sender.starts_with("full@") {
            return Err(Reason::DiskFull.into());
        }
        Ok(Basket {
            is_picky: sender.starts_with("picky@"),
            ..self.record.sink()
        })
    }

    fn refused(&self, context: RefusalContext<'_, String>, refusal: &Refusal) {
        assert!(refusal.reason.smtp().is_some(), "a refusal without a reply");
        // NUL in any of these would keep the refusal out of a PostgreSQL log.
        for text in [context.username, context.sender, context.recipient] {
            assert!(!text.contains('\0'));
        }
    }
}

/// The sink of [`Recorder`].
#[derive(Debug)]
pub(super) struct Basket {
    record: Record,
    body: Vec<u8>,
    is_picky: bool,
}

impl Sink for Basket {
    async fn write(&mut self, piece: Bytes) -> Result<(), Refusal> {
        assert!(!piece.is_empty() && piece.len() <= 64 * 1024);
        self.body.extend_from_slice(&piece);
        if self.is_picky {
            return Err(Reason::FromNotAllowed.into());
        }
        Ok(())
    }

    async fn finish(self) -> Result<Receipt, Refusal> {
        let mut bodies = self.record.0.lock().unwrap_or_else(PoisonError::into_inner);
        bodies.push(self.body);
        let id = MessageId::new(&IdSource::new(), jiff::Timestamp::UNIX_EPOCH);
        Ok(Receipt { id })
    }
}
