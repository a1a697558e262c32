//! One POST to an endpoint of Microsoft Entra: no redirects, no proxy, a deadline, a bounded answer.

use std::{error::Error, io, time::Duration};

use reqwest::{
    Response,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use rustls::ClientConfig;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::aadsts::{self, FAILURE, Refused};
use crate::{
    model::{OAuth, Reason},
    upstream::{Advice, Setback, Verdict},
};

/// For looking up, connecting and the handshake.
const CONNECT: Duration = Duration::from_secs(10);
/// For all of it.
const DEADLINE: Duration = Duration::from_secs(30);
/// Largest answer that is read. A token has a few KiB.
const LARGEST: usize = 64 * 1024;
/// Longest text of the endpoint that is shown.
const LONGEST: usize = 400;
/// A transport that failed may work again soon.
const BRIEFLY: Duration = Duration::from_secs(5);

/// Why there is no answer that can be used.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    /// For the lane.
    pub(super) setback: Box<Setback>,
    /// `error` of RFC 6749; empty when the endpoint said none.
    pub(super) error: String,
    /// How long nobody needs to ask again.
    pub(super) wait: Duration,
}

impl From<Setback> for Failure {
    fn from(setback: Setback) -> Self {
        Self {
            setback: Box::new(setback),
            error: String::new(),
            wait: FAILURE,
        }
    }
}

/// The endpoints of a tenant.
#[derive(Debug)]
pub(super) struct Endpoint {
    base: String,
    client: reqwest::Client,
}

/// A field of a form; `true` where its value must not be shown.
pub(super) type Field<'a> = (&'static str, &'a str, bool);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    error: String,
    error_description: String,
    error_codes: Vec<u64>,
}

impl Endpoint {
    /// The endpoints of the tenant of a route, trusted by `tls`.
    pub(super) fn of(oauth: &OAuth, tls: ClientConfig) -> Result<Self, Setback> {
        let base = format!("{}/{}/oauth2/v2.0", oauth.authority(), oauth.tenant);
        if !base.starts_with("https://") {
            return Err(elsewhere(format!("{base} is no https address")));
        }
        let client = reqwest::Client::builder()
            .user_agent(concat!("relayd/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .https_only(true)
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .timeout(DEADLINE)
            .tls_backend_preconfigured(tls)
            .build()
            .map_err(|error| elsewhere(told(&error)))?;
        Ok(Self { base, client })
    }

    /// The address of an endpoint: what an assertion is made out to.
    pub(super) fn address(&self, name: &str) -> String {
        format!("{}/{name}", self.base)
    }

    /// Posts a form and gives the JSON of a `200`.
    pub(super) async fn post(&self, name: &str, fields: &[Field<'_>]) -> Result<Value, Failure> {
        let address = self.address(name);
        let sent = self
            .client
            .post(&address)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(encoded(fields))
            .send();
        let mut response = sent.await.map_err(|error| unreachable(&address, &error))?;
        let status = response.status().as_u16();
        if (300..400).contains(&status) {
            return Err(elsewhere(format!(
                "{address} answered {status}, a redirect, which is not followed"
            ))
            .into());
        }
        let after = retry_after(&response);
        let body = read(&mut response)
            .await
            .map_err(|error| unreachable(&address, &error))?;
        if status == 200 {
            return body
                .and_then(|body| serde_json::from_slice(&body).ok())
                .ok_or_else(|| senseless(&address, "something that is no JSON"));
        }
        let problem: Problem = body
            .and_then(|body| serde_json::from_slice(&body).ok())
            .unwrap_or_default();
        let refused = problem.read(status, after, fields);
        Err(refusal(&address, &refused))
    }
}

fn encoded(fields: &[Field<'_>]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (field, value, _) in fields {
        form.append_pair(field, value);
    }
    form.finish()
}

impl Problem {
    /// What it says, without anything secret that the endpoint may have echoed.
    fn read(self, status: u16, after: Option<Duration>, fields: &[Field<'_>]) -> Refused {
        let mut codes = self.error_codes;
        codes.extend(aadsts::codes_in(&self.error_description));
        let mut description = self.error_description;
        let mut error = self.error;
        for (_, value, _) in fields.iter().filter(|it| it.2 && !it.1.is_empty()) {
            description = description.replace(value, "[secret]");
            error = error.replace(value, "[secret]");
        }
        Refused {
            status,
            error: printable(&error),
            description: printable(description.lines().next().unwrap_or_default()),
            codes,
            after,
        }
    }
}

fn refusal(address: &str, refused: &Refused) -> Failure {
    let mut detail = format!("{address} answered {}", refused.status);
    for part in [&refused.error, &refused.description] {
        if !part.is_empty() {
            detail = format!("{detail}: {part}");
        }
    }
    let (setback, wait) = aadsts::judge(refused, detail);
    Failure {
        setback: Box::new(setback),
        error: refused.error.clone(),
        wait,
    }
}

/// An answer that makes no sense, as one of something else than Microsoft Entra.
pub(super) fn senseless(address: &str, what: &str) -> Failure {
    let detail = format!("{address} answered with {what}");
    Setback::new(Verdict::Retry, Reason::RouteUnreachable, detail).into()
}

/// The address is wrong, or somebody stands before it.
fn elsewhere(detail: String) -> Setback {
    let advice = Advice {
        cause: "The token endpoint is not where the route looks for it, or something stands before it."
            .to_owned(),
        remedy: "Look at cloud, authority and tenant of the route (relayctl route show), and at proxies \
                 and portals on the way"
            .to_owned(),
    };
    Setback {
        advice: Some(Box::new(advice)),
        ..Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
    }
}

fn unreachable(address: &str, error: &reqwest::Error) -> Failure {
    let reason = if is_about_tls(error) {
        Reason::RouteTlsFailed
    } else {
        Reason::RouteUnreachable
    };
    let why = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        printable(&told(error))
    };
    let setback = Setback::new(Verdict::Retry, reason, format!("{address}: {why}"));
    Failure {
        setback: Box::new(setback),
        error: String::new(),
        wait: BRIEFLY,
    }
}

/// Reads the answer; `None` when it is too large.
async fn read(response: &mut Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > LARGEST {
            return Ok(None);
        }
    }
    Ok(Some(body))
}

/// Retry-After in seconds; the form with a date is not used by Microsoft Entra.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

fn is_about_tls(error: &reqwest::Error) -> bool {
    causes(error).any(<dyn Error>::is::<rustls::Error>)
}

/// What lies behind an error, also inside of errors of input and output.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        }
    })
}

/// An error with its causes, without the address, which stands before it.
fn told(error: &reqwest::Error) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let more = cause.to_string();
        if !text.contains(&more) {
            let separator = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{separator}{more}");
        }
    }
    if text.is_empty() {
        "the request failed".to_owned()
    } else {
        text
    }
}

pub(super) fn printable(text: &str) -> String {
    let shown = text.chars().map(|c| if c.is_control() { '?' } else { c });
    shown.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_endpoint_says_is_one_bounded_line_without_our_secrets() {
        let problem = Problem {
            error: "invalid_client".to_owned(),
            error_description: format!(
                "AADSTS7000215: hunter2 is \u{1b}[31mwrong{}\r\nTrace ID: x",
                "!".repeat(1000)
            ),
            error_codes: vec![],
        };
        let fields = [
            ("client_secret", "hunter2", true),
            ("scope", "wrong", false),
        ];
        let refused = problem.read(401, None, &fields);
        assert_eq!(refused.codes, [7_000_215]);
        assert!(
            refused
                .description
                .starts_with("AADSTS7000215: [secret] is ?[31mwrong!")
        );
        assert_eq!(refused.description.chars().count(), LONGEST);
        let failure = refusal("https://login.example/t/oauth2/v2.0/token", &refused);
        let shown = failure.setback.to_string();
        assert!(
            shown.starts_with(
                "https://login.example/t/oauth2/v2.0/token answered 401: invalid_client: AADSTS7000215"
            ),
            "{shown}"
        );
    }
}
