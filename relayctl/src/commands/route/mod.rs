//! `relayctl route`: how the mail of an account leaves.

mod check;
mod history;
mod rollback;
mod set;
mod settings;
mod show;

use relay_proto::Route;

pub(super) use self::set::{advise, checking};
pub(super) use self::settings::Settings;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

super::verbs! {
    /// Routes.
    Verb {
        Set(set::Args),
        Show(show::Args),
        Check(check::Args),
        History(history::Args),
        Rollback(rollback::Args),
    }
}

static VIEW: View<Route> = View {
    columns: &[
        column("account", Rank::Key, |it| Cell::text(&it.account)),
        column("kind", Rank::Key, |it| Cell::text(it.kind.as_str())),
        column("server", Rank::Column(8), |it| Cell::text(&it.server)),
        column("port", Rank::Column(7), |it| {
            if it.port == 0 {
                Cell::None
            } else {
                Cell::text(it.port.to_string())
            }
        }),
        column("security", Rank::Column(6), |it| {
            Cell::text(it.security.as_str())
        }),
        column("mailbox", Rank::Column(6), |it| Cell::text(&it.mailbox)),
        column("password", Rank::Wide, |it| {
            Cell::text(if it.has_password { "stored" } else { "" })
        }),
        column("server_ca", Rank::Wide, |it| {
            Cell::text(if it.has_ca { "stored" } else { "" })
        }),
        column("folder", Rank::Column(5), |it| {
            Cell::maybe(it.folder.as_ref(), Cell::text)
        }),
        column("connections", Rank::Wide, |it| Cell::count(it.connections)),
        column("per_minute", Rank::Wide, |it| {
            Cell::maybe(it.per_minute, Cell::count)
        }),
        column("size_limit", Rank::Wide, |it| {
            Cell::maybe(it.size_limit, Cell::Bytes)
        }),
        column("offers", Rank::Wide, |it| {
            Cell::maybe(it.offers.clone(), Cell::List)
        }),
        column("recipients_per_day", Rank::Wide, |it| {
            Cell::maybe(it.recipients_per_day, Cell::count)
        }),
        column("checked_at", Rank::Column(4), |it| {
            Cell::maybe(it.checked_at, Cell::Time)
        }),
        column("ready", Rank::Column(9), |it| Cell::YesNo(it.ready)),
        column("held_for", Rank::Column(9), |it| {
            Cell::maybe(it.hold.as_ref(), |hold| Cell::text(&hold.reason))
        }),
        column("held_reply", Rank::Text(3), |it| {
            Cell::maybe(it.hold.as_ref(), |hold| Cell::text(&hold.detail))
        }),
        column("held_until", Rank::Wide, |it| {
            Cell::maybe(it.hold.as_ref().and_then(|hold| hold.until), Cell::Time)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.id,
    empty: "",
};
