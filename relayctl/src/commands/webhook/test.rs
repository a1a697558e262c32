//! `relayctl webhook test`

use relay_proto::{Nothing, TestWebhook};

use super::{Name, owner};
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::session::Session;

/// Send a webhook a test, once, and tell what came of it
///
/// The type is webhook.test. Exit code 9 when it was not taken.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl webhook test tickets")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, owner) = (self.name.path(), owner(session));
        let client = session.client()?;
        let waiting = client.doing("Waiting for the webhook");
        let answer = client.call_with::<TestWebhook>(&path, &owner, &Nothing {}, None)?;
        drop(waiting);
        let test = &answer.value;
        if session.out.format.is_json() {
            session.out.item_as_sent(&answer)?;
        }
        let name = &path.webhook;
        match (test.ok, session.out.format) {
            (true, Format::Json | Format::Jsonl | Format::Name) => Ok(()),
            (true, _) => session.out.sentence(&format!(
                "Webhook {name} answered {} after {} ms.",
                test.status, test.ms
            )),
            (false, Format::Json | Format::Jsonl) => Err(Failure::silent(Exit::CheckFailed)),
            (false, _) => Err(Failure::new(
                Exit::CheckFailed,
                "webhook-failed",
                format!("webhook {name} did not take the test"),
            )
            .cause(test.detail.clone())
            .hint("check its URL and its signature; relayctl webhook edit --to changes it")),
        }
    }
}
