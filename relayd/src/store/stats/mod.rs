//! Sums of what was counted, by whom and when.

mod errors;
mod flows;
mod usage;

use jiff::Timestamp;

use super::{Period, Span, StoreError, condition::Statement, record::Record, span::Chunk};
use crate::model::{AccountId, Histogram, SystemId, UserId};

pub use errors::ErrorCount;
pub use flows::DomainFlow;
pub(super) use usage::read_counts;
pub use usage::{GroupBy, UsageRow};

/// What went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages accepted.
    pub accepted: u64,
    /// Those of them that relayd itself wrote: notices of what became of others, codes.
    pub notices: u64,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Bytes of accepted messages.
    pub bytes: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Recipients cancelled.
    pub cancelled: u64,
    /// Times that a message was put off.
    pub deferred: u64,
}

/// What went through in some time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// What was accepted, and what became of it.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// How long recipients waited that were delivered.
    pub times: Histogram,
}

impl Traffic {
    /// Adds what went through besides.
    pub fn add(&mut self, other: &Self) {
        let (sum, add) = (&mut self.counts, &other.counts);
        sum.accepted += add.accepted;
        sum.notices += add.notices;
        sum.recipients += add.recipients;
        sum.bytes += add.bytes;
        sum.delivered += add.delivered;
        sum.failed += add.failed;
        sum.cancelled += add.cancelled;
        sum.deferred += add.deferred;
        self.refused += other.refused;
        self.times.add(&other.times);
    }
}

/// The tables of hours and of days.
const ERRORS: (&str, &str) = ("error_counts", "error_days");

/// SUM of BIGINT is NUMERIC on PostgreSQL, which `Any` cannot read.
const REFUSED: &str = "CAST(COALESCE(SUM(count), 0) AS BIGINT) AS refused";

/// Adds whose rows are meant.
fn narrow(statement: &mut Statement, span: &Span) {
    statement
        .and(
            "account_id = ?",
            span.account.as_ref().map(AccountId::as_bytes),
        )
        .and("user_id = ?", span.user.as_ref().map(UserId::as_bytes))
        .and(
            "system_id = ?",
            span.system.as_ref().map(SystemId::as_bytes),
        )
        .and("domain = ?", span.domain.as_deref());
}

/// Adds the keys to what is selected; that of a period is named `at`.
fn select_keys(statement: &mut Statement, keys: &[&str]) {
    for key in keys {
        let is_name = !key.starts_with("begins");
        let name = if is_name { "" } else { " AS at" };
        statement.text(&format!(", {key}{name}"));
    }
    statement.text(" FROM ");
}

/// Groups by the keys, if there are any.
fn group(statement: &mut Statement, keys: &[&str]) {
    statement.text(" u");
    if !keys.is_empty() {
        statement.text(&format!(" GROUP BY {}", keys.join(", ")));
    }
}

/// When the piece begins that a row is of.
fn read_at(
    record: &Record<'_>,
    period: Option<Period>,
    chunk: &Chunk,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(period) = period else {
        return Ok(None);
    };
    match period.key() {
        Some(_) => record.time("at").map(Some),
        None => Ok(Some(period.beginning(chunk.begins))),
    }
}

/// An id, where an empty one stands for none.
fn read_id<T>(record: &Record<'_>, column: &'static str) -> Result<Option<T>, StoreError>
where
    T: for<'b> TryFrom<&'b [u8], Error: std::fmt::Display>,
{
    match record.bytes(column)? {
        [] => Ok(None),
        _ => record.id(column).map(Some),
    }
}

/// The name, or the id of what was deleted.
fn name_or_id(name: &str, id: Option<&impl ToString>) -> Option<String> {
    if name.is_empty() {
        id.map(ToString::to_string)
    } else {
        Some(name.to_owned())
    }
}
