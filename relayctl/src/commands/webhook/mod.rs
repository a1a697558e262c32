//! `relayctl webhook`: programs that are told what happens.

mod create;
mod delete;
mod deliveries;
mod edit;
mod list;
mod show;
mod test;

use relay_proto::{EventType, Webhook, WebhookOwner, WebhookPath};

use crate::args::words;
use crate::complete;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Webhooks.
    Verb {
        Create(create::Args),
        List(list::Args),
        Show(show::Args),
        Edit(edit::Args),
        Test(test::Args),
        Delete(delete::Args),
        Deliveries(deliveries::Args),
    }
}

/// Names the webhook to act on. The account of the context does not count: without --account it is
/// one of the operator.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name or id of the webhook
    #[arg(value_name = "WEBHOOK", add = complete::webhooks())]
    webhook: String,
}

impl Name {
    fn path(self) -> WebhookPath {
        WebhookPath {
            webhook: self.webhook,
        }
    }
}

fn owner(session: &Session) -> WebhookOwner {
    WebhookOwner {
        account: session.globals.account.clone(),
    }
}

/// What a webhook is told.
#[derive(Debug, clap::Args)]
struct Events {
    /// Tell it of this; repeat for more [default: everything]
    #[arg(long = "event", value_name = "EVENT", value_parser = words!(EventType))]
    events: Vec<EventType>,
}

fn events(webhook: &Webhook) -> Cell {
    if webhook.events.is_empty() {
        return Cell::text("all");
    }
    Cell::List(webhook.events.iter().map(ToString::to_string).collect())
}

static VIEW: View<Webhook> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("url", Rank::Text(8), |it| Cell::text(&it.url)),
        column("events", Rank::Text(5), events),
        column("failing_since", Rank::Column(6), |it| {
            Cell::maybe(it.failing_since, Cell::Time)
        }),
        column("account", Rank::Column(4), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("note", Rank::Wide, |it| Cell::text(&it.note)),
        column("created_at", Rank::Wide, |it| Cell::Time(it.created_at)),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "There are no webhooks. Next: relayctl webhook create NAME --to URL",
};
