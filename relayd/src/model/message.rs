//! A submission, its recipients, and what happened to it.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Address, MessageId, Reason, ReversePath, text_enum};

text_enum! {
    /// Where a message stands; follows from the states of its recipients.
    MessageState {
        /// At least one recipient still waits for an attempt.
        Queued = "queued",
        /// Stopped by a person; none is attempted.
        Held = "held",
        /// Handed over for every recipient.
        Delivered = "delivered",
        /// Handed over for some, failed for others.
        Partial = "partial",
        /// Failed for every recipient.
        Failed = "failed",
        /// Taken out of the queue by a person before it was handed over to all.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// Where one recipient of a message stands.
    RecipientState {
        /// Waits for an attempt.
        Queued = "queued",
        /// Handed over.
        Delivered = "delivered",
        /// Refused for good, or out of tries.
        Failed = "failed",
        /// Cancelled by a person.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What an event of a message's history tells.
    EventKind {
        /// Safe on disk; the device has its 250.
        Accepted = "accepted",
        /// An attempt did not succeed; another follows.
        Deferred = "deferred",
        /// Handed over.
        Delivered = "delivered",
        /// Refused for good, or out of tries.
        Failed = "failed",
        /// A bounce was made.
        Bounced = "bounced",
        /// The sender is told of a delay, or that the mail was handed over (RFC 3461).
        Notified = "notified",
        /// Stopped by a person.
        Held = "held",
        /// Let go by a person.
        Released = "released",
        /// Its next attempt was asked for now.
        Retried = "retried",
        /// Goes by the account's other route, since the first cannot take it.
        Rerouted = "rerouted",
        /// Taken out of the queue by a person.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// The `with` clause of a Received header (RFC 3848).
    Protocol {
        /// HELO.
        Smtp = "SMTP",
        /// EHLO.
        Esmtp = "ESMTP",
        /// EHLO and TLS.
        Esmtps = "ESMTPS",
        /// EHLO and AUTH.
        Esmtpa = "ESMTPA",
        /// EHLO, TLS and AUTH.
        Esmtpsa = "ESMTPSA",
    }
}

text_enum! {
    /// What the client declared of the body (`BODY=`, RFC 6152 and RFC 3030).
    BodyEncoding {
        /// Nothing, or `7BIT`.
        SevenBit = "7bit",
        /// `8BITMIME`.
        EightBit = "8bitmime",
        /// `BINARYMIME`.
        Binary = "binarymime",
    }
}

text_enum! {
    /// How much of a mail its bounce returns (RFC 3461 RET).
    DsnReturn {
        /// All of it.
        Full = "full",
        /// The headers.
        Headers = "hdrs",
    }
}

/// When the sender wants a notification (RFC 3461 NOTIFY).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent wishes of RFC 3461"
)]
pub struct DsnNotify {
    /// Never; excludes the others.
    pub never: bool,
    /// On delivery.
    pub success: bool,
    /// On failure.
    pub failure: bool,
    /// On delay.
    pub delay: bool,
}

impl Default for DsnNotify {
    /// Without NOTIFY, failures are told. Whether delays are is ours to choose (RFC 3461 §4.1), and
    /// devices read no mail.
    fn default() -> Self {
        Self {
            never: false,
            success: false,
            failure: true,
            delay: false,
        }
    }
}

/// One forward path of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Where the mail goes.
    pub address: Address,
    /// NOTIFY=; `None` when not given.
    pub notify: Option<DsnNotify>,
    /// ORCPT= as given, still in xtext; empty when not given.
    pub original: String,
}

/// What MAIL and RCPT said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// MAIL FROM.
    pub reverse_path: ReversePath,
    /// RCPT TO, in the order given, without repetitions.
    pub recipients: Vec<Recipient>,
    /// BODY=.
    pub encoding: BodyEncoding,
    /// SMTPUTF8 was given.
    pub smtputf8: bool,
    /// RET=; `None` when not given.
    pub dsn_return: Option<DsnReturn>,
    /// ENVID= as given, still in xtext; empty when not given.
    pub envelope_id: String,
}

/// The encryption of a session, for the Received header and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSummary {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// Name of the cipher suite as IANA lists it.
    pub cipher: String,
}

/// A reply of the other side, literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteReply {
    /// The basic code, such as 250.
    pub code: u16,
    /// Everything behind the code, lines joined by a space, enhanced code included.
    pub text: String,
}

impl std::fmt::Display for RemoteReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

/// One line of a message's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// The message.
    pub message_id: MessageId,
    /// What happened.
    pub kind: EventKind,
    /// The recipients it concerns, by address; empty means all.
    pub recipients: Vec<String>,
    /// The stable code, where something was refused or failed.
    pub reason: Option<Reason>,
    /// The literal reply of the other side; empty when there was none.
    pub reply: String,
    /// Anything else worth telling: which server, the next attempt, who did it.
    pub detail: String,
    /// Where the device connected from; on `accepted` only.
    pub client: Option<IpAddr>,
}
