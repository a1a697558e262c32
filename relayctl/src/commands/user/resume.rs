//! `relayctl user resume`

use relay_proto::{Nothing, ResumeRelayUser};

use super::{Name, VIEW};
use crate::error::Failure;
use crate::session::Session;

/// Let a suspended relay user go on
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl user resume scanner")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let answer = session
            .client()?
            .call::<ResumeRelayUser>(&path, &Nothing {})?;
        let sentence = format!("Relay user {} was resumed.", answer.value.username);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
