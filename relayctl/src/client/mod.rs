//! Calls operations of the API, as relay-proto declares them.
//!
//! Commands are plain functions: a call blocks until the answer is there. The runtime, the
//! connection pool and TLS are set up by the first call, so that `--help` costs nothing.

mod events;
mod fault;
mod trace;
mod transport;

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use relay_proto::{Method, Nothing, Page, Problem, path_of};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(crate) use self::events::Follower;
use self::fault::no_relayd;
pub(crate) use self::fault::{CERTIFICATE_REFUSED, NO_ANSWER, UNREACHABLE};
use self::transport::Transport;
pub(crate) use self::transport::{Connection, tls_trusting};
use crate::context::Endpoint;
use crate::error::{Exit, Failure, json_fault};
use crate::output::progress::Waiting;

/// How long to wait before a request whose answer was lost is repeated, time after time.
const REPEATS: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Most objects of a page that the API gives.
const PAGE_MAX: usize = 1000;

/// A successful answer: typed, and as it was sent.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    /// The JSON text of the API, byte for byte.
    pub(crate) text: String,
    /// The `ETag` of the object, to send back as `If-Match`.
    pub(crate) etag: Option<String>,
}

/// All pages of a list, or as many as were asked for.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// `{items,next_cursor}`; of a single page byte for byte what the API sent.
    pub(crate) text: String,
    /// Where the rest begins, when `--limit` cut the list.
    pub(crate) next_cursor: Option<String>,
}

/// Which part of a list.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Part {
    /// Print at most so many; without it, all pages are fetched
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Begin where an earlier list ended: its `next_cursor`
    #[arg(long, value_name = "CURSOR", hide_short_help = true)]
    cursor: Option<String>,
}

impl Part {
    /// How many are wanted, if that was said.
    pub(crate) const fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// The first so many.
    pub(crate) const fn first(limit: u32) -> Self {
        Self {
            limit: Some(limit),
            cursor: None,
        }
    }
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

    /// Fetches a list page by page.
    pub(crate) fn list<E, T>(
        &self,
        path: &E::Path,
        query: &E::Query,
        part: &Part,
    ) -> Result<Listing<T>, Failure>
    where
        E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
        T: DeserializeOwned,
    {
        let mut query = object(query)?;
        // Lists without a query come as one page.
        let in_pages = std::any::TypeId::of::<E::Query>() != std::any::TypeId::of::<Nothing>()
            && !is_unpaged(E::PATH);
        if let (true, Some(cursor)) = (in_pages, &part.cursor) {
            query.insert("cursor".into(), cursor.clone().into());
        }
        let wanted = part.limit.map_or(usize::MAX, |limit| limit as usize);
        let mut items = Vec::new();
        let mut pages = Vec::new();
        let waiting = self.doing("Fetching the list");
        loop {
            if in_pages {
                let ask = (wanted - items.len()).min(PAGE_MAX);
                query.insert("limit".into(), ask.into());
            }
            let request = Request {
                query: pairs(&query),
                ..Request::default()
            };
            let reply = self.send(E::METHOD, &filled::<E>(path)?, &request);
            let reply = reply.map_err(of_other_version::<E>)?;
            let page: Page<T> = self.understood::<E, _>(&reply, &reply.text)?;
            items.extend(page.items);
            pages.push(reply.text);
            waiting.say(&format!("Fetching the list, {} so far", items.len()));
            match page.next_cursor {
                Some(cursor) if items.len() < wanted => {
                    query.insert("cursor".into(), cursor.into());
                }
                next_cursor => {
                    let truncated = items.len() > wanted;
                    items.truncate(wanted);
                    let text = if truncated {
                        cut(&pages.concat(), wanted)?
                    } else {
                        joined(pages)?
                    };
                    return Ok(Listing {
                        items,
                        text,
                        next_cursor,
                    });
                }
            }
        }
    }

    /// Fetches a list page by page and keeps none of them.
    pub(crate) fn each_page<E, T>(
        &self,
        path: &E::Path,
        query: &E::Query,
        mut take: impl FnMut(Vec<T>, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure>
    where
        E: relay_proto::Endpoint<Reply = Page<T>, Body = Nothing>,
        T: DeserializeOwned,
    {
        let mut query = object(query)?;
        query.insert("limit".into(), PAGE_MAX.into());
        loop {
            let request = Request {
                query: pairs(&query),
                ..Request::default()
            };
            let reply = self.send(E::METHOD, &filled::<E>(path)?, &request);
            let reply = reply.map_err(of_other_version::<E>)?;
            let page: Page<T> = self.understood::<E, _>(&reply, &reply.text)?;
            take(page.items, &reply.text)?;
            let Some(cursor) = page.next_cursor else {
                return Ok(());
            };
            query.insert("cursor".into(), cursor.into());
        }
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

    /// Fetches any list whole, page by page; for `relayctl api`.
    pub(crate) fn raw_pages(&self, path_and_query: &str) -> Result<String, Failure> {
        let no_list = || {
            Failure::usage(format!("the answer to {path_and_query} is no list"))
                .hint("leave out --paginate")
        };
        let waiting = self.doing("Fetching the list");
        let (mut next, mut pages, mut count) = (path_and_query.to_owned(), Vec::new(), 0);
        loop {
            let reply = self.raw(Method::Get, &next, None)?;
            let (items, cursor) = taken_apart(&reply.text).map_err(|_| no_list())?;
            count += items.len();
            waiting.say(&format!("Fetching the list, {count} so far"));
            pages.push(reply.text);
            match cursor.as_str() {
                Some(cursor) => next = with_cursor(path_and_query, cursor).ok_or_else(no_list)?,
                None => return joined(pages),
            }
        }
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

/// Statistics have a span for a query and come whole.
fn is_unpaged(path: &str) -> bool {
    path.starts_with("/v1/stats/") || path == "/v1/log/trace"
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

/// The same request for the page that begins at this cursor.
fn with_cursor(path_and_query: &str, cursor: &str) -> Option<String> {
    let mut url = reqwest::Url::parse(&format!("http://localhost{path_and_query}")).ok()?;
    let kept: Vec<_> = url
        .query_pairs()
        .filter(|(name, _)| name != "cursor")
        .collect();
    let kept: Vec<_> = kept
        .iter()
        .map(|(a, b)| (a.to_string(), b.to_string()))
        .collect();
    let mut query = url.query_pairs_mut();
    query
        .clear()
        .extend_pairs(kept)
        .append_pair("cursor", cursor);
    drop(query);
    Some(format!("{}?{}", url.path(), url.query()?))
}

/// The pages as one. A single one is passed on untouched.
fn joined(mut pages: Vec<String>) -> Result<String, Failure> {
    if pages.len() == 1 {
        return Ok(pages.remove(0));
    }
    let mut all = Vec::new();
    let mut last = Value::Null;
    for page in pages {
        let (items, cursor) = taken_apart(&page)?;
        all.extend(items);
        last = cursor;
    }
    to_json(&serde_json::json!({"items": all, "next_cursor": last}))
}

/// The first `wanted` objects of a list that came whole.
fn cut(text: &str, wanted: usize) -> Result<String, Failure> {
    let (mut items, cursor) = taken_apart(text)?;
    items.truncate(wanted);
    to_json(&serde_json::json!({"items": items, "next_cursor": cursor}))
}

fn taken_apart(text: &str) -> Result<(Vec<Value>, Value), Failure> {
    let page: Page<Value> = serde_json::from_str(text).map_err(|error| {
        Failure::new(
            Exit::Unexpected,
            "unknown-answer",
            "the answer of relayd is not understood",
        )
        .cause(json_fault(&error))
    })?;
    Ok((page.items, page.next_cursor.into()))
}

fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

/// A relayd of another version may not know what it is asked: no path and no method is ours.
fn of_other_version<E: relay_proto::Endpoint>(failure: Failure) -> Failure {
    let text = failure.to_string();
    let knows_no_path = failure.code() == "not-found" && text.contains(Problem::NO_SUCH_PATH);
    if !knows_no_path && failure.code() != "method-not-allowed" {
        return failure;
    }
    failure
        .titled(format!(
            "this relayd does not know {} {}",
            E::METHOD.as_str(),
            E::PATH
        ))
        .cause(format!(
            "it is of another version than relayctl {}",
            env!("CARGO_PKG_VERSION")
        ))
        .only_hint("relayctl version compares the versions; install both of one release")
}

/// An answer that is no success, as a failure.
fn refusal(endpoint: &Endpoint, reply: &Reply) -> Failure {
    let request_id = reply
        .headers
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let status = reply.status.as_u16();
    let is_json = header(&reply.headers, &CONTENT_TYPE).is_some_and(|kind| kind.contains("json"));
    let document = serde_json::from_str::<Map<String, Value>>(&reply.text).ok();
    if let Some(document) = document.filter(|_| is_json) {
        return Failure::from_document(status, document).request(request_id);
    }
    no_problem(endpoint, reply.status, is_page(reply)).request(request_id)
}

/// A failure that relayd did not report: something before it did.
fn no_problem(endpoint: &Endpoint, status: StatusCode, is_page: bool) -> Failure {
    let number = status.as_u16();
    let code = format!("http-{number}");
    let what = format!("{endpoint} answered {status}, which is no answer of relayd");
    let what_came = if is_page {
        "a web page came"
    } else {
        "it is no problem document"
    };
    let (cause, hint) = match number {
        300..=399 => (
            "it sends elsewhere, and relayctl does not follow",
            "name the address of relayd itself by --url or in the context",
        ),
        407 => (
            "the proxy of this machine wants a sign-in",
            "look at HTTPS_PROXY, or set NO_PROXY to the host of relayd",
        ),
        502..=504 => (
            "a proxy before relayd answered, and did not reach it",
            "try again; on the relayd machine: systemctl status relayd",
        ),
        _ => (what_came, "check address and port: relayctl context show"),
    };
    Failure::new(Exit::of_answer(number, &code), &code, what)
        .cause(cause)
        .hint(hint)
}

/// Whether a web page came.
fn is_page(reply: &Reply) -> bool {
    header(&reply.headers, &CONTENT_TYPE).is_some_and(|kind| kind.contains("html"))
        || reply.text.trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_untouched_and_more_are_joined() {
        let odd = "{ \"next_cursor\": null,\n \"items\":[{\"z\":1,\"a\":2}] }".to_owned();
        assert_eq!(joined(vec![odd.clone()]).unwrap(), odd);
        let pages = vec![
            r#"{"items":[1,2],"next_cursor":"x"}"#.to_owned(),
            r#"{"items":[3],"next_cursor":null}"#.to_owned(),
        ];
        assert_eq!(
            joined(pages).unwrap(),
            r#"{"items":[1,2,3],"next_cursor":null}"#
        );
    }

    #[test]
    fn the_next_page_keeps_the_query() {
        for (path, expected) in [
            ("/v1/plans", "/v1/plans?cursor=a%2Bb"),
            (
                "/v1/plans?limit=2&cursor=old",
                "/v1/plans?limit=2&cursor=a%2Bb",
            ),
        ] {
            assert_eq!(with_cursor(path, "a+b").as_deref(), Some(expected));
        }
    }

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
