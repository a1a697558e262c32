//! `relayctl limits reset`

use relay_proto::{Nothing, ResetLimits};

use super::{Target, VIEW};
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Go back to the limits of the plan
///
/// Counts stay: what was sent today was sent. Affects live mail: asks for confirmation, or takes
/// --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl limits reset scanner --scope user --yes
  relayctl limits reset --account acme --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, query, whose) = self.target.find(session)?;
        session.confirm(&format!(
            "the limits set for {whose} end, and those of the plan count in their place"
        ))?;
        let client = session.client()?;
        let answer = client.call_with::<ResetLimits>(&path, &query, &Nothing {}, None)?;
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.item_as_sent(&answer),
            _ => session.out.rows(&answer.value.limits, &VIEW),
        }
    }
}
