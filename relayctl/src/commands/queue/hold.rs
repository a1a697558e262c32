//! `relayctl queue hold`

use relay_proto::{AccountPath, HoldLane, HoldQueued, LaneHold, Nothing};

use super::selector::{Selector, count};
use super::{LANES, messages, report};
use crate::error::Failure;
use crate::session::Session;

/// Stop waiting messages, or the whole lane of an account, until they are released
///
/// Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl queue hold --user scanner --reason 'wrong template' --yes
  relayctl queue hold --lane --account acme \\
      --reason 'mailbox is being moved' --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    selector: Selector,
    /// Stop the lane of the account: nothing leaves, new mail is taken and waits
    #[arg(long, conflicts_with_all = ["ids", "user", "system", "from_domain", "to_domain", "older_than", "all", "max", "dry_run"])]
    lane: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.lane {
            return hold_lane(session, self.selector.reason());
        }
        let dry_run = self.selector.dry_run;
        let selection = self.selector.resolve(session)?;
        let client = session.client()?;
        if !dry_run {
            let counted = count::<HoldQueued>(session, &selection)?;
            let count = counted.value.matched;
            if count == 0 {
                return report(session, &counted, "held", false);
            }
            session.confirm(&format!("{} will be stopped", messages(count)))?;
        }
        let answer = client.call::<HoldQueued>(&Nothing {}, &selection)?;
        report(session, &answer, "held", dry_run)
    }
}

fn hold_lane(session: &Session, reason: Option<&str>) -> Result<(), Failure> {
    let account = session.account()?;
    session.confirm(&format!(
        "no mail of account {account} will leave until its lane is released"
    ))?;
    let hold = LaneHold {
        reason: reason.unwrap_or_default().to_owned(),
    };
    let path = AccountPath {
        account: account.clone(),
    };
    let answer = session.client()?.call::<HoldLane>(&path, &hold)?;
    let waiting = messages(answer.value.depth);
    session.out.changed(
        &answer,
        &LANES,
        &format!("The lane of account {account} is held; {waiting} waiting."),
    )?;
    session.out.next(&format!(
        "relayctl queue release --lane --account {account}"
    ));
    Ok(())
}
