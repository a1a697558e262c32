//! `relayctl user show`

use relay_proto::{Nothing, ShowRelayUser};

use super::{Name, VIEW};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show a relay user
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl user show scanner")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let answer = session
            .client()?
            .call::<ShowRelayUser>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
