//! Pictures of rows: a bar for each, or a strip of small columns where there are pieces of time.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use relay_proto::StatsQuery;

use crate::chart::number::compact;
use crate::chart::timeline::Timeline;
use crate::chart::{Paper, bar, columns, cut, left, right, width_of};
use crate::output::cell::{Cell, harmless, wrap};

/// Rows that a picture has, unless --limit says otherwise, and those that it has at most.
const MOST: usize = 20;
const MOST_WANTED: u32 = 500;
/// A bar is never shorter than this.
const SHORTEST_BAR: u16 = 10;
/// Below this width there is room for one figure beside a picture.
const NARROW: u16 = 60;
/// A figure with the space before it.
const FIGURE: u16 = 7;

/// How rows `T` are drawn.
pub(super) struct Picture<T> {
    /// What the bars tell: `Accepted messages by relay user`.
    pub(super) title: &'static str,
    /// What the figures beside the bars are; the first is what the bar tells.
    pub(super) heads: &'static [&'static str],
    pub(super) piece: fn(&T) -> Piece,
}

/// What is drawn of a row.
pub(super) struct Piece {
    pub(super) begins_at: Option<Timestamp>,
    pub(super) account: Option<String>,
    pub(super) name: String,
    pub(super) figures: Vec<u64>,
    pub(super) color: Color,
}

/// Pieces of the same name, put together.
struct Group {
    label: String,
    figures: Vec<u64>,
    over_time: Vec<(Timestamp, u64)>,
    color: Color,
}

impl Group {
    fn first(&self) -> u64 {
        self.figures.first().copied().unwrap_or(0)
    }
}

/// Draws rows; `None` when there are none.
pub(super) fn draw<T>(
    paper: Paper,
    query: &StatsQuery,
    rows: &[T],
    picture: &Picture<T>,
    most: Option<u32>,
) -> Option<String> {
    let mut groups = grouped(rows.iter().map(picture.piece).collect());
    if groups.is_empty() {
        return None;
    }
    // Of equals, the order of relayd stays.
    groups.sort_by_key(|group| std::cmp::Reverse(group.first()));
    let most = most.map_or(MOST, |most| most.min(MOST_WANTED) as usize);
    let hidden = groups.len().saturating_sub(most);
    groups.truncate(most);
    let mut text = match query.by {
        None => {
            let title = headline(paper, picture.title, query, "");
            title + &bars(paper, &groups, picture.heads)
        }
        Some(_) => strips(paper, query, &groups, picture.title),
    };
    if hidden > 0 {
        text += "(";
        text += &hidden.to_string();
        text += " more; --limit shows more of them)\n";
    }
    Some(text)
}

fn grouped(pieces: Vec<Piece>) -> Vec<Group> {
    let first = pieces.first().and_then(|piece| piece.account.clone());
    let is_mixed = pieces.iter().any(|piece| piece.account != first);
    let mut groups: Vec<Group> = Vec::new();
    for piece in pieces {
        let label = match &piece.account {
            Some(account) if is_mixed => format!("{account}/{}", piece.name),
            _ => piece.name,
        };
        let label = harmless(&label);
        let found = groups.iter().position(|group| group.label == label);
        let place = found.unwrap_or_else(|| {
            groups.push(Group {
                label,
                figures: vec![0; piece.figures.len()],
                over_time: Vec::new(),
                color: piece.color,
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            for (sum, figure) in group.figures.iter_mut().zip(&piece.figures) {
                *sum += figure;
            }
            if let (Some(at), Some(figure)) = (piece.begins_at, piece.figures.first()) {
                group.over_time.push((at, *figure));
            }
        }
    }
    groups
}

/// A bar for each, and its figures.
fn bars(paper: Paper, groups: &[Group], heads: &[&str]) -> String {
    let heads = if paper.width < NARROW {
        heads.get(..1).unwrap_or_default()
    } else {
        heads
    };
    let widths: Vec<u16> = heads.iter().map(|head| width_of(head).max(5) + 2).collect();
    let figures: u16 = widths.iter().sum();
    let name = name_width(
        groups,
        paper.width.saturating_sub(figures + 1 + SHORTEST_BAR),
    );
    let room = paper.width.saturating_sub(name + 1 + figures);
    let most = groups.iter().map(Group::first).max().unwrap_or(0);
    let mut picture = paper.rows(u16::try_from(groups.len()).unwrap_or(u16::MAX) + 1);
    let columns = |y: u16, texts: &[String], style: Style, picture: &mut Buffer| {
        let mut x = name + 1 + room;
        for (text, width) in texts.iter().zip(&widths) {
            right(picture, Rect::new(x, y, *width, 1), text, style);
            x += width;
        }
    };
    let titles: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    columns(0, &titles, emphasis(), &mut picture);
    for (y, group) in (1..).zip(groups) {
        left(
            &mut picture,
            Rect::new(0, y, name, 1),
            &cut(&group.label, name),
            Style::new(),
        );
        let area = Rect::new(name + 1, y, room, 1);
        bar(
            &mut picture,
            area,
            group.first(),
            most,
            Style::new().fg(group.color),
        );
        let texts: Vec<String> = group.figures.iter().map(|it| compact(*it)).collect();
        columns(y, &texts, Style::new(), &mut picture);
    }
    paper.print(picture)
}

/// A strip for each, on one scale, and the time below.
fn strips(paper: Paper, query: &StatsQuery, groups: &[Group], title: &str) -> String {
    let (since, until) = ends(query);
    let by = query.by.unwrap_or(relay_proto::Period::Hour);
    let margin = name_width(groups, paper.width / 3) + 1;
    let beside = footnotes(paper, margin);
    let timeline = Timeline::fit(since, until, by, beside.room);
    let strips: Vec<_> = groups
        .iter()
        .map(|group| {
            let values = timeline.gather(group.over_time.iter().copied(), |a, b| a + b);
            Strip::new(&group.label, values, group.color)
        })
        .collect();
    let peak = strips.iter().map(Strip::peak).max().unwrap_or(0);
    let count = u16::try_from(strips.len()).unwrap_or(u16::MAX);
    let mut picture = paper.rows(count + 3);
    beside.heads(&mut picture, 0);
    for (y, one) in (1..).zip(&strips) {
        let label = cut(one.label(), margin - 1);
        left(
            &mut picture,
            Rect::new(0, y, margin - 1, 1),
            &label,
            Style::new(),
        );
        strip(&mut picture, (margin, y), one, &timeline, peak);
        beside.figures(&mut picture, y, &one.values);
    }
    for (number, labels) in (0..).zip(timeline.labels(paper.width - margin)) {
        let area = Rect::new(margin, count + 1 + number, paper.width - margin, 1);
        left(&mut picture, area, &labels, Style::new());
    }
    headline(paper, title, query, &timeline.in_words()) + &paper.print(picture)
}

/// A row of small columns.
pub(super) struct Strip {
    label: String,
    pub(super) values: Vec<u64>,
    color: Color,
}

impl Strip {
    pub(super) fn new(label: &str, values: Vec<u64>, color: Color) -> Self {
        Self {
            label: label.to_owned(),
            values,
            color,
        }
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn peak(&self) -> u64 {
        self.values.iter().copied().max().unwrap_or(0)
    }
}

/// Draws a strip from there on.
pub(super) fn strip(
    picture: &mut Buffer,
    (x, y): (u16, u16),
    strip: &Strip,
    timeline: &Timeline,
    peak: u64,
) {
    let area = Rect::new(x, y, timeline.width(), 1);
    let style = Style::new().fg(strip.color);
    columns(picture, area, &strip.values, timeline.wide, peak, style);
}

/// The figures at the right of a picture: the sum, and where there is room, the highest column.
#[derive(Clone, Copy)]
pub(super) struct Beside {
    /// What is left between margin and figures.
    pub(super) room: u16,
    width: u16,
    with_peak: bool,
}

pub(super) const fn footnotes(paper: Paper, margin: u16) -> Beside {
    let with_peak = paper.width >= NARROW;
    let figures = if with_peak { 2 * FIGURE } else { FIGURE };
    Beside {
        room: paper.width.saturating_sub(margin + figures),
        width: paper.width,
        with_peak,
    }
}

impl Beside {
    pub(super) fn heads(self, picture: &mut Buffer, y: u16) {
        self.write(picture, y, "total", "peak", emphasis());
    }

    pub(super) fn figures(self, picture: &mut Buffer, y: u16, values: &[u64]) {
        let total = compact(values.iter().sum());
        let peak = compact(values.iter().copied().max().unwrap_or(0));
        self.write(picture, y, &total, &peak, Style::new());
    }

    fn write(self, picture: &mut Buffer, y: u16, total: &str, peak: &str, style: Style) {
        let ends = if self.with_peak { 2 } else { 1 };
        let x = self.width.saturating_sub(ends * FIGURE);
        right(picture, Rect::new(x, y, FIGURE, 1), total, style);
        if self.with_peak {
            right(picture, Rect::new(x + FIGURE, y, FIGURE, 1), peak, style);
        }
    }
}

/// What is drawn, whose, and of which time; and an empty line.
pub(super) fn headline(paper: Paper, what: &str, query: &StatsQuery, pieces: &str) -> String {
    let (since, until) = ends(query);
    let whose = [
        query.account.as_ref().map(|it| format!(" of {it}")),
        query.user.as_ref().map(|it| format!(" of relay user {it}")),
        query.system.as_ref().map(|it| format!(" of system {it}")),
        query.domain.as_ref().map(|it| format!(" of {it}")),
    ];
    let whose: String = whose.into_iter().flatten().collect();
    let told = |at| Cell::Begin(at).for_people(None);
    let mut text = format!("{what}{whose}, {} to {}", told(since), told(until));
    if !pieces.is_empty() {
        text += ", ";
        text += pieces;
    }
    let mut lines = wrap(&text, paper.width.into());
    if paper.color {
        lines = lines
            .iter()
            .map(|line| format!("\x1b[1m{line}\x1b[0m"))
            .collect();
    }
    lines.join("\n") + "\n\n"
}

/// Beginning and end of what was asked for.
pub(super) fn ends(query: &StatsQuery) -> (Timestamp, Timestamp) {
    let until = query.until.unwrap_or_default();
    (query.since.unwrap_or(until), until)
}

pub(super) fn emphasis() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

fn name_width(groups: &[Group], most: u16) -> u16 {
    let longest = groups.iter().map(|group| width_of(&group.label)).max();
    longest.unwrap_or(0).clamp(1, most.max(1))
}
