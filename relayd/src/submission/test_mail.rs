//! A mail that tries the way: through the same questions, limits and repairs as that of a device.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use lettre::message::{Mailbox, Message, SinglePart};

use super::door::{Door, Principal};
use crate::{
    accounts::{Explained, MailQuestion, TestDoor, TestSubmission},
    model::{
        Address, BodyEncoding, Envelope, MessageId, Protocol, Reason, Recipient, Refusal,
        ReversePath,
    },
    smtp::{Backend, MailParameters, Peer, Sink},
};

/// What stands in place of a listener and of the name of the device.
const NAME: &str = "test";

#[async_trait]
impl TestDoor for Door {
    /// The rules judge it as mail from the address of its system. What is written down of its
    /// origin is the truth: this machine.
    async fn submit(&self, test: TestSubmission) -> Result<MessageId, Refusal> {
        let body = body(&test, self.now())?;
        let principal = self.tried(&test.username).await?;
        let device = peer(test.client);
        self.welcome(&device)?;
        let is_international = test.sender.is_international() || test.recipient.is_international();
        let mail = MailParameters {
            reverse_path: ReversePath::Address(test.sender),
            size: u64::try_from(body.len()).ok(),
            encoding: BodyEncoding::SevenBit,
            smtputf8: is_international,
            dsn_return: None,
            envelope_id: String::new(),
        };
        let recipient = Recipient {
            address: test.recipient,
            notify: None,
            original: String::new(),
        };
        self.check_sender(&device, &principal, &mail).await?;
        self.check_recipient(&device, &principal, &mail, 0, &recipient)?;
        let envelope = Envelope {
            reverse_path: mail.reverse_path,
            recipients: vec![recipient],
            encoding: mail.encoding,
            smtputf8: mail.smtputf8,
            dsn_return: None,
            envelope_id: String::new(),
        };
        let mut sink = self.open(&device, &principal, envelope).await?;
        let here = peer(IpAddr::V4(Ipv4Addr::LOCALHOST));
        sink.mark(here, format!("test mail, asked for by {}", test.by));
        sink.write(body).await?;
        Ok(sink.finish().await?.id)
    }

    async fn explain(&self, question: MailQuestion) -> Result<Explained, Refusal> {
        self.explain_mail(&question).await
    }
}

impl Door {
    /// The relay user, as if it had signed in.
    async fn tried(&self, username: &str) -> Result<Principal, Refusal> {
        let found = self.principal_of(username).await?;
        found.ok_or_else(|| Refusal::new(Reason::CredentialsRejected, "there is no such user"))
    }
}

fn peer(address: IpAddr) -> Peer {
    Peer {
        remote: SocketAddr::new(address, 0),
        listener: Arc::from(NAME),
        helo: NAME.to_owned(),
        tls: None,
        protocol: Protocol::Esmtp,
    }
}

/// Says what it is. The Message-ID is left to the repair of headers, as many devices leave it.
fn body(test: &TestSubmission, now: Timestamp) -> Result<Bytes, Refusal> {
    let unfit = |what: &str| Refusal::new(Reason::InvalidAddress, what);
    let mailbox = |address: &Address| {
        let parsed = address.as_str().parse();
        parsed.map(|email| Mailbox::new(None, email))
    };
    let from = mailbox(&test.sender).map_err(|_| unfit(test.sender.as_str()))?;
    let to = mailbox(&test.recipient).map_err(|_| unfit(test.recipient.as_str()))?;
    let words = format!(
        "This mail tries the way from relayd to you.\r\n\r\n\
         Relay user: {}\r\nAsked for by: {}\r\n",
        test.username, test.by
    );
    let mail = Message::builder()
        .from(from)
        .to(to)
        .subject(test.subject.as_str())
        .date(now.into())
        .singlepart(SinglePart::plain(words))
        .map_err(|error| Refusal::new(Reason::Internal, error.to_string()))?;
    Ok(Bytes::from(mail.formatted()))
}
