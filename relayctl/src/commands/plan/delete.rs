//! `relayctl plan delete`

use relay_proto::{DeletePlan, Nothing, ShowPlan};

use super::Name;
use crate::error::Failure;
use crate::session::Session;

/// Delete a plan that no account has or ever had
///
/// Any other is retired by relayctl plan retire. Cannot be undone: asks for the name, or takes
/// --confirm NAME.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl plan delete trial --confirm trial")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path();
        let client = session.client()?;
        // Nobody is to confirm what cannot be done.
        client.call::<ShowPlan>(&path, &Nothing {})?;
        session.confirm_for_good(&format!("plan {} will be deleted", path.plan), &path.plan)?;
        client.call::<DeletePlan>(&path, &Nothing {})?;
        session
            .out
            .sentence(&format!("Plan {} was deleted.", path.plan))
    }
}
