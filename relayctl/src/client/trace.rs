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
        note(&format!("> {}", redacted(&String::from_utf8_lossy(body))));
    }
}

/// Prints an answer.
pub(super) fn reply(status: reqwest::StatusCode, fields: &HeaderMap, text: &str) {
    note(&format!("< {status}"));
    headers("<", fields);
    if !text.is_empty() {
        note(&format!("< {}", redacted(text)));
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

/// JSON without its secrets; anything else is left out as a whole.
fn redacted(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            redact(&mut value);
            value.to_string()
        }
        Err(_) => format!("({} bytes that are not JSON)", text.len()),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.as_str().is_some_and(|text| is_secret(name, text)) {
                    *value = REDACTED.into();
                } else {
                    redact(value);
                }
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str, text: &str) -> bool {
    // Codes by mail and of invitations have digits; those of reasons are words.
    let is_code = name == "code" && text.contains(|c: char| c.is_ascii_digit());
    is_code
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
        );
        assert!(
            !text.contains("p1") && !text.contains("p2") && !text.contains("p3"),
            "{text}"
        );
        assert!(
            text.contains("scanner") && text.contains(r#""id":"t""#),
            "{text}"
        );
        let codes = redacted(r#"{"code":"12345678","problem":{"code":"code-rejected"}}"#);
        assert!(
            !codes.contains("12345678") && codes.contains("code-rejected"),
            "{codes}"
        );
        assert_eq!(redacted("Bearer p4"), "(9 bytes that are not JSON)");
    }
}
