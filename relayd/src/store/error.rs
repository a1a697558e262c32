//! What can go wrong with the store, by what the caller decides.

use sqlx::any::AnyQueryResult;

use super::engine;
use crate::model::AccountState;

/// A storage call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store did not answer, or not in time. Nothing is known to be written; try again later.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    /// The disk under the store is full. Nothing was written.
    #[error("the disk under the store is full")]
    Full,
    /// The data contradicts what is stored, such as a name that is taken. Holds the columns as
    /// `table.column`, the same text on every engine, or what the engine said.
    #[error("the store refuses the data: {0}")]
    Conflict(String),
    /// There is no such row.
    #[error("there is no such row")]
    NotFound,
    /// The account has ended and takes nothing more.
    #[error("the account is {0}")]
    Ended(AccountState),
    /// A value in the store cannot be what relayd wrote.
    #[error("table {table}, row {row}: column {column} cannot be read: {problem}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Identifier of the row; empty where it has none.
        row: String,
        /// What is wrong with the value.
        problem: String,
    },
    /// A newer relayd has written this store.
    #[error(
        "the store has version {found}, this relayd knows versions up to {known}; install the relayd that wrote it, or a newer one"
    )]
    Newer {
        /// Version of the store.
        found: i64,
        /// The last version that this program knows.
        known: i64,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(error) => engine::judge(error.as_ref()),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// `NotFound` where a statement met no row: it is gone, or its version is another one by now.
pub(super) fn found(done: &AnyQueryResult) -> Result<(), StoreError> {
    match done.rows_affected() {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}
