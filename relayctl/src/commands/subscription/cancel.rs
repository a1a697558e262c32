//! `relayctl subscription cancel`

use relay_proto::{
    AccountPath, CancelSubscription, ListSystems, Nothing, PageQuery, ShowSubscription,
};

use super::VIEW;
use crate::client::Part;
use crate::commands::counted;
use crate::error::Failure;
use crate::session::Session;

/// Cancel the subscription of an account: its mail is refused from now on
///
/// Devices get 550 no-subscription. What is in the queue still leaves, and relay users, systems and
/// route stay for the day another subscription is started. Affects live mail: asks for
/// confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl subscription cancel --account acme --yes")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let client = session.client()?;
        let current = client.call::<ShowSubscription>(&path, &Nothing {})?.value;
        let systems =
            client.list::<ListSystems, _>(&path, &PageQuery::default(), &Part::default())?;
        session.confirm(&format!(
            "plan {} of account {} ends now: new mail of {} and {} will be refused, what is in the \
             queue still leaves",
            current.plan.name,
            path.account,
            counted(current.relay_users_used as usize, "relay user"),
            counted(systems.items.len(), "system"),
        ))?;
        let answer = client.call::<CancelSubscription>(&path, &Nothing {})?;
        let sentence = format!(
            "The subscription of account {} to plan {} was cancelled.",
            path.account, answer.value.plan.name
        );
        session.out.changed(&answer, &VIEW, &sentence)?;
        session.out.next(&format!(
            "relayctl subscription start --account {} --plan NAME, to send again",
            path.account
        ));
        Ok(())
    }
}
