//! Draws the model. What has no room goes by its weight: columns, then the refusals, then lines.

mod figures;
mod lanes;
mod refusals;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::foot;
use super::model::{Focus, Model, Page};
use crate::chart::charset::Charset;
use crate::chart::{cut, left, right, width_of};
use crate::output::cell::{duration, harmless};

/// Below this nothing can be read.
const LEAST: (u16, u16) = (30, 8);
/// From here on figures have lines of their own, and lanes a reason beside them.
const ROOMY: (u16, u16) = (60, 18);

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
    let foot = foot::lines(model);
    let rows = u16::try_from(foot.len()).unwrap_or(1);
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
    for (y, text) in (area.height - rows..).zip(&foot) {
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

/// A page that is read from top to bottom.
fn page(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) {
    let lines = model.lines();
    let rows = model.rows_of_page();
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
        figures::draw(model, look, area, buffer)
    } else {
        figures::draw_few(model, look, area, buffer)
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
    lanes::draw(model, look, lanes_area, buffer);
    let y = rest.y + lanes_area.height;
    refusals::draw(model, look, Rect::new(0, y, rest.width, below), buffer);
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
