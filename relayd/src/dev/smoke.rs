//! One mail through the whole way, as a device would send it.

use std::{fs, path::Path, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;

use super::{DevError, demo};
use crate::{
    accounts::{Scope, Trace},
    app::Relay,
    model::{
        AccountId, BodyEncoding, IdSource, MessageId, MessageState, Pace, Recipient, ReversePath,
        Route, RouteId, RouteKind, Secret, Security,
    },
    upstream::{self, BodySource, BodyUnavailable, Outcome, Outgoing, Upstreams},
};

const MAIL: &[u8] = b"From: scanner@example.com\r\nTo: ops@example.com\r\n\
    Subject: relayd smoke test\r\n\r\nHello from relayd dev --once.\r\n";
/// How long the mail may take.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Sends one mail as the demo account and waits until it is delivered.
pub(super) async fn send_one(relay: &Relay, folder: &Path) -> Result<Trace, DevError> {
    let demo = demo::prepare(relay.accounts(), folder).await?;
    let password = demo
        .password
        .ok_or_else(|| failed("the folder is not fresh"))?;
    let id = submit(relay, folder, password).await?;
    let delivered = tokio::time::timeout(PATIENCE, delivery(relay, &id)).await;
    delivered.unwrap_or_else(|_| Err(failed("it was accepted, but not delivered in time")))
}

/// Signs in at the STARTTLS listener, which shows the certificate that relayd made, and submits.
/// Gives the queue id that the 250 shows.
async fn submit(relay: &Relay, folder: &Path, password: Secret) -> Result<String, DevError> {
    let listeners = &relay.addresses().listeners;
    let starttls = listeners.iter().find(|listener| listener.tls == "starttls");
    let port = starttls
        .ok_or_else(|| failed("no STARTTLS listener"))?
        .address
        .port();
    let certificate = folder.join("self-signed.crt");
    let ca_pem = fs::read_to_string(&certificate).map_err(|source| DevError::Folder {
        path: certificate,
        source,
    })?;
    let settings = upstream::Settings::named("demo");
    let device = Upstreams::new(settings).open(&as_route(port, password, ca_pem));
    let mut connection = match device {
        Ok(device) => device.connect().await.map_err(failed)?,
        Err(setback) => return Err(failed(setback)),
    };
    let recipient = Recipient {
        address: "ops@example.com".parse().map_err(failed)?,
        notify: None,
        original: String::new(),
    };
    let mail = Outgoing {
        id: MessageId::new(&IdSource::new(), jiff::Timestamp::UNIX_EPOCH),
        reverse_path: &ReversePath::Address(demo::SENDER.parse().map_err(failed)?),
        recipients: &[recipient],
        encoding: BodyEncoding::SevenBit,
        smtputf8: false,
        dsn_return: None,
        envelope_id: "",
        size: MAIL.len() as u64,
    };
    let outcomes = connection
        .send(&mail, &mut OnePiece(Some(Bytes::from_static(MAIL))))
        .await;
    connection.close().await;
    match outcomes.into_iter().next() {
        Some(Outcome::Delivered(reply)) => {
            let id = reply.text.rsplit(' ').next().unwrap_or_default();
            Ok(id.to_owned())
        }
        Some(Outcome::Setback(setback)) => Err(failed(setback)),
        None => Err(failed("no outcome")),
    }
}

/// The relay's own door as the server of a route.
fn as_route(port: u16, password: Secret, ca_pem: String) -> Route {
    let (ids, now) = (IdSource::new(), jiff::Timestamp::UNIX_EPOCH);
    Route {
        server: "localhost".to_owned(),
        port,
        security: Security::StartTls,
        mailbox: demo::NAME.to_owned(),
        password: Some(password),
        ca_pem: Some(ca_pem),
        pace: Pace::SMARTHOST,
        version: 0,
        ..Route::new(
            RouteId::new(&ids, now),
            AccountId::new(&ids, now),
            RouteKind::Smarthost,
        )
    }
}

/// The trace of the mail, once it is finished.
async fn delivery(relay: &Relay, id: &str) -> Result<Trace, DevError> {
    loop {
        let trace = relay.accounts().show_message(&Scope::All, id).await?;
        match trace.message.state {
            MessageState::Delivered => return Ok(trace),
            MessageState::Queued => tokio::time::sleep(LOOK_AGAIN).await,
            state => return Err(failed(format!("it is {state}"))),
        }
    }
}

fn failed(why: impl std::fmt::Display) -> DevError {
    DevError::Smoke(why.to_string())
}

/// A body of one piece.
struct OnePiece(Option<Bytes>);

#[async_trait]
impl BodySource for OnePiece {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
        Ok(self.0.take())
    }
}
