//! `relayctl stats errors`

use relay_proto::{ErrorStats, ListErrorStats, Nothing, StatsQuery};

use super::{Span, begin, list, name, number};
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
    after_help = "Examples:\n  relayctl stats errors --since 7d\n  relayctl stats errors --account acme --system erp-prod --by day --since 30d"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
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

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        list::<ListErrorStats, _>(session, &query, &self.part, &VIEW)?;
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
