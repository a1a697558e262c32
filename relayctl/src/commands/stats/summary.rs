//! `relayctl stats summary`

use relay_proto::{Nothing, StatsSummary, SummarizeStats};

use super::{Span, accepted, number};
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Sum up what went through, and what waits
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl stats summary\n  relayctl stats summary --account acme --since 7d"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
}

static VIEW: View<StatsSummary> = View {
    columns: &[
        column("since", Rank::Key, |it| Cell::Time(it.since)),
        column("until", Rank::Key, |it| Cell::Time(it.until)),
        column("accepted", Rank::Key, |it| accepted(&it.counts)),
        column("recipients", Rank::Key, |it| number(it.counts.recipients)),
        column("bytes", Rank::Key, |it| Cell::Bytes(it.counts.bytes)),
        column("delivered", Rank::Key, |it| number(it.counts.delivered)),
        column("deferred", Rank::Key, |it| number(it.counts.deferred)),
        column("failed", Rank::Key, |it| number(it.counts.failed)),
        column("refused", Rank::Key, |it| number(it.refused)),
        column("queued", Rank::Key, |it| number(it.queued)),
        column("held", Rank::Key, |it| number(it.held)),
    ],
    name: |_| "summary",
    empty: "",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let client = session.client()?;
        let answer = client.call_with::<SummarizeStats>(&Nothing {}, &query, &Nothing {}, None)?;
        session.out.item(&answer, &VIEW)
    }
}
