//! `relayctl subscription start`

use relay_proto::{AccountPath, ListPlans, Nothing, PageQuery, PlanChoice, StartSubscription};

use super::VIEW;
use crate::client::Part;
use crate::commands::counted;
use crate::complete;
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Start the subscription of an account, or move it to another plan
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl subscription start --account acme --plan business")]
pub(crate) struct Args {
    /// Name or id of the plan
    #[arg(long, value_name = "PLAN", env = "RELAYCTL_PLAN", hide_env = true, add = complete::plans())]
    plan: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let mut form = Form::new(&session.prompts);
        let plan = match self.plan {
            Some(plan) => plan,
            None if form.asks() => chosen(session, &mut form)?,
            None => {
                form.missing("--plan");
                String::new()
            }
        };
        form.finish("relayctl subscription start --plan NAME; relayctl plan list shows them")?;
        let path = AccountPath {
            account: account.clone(),
        };
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
        )
    }
}

fn chosen(session: &Session, form: &mut Form<'_>) -> Result<String, Failure> {
    let plans = session.client()?.list::<ListPlans, _>(
        &Nothing {},
        &PageQuery::default(),
        &Part::default(),
    )?;
    let shown: Vec<_> = plans
        .items
        .iter()
        .map(|plan| {
            format!(
                "{} ({}, {} messages a day each)",
                plan.name,
                counted(plan.relay_users as usize, "relay user"),
                plan.messages_per_day
            )
        })
        .collect();
    let index = form.choice("--plan", "Plan", &shown, None)?;
    Ok(plans
        .items
        .get(index)
        .map(|plan| plan.name.clone())
        .unwrap_or_default())
}
