//! The exit codes, and which answer of the API becomes which.

use std::fmt;

use crate::signals::SignalKind;

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
    HungUp = 129,
    Interrupted = 130,
    Quit = 131,
    Terminated = 143,
}

impl Exit {
    /// The exit code for a signal that ends the program, by which shells report it.
    pub(crate) fn of_signal(kind: SignalKind) -> Self {
        if kind == SignalKind::hangup() {
            Self::HungUp
        } else if kind == SignalKind::interrupt() {
            Self::Interrupted
        } else if kind == SignalKind::quit() {
            Self::Quit
        } else {
            Self::Terminated
        }
    }

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

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_ends_as_shells_report_it() {
        for kind in [
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::quit(),
            SignalKind::terminate(),
        ] {
            let number = i32::from(Exit::of_signal(kind).number());
            assert_eq!(number, 128 + kind.as_raw_value());
        }
    }

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
}
