//! How often mail was refused, failed or was put off, by reason.

use std::collections::{BTreeMap, btree_map::Entry};

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{ERRORS, REFUSED, group, name_or_id, narrow, read_at, read_id, select_keys};
use crate::{
    model::{AccountId, Reason, SystemId, UserId},
    store::{
        ErrorKind, Period, Span, Store, StoreError,
        condition::Statement,
        record::Record,
        span::{Chunk, chunks, select_runs},
    },
};

/// How often something was refused, failed or was put off for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorCount {
    /// When the piece begins, where there are pieces.
    pub begins_at: Option<Timestamp>,
    /// Name of the account, where known.
    pub account: Option<String>,
    /// Name of the relay user, where known.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// What it came to.
    pub kind: ErrorKind,
    /// Why.
    pub reason: Reason,
    /// How often.
    pub count: u64,
}

impl Store {
    /// How often mail was refused, failed or was put off, by reason; most first.
    pub async fn errors_by_reason(
        &self,
        span: &Span,
        period: Option<Period>,
        limit: u32,
    ) -> Result<Vec<ErrorCount>, StoreError> {
        let mut tx = self.reads().begin_with(self.engine().snapshot()).await?;
        let mut sums: BTreeMap<ErrorKey, ErrorCount> = BTreeMap::new();
        for chunk in chunks(&mut tx, span, period).await? {
            let statement = of_errors(span, &chunk, period);
            for row in &statement.fetch_in(&mut tx).await? {
                let (key, count) = read_error(row, period, &chunk)?;
                match sums.entry(key) {
                    Entry::Vacant(place) => drop(place.insert(count)),
                    Entry::Occupied(mut known) => known.get_mut().count += count.count,
                }
            }
            if sums.len() > limit as usize {
                break;
            }
        }
        tx.commit().await?;
        let mut merged: Vec<_> = sums.into_values().collect();
        merged.sort_by_cached_key(|it| {
            let often = std::cmp::Reverse(it.count);
            let name = (it.account.clone(), it.user.clone(), it.system.clone());
            (it.begins_at, often, it.reason, it.kind, name)
        });
        Ok(merged)
    }
}

/// Errors by reason in a part of a span.
fn of_errors(span: &Span, chunk: &Chunk, period: Option<Period>) -> Statement {
    let mut keys = vec!["account_id", "user_id", "system_id", "kind", "reason"];
    keys.extend(period.and_then(Period::key));
    let mut statement = Statement::new(&format!(
        "SELECT g.*, COALESCE(a.name, '') AS account, COALESCE(r.username, '') AS username,
            COALESCE(s.name, '') AS system_name FROM (SELECT {REFUSED}"
    ));
    select_keys(&mut statement, &keys);
    let columns = "account_id, user_id, system_id, kind, reason, count";
    select_runs(&mut statement, chunk, ERRORS, columns, |statement| {
        narrow(statement, span);
    });
    group(&mut statement, &keys);
    statement
        .text(") g LEFT JOIN accounts a ON a.id = g.account_id")
        .text(" LEFT JOIN relay_users r ON r.id = g.user_id")
        .text(" LEFT JOIN systems s ON s.id = g.system_id");
    statement
}

type ErrorKey = (Option<Timestamp>, [Vec<u8>; 3], ErrorKind, Reason);

fn read_error(
    row: &AnyRow,
    period: Option<Period>,
    chunk: &Chunk,
) -> Result<(ErrorKey, ErrorCount), StoreError> {
    let record = Record::new("error_counts", row);
    let account: Option<AccountId> = read_id(&record, "account_id")?;
    let user: Option<UserId> = read_id(&record, "user_id")?;
    let system: Option<SystemId> = read_id(&record, "system_id")?;
    let user = user.filter(|user| *user != UserId::NONE);
    let system = system.filter(|system| *system != SystemId::NONE);
    let count = ErrorCount {
        begins_at: read_at(&record, period, chunk)?,
        account: name_or_id(record.text("account")?, account.as_ref()),
        user: name_or_id(record.text("username")?, user.as_ref()),
        system: name_or_id(record.text("system_name")?, system.as_ref()),
        kind: record.parse("kind")?,
        reason: record.parse("reason")?,
        count: record.number("refused")?,
    };
    let ids = [
        record.bytes("account_id")?.to_vec(),
        record.bytes("user_id")?.to_vec(),
        record.bytes("system_id")?.to_vec(),
    ];
    Ok(((count.begins_at, ids, count.kind, count.reason), count))
}
