//! Lays out rows in the width there is.
//!
//! Key columns never wrap and never go; text columns take what is left and wrap; other columns go
//! by rank until the rest fits; when even the keys do not fit, each row becomes a record.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets::NOTHING};

use super::Rank;

/// Space between columns.
const GAP: usize = 2;
/// A text column narrower than this is not worth reading.
const TEXT_MIN: usize = 24;

/// A column as the layout sees it.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) rank: Rank,
}

/// Finished lines, and how many columns had no room.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) text: String,
    pub(crate) hidden: usize,
}

/// Lays out a list. `width` is that of the terminal; without one nothing is left out.
pub(crate) fn list(
    heads: &[Head],
    rows: &[Vec<String>],
    width: Option<usize>,
    header: bool,
) -> Layout {
    let natural: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(index, head)| {
            let cells = rows
                .iter()
                .filter_map(|row| row.get(index))
                .map(|cell| measure(cell));
            cells
                .max()
                .unwrap_or(0)
                .max(if header { measure(&head.title) } else { 0 })
                .max(1)
        })
        .collect();
    let Some(width) = width else {
        let all: Vec<usize> = (0..heads.len()).collect();
        return Layout {
            text: draw(heads, rows, &all, &natural, header),
            hidden: 0,
        };
    };
    match choose(heads, &natural, width) {
        Some(kept) => {
            let widths = share(heads, &natural, &kept, width);
            let hidden = heads.len() - kept.len();
            Layout {
                text: draw(heads, rows, &kept, &widths, header),
                hidden,
            }
        }
        None => Layout {
            text: records(heads, rows),
            hidden: 0,
        },
    }
}

/// The columns that fit, or `None` when not even the keys do.
fn choose(heads: &[Head], natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let mut kept: Vec<usize> = (0..heads.len()).collect();
    loop {
        let least = |index: &usize| match heads[*index].rank {
            Rank::Text(_) => natural[*index].min(TEXT_MIN),
            _ => natural[*index],
        };
        let total = kept.iter().map(least).sum::<usize>() + GAP * kept.len().saturating_sub(1);
        if total <= width {
            return Some(kept);
        }
        let droppable = kept
            .iter()
            .copied()
            .filter_map(|index| match heads[index].rank {
                Rank::Key => None,
                Rank::Wide => Some((0, index)),
                Rank::Column(rank) | Rank::Text(rank) => Some((rank, index)),
            });
        // The lowest rank goes first, and of equals the one further to the right.
        let (_, goes) = droppable.min_by_key(|(rank, index)| (*rank, usize::MAX - index))?;
        kept.retain(|index| *index != goes);
    }
}

/// Gives text columns what the others leave, up to what they need.
fn share(heads: &[Head], natural: &[usize], kept: &[usize], width: usize) -> Vec<usize> {
    let is_text = |index: usize| matches!(heads[index].rank, Rank::Text(_));
    let fixed: usize = kept
        .iter()
        .filter(|index| !is_text(**index))
        .map(|index| natural[*index])
        .sum();
    let mut left = width.saturating_sub(fixed + GAP * kept.len().saturating_sub(1));
    let mut open = kept.iter().filter(|index| is_text(**index)).count();
    let mut widths = natural.to_vec();
    let mut texts: Vec<usize> = kept
        .iter()
        .copied()
        .filter(|index| is_text(*index))
        .collect();
    texts.sort_by_key(|index| natural[*index]);
    for index in texts {
        widths[index] = natural[index].min(left / open.max(1)).max(1);
        left -= widths[index].min(left);
        open -= 1;
    }
    widths
}

fn draw(
    heads: &[Head],
    rows: &[Vec<String>],
    kept: &[usize],
    widths: &[usize],
    header: bool,
) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .force_no_tty()
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::MAX);
    if header {
        table.set_header(kept.iter().map(|index| heads[*index].title.clone()));
    }
    for row in rows {
        table.add_row(
            kept.iter()
                .map(|index| row.get(*index).cloned().unwrap_or_default()),
        );
    }
    let last = kept.len().saturating_sub(1);
    for (place, index) in kept.iter().enumerate() {
        let gap = if place == last { 0 } else { GAP };
        if let Some(column) = table.column_mut(place) {
            let whole = u16::try_from(widths[*index] + gap).unwrap_or(u16::MAX);
            column.set_padding((0, u16::try_from(gap).unwrap_or(0)));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(whole)));
        }
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

/// One block for each row: a line for each column.
pub(crate) fn records(heads: &[Head], rows: &[Vec<String>]) -> String {
    let label = heads
        .iter()
        .map(|head| measure(&head.title))
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        for (head, cell) in heads.iter().zip(row) {
            let pad = " ".repeat(label - measure(&head.title));
            text.extend([head.title.as_str(), &pad, "  ", cell, "\n"]);
        }
    }
    text
}

fn measure(text: &str) -> usize {
    console::measure_text_width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads() -> Vec<Head> {
        [
            ("NAME", Rank::Key),
            ("ADDRESS", Rank::Key),
            ("RELAY USER", Rank::Column(5)),
            ("STATE", Rank::Column(8)),
            ("LAST SEEN", Rank::Column(3)),
            ("NOTE", Rank::Text(1)),
        ]
        .map(|(title, rank)| Head {
            title: title.to_owned(),
            rank,
        })
        .to_vec()
    }

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
        vec![
            row([
                "erp-prod",
                "203.0.113.10/32",
                "erp",
                "active",
                "2026-11-21T20:41:07Z",
                "stands in the cellar behind the door that nobody ever opens",
            ]),
            row([
                "scanner-floor-3",
                "2001:db8:85a3::8a2e:370:7334/128",
                "scanner",
                "suspended",
                "-",
                "-",
            ]),
        ]
    }

    fn widest(text: &str) -> usize {
        text.lines().map(measure).max().unwrap_or(0)
    }

    #[test]
    fn at_120_columns_the_text_wraps_and_nothing_is_hidden() {
        let layout = list(&heads(), &rows(), Some(140), true);
        assert_eq!(layout.hidden, 0);
        assert!(widest(&layout.text) <= 140, "{}", layout.text);
        let layout = list(&heads(), &rows(), Some(120), true);
        assert!(widest(&layout.text) <= 120, "{}", layout.text);
        assert!(layout.text.contains("2026-11-21T20:41:07Z"));
    }

    #[test]
    fn at_80_columns_the_lowest_ranks_go() {
        let layout = list(&heads(), &rows(), Some(80), true);
        assert_eq!(layout.hidden, 2);
        assert_eq!(
            layout.text,
            "NAME             ADDRESS                           RELAY USER  STATE\n\
             erp-prod         203.0.113.10/32                   erp         active\n\
             scanner-floor-3  2001:db8:85a3::8a2e:370:7334/128  scanner     suspended\n"
        );
    }

    #[test]
    fn at_40_columns_every_row_is_a_record_and_no_key_is_split() {
        let layout = list(&heads(), &rows(), Some(40), true);
        assert_eq!(layout.hidden, 0);
        assert!(
            layout
                .text
                .starts_with("NAME        erp-prod\nADDRESS     203.0.113.10/32\n")
        );
        assert!(layout.text.contains("2001:db8:85a3::8a2e:370:7334/128\n"));
    }

    #[test]
    fn without_a_width_nothing_is_left_out() {
        let layout = list(&heads(), &rows(), None, false);
        assert_eq!(layout.hidden, 0);
        assert_eq!(layout.text.lines().count(), 2);
        assert!(
            layout
                .text
                .contains("behind the door that nobody ever opens")
        );
    }

    #[test]
    fn wide_characters_are_measured_as_they_appear() {
        let heads = [("A", Rank::Key), ("B", Rank::Key)].map(|(title, rank)| Head {
            title: title.to_owned(),
            rank,
        });
        let rows = [
            vec!["你好".to_owned(), "x".to_owned()],
            vec!["ab".to_owned(), "y".to_owned()],
        ];
        let layout = list(&heads, &rows, Some(40), true);
        assert_eq!(layout.text, "A     B\n你好  x\nab    y\n");
    }
}
