//! `relayctl account verify`

use relay_proto::{AccountPath, ConfirmEmail, EmailCode, Role, VerifyAccount};

use super::Name;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Confirm the contact e-mail of an account by its code; the operator vouches for it without one
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account verify acme --code 12345678\n  relayctl account verify acme"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// The code from the mail
    #[arg(long, value_name = "CODE", env = "RELAYCTL_CODE", hide_env = true)]
    code: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut form = Form::new(&session.prompts);
        let role = session.role()?;
        let code = match self.code {
            // The operator alone can vouch for an e-mail.
            None if role != Some(Role::Operator) => {
                Some(form.required("--code", "Code from the mail", None, check::anything)?)
            }
            given => given,
        };
        form.finish("relayctl account verify NAME --code CODE")?;
        let Some(code) = code else {
            return self.name.advance::<VerifyAccount>(session, |name| {
                format!("The e-mail of account {name} counts as verified.")
            });
        };
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let client = session.client()?;
        client.call::<ConfirmEmail>(&path, &EmailCode { code })?;
        let sentence = format!("The e-mail of account {} is confirmed.", path.account);
        session.out.sentence(&sentence)?;
        if role.is_none() {
            session
                .out
                .next("relayctl auth login; until the operator activates the account, it says so");
        }
        Ok(())
    }
}
