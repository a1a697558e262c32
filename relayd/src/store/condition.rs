//! WHERE clauses that grow with what is asked for.

use futures_util::stream::BoxStream;
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe,
    any::{AnyArguments, AnyQueryResult, AnyRow},
    query::Query,
};

use super::StoreError;

/// A value of a condition.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// A number or time.
    Number(i64),
    /// An id.
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&[u8; 12]> for Value {
    fn from(id: &[u8; 12]) -> Self {
        Self::Bytes(id.to_vec())
    }
}

/// A statement in the making: its text and the values of its parameters.
#[derive(Debug, Default, Clone)]
pub(super) struct Statement {
    text: String,
    values: Vec<Value>,
}

impl Statement {
    /// A statement that begins with `text`.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds text without values. Never text from outside.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds text in which `?` stands for the value, any number of times.
    pub(super) fn with(&mut self, text: &str, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.text.push_str(&text.replace('?', &place));
        self
    }

    /// Adds a condition to the WHERE clause, when there is a value for it.
    pub(super) fn and<V: Into<Value>>(&mut self, condition: &str, value: Option<V>) -> &mut Self {
        if let Some(value) = value {
            self.text.push_str(" AND ");
            self.with(condition, value);
        }
        self
    }

    /// Adds `column IN (…)`; no value at all is false.
    pub(super) fn is_in<V: Into<Value>>(
        &mut self,
        column: &str,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        self.text.push_str(column);
        self.text.push_str(" IN (");
        let mut separator = "";
        for value in values {
            self.text.push_str(separator);
            self.with("?", value);
            separator = ", ";
        }
        if separator.is_empty() {
            self.text.push_str("NULL");
        }
        self.text.push(')');
        self
    }

    /// Runs the statement and gathers its rows.
    pub(super) async fn fetch_all(&self, pool: &AnyPool) -> Result<Vec<AnyRow>, StoreError> {
        Ok(self.query().fetch_all(pool).await?)
    }

    /// Runs the statement and gives its rows one by one.
    pub(super) fn fetch<'s>(
        &'s self,
        pool: &'s AnyPool,
    ) -> BoxStream<'s, Result<AnyRow, sqlx::Error>> {
        self.query().fetch(pool)
    }

    /// Runs the statement in a transaction and gathers its rows.
    pub(super) async fn fetch_in(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<AnyRow>, StoreError> {
        Ok(self.query().fetch_all(connection).await?)
    }

    /// Runs the statement in a transaction.
    pub(super) async fn execute(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<AnyQueryResult, StoreError> {
        Ok(self.query().execute(connection).await?)
    }

    /// The statement that tells how this one is run.
    #[cfg(test)]
    pub(super) fn explain(mut self) -> Self {
        self.text.insert_str(0, "EXPLAIN QUERY PLAN ");
        self
    }

    fn query(&self) -> Query<'_, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(self.text.clone()));
        self.values.iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Number(number) => query.bind(*number),
            Value::Bytes(bytes) => query.bind(bytes.clone()),
        })
    }
}

/// A LIKE pattern for texts that hold `piece`, with the wildcards in it made harmless by `\`.
pub(super) fn containing(piece: &str) -> String {
    let mut pattern = String::from("%");
    push_escaped(&mut pattern, piece);
    pattern.push('%');
    pattern
}

/// Adds a text to a LIKE pattern, with the wildcards in it made harmless by `\`.
pub(super) fn push_escaped(pattern: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_the_order_they_come() {
        let mut statement = Statement::new("SELECT 1 WHERE 1 = 1");
        statement
            .and("a = ?", Some("x"))
            .and("b = ?", None::<i64>)
            .and("(c >= ? OR d >= ?)", Some(7))
            .text(" AND ")
            .is_in("e", [1, 2]);
        assert_eq!(
            statement.text,
            "SELECT 1 WHERE 1 = 1 AND a = $1 AND (c >= $2 OR d >= $2) AND e IN ($3, $4)"
        );
        assert_eq!(statement.values.len(), 4);
    }

    #[test]
    fn wildcards_in_what_is_looked_for_are_harmless() {
        assert_eq!(containing("50%"), "%50\\%%");
    }
}
