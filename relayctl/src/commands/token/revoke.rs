//! `relayctl token revoke`

use relay_proto::{Nothing, RevokeToken, TokenOwner, TokenPath};

use crate::error::Failure;
use crate::session::Session;

/// Revoke a token; it ends at once. One of an account is named with --account
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl token revoke deploy")]
pub(crate) struct Args {
    /// Name or id of the token
    #[arg(value_name = "TOKEN")]
    token: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = TokenPath { token: self.token };
        let owner = TokenOwner {
            account: session.globals.account.clone(),
        };
        let client = session.client()?;
        client.call_with::<RevokeToken>(&path, &owner, &Nothing {}, None)?;
        session
            .out
            .sentence(&format!("Token {} was revoked.", path.token))
    }
}
