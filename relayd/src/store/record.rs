//! Columns to values: a row read with its table in mind, so that a bad value can be named.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use jiff::Timestamp;
use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use super::StoreError;
use crate::model::Histogram;

/// A row of one table.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    table: &'static str,
    row: &'r AnyRow,
}

impl<'r> Record<'r> {
    /// Reads `row` as one of `table`.
    pub(super) const fn new(table: &'static str, row: &'r AnyRow) -> Self {
        Self { table, row }
    }

    /// A text.
    pub(super) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        self.value(column)
    }

    /// A text, where NULL means none.
    pub(super) fn text_optional(
        &self,
        column: &'static str,
    ) -> Result<Option<&'r str>, StoreError> {
        self.value(column)
    }

    /// A text that stands for a value: an enum, an address, a network.
    pub(super) fn parse<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.text(column)?;
        text.parse()
            .map_err(|error: T::Err| self.corrupt(column, &error))
    }

    /// A value kept as text, where the empty text means none.
    pub(super) fn parse_optional<T>(&self, column: &'static str) -> Result<Option<T>, StoreError>
    where
        T: FromStr<Err: Display>,
    {
        match self.text(column)? {
            "" => Ok(None),
            _ => self.parse(column).map(Some),
        }
    }

    /// An identifier.
    pub(super) fn id<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'b> TryFrom<&'b [u8], Error: Display>,
    {
        T::try_from(self.bytes(column)?).map_err(|error| self.corrupt(column, &error))
    }

    /// A byte string.
    pub(super) fn bytes(&self, column: &'static str) -> Result<&'r [u8], StoreError> {
        self.value(column)
    }

    /// A byte string, where NULL means none.
    pub(super) fn bytes_optional(
        &self,
        column: &'static str,
    ) -> Result<Option<&'r [u8]>, StoreError> {
        self.value(column)
    }

    /// A whole number of the range that the type takes.
    pub(super) fn number<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: TryFrom<i64, Error: Display>,
    {
        let number: i64 = self.value(column)?;
        T::try_from(number).map_err(|error| self.corrupt(column, &error))
    }

    /// A limit, where 0 means none.
    pub(super) fn limit(&self, column: &'static str) -> Result<Option<u32>, StoreError> {
        let number = self.number(column)?;
        Ok((number != 0).then_some(number))
    }

    /// A size limit in bytes, where 0 means none.
    pub(super) fn size_limit(&self, column: &'static str) -> Result<Option<u64>, StoreError> {
        let number = self.number(column)?;
        Ok((number != 0).then_some(number))
    }

    /// A truth value, kept as 0 or 1.
    pub(super) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        let number: i64 = self.value(column)?;
        match number {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.corrupt(column, &format_args!("{other} is neither 0 nor 1"))),
        }
    }

    /// A time.
    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        let micros: i64 = self.value(column)?;
        Timestamp::from_microsecond(micros).map_err(|error| self.corrupt(column, &error))
    }

    /// A time, where NULL means none.
    pub(super) fn time_optional(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let micros: Option<i64> = self.value(column)?;
        micros
            .map(|micros| {
                Timestamp::from_microsecond(micros).map_err(|error| self.corrupt(column, &error))
            })
            .transpose()
    }

    /// A histogram, kept as text.
    pub(super) fn histogram(&self, column: &'static str) -> Result<Histogram, StoreError> {
        let text = self.text(column)?;
        let mut histogram = Histogram::default();
        if histogram.add_text(text) {
            Ok(histogram)
        } else {
            Err(self.corrupt(column, &format_args!("`{text}` is no histogram")))
        }
    }

    fn value<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: Decode<'r, Any> + Type<Any>,
    {
        self.row
            .try_get(column)
            .map_err(|error| self.corrupt(column, &error))
    }

    /// The error that names this row.
    pub(super) fn corrupt(&self, column: &'static str, problem: &dyn Display) -> StoreError {
        let row = self
            .row
            .try_get::<&[u8], _>("id")
            .ok()
            .and_then(|bytes| crate::model::MessageId::try_from(bytes).ok())
            .map_or_else(String::new, |id| id.to_string());
        StoreError::Corrupt {
            table: self.table,
            column,
            row,
            problem: problem.to_string(),
        }
    }
}

/// A time as it is stored.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// A time as it is stored, where there may be none.
pub(super) fn micros_optional(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_microsecond)
}

/// A text as it is stored. PostgreSQL keeps no NUL in one, and names and headers are as hostile as
/// their senders, so each becomes the replacement character.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
