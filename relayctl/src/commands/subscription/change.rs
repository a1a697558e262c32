//! `relayctl subscription change`

use relay_proto::{
    AccountPath, Nothing, PlanChoice, PlanPath, ShowPlan, ShowSubscription, StartSubscription,
    SubscriptionState,
};

use super::VIEW;
use super::choice::Choice;
use crate::commands::plan::{Difference, differences, told};
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Move an account to another plan, at once
///
/// A plan with fewer relay users than the account has is refused, with the numbers. A plan that
/// allows less in anything affects live mail: that asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl subscription change --account acme --plan enterprise
  relayctl subscription change --account acme --plan starter --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    plan: Choice,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let name = self.plan.resolve(session, "change")?;
        let path = AccountPath {
            account: session.account()?,
        };
        let client = session.client()?;
        let account = &path.account;
        let current = client.call::<ShowSubscription>(&path, &Nothing {})?.value;
        if current.state != SubscriptionState::Active {
            let what = format!("account {account} has no subscription: it was cancelled");
            return Err(Failure::new(Exit::Conflict, "state-conflict", what)
                .hint(format!("relayctl subscription start --plan {name}")));
        }
        let choice = PlanPath { plan: name.clone() };
        let plan = client.call::<ShowPlan>(&choice, &Nothing {})?.value;
        let found = differences(&current.plan, &plan);
        // A plan that is too small is for relayd to refuse, not for a person to confirm.
        let fits = current.relay_users_used <= plan.relay_users;
        if fits && found.iter().any(Difference::is_less) {
            session.confirm(&format!(
                "account {account} gets plan {} in the place of {}: {}",
                plan.name,
                current.plan.name,
                told(&found)
            ))?;
        }
        let body = PlanChoice { plan: name };
        let answer = client.call::<StartSubscription>(&path, &body)?;
        let name = &answer.value.plan.name;
        let sentence = if found.is_empty() {
            format!("Account {account} has plan {name}.")
        } else {
            format!("Account {account} has plan {name}: {}.", told(&found))
        };
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
