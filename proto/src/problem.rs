//! How a request fails.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CheckStep, words::words};

words! {
    /// What a registration waits for.
    Awaited {
        /// The code from the mail to its contact e-mail.
        EmailCode = "email-code",
        /// The operator, who activates it.
        Operator = "operator",
    }
}

/// A failure, as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `about:reason/` and the code.
    pub r#type: String,
    /// What is wrong, as one sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the reason; `GET /v1/reasons/{code}` explains it.
    pub code: String,
    /// What it is about in this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The literal reply or error behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What mends it.
    pub remedy: String,
    /// Every wrong field, when the request was not valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What was tried, when a check of a route failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<CheckStep>,
    /// What an administrator of the tenant runs once so that such a route works, when its check
    /// failed: PowerShell, line by line, comments among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup: Vec<String>,
    /// What the account still waits for, when its owner is refused since it is not active.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<Awaited>,
    /// Finds the request in the log of relayd.
    pub request_id: String,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Name of the field as in JSON.
    pub field: String,
    /// What is wrong with its value.
    pub message: String,
}

impl Problem {
    /// The media type of a problem.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The detail where a relayd does not know the path at all, as one of another version may not.
    pub const NO_SUCH_PATH: &'static str = "no such path";
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        write!(f, " [{}]", self.code)
    }
}

impl std::error::Error for Problem {}
