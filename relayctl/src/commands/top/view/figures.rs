//! The figures: how much, how fast, and how it went.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::{Sparkline, Widget as _};

use super::{Look, line_of};
use crate::chart::number::compact;
use crate::chart::{eighths, left, right};
use crate::commands::top::figure::Figure;
use crate::commands::top::model::Model;

/// A line for each figure, with its rate and how it went. Gives how many lines it took.
pub(super) fn draw(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) -> u16 {
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
pub(super) fn draw_few(model: &Model, look: Look, area: Rect, buffer: &mut Buffer) -> u16 {
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
