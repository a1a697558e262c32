//! `relayctl user suspend`

use relay_proto::{Nothing, SuspendRelayUser};

use super::{Name, VIEW, systems_of};
use crate::commands::counted;
use crate::error::Failure;
use crate::session::Session;

/// Stop a relay user: no sign-in until it is resumed
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl user suspend scanner --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let systems = systems_of(session, &path)?.len();
        session.confirm(&format!(
            "suspending relay user {} stops the mail of {}",
            path.user,
            counted(systems, "system"),
        ))?;
        let answer = session
            .client()?
            .call::<SuspendRelayUser>(&path, &Nothing {})?;
        let name = &answer.value.username;
        session
            .out
            .changed(&answer, &VIEW, &format!("Relay user {name} was suspended."))?;
        session.out.next(&format!("relayctl user resume {name}"));
        Ok(())
    }
}
