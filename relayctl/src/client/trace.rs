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
        note(&format!("> {}", redacted(&text)));
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

/// A value that stands for a secret is left out whatever its type. An object is a description, as
/// of a token, and is looked into.
fn redact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(fields) => {
            // Problems and reasons name a code, too: a word for what is wrong.
            let is_word = ["title", "sentence"]
                .iter()
                .any(|it| fields.contains_key(*it));
            for (name, value) in fields {
                match value {
                    Value::Null | Value::Bool(_) => {}
                    Value::Object(_) => redact(value),
                    _ if name == "code" && is_word => {}
                    _ if is_secret(name) || is_otpauth(value) => *value = REDACTED.into(),
                    _ => redact(value),
                }
            }
        }
        _ => {}
    }
}

/// The address of a second factor has its secret in it, whatever it is called.
fn is_otpauth(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.starts_with("otpauth:"))
}

fn is_secret(name: &str) -> bool {
    name == "code"
        || name == "recovery_codes"
        || [
            "password",
            "secret",
            "token",
            "invitation",
            "private_key",
            "certificate_key",
            "key_pem",
        ]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use relay_proto::RouteSettings;

    use super::*;

    /// Every field is named, so that a new one has to be thought of here.
    #[test]
    fn a_route_is_shown_without_what_signs_in() {
        let given = |name: &str| Some(format!("given-{name}"));
        let route = RouteSettings {
            kind: relay_proto::RouteKind::Graph,
            preset: None,
            server: given("server"),
            mx_of: given("mx_of"),
            port: Some(587),
            security: None,
            mailbox: given("mailbox"),
            password: given("password"),
            cloud: None,
            tenant: given("tenant"),
            client_id: given("client_id"),
            grant: None,
            client_secret: given("client_secret"),
            client_secret_expires_at: None,
            certificate_pem: given("certificate_pem"),
            key_pem: given("key_pem"),
            authority: given("authority"),
            scope: given("scope"),
            ca_pem: given("ca_pem"),
            folder: given("folder"),
            connections: None,
            per_minute: None,
            recipients_per_day: None,
            recipients_per_mail: None,
            keep_open: None,
            unknown_outcome: None,
            dry_run: false,
        };
        let text = redacted(&serde_json::to_string(&route).unwrap());
        let shown: Value = serde_json::from_str(&text).unwrap();
        let fields = shown.as_object().unwrap().iter();
        let hidden: Vec<_> = fields.filter(|(_, it)| **it == REDACTED).collect();
        let mut hidden: Vec<_> = hidden.iter().map(|(name, _)| name.as_str()).collect();
        hidden.sort_unstable();
        assert_eq!(hidden, ["client_secret", "key_pem", "password"]);
    }

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
        for (given, shown) in [
            (r#"{"code":"12345678"}"#, r#"{"code":"[redacted]"}"#),
            (r#"{"code":"abcdefgh"}"#, r#"{"code":"[redacted]"}"#),
            (r#"{"code":12345678}"#, r#"{"code":"[redacted]"}"#),
            (r#"{"password":["p","5"]}"#, r#"{"password":"[redacted]"}"#),
            (r#"{"password":7}"#, r#"{"password":"[redacted]"}"#),
            (r#"{"password":null}"#, r#"{"password":null}"#),
            (
                r#"{"code":"code-rejected","status":422,"title":"x"}"#,
                r#"{"code":"code-rejected","status":422,"title":"x"}"#,
            ),
        ] {
            assert_eq!(redacted(given), shown);
        }
        assert_eq!(redacted("Bearer p4"), "(9 bytes that are not JSON)");
        let factor = redacted(
            r#"{"secret":"p5","uri":"otpauth://totp/a?secret=p6","recovery_codes":["p7"]}"#,
        );
        assert!(
            ["p5", "p6", "p7"].iter().all(|it| !factor.contains(it)),
            "{factor}"
        );
    }
}
