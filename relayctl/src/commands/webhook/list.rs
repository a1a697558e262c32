//! `relayctl webhook list`

use relay_proto::{ListWebhooks, Nothing, WebhookQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the webhooks: the operator's own, with --account those of an account
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl webhook list\n  relayctl webhook list --account acme"
)]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = WebhookQuery {
            account: session.globals.account.clone(),
            ..WebhookQuery::default()
        };
        let client = session.client()?;
        let webhooks = client.list::<ListWebhooks, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&webhooks, &VIEW)
    }
}
