//! `relayctl system remove`

use relay_proto::{Nothing, RemoveSystem, ShowSystem};

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Remove a system: its address is no longer registered
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl system remove erp-prod --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let client = session.client()?;
        let system = client.call::<ShowSystem>(&path, &Nothing {})?.value;
        session.confirm(&format!(
            "mail of system {} from {} (relay user {}) will be refused",
            system.name, system.address, system.user
        ))?;
        client.call::<RemoveSystem>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("System {} was removed.", system.name))
    }
}
