//! `relayctl webhook edit`

use relay_proto::{EditWebhook, Nothing, ShowWebhook, WebhookChange, WebhookState};

use super::{Events, Name, VIEW, owner};
use crate::args::words;
use crate::error::Failure;
use crate::session::Session;

/// Change a webhook, switch it off or on again
///
/// The secret stays; for another one delete the webhook and create it again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl webhook edit tickets --to https://tickets.example.com/v2/relayd
  relayctl webhook edit tickets --event lane.held --event credentials.rejected
  relayctl webhook edit tickets --state active")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// Where it is: https, or http to the relayd machine itself
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    #[command(flatten)]
    events: Events,
    /// Tell it of everything
    #[arg(long, conflicts_with = "events")]
    all_events: bool,
    /// Whether it is told anything
    #[arg(long, value_name = "STATE", value_parser = words!(WebhookState))]
    state: Option<WebhookState>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let events = self.events.events;
        let change = WebhookChange {
            url: self.to,
            events: (self.all_events || !events.is_empty()).then_some(events),
            state: self.state,
        };
        if change == WebhookChange::default() {
            return Err(Failure::usage("there is nothing to change")
                .hint("give --to, --event, --all-events or --state"));
        }
        let (path, owner) = (self.name.path(), owner(session));
        let client = session.client()?;
        let current = client.call_with::<ShowWebhook>(&path, &owner, &Nothing {}, None)?;
        let answer = client.call_with::<EditWebhook>(&path, &owner, &change, current.etag)?;
        let sentence = format!("Webhook {} changed.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
