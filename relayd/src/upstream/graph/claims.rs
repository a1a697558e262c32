//! What an access token says of itself. Microsoft calls tokens of Graph opaque, so nothing depends
//! on being able to read one: it tells what a route can take, and spares a request that must fail.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;

/// Whether an application may write into the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// It has `Mail.ReadWrite`.
    Allowed,
    /// It may send, and has no such permission.
    Refused,
    /// The token does not tell, as where Exchange grants by role (RBAC for Applications).
    Untold,
}

/// The claims that matter here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Claims {
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scp: String,
}

impl Claims {
    /// Reads a token without judging it; what cannot be read says nothing.
    pub(super) fn of(token: &str) -> Self {
        let payload = token.split('.').nth(1).unwrap_or_default();
        let json = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
        serde_json::from_slice(&json).unwrap_or_default()
    }

    /// Permissions of the application, or of the person that it acts for.
    fn permissions(&self) -> impl Iterator<Item = &str> {
        let roles = self.roles.iter().map(String::as_str);
        roles.chain(self.scp.split_ascii_whitespace())
    }

    fn has(&self, permission: &str) -> bool {
        let is_it = |held: &str| held.eq_ignore_ascii_case(permission);
        self.permissions()
            .any(|held| is_it(held) || held.strip_suffix(".Shared").is_some_and(is_it))
    }

    pub(super) fn writing(&self) -> Writing {
        if self.has("Mail.ReadWrite") {
            Writing::Allowed
        } else if self.has("Mail.Send") {
            Writing::Refused
        } else {
            Writing::Untold
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_read_where_there_are_any() {
        for (payload, writing) in [
            (
                r#"{"roles":["Mail.Send","Mail.ReadWrite"]}"#,
                Writing::Allowed,
            ),
            (r#"{"roles":["Mail.Send"]}"#, Writing::Refused),
            (r#"{"scp":"Mail.Send User.Read"}"#, Writing::Refused),
            (
                r#"{"scp":"Mail.ReadWrite.Shared Mail.Send"}"#,
                Writing::Allowed,
            ),
            ("{}", Writing::Untold),
        ] {
            let token = format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(payload));
            assert_eq!(Claims::of(&token).writing(), writing, "{payload}");
        }
        for token in ["", "opaque", "a.b.c", "a.!!.c"] {
            assert_eq!(Claims::of(token).writing(), Writing::Untold, "{token}");
        }
    }
}
