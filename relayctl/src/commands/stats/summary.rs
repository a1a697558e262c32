//! `relayctl stats summary`

use relay_proto::{
    ListPeriodStats, Nothing, Period, PeriodStats, SeriesQuery, StatsSummary, SummarizeStats,
};

use super::{Span, accepted, number};
use crate::args::words;
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Sum up what went through, and what waits
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl stats summary\n  relayctl stats summary --account acme --since 30d --by day"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    /// One line for each hour, day or month (UTC) in which something went through
    #[arg(long, value_name = "PERIOD", value_parser = words!(Period))]
    by: Option<Period>,
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

static SERIES: View<PeriodStats> = View {
    columns: &[
        column("begins_at", Rank::Key, |it| Cell::Time(it.begins_at)),
        column("accepted", Rank::Key, |it| accepted(&it.counts)),
        column("recipients", Rank::Column(4), |it| {
            number(it.counts.recipients)
        }),
        column("bytes", Rank::Column(5), |it| Cell::Bytes(it.counts.bytes)),
        column("delivered", Rank::Column(9), |it| {
            number(it.counts.delivered)
        }),
        column("deferred", Rank::Column(6), |it| number(it.counts.deferred)),
        column("failed", Rank::Column(8), |it| number(it.counts.failed)),
        column("refused", Rank::Column(7), |it| number(it.refused)),
    ],
    name: |_| "period",
    empty: "Nothing went through in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let client = session.client()?;
        if let Some(by) = self.by {
            let query = SeriesQuery {
                account: query.account,
                since: query.since,
                until: query.until,
                by,
            };
            let series =
                client.list::<ListPeriodStats, _>(&Nothing {}, &query, &Part::default())?;
            return session.out.list(&series, &SERIES);
        }
        let answer = client.call_with::<SummarizeStats>(&Nothing {}, &query, &Nothing {}, None)?;
        session.out.item(&answer, &VIEW)
    }
}
