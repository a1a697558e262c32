//! `relayctl stats users`

use relay_proto::{ListUserStats, UserStats};

use super::picture::Picture;
use super::report::rows;
use super::{Show, Span, sent};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::View;
use crate::session::Session;

/// What each relay user sent, most first
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats users --since 7d\n  relayctl stats users --user scanner --since 30d --by day\n  relayctl stats users --since 7d --chart"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    show: Show,
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

pub(super) static PICTURE: Picture<UserStats> =
    sent::picture!("Accepted messages by relay user", user);

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let asked = (&self.span, &self.show, &self.part);
        rows::<ListUserStats, _>(session, asked, &VIEW, &PICTURE)
    }
}
