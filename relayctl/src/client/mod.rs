//! Calls operations of the API, as relay-proto declares them.
//!
//! Commands are plain functions: a call blocks until the answer is there. The runtime, the
//! connection pool and TLS are set up by the first call, so that `--help` costs nothing.

mod events;
mod fault;
mod pages;
mod refusal;
mod trace;
mod transport;

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use relay_proto::{Method, Nothing, path_of};
use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderMap};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(crate) use self::events::Follower;
use self::fault::no_relayd;
pub(crate) use self::fault::{CERTIFICATE_REFUSED, NO_ANSWER, UNREACHABLE};
pub(crate) use self::pages::{Listing, Part};
use self::refusal::{is_page, of_other_version, refusal};
use self::transport::Transport;
pub(crate) use self::transport::{Connection, tls_trusting};
use crate::error::{Failure, json_fault};
use crate::output::progress::Waiting;

/// How long to wait before a request whose answer was lost is repeated, time after time.
const REPEATS: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// A successful answer: typed, and as it was sent.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    /// The JSON text of the API, byte for byte.
    pub(crate) text: String,
    /// The `ETag` of the object, to send back as `If-Match`.
    pub(crate) etag: Option<String>,
}

/// What stands in a request beside method and path.
#[derive(Debug, Default)]
struct Request {
    query: Vec<(String, String)>,
    body: Option<String>,
    if_match: Option<String>,
    /// The same for each try of one request: relayd does it once.
    key: Option<String>,
}

/// The answer to any request, before it is understood.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) text: String,
}

/// One relayd, seen from here.
#[derive(Debug)]
pub(crate) struct Client {
    connection: Connection,
    transport: OnceCell<Transport>,
}

impl Client {
    /// Connects to nothing yet.
    pub(crate) const fn new(connection: Connection) -> Self {
        Self {
            connection,
            transport: OnceCell::new(),
        }
    }

    /// The same for a command that ends then: no request takes longer.
    pub(crate) fn until(mut self, deadline: Option<Instant>) -> Self {
        self.connection.deadline = deadline;
        self
    }

    /// Says what the following calls do, for as long as it is kept. Shown where they take long.
    pub(crate) fn doing(&self, text: &str) -> Waiting<'_> {
        self.connection.progress.wait(text)
    }

    /// Calls an operation that takes no query.
    pub(crate) fn call<E>(
        &self,
        path: &E::Path,
        body: &E::Body,
    ) -> Result<Answer<E::Reply>, Failure>
    where
        E: relay_proto::Endpoint<Query = Nothing>,
    {
        self.call_with::<E>(path, &Nothing {}, body, None)
    }

    /// Calls any operation. `if_match` makes it fail when the object has changed since.
    pub(crate) fn call_with<E: relay_proto::Endpoint>(
        &self,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
        if_match: Option<String>,
    ) -> Result<Answer<E::Reply>, Failure> {
        let body = if E::has_body() {
            Some(to_json(body)?)
        } else {
            None
        };
        let query = pairs(&object(query)?);
        let reply = self.send(
            E::METHOD,
            &filled::<E>(path)?,
            &Request {
                query,
                body,
                if_match,
                key: E::takes_key().then(new_key),
            },
        );
        let reply = reply.map_err(of_other_version::<E>)?;
        let text = if E::has_reply() {
            reply.text.as_str()
        } else {
            "{}"
        };
        Ok(Answer {
            value: self.understood::<E, E::Reply>(&reply, text)?,
            etag: header(&reply.headers, &ETAG),
            text: if E::has_reply() {
                reply.text
            } else {
                String::new()
            },
        })
    }

    /// Sends any request; for `relayctl api`. Statuses of failure are failures here, too.
    pub(crate) fn raw(
        &self,
        method: Method,
        path_and_query: &str,
        body: Option<String>,
    ) -> Result<Reply, Failure> {
        self.send(
            method,
            path_and_query,
            &Request {
                body,
                key: takes_key(method, path_and_query).then(new_key),
                ..Request::default()
            },
        )
    }

    /// Reads an answer. A proxy or the page of a sign-in answers 200, too, but in HTML.
    fn understood<E: relay_proto::Endpoint, T: DeserializeOwned>(
        &self,
        reply: &Reply,
        text: &str,
    ) -> Result<T, Failure> {
        let endpoint = &self.connection.target.endpoint;
        serde_json::from_str(text).map_err(|error| {
            no_relayd(
                endpoint,
                if is_page(reply) {
                    "it sent a web page, as a proxy or the page of a sign-in does".to_owned()
                } else if error.is_data() {
                    format!(
                        "its answer to {} {} has another shape than relayctl {} knows",
                        E::METHOD.as_str(),
                        E::PATH,
                        env!("CARGO_PKG_VERSION")
                    )
                } else {
                    format!(
                        "its answer to {} {} is no JSON",
                        E::METHOD.as_str(),
                        E::PATH
                    )
                },
            )
        })
    }

    fn send(&self, method: Method, path: &str, request: &Request) -> Result<Reply, Failure> {
        let transport = self.transport()?;
        let mut pauses = REPEATS.iter();
        let failure = loop {
            let repeatable = match transport.exchange(&self.connection, method, path, request) {
                Ok(reply) if reply.status.is_success() => return Ok(reply),
                Ok(reply) => refusal(&self.connection.target.endpoint, &reply),
                Err(failure) => failure,
            };
            let is_worth_it = request.key.is_some()
                && matches!(repeatable.code(), "reply-missed" | "request-in-progress");
            match pauses.next().filter(|_| is_worth_it) {
                Some(pause) => std::thread::sleep(*pause),
                None => break repeatable,
            }
        };
        Err(self.of_token(failure))
    }

    fn transport(&self) -> Result<&Transport, Failure> {
        if let Some(transport) = self.transport.get() {
            return Ok(transport);
        }
        let opened = Transport::open(&self.connection)?;
        Ok(self.transport.get_or_init(|| opened))
    }

    /// A failure in the words that fit the token that was shown: to set one is no help to whoever
    /// has set one.
    pub(crate) fn of_token(&self, failure: Failure) -> Failure {
        if failure.code() == "not-signed-in" && self.connection.token.is_some() {
            return failure
                .titled("the token was refused: it is wrong, expired or revoked")
                .only_hint("relayctl auth login; or look at RELAYCTL_TOKEN, RELAYCTL_TOKEN_FILE")
                .hint("on the relayd machine: relayctl token list, relayctl token create NAME --account ACCOUNT");
        }
        failure
    }
}

/// A key for a request that may do something, so that it can be repeated when its answer is lost.
fn new_key() -> String {
    format!("relayctl-{:032x}", rand::random::<u128>())
}

/// Whether a request is done once however often it is sent. Of a path that this version does not
/// know nothing is known.
fn takes_key(method: Method, path_and_query: &str) -> bool {
    let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
    let is_meant = |pattern: &str| {
        pattern.split('/').count() == path.split('/').count()
            && pattern
                .split('/')
                .zip(path.split('/'))
                .all(|(pattern, part)| pattern.starts_with('{') || pattern == part)
    };
    relay_proto::endpoints()
        .iter()
        .any(|known| known.method == method && known.takes_key && is_meant(known.path))
}

fn filled<E: relay_proto::Endpoint>(path: &E::Path) -> Result<String, Failure> {
    path_of::<E>(path).map_err(|_| {
        Failure::usage("a name is empty or consists of dots only")
            .hint("give the name of an object")
    })
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::local("cannot write the request", &error))
}

fn object(value: &impl Serialize) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Failure::local("cannot write the request", &error)),
    }
}

fn pairs(object: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    object
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}

/// An answer as JSON, to be taken apart or added to.
pub(crate) fn json_of(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::not_understood(json_fault(&error)))
}

fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_done_once_is_repeated() {
        for (method, path, takes) in [
            (Method::Post, "/v1/accounts", true),
            (Method::Post, "/v1/accounts?x=1", true),
            (Method::Post, "/v1/accounts/acme/users", true),
            (Method::Post, "/v1/auth/session", false),
            (Method::Post, "/v1/auth/reset/confirm", false),
            (Method::Post, "/v1/accounts/acme/email/confirm", false),
            (Method::Post, "/v1/unknown", false),
            (Method::Get, "/v1/accounts", false),
        ] {
            assert_eq!(takes_key(method, path), takes, "{path}");
        }
    }

    #[test]
    fn a_query_leaves_out_what_is_not_set() {
        let query = serde_json::json!({"a": null, "b": "x y", "c": 5, "d": true});
        let pairs = pairs(query.as_object().unwrap());
        let expected = [("b", "x y"), ("c", "5"), ("d", "true")];
        assert_eq!(pairs, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
