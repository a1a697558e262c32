//! `relayctl token revoke`

use relay_proto::{Nothing, RevokeToken, TokenOwner, TokenPath};

use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Revoke a token; it ends at once
///
/// It is one of the account that --account, the environment or the context names; without one, or
/// with --operator, one of the operator. For an owner it is one of the own account.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl token revoke erp --account acme\n  relayctl token revoke deploy --operator"
)]
pub(crate) struct Args {
    /// Name or id of the token
    #[arg(value_name = "TOKEN", add = complete::tokens())]
    token: String,
    #[command(flatten)]
    owner: super::Owner,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let owner = TokenOwner {
            account: self.owner.account(session)?,
        };
        let path = TokenPath { token: self.token };
        let client = session.client()?;
        client.call_with::<RevokeToken>(&path, &owner, &Nothing {}, None)?;
        session
            .out
            .sentence(&format!("Token {} was revoked.", path.token))
    }
}
