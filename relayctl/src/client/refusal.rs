//! An answer that is no success, as a failure: a problem of relayd, or whatever stands in its place.

use relay_proto::Problem;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::{Reply, header};
use crate::context::Endpoint;
use crate::error::{Exit, Failure};

/// A relayd of another version may not know what it is asked: no path and no method is ours.
pub(super) fn of_other_version<E: relay_proto::Endpoint>(failure: Failure) -> Failure {
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
pub(super) fn refusal(endpoint: &Endpoint, reply: &Reply) -> Failure {
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
pub(super) fn is_page(reply: &Reply) -> bool {
    header(&reply.headers, &CONTENT_TYPE).is_some_and(|kind| kind.contains("html"))
        || reply.text.trim_start().starts_with('<')
}
