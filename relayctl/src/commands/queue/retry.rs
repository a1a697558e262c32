//! `relayctl queue retry`

use relay_proto::{Nothing, RetryQueued};

use super::selector::{Selector, count};
use super::{messages, report};
use crate::error::Failure;
use crate::session::Session;

/// Make the next attempt of waiting messages due now
///
/// More than one message at a time affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl queue retry 06bq3k8zv1h4wcn2x9tg
  relayctl queue retry --to-domain example.net --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    selector: Selector,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let dry_run = self.selector.dry_run;
        let selection = self.selector.resolve(session)?;
        let client = session.client()?;
        if !dry_run && selection.ids.len() != 1 {
            let counted = count::<RetryQueued>(session, &selection)?;
            let count = counted.value.matched;
            if count == 0 {
                return report(session, &counted, "due now", false);
            }
            session.confirm(&format!("{} will be tried again now", messages(count)))?;
        }
        let answer = client.call::<RetryQueued>(&Nothing {}, &selection)?;
        report(session, &answer, "due now", dry_run)
    }
}
