//! `relayctl token list`

use relay_proto::{ListTokens, Nothing, TokenQuery};

use super::VIEW;
use crate::client::Part;
use crate::error::Failure;
use crate::session::Session;

/// List the tokens of an account; without one, or with --operator, those of the operator
///
/// The account is that of --account, the environment or the context. For an owner it is the own.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl token list --operator")]
pub(crate) struct Args {
    #[command(flatten)]
    owner: super::Owner,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let tokens = session.client()?.list::<ListTokens, _>(
            &Nothing {},
            &TokenQuery {
                account: self.owner.account(session)?,
                ..TokenQuery::default()
            },
            &self.part,
        )?;
        session.out.list(&tokens, &VIEW)
    }
}
