//! `relayctl stats summary`

use relay_proto::{Nothing, StatsQuery, StatsSummary, SummarizeStats};
use serde_json::Value;

use super::report::{Report, run};
use super::series::Series;
use super::{Show, Span, accepted, half, lines, most, number};
use crate::chart::Paper;
use crate::client::{Answer, Client, json_of};
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Format, Output, Rank, View, column};
use crate::session::Session;

/// Sum up what went through, against the time before and the limits
///
/// The time before are the same hours of the day before, or of as many days before as the span has.
/// The last line compares what was submitted today (UTC) with what is allowed.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats summary\n  relayctl stats summary --user scanner\n  relayctl stats summary --account acme --since 30d --by day\n  relayctl stats summary --chart\n  relayctl stats summary --watch 10 -o jsonl"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    show: Show,
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

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.show.chart || self.span.by.is_some() {
            return run(&Series, &self.span, &self.show, session);
        }
        run(&Summary, &self.span, &self.show, session)
    }
}

/// The whole span in one answer.
struct Summary;

impl Report for Summary {
    type Answer = Answer<StatsSummary>;

    fn ask(&self, client: &Client, query: &StatsQuery) -> Result<Self::Answer, Failure> {
        client.call_with::<SummarizeStats>(&Nothing {}, query, &Nothing {}, None)
    }

    fn print(&self, out: &Output, _: &StatsQuery, answer: &Self::Answer) -> Result<(), Failure> {
        let for_people = matches!(out.format, Format::Table | Format::Wide);
        if for_people && out.columns.is_empty() {
            return out.rows(&lines::of(&answer.value), &lines::VIEW);
        }
        out.item(answer, &VIEW)
    }

    fn draw(&self, _: Paper, _: &StatsQuery, _: &Self::Answer) -> Option<String> {
        // A single number for each figure is no picture: the series is drawn.
        None
    }

    fn sample(&self, answer: &Self::Answer) -> Result<Value, Failure> {
        json_of(&answer.text)
    }

    fn empty(&self) -> &'static str {
        ""
    }
}
