//! Requests to Graph and what comes back: bounded, with a deadline, without redirects.

use std::{error::Error, time::Duration};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    RequestBuilder, Response,
    header::{DATE, HeaderMap, RETRY_AFTER},
    redirect,
};
use rustls::ClientConfig;
use serde::Deserialize;
use tokio::time::timeout;

use crate::{
    model::{Reason, RemoteReply},
    upstream::{Setback, Settings, Verdict},
};

/// Longest reply to what makes a draft, which comes back with its text.
pub(super) const DRAFT_REPLY: usize = 16 * 1024 * 1024;
/// Longest reply to anything else.
const SHORT_REPLY: usize = 64 * 1024;
/// Longest text of an error that is kept.
const MAX_TEXT: usize = 1000;
/// For the rest of a reply whose status is known.
const REST_OF_REPLY: Duration = Duration::from_secs(30);
/// A server's own front ends keep idle connections longer: a request must not meet a closing one.
const IDLE: Duration = Duration::from_secs(15);
/// The longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A client that trusts whom the route trusts.
pub(super) fn client(settings: &Settings, tls: ClientConfig) -> Result<reqwest::Client, Setback> {
    let built = reqwest::Client::builder()
        .user_agent(concat!("relayd/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .https_only(true)
        .connect_timeout(settings.connect + settings.tls)
        .pool_idle_timeout(IDLE)
        .tls_backend_preconfigured(tls)
        .build();
    built.map_err(|error| {
        let detail = format!("HTTPS cannot be set up: {}", told(&error));
        Setback::new(Verdict::HoldCredentials, Reason::RouteTlsFailed, detail)
    })
}

/// A reply, whatever its status.
#[derive(Debug, Default)]
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The code of an error, such as `ErrorAccessDenied`.
    pub(super) code: String,
    /// What the error says; a person's words.
    pub(super) message: String,
    /// Microsoft's id of the request, for a support case.
    pub(super) request_id: String,
    /// How long to wait.
    pub(super) retry_after: Option<Duration>,
    /// The body, of a success.
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The reply as it is shown and kept.
    pub(super) fn literal(&self) -> RemoteReply {
        let mut text = match self.status {
            202 => "Accepted".to_owned(),
            _ if self.code.is_empty() => self.message.clone(),
            _ => format!("{}: {}", self.code, self.message),
        };
        if !self.request_id.is_empty() {
            text = format!("{text} (request-id {})", self.request_id);
        }
        RemoteReply {
            code: self.status,
            text: text.trim().to_owned(),
        }
    }

    async fn read(mut response: Response, longest: usize) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers();
        let mut this = Self {
            status,
            request_id: cleaned(text(headers, "request-id"), 100),
            retry_after: wait(headers),
            ..Self::default()
        };
        let is_success = response.status().is_success();
        let mut body = Vec::new();
        let reading = async {
            // Of a reply that breaks off, what came counts: its status is known.
            while let Ok(Some(piece)) = response.chunk().await {
                body.extend_from_slice(&piece);
                if body.len() > longest {
                    break;
                }
            }
        };
        let _too_slow = timeout(REST_OF_REPLY, reading).await;
        if is_success {
            this.body = body;
        } else {
            (this.code, this.message) = error_of(&body);
        }
        this
    }
}

#[derive(Deserialize)]
struct Envelope {
    error: Told,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// Code and message of an error; of one that is no JSON, such as a gateway's page, its text.
fn error_of(body: &[u8]) -> (String, String) {
    match serde_json::from_slice::<Envelope>(body) {
        Ok(Envelope { error }) => (cleaned(&error.code, 100), cleaned(&error.message, MAX_TEXT)),
        Err(_) => (String::new(), cleaned(&String::from_utf8_lossy(body), 200)),
    }
}

/// One line of printable text, of at most so many characters.
fn cleaned(text: &str, limit: usize) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(limit).collect()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// Retry-After (RFC 9110 §10.2.3) in seconds, or as a date, which is taken against the date of the
/// same reply, since clocks differ.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER.as_str()).trim();
    let wait = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = date(value)?;
        let now = date(text(headers, DATE.as_str()))?;
        Duration::try_from(until.duration_since(now)).unwrap_or_default()
    };
    Some(wait.clamp(Duration::from_secs(1), LONGEST_WAIT))
}

fn date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// How far a request came that got no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// There was no connection.
    Unconnected,
    /// The connection could not be encrypted.
    Unencrypted,
    /// It was on its way.
    Underway,
}

/// No reply.
#[derive(Debug)]
pub(super) struct Silence {
    pub(super) lost: Lost,
    pub(super) detail: String,
}

/// Sends a request and reads its short reply.
pub(super) async fn exchange(
    request: RequestBuilder,
    deadline: Duration,
) -> Result<Reply, Silence> {
    exchange_within(request, deadline, SHORT_REPLY).await
}

/// Sends a request and reads its reply, up to so many bytes.
pub(super) async fn exchange_within(
    request: RequestBuilder,
    deadline: Duration,
    longest: usize,
) -> Result<Reply, Silence> {
    match timeout(deadline, request.send()).await {
        Ok(Ok(response)) => Ok(Reply::read(response, longest).await),
        Ok(Err(error)) => Err(Silence {
            lost: lost(&error),
            // An upload URL holds a key.
            detail: told(&error.without_url()),
        }),
        Err(_) => Err(Silence {
            lost: Lost::Underway,
            detail: format!("no reply within {}s", deadline.as_secs()),
        }),
    }
}

fn lost(error: &reqwest::Error) -> Lost {
    if causes(error).any(is_tls) {
        Lost::Unencrypted
    } else if error.is_connect() {
        Lost::Unconnected
    } else {
        Lost::Underway
    }
}

/// An I/O error wraps others without naming them as its cause.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| {
        (*error).source()
    })
}

/// An error with its causes.
fn told(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error).map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_told_in_seconds_or_as_a_date() {
        let date = "Sun, 22 Nov 2026 10:00:00 GMT";
        for (value, expected) in [
            ("17", Some(17)),
            ("0", Some(1)),
            ("999999", Some(3600)),
            ("Sun, 22 Nov 2026 10:01:30 GMT", Some(90)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(1)),
            ("Mon, 23 Nov 2026 10:00:00 GMT", Some(3600)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            headers.insert(DATE, date.parse().unwrap());
            assert_eq!(wait(&headers), expected.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn errors_are_read_and_made_harmless() {
        for (body, expected) in [
            (
                r#"{"error":{"code":"ErrorAccessDenied","message":"Access is denied.\r\n\u001b[31m Check","innerError":{"date":"x"}}}"#,
                "403 ErrorAccessDenied: Access is denied. [31m Check (request-id r-1)",
            ),
            (
                "<html>\n<h1>Bad</h1>",
                "403 <html> <h1>Bad</h1> (request-id r-1)",
            ),
            ("", "403 (request-id r-1)"),
        ] {
            let (code, message) = error_of(body.as_bytes());
            let reply = Reply {
                status: 403,
                code,
                message,
                request_id: "r-1".to_owned(),
                ..Reply::default()
            };
            assert_eq!(reply.literal().to_string(), expected);
        }
        let long = format!(
            r#"{{"error":{{"code":"X","message":"{}"}}}}"#,
            "é ".repeat(5000)
        );
        assert_eq!(error_of(long.as_bytes()).1.chars().count(), MAX_TEXT);
        let accepted = Reply {
            status: 202,
            request_id: "r-2".to_owned(),
            ..Reply::default()
        };
        assert_eq!(
            accepted.literal().to_string(),
            "202 Accepted (request-id r-2)"
        );
    }
}
