//! Which plan: by flag, or chosen from those that are offered.

use relay_proto::{ListPlans, Nothing, PageQuery, PlanState};

use crate::client::Part;
use crate::commands::counted;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::prompt::Form;
use crate::session::Session;

/// The flag.
#[derive(Debug, clap::Args)]
pub(super) struct Choice {
    /// Name or id of the plan
    #[arg(long, value_name = "PLAN", env = "RELAYCTL_PLAN", hide_env = true, add = complete::plans())]
    plan: Option<String>,
}

impl Choice {
    /// The plan; a person may choose. `verb` is the command that would have worked.
    pub(super) fn resolve(self, session: &Session, verb: &str) -> Result<String, Failure> {
        let mut form = Form::new(&session.prompts);
        let plan = match self.plan {
            Some(plan) => plan,
            None if form.asks() => chosen(session, &mut form)?,
            None => {
                form.missing("--plan");
                String::new()
            }
        };
        form.finish(&format!(
            "relayctl subscription {verb} --plan NAME; relayctl plan list shows them"
        ))?;
        Ok(plan)
    }
}

/// The plan that a person chooses among those that are offered.
pub(in crate::commands) fn chosen(
    session: &Session,
    form: &mut Form<'_>,
) -> Result<String, Failure> {
    let mut plans = session
        .client()?
        .list::<ListPlans, _>(&Nothing {}, &PageQuery::default(), &Part::default())?
        .items;
    plans.retain(|plan| plan.state == PlanState::Offered);
    if plans.is_empty() {
        return Err(
            Failure::new(Exit::Pending, "no-plan", "no plan is offered yet")
                .hint("the operator makes one: relayctl plan create NAME"),
        );
    }
    plans.sort_by_key(|plan| plan.relay_users);
    let shown: Vec<_> = plans
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
        .get(index)
        .map(|plan| plan.name.clone())
        .unwrap_or_default())
}
