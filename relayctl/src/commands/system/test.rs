//! `relayctl system test`

use relay_proto::{Nothing, TestSystem};

use super::Name;
use crate::commands::steps;
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Tell whether a system could send now, and if not, why
///
/// Names every obstacle. Sends nothing. Exit code 9 when it could not send, or its mail would wait
/// behind a held lane.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl system test scanner-floor-3")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let client = session.client()?;
        let waiting = client.doing("Testing the system");
        let answer = client.call::<TestSystem>(&path, &Nothing {})?;
        drop(waiting);
        let result = &answer.value;
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.item_as_sent(&answer)?,
            Format::Name => {}
            Format::Table | Format::Wide | Format::Tsv => {
                session.out.block(&steps::lines(&result.steps))?;
            }
        }
        if result.ok {
            return session
                .out
                .sentence(&format!("System {} can send.", path.system));
        }
        let what = if result.accepted {
            format!("mail of system {} is taken and waits", path.system)
        } else {
            format!("system {} cannot send", path.system)
        };
        Err(steps::failed(&session.out, &what, &result.steps))
    }
}
