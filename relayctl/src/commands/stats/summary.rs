//! `relayctl stats summary`

use relay_proto::{
    ListPeriodStats, Nothing, PeriodStats, SeriesQuery, StatsSummary, SummarizeStats,
};

use super::{Span, accepted, half, lines, most, number};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Format, Rank, View, column};
use crate::session::Session;

/// Sum up what went through, against the time before and the limits
///
/// The time before are the same hours of the day before, or of as many days before as the span has.
/// The last line compares what was submitted today (UTC) with what is allowed.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats summary\n  relayctl stats summary --user scanner\n  relayctl stats summary --account acme --since 30d --by day"
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
        column("notices", Rank::Key, |it| number(it.counts.notices)),
        column("recipients", Rank::Key, |it| number(it.counts.recipients)),
        column("bytes", Rank::Key, |it| Cell::Bytes(it.counts.bytes)),
        column("delivered", Rank::Key, |it| number(it.counts.delivered)),
        column("deferred", Rank::Key, |it| number(it.counts.deferred)),
        column("failed", Rank::Key, |it| number(it.counts.failed)),
        column("cancelled", Rank::Key, |it| number(it.counts.cancelled)),
        column("refused", Rank::Key, |it| number(it.refused)),
        column("p50", Rank::Key, |it| half(it.delivery_time)),
        column("p95", Rank::Key, |it| most(it.delivery_time)),
        column("queued", Rank::Key, |it| number(it.queued)),
        column("held", Rank::Key, |it| number(it.held)),
        column("accepted_before", Rank::Key, |it| {
            accepted(&it.before.counts)
        }),
        column("delivered_before", Rank::Key, |it| {
            number(it.before.counts.delivered)
        }),
        column("failed_before", Rank::Key, |it| {
            number(it.before.counts.failed)
        }),
        column("refused_before", Rank::Key, |it| number(it.before.refused)),
        column("messages_today", Rank::Key, |it| {
            Cell::maybe(it.today, |today| number(today.messages))
        }),
        column("messages_limit", Rank::Key, |it| {
            Cell::maybe(it.today.and_then(|today| today.messages_limit), number)
        }),
        column("recipients_today", Rank::Key, |it| {
            Cell::maybe(it.today, |today| number(today.recipients))
        }),
        column("recipients_limit", Rank::Key, |it| {
            Cell::maybe(it.today.and_then(|today| today.recipients_limit), number)
        }),
    ],
    name: |_| "summary",
    empty: "",
};

static SERIES: View<PeriodStats> = View {
    columns: &[
        column("begins_at", Rank::Key, |it| Cell::Begin(it.begins_at)),
        column("accepted", Rank::Key, |it| accepted(&it.counts)),
        column("recipients", Rank::Column(4), |it| {
            number(it.counts.recipients)
        }),
        column("bytes", Rank::Column(3), |it| Cell::Bytes(it.counts.bytes)),
        column("delivered", Rank::Column(19), |it| {
            number(it.counts.delivered)
        }),
        column("deferred", Rank::Column(7), |it| number(it.counts.deferred)),
        column("failed", Rank::Column(18), |it| number(it.counts.failed)),
        column("cancelled", Rank::Wide, |it| number(it.counts.cancelled)),
        column("refused", Rank::Column(17), |it| number(it.refused)),
        column("notices", Rank::Wide, |it| number(it.counts.notices)),
        column("p50", Rank::Column(5), |it| half(it.delivery_time)),
        column("p95", Rank::Column(6), |it| most(it.delivery_time)),
    ],
    name: |_| "period",
    empty: "Nothing went through in this time.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        let client = session.client()?;
        if let Some(by) = query.by {
            let query = SeriesQuery {
                account: query.account,
                since: query.since,
                until: query.until,
                user: query.user,
                system: query.system,
                domain: query.domain,
                by,
            };
            let series =
                client.list::<ListPeriodStats, _>(&Nothing {}, &query, &Part::default())?;
            return session.out.list(&series, &SERIES);
        }
        let answer = client.call_with::<SummarizeStats>(&Nothing {}, &query, &Nothing {}, None)?;
        let for_people = matches!(session.out.format, Format::Table | Format::Wide);
        if for_people && session.out.columns.is_empty() {
            let lines = lines::of(&answer.value);
            return session.out.rows(&lines, &lines::VIEW);
        }
        session.out.item(&answer, &VIEW)
    }
}
