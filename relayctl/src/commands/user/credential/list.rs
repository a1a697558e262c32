//! `relayctl user credential list`

use relay_proto::{ListCredentials, Nothing};

use super::VIEW;
use crate::client::Part;
use crate::commands::user::Name;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the passwords of a relay user, and when and from where each was last used
///
/// The last use is known to a minute.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl user credential list scanner")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let credentials =
            session
                .client()?
                .list::<ListCredentials, _>(&path, &Nothing {}, &Part::default())?;
        session.out.list(&credentials, &VIEW)
    }
}
