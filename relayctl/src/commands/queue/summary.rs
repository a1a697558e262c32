//! `relayctl queue summary`

use relay_proto::{Lane, LaneState, Nothing, QueueSummaryQuery, SummarizeQueue};

use super::{LANES, messages};
use crate::error::Failure;
use crate::output::Format;
use crate::output::cell::duration;
use crate::session::Session;

/// Sum up the queue by lane: state, why mail waits, depth, age
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl queue summary")]
pub(crate) struct Args {}

impl Args {
    #[expect(clippy::unused_self, reason = "verbs have the same shape")]
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = QueueSummaryQuery {
            account: session.named_account()?,
        };
        let client = session.client()?;
        let answer = client.call_with::<SummarizeQueue>(&Nothing {}, &query, &Nothing {}, None)?;
        let summary = &answer.value;
        match session.out.format {
            Format::Json | Format::Jsonl => return session.out.item_as_sent(&answer),
            Format::Table | Format::Wide => {
                let oldest = summary.oldest_at.map_or_else(String::new, |at| {
                    let age = session.out.now.as_second() - at.as_second();
                    format!(", the oldest for {}", duration(age.max(0)))
                });
                let is_held = |lane: &&Lane| lane.state == LaneState::Held;
                let lanes = match summary.lanes.iter().filter(is_held).count() {
                    0 => String::new(),
                    1 => "; 1 lane held".to_owned(),
                    count => format!("; {count} lanes held"),
                };
                session.out.sentence(&format!(
                    "{} waiting{oldest}; {} held{lanes}.",
                    messages(summary.depth),
                    summary.held
                ))?;
            }
            Format::Tsv | Format::Name => {}
        }
        session.out.rows(&summary.lanes, &LANES)
    }
}
