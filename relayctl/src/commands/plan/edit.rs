//! `relayctl plan edit`

use relay_proto::{EditPlan, Nothing, Plan, PlanChange, ShowPlan};

use super::difference::{differences, told};
use super::limits::Limits;
use super::{Name, VIEW};
use crate::commands::counted;
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Change what a plan allows, for all who have it, at once
///
/// Fewer relay users than an account has are refused, with the accounts that have more. Affects
/// live mail when accounts have the plan: asks for confirmation, or takes --yes. Without a flag it
/// asks for each limit, where a person is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  relayctl plan edit business --messages-per-day 8000 --relay-users 6 --yes"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    limits: Limits,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut change = PlanChange {
            relay_users: self.limits.relay_users,
            messages_per_minute: self.limits.messages_per_minute,
            messages_per_day: self.limits.messages_per_day,
            recipients_per_day: self.limits.recipients_per_day,
            recipients_per_message: self.limits.recipients_per_message,
            message_size: self.limits.message_size,
        };
        let is_named = change != PlanChange::default();
        if !is_named && session.prompts.off().is_some() {
            return Err(Failure::usage("there is nothing to change").hint(
                "give --relay-users, --messages-per-minute, --messages-per-day, \
                 --recipients-per-day, --recipients-per-message or --message-size",
            ));
        }
        let path = self.name.path();
        let client = session.client()?;
        let current = client.call::<ShowPlan>(&path, &Nothing {})?;
        let plan = &current.value;
        if !is_named {
            change = asked(session, plan)?;
            if change == PlanChange::default() {
                return session.out.sentence("Nothing was changed.");
            }
        }
        let found = differences(plan, &changed(plan, &change));
        let subscribers = plan.subscribers.unwrap_or_default();
        if subscribers > 0 && !found.is_empty() {
            session.confirm(&format!(
                "plan {} changes at once for {}: {}",
                plan.name,
                counted(subscribers as usize, "account"),
                told(&found)
            ))?;
        }
        let answer = client.call_with::<EditPlan>(&path, &Nothing {}, &change, current.etag)?;
        let sentence = format!("Plan {} changed.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}

/// Asks for each limit; Enter keeps the present one.
fn asked(session: &Session, now: &Plan) -> Result<PlanChange, Failure> {
    let form = Form::new(&session.prompts);
    let limit = |question, present| form.changed_count(question, present);
    Ok(PlanChange {
        relay_users: limit("Relay users", now.relay_users)?,
        messages_per_minute: limit(
            "Messages a minute, each relay user",
            now.messages_per_minute,
        )?,
        messages_per_day: limit("Messages a day, each relay user", now.messages_per_day)?,
        recipients_per_day: limit("Recipients a day, each relay user", now.recipients_per_day)?,
        recipients_per_message: limit("Recipients of a message", now.recipients_per_message)?,
        message_size: None,
    })
}

fn changed(plan: &Plan, change: &PlanChange) -> Plan {
    let old = plan.clone();
    Plan {
        relay_users: change.relay_users.unwrap_or(old.relay_users),
        messages_per_minute: change
            .messages_per_minute
            .unwrap_or(old.messages_per_minute),
        messages_per_day: change.messages_per_day.unwrap_or(old.messages_per_day),
        recipients_per_day: change.recipients_per_day.unwrap_or(old.recipients_per_day),
        recipients_per_message: change
            .recipients_per_message
            .unwrap_or(old.recipients_per_message),
        message_size: change.message_size.unwrap_or(old.message_size),
        ..old
    }
}
