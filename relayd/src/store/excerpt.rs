//! What of a text or a document goes into an entry of the audit log: a bounded part, whatever was
//! sent.

use serde_json::{Value, json};

/// Characters of one text; the rest is left out.
const MAX_TEXT: usize = 500;
/// Bytes of one document.
const MAX_DOCUMENT: usize = 8 * 1024;
/// What a document that is too long is cut down to, until it fits: characters of a text, and
/// items of a list.
const STEPS: [(usize, usize); 3] = [(200, 50), (60, 10), (20, 2)];

/// A text, cut when it is long.
pub(crate) fn shortened(text: String) -> String {
    cut(&text, MAX_TEXT).unwrap_or(text)
}

/// A document as JSON, of bounded length.
pub(crate) fn excerpt(value: &Value) -> String {
    let whole = value.to_string();
    if whole.len() <= MAX_DOCUMENT {
        return whole;
    }
    STEPS
        .iter()
        .map(|(characters, items)| {
            let mut value = value.clone();
            shorten(&mut value, *characters, *items);
            value.to_string()
        })
        .find(|text| text.len() <= MAX_DOCUMENT)
        .unwrap_or_else(|| json!({ "left_out": format!("{} bytes", whole.len()) }).to_string())
}

fn cut(text: &str, characters: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(characters)?;
    Some(format!("{}… {} bytes in all", &text[..end], text.len()))
}

fn shorten(value: &mut Value, characters: usize, items: usize) {
    match value {
        Value::Object(fields) => {
            for field in fields.values_mut() {
                shorten(field, characters, items);
            }
        }
        Value::Array(list) => {
            let count = list.len();
            list.truncate(items);
            for item in &mut *list {
                shorten(item, characters, items);
            }
            if count > items {
                list.push(format!("… {count} in all").into());
            }
        }
        Value::String(text) => {
            if let Some(part) = cut(text, characters) {
                *text = part;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_sent_the_excerpt_is_bounded_and_still_json() {
        let emoji = "\u{1f600}".repeat(500);
        let many: serde_json::Map<_, _> = (0..2_000)
            .map(|number| (format!("field-{number}"), "x".into()))
            .collect();
        for (value, expected) in [
            (json!({"name": "acme"}), r#"{"name":"acme"}"#),
            (json!({"ids": vec![emoji; 100]}), "100 in all"),
            (
                json!({"ca_pem": "x".repeat(100_000)}),
                "100000 bytes in all",
            ),
            (Value::Object(many), "left_out"),
        ] {
            let text = excerpt(&value);
            assert!(
                text.len() <= MAX_DOCUMENT && text.contains(expected),
                "{text}"
            );
            assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("é".repeat(500)), "é".repeat(500));
        let long = shortened("é".repeat(501));
        assert_eq!(long, format!("{}… 1002 bytes in all", "é".repeat(500)));
    }
}
