//! `relayctl account resume`

use relay_proto::ResumeAccount;

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Let a suspended account go on; its queue goes out
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl account resume acme")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        self.name
            .advance::<ResumeAccount>(session, |name| format!("Account {name} was resumed."))
    }
}
