//! `relayctl stats errors`

use ratatui::style::Color;
use relay_proto::{ErrorKind, ErrorStats, ListErrorStats, Nothing, StatsQuery};

use super::picture::{Picture, Piece};
use super::report::rows;
use super::{Show, Span, begin, name, number};
use crate::client::Part;
use crate::commands::log::rejects::without_account;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// What was refused, failed or was put off, by reason, most first
///
/// `refused` counts refusals at the door, `failed` recipients, `deferred` the times that a message
/// was put off. `relayctl help error REASON` says what a reason means.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats errors --since 7d\n  relayctl stats errors --account acme --system erp-prod --by day --since 30d\n  relayctl stats errors --since 7d --chart"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    show: Show,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<ErrorStats> = View {
    columns: &[
        column("begins_at", Rank::Key, |it| begin(it.begins_at)),
        column("reason", Rank::Key, |it| Cell::text(&it.reason)),
        column("kind", Rank::Column(9), |it| Cell::text(it.kind.as_str())),
        column("count", Rank::Key, |it| number(it.count)),
        column("account", Rank::Column(5), |it| name(it.account.as_ref())),
        column("user", Rank::Column(6), |it| name(it.user.as_ref())),
        column("system", Rank::Column(7), |it| name(it.system.as_ref())),
    ],
    name: |it| &it.reason,
    empty: "Nothing was refused, failed or put off in this time.",
};

/// Whose they are does not matter here: that is what the table tells.
pub(super) static PICTURE: Picture<ErrorStats> = Picture {
    title: "Refused, failed and put off, by reason",
    heads: &["times"],
    piece: |it| Piece {
        begins_at: it.begins_at,
        account: None,
        name: format!("{:<8}  {}", it.kind.as_str(), it.reason),
        figures: vec![it.count],
        color: match it.kind {
            ErrorKind::Deferred => Color::Yellow,
            ErrorKind::Refused | ErrorKind::Failed => Color::Red,
        },
    },
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let asked = (&self.span, &self.show, &self.part);
        rows::<ListErrorStats, _>(session, asked, &VIEW, &PICTURE)?;
        let query = self.span.query(session, session.out.now)?;
        let Some(account) = query.account.clone() else {
            return Ok(());
        };
        let everywhere = StatsQuery {
            account: None,
            ..query
        };
        let client = session.client()?;
        let all = client.list::<ListErrorStats, _>(&Nothing {}, &everywhere, &Part::default());
        let is_strange = |row: &ErrorStats| row.account.is_none();
        if all.is_ok_and(|all| all.items.iter().any(is_strange)) {
            session.out.note(&without_account(&account));
        }
        Ok(())
    }
}
