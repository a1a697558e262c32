//! `relayctl account activate`

use relay_proto::ActivateAccount;

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Activate an account (operator)
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account activate acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        self.name
            .advance::<ActivateAccount>(session, |name| format!("Account {name} was activated."))
    }
}
