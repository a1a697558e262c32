//! Microsoft Graph: hands a mail over by `sendMail` with its MIME, and a larger one as a draft with
//! uploaded files.
//!
//! Microsoft, "user: sendMail", "Attach large files to Outlook messages or events". There is one
//! answer for all recipients, and none about each. `202 Accepted` is final; a request that was
//! handed over and not answered is an unknown outcome.

mod check;
mod claims;
mod draft;
mod errors;
mod head;
mod http;
mod mime;
mod pump;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::{Body, Method, RequestBuilder, header::CONTENT_TYPE};
use tokio::sync::Semaphore;
use url::Url;

pub(super) use check::check;

use self::{
    claims::{Claims, Writing},
    errors::Weight,
    head::{Addressing, Opened},
    http::Reply,
};
use super::{
    AccessToken, Advice, BodySource, Connection, Outcome, Outgoing, Setback, Settings, TokenSource,
    Upstream, Verdict, smtp::Way,
};
use crate::model::{Reason, RemoteReply, Route, RouteOffer, Secret};

/// The largest mail that goes by `sendMail` where there is another way. A request holds 4 MiB, and
/// base64 makes four bytes of three.
const SEND_MAIL: u64 = 3_000_000;
/// The largest where there is none; what lies between is room for what the relay adds to a mail of
/// the size that it offers.
const SEND_MAIL_AT_MOST: u64 = 3_140_000;
/// The largest of all: what a mailbox sends unless an administrator raised it.
const LARGEST: u64 = 35 * 1024 * 1024;
/// Bytes of large mails in memory at a time, for all routes together.
const LARGE_MAILS: u32 = 128 * 1024 * 1024;

/// Room for large mails, counted in KiB; one for all routes.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_MAILS as usize / 1024)))
    }
}

/// A mailbox that mail leaves by.
#[derive(Debug, Clone)]
pub(super) struct Graph(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    route: Route,
    settings: Arc<Settings>,
    way: Way,
    http: reqwest::Client,
    /// `https://HOST:PORT/v1.0/users/MAILBOX`.
    mailbox: Url,
    tokens: Arc<dyn TokenSource>,
    room: Room,
    /// The token that was refused last, until one is taken.
    refused: Mutex<Option<Secret>>,
}

impl Graph {
    pub(super) fn new(
        route: Route,
        settings: Arc<Settings>,
        way: Way,
        tokens: Arc<dyn TokenSource>,
        room: Room,
    ) -> Result<Self, Setback> {
        let mailbox = mailbox_url(&route)?;
        let http = http::client(&settings, (*way.tls).clone())?;
        Ok(Self(Arc::new(Shared {
            route,
            settings,
            way,
            http,
            mailbox,
            tokens,
            room,
            refused: Mutex::new(None),
        })))
    }
}

fn mailbox_url(route: &Route) -> Result<Url, Setback> {
    let incomplete = |what: &str| {
        let detail = format!("the route names no {what}");
        Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
    };
    if route.mailbox.is_empty() {
        return Err(incomplete("mailbox"));
    }
    let base = format!("https://{}:{}/v1.0/", route.server, route.port);
    let mut url = Url::parse(&base).map_err(|_| incomplete("server"))?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["users", &route.mailbox]);
    }
    Ok(url)
}

#[async_trait]
impl Upstream for Graph {
    /// A request opens its connection itself; what can be told before is whether there is a token.
    async fn connect(&self) -> Result<Box<dyn Connection>, Setback> {
        self.0.tokens.token().await?;
        Ok(Box::new(GraphConnection {
            shared: Arc::clone(&self.0),
            is_usable: true,
        }))
    }
}

#[derive(Debug)]
struct GraphConnection {
    shared: Arc<Shared>,
    is_usable: bool,
}

#[async_trait]
impl Connection for GraphConnection {
    async fn send(&mut self, message: &Outgoing<'_>, body: &mut dyn BodySource) -> Vec<Outcome> {
        let outcome = match self.shared.hand_over(message, body).await {
            Ok(reply) => Outcome::Delivered(reply),
            Err(setback) => {
                // The lane rests when its server is out of reach.
                let is_away = matches!(
                    setback.reason,
                    Reason::RouteUnreachable | Reason::RouteTlsFailed
                );
                self.is_usable &= !is_away;
                Outcome::Setback(setback)
            }
        };
        vec![outcome; message.recipients.len()]
    }

    fn is_usable(&self) -> bool {
        self.is_usable
    }

    async fn close(self: Box<Self>) {}
}

impl Shared {
    async fn hand_over(
        &self,
        message: &Outgoing<'_>,
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        let opened = head::open(body).await?;
        let header = head::parse(&opened.fields);
        let addressing = Addressing::of(&header, &opened.fields, message.recipients);
        drop(header);
        // With what stands before the rest taken out, and in again as it is written.
        let rest = message.size.saturating_sub(opened.fields.len() as u64);
        let limit = if message.size <= SEND_MAIL {
            SEND_MAIL_AT_MOST
        } else {
            match self.writing().await? {
                Writing::Refused => SEND_MAIL_AT_MOST,
                Writing::Allowed | Writing::Untold => SEND_MAIL,
            }
        };
        if message.size > limit {
            return self.send_draft(message, opened, &addressing, body).await;
        }
        let Opened { fields, rest: read } = opened;
        let fields = addressing.apply(fields);
        let size = fields.len() as u64 + rest;
        self.send_mime(size, [fields.into(), read], body).await
    }

    /// The mail as it is, in one request.
    async fn send_mime(
        &self,
        size: u64,
        read: [Bytes; 2],
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        let token = self.tokens.token().await?;
        let (pump, upload, is_taken) = pump::pipe(size);
        let request = self
            .request(Method::POST, &["sendMail"])
            .bearer_auth(token.token.expose())
            .header(CONTENT_TYPE, "text/plain")
            .body(Body::wrap(upload));
        let mut asking = std::pin::pin!(http::exchange(request, self.settings.end_of_data));
        let mut pumping = std::pin::pin!(pump.run(read, body));
        let answer = tokio::select! {
            answer = &mut asking => answer,
            pumped = &mut pumping => {
                // What cannot be read ends the request with it.
                pumped?;
                asking.await
            }
        };
        let weight = weight(&is_taken);
        let reply = answer.map_err(|silence| errors::lost(&silence, &self.route.server, weight))?;
        self.accepted(&reply, &token, weight)
    }

    /// `202` and nothing else says that the mail is on its way. A token that is refused is thrown
    /// away and the mail soon tried with a fresh one; two different tokens in a row are a matter for
    /// a person.
    fn accepted(
        &self,
        reply: &Reply,
        token: &AccessToken,
        weight: Weight,
    ) -> Result<RemoteReply, Setback> {
        match reply.status {
            202 => {
                *self.refused() = None;
                Ok(reply.literal())
            }
            401 if self.is_first_refusal(token) => Err(Setback {
                verdict: Verdict::SlowDown,
                ..errors::judge(reply, weight)
            }),
            _ => Err(errors::judge(reply, weight)),
        }
    }

    /// Whether no other token was refused just before. Throws this one away.
    fn is_first_refusal(&self, token: &AccessToken) -> bool {
        self.tokens.reject(token);
        let mut refused = self.refused();
        let text = token.token.expose();
        let is_first = refused
            .as_ref()
            .is_none_or(|before| before.expose() == text);
        *refused = Some(token.token.clone());
        is_first
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, Option<Secret>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn writing(&self) -> Result<Writing, Setback> {
        let token = self.tokens.token().await?;
        Ok(Claims::of(token.token.expose()).writing())
    }

    /// A request about the mailbox, or something in it.
    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.mailbox.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        self.http.request(method, url)
    }
}

fn weight(is_taken: &AtomicBool) -> Weight {
    if is_taken.load(Ordering::Acquire) {
        Weight::Decisive
    } else {
        Weight::Light
    }
}

/// What Graph carries. Sizes are of the mail as the device sends it.
fn offer(writing: Writing) -> RouteOffer {
    let size = match writing {
        Writing::Refused => SEND_MAIL,
        Writing::Allowed | Writing::Untold => LARGEST,
    };
    RouteOffer {
        binary_mime: false,
        eight_bit_mime: true,
        smtputf8: true,
        dsn: false,
        size: Some(size),
    }
}

fn too_large(detail: String, cause: String, remedy: &str) -> Setback {
    let advice = Advice {
        cause,
        remedy: remedy.to_owned(),
    };
    Setback {
        advice: Some(Box::new(advice)),
        ..Setback::new(Verdict::FailMessage, Reason::MessageTooLarge, detail)
    }
}

async fn next_piece(body: &mut dyn BodySource) -> Result<Option<Bytes>, Setback> {
    body.next().await.map_err(|error| {
        let detail = error.to_string();
        Setback::new(Verdict::SlowDown, Reason::StoreUnavailable, detail)
    })
}
