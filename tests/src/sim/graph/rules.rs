//! Scripted behaviour of Graph: which request gets which answer, when.

use std::time::Duration;

use jiff::{SignedDuration, fmt::rfc2822};
use serde::Deserialize;

use super::super::{glob, session::now};

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `GET /users/{mailbox}`.
    Look,
    /// `POST …/sendMail`.
    SendMail,
    /// `POST …/messages`.
    Draft,
    /// `POST …/attachments`.
    Attach,
    /// `POST …/createUploadSession`.
    Session,
    /// `PUT` of a piece.
    Upload,
    /// `POST …/send`.
    Send,
    /// `DELETE …/messages/{id}`.
    Delete,
}

/// How Retry-After says how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfter {
    /// In seconds.
    Seconds(i64),
    /// As the date that many seconds ahead.
    Date(i64),
}

impl RetryAfter {
    /// The value of the field.
    pub(super) fn text(self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Date(seconds) => {
                let until = now() + SignedDuration::from_secs(seconds);
                let printer = rfc2822::DateTimePrinter::new();
                printer
                    .timestamp_to_rfc9110_string(&until)
                    .unwrap_or_default()
            }
        }
    }
}

/// What happens to a request that a rule matches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// It is refused.
    Refuse {
        /// HTTP status.
        status: u16,
        /// Code of the error.
        code: String,
        /// How long to wait.
        retry_after: Option<RetryAfter>,
    },
    /// It is done, and answered as if not.
    DoAndRefuse {
        /// HTTP status.
        status: u16,
        /// Code of the error.
        code: String,
    },
    /// The connection is cut before the body is read.
    CutUnread,
    /// The connection is cut behind the body, and nothing is done.
    CutUndone,
    /// It is done, and the connection cut instead of an answer.
    CutDone,
}

/// One line of the script. The first rule that matches decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Which request.
    pub on: Operation,
    /// Pattern of the mailbox; `*` is known.
    pub mailbox: Option<String>,
    /// Lets this many matches pass first.
    #[serde(default)]
    pub skip: u32,
    /// Applies to this many matches, then no more.
    pub times: Option<u32>,
    /// Waits this long first.
    #[serde(default)]
    pub delay_ms: u64,
    /// What happens.
    pub then: Then,
}

impl Rule {
    /// Does that to each such request.
    pub fn on(on: Operation, then: Then) -> Self {
        Self {
            on,
            mailbox: None,
            skip: 0,
            times: None,
            delay_ms: 0,
            then,
        }
    }

    /// Refuses such requests.
    pub fn refuse(on: Operation, status: u16, code: &str) -> Self {
        let code = code.to_owned();
        let retry_after = None;
        Self::on(
            on,
            Then::Refuse {
                status,
                code,
                retry_after,
            },
        )
    }

    /// Throttles such requests, as Graph does.
    pub fn throttle(on: Operation, retry_after: RetryAfter) -> Self {
        Self::on(
            on,
            Then::Refuse {
                status: 429,
                code: "ApplicationThrottled".to_owned(),
                retry_after: Some(retry_after),
            },
        )
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only after so many that pass.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// What to do about a request, and how long to wait first.
    pub(super) fn matches(&mut self, on: Operation, mailbox: &str) -> Option<(Duration, Then)> {
        let is_meant = self.on == on
            && self
                .mailbox
                .as_ref()
                .is_none_or(|pattern| glob::matches(pattern, mailbox));
        if !is_meant || self.times == Some(0) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.map(|times| times - 1);
        Some((Duration::from_millis(self.delay_ms), self.then.clone()))
    }
}
