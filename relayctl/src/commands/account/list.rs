//! `relayctl account list`

use relay_proto::{AccountFilter, AccountQuery, ListAccounts, Nothing};

use super::VIEW;
use crate::args::words;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::View;
use crate::session::Session;

/// List the accounts
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl account list\n  relayctl account list --state waiting"
)]
pub(crate) struct Args {
    /// Only those in this state; waiting ones need a code, the operator, or both
    #[arg(long, value_name = "STATE", value_parser = words!(AccountFilter))]
    state: Option<AccountFilter>,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let accounts = session.client()?.list::<ListAccounts, _>(
            &Nothing {},
            &AccountQuery {
                state: self.state,
                ..AccountQuery::default()
            },
            &self.part,
        )?;
        let empty = match self.state {
            None => VIEW.empty,
            Some(AccountFilter::Waiting) => "No account waits.",
            Some(_) => "No account is in this state.",
        };
        session.out.list(&accounts, &View { empty, ..VIEW })
    }
}
