//! `relayctl account verify`

use relay_proto::{AccountPath, ConfirmEmail, EmailCode, Nothing, VerifyAccount};

use super::{Name, VIEW, next_step};
use crate::error::Failure;
use crate::session::Session;

/// Confirm the contact e-mail of an account by its code; without one, the operator vouches for it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account verify acme --code 12345678\n  relayctl account verify acme"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// The code from the mail
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        if let Some(code) = self.code {
            let client = session.client()?;
            client.call::<ConfirmEmail>(&path, &EmailCode { code })?;
            let sentence = format!("The e-mail of account {} is confirmed.", path.account);
            return session.out.sentence(&sentence);
        }
        let answer = session
            .client()?
            .call::<VerifyAccount>(&path, &Nothing {})?;
        let account = &answer.value;
        let sentence = format!(
            "The e-mail of account {} counts as verified. It is {}.",
            account.name, account.state
        );
        session.out.changed(&answer, &VIEW, &sentence)?;
        if let Some(step) = next_step(account) {
            session.out.next(&step);
        }
        Ok(())
    }
}
