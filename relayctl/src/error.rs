//! One shape for everything that can go wrong, one printer, one table of exit codes.
//!
//! A [`Failure`] says what went wrong, the cause, and the next command. Answers of the API,
//! mistakes in the arguments and faults of this machine all become one; `main` prints it once.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};

/// The exit codes that relayctl promises; `relayctl help exit-codes` explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Unexpected = 1,
    Usage = 2,
    NotFound = 3,
    Forbidden = 4,
    Conflict = 5,
    Unavailable = 6,
    Rejected = 7,
    Pending = 8,
    CheckFailed = 9,
    Partly = 10,
    Interrupted = 130,
    Terminated = 143,
}

impl Exit {
    /// The exit code for an answer of the API. The code decides where it is known to say more
    /// than the HTTP status; an unknown code falls back to the status.
    pub(crate) fn of_answer(status: u16, code: &str) -> Self {
        match code {
            "plan-limit" | "weak-password" => return Self::Rejected,
            "account-not-active"
            | "domain-not-verified"
            | "no-subscription"
            | "request-in-progress" => {
                return Self::Pending;
            }
            _ if status == 502 && (code.starts_with("route-") || code.starts_with("remote-")) => {
                return Self::CheckFailed;
            }
            "send-as-denied" | "recipient-refused" => return Self::CheckFailed,
            _ => {}
        }
        match status {
            401 | 403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            409 | 412 | 428 => Self::Conflict,
            408 | 429 | 500..=599 => Self::Unavailable,
            400 | 413 | 415 | 422 => Self::Rejected,
            _ => Self::Unexpected,
        }
    }

    /// The number the shell sees.
    pub(crate) const fn number(self) -> u8 {
        self as u8
    }
}

/// What went wrong, why, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.what)]
pub(crate) struct Failure(Box<Parts>);

/// Boxed, since a failure is the rare result.
#[derive(Debug)]
struct Parts {
    exit: Exit,
    code: String,
    what: String,
    cause: Option<String>,
    hints: Vec<String>,
    request_id: Option<String>,
    /// The problem document as the API sent it; `-o json` passes it on with our additions.
    document: Option<Map<String, Value>>,
    /// The fields that are wrong were told in the cause already.
    fields_are_told: bool,
    /// It was said in other words than those of the document.
    is_titled: bool,
    /// Nothing is printed: the reader of stdout went away, or all was said already.
    silent: bool,
}

impl Failure {
    /// A failure with a stable code such as `missing-values` and one sentence without full stop.
    pub(crate) fn new(exit: Exit, code: &str, what: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            exit,
            code: code.to_owned(),
            what: plain(&what.into()),
            cause: None,
            hints: Vec::new(),
            request_id: None,
            document: None,
            fields_are_told: false,
            is_titled: false,
            silent: false,
        }))
    }

    /// A mistake in how the command was called.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", what)
    }

    /// Something on this machine did not work: a file, a terminal.
    pub(crate) fn local(what: impl Into<String>, source: &dyn std::error::Error) -> Self {
        Self::new(Exit::Unexpected, "local-failure", what).cause(chain(source))
    }

    /// A file that was named cannot be read. One that is not there is a mistake in the call.
    pub(crate) fn unreadable(what: impl Into<String>, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::NotFound {
            return Self::usage(what)
                .cause(error.to_string())
                .hint("name a file that exists");
        }
        Self::local(what, error)
    }

    /// Ends the program with `exit` and no message, because everything was said already.
    pub(crate) fn silent(exit: Exit) -> Self {
        let mut failure = Self::new(exit, "silent", "");
        failure.0.silent = true;
        failure
    }

    /// A problem document of the API (RFC 9457).
    pub(crate) fn from_document(status: u16, document: Map<String, Value>) -> Self {
        let text = |key: &str| {
            document
                .get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let code = text("code").unwrap_or_else(|| format!("http-{status}"));
        let mut what =
            text("title").unwrap_or_else(|| format!("relayd answered with status {status}"));
        if let Some(detail) = text("detail") {
            what += ": ";
            what += &detail;
        }
        let mut failure = Self::new(Exit::of_answer(status, &code), &code, what);
        failure.0.cause = text("cause");
        failure.0.hints.extend(text("remedy"));
        failure.0.request_id = text("request_id");
        failure.0.document = Some(document);
        failure
    }

    /// Says why.
    #[must_use]
    pub(crate) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(plain(&cause.into()));
        self
    }

    /// Ends the program with another exit code.
    #[must_use]
    pub(crate) fn exiting(mut self, exit: Exit) -> Self {
        self.0.exit = exit;
        self
    }

    /// Tells the cause in a way that has all wrong fields in it.
    #[must_use]
    pub(crate) fn told_by(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self.0.fields_are_told = true;
        self
    }

    /// The fields that the API did not accept, and why.
    pub(crate) fn wrong_fields(&self) -> Vec<(String, String)> {
        let document = self.0.document.as_ref();
        let errors = document.and_then(|document| document.get("errors")?.as_array());
        let errors = errors.into_iter().flatten();
        errors
            .filter_map(|error| {
                let text = |key: &str| error.get(key)?.as_str().map(str::to_owned);
                Some((text("field")?, text("message")?))
            })
            .collect()
    }

    /// Names the next step; may be called more than once.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Says what went wrong in other words than the answer did.
    #[must_use]
    pub(crate) fn titled(mut self, what: impl Into<String>) -> Self {
        self.0.what = plain(&what.into());
        self.0.is_titled = true;
        self
    }

    /// Names the next step in place of what was named before, where that would lead astray here.
    #[must_use]
    pub(crate) fn only_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.clear();
        self.hint(hint)
    }

    /// Whether it says no more about the remedy than the table of reasons does.
    pub(crate) fn has_remedy_of_its_reason(&self) -> bool {
        let reasons = relay_proto::reasons();
        let known = reasons.iter().find(|reason| reason.code == self.0.code);
        known.is_some_and(|reason| self.0.hints == [reason.remedy.as_str()])
    }

    /// Why, where that is known.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The next steps.
    pub(crate) fn hints(&self) -> &[String] {
        &self.0.hints
    }

    /// Whether all was said already.
    pub(crate) fn is_silent(&self) -> bool {
        self.0.silent
    }

    /// A part of the problem document that the API sent.
    pub(crate) fn part<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let part = self.0.document.as_ref()?.get(name)?;
        serde_json::from_value(part.clone()).ok()
    }

    /// Names a next step where none was named: every failure has one.
    #[must_use]
    pub(crate) fn with_next_step(self, help_of_command: impl FnOnce() -> String) -> Self {
        if !self.0.hints.is_empty() || self.0.silent {
            return self;
        }
        let own = crate::topics::OWN_CODES;
        let known = own.iter().find(|(code, _, _)| *code == self.0.code);
        match known {
            Some((code, _, remedy)) if *code != "usage" => self.hint(*remedy),
            _ if self.0.exit == Exit::Usage => self.hint(help_of_command()),
            _ => self.hint("relayctl doctor looks for what is wrong"),
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// Carries the request id of an answer that did not name it itself.
    #[must_use]
    pub(crate) fn request(mut self, id: Option<String>) -> Self {
        self.0.request_id = self.0.request_id.or(id);
        self
    }

    /// How the program ends.
    pub(crate) const fn exit(&self) -> Exit {
        self.0.exit
    }

    /// Whether relayd may have done what was asked for all the same: the answer was lost, or is not
    /// understood, or says that it failed on the way.
    pub(crate) fn is_outcome_unknown(&self) -> bool {
        let is_known = matches!(
            self.code(),
            "unreachable" | "certificate-refused" | "local-failure"
        );
        let is_open = matches!(self.exit(), Exit::Unavailable | Exit::Unexpected)
            || self.code() == "request-in-progress";
        is_open && !is_known
    }

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

fn harmless(text: &str) -> String {
    crate::output::cell::harmless(text)
}

/// Leaves out what only a programmer reads: the numbers of the system, the words of parsers.
pub(crate) fn plain(text: &str) -> String {
    const WORDS: [(&str, &str); 6] = [
        ("invalid digit found in string", "it is no whole number"),
        ("number too large to fit in target type", "it is too large"),
        ("number too small to fit in target type", "it is too small"),
        ("cannot parse integer from empty string", "it is empty"),
        (
            "stream did not contain valid UTF-8",
            "it is no text in UTF-8",
        ),
        ("entity not found", "it does not exist"),
    ];
    let mut text = text.to_owned();
    while let Some(begin) = text.find(" (os error ") {
        let length = text.get(begin..).and_then(|rest| rest.find(')'));
        let Some(length) = length else { break };
        text.replace_range(begin..=begin + length, "");
    }
    for (word, meaning) in WORDS {
        text = text.replace(word, meaning);
    }
    text
}

/// Where a JSON text cannot be understood, and what is wrong there.
pub(crate) fn json_fault(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if !error.is_data() {
        return format!("it cannot be read from line {line}, column {column} on");
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let text = text.replace("missing field", "there is no field");
    let text = text.replace("invalid type: ", "of the wrong kind: ");
    format!("line {line}, column {column}: {text}")
}

/// An error with everything that lies under it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        // Many errors repeat their source in their own text.
        if !text.contains(&more) {
            text += ": ";
            text += &more;
        }
        next = source.source();
    }
    text
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_map_to_the_promised_exit_codes() {
        let table = [
            (401, "not-signed-in", Exit::Forbidden),
            (403, "forbidden", Exit::Forbidden),
            (404, "not-found", Exit::NotFound),
            (409, "name-taken", Exit::Conflict),
            (409, "plan-limit", Exit::Rejected),
            (412, "stale-version", Exit::Conflict),
            (422, "invalid-value", Exit::Rejected),
            (422, "weak-password", Exit::Rejected),
            (429, "rate-exceeded", Exit::Unavailable),
            (502, "route-credentials-rejected", Exit::CheckFailed),
            (502, "", Exit::Unavailable),
            (503, "store-unavailable", Exit::Unavailable),
            (409, "no-subscription", Exit::Pending),
            (409, "domain-not-verified", Exit::Pending),
            (418, "", Exit::Unexpected),
        ];
        for (status, code, exit) in table {
            assert_eq!(Exit::of_answer(status, code), exit, "{status} {code}");
        }
    }

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
    fn what_only_a_programmer_reads_is_left_out() {
        for (text, expected) in [
            (
                "cannot open x: No such file or directory (os error 2)",
                "cannot open x: No such file or directory",
            ),
            ("a (os error 2): b (os error 13)", "a: b"),
            ("(os error", "(os error"),
            (
                "--port: invalid digit found in string",
                "--port: it is no whole number",
            ),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    /// The texts of the program itself: string literals outside of tests.
    fn texts(source: &str) -> Vec<String> {
        let production = source.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
        let code = production.lines().filter(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.contains("reason =")
        });
        let code = code.collect::<Vec<_>>().join("\n");
        let code = code.replace("\\\\", "/").replace("\\\"", "'");
        let code = code.replace("'\"'", "' '");
        let literals = code.split('"').skip(1).step_by(2);
        literals
            .filter(|it| it.contains(' '))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn no_text_speaks_the_language_of_the_program() {
        const WORDS: [&str; 18] = [
            "unwrap",
            "Err(",
            "Some(",
            "None)",
            "os error",
            "panick",
            "backtrace",
            "stack trace",
            "deserializ",
            "serializ",
            "serde",
            "reqwest",
            "hyper",
            "tokio",
            "struct",
            "enum ",
            "stdin_",
            "Option",
        ];
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                // This file translates such words.
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs")
                    && !path.ends_with("src/error.rs")
                {
                    for text in texts(&std::fs::read_to_string(&path).unwrap()) {
                        count += 1;
                        for word in WORDS {
                            assert!(!text.contains(word), "{}: {word}: {text}", path.display());
                        }
                    }
                }
            }
        }
        assert!(count > 1000, "{count} texts were found");
    }

    #[test]
    fn an_outcome_is_unknown_where_the_answer_is_missing() {
        let of = |exit, code| Failure::new(exit, code, "x").is_outcome_unknown();
        for (exit, code, is_unknown) in [
            (Exit::Unavailable, "reply-missed", true),
            (Exit::Unavailable, "no-answer", true),
            (Exit::Unavailable, "http-503", true),
            (Exit::Unexpected, "unknown-answer", true),
            (Exit::Pending, "request-in-progress", true),
            (Exit::Pending, "account-not-active", false),
            (Exit::Unavailable, "unreachable", false),
            (Exit::Rejected, "weak-password", false),
            (Exit::Conflict, "already-exists", false),
        ] {
            assert_eq!(of(exit, code), is_unknown, "{code}");
        }
    }

    #[test]
    fn every_failure_names_a_next_step() {
        let help = || "relayctl plan list --help".to_owned();
        let text = |failure: Failure| failure.with_next_step(help).to_text(false);
        for (failure, step) in [
            (Failure::usage("x"), "relayctl plan list --help"),
            (Failure::usage("x").hint("y"), "y"),
            (
                Failure::local("x", &std::io::Error::other("y")),
                "mend what the cause names, and repeat the command",
            ),
            (
                Failure::new(Exit::Unexpected, "http-418", "x"),
                "relayctl doctor looks for what is wrong",
            ),
        ] {
            assert!(
                text(failure).contains(&format!("  try:   {step}\n")),
                "{step}"
            );
        }
        assert!(
            Failure::silent(Exit::Partly)
                .with_next_step(help)
                .0
                .hints
                .is_empty()
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
