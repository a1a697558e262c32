//! `relayctl auth login`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{Awaited, Caller, Nothing, Role, ShowCaller, SignIn, SignInRequest, SignOut};
use secrecy::{ExposeSecret as _, SecretString};

use super::{context, given};
use crate::context::Target;
use crate::error::Failure;
use crate::output::cell::wrap;
use crate::password::from_stdin;
use crate::prompt::{Form, check};
use crate::session::Session;
use crate::tokens::{self, Place, Store};

/// Sign in as the owner of an account, and keep the session for the context
///
/// The session ends when it is not used for twelve hours, and after thirty days at the latest. It
/// is kept in the keyring of the desktop where there is one that takes it, else in a file that only
/// you may read, below $XDG_STATE_HOME/relayctl/tokens. Where several accounts have the e-mail,
/// --account names the one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth login
  relayctl auth login --email ops@acme.example \\
      --password-file acme.pw --store file
  relayctl auth login --with-token < acme.token")]
pub(crate) struct Args {
    /// Contact e-mail of the account
    #[arg(long, value_name = "ADDRESS", env = "RELAYCTL_EMAIL", hide_env = true)]
    email: Option<String>,
    /// Read the password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Code of the second factor, where the account has one: of the app, or a recovery code
    #[arg(
        long,
        value_name = "CODE",
        env = "RELAYCTL_TOTP_CODE",
        hide_env_values = true
    )]
    totp_code: Option<String>,
    /// Keep the token that is read from stdin, instead of signing in
    #[arg(long, conflicts_with_all = ["email", "password_stdin", "password_file"])]
    with_token: bool,
    /// Where to keep the session
    #[arg(
        long,
        value_name = "STORE",
        env = "RELAYCTL_STORE",
        default_value = "auto"
    )]
    store: Store,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let context = context(session)?;
        let target = session.target()?;
        // A session that cannot be kept had better not begin.
        let (place, no_keyring) = tokens::choose(&session.environment, &context, self.store)?;
        let is_new = !self.with_token;
        let (token, who) = if self.with_token {
            known(session, from_stdin("password")?)?
        } else {
            self.sign_in(session)?
        };
        keep(session, (&target, &place), token, is_new)?;
        session.out.sentence(&format!("Signed in as {who}."))?;
        tell_where(session, &target, &place, no_keyring.as_deref());
        if is_new {
            session
                .out
                .next("relayctl account show, which names what is still missing");
        }
        Ok(())
    }

    fn sign_in(self, session: &Session) -> Result<(SecretString, String), Failure> {
        let mut form = Form::new(&session.prompts);
        let email = form.required("--email", "E-mail", self.email, check::address)?;
        let file = self.password_file.as_deref();
        let password = match given(session, file, self.password_stdin)? {
            None => form.secret("--password-file (or --password-stdin)", "Password")?,
            given => given,
        };
        form.finish("relayctl auth login --email ADDRESS --password-file FILE")?;
        let target = session.target()?;
        let request = SignInRequest {
            email,
            password: password.map_or_else(String::new, |it| it.expose_secret().to_owned()),
            account: target.account.clone(),
            code: self.totp_code,
        };
        let answer = begin(session, target, request)?;
        let who = format!("owner of account {}", answer.account);
        Ok((answer.secret.into(), who))
    }
}

/// Signs in; a person is asked for the second factor where the account has one.
pub(in crate::commands) fn begin(
    session: &Session,
    target: Target,
    mut request: SignInRequest,
) -> Result<relay_proto::Session, Failure> {
    // A session that has ended must not stand in the way of the next.
    let client = session.client_with(target, None);
    let mut answer = client.call::<SignIn>(&Nothing {}, &request);
    let lacks_code = |failure: &Failure| failure.code() == "totp-required";
    if answer.as_ref().is_err_and(lacks_code) && session.prompts.off().is_none() {
        request.code = Some(super::totp::ask_code(session)?);
        answer = client.call::<SignIn>(&Nothing {}, &request);
    }
    Ok(answer.map_err(not_active)?.value)
}

/// Keeps the token of a session for its context; a new one that cannot be kept ends.
pub(in crate::commands) fn keep(
    session: &Session,
    (target, place): (&Target, &Place),
    token: SecretString,
    is_new: bool,
) -> Result<(), Failure> {
    let kept = tokens::keep(&session.environment, target, place, &token);
    if kept.is_err() && is_new {
        let client = session.client_with(target.clone(), Some(token));
        // It ends by itself, too.
        let _ = client.call::<SignOut>(&Nothing {}, &Nothing {});
    }
    kept
}

/// What the account waits for, where a sign-in was refused since it is not active. A later relayd may
/// know of more than this version.
pub(in crate::commands) fn awaited(failure: &Failure) -> Vec<Awaited> {
    let words: Vec<String> = failure.part("awaits").unwrap_or_default();
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

/// Who cannot sign in cannot follow what is said of an account that is not active elsewhere, such as
/// `account show`.
fn not_active(failure: Failure) -> Failure {
    if failure.code() != "account-not-active" {
        return failure;
    }
    let is_unconfirmed = awaited(&failure).contains(&Awaited::EmailCode);
    let failure = failure.only_hint(
        "only the operator activates it, or resumes it if the operator suspended it; a mail tells",
    );
    if is_unconfirmed {
        return failure
            .only_hint("relayctl account verify NAME --code CODE, with the code from the mail")
            .hint("relayctl account resend-code NAME sends another");
    }
    failure
}

pub(in crate::commands) fn tell_where(
    session: &Session,
    target: &Target,
    place: &Place,
    no_keyring: Option<&str>,
) {
    let out = &session.out;
    let context = target.context.as_deref().unwrap_or_default();
    let why = match (place, no_keyring) {
        (Place::File(_), Some(_)) => ", which only you may read: there is no keyring to keep it in",
        _ => "",
    };
    let text = format!("The session of context {context} is kept in {place}{why}.");
    let room = out.width.unwrap_or(usize::MAX);
    out.note(&wrap(&text, room).join("\n"));
    if let Some(cause) = no_keyring {
        out.detail(&format!("The keyring: {cause}."));
    }
    if let Some(name) = tokens::outranked(&session.environment) {
        out.note(&format!("{name} is set and wins over it."));
    }
}

/// A token that relayd knows, and whose it is.
fn known(session: &Session, token: SecretString) -> Result<(SecretString, String), Failure> {
    let client = session.client_with(session.target()?, Some(token.clone()));
    let caller: Caller = client.call::<ShowCaller>(&Nothing {}, &Nothing {})?.value;
    let who = match (caller.role, caller.account) {
        (Role::Operator, _) | (_, None) => "operator".to_owned(),
        (Role::Owner, Some(account)) => format!("owner of account {account}"),
    };
    Ok((token, who))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_of_a_later_relayd_hides_no_other() {
        for (awaits, expected) in [
            (
                json!(["email-code", "operator"]),
                &[Awaited::EmailCode, Awaited::Operator][..],
            ),
            (json!(["contract", "email-code"]), &[Awaited::EmailCode]),
            (json!(["contract"]), &[]),
            (json!(null), &[]),
        ] {
            let document = json!({"code": "account-not-active", "awaits": awaits});
            let document = document.as_object().unwrap().clone();
            let failure = Failure::from_document(403, document);
            assert_eq!(awaited(&failure), expected, "{awaits}");
        }
    }
}
