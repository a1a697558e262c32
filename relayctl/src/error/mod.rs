//! One shape for everything that can go wrong, one printer, one table of exit codes.
//!
//! A [`Failure`] says what went wrong, the cause, and the next command. Answers of the API,
//! mistakes in the arguments and faults of this machine all become one; `main` prints it once.

mod exit;
mod print;
mod words;

use std::borrow::Borrow;

use serde_json::{Map, Value};

pub(crate) use self::exit::Exit;
pub(crate) use self::words::{chain, json_fault, plain};

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

    /// Values that the command needs and was not given, all at once.
    pub(crate) fn missing(names: &[impl Borrow<str>]) -> Self {
        let s = if names.len() == 1 { "" } else { "s" };
        let what = format!("missing required value{s}: {}", names.join(", "));
        Self::new(Exit::Usage, "missing-values", what)
    }

    /// An answer of relayd, or an event of it, of which this version makes nothing.
    pub(crate) fn not_understood(cause: impl Into<String>) -> Self {
        let what = "the answer of relayd is not understood";
        Self::new(Exit::Unexpected, "unknown-answer", what)
            .cause(cause)
            .hint("compare the versions: relayctl version")
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
                Failure::not_understood("x").hint("y"),
                "compare the versions: relayctl version",
            ),
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
}
