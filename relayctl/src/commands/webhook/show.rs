//! `relayctl webhook show`

use relay_proto::{Nothing, ShowWebhook};

use super::{Name, VIEW, owner};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show a webhook, and since when it has taken nothing
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl webhook show tickets")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (path, owner) = (self.name.path(), owner(session));
        let client = session.client()?;
        let answer = client.call_with::<ShowWebhook>(&path, &owner, &Nothing {}, None)?;
        session.out.item(&answer, &VIEW)
    }
}
