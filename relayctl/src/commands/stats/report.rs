//! How every verb of `relayctl stats` runs: ask, then print, draw, or ask again and again.

use std::marker::PhantomData;

use relay_proto::{Endpoint, Nothing, Page, StatsQuery};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::picture::{self, Picture};
use super::{Show, Span, watch};
use crate::chart::Paper;
use crate::chart::charset::Charset;
use crate::client::{Client, Listing, Part, json_of};
use crate::error::Failure;
use crate::output::{Output, View};
use crate::session::Session;

/// What a verb of statistics knows: how to ask, and how to show the answer.
pub(super) trait Report {
    type Answer;

    /// Asks relayd.
    fn ask(&self, client: &Client, query: &StatsQuery) -> Result<Self::Answer, Failure>;

    /// Prints the answer in the format that was asked for.
    fn print(&self, out: &Output, query: &StatsQuery, answer: &Self::Answer)
    -> Result<(), Failure>;

    /// Draws the answer; `None` when there is nothing to draw.
    fn draw(&self, paper: Paper, query: &StatsQuery, answer: &Self::Answer) -> Option<String>;

    /// The answer as an object of JSON, for one line of many.
    fn sample(&self, answer: &Self::Answer) -> Result<Value, Failure>;

    /// What to say where there is nothing to draw.
    fn empty(&self) -> &'static str;
}

/// Runs a verb.
pub(super) fn run(
    report: &impl Report,
    span: &Span,
    show: &Show,
    session: &Session,
) -> Result<(), Failure> {
    let out = &session.out;
    if show.chart && !out.format.is_for_people() {
        return Err(
            Failure::usage("--chart draws for people, and another format was asked for")
                .hint("leave out -o (and RELAYCTL_OUTPUT), or leave out --chart"),
        );
    }
    if let Some(every) = show.watch {
        return watch::run(report, span, show, session, every);
    }
    let query = show.query(span, session, out.now)?;
    let answer = report.ask(session.client()?, &query)?;
    present(report, show, session, out, &query, &answer)
}

/// Prints or draws one answer.
pub(super) fn present<R: Report>(
    report: &R,
    show: &Show,
    session: &Session,
    out: &Output,
    query: &StatsQuery,
    answer: &R::Answer,
) -> Result<(), Failure> {
    if !show.chart {
        return report.print(out, query, answer);
    }
    let charset = Charset::decide(show.ascii, &session.environment);
    let paper = Paper::new(out.width, charset, out.color);
    if let Some(text) = report.draw(paper, query, answer) {
        return out.block(&text);
    }
    out.note(report.empty());
    Ok(())
}

/// The objects of a page, in an object of their own.
pub(super) fn items_of(text: &str) -> Result<Value, Failure> {
    let mut page = json_of(text)?;
    let items = page.get_mut("items").map(Value::take).unwrap_or_default();
    Ok(serde_json::json!({"items": items}))
}

/// Rows of the endpoint `E`.
pub(super) struct Rows<'a, E, T: 'static> {
    pub(super) part: &'a Part,
    /// Rows of a picture at most, if that was said.
    pub(super) most: Option<u32>,
    pub(super) view: &'static View<T>,
    pub(super) picture: &'static Picture<T>,
    pub(super) endpoint: PhantomData<E>,
}

impl<E, T> Report for Rows<'_, E, T>
where
    E: Endpoint<Path = Nothing, Query = StatsQuery, Body = Nothing, Reply = Page<T>>,
    T: DeserializeOwned,
{
    type Answer = Listing<T>;

    fn ask(&self, client: &Client, query: &StatsQuery) -> Result<Self::Answer, Failure> {
        client.list::<E, T>(&Nothing {}, query, self.part)
    }

    /// The first column tells when the piece of the span begins: without pieces it goes.
    fn print(&self, out: &Output, query: &StatsQuery, rows: &Self::Answer) -> Result<(), Failure> {
        let columns = match self.view.columns {
            [_, others @ ..] if query.by.is_none() => others,
            all => all,
        };
        let view = View {
            columns,
            ..*self.view
        };
        out.list(rows, &view)
    }

    fn draw(&self, paper: Paper, query: &StatsQuery, rows: &Self::Answer) -> Option<String> {
        picture::draw(paper, query, &rows.items, self.picture, self.most)
    }

    fn sample(&self, rows: &Self::Answer) -> Result<Value, Failure> {
        items_of(&rows.text)
    }

    fn empty(&self) -> &'static str {
        self.view.empty
    }
}

/// Runs a verb that prints rows of `E`.
pub(super) fn rows<E, T>(
    session: &Session,
    (span, show, part): (&Span, &Show, &Part),
    view: &'static View<T>,
    picture: &'static Picture<T>,
) -> Result<(), Failure>
where
    E: Endpoint<Path = Nothing, Query = StatsQuery, Body = Nothing, Reply = Page<T>>,
    T: DeserializeOwned,
{
    // A picture puts rows together, so that it needs them all.
    let all = Part::default();
    let report = Rows::<E, T> {
        part: if show.chart { &all } else { part },
        most: part.limit(),
        view,
        picture,
        endpoint: PhantomData,
    };
    run(&report, span, show, session)
}
