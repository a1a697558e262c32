//! `relayctl auth`: the sessions, the password and the second factor of the owner of an account.

pub(super) mod login;
mod logout;
mod password;
mod reset_password;
mod revoke;
mod sessions;
mod status;
mod totp;

use std::path::Path;

use secrecy::SecretString;

use crate::error::{Exit, Failure};
use crate::password::{from_file, from_stdin};
use crate::session::Session;

super::verbs! {
    /// Sign-in.
    Verb {
        Login(login::Args),
        Logout(logout::Args),
        Status(status::Args),
        Password(password::Args),
        ResetPassword(reset_password::Args),
        Sessions(sessions::Args),
        Revoke(revoke::Args),
        Totp(totp::Args),
    }
}

/// The sign-in password from file, stdin or environment, if one of them gives it.
pub(super) fn given(
    session: &Session,
    file: Option<&Path>,
    stdin: bool,
) -> Result<Option<SecretString>, Failure> {
    if stdin {
        return from_stdin("password").map(Some);
    }
    if let Some(path) = file {
        return from_file(path, "password").map(Some);
    }
    let set = session.environment.text("RELAYCTL_SIGN_IN_PASSWORD");
    Ok(set.map(SecretString::from))
}

/// The context whose token is kept or forgotten.
fn context(session: &Session) -> Result<String, Failure> {
    let target = session.target()?;
    target.context.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "no-context",
            "there is no context to keep a session for",
        )
        .cause(format!(
            "relayd is named by an address: {}",
            target.endpoint
        ))
        .hint("relayctl context add NAME --url URL, then relayctl auth login -c NAME")
    })
}
