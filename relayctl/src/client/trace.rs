//! `--trace`: requests and answers on stderr, with every secret left out.

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, SET_COOKIE};
use serde_json::Value;

use crate::output::note;

const REDACTED: &str = "[redacted]";

/// Prints a request.
pub(super) fn request(request: &reqwest::Request) {
    let url = request.url();
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    note(&format!("> {} {}{query}", request.method(), url.path()));
    headers(">", request.headers());
    if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
        let text = String::from_utf8_lossy(body);
        note(&format!("> {}", redacted(&text, Side::Request)));
    }
}

/// Prints an answer.
pub(super) fn reply(status: reqwest::StatusCode, fields: &HeaderMap, text: &str) {
    note(&format!("< {status}"));
    headers("<", fields);
    if !text.is_empty() {
        note(&format!("< {}", redacted(text, Side::Reply)));
    }
}

fn headers(mark: &str, headers: &HeaderMap) {
    for (name, value) in headers {
        let secret = *name == AUTHORIZATION || *name == COOKIE || *name == SET_COOKIE;
        let text = value.to_str().unwrap_or("(not text)");
        note(&format!(
            "{mark} {name}: {}",
            if secret { REDACTED } else { text }
        ));
    }
}

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Reply,
}

/// JSON without its secrets; anything else is left out as a whole.
fn redacted(text: &str, side: Side) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            redact(&mut value, side);
            value.to_string()
        }
        Err(_) => format!("({} bytes that are not JSON)", text.len()),
    }
}

fn redact(value: &mut Value, side: Side) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, side)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_secret = match value {
                    Value::String(text) => is_secret(name, text, side),
                    Value::Array(_) => name == "recovery_codes",
                    _ => false,
                };
                if is_secret {
                    *value = REDACTED.into();
                } else {
                    redact(value, side);
                }
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str, text: &str, side: Side) -> bool {
    // What is asked for by a code is none of a reason; in a reply those of invitations have digits,
    // and those of reasons are words.
    let has_digits = || text.contains(|c: char| c.is_ascii_digit());
    let is_code = name == "code" && (side == Side::Request || has_digits());
    is_code
        || text.starts_with("otpauth:")
        || [
            "password",
            "secret",
            "token",
            "invitation",
            "private_key",
            "certificate_key",
        ]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_at_any_depth() {
        let text = redacted(
            r#"{"password":"p1","user":{"client_secret":"p2","name":"scanner"},"list":[{"refresh_token":"p3"}],"token":{"id":"t"}}"#,
            Side::Request,
        );
        assert!(
            !text.contains("p1") && !text.contains("p2") && !text.contains("p3"),
            "{text}"
        );
        assert!(
            text.contains("scanner") && text.contains(r#""id":"t""#),
            "{text}"
        );
        let codes = redacted(
            r#"{"code":"12345678","problem":{"code":"code-rejected"}}"#,
            Side::Reply,
        );
        assert!(
            !codes.contains("12345678") && codes.contains("code-rejected"),
            "{codes}"
        );
        let asked = redacted(r#"{"code":"abcd-efgh-jkmn-pqrs"}"#, Side::Request);
        assert!(!asked.contains("abcd"), "{asked}");
        let factor = redacted(
            r#"{"secret":"p5","uri":"otpauth://totp/a?secret=p6","recovery_codes":["p7"]}"#,
            Side::Reply,
        );
        assert!(
            ["p5", "p6", "p7"].iter().all(|it| !factor.contains(it)),
            "{factor}"
        );
        let other = redacted("Bearer p4", Side::Reply);
        assert_eq!(other, "(9 bytes that are not JSON)");
    }
}
