//! The narrow seam between protocol and product.

use std::{future::Future, net::SocketAddr, sync::Arc};

use bytes::Bytes;

use super::Quirk;
use crate::model::{
    BodyEncoding, DsnReturn, Envelope, MessageId, Protocol, Recipient, Refusal, ReversePath,
    Secret, TlsSummary,
};

/// Whom a session talks to, as far as it is known at the time of a call.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The device's address and port.
    pub remote: SocketAddr,
    /// Name of the listener that took the connection.
    pub listener: Arc<str>,
    /// What HELO or EHLO said; empty before. Hostile text.
    pub helo: String,
    /// The encryption in force.
    pub tls: Option<TlsSummary>,
    /// For the Received header.
    pub protocol: Protocol,
}

/// What the device signs in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// User name as given. Hostile text.
    pub username: String,
    /// Password as given.
    pub password: Secret,
}

/// What MAIL said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailParameters {
    /// MAIL FROM.
    pub reverse_path: ReversePath,
    /// SIZE= (RFC 1870).
    pub size: Option<u64>,
    /// BODY=.
    pub encoding: BodyEncoding,
    /// SMTPUTF8.
    pub smtputf8: bool,
    /// RET=.
    pub dsn_return: Option<DsnReturn>,
    /// ENVID= in xtext; empty when not given.
    pub envelope_id: String,
}

/// The proof of a 250: the message is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The queue id that the reply shows.
    pub id: MessageId,
}

/// The verb at which a refusal was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before or at the greeting.
    Connect,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Recipient,
    /// DATA or BDAT, or while and after the body came.
    Data,
    /// Anything else.
    Command,
}

/// What a refusal was about, for the log of refusals. Hostile texts.
#[derive(Debug, Clone)]
pub struct RefusalContext<'a, P> {
    /// Who connected.
    pub peer: &'a Peer,
    /// Who signed in or was recognized, if anybody was.
    pub principal: Option<&'a P>,
    /// The user name that was tried; empty when none was.
    pub username: &'a str,
    /// The verb.
    pub stage: Stage,
    /// The sender of the transaction; empty when there is none.
    pub sender: &'a str,
    /// The recipient at hand; empty when there is none.
    pub recipient: &'a str,
}

/// What EHLO may announce, now and to this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Largest message in bytes (RFC 1870).
    pub size: u64,
    /// Recipients of one message (RFC 9422 RCPTMAX).
    pub recipients: usize,
    /// Whether binary bodies can be handed on (RFC 3030).
    pub binary_mime: bool,
}

/// What the door asks of the product.
///
/// The session calls in protocol order and never two at a time. Every future may be dropped when
/// the session ends; a [`Sink`] that is dropped before [`Sink::finish`] leaves nothing behind.
pub trait Backend: Send + Sync + 'static {
    /// Who has signed in or was recognized, with what the later checks need.
    type Principal: Clone + Send + Sync + 'static;
    /// Takes the body of one message.
    type Sink: Sink;

    /// Largest message that any account may send here, in bytes; what EHLO announces as SIZE.
    fn size_limit(&self) -> u64;

    /// Connect: may this client talk to us at all? Asked before anything is said; must not block.
    fn welcome(&self, peer: &Peer) -> Result<(), Refusal>;

    /// What holds for a client that signed in as `principal`, or has not yet. For EHLO only: what
    /// counts is judged at MAIL, RCPT and DATA.
    fn terms(&self, _peer: &Peer, _principal: Option<&Self::Principal>) -> Terms {
        Terms {
            size: self.size_limit(),
            recipients: usize::MAX,
            binary_mime: false,
        }
    }

    /// AUTH: are these credentials good, from this address, now? May take its time over a refusal:
    /// guesses are answered late.
    fn authenticate(
        &self,
        peer: &Peer,
        credentials: Credentials,
    ) -> impl Future<Output = Result<Self::Principal, Refusal>> + Send;

    /// MAIL from a device that has not signed in, on a listener that takes mail by address alone:
    /// whose device is it? `None` when the address is not registered for that.
    fn recognize(
        &self,
        peer: &Peer,
    ) -> impl Future<Output = Result<Option<Self::Principal>, Refusal>> + Send;

    /// MAIL from a device that has not signed in, on a listener that does not look at addresses:
    /// what it should know, if its address says so. Tells nobody of another address than its own.
    fn explain_stranger(&self, _peer: &Peer) -> impl Future<Output = Option<String>> + Send {
        async { None }
    }

    /// MAIL: may the principal send this?
    fn check_sender(
        &self,
        peer: &Peer,
        principal: &Self::Principal,
        mail: &MailParameters,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// RCPT: one more recipient after `count` earlier ones?
    fn check_recipient(
        &self,
        peer: &Peer,
        principal: &Self::Principal,
        mail: &MailParameters,
        count: usize,
        recipient: &Recipient,
    ) -> Result<(), Refusal>;

    /// DATA or the first BDAT: ready for the body? A refusal here spares the device the transfer.
    fn open(
        &self,
        peer: &Peer,
        principal: &Self::Principal,
        envelope: Envelope,
    ) -> impl Future<Output = Result<Self::Sink, Refusal>> + Send;

    /// The client did something odd that was taken. Must not block.
    fn quirk(&self, _peer: &Peer, _principal: Option<&Self::Principal>, _quirk: Quirk) {}

    /// Every refusal that the session sends, whoever decided it. Must not block.
    fn refused(&self, context: RefusalContext<'_, Self::Principal>, refusal: &Refusal);
}

/// Takes the body of one message: decoded (no dot-stuffing), byte for byte, in pieces of any size.
pub trait Sink: Send + 'static {
    /// The next piece. After a refusal the session reads the rest of the body and throws it away.
    fn write(&mut self, piece: Bytes) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// The body is complete. Ends with a receipt only when the message is on disk.
    fn finish(self) -> impl Future<Output = Result<Receipt, Refusal>> + Send;
}
