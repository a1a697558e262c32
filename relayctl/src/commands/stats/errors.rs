//! `relayctl stats errors`

use relay_proto::{ErrorStats, ListErrorStats, Nothing, StatsQuery};

use super::{Span, number};
use crate::client::Part;
use crate::commands::log::rejects::without_account;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Refusals by reason, most first
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl stats errors --since 7d")]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<ErrorStats> = View {
    columns: &[
        column("reason", Rank::Key, |it| Cell::text(&it.reason)),
        column("count", Rank::Key, |it| number(it.count)),
        column("account", Rank::Column(5), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("system", Rank::Column(6), |it| {
            Cell::maybe(it.system.as_ref(), Cell::text)
        }),
    ],
    name: |it| &it.reason,
    empty: "Nothing was refused in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let client = session.client()?;
        let list = client.list::<ListErrorStats, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&list, &VIEW)?;
        let Some(account) = query.account.clone() else {
            return Ok(());
        };
        let everywhere = StatsQuery {
            account: None,
            ..query
        };
        let all = client.list::<ListErrorStats, _>(&Nothing {}, &everywhere, &Part::default());
        let is_strange = |row: &ErrorStats| row.account.is_none();
        if all.is_ok_and(|all| all.items.iter().any(is_strange)) {
            session.out.note(&without_account(&account));
        }
        Ok(())
    }
}
