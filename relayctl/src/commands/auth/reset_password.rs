//! `relayctl auth reset-password`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{Nothing, PasswordReset, RequestPasswordReset, ResetPassword, ResetRequest};
use secrecy::ExposeSecret as _;

use super::given;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Set a forgotten sign-in password anew, by a code that is sent to the contact e-mail
///
/// Without --code one is asked for; whether there is such an account is not told. With --code the
/// new password is set, and all sessions of the account end.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth reset-password --email ops@acme.example
  relayctl auth reset-password --email ops@acme.example --code 12345678 \\
      --password-file new.pw")]
pub(crate) struct Args {
    /// Contact e-mail of the account
    #[arg(long, value_name = "ADDRESS", env = "RELAYCTL_EMAIL", hide_env = true)]
    email: Option<String>,
    /// The code from the mail
    #[arg(long, value_name = "CODE", env = "RELAYCTL_CODE", hide_env = true)]
    code: Option<String>,
    /// Read the new password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, conflicts_with = "password_file", requires = "code")]
    password_stdin: bool,
    /// Read the new password from this file
    #[arg(long, value_name = "FILE", requires = "code")]
    password_file: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let target = session.target()?;
        let account = target.account.clone();
        // A session that has ended must not stand in the way.
        let client = session.client_with(target, None);
        let mut form = Form::new(&session.prompts);
        let email = form.required("--email", "E-mail", self.email, check::address)?;
        let Some(code) = self.code else {
            form.finish("relayctl auth reset-password --email ADDRESS")?;
            let request = ResetRequest { email, account };
            client.call::<RequestPasswordReset>(&Nothing {}, &request)?;
            let email = &request.email;
            session.out.sentence(&format!(
                "If an active account has the e-mail {email}, a code is on its way."
            ))?;
            session.out.next(&format!(
                "relayctl auth reset-password --email {email} --code CODE"
            ));
            return Ok(());
        };
        let file = self.password_file.as_deref();
        let password = match given(session, file, self.password_stdin)? {
            None => form.new_secret("--password-file (or --password-stdin)", "New password")?,
            given => given,
        };
        form.finish(
            "relayctl auth reset-password --email ADDRESS --code CODE --password-file FILE",
        )?;
        let reset = PasswordReset {
            email,
            account,
            code,
            password: password.map_or_else(String::new, |it| it.expose_secret().to_owned()),
        };
        client.call::<ResetPassword>(&Nothing {}, &reset)?;
        session.out.sentence("The new sign-in password is set.")?;
        session.out.next("relayctl auth login");
        Ok(())
    }
}
