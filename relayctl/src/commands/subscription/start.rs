//! `relayctl subscription start`

use relay_proto::{AccountPath, PlanChoice, StartSubscription};

use super::choice::Choice;
use super::{VIEW, running};
use crate::commands::account::tell_next;
use crate::commands::counted;
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Start the subscription of an account
///
/// An account that has a plan gets another one by relayctl subscription change.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl subscription start --account acme --plan business")]
pub(crate) struct Args {
    #[command(flatten)]
    plan: Choice,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let plan = self.plan.resolve(session, "start")?;
        let path = AccountPath {
            account: session.account()?,
        };
        let account = &path.account;
        if let Some(period) = running(session, &path)?
            && period.plan != plan
        {
            let what = format!("account {account} has plan {} already", period.plan);
            return Err(Failure::new(Exit::Conflict, "state-conflict", what)
                .hint(format!("relayctl subscription change --plan {plan}")));
        }
        let answer = session
            .client()?
            .call::<StartSubscription>(&path, &PlanChoice { plan })?;
        let plan = &answer.value.plan;
        session.out.changed(
            &answer,
            &VIEW,
            &format!(
                "Account {account} has plan {} ({}).",
                plan.name,
                counted(plan.relay_users as usize, "relay user"),
            ),
        )?;
        tell_next(session, account);
        Ok(())
    }
}
