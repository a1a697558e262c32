//! `relayctl queue show`

use relay_proto::{MessagePath, Nothing, ShowQueued};

use crate::commands::log::MESSAGES;
use crate::commands::log::story::Teller;
use crate::complete;
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Show a message with its history
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl queue show 06bq3k8zv1h4wcn2x9tg")]
pub(crate) struct Args {
    /// Queue id
    #[arg(value_name = "ID", add = complete::queued())]
    id: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let answer = session
            .client()?
            .call::<ShowQueued>(&MessagePath { id: self.id }, &Nothing {})?;
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.item_as_sent(&answer),
            Format::Table | Format::Wide => {
                let story = Teller::of(&session.out).story(&answer.value);
                session.out.block(&story)
            }
            Format::Tsv | Format::Name => session
                .out
                .rows(std::slice::from_ref(&answer.value.message), &MESSAGES),
        }
    }
}
