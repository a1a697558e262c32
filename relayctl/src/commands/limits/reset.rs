//! `relayctl limits reset`

use relay_proto::{Nothing, ResetLimits};

use super::{Scope, Target, bans, print};
use crate::error::Failure;
use crate::session::Session;

/// Go back to the limits of the plan, or lift the ban of an address
///
/// Counts stay: what was sent today was sent. With --scope ip, the address may connect again at
/// once, and what is known of its guesses is forgotten. Affects live mail: asks for confirmation, or takes
/// --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl limits reset scanner --scope user --yes
  relayctl limits reset --account acme --yes
  relayctl limits reset --scope ip 198.51.100.7 --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.target.scope == Scope::Ip {
            return bans::reset(self.target, session);
        }
        let (path, query, whose) = self.target.find(session)?;
        session.confirm(&format!(
            "the limits set for {whose} end, and those of the plan count in their place"
        ))?;
        let client = session.client()?;
        let answer = client.call_with::<ResetLimits>(&path, &query, &Nothing {}, None)?;
        print(session, &answer)
    }
}
