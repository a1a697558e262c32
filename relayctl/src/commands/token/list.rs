//! `relayctl token list`

use relay_proto::{ListTokens, Nothing, TokenQuery};

use super::VIEW;
use crate::client::Part;
use crate::error::Failure;
use crate::session::Session;

/// List the tokens: the operator's own, with --account those of an account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl token list")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let tokens = session.client()?.list::<ListTokens, _>(
            &Nothing {},
            &TokenQuery {
                account: session.globals.account.clone(),
                ..TokenQuery::default()
            },
            &self.part,
        )?;
        session.out.list(&tokens, &VIEW)
    }
}
