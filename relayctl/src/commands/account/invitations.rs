//! `relayctl account invitations`

use relay_proto::{InvitationQuery, ListInvitations, Nothing, SentInvitation};

use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List the invitations that are good, the newest first (operator)
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl account invitations\n  relayctl account invitations --all"
)]
pub(crate) struct Args {
    /// Also those that were used or have ended
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = InvitationQuery {
            all: self.all.then_some(true),
            ..InvitationQuery::default()
        };
        let client = session.client()?;
        let found = client.list::<ListInvitations, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&found, &VIEW)
    }
}

static VIEW: View<SentInvitation> = View {
    columns: &[
        column("id", Rank::Key, |it| Cell::text(&it.id)),
        column("email", Rank::Text(8), |it| {
            Cell::maybe(it.email.as_ref(), Cell::text)
        }),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("expires_at", Rank::Column(7), |it| {
            Cell::Time(it.expires_at)
        }),
        column("used_at", Rank::Column(5), |it| {
            Cell::maybe(it.used_at, Cell::Time)
        }),
        column("created_at", Rank::Column(4), |it| {
            Cell::Time(it.created_at)
        }),
    ],
    name: |it| &it.id,
    empty: "There are no invitations. Next: relayctl account invite",
};
