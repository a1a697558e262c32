//! What the endpoint gave out: tokens, refresh tokens, codes.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) audience: String,
    pub(super) permissions: Vec<String>,
    pub(super) mailboxes: Vec<String>,
    pub(super) expires_at: Timestamp,
}

impl Issued {
    /// Whether it is good at a resource whose name holds this.
    pub(super) fn is_for(&self, resource: &str, now: Timestamp) -> bool {
        now < self.expires_at && self.audience.contains(resource)
    }

    pub(super) fn opens(&self, mailbox: &str) -> bool {
        let mut all = self.mailboxes.iter();
        self.mailboxes.is_empty() || all.any(|it| it.eq_ignore_ascii_case(mailbox))
    }
}

/// A person's sign-in, behind a refresh token.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) client_id: String,
    pub(super) person: Person,
    pub(super) is_good: bool,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) mailboxes: Vec<String>,
}

/// A device code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    /// What the person enters.
    pub(super) entered: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) expires_at: Timestamp,
    pub(super) state: CodeState,
}

/// What a person did with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CodeState {
    Open,
    Approved(Person),
    Declined,
}

impl Code {
    pub(super) fn is_open(&self) -> bool {
        self.state == CodeState::Open
    }

    pub(super) fn approve(&mut self, username: &str, mailboxes: Vec<String>) {
        self.state = CodeState::Approved(Person {
            username: username.to_owned(),
            mailboxes,
        });
    }

    pub(super) fn decline(&mut self) {
        self.state = CodeState::Declined;
    }
}

/// A text that nobody can guess.
pub(super) fn secret(prefix: &str) -> String {
    format!("{prefix}{:032x}", rand::random::<u128>())
}

/// A token in the form of a JWT. Nobody but its issuer looks at the signature.
pub(super) fn token(claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "sim" });
    format!("{}.{}.{}", part(&header), part(claims), secret(""))
}
