//! Statements over many rows.
//!
//! A batch of any size is written in pieces of a few fixed sizes, so that every text is prepared
//! once and then reused. Texts live as long as the program.
//!
//! The parameters stand in the order of their values, so PostgreSQL takes them as `$1`, `$2` … and
//! SQLite as `?`. SQLite would know `$1`, too, but as a name, and finds each name by walking a list
//! of all before it: with 64 rows of 24 that was the largest single cost of a commit.

use std::{borrow::Cow, sync::OnceLock};

use jiff::Timestamp;
use sqlx::{
    Any, AnyConnection, Arguments, Encode, Type,
    any::{AnyArguments, AnyRow},
};

use super::{
    StoreError,
    record::{micros, storable},
};

/// Rows of one piece. sqlx keeps 100 prepared statements for a connection, and the mail path has
/// some fifteen kinds.
const SIZES: [usize; 6] = [32, 16, 8, 4, 2, 1];

/// A statement with a list of rows, or of single values, in its middle.
pub(super) struct Rows {
    head: &'static str,
    /// Values of one row; 0 for a list of single values without parentheses, as IN takes it.
    width: usize,
    tail: &'static str,
    /// For each size the text for SQLite and that for PostgreSQL.
    texts: [[OnceLock<String>; 2]; SIZES.len()],
}

impl Rows {
    /// `head (…), (…), … tail`, with rows of `width` values.
    pub(super) const fn of(head: &'static str, width: usize, tail: &'static str) -> Self {
        Self {
            head,
            width,
            tail,
            texts: [const { [const { OnceLock::new() }; 2] }; SIZES.len()],
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
        for (text, piece) in self.pieces(items, Marker::of(connection)) {
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
        for (text, piece) in self.pieces(items, Marker::of(connection)) {
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
        marker: Marker,
    ) -> impl Iterator<Item = (&'static str, &'i [T])> {
        std::iter::from_fn(move || {
            let place = SIZES.iter().position(|size| *size <= items.len())?;
            let (piece, rest) = items.split_at(SIZES[place]);
            items = rest;
            let text = &self.texts[place][marker as usize];
            let text = text.get_or_init(|| self.text(SIZES[place], marker));
            Some((text.as_str(), piece))
        })
    }

    fn text(&self, rows: usize, marker: Marker) -> String {
        let row = |row: usize| {
            let first = row * self.width.max(1) + 1;
            let values: Vec<_> = (first..first + self.width.max(1))
                .map(|number| match marker {
                    Marker::Plain => "?".to_owned(),
                    Marker::Numbered => format!("${number}"),
                })
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

/// How an engine likes its parameters marked.
#[derive(Debug, Clone, Copy)]
enum Marker {
    /// `?`
    Plain,
    /// `$1`
    Numbered,
}

impl Marker {
    fn of(connection: &AnyConnection) -> Self {
        match connection.backend_name() {
            "SQLite" => Self::Plain,
            _ => Self::Numbered,
        }
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

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        match storable(text) {
            Cow::Borrowed(text) => self.add(text),
            Cow::Owned(text) => self.add(text),
        }
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
        let items = [0; 32 + 32 + 8 + 2 + 1];
        let pieces: Vec<_> = ROWS.pieces(&items, Marker::Numbered).collect();
        let sizes: Vec<_> = pieces.iter().map(|(_, piece)| piece.len()).collect();
        assert_eq!(sizes, [32, 32, 8, 2, 1]);
        assert_eq!(
            pieces[3].0,
            "INSERT INTO t VALUES ($1,$2),($3,$4) RETURNING a"
        );
        let (text, _) = ROWS.pieces(&[0; 2], Marker::Plain).next().unwrap();
        assert_eq!(text, "INSERT INTO t VALUES (?,?),(?,?) RETURNING a");
    }

    #[test]
    fn a_list_has_no_parentheses_of_its_own() {
        static LIST: Rows = Rows::list("DELETE FROM t WHERE a IN (", ")");
        let (text, _) = LIST.pieces(&[0; 4], Marker::Numbered).next().unwrap();
        assert_eq!(text, "DELETE FROM t WHERE a IN ($1,$2,$3,$4)");
    }
}
