//! `relayctl stats systems`

use relay_proto::{ListSystemStats, Nothing, SystemStats};

use super::{Span, accepted, number};
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// What each system sent, most first
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl stats systems --since 7d")]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<SystemStats> = View {
    columns: &[
        column("account", Rank::Column(2), |it| Cell::text(&it.account)),
        column("system", Rank::Key, |it| Cell::text(&it.system)),
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
    ],
    name: |it| &it.system,
    empty: "No system sent anything in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let list = session
            .client()?
            .list::<ListSystemStats, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&list, &VIEW)
    }
}
