//! What a token says, for a person who looks into a check: decoded, not verified. It is the other
//! side that has to understand and verify it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;

/// Longest list of roles or scopes that is shown.
const LONGEST: usize = 200;

/// The claims that help to understand why a token is refused; no others are looked at.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Claims {
    #[serde(default)]
    aud: Option<String>,
    #[serde(default)]
    tid: Option<String>,
    #[serde(default)]
    appid: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    scp: Option<String>,
    #[serde(default)]
    upn: Option<String>,
    #[serde(default)]
    unique_name: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
}

impl Claims {
    /// Those of a token that is a JWT; Microsoft's need not be.
    pub(super) fn of(token: &str) -> Option<Self> {
        let payload = token.split('.').nth(1)?;
        let json = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Who signed in; empty where the token does not say.
    pub(super) fn username(&self) -> String {
        let names = [&self.upn, &self.preferred_username, &self.unique_name];
        let name = names.into_iter().flatten().next();
        name.map(|name| printable(name)).unwrap_or_default()
    }
}

/// One line on a token: for whom it is, of whom, what it allows, when it ends. A role that is
/// missing is told, not judged: role-based access control of Exchange needs none.
pub(super) fn describe(token: &str, expires_at: Timestamp, app_role: Option<&str>) -> String {
    let expires = format!("expires {}", expires_at.strftime("%Y-%m-%d %H:%M:%S UTC"));
    let Some(claims) = Claims::of(token) else {
        return format!("the token is opaque, {expires}");
    };
    let mut parts = Vec::new();
    let named = [
        ("aud", &claims.aud),
        ("tid", &claims.tid),
        ("appid", &claims.appid),
        ("scp", &claims.scp),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            parts.push(format!("{name} {}", printable(value)));
        }
    }
    if !claims.roles.is_empty() {
        parts.push(format!("roles {}", printable(&claims.roles.join(" "))));
    }
    parts.push(expires);
    if let Some(role) = app_role
        && claims.scp.is_none()
        && !claims.roles.iter().any(|has| has == role)
    {
        parts.push(format!(
            "warning: the role {role} is not in it, so this works only where Exchange grants the \
             application \"Application {role}\" by New-ManagementRoleAssignment"
        ));
    }
    parts.join(", ")
}

fn printable(text: &str) -> String {
    let shown = text.chars().map(|c| if c.is_control() { '?' } else { c });
    shown.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!(
            "{}.{}.{}",
            part("{\"alg\":\"RS256\"}"),
            part(payload),
            "c2ln"
        )
    }

    #[test]
    fn claims_are_told_and_a_missing_role_too() {
        let end = "2026-11-22T10:00:00Z".parse().unwrap();
        let role = Some("SMTP.SendAsApp");
        let with = token(
            r#"{"aud":"https://outlook.office365.com","tid":"t","appid":"a","roles":["SMTP.SendAsApp"],"secret":"x"}"#,
        );
        assert_eq!(
            describe(&with, end, role),
            "aud https://outlook.office365.com, tid t, appid a, roles SMTP.SendAsApp, \
             expires 2026-11-22 10:00:00 UTC"
        );
        let without = describe(&token(r#"{"aud":"x"}"#), end, role);
        assert!(
            without.contains("warning: the role SMTP.SendAsApp"),
            "{without}"
        );
        let delegated = token(r#"{"scp":"SMTP.Send","upn":"a@b\u0007"}"#);
        let shown = describe(&delegated, end, role);
        assert_eq!(shown, "scp SMTP.Send, expires 2026-11-22 10:00:00 UTC");
        assert_eq!(Claims::of(&delegated).unwrap().username(), "a@b?");
        assert!(describe("opaque", end, None).starts_with("the token is opaque"));
        assert!(describe("a.!!.c", end, None).starts_with("the token is opaque"));
    }
}
