//! `relayctl auth login`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{Caller, Nothing, Role, ShowCaller, SignIn, SignInRequest};
use secrecy::{ExposeSecret as _, SecretString};

use super::{context, given};
use crate::error::Failure;
use crate::password::from_stdin;
use crate::prompt::{Form, check};
use crate::session::Session;
use crate::tokens;

/// Sign in as the owner of an account, and keep the session for the context
///
/// The session ends when it is not used for twelve hours, and after thirty days at the latest. It
/// is kept in a file that only you may read, below $XDG_STATE_HOME/relayctl/tokens. Where several
/// accounts have the e-mail, --account names the one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth login
  relayctl auth login --email ops@acme.example --password-file acme.pw
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
    /// Keep the token that is read from stdin, instead of signing in
    #[arg(long, conflicts_with_all = ["email", "password_stdin", "password_file"])]
    with_token: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let context = context(session)?;
        let (token, who) = if self.with_token {
            known(session, from_stdin()?)?
        } else {
            self.sign_in(session)?
        };
        let path = tokens::keep(&session.environment, &context, &token)?;
        session.out.sentence(&format!("Signed in as {who}."))?;
        session.out.note(&format!(
            "The session of context {context} is kept in {}.",
            path.display()
        ));
        if let Some(name) = tokens::outranked(&session.environment) {
            session
                .out
                .note(&format!("{name} is set and wins over it."));
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
        };
        // A session that has ended must not stand in the way of the next.
        let client = session.client_with(target, None);
        let answer = client.call::<SignIn>(&Nothing {}, &request)?.value;
        let who = format!("owner of account {}", answer.account);
        Ok((answer.secret.into(), who))
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
