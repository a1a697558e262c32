//! The pieces of a span, one after the other: as a table, and as the picture of a summary.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use relay_proto::{ListPeriodStats, Nothing, PeriodStats, SeriesQuery, StatsQuery};
use serde_json::Value;

use super::picture::{Strip, emphasis, ends, footnotes, headline, strip};
use super::report::{Report, items_of};
use super::sent;
use crate::chart::number::{compact, scale_end, time_scale_end};
use crate::chart::timeline::{Timeline, fitting};
use crate::chart::{Paper, columns, left, line, right};
use crate::client::{Client, Listing, Part};
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Output, View};

static SERIES: View<PeriodStats> = View {
    columns: sent::figures!(
        [column("begins_at", Rank::Key, |it| Cell::Begin(
            it.begins_at
        ))],
        []
    ),
    name: |_| "period",
    empty: "Nothing went through in this time.",
};

/// Left of the columns: names, and the numbers of an axis.
const MARGIN: u16 = 10;
/// Rows of the columns, and of the line below.
const HIGH: u16 = 8;
const LOW: u16 = 4;

/// What went through, piece by piece.
pub(super) struct Series;

impl Report for Series {
    type Answer = Listing<PeriodStats>;

    fn ask(&self, client: &Client, query: &StatsQuery) -> Result<Self::Answer, Failure> {
        let (since, until) = ends(query);
        let query = query.clone();
        let query = SeriesQuery {
            account: query.account,
            since: query.since,
            until: query.until,
            user: query.user,
            system: query.system,
            domain: query.domain,
            by: query.by.unwrap_or_else(|| fitting(since, until)),
        };
        client.list::<ListPeriodStats, _>(&Nothing {}, &query, &Part::default())
    }

    fn print(&self, out: &Output, _: &StatsQuery, series: &Self::Answer) -> Result<(), Failure> {
        out.list(series, &SERIES)
    }

    fn draw(&self, paper: Paper, query: &StatsQuery, series: &Self::Answer) -> Option<String> {
        if series.items.is_empty() {
            return None;
        }
        Some(draw(paper, query, &series.items))
    }

    fn sample(&self, series: &Self::Answer) -> Result<Value, Failure> {
        items_of(&series.text)
    }

    fn empty(&self) -> &'static str {
        SERIES.empty
    }
}

/// Columns of what was accepted, a strip for what became of it, a line for how long it took.
pub(super) fn draw(paper: Paper, query: &StatsQuery, series: &[PeriodStats]) -> String {
    let (since, until) = ends(query);
    let by = query.by.unwrap_or_else(|| fitting(since, until));
    let beside = footnotes(paper, MARGIN);
    let timeline = Timeline::fit(since, until, by, beside.room);
    let of = |figure: fn(&PeriodStats) -> u64| {
        let values = series.iter().map(|piece| (piece.begins_at, figure(piece)));
        timeline.gather(values, |a, b| a + b)
    };
    let taken = of(|piece| piece.counts.accepted);
    let slowest = timeline.gather(
        series.iter().map(|piece| {
            let time = piece.delivery_time.map(|time| time.p95_ms);
            (piece.begins_at, time)
        }),
        |a, b| *a.max(b),
    );
    let strips = [
        Strip::new("delivered", of(|it| it.counts.delivered), Color::Green),
        Strip::new("deferred", of(|it| it.counts.deferred), Color::Yellow),
        Strip::new("failed", of(|it| it.counts.failed), Color::Red),
        Strip::new("refused", of(|it| it.refused), Color::Red),
    ];
    let mut text = headline(paper, "Mail", query, &timeline.in_words());
    let is_timed = slowest.iter().any(Option::is_some);
    let mut picture = paper.rows(HIGH + 4 + 4 + if is_timed { 1 + LOW + 1 } else { 0 });
    beside.heads(&mut picture, 0);
    left(&mut picture, row(paper, 0), "accepted", emphasis());
    let end = scale_end(taken.iter().copied().max().unwrap_or(0));
    axis(
        &mut picture,
        1,
        HIGH,
        [&compact(end), &compact(end / 2), "0"],
    );
    let area = Rect::new(MARGIN, 1, timeline.width(), HIGH);
    columns(
        &mut picture,
        area,
        &taken,
        timeline.wide,
        end,
        Style::new().fg(Color::Cyan),
    );
    beside.figures(&mut picture, 1, &taken);
    floor(&mut picture, 1 + HIGH, timeline.width());
    for (number, labels) in (0..).zip(timeline.labels(paper.width - MARGIN)) {
        let area = Rect::new(MARGIN, 2 + HIGH + number, paper.width - MARGIN, 1);
        left(&mut picture, area, &labels, Style::new());
    }
    for (number, one) in (0..).zip(&strips) {
        let y = 4 + HIGH + number;
        left(&mut picture, row(paper, y), one.label(), Style::new());
        strip(&mut picture, (MARGIN, y), one, &timeline, one.peak());
        beside.figures(&mut picture, y, &one.values);
    }
    if is_timed {
        times(&mut picture, paper, 8 + HIGH, &timeline, &slowest);
    }
    text += &paper.print(picture);
    text
}

/// How long 95 of 100 recipients took at most.
fn times(picture: &mut Buffer, paper: Paper, y: u16, timeline: &Timeline, slowest: &[Option<u64>]) {
    let peak = slowest.iter().flatten().copied().max().unwrap_or(0);
    let end = time_scale_end(peak);
    let told = |millis| Cell::Millis(millis).for_people(None);
    left(picture, row(paper, y), "time p95", emphasis());
    right(picture, row(paper, y), &told(peak), Style::new());
    axis(picture, y + 1, LOW, [&told(end), &told(end / 2), "0"]);
    let area = Rect::new(MARGIN, y + 1, timeline.width(), LOW);
    line(
        picture,
        area,
        slowest,
        timeline.wide,
        end,
        Style::new().fg(Color::Cyan),
    );
    floor(picture, y + 1 + LOW, timeline.width());
}

/// A scale with its end, its middle and its beginning.
fn axis(picture: &mut Buffer, top: u16, height: u16, labels: [&str; 3]) {
    for y in 0..=height {
        let label = match y {
            0 => labels[0],
            y if y == height / 2 => labels[1],
            y if y == height => labels[2],
            _ => "",
        };
        right(
            picture,
            Rect::new(0, top + y, MARGIN - 2, 1),
            label,
            Style::new(),
        );
        let mark = match (label, y == height) {
            (_, true) => "└",
            ("", false) => "│",
            _ => "┤",
        };
        left(
            picture,
            Rect::new(MARGIN - 1, top + y, 1, 1),
            mark,
            Style::new(),
        );
    }
}

fn floor(picture: &mut Buffer, y: u16, width: u16) {
    let line = "─".repeat(width.into());
    left(picture, Rect::new(MARGIN, y, width, 1), &line, Style::new());
}

const fn row(paper: Paper, y: u16) -> Rect {
    Rect::new(0, y, paper.width, 1)
}
