//! `relayctl user delete`

use relay_proto::{DeleteRelayUser, Nothing, ShowRelayUser};

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Delete a relay user for good; its systems must be removed before
///
/// Cannot be undone: asks for the name, or takes --confirm NAME.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl user delete scanner --confirm scanner")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let client = session.client()?;
        // Nobody is to confirm what cannot be done.
        client.call::<ShowRelayUser>(&path, &Nothing {})?;
        session.confirm_for_good(
            &format!(
                "relay user {} of account {} will be deleted",
                path.user, path.account
            ),
            &path.user,
        )?;
        client.call::<DeleteRelayUser>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("Relay user {} was deleted.", path.user))
    }
}
