//! `relayctl wait queue-empty`

use relay_proto::{Nothing, QueueSummary, QueueSummaryQuery, SummarizeQueue};

use super::{Look, client, show, until};
use crate::commands::queue::messages;
use crate::error::Failure;
use crate::session::Session;

/// Wait until no mail waits for an attempt any more
///
/// Of the account that --account names, or of all. Mail that a person holds does not count. Exit
/// code 0 when nothing waits; 8 when --timeout is over (ten minutes when not given).
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  relayctl wait queue-empty --account acme --timeout 15m")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let client = client(session)?;
        let query = QueueSummaryQuery {
            account: session.named_account()?,
        };
        let answer = until::<SummarizeQueue>(
            session,
            "the queue is empty",
            || client.call_with::<SummarizeQueue>(&Nothing {}, &query, &Nothing {}, None),
            judge,
        )?;
        let sentence = match answer.value.held {
            0 => "The queue is empty.".to_owned(),
            held => format!("No mail waits for an attempt; {} held.", messages(held)),
        };
        show(session, &answer, &sentence)
    }
}

fn judge(summary: &QueueSummary) -> Look {
    match summary.depth {
        0 => Look::Reached,
        depth => Look::NotYet(format!("{} waiting", messages(depth))),
    }
}
