//! The client against a scripted server over loopback.

mod capture;
mod dialogue;
pub(super) mod door;
mod graph;
mod script;
mod setup;
mod trouble;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::{
    BodySource, BodyUnavailable, Connection, Outcome, Outgoing, Setback, Settings, Upstreams,
    Verdict,
};
use crate::model::{
    AccountId, BodyEncoding, IdSource, MessageId, Pace, Reason, Recipient, ReversePath, Route,
    RouteId, RouteKind, Secret, Security,
};

static IDS: IdSource = IdSource::new();

fn upstreams() -> Upstreams {
    Upstreams::new(Settings::named("relay.acme.example"))
}

/// A route to a server on this machine.
fn route(port: u16, security: Security) -> Route {
    let now = jiff::Timestamp::UNIX_EPOCH;
    Route {
        server: "localhost".to_owned(),
        port,
        security,
        pace: Pace::SMARTHOST,
        ..Route::new(
            RouteId::new(&IDS, now),
            AccountId::new(&IDS, now),
            RouteKind::Smarthost,
        )
    }
}

fn with_mailbox(mut route: Route) -> Route {
    route.mailbox = "relay@acme.example".to_owned();
    route.password = Some(Secret::new("hunter2"));
    route
}

/// A mail with what a test needs of its envelope.
#[derive(Debug, Clone)]
struct Mail {
    reverse_path: ReversePath,
    recipients: Vec<Recipient>,
    encoding: BodyEncoding,
    smtputf8: bool,
    body: Vec<u8>,
    /// The size that is told, if it is not that of the body.
    announced: Option<u64>,
    /// Bytes of each piece that the source gives.
    piece: usize,
}

impl Mail {
    fn to(recipients: &[&str]) -> Self {
        Self {
            reverse_path: "scanner@acme.example".parse().unwrap(),
            recipients: recipients
                .iter()
                .map(|address| Recipient {
                    address: address.parse().unwrap(),
                    notify: None,
                    original: String::new(),
                })
                .collect(),
            encoding: BodyEncoding::SevenBit,
            smtputf8: false,
            body: b"Subject: x\r\n\r\n.hello\r\n".to_vec(),
            announced: None,
            piece: usize::MAX,
        }
    }

    async fn over(&self, connection: &mut dyn Connection) -> Vec<Outcome> {
        let outgoing = Outgoing {
            id: MessageId::new(&IDS, jiff::Timestamp::UNIX_EPOCH),
            reverse_path: &self.reverse_path,
            recipients: &self.recipients,
            encoding: self.encoding,
            smtputf8: self.smtputf8,
            dsn_return: None,
            envelope_id: "",
            size: self.announced.unwrap_or(self.body.len() as u64),
        };
        let pieces = self.body.chunks(self.piece.min(self.body.len()));
        let mut source = Pieces(pieces.map(Bytes::copy_from_slice).collect());
        connection.send(&outgoing, &mut source).await
    }
}

struct Pieces(std::collections::VecDeque<Bytes>);

#[async_trait]
impl BodySource for Pieces {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
        Ok(self.0.pop_front())
    }
}

async fn connect(route: &Route) -> Result<Box<dyn Connection>, Setback> {
    upstreams().open(route)?.connect().await
}

/// What the outcomes say, in short.
fn verdicts(outcomes: &[Outcome]) -> Vec<String> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Delivered(reply) => format!("delivered {reply}"),
            Outcome::Setback(setback) => format!("{:?} {}", setback.verdict, setback.reason),
        })
        .collect()
}
