//! `relayctl stats users`

use relay_proto::{ListUserStats, UserStats};

use super::{Span, list, sent};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::View;
use crate::session::Session;

/// What each relay user sent, most first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats users --since 7d\n  relayctl stats users --user scanner --since 30d --by day"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<UserStats> = View {
    columns: sent::columns!(
        user,
        column("today", Rank::Column(9), |it| {
            Cell::maybe(it.messages_today, number)
        }),
        column("per_day", Rank::Column(8), |it| {
            Cell::maybe(it.messages_per_day, Cell::count)
        }),
    ),
    name: |it| it.user.as_deref().unwrap_or("-"),
    empty: "No relay user sent anything in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        list::<ListUserStats, _>(session, &query, &self.part, &VIEW)
    }
}
