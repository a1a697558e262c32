//! What leaves this machine for others to read holds no secret, and nobody's address.

use serde_json::Value;

/// Fields that are left out: what they hold belongs to nobody else, or may be a password that was
/// typed into the wrong place.
const LEFT_OUT: [&str; 8] = [
    "subject",
    "username",
    "user",
    "password",
    "token",
    "secret",
    "authorization",
    "body",
];
/// A run of characters of this length without a break is no word.
const LONGEST_WORD: usize = 40;

/// Takes out of a document what must not be in it, wherever it stands.
pub(super) fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
            fields.values_mut().for_each(redact);
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::String(text) => *text = without_opaque(&without_local_parts(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text with `***` for what stands before the `@` of each address.
fn without_local_parts(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for (at, piece) in text.split('@').enumerate() {
        if at > 0 {
            let start = local_part(&masked);
            if start < masked.len() {
                masked.truncate(start);
                masked.push_str("***");
            }
            masked.push('@');
        }
        masked.push_str(piece);
    }
    masked
}

/// Where the part before an `@` begins at the end of a text.
fn local_part(text: &str) -> usize {
    // A quoted one may hold anything (RFC 5321 §4.1.2).
    if let Some(inner) = text.strip_suffix('"') {
        return inner.rfind('"').unwrap_or(0);
    }
    let is_part = |c: char| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    text.trim_end_matches(is_part).len()
}

/// The text without long runs of letters and digits, as tokens and keys are.
fn without_opaque(text: &str) -> String {
    let is_opaque = |c: char| c.is_ascii_alphanumeric() || "+/_=-".contains(c);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_opaque(c)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(length);
        // Paths have breaks of their own.
        let longest = run.split('/').map(str::len).max().unwrap_or(0);
        if longest > LONGEST_WORD {
            shown.push_str("[left out]");
        } else {
            shown.push_str(run);
        }
        let next = behind.chars().next().map_or(0, char::len_utf8);
        shown.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn local_parts_are_masked_wherever_they_stand() {
        for (text, shown) in [
            ("no address", "no address"),
            ("scanner@acme.example", "***@acme.example"),
            (
                "550 5.7.1 <a.b+c@acme.example>: for jürgen@bücher.example.",
                "550 5.7.1 <***@acme.example>: for ***@bücher.example.",
            ),
            (
                "\"a b\"@acme.example and x@y@z.example",
                "***@acme.example and ***@***@z.example",
            ),
            ("mail of @acme.example waits", "mail of @acme.example waits"),
            (
                "postgres://u:p%40ss@db.example/x",
                "postgres://u:***@db.example/x",
            ),
        ] {
            assert_eq!(without_local_parts(text), shown);
        }
    }

    #[test]
    fn secrets_are_left_out_wherever_they_stand() {
        let mut document = json!({
            "items": [{"subject": "Salary", "reply": format!("Bearer {}", "aB3".repeat(20))}],
            "username": "typed-password",
            "path": "/var/lib/relayd/tls/self-signed/submission/certificate-of-the-listener.pem",
            "count": 3,
        });
        redact(&mut document);
        assert_eq!(
            document,
            json!({
                "items": [{"reply": "Bearer [left out]"}],
                "path": "/var/lib/relayd/tls/self-signed/submission/certificate-of-the-listener.pem",
                "count": 3,
            })
        );
    }
}
