//! How a failure is printed: for people, or as a problem document for programs.

use std::io::Write as _;

use serde_json::{Map, Value};

use super::Failure;
use crate::output::cell::harmless;

impl Failure {
    /// Prints to stderr: for people, or as problem+json under `-o json`. A stderr that cannot be
    /// written to leaves nothing to be done.
    pub(crate) fn print(&self, as_json: bool, color: bool) {
        if self.0.silent {
            return;
        }
        let text = if as_json {
            format!("{}\n", Value::Object(self.to_document()))
        } else {
            self.to_text(color)
        };
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// The problem document: the API's own one with ours added, or one made here.
    pub(crate) fn to_document(&self) -> Map<String, Value> {
        let mut document = self.0.document.clone().unwrap_or_else(|| {
            let mut made = Map::new();
            made.insert("type".into(), "about:blank".into());
            made.insert("title".into(), self.0.what.clone().into());
            if let Some(cause) = &self.0.cause {
                made.insert("detail".into(), cause.clone().into());
            }
            made
        });
        if self.0.is_titled {
            document.insert("title".into(), self.0.what.clone().into());
            document.remove("detail");
        }
        if let (Some(cause), false) = (&self.0.cause, document.contains_key("detail")) {
            document.insert("cause".into(), cause.clone().into());
        }
        document.insert("code".into(), self.0.code.clone().into());
        if !self.0.hints.is_empty() {
            document.insert("remedy".into(), self.0.hints.join("; ").into());
        }
        document.insert("exit_code".into(), self.0.exit.number().into());
        document.insert("request_id".into(), self.0.request_id.clone().into());
        document
    }

    /// The message for people. What came from outside is made harmless for a terminal.
    pub(crate) fn to_text(&self, color: bool) -> String {
        let (bold_red, plain) = if color {
            ("\x1b[1;31m", "\x1b[0m")
        } else {
            ("", "")
        };
        let mut text = format!("{bold_red}error:{plain} {}\n", harmless(&self.0.what));
        if let Some(cause) = &self.0.cause {
            text += &labelled("cause", cause);
        }
        for step in self.steps() {
            text += &labelled("step", &step);
        }
        for field in self.fields() {
            text += &labelled("field", &field);
        }
        for (index, hint) in self.0.hints.iter().enumerate() {
            text += &labelled(if index == 0 { "try" } else { "" }, hint);
        }
        if self.0.code != "usage" {
            text.push_str("  code:  ");
            text.push_str(&harmless(&self.0.code));
            if let Some(id) = &self.0.request_id {
                text.push_str("   request: ");
                text.push_str(&harmless(id));
            }
            text.push('\n');
        }
        text
    }

    /// The steps of a check that failed, one text each.
    fn steps(&self) -> Vec<String> {
        let Some(Value::Array(steps)) = self
            .0
            .document
            .as_ref()
            .and_then(|document| document.get("steps"))
        else {
            return Vec::new();
        };
        steps
            .iter()
            .filter_map(|step| {
                let text = |key: &str| step.get(key).and_then(Value::as_str);
                let mark = if step.get("ok").and_then(Value::as_bool)? {
                    "ok"
                } else {
                    "failed"
                };
                Some(format!(
                    "{mark:<6}  {}  {}",
                    text("name")?,
                    text("detail").unwrap_or_default()
                ))
            })
            .collect()
    }

    /// The fields that the API did not accept, one text each.
    fn fields(&self) -> Vec<String> {
        if self.0.fields_are_told {
            return Vec::new();
        }
        let fields = self.wrong_fields().into_iter();
        fields
            .map(|(field, message)| format!("{field}: {message}"))
            .collect()
    }
}

fn labelled(label: &str, text: &str) -> String {
    let label = if label.is_empty() {
        String::new()
    } else {
        format!("{label}:")
    };
    let mut lines = text.lines().map(harmless);
    let mut out = format!("  {label:<6} {}\n", lines.next().unwrap_or_default());
    for line in lines {
        out.extend(["         ", &line, "\n"]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    #[test]
    fn prints_what_cause_try_code_and_request() {
        let failure = Failure::new(Exit::CheckFailed, "route-credentials-rejected", "refused")
            .cause("535 5.7.139 no")
            .hint("relayctl route check")
            .hint("or ask")
            .request(Some("req_8c1".into()));
        assert_eq!(
            failure.to_text(false),
            "error: refused\n  cause: 535 5.7.139 no\n  try:   relayctl route check\n         or ask\n  code:  route-credentials-rejected   request: req_8c1\n"
        );
    }

    #[test]
    fn terminal_controls_from_outside_are_not_printed() {
        let failure = Failure::new(Exit::Unexpected, "x", "a\x1b[2Jb").cause("c\u{202e}d");
        let text = failure.to_text(false);
        assert!(
            !text.contains('\x1b') && !text.contains('\u{202e}'),
            "{text:?}"
        );
    }

    #[test]
    fn the_document_of_the_api_is_passed_on_with_our_additions() {
        let Value::Object(document) = serde_json::json!({
            "type": "about:blank", "title": "A value is not valid", "status": 422,
            "code": "invalid-value", "request_id": "r1", "extra": {"kept": true},
            "errors": [{"field": "address", "message": "not a network"}],
        }) else {
            panic!("an object")
        };
        let failure = Failure::from_document(422, document);
        let out = failure.to_document();
        assert_eq!(out["exit_code"], 7);
        assert_eq!(out["extra"]["kept"], true);
        assert!(
            failure
                .to_text(false)
                .contains("  field: address: not a network\n")
        );
    }
}
