//! In which format results are written, and which columns objects have.

use super::cell::Cell;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people; fits the terminal
    #[default]
    Table,
    /// Every column, as wide as it needs
    Wide,
    /// What the API sent
    Json,
    /// One JSON object a line
    Jsonl,
    /// Tab-separated, escaped, whole numbers, RFC 3339 times
    Tsv,
    /// Names only, one a line
    Name,
}

impl Format {
    /// Whether failures are to be JSON, too.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    pub(crate) const fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }
}

/// When a column may go if the terminal is narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Never; it also never wraps.
    Key,
    /// After those of a lower number.
    Column(u8),
    /// As `Column`, and it wraps.
    Text(u8),
    /// Not in a list unless it is asked for by `-o wide` or `--columns`.
    Wide,
}

/// One column of the objects `T`.
#[derive(Debug)]
pub(crate) struct Column<T> {
    pub(crate) name: &'static str,
    pub(crate) rank: Rank,
    pub(crate) cell: fn(&T) -> Cell,
}

/// How objects `T` are shown.
#[derive(Debug)]
pub(crate) struct View<T: 'static> {
    pub(crate) columns: &'static [Column<T>],
    /// What `-o name` prints.
    pub(crate) name: fn(&T) -> &str,
    /// The hint when a list is empty: what there is none of, and how to make one.
    pub(crate) empty: &'static str,
}

/// Shorthand for the rows of a view.
pub(crate) const fn column<T>(name: &'static str, rank: Rank, cell: fn(&T) -> Cell) -> Column<T> {
    Column { name, rank, cell }
}
