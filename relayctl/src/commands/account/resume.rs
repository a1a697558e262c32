//! `relayctl account resume`

use relay_proto::{AccountPath, Nothing, ResumeAccount};

use super::{Name, VIEW, next_step};
use crate::error::Failure;
use crate::session::Session;

/// Let a suspended account go on (operator)
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account resume acme")]
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
            .call::<ResumeAccount>(&path, &Nothing {})?;
        let account = &answer.value;
        let sentence = format!(
            "Account {} was resumed. It is {}.",
            account.name, account.state
        );
        session.out.changed(&answer, &VIEW, &sentence)?;
        if let Some(step) = next_step(account) {
            session.out.next(&step);
        }
        Ok(())
    }
}
