//! `relayctl user credential`: the passwords of a relay user, by name.

mod add;
mod list;
mod remove;

use relay_proto::Credential;

use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// The passwords of a relay user, so that devices are changed over one by one
///
/// A relay user may have five. Add one, set it in the devices, see by its last use that they have
/// it, and remove the old one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl user credential add scanner summer --generate
  relayctl user credential list scanner
  relayctl user credential remove scanner default --yes")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        self.verb.run(session)
    }
}

crate::commands::verbs! {
    /// Passwords of a relay user.
    Verb {
        Add(add::Args),
        List(list::Args),
        Remove(remove::Args),
    }
}

static VIEW: View<Credential> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("created_at", Rank::Column(7), |it| {
            Cell::Time(it.created_at)
        }),
        column("last_used_at", Rank::Column(9), |it| {
            Cell::maybe(it.last_used_at, Cell::Time)
        }),
        column("last_used_from", Rank::Column(8), |it| {
            Cell::maybe(it.last_used_from.as_ref(), Cell::text)
        }),
        column("system", Rank::Column(6), |it| {
            Cell::maybe(it.last_used_system.as_ref(), Cell::text)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "The relay user has no password. Next: relayctl user credential add USER NAME --generate --password-out FILE",
};
