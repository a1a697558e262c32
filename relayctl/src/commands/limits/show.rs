//! `relayctl limits show`

use relay_proto::{Nothing, ShowLimits};

use super::{Scope, Target, bans, print};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show limits, and how much of them is used
///
/// Counts of a day begin at midnight UTC. What is in force is what counts: the plan, an override,
/// or what the server of the route or relayd itself takes at most. A relay user is held to its own
/// limits and to those set for its system and its account.
///
/// With --scope ip: the addresses that are banned for guessing passwords.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&super::VIEW))]
#[command(after_help = "Examples:
  relayctl limits show
  relayctl limits show scanner --scope user
  relayctl limits show erp-prod --scope system
  relayctl limits show --scope ip
  relayctl limits show --scope ip 198.51.100.7")]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.target.scope == Scope::Ip {
            return bans::show(self.target, session);
        }
        let (path, query, _) = self.target.find(session)?;
        let client = session.client()?;
        let answer = client.call_with::<ShowLimits>(&path, &query, &Nothing {}, None)?;
        print(session, &answer)
    }
}
