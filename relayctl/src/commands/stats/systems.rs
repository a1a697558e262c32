//! `relayctl stats systems`

use relay_proto::{ListSystemStats, Nothing, SystemStats};

use super::{Span, accepted, begin, half, most, name, number};
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Column, Rank, View, column};
use crate::session::Session;

/// What each system sent, most first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl stats systems --since 7d\n  relayctl stats systems --system printer --by hour"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

const COLUMNS: &[Column<SystemStats>] = &[
    column("begins_at", Rank::Key, |it| begin(it.begins_at)),
    column("account", Rank::Column(2), |it| name(it.account.as_ref())),
    column("system", Rank::Key, |it| name(it.system.as_ref())),
    column("accepted", Rank::Column(20), |it| accepted(&it.counts)),
    column("recipients", Rank::Column(4), |it| {
        number(it.counts.recipients)
    }),
    column("bytes", Rank::Column(3), |it| Cell::Bytes(it.counts.bytes)),
    column("delivered", Rank::Column(19), |it| {
        number(it.counts.delivered)
    }),
    column("deferred", Rank::Column(5), |it| number(it.counts.deferred)),
    column("failed", Rank::Column(18), |it| number(it.counts.failed)),
    column("cancelled", Rank::Wide, |it| number(it.counts.cancelled)),
    column("refused", Rank::Column(17), |it| number(it.refused)),
    column("notices", Rank::Wide, |it| number(it.counts.notices)),
    column("p50", Rank::Column(6), |it| half(it.delivery_time)),
    column("p95", Rank::Column(7), |it| most(it.delivery_time)),
];

static VIEW: View<SystemStats> = View {
    columns: COLUMNS.split_at(1).1,
    name: |it| it.system.as_deref().unwrap_or("-"),
    empty: "No system sent anything in this time.",
};

static BY_PERIOD: View<SystemStats> = View {
    columns: COLUMNS,
    ..VIEW
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let list = session
            .client()?
            .list::<ListSystemStats, _>(&Nothing {}, &query, &self.part)?;
        let view = if query.by.is_some() {
            &BY_PERIOD
        } else {
            &VIEW
        };
        session.out.list(&list, view)
    }
}
