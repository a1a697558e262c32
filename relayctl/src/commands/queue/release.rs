//! `relayctl queue release`

use relay_proto::{
    AccountPath, Nothing, QueueSummaryQuery, ReleaseLane, ReleaseQueued, SummarizeQueue,
};

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
    #[arg(long, conflicts_with_all = ["ids", "user", "system", "from_domain", "to_domain", "older_than", "all", "max", "dry_run"])]
    lane: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.lane {
            let account = session.account()?;
            let path = AccountPath {
                account: account.clone(),
            };
            let client = session.client()?;
            let query = QueueSummaryQuery {
                account: Some(account.clone()),
            };
            let before =
                client.call_with::<SummarizeQueue>(&Nothing {}, &query, &Nothing {}, None)?;
            let was_held = before.value.lanes.iter().any(|lane| lane.hold.is_some());
            let answer = client.call::<ReleaseLane>(&path, &Nothing {})?;
            let waiting = messages(answer.value.depth);
            let sentence = if was_held {
                format!("The lane of account {account} was released; {waiting} waiting.")
            } else {
                format!(
                    "The lane of account {account} was not held; \
                     relayctl queue retry --all --account {account} makes waiting mail due now."
                )
            };
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
