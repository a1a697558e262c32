//! `relayctl stats users`

use relay_proto::{ListUserStats, Nothing, UserStats};

use super::{Span, accepted, number};
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// What each relay user sent, most first
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl stats users --since 7d")]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<UserStats> = View {
    columns: &[
        column("account", Rank::Column(2), |it| Cell::text(&it.account)),
        column("user", Rank::Key, |it| Cell::text(&it.user)),
        column("accepted", Rank::Column(9), |it| accepted(&it.counts)),
        column("recipients", Rank::Column(4), |it| {
            number(it.counts.recipients)
        }),
        column("bytes", Rank::Column(3), |it| Cell::Bytes(it.counts.bytes)),
        column("delivered", Rank::Column(8), |it| {
            number(it.counts.delivered)
        }),
        column("deferred", Rank::Column(5), |it| number(it.counts.deferred)),
        column("failed", Rank::Column(7), |it| number(it.counts.failed)),
        column("today", Rank::Column(6), |it| number(it.messages_today)),
        column("per_day", Rank::Column(6), |it| {
            Cell::maybe(it.messages_per_day, Cell::count)
        }),
    ],
    name: |it| &it.user,
    empty: "No relay user sent anything in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let list = session
            .client()?
            .list::<ListUserStats, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&list, &VIEW)
    }
}
