//! Findings: what an administrator should know of the state of this relayd.
//!
//! `relayd check-config`, `relayctl doctor` and the log tell of the same ones.

use super::text_enum;

text_enum! {
    /// What a finding is about.
    FindingArea {
        /// Who may connect, and how.
        Listeners = "listeners",
        /// Certificates.
        Tls = "tls",
        /// Time.
        Clock = "clock",
        /// The database and its disk.
        Store = "store",
        /// The routes of accounts.
        Exchange = "exchange",
    }
}

text_enum! {
    /// How much a finding matters.
    FindingLevel {
        /// All is well.
        Ok = "ok",
        /// Mail goes through; something is unsafe, or will fail.
        Warning = "warning",
        /// Something does not work, or is open to anybody.
        Error = "error",
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub area: FindingArea,
    /// How much it matters.
    pub level: FindingLevel,
    /// What was looked at, such as `certificate-expiry`; stable, for scripts.
    pub check: &'static str,
    /// What was found, as one sentence without its full stop.
    pub sentence: String,
    /// What mends it, as one sentence without its full stop; empty when nothing has to be.
    pub remedy: String,
}

impl Finding {
    /// All is well.
    pub fn ok(area: FindingArea, check: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            area,
            level: FindingLevel::Ok,
            check,
            sentence: sentence.into(),
            remedy: String::new(),
        }
    }

    /// Something is unsafe, or will fail.
    pub fn warning(
        area: FindingArea,
        check: &'static str,
        sentence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            level: FindingLevel::Warning,
            remedy: remedy.into(),
            ..Self::ok(area, check, sentence)
        }
    }

    /// Something does not work, or is open to anybody.
    pub fn error(
        area: FindingArea,
        check: &'static str,
        sentence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            level: FindingLevel::Error,
            ..Self::warning(area, check, sentence, remedy)
        }
    }
}
