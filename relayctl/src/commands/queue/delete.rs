//! `relayctl queue delete`

use relay_proto::{CancelQueued, Nothing};

use super::selector::{Selector, count};
use super::{messages, report};
use crate::error::Failure;
use crate::session::Session;

/// Take messages out of the queue for good; nobody is told
///
/// Cannot be undone: asks for the number of messages, or takes --confirm COUNT.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl queue delete --user scanner --dry-run
  relayctl queue delete --user scanner --reason 'test run' --confirm 12")]
pub(crate) struct Args {
    #[command(flatten)]
    selector: Selector,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let dry_run = self.selector.dry_run;
        let mut selection = self.selector.resolve(session)?;
        let client = session.client()?;
        if !dry_run {
            let counted = count::<CancelQueued>(session, &selection)?;
            let count = counted.value.matched;
            if count == 0 {
                return report(session, &counted, "deleted", false);
            }
            session.confirm_for_good(
                &format!("{} will be deleted unsent", messages(count)),
                &count.to_string(),
            )?;
            // What arrives meanwhile was not confirmed.
            selection.max = Some(selection.max.map_or(count, |max| max.min(count)));
        }
        let answer = client.call::<CancelQueued>(&Nothing {}, &selection)?;
        report(session, &answer, "deleted", dry_run)
    }
}
