//! `relayctl auth password`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{AccountPath, ChangeSignInPassword, Nothing, Role, ShowCaller, SignInPassword};
use secrecy::ExposeSecret as _;

use super::given;
use crate::error::Failure;
use crate::password::from_file;
use crate::prompt::Form;
use crate::session::Session;

/// Set another sign-in password; all other sessions of the account end
///
/// The owner gives the present one. The operator need not, and names the account.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth password
  relayctl auth password --current-password-file old.pw --password-file new.pw")]
pub(crate) struct Args {
    /// Read the present password from this file
    #[arg(long, value_name = "FILE")]
    current_password_file: Option<PathBuf>,
    /// Read the new password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the new password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = session.client()?;
        let caller = client.call::<ShowCaller>(&Nothing {}, &Nothing {})?.value;
        let mut form = Form::new(&session.prompts);
        let current = match (caller.role, &self.current_password_file) {
            (Role::Operator, _) => None,
            (Role::Owner, Some(path)) => Some(from_file(path, "password")?),
            (Role::Owner, None) => form.secret("--current-password-file", "Present password")?,
        };
        let file = self.password_file.as_deref();
        let new = match given(session, file, self.password_stdin)? {
            None => form.new_secret("--password-file (or --password-stdin)", "New password")?,
            given => given,
        };
        form.finish("relayctl auth password --current-password-file FILE --password-file FILE")?;
        let account = match caller.account {
            Some(account) => account,
            None => session.account()?,
        };
        let change = SignInPassword {
            current_password: current.map(|it| it.expose_secret().to_owned()),
            new_password: new.map_or_else(String::new, |it| it.expose_secret().to_owned()),
        };
        let path = AccountPath { account };
        client.call::<ChangeSignInPassword>(&path, &change)?;
        session.out.sentence(&format!(
            "The sign-in password of account {} was changed.",
            path.account
        ))
    }
}
