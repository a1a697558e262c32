//! `relayctl account show`

use relay_proto::{AccountPath, Nothing, ShowAccount};

use super::{Name, VIEW, next_step};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show an account and what it still lacks before it can send
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl account show acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let answer = session.client()?.call::<ShowAccount>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)?;
        if let Some(step) = next_step(&answer.value) {
            session.out.next(&step);
        }
        Ok(())
    }
}
