//! `relayctl plan create`

use relay_proto::{CreatePlan, NewPlan, Nothing};

use super::VIEW;
use super::limits::Limits;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Make a plan
///
/// It is offered at once. The name stays; the limits are changed by relayctl plan edit. Recipients
/// a day are as many as messages, recipients of a message 500 and its size 35 MiB when they are
/// not given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl plan create school --relay-users 20 --messages-per-minute 60 \\
      --messages-per-day 3000
  relayctl plan create archive --relay-users 1 --messages-per-minute 600 \\
      --messages-per-day 50000 --message-size 50MiB")]
pub(crate) struct Args {
    /// Name of the plan: lower-case letters, digits and `-`
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    limits: Limits,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let limits = self.limits;
        let mut form = Form::new(&session.prompts);
        let name = form.required("NAME", "Name of the plan", self.name, check::anything)?;
        let mut number = |flag, question, given: Option<u32>| {
            let given = given.map(|number| number.to_string());
            form.required(flag, question, given, check::count)
        };
        let relay_users = number("--relay-users", "Relay users", limits.relay_users)?;
        let per_minute = number(
            "--messages-per-minute",
            "Messages a minute, each relay user",
            limits.messages_per_minute,
        )?;
        let per_day = number(
            "--messages-per-day",
            "Messages a day, each relay user",
            limits.messages_per_day,
        )?;
        form.finish(
            "relayctl plan create NAME --relay-users N --messages-per-minute N --messages-per-day N",
        )?;
        // They were looked at; a missing one has ended the command.
        let count = |text: String| text.trim().parse().unwrap_or_default();
        let new = NewPlan {
            name,
            relay_users: count(relay_users),
            messages_per_minute: count(per_minute),
            messages_per_day: count(per_day),
            recipients_per_day: limits.recipients_per_day,
            recipients_per_message: limits.recipients_per_message,
            message_size: limits.message_size,
        };
        let answer = session.client()?.call::<CreatePlan>(&Nothing {}, &new)?;
        let name = &answer.value.name;
        let sentence = format!("Plan {name} was made and is offered.");
        session.out.changed(&answer, &VIEW, &sentence)?;
        session.out.next(&format!(
            "relayctl subscription start --account ACCOUNT --plan {name}"
        ));
        Ok(())
    }
}
