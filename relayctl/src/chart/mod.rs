//! Pictures of numbers: widgets of ratatui drawn into a buffer, which is then printed as lines of
//! text. Nothing here needs a terminal.

pub(crate) mod charset;
pub(crate) mod number;
pub(crate) mod timeline;

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Bar, BarChart, Chart, Dataset, Gauge, GraphType, Widget as _};

use self::charset::Charset;

/// Wider ones are harder to read, not easier.
const WIDEST: u16 = 120;
/// Narrower ones show nothing.
const NARROWEST: u16 = 30;
/// Where there is no terminal to fit.
const WIDTH_OF_A_FILE: u16 = 100;
/// The escape sequence that ends all styles.
const PLAIN: &str = "\x1b[0m";
/// Heights that a character of a column can have.
const EIGHTHS: u64 = 8;

/// What a picture is printed on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper {
    pub(crate) width: u16,
    pub(crate) charset: Charset,
    pub(crate) color: bool,
}

impl Paper {
    /// `width` is that of the terminal, if there is one.
    pub(crate) fn new(width: Option<usize>, charset: Charset, color: bool) -> Self {
        let width = width.map_or(WIDTH_OF_A_FILE, |width| {
            u16::try_from(width)
                .unwrap_or(WIDEST)
                .clamp(NARROWEST, WIDEST)
        });
        Self {
            width,
            charset,
            color,
        }
    }

    /// An empty picture of so many rows.
    pub(crate) fn rows(self, rows: u16) -> Buffer {
        Buffer::empty(Rect::new(0, 0, self.width, rows))
    }

    /// The picture as lines of text.
    pub(crate) fn print(self, mut buffer: Buffer) -> String {
        self.charset.apply(&mut buffer);
        let mut text = String::new();
        for cells in buffer.content.chunks(usize::from(self.width)) {
            let blank = |symbol: &str| symbol.trim().is_empty();
            let length = cells.iter().rposition(|cell| !blank(cell.symbol()));
            let mut style = PLAIN.to_owned();
            let mut skip = 0;
            for cell in cells.iter().take(length.map_or(0, |last| last + 1)) {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = Span::raw(cell.symbol()).width().saturating_sub(1);
                let wanted = escape(cell.style());
                if self.color && wanted != style {
                    text += &wanted;
                    style = wanted;
                }
                text += cell.symbol();
            }
            if style != PLAIN {
                text += PLAIN;
            }
            text.push('\n');
        }
        text
    }
}

/// The escape sequence that begins a style, of those that are used here.
fn escape(style: Style) -> String {
    let mut codes = String::from("0");
    for (modifier, code) in [(Modifier::BOLD, 1), (Modifier::DIM, 2)] {
        if style.add_modifier.contains(modifier) {
            let _ = write!(codes, ";{code}");
        }
    }
    let color = match style.fg {
        Some(Color::Red) => Some(31),
        Some(Color::Green) => Some(32),
        Some(Color::Yellow) => Some(33),
        Some(Color::Cyan) => Some(36),
        _ => None,
    };
    if let Some(code) = color {
        let _ = write!(codes, ";{code}");
    }
    format!("\x1b[{codes}m")
}

/// Writes a text at the left of an area.
pub(crate) fn left(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    Line::styled(text.to_owned(), style).render(area, buffer);
}

/// Writes a text at the right of an area.
pub(crate) fn right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    Line::styled(text.to_owned(), style)
        .right_aligned()
        .render(area, buffer);
}

/// Columns side by side, each so many characters wide. What is more than nothing can be seen.
pub(crate) fn columns(
    buffer: &mut Buffer,
    area: Rect,
    values: &[u64],
    wide: u16,
    max: u64,
    style: Style,
) {
    let full = u64::from(area.height) * EIGHTHS;
    let bars: Vec<_> = values
        .iter()
        .map(|value| Bar::new(eighths(*value, max, full)).text_value(""))
        .collect();
    let gap = u16::from(wide > 2);
    BarChart::vertical(bars)
        .bar_width(wide - gap)
        .bar_gap(gap)
        .bar_style(style)
        .max(full)
        .render(area, buffer);
}

/// How many of `full` steps a value fills.
pub(crate) fn eighths(value: u64, max: u64, full: u64) -> u64 {
    if value == 0 {
        return 0;
    }
    let steps = u128::from(value) * u128::from(full) / u128::from(max.max(1));
    u64::try_from(steps).unwrap_or(full).clamp(1, full)
}

/// A bar from the left.
pub(crate) fn bar(buffer: &mut Buffer, area: Rect, value: u64, max: u64, style: Style) {
    let full = u64::from(area.width) * EIGHTHS;
    // A gauge leaves room for its label in its middle row, even for none: the row above is whole.
    let mut whole = Buffer::empty(Rect { height: 2, ..area });
    Gauge::default()
        .ratio(portion(eighths(value, max, full), full.max(1)))
        .label("")
        .use_unicode(true)
        .gauge_style(style)
        .render(whole.area, &mut whole);
    for x in area.left()..area.right() {
        if let (Some(to), Some(from)) = (buffer.cell_mut((x, area.y)), whole.cell((x, area.y))) {
            *to = from.clone();
        }
    }
}

/// A line through the middles of columns that are so wide; where there is no value, it is broken.
pub(crate) fn line(
    buffer: &mut Buffer,
    area: Rect,
    values: &[Option<u64>],
    wide: u16,
    max: u64,
    style: Style,
) {
    let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    let mut x = f64::from(wide - 1) / 2.0;
    for value in values {
        match (value, runs.last_mut()) {
            (Some(value), Some(run)) => run.push((x, portion(*value, max.max(1)))),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
        x += f64::from(wide);
    }
    let sets = runs.iter().map(|run| {
        let graph = if run.len() > 1 {
            GraphType::Line
        } else {
            GraphType::Scatter
        };
        Dataset::default()
            .marker(Marker::Braille)
            .graph_type(graph)
            .style(style)
            .data(run)
    });
    let across = f64::from(area.width.saturating_sub(1));
    Chart::new(sets.collect())
        .x_axis(Axis::default().bounds([0.0, across]))
        .y_axis(Axis::default().bounds([0.0, 1.0]))
        .render(area, buffer);
}

/// Columns that a text takes.
pub(crate) fn width_of(text: &str) -> u16 {
    u16::try_from(Span::raw(text).width()).unwrap_or(u16::MAX)
}

/// A text in so many columns; what is cut ends with `…`.
pub(crate) fn cut(text: &str, room: u16) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for character in text.chars() {
        let longer = format!("{out}{character}");
        if width_of(&longer) + 1 > room {
            break;
        }
        out = longer;
    }
    out + "…"
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture has fewer steps than a double has digits"
)]
fn portion(value: u64, max: u64) -> f64 {
    (value as f64 / max as f64).min(1.0)
}

/// Compares a picture with the one of that name in docs/terminal.md. `UPDATE_SCREENS=1` writes it
/// there instead, to be looked at.
#[cfg(test)]
pub(crate) fn documented(name: &str, picture: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/terminal.md");
    let page = std::fs::read_to_string(path).unwrap();
    let mark = format!("<!-- screen: {name} -->\n```text\n");
    let begin = page.find(&mark).expect("a place for the picture") + mark.len();
    let length = page[begin..].find("```\n").expect("its end");
    let there = &page[begin..begin + length];
    if there == picture {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_SCREENS").is_some(),
        "docs/terminal.md shows {name} otherwise:\n{there}\nand it is:\n{picture}"
    );
    let page = [&page[..begin], picture, &page[begin + length..]].concat();
    std::fs::write(path, page).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(color: bool) -> Paper {
        Paper::new(Some(30), Charset::Unicode, color)
    }

    #[test]
    fn a_picture_fits_the_terminal_within_reason() {
        for (width, expected) in [
            (None, 100),
            (Some(80), 80),
            (Some(40), 40),
            (Some(10), 30),
            (Some(250), 120),
            (Some(1 << 20), 120),
        ] {
            let paper = Paper::new(width, Charset::Unicode, false);
            assert_eq!(paper.width, expected, "{width:?}");
        }
    }

    #[test]
    fn whatever_is_more_than_nothing_can_be_seen() {
        let mut buffer = paper(false).rows(2);
        let area = Rect::new(0, 0, 30, 2);
        let values = [0, 1, 500_000, 1_000_000];
        columns(&mut buffer, area, &values, 1, 1_000_000, Style::new());
        assert_eq!(paper(false).print(buffer), "   █\n ▁██\n");
        let mut buffer = paper(false).rows(1);
        bar(
            &mut buffer,
            Rect::new(0, 0, 10, 1),
            1,
            1_000_000,
            Style::new(),
        );
        assert_eq!(paper(false).print(buffer), "▏\n");
        let mut buffer = paper(false).rows(1);
        bar(&mut buffer, Rect::new(0, 0, 10, 1), 7, 7, Style::new());
        assert_eq!(paper(false).print(buffer), "██████████\n");
        assert_eq!(eighths(u64::MAX, u64::MAX, 8), 8);
    }

    #[test]
    fn a_line_is_broken_where_nothing_is_known() {
        let mut buffer = paper(false).rows(1);
        let values = [Some(1), Some(1), None, None, Some(10), Some(10)];
        line(
            &mut buffer,
            Rect::new(0, 0, 12, 1),
            &values,
            2,
            10,
            Style::new(),
        );
        let text = paper(false).print(buffer);
        assert_eq!(text, "⢀⣀⣀      ⠉⠉⠁\n");
    }

    #[test]
    fn colour_is_printed_only_where_it_is_wanted_and_ends_with_its_line() {
        for (color, expected) in [(true, "a \x1b[0;31mb\x1b[0m\n"), (false, "a b\n")] {
            let mut buffer = paper(color).rows(1);
            left(&mut buffer, Rect::new(0, 0, 2, 1), "a", Style::new());
            let red = Style::new().fg(Color::Red);
            left(&mut buffer, Rect::new(2, 0, 2, 1), "b", red);
            assert_eq!(paper(color).print(buffer), expected);
        }
    }
}
