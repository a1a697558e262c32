//! `relayctl user edit`

use relay_proto::{EditRelayUser, Nothing, OtherSender, RelayUserChange, ShowRelayUser};

use super::{Name, VIEW};
use crate::args::words;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Change the senders of a relay user
///
/// Without a flag it asks for each value, where a person is.
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
    pub(super) fn run(mut self, session: &Session) -> Result<(), Failure> {
        let is_named = self.sender.is_some()
            || self.other_sender.is_some()
            || !self.allow_sender.is_empty()
            || !self.deny_sender.is_empty();
        if !is_named && session.prompts.off().is_some() {
            return Err(Failure::usage("there is nothing to change")
                .hint("give --sender, --allow-sender, --deny-sender or --other-sender"));
        }
        let path = self.name.path(session)?;
        let client = session.client()?;
        let current = client.call::<ShowRelayUser>(&path, &Nothing {})?;
        if !is_named {
            let (form, user) = (Form::new(&session.prompts), &current.value);
            self.sender = form.changed("Sender address", &user.sender, check::address)?;
            let question = "Mail from any other sender";
            let ways = OtherSender::ALL;
            self.other_sender = form.changed_word(question, ways, user.other_sender)?;
            if self.sender.is_none() && self.other_sender.is_none() {
                return session.out.sentence("Nothing was changed.");
            }
        }
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
