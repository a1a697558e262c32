//! What a listener offers to whom, and what it says to those who want something else. Sessions go by
//! it, and so does whoever asks what a session would be told.

use std::{net::IpAddr, sync::Arc};

use super::{MailParameters, quirk::Quirks, reply::Reply, syntax};
use crate::model::{Network, Reason, Recipient, Refusal};

/// Why nobody signs in on a listener without TLS; the remedies are another port or a setting.
const NEVER_ENCRYPTED: &str = "this port has no encryption: use another one, or name the network \
                               of the device in plaintext_auth_networks of the listener";
/// What keeps a device from AUTH where it may encrypt and did not.
const NOT_ENCRYPTED: &str = "the device did not encrypt: switch on STARTTLS in it, then it can \
                             sign in";

/// How a listener encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// By STARTTLS, where the client wants it.
    StartTls,
    /// From the first byte.
    Implicit,
    /// Never.
    None,
}

/// A listener, as far as it decides who may do what.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// Its name.
    pub name: Arc<str>,
    /// How it encrypts.
    pub encryption: Encryption,
    /// Where devices may sign in without TLS.
    pub plaintext_auth_networks: Vec<Network>,
    /// Whether devices that are known by their address may send without signing in.
    pub address_auth: bool,
}

/// What a session may do on its connection.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    /// STARTTLS.
    pub start_tls: bool,
    /// AUTH.
    pub sign_in: bool,
    /// MAIL without AUTH, by address alone.
    pub by_address: bool,
}

impl Entrance {
    /// What a client may do here.
    pub fn offer(&self, client: IpAddr, is_encrypted: bool) -> Offer {
        let mut plain = self.plaintext_auth_networks.iter();
        Offer {
            start_tls: !is_encrypted && self.encryption == Encryption::StartTls,
            sign_in: is_encrypted || plain.any(|network| network.contains(client)),
            by_address: self.address_auth,
        }
    }

    /// What a device is told that does not encrypt as this listener does, if anything.
    pub fn refuse_encryption(&self, encrypts: bool) -> Result<(), Refusal> {
        match (self.encryption, encrypts) {
            (Encryption::Implicit, false) => Err(Reason::TlsExpected.into()),
            (Encryption::None, true) => Err(Reason::NotImplemented.into()),
            (Encryption::StartTls, _)
            | (Encryption::Implicit, true)
            | (Encryption::None, false) => Ok(()),
        }
    }
}

impl Offer {
    /// What keeps a client from AUTH.
    pub(super) fn obstacle(self) -> Option<&'static str> {
        match (self.sign_in, self.start_tls) {
            (true, _) => None,
            (false, true) => Some(NOT_ENCRYPTED),
            (false, false) => Some(NEVER_ENCRYPTED),
        }
    }

    /// AUTH: whether it is taken here.
    pub fn admit_sign_in(self) -> Result<(), Refusal> {
        match (self.sign_in, self.start_tls) {
            (true, _) => Ok(()),
            (false, true) => Err(Reason::TlsRequired.into()),
            (false, false) => Err(Refusal::new(Reason::TlsRequired, NEVER_ENCRYPTED)),
        }
    }

    /// MAIL from a device that has not signed in, and whose address stands for nobody, where
    /// addresses are looked at. Tells the client nothing but what it knows: its own address.
    pub fn unrecognized(self, client: IpAddr) -> Refusal {
        let client = client.to_canonical();
        let mut detail = format!("{client} is not registered to send without a password");
        if let Some(obstacle) = self.obstacle() {
            detail = format!("{detail}, and {obstacle}");
        }
        Refusal::new(Reason::AuthRequired, detail)
    }

    /// MAIL from a device that has not signed in, where addresses are not looked at. Says what
    /// keeps it from that, for the password may well be set.
    pub fn stranger(self, explained: Option<String>) -> Refusal {
        let detail = explained.unwrap_or_else(|| self.obstacle().unwrap_or_default().to_owned());
        Refusal::new(Reason::AuthRequired, detail)
    }
}

/// What MAIL of a device would say that names this sender and size.
pub fn read_sender(address: &str, size: u64, smtputf8: bool) -> Result<MailParameters, Refusal> {
    let extension = if smtputf8 { " SMTPUTF8" } else { "" };
    match read(&format!("MAIL FROM:<{address}> SIZE={size}{extension}"))? {
        syntax::Command::Mail(mail) => Ok(mail),
        _ => Err(Reason::InvalidSender.into()),
    }
}

/// What RCPT of a device would say that names this recipient.
pub fn read_recipient(address: &str) -> Result<Recipient, Refusal> {
    match read(&format!("RCPT TO:<{address}>"))? {
        syntax::Command::Recipient(recipient) => Ok(recipient),
        _ => Err(Reason::InvalidAddress.into()),
    }
}

fn read(line: &str) -> Result<syntax::Command, Refusal> {
    let command = syntax::read(line.as_bytes(), &mut Quirks::default());
    command.map_err(|fault| fault.refusal)
}

/// The reply to what was refused, as it goes over the wire, without its last line end.
pub fn reply_to(refusal: &Refusal) -> String {
    let bytes = Reply::refusal(refusal).into_bytes();
    let text = String::from_utf8_lossy(&bytes);
    text.trim_end().replace("\r\n", "\n")
}
