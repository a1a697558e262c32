//! `relayctl token revoke`

use relay_proto::{Nothing, RevokeToken, TokenPath};

use crate::error::Failure;
use crate::session::Session;

/// Revoke an operator token; it ends at once
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
        session.client()?.call::<RevokeToken>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("Token {} was revoked.", path.token))
    }
}
