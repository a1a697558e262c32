//! Statements over many rows.
//!
//! A batch of any size is written in pieces of a few fixed sizes, so that every text is prepared
//! once and then reused. Texts live as long as the program.

use std::sync::OnceLock;

use jiff::Timestamp;
use sqlx::{
    Any, AnyConnection, Arguments, Encode, Type,
    any::{AnyArguments, AnyRow},
};

use super::{StoreError, record::micros};

/// Rows of one piece.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Parameters of one piece. SQLite would take 32,766, but finds the name of each by walking a list
/// of all before it: at 1,500 parameters that was the largest single cost of a commit.
const PARAMETERS: usize = 400;

/// A statement with a list of rows, or of single values, in its middle.
pub(super) struct Rows {
    head: &'static str,
    /// Values of one row; 0 for a list of single values without parentheses, as IN takes it.
    width: usize,
    tail: &'static str,
    texts: [OnceLock<String>; SIZES.len()],
}

impl Rows {
    /// `head (…), (…), … tail`, with rows of `width` values.
    pub(super) const fn of(head: &'static str, width: usize, tail: &'static str) -> Self {
        Self {
            head,
            width,
            tail,
            texts: [const { OnceLock::new() }; SIZES.len()],
        }
    }

    /// `head …, …, … tail`: the values of an IN.
    pub(super) const fn list(head: &'static str, tail: &'static str) -> Self {
        Self::of(head, 0, tail)
    }

    /// Runs the statement for all items; `bind` gives the values of each.
    pub(super) async fn execute<T: Sync>(
        &'static self,
        connection: &mut AnyConnection,
        items: &[T],
        bind: impl Fn(&T, &mut Values) + Send,
    ) -> Result<(), StoreError> {
        for (text, piece) in self.pieces(items) {
            let values = Values::of(piece, &bind)?;
            sqlx::query_with(text, values)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    /// Runs the statement for all items and gathers the rows that it returns.
    pub(super) async fn fetch<T: Sync>(
        &'static self,
        connection: &mut AnyConnection,
        items: &[T],
        bind: impl Fn(&T, &mut Values) + Send,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut rows = Vec::new();
        for (text, piece) in self.pieces(items) {
            let values = Values::of(piece, &bind)?;
            let query = sqlx::query_with(text, values);
            rows.extend(query.fetch_all(&mut *connection).await?);
        }
        Ok(rows)
    }

    /// Cuts the items into pieces of the fixed sizes, largest first, each with its text.
    fn pieces<'i, T>(
        &'static self,
        mut items: &'i [T],
    ) -> impl Iterator<Item = (&'static str, &'i [T])> {
        std::iter::from_fn(move || {
            let most = items.len().min(PARAMETERS / self.width.max(1));
            let place = SIZES.iter().position(|size| *size <= most)?;
            let (piece, rest) = items.split_at(SIZES[place]);
            items = rest;
            let text = self.texts[place].get_or_init(|| self.text(SIZES[place]));
            Some((text.as_str(), piece))
        })
    }

    fn text(&self, rows: usize) -> String {
        let row = |row: usize| {
            let first = row * self.width.max(1) + 1;
            let values: Vec<_> = (first..first + self.width.max(1))
                .map(|number| format!("${number}"))
                .collect();
            let values = values.join(",");
            if self.width == 0 {
                values
            } else {
                format!("({values})")
            }
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        format!("{}{}{}", self.head, rows.join(","), self.tail)
    }
}

/// The values of a statement, in order.
#[derive(Default)]
pub(super) struct Values {
    arguments: AnyArguments,
    failed: Option<String>,
}

impl Values {
    fn of<T>(items: &[T], bind: impl Fn(&T, &mut Self)) -> Result<AnyArguments, StoreError> {
        let mut values = Self::default();
        for item in items {
            bind(item, &mut values);
        }
        match values.failed {
            Some(error) => Err(StoreError::Conflict(error)),
            None => Ok(values.arguments),
        }
    }

    /// A byte string.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.add(bytes)
    }

    /// A text. PostgreSQL keeps no NUL in a text, and names and headers are as hostile as their
    /// senders, so each becomes the replacement character.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        if text.contains('\0') {
            return self.add(text.replace('\0', "\u{fffd}"));
        }
        self.add(text)
    }

    /// A whole number.
    pub(super) fn number(&mut self, number: impl Into<i64>) -> &mut Self {
        self.add(number.into())
    }

    /// A time.
    pub(super) fn time(&mut self, time: Timestamp) -> &mut Self {
        self.add(micros(time))
    }

    /// A time, where NULL means none.
    pub(super) fn time_optional(&mut self, time: Option<Timestamp>) -> &mut Self {
        self.add(time.map(micros))
    }

    fn add<'t, T: Encode<'t, Any> + Type<Any>>(&mut self, value: T) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.failed = Some(error.to_string());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_cut_into_few_sizes_and_numbered_anew_in_each() {
        static ROWS: Rows = Rows::of("INSERT INTO t VALUES ", 2, " RETURNING a");
        let items = [0; 64 + 16 + 4 + 2];
        let pieces: Vec<_> = ROWS.pieces(&items).collect();
        let sizes: Vec<_> = pieces.iter().map(|(_, piece)| piece.len()).collect();
        assert_eq!(sizes, [64, 16, 4, 1, 1]);
        assert_eq!(
            pieces[2].0,
            "INSERT INTO t VALUES ($1,$2),($3,$4),($5,$6),($7,$8) RETURNING a"
        );
    }

    #[test]
    fn wide_rows_go_in_smaller_pieces() {
        static WIDE: Rows = Rows::of("INSERT INTO t VALUES ", 24, "");
        let items = [0; 70];
        let sizes: Vec<_> = WIDE.pieces(&items).map(|(_, piece)| piece.len()).collect();
        assert_eq!(sizes, [16, 16, 16, 16, 4, 1, 1]);
    }

    #[test]
    fn a_list_has_no_parentheses_of_its_own() {
        static LIST: Rows = Rows::list("DELETE FROM t WHERE a IN (", ")");
        let (text, _) = LIST.pieces(&[0; 4]).next().unwrap();
        assert_eq!(text, "DELETE FROM t WHERE a IN ($1,$2,$3,$4)");
    }
}
