//! `relayctl user edit`

use relay_proto::{EditRelayUser, Nothing, OtherSender, RelayUserChange, ShowRelayUser};

use super::{Name, VIEW};
use crate::args::words;
use crate::error::Failure;
use crate::session::Session;

/// Change the senders of a relay user
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user edit scanner --allow-sender invoices@acme.example
  relayctl user edit scanner --other-sender rewrite")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// The address it sends as
    #[arg(long, value_name = "ADDRESS")]
    sender: Option<String>,
    /// Also let it send as this address; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    allow_sender: Vec<String>,
    /// No longer let it send as this address; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    deny_sender: Vec<String>,
    /// What to do with mail from any other sender
    #[arg(long, value_name = "HOW", value_parser = words!(OtherSender))]
    other_sender: Option<OtherSender>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.sender.is_none()
            && self.other_sender.is_none()
            && self.allow_sender.is_empty()
            && self.deny_sender.is_empty()
        {
            return Err(Failure::usage("there is nothing to change")
                .hint("give --sender, --allow-sender, --deny-sender or --other-sender"));
        }
        let path = self.name.path(session)?;
        let client = session.client()?;
        let current = client.call::<ShowRelayUser>(&path, &Nothing {})?;
        let mut senders = current.value.allowed_senders;
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        senders.retain(|sender| !self.deny_sender.iter().any(|gone| same(gone, sender)));
        for sender in &self.allow_sender {
            if !senders.iter().any(|known| same(known, sender)) {
                senders.push(sender.clone());
            }
        }
        let lists_change = !self.allow_sender.is_empty() || !self.deny_sender.is_empty();
        let change = RelayUserChange {
            sender: self.sender,
            allowed_senders: lists_change.then_some(senders),
            other_sender: self.other_sender,
        };
        let answer =
            client.call_with::<EditRelayUser>(&path, &Nothing {}, &change, current.etag)?;
        let sentence = format!("Relay user {} changed.", answer.value.username);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
