//! `relayctl system`: registered devices.

pub(super) mod add;
mod edit;
mod list;
mod remove;
mod show;
mod test;

use relay_proto::{GetServer, Nothing, System, SystemAuth, SystemPath};

use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Systems.
    Verb {
        Add(add::Args),
        List(list::Args),
        Show(show::Args),
        Edit(edit::Args),
        Remove(remove::Args),
        Test(test::Args),
    }
}

/// Names the system to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name or id of the system
    #[arg(value_name = "SYSTEM", add = complete::systems())]
    system: String,
}

impl Name {
    fn path(self, session: &Session) -> Result<SystemPath, Failure> {
        Ok(SystemPath {
            account: session.account()?,
            system: self.system,
        })
    }
}

/// Tells where a device that is known by its address alone may send, when this system is one.
pub(super) fn tell_listeners(session: &Session, system: &System) -> Result<(), Failure> {
    if system.auth != SystemAuth::Address {
        return Ok(());
    }
    let server = session
        .client()?
        .call::<GetServer>(&Nothing {}, &Nothing {})?;
    let ports: Vec<_> = server
        .value
        .listeners
        .iter()
        .filter(|listener| listener.address_auth)
        .map(|listener| format!("{} (port {})", listener.name, listener.port))
        .collect();
    session.out.note(&if ports.is_empty() {
        "No listener takes mail by address alone yet: set address_auth = true on a [[listener]] in \
         relayd.toml and restart relayd."
            .to_owned()
    } else {
        format!(
            "It needs no password on {}; elsewhere it signs in as {}.",
            ports.join(", "),
            system.user
        )
    });
    Ok(())
}

static VIEW: View<System> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("address", Rank::Key, |it| Cell::text(&it.address)),
        column("relay_user", Rank::Column(8), |it| Cell::text(&it.user)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("auth", Rank::Column(4), |it| Cell::text(it.auth.as_str())),
        column("priority", Rank::Wide, |it| {
            Cell::text(it.priority.as_str())
        }),
        column("last_seen_at", Rank::Column(6), |it| {
            Cell::maybe(it.last_seen_at, Cell::Time)
        }),
        column("created_at", Rank::Wide, |it| Cell::Time(it.created_at)),
        column("account", Rank::Wide, |it| Cell::text(&it.account)),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "There are no systems yet. Next: relayctl system add NAME --address ADDRESS --user USER",
};
