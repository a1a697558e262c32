//! `relayctl queue release`

use relay_proto::{AccountPath, Nothing, ReleaseLane, ReleaseQueued};

use super::selector::Selector;
use super::{LANES, messages, report};
use crate::error::Failure;
use crate::session::Session;

/// Let stopped messages go, or the lane of an account, whatever stopped it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl queue release 06bq3k8zv1h4wcn2x9tg
  relayctl queue release --lane --account acme")]
pub(crate) struct Args {
    #[command(flatten)]
    selector: Selector,
    /// Release the lane of the account
    #[arg(long, conflicts_with_all = ["ids", "user", "to_domain", "older_than", "all", "max", "dry_run"])]
    lane: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.lane {
            let account = session.account()?;
            let path = AccountPath {
                account: account.clone(),
            };
            let answer = session.client()?.call::<ReleaseLane>(&path, &Nothing {})?;
            let waiting = messages(answer.value.depth);
            let sentence =
                format!("The lane of account {account} was released; {waiting} waiting.");
            return session.out.changed(&answer, &LANES, &sentence);
        }
        let dry_run = self.selector.dry_run;
        let selection = self.selector.resolve(session)?;
        let answer = session
            .client()?
            .call::<ReleaseQueued>(&Nothing {}, &selection)?;
        report(session, &answer, "released", dry_run)
    }
}
