//! `relayctl webhook deliveries`

use relay_proto::{DeliveryState, ListDeliveries, WebhookDelivery, WebhookQuery};

use super::Name;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List what a webhook was told and what is on its way to it, the newest first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl webhook deliveries tickets --limit 20")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = WebhookQuery {
            account: session.globals.account.clone(),
            ..WebhookQuery::default()
        };
        let path = self.name.path();
        let client = session.client()?;
        let deliveries = client.list::<ListDeliveries, _>(&path, &query, &self.part)?;
        session.out.list(&deliveries, &VIEW)
    }
}

static VIEW: View<WebhookDelivery> = View {
    columns: &[
        column("event", Rank::Key, |it| Cell::text(&it.event)),
        column("kind", Rank::Column(8), |it| Cell::text(it.kind.as_str())),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("attempts", Rank::Column(6), |it| Cell::count(it.attempts)),
        column("status", Rank::Column(5), |it| {
            Cell::maybe((it.status != 0).then_some(it.status), Cell::count)
        }),
        column("due_at", Rank::Column(4), |it| {
            Cell::maybe(
                it.due_at.filter(|_| it.state == DeliveryState::Waiting),
                Cell::Time,
            )
        }),
        column("detail", Rank::Text(7), |it| Cell::text(&it.detail)),
        column("created_at", Rank::Column(3), |it| {
            Cell::Time(it.created_at)
        }),
        column("finished_at", Rank::Wide, |it| {
            Cell::maybe(it.finished_at, Cell::Time)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.event,
    empty: "It was told nothing yet. Tests are not listed.",
};
