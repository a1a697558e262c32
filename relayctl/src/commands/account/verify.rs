//! `relayctl account verify`

use relay_proto::VerifyAccount;

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Vouch for the contact e-mail of an account (operator)
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account verify acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        self.name.advance::<VerifyAccount>(session, |name| {
            format!("The e-mail of account {name} counts as verified.")
        })
    }
}
