//! `relayctl webhook delete`

use relay_proto::{DeleteWebhook, Nothing, ShowWebhook};

use super::{Name, owner};
use crate::error::Failure;
use crate::session::Session;

/// Delete a webhook, its secret, and what is on its way to it
///
/// Cannot be undone: asks for the name, or takes --confirm NAME.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl webhook delete tickets --confirm tickets")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, owner) = (self.name.path(), owner(session));
        let name = &path.webhook;
        let client = session.client()?;
        // Nobody is to confirm what cannot be done.
        client.call_with::<ShowWebhook>(&path, &owner, &Nothing {}, None)?;
        let effect = format!("webhook {name} and its secret will be deleted");
        session.confirm_for_good(&effect, name)?;
        client.call_with::<DeleteWebhook>(&path, &owner, &Nothing {}, None)?;
        session.out.sentence(&format!("Webhook {name} deleted."))
    }
}
