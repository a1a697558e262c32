//! Draws the model. What has no room goes by its weight: columns, then the refusals, then lines.

use std::collections::VecDeque;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Sparkline, Widget as _};
use relay_proto::{Lane, LaneState};

use super::model::{Figure, Focus, Model, Page, Reading, Refusal, Sort, story, why};
use crate::chart::charset::Charset;
use crate::chart::number::compact;
use crate::chart::{cut, eighths, left, right, width_of};
use crate::output::cell::{duration, harmless, wrap};

/// Below this nothing can be read.
const LEAST: (u16, u16) = (30, 8);
/// From here on figures have lines of their own, and lanes a reason beside them.
const ROOMY: (u16, u16) = (60, 18);
/// Keys, the most needed first.
const KEYS: [(&str, &str); 8] = [
    ("q", "quit"),
    ("?", "help"),
    ("h", "hold"),
    ("r", "release"),
    ("t", "trace"),
    ("/", "filter"),
    ("s", "sort"),
    ("p", "pause"),
];

/// How the screen looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) color: bool,
    pub(super) charset: Charset,
}

impl Look {
    fn colored(self, color: Color) -> Style {
        if self.color {
            Style::new().fg(color)
        } else {
            Style::new()
        }
    }

    fn with(self, modifier: Modifier) -> Style {
        if self.color {
            Style::new().add_modifier(modifier)
        } else {
            Style::new()
        }
    }

    fn bold(self) -> Style {
        self.with(Modifier::BOLD)
    }
}

/// Draws everything.
pub(super) fn draw(model: &Model, look: Look, frame: &mut Frame<'_>) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = format!("needs {} x {}", LEAST.0, LEAST.1);
        left(buffer, line_of(area, 0), &text, Style::new());
        return;
    }
    let footer = footer(model, area.width);
    let rows = u16::try_from(footer.len())
        .unwrap_or(1)
        .min(area.height / 2);
    header(model, look, line_of(area, 0), buffer);
    let body = Rect::new(0, 1, area.width, area.height - 1 - rows);
    match model.page {
        Page::Overview => overview(model, look, body, buffer),
        Page::Help | Page::Trace(_) | Page::Refusal(_) => page(model, look, body, buffer),
    }
    let style = if model.question.is_some() || model.away.is_some() {
        look.colored(Color::Yellow)
    } else {
        look.with(Modifier::DIM)
    };
    for (y, text) in (area.height - rows..).zip(&footer) {
        left(buffer, line_of(area, y), text, style);
    }
    look.charset.apply(buffer);
}

/// Which relayd, whose mail, and how fresh the figures are.
fn header(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let state = match (model.staleness(), &model.away) {
        (Some(age), Some(_)) => format!("reconnecting, {} old", duration(age)),
        (Some(age), None) if model.is_paused => format!("paused, {} old", duration(age)),
        (Some(age), None) => format!("{} old", duration(age)),
        (None, _) => format!("every {}", duration(seconds(model.every))),
    };
    let time = model.now.strftime("%H:%M:%SZ").to_string();
    let state = if area.width >= ROOMY.0 {
        format!("{state}  {time}")
    } else {
        state
    };
    let place = harmless(&model.place);
    let room = area.width.saturating_sub(width_of(&state) + 2);
    left(buffer, area, &cut(&place, room), look.bold());
    let style = if model.staleness().is_some() {
        look.colored(Color::Yellow)
    } else {
        Style::new()
    };
    right(buffer, area, &state, style);
}

/// One line of keys, or what is asked or told instead.
fn footer(model: &Model, width: u16) -> Vec<String> {
    let room = usize::from(width);
    let text = if let Some(question) = &model.question {
        question.text.clone()
    } else if model.is_typing {
        return vec![cut_front(&format!("/{}_", harmless(&model.filter)), width)];
    } else if let Some(note) = model.note() {
        note.to_owned()
    } else if let Some(away) = &model.away {
        format!("{away}; trying again")
    } else {
        return vec![keys(model, room)];
    };
    wrap(&text, room)
        .iter()
        .map(|line| cut(line, width))
        .collect()
}

fn keys(model: &Model, room: usize) -> String {
    let keys: &[(&str, &str)] = match model.page {
        Page::Overview => &KEYS,
        Page::Trace(_) => &[("Esc", "back"), ("n", "next"), ("p", "previous")],
        Page::Help | Page::Refusal(_) => &[("Esc", "back")],
    };
    let mut text = String::new();
    for (key, word) in keys {
        let gap = if text.is_empty() { "" } else { "  " };
        if text.len() + gap.len() + key.len() + 1 + word.len() <= room {
            text.extend([gap, key, " ", word]);
        }
    }
    text
}

/// A page that is read from top to bottom.
fn page(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let lines = model.lines();
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let last = lines.len().saturating_sub(rows);
    let scroll = model.scroll.min(last);
    let shown = lines.iter().skip(scroll).take(rows);
    for (y, text) in (area.y + 1..).zip(shown) {
        left(buffer, line_of(area, y), text, Style::new());
    }
    if let Some(percent) = (scroll * 100).checked_div(last) {
        let text = format!("{percent} %");
        right(
            buffer,
            line_of(area, area.y),
            &text,
            look.with(Modifier::DIM),
        );
    }
}

fn overview(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let is_roomy = area.width >= ROOMY.0 && area.height + 2 >= ROOMY.1;
    let figures = if is_roomy {
        figures(model, look, area, buffer)
    } else {
        few_figures(model, look, area, buffer)
    };
    let gap = u16::from(is_roomy);
    let rest = Rect::new(
        0,
        area.y + figures + gap,
        area.width,
        area.height.saturating_sub(figures + gap),
    );
    let rows_for = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let wanted = rows_for(2 * model.refusals().len()).max(1) + 1 + gap;
    // A title, a line for each lane and one for the reason of the chosen one.
    let for_lanes = rows_for(model.lanes().len()).saturating_add(2);
    let below = match rest.height {
        // Lanes come first, and keep a title and two lines.
        ..=5 if model.focus == Focus::Lanes => 0,
        height => wanted.min((height / 2).max(height.saturating_sub(for_lanes))),
    };
    let lanes_area = Rect::new(0, rest.y, rest.width, rest.height - below);
    lanes(model, look, lanes_area, buffer);
    let y = rest.y + lanes_area.height;
    refusals(model, look, Rect::new(0, y, rest.width, below), buffer);
}

/// A line for each figure, with its rate and how it went.
fn figures(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) -> u16 {
    let heads = Rect::new(10, area.y + 1, 20, 1);
    right(buffer, Rect { width: 9, ..heads }, "last 24 h", look.bold());
    right(buffer, Rect { width: 19, ..heads }, "per min", look.bold());
    for ((y, figure), rates) in (area.y + 2..).zip(Figure::ALL).zip(&model.rates) {
        let count = figure.of(&model.sample.stats);
        left(buffer, Rect::new(0, y, 10, 1), figure.name(), Style::new());
        right(
            buffer,
            Rect::new(10, y, 9, 1),
            &compact(count),
            Style::new(),
        );
        let rate = rates
            .back()
            .map_or_else(|| "-".to_owned(), |rate| compact(*rate));
        right(buffer, Rect::new(19, y, 10, 1), &rate, Style::new());
        let room = Rect::new(32, y, area.width.saturating_sub(32), 1);
        spark(rates, room, look.colored(color_of(figure)), buffer);
    }
    7
}

/// Where room is scarce: the two that flow have a line each, the others share one.
fn few_figures(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) -> u16 {
    let stats = &model.sample.stats;
    for ((y, figure), rates) in (area.y..).zip(Figure::ALL).zip(&model.rates).take(2) {
        left(buffer, Rect::new(0, y, 10, 1), figure.name(), Style::new());
        let count = compact(figure.of(stats));
        right(buffer, Rect::new(10, y, 6, 1), &count, Style::new());
        let rate = rates
            .back()
            .map_or_else(String::new, |rate| compact(*rate) + "/min");
        right(buffer, Rect::new(16, y, 11, 1), &rate, Style::new());
        let room = Rect::new(28, y, area.width.saturating_sub(28), 1);
        spark(rates, room, look.colored(color_of(figure)), buffer);
    }
    let others: Vec<_> = Figure::ALL
        .iter()
        .skip(2)
        .map(|figure| format!("{} {}", figure.name(), compact(figure.of(stats))))
        .collect();
    left(
        buffer,
        line_of(area, area.y + 2),
        &others.join("  "),
        Style::new(),
    );
    3
}

/// The latest stands at the right.
fn spark(rates: &VecDeque<u64>, area: Rect, style: Style, buffer: &mut Buffer) {
    let shown = rates.iter().rev().take(area.width.into());
    let most = shown.clone().copied().max().unwrap_or(0);
    let mut data: Vec<u64> = shown.map(|rate| eighths(*rate, most, 8)).collect();
    data.reverse();
    let used = u16::try_from(data.len())
        .unwrap_or(area.width)
        .min(area.width);
    let area = Rect {
        width: used,
        ..area
    };
    Sparkline::default()
        .data(data)
        .max(8)
        .style(style)
        .render(area, buffer);
}

const fn color_of(figure: Figure) -> Color {
    match figure {
        Figure::Accepted => Color::Cyan,
        Figure::Delivered => Color::Green,
        Figure::Deferred => Color::Yellow,
        Figure::Failed | Figure::Refused => Color::Red,
    }
}

/// Lanes: whose, what it does, how much waits, for how long, and why.
fn lanes(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let lanes = model.lanes();
    if area.height == 0 {
        return;
    }
    title(model, look, area, &lanes, buffer);
    let rows = area.height.saturating_sub(1);
    if lanes.is_empty() {
        let text = if model.filter.is_empty() {
            "No account has a route yet: relayctl route set"
        } else {
            "No lane matches; Esc clears the filter"
        };
        let area = line_of(area, area.y + 1);
        if rows > 0 {
            left(buffer, area, text, Style::new());
        }
        return;
    }
    let chosen = model.chosen_lane();
    let columns = Columns::fit(area.width, &lanes);
    // Without room beside it, the reason of the chosen lane stands below it.
    let below = match columns.why {
        None if rows > 1 && model.focus == Focus::Lanes => 1,
        _ => 0,
    };
    let most = usize::from(rows - below);
    let first = (chosen + 1).saturating_sub(most);
    let mut y = area.y + 1;
    for (place, lane) in lanes.iter().enumerate().skip(first).take(most) {
        let is_chosen = place == chosen && model.focus == Focus::Lanes;
        columns.row(lane, model.now, look, is_chosen, line_of(area, y), buffer);
        y += 1;
        if is_chosen && below > 0 {
            let text = cut(&harmless(&why(lane)), area.width.saturating_sub(2));
            let area = Rect::new(2, y, area.width.saturating_sub(2), 1);
            left(buffer, area, &text, look.with(Modifier::DIM));
            y += 1;
        }
    }
}

fn title(model: &Model, look: Look, area: Rect, lanes: &[&Lane], buffer: &mut Buffer) {
    let queue = &model.sample.queue;
    let mut text = format!("LANES  {} waiting", compact(queue.depth));
    let oldest = queue.oldest_at.map(|at| {
        let age = duration(age(model.now, at));
        format!(", oldest {age}")
    });
    let held = (queue.held > 0).then(|| format!(", {} held", compact(queue.held)));
    for more in [oldest, held].into_iter().flatten() {
        if width_of(&text) + width_of(&more) <= area.width {
            text += &more;
        }
    }
    let line = line_of(area, area.y);
    left(buffer, line, &cut(&text, area.width), look.bold());
    let aside = match (model.filter.as_str(), model.sort) {
        ("", Sort::Age) => String::new(),
        ("", sort) => sort.name().to_owned(),
        (filter, _) => format!("/{}: {}", harmless(filter), lanes.len()),
    };
    if width_of(&text) + 2 + width_of(&aside) <= area.width {
        right(buffer, line, &aside, look.with(Modifier::DIM));
    }
}

/// Where the columns of lanes stand.
struct Columns {
    account: u16,
    /// Where the reason begins, if there is room.
    why: Option<u16>,
}

/// `› `, the state, how many wait, for how long: with the space before each.
const STATE: u16 = 9;
const COUNT: u16 = 7;
const AGE: u16 = 12;

impl Columns {
    fn fit(width: u16, lanes: &[&Lane]) -> Self {
        let longest = lanes.iter().map(|lane| width_of(&name(lane))).max();
        let fixed = 2 + STATE + COUNT + AGE;
        let account = longest
            .unwrap_or(1)
            .clamp(4, (width / 3).max(6))
            .min(width.saturating_sub(fixed).max(4));
        let begin = fixed + account + 2;
        Self {
            account,
            why: (begin + 24 <= width).then_some(begin),
        }
    }

    fn row(
        &self,
        lane: &Lane,
        now: Timestamp,
        look: Look,
        is_chosen: bool,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let y = area.y;
        let mut x = 2;
        if is_chosen {
            left(buffer, Rect::new(0, y, 1, 1), "›", look.bold());
        }
        let style = if is_chosen { look.bold() } else { Style::new() };
        let account = cut(&name(lane), self.account);
        left(buffer, Rect::new(x, y, self.account, 1), &account, style);
        x += self.account;
        let state = look.colored(color_of_state(lane.state));
        left(
            buffer,
            Rect::new(x + 2, y, STATE - 2, 1),
            lane.state.as_str(),
            state,
        );
        x += STATE;
        right(
            buffer,
            Rect::new(x, y, COUNT, 1),
            &compact(lane.depth),
            style,
        );
        x += COUNT;
        let waits = lane
            .oldest_at
            .map_or_else(|| "-".to_owned(), |at| duration(age(now, at)));
        right(buffer, Rect::new(x, y, AGE, 1), &waits, style);
        if let Some(x) = self.why {
            let room = area.width - x;
            let text = cut(&harmless(&why(lane)), room);
            left(buffer, Rect::new(x, y, room, 1), &text, Style::new());
        }
    }
}

fn name(lane: &Lane) -> String {
    match lane.role {
        relay_proto::RouteRole::Primary => harmless(&lane.account),
        relay_proto::RouteRole::Fallback => format!("{} (2nd)", harmless(&lane.account)),
    }
}

const fn color_of_state(state: LaneState) -> Color {
    match state {
        LaneState::Held => Color::Red,
        LaneState::Waiting | LaneState::Paced => Color::Yellow,
        LaneState::Sending => Color::Green,
        LaneState::Idle => Color::Reset,
    }
}

/// The last refusals: when, why, who; and below, what mends it.
fn refusals(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let gap = u16::from(area.width >= ROOMY.0 && area.height > 3);
    if area.height < 2 {
        return;
    }
    let refusals = model.refusals();
    left(buffer, line_of(area, area.y + gap), "REFUSED", look.bold());
    let rows = area.height - 1 - gap;
    let first = area.y + 1 + gap;
    if refusals.is_empty() {
        left(
            buffer,
            line_of(area, first),
            "Nothing was refused",
            Style::new(),
        );
        return;
    }
    let most = usize::from(rows / 2).max(1);
    let chosen = model.chosen_refusal();
    let skipped = match model.focus {
        Focus::Refusals => (chosen + 1).saturating_sub(most),
        Focus::Lanes => 0,
    };
    let shown = refusals.iter().enumerate().skip(skipped).take(most);
    for (y, (place, refusal)) in (first..).step_by(2).zip(shown) {
        let is_chosen = place == chosen && model.focus == Focus::Refusals;
        if is_chosen {
            left(buffer, Rect::new(0, y, 1, 1), "›", look.bold());
        }
        let room = area.width - 2;
        let line = Rect::new(2, y, room, 1);
        let style = if is_chosen { look.bold() } else { Style::new() };
        left(buffer, line, &cut(&told(refusal, room), room), style);
        if usize::from(rows) > 2 * (place - skipped) + 1 {
            let line = Rect::new(4, y + 1, room - 2, 1);
            let remedy = cut(&harmless(&refusal.remedy), room - 2);
            left(buffer, line, &remedy, look.with(Modifier::DIM));
        }
    }
}

/// A refusal in one line.
fn told(refusal: &Refusal, room: u16) -> String {
    let last = &refusal.last;
    let times = match refusal.count {
        1 => String::new(),
        count => format!(" ×{count}"),
    };
    let reason = harmless(&last.reason);
    let mut text = format!("{}  {reason}{times}", last.at.strftime("%H:%M:%S"));
    for more in [&last.client, &last.username] {
        let more = harmless(more);
        if !more.is_empty() && width_of(&text) + 2 + width_of(&more) <= room {
            text.extend(["  ", &more]);
        }
    }
    text
}

/// The help, in lines.
pub(super) fn help(width: usize) -> Vec<String> {
    const HELP: [(&str, &str); 12] = [
        ("up, down", "choose; PgUp, PgDn, Home and End go further"),
        ("Tab", "from the lanes to the refusals, and back"),
        (
            "Enter, t",
            "trace of the oldest mail of the lane; n and p turn over to the next and the one before. Of a refusal: all that is known",
        ),
        (
            "h",
            "hold the lane of an account: its mail waits until it is released. Asks first",
        ),
        ("r", "release it, whatever held it. Asks first"),
        (
            "/",
            "only what has this text: account, reason, address, user name. Esc clears it",
        ),
        ("s", "sort lanes: slowest first, most first, by account"),
        ("p", "pause: nothing is asked until p again"),
        ("Esc, q", "back; on the first page q quits"),
        ("Ctrl-C", "quits"),
        ("", ""),
        (
            "",
            "accepted counts messages, delivered and failed recipients, deferred the times that mail was put off, refused what was not taken at the door. All of them are those of the last 24 hours, in whole hours; the rate is that since the last look.",
        ),
    ];
    let mut lines = Vec::new();
    for (key, text) in HELP {
        let margin = if key.is_empty() { 0 } else { 10 };
        let mut head = format!("{key:<margin$}");
        for line in wrap(text, width.saturating_sub(margin).max(10)) {
            lines.push((head + &line).trim_end().to_owned());
            head = " ".repeat(margin);
        }
    }
    lines
}

/// A lane and one of its mails, in lines.
pub(super) fn trace(reading: &Reading, width: usize, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(lane) = &reading.lane {
        let count = reading.ids.len();
        let mail = format!("mail {} of {count}, oldest first", reading.place + 1);
        let head = format!("{}  {}  {mail}", name(lane), lane.state);
        lines.extend(wrap(&head, width));
        if !why(lane).is_empty() {
            lines.extend(wrap(&why(lane), width));
        }
        lines.push(String::new());
    }
    lines.extend(story(&reading.trace, width, now));
    lines
}

/// All that is known of a refusal, in lines.
pub(super) fn refusal(refusal: &Refusal, width: usize) -> Vec<String> {
    let last = &refusal.last;
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        ("reason", last.reason.clone()),
        ("means", refusal.sentence.clone()),
        ("try", refusal.remedy.clone()),
        ("", String::new()),
        ("last", last.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()),
        ("times", refusal.count.to_string()),
        ("from", last.client.clone()),
        ("called", last.helo.clone()),
        ("listener", last.listener.clone()),
        ("account", of(&last.account)),
        ("system", of(&last.system)),
        ("user", last.username.clone()),
        ("sender", last.sender.clone()),
        ("to", last.recipient.clone()),
        ("told", last.reply.clone()),
    ];
    let mut lines = Vec::new();
    for (label, text) in fields {
        if text.is_empty() && !label.is_empty() {
            continue;
        }
        let mut head = format!("{label:<10}");
        for line in wrap(&text, width.saturating_sub(10).max(10)) {
            lines.push((head + &line).trim_end().to_owned());
            head = " ".repeat(10);
        }
    }
    lines
}

/// What was typed last stays in sight.
fn cut_front(text: &str, room: u16) -> String {
    let mut text = text.to_owned();
    while width_of(&text) > room && !text.is_empty() {
        text.remove(0);
    }
    text
}

fn seconds(span: std::time::Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

fn age(now: Timestamp, at: Timestamp) -> i64 {
    (now.as_second() - at.as_second()).max(0)
}

const fn line_of(area: Rect, y: u16) -> Rect {
    Rect::new(0, y, area.width, 1)
}
