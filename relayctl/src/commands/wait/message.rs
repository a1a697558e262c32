//! `relayctl wait message`

use relay_proto::{MessagePath, MessageState, Nothing, ShowQueued, Trace};

use super::{Look, client, show, until};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// The goal that any end of the way reaches.
const FINISHED: &str = "finished";

/// Wait until a message is in a state, or has come to its end
///
/// Exit code 0 when it is so; 8 when --timeout is over (ten minutes when not given); 9 when it will
/// never be so, as when the mail failed; 3 when there is no such message. relayctl log trace ID
/// --follow tells what happens meanwhile.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl wait message 06bq3k8zv1h4wcn2x9tg
  relayctl wait message 06bq3k8zv1h4wcn2x9tg --for finished --timeout 1h -o json")]
pub(crate) struct Args {
    /// Queue id
    #[arg(value_name = "ID", add = complete::messages())]
    id: String,
    /// The state; `finished` is delivered, partial, failed or cancelled
    #[arg(long = "for", value_name = "STATE", default_value = "delivered", value_parser = goals())]
    goal: String,
}

fn goals() -> clap::builder::PossibleValuesParser {
    let states = MessageState::ALL.iter().map(|state| state.as_str());
    clap::builder::PossibleValuesParser::new(states.chain([FINISHED]))
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = client(session)?;
        let path = MessagePath { id: self.id };
        let goal = &self.goal;
        let answer = until::<ShowQueued>(
            session,
            &format!("message {} is {goal}", path.id),
            || client.call::<ShowQueued>(&path, &Nothing {}),
            |trace| judge(trace, goal),
        )
        .map_err(|failure| match failure.code() {
            "never-reached" => failure.hint(format!("relayctl log trace {}", path.id)),
            _ => failure,
        })?;
        let message = &answer.value.message;
        let sentence = format!("Message {} is {}.", message.id, message.state);
        show(session, &answer, &sentence)
    }
}

fn judge(trace: &Trace, goal: &str) -> Look {
    let message = &trace.message;
    let is_over = !matches!(message.state, MessageState::Queued | MessageState::Held);
    if message.state.as_str() == goal || (is_over && goal == FINISHED) {
        return Look::Reached;
    }
    let mut stands = format!("it is {}", message.state);
    if is_over {
        if !message.last_reply.is_empty() {
            stands.extend([": ", &message.last_reply]);
        }
        return Look::Never(stands);
    }
    if let Some(next) = &trace.next {
        stands.extend([": ", &next.sentence]);
    }
    Look::NotYet(stands)
}
