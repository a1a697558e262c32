//! `relayctl token list`

use relay_proto::{ListTokens, Nothing, Role, ShowCaller, TokenQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::View;
use crate::session::Session;

/// List the tokens of an account; without one, or with --operator, those of the operator
///
/// The account is that of --account, the environment or the context. For an owner it is the own.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl token list --operator")]
pub(crate) struct Args {
    #[command(flatten)]
    owner: super::Owner,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = self.owner.account(session)?;
        let client = session.client()?;
        let query = TokenQuery {
            account: account.clone(),
            ..TokenQuery::default()
        };
        let tokens = client.list::<ListTokens, _>(&Nothing {}, &query, &self.part)?;
        if !tokens.items.is_empty() || account.is_some() {
            return session.out.list(&tokens, &VIEW);
        }
        let role = client
            .call::<ShowCaller>(&Nothing {}, &Nothing {})?
            .value
            .role;
        let empty = match role {
            Role::Owner => VIEW.empty,
            Role::Operator => {
                "There are no tokens. On the relayd machine none is needed. Next: relayctl token \
                 create NAME --operator"
            }
        };
        session.out.list(&tokens, &View { empty, ..VIEW })
    }
}
