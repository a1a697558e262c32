//! `relayctl account verify`

use relay_proto::{AccountPath, Nothing, VerifyAccount};

use super::{Name, VIEW, next_step};
use crate::error::Failure;
use crate::session::Session;

/// Vouch for the contact e-mail of an account (operator)
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account verify acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
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
