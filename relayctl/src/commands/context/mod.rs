//! `relayctl context`: which relayd to speak to.

pub(super) mod add;
mod list;
mod remove;
mod select;
mod show;

use serde::Serialize;

use crate::complete;
use crate::context::{Config, Context};
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

super::verbs! {
    /// Contexts.
    Verb { Add(add::Args), List(list::Args), Use(select::Args), Show(show::Args), Remove(remove::Args) }
}

/// Names the context to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name of the context
    #[arg(value_name = "CONTEXT", add = complete::contexts())]
    name: String,
}

/// A context as it is shown.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    current: bool,
    #[serde(flatten)]
    context: Context,
}

impl Row {
    fn of(name: &str, config: &Config, context: &Context) -> Self {
        Self {
            name: name.to_owned(),
            current: config.current.as_deref() == Some(name),
            context: context.clone(),
        }
    }
}

static VIEW: View<Row> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("current", Rank::Column(9), |it| Cell::YesNo(it.current)),
        column("url", Rank::Column(8), |it| {
            Cell::maybe(it.context.url.as_ref(), Cell::text)
        }),
        column("socket", Rank::Column(8), |it| {
            Cell::maybe(it.context.socket.as_ref(), |path| {
                Cell::text(path.display().to_string())
            })
        }),
        column("account", Rank::Column(5), |it| {
            Cell::maybe(it.context.account.as_ref(), Cell::text)
        }),
        column("ca_file", Rank::Wide, |it| {
            Cell::maybe(it.context.ca_file.as_ref(), |path| {
                Cell::text(path.display().to_string())
            })
        }),
    ],
    name: |it| &it.name,
    empty: "There are no contexts; relayctl speaks to /run/relayd/admin.sock. Next: relayctl context add NAME --url URL",
};
