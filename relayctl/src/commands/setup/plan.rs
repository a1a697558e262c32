//! What the account may send.

use relay_proto::{PlanChoice, StartSubscription};

use super::Desk;
use crate::commands::subscription::choice;
use crate::error::Failure;
use crate::prompt::Form;

pub(super) fn book(desk: &Desk) -> Result<(), Failure> {
    let screen = desk.screen;
    if let Some(plan) = desk.account()?.plan {
        screen.ok("plan", &plan);
        return Ok(());
    }
    screen.head(
        "Plan",
        "How many relay users the account may have, and how much they may send. It can be changed \
         at any time.",
    );
    let session = &desk.session;
    let plan = choice::chosen(session, &mut Form::new(&session.prompts))?;
    let client = session.client()?;
    let started = client.call::<StartSubscription>(&desk.path(), &PlanChoice { plan })?;
    screen.ok("plan", &started.value.plan.name);
    Ok(())
}
