//! `relayctl account list`

use relay_proto::{ListAccounts, Nothing, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::error::Failure;
use crate::session::Session;

/// List the accounts
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  relayctl account list\n  relayctl account list -o name")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let accounts = session.client()?.list::<ListAccounts, _>(
            &Nothing {},
            &PageQuery::default(),
            &self.part,
        )?;
        session.out.list(&accounts, &VIEW)
    }
}
