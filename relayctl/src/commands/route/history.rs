//! `relayctl route history`

use relay_proto::{AccountPath, ListRouteVersions, RouteHistoryQuery, RouteVersion};

use super::{Which, view};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List the versions of an account's route: who set what, and when
///
/// The last ten are kept, with their sealed secrets; relayctl route rollback puts one back in force.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl route history --account acme")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let list = versions(session, &session.account()?, self.which, &self.part)?;
        session.out.list(&list, &VIEW)
    }
}

/// The versions of an account's route, newest first.
pub(super) fn versions(
    session: &Session,
    account: &str,
    which: Which,
    part: &Part,
) -> Result<crate::client::Listing<RouteVersion>, Failure> {
    let path = AccountPath {
        account: account.to_owned(),
    };
    let query = RouteHistoryQuery {
        role: which.query().role,
        ..RouteHistoryQuery::default()
    };
    session
        .client()?
        .list::<ListRouteVersions, _>(&path, &query, part)
}

static VIEW: View<RouteVersion> = View {
    columns: &[
        column("version", Rank::Key, |it| Cell::count(it.version)),
        column("in_force", Rank::Column(9), |it| Cell::YesNo(it.in_force)),
        column("set_at", Rank::Column(8), |it| Cell::Time(it.set_at)),
        column("actor", Rank::Column(6), |it| Cell::text(&it.actor)),
        column("changed", Rank::Text(7), |it| {
            Cell::List(it.changed.clone())
        }),
        column("kind", Rank::Column(4), |it| Cell::text(it.kind.as_str())),
        column("server", Rank::Column(5), |it| {
            Cell::text(view::server(&it.server, it.mx_of.as_deref()))
        }),
        column("mailbox", Rank::Column(3), |it| Cell::text(&it.mailbox)),
        column("source", Rank::Wide, |it| Cell::text(&it.source)),
        column("port", Rank::Wide, |it| {
            if it.port == 0 {
                Cell::None
            } else {
                Cell::text(it.port.to_string())
            }
        }),
        column("security", Rank::Wide, |it| {
            Cell::text(it.security.as_str())
        }),
        column("password", Rank::Wide, |it| {
            Cell::text(if it.has_password { "stored" } else { "" })
        }),
        column("server_ca", Rank::Wide, |it| {
            Cell::text(if it.has_ca { "stored" } else { "" })
        }),
        column("folder", Rank::Wide, |it| {
            Cell::maybe(it.folder.as_ref(), Cell::text)
        }),
        column("tenant", Rank::Wide, |it| {
            Cell::maybe(it.oauth.as_ref(), |it| Cell::text(&it.tenant))
        }),
        column("client_id", Rank::Wide, |it| {
            Cell::maybe(it.oauth.as_ref(), |it| Cell::text(&it.client_id))
        }),
        column("grant", Rank::Wide, |it| {
            Cell::maybe(it.oauth.as_ref(), |it| Cell::text(it.grant.as_str()))
        }),
        column("certificate", Rank::Wide, |it| {
            Cell::maybe(it.certificate.as_ref(), |it| Cell::text(&it.subject))
        }),
        column("connections", Rank::Wide, |it| Cell::count(it.connections)),
        column("per_minute", Rank::Wide, |it| {
            Cell::maybe(it.per_minute, Cell::count)
        }),
        column("recipients_per_day", Rank::Wide, |it| {
            Cell::maybe(it.recipients_per_day, Cell::count)
        }),
    ],
    name: |it| &it.server,
    empty: "",
};
