//! `relayctl auth sessions`

use relay_proto::{AccountPath, ListOwnerSessions, OwnerSession, PageQuery};

use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List the sessions of the owner of an account: since when, from where, last used
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl auth sessions")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

static VIEW: View<OwnerSession> = View {
    columns: &[
        column("id", Rank::Key, |it| Cell::text(&it.id)),
        column("used_at", Rank::Column(9), |it| Cell::Time(it.used_at)),
        column("used_from", Rank::Column(8), |it| {
            Cell::maybe(it.used_from.as_ref(), Cell::text)
        }),
        column("current", Rank::Column(7), |it| Cell::YesNo(it.current)),
        column("created_at", Rank::Column(6), |it| {
            Cell::Time(it.created_at)
        }),
        column("created_from", Rank::Column(5), |it| {
            Cell::maybe(it.created_from.as_ref(), Cell::text)
        }),
        column("expires_at", Rank::Column(4), |it| {
            Cell::Time(it.expires_at)
        }),
    ],
    name: |it| &it.id,
    empty: "The owner of the account has no session.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let client = session.client()?;
        let all = PageQuery::default();
        let sessions = client.list::<ListOwnerSessions, _>(&path, &all, &self.part)?;
        session.out.list(&sessions, &VIEW)
    }
}
