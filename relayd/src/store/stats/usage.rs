//! What went through, for all or for each of a group.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Counts, ERRORS, REFUSED, Traffic, group, name_or_id, narrow, read_at, read_id, select_keys,
};
use crate::{
    model::{AccountId, SystemId, UserId},
    store::{
        Period, Span, Store, StoreError,
        condition::Statement,
        record::Record,
        span::{Chunk, chunks, select_runs},
    },
};

/// What sums are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// All together.
    Nothing,
    /// Each relay user.
    User,
    /// Each system.
    System,
    /// Each domain of senders, of each account.
    Domain,
}

/// What one of a group sent in one piece of a span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageRow {
    /// When the piece begins, where there are pieces.
    pub begins_at: Option<Timestamp>,
    /// Whose; not of sums over all, and of refusals of whom nobody knows.
    pub account_id: Option<AccountId>,
    /// Name of the account.
    pub account: Option<String>,
    /// The relay user; none for mail of relayd itself.
    pub user_id: Option<UserId>,
    /// Its name, or its id when it was deleted.
    pub user: Option<String>,
    /// The system.
    pub system: Option<String>,
    /// The domain; none for mail without a sender.
    pub domain: Option<String>,
    /// What went through.
    pub traffic: Traffic,
}

const USAGE: (&str, &str) = ("usage", "usage_days");

/// SUM of BIGINT is NUMERIC on PostgreSQL, which `Any` cannot read.
const SUMS: &str = "CAST(COALESCE(SUM(accepted), 0) AS BIGINT) AS accepted,
    CAST(COALESCE(SUM(notices), 0) AS BIGINT) AS notices,
    CAST(COALESCE(SUM(recipients), 0) AS BIGINT) AS recipients,
    CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes,
    CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered,
    CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed,
    CAST(COALESCE(SUM(cancelled), 0) AS BIGINT) AS cancelled,
    CAST(COALESCE(SUM(deferred), 0) AS BIGINT) AS deferred,
    COALESCE(string_agg(times, ''), '') AS times";
const USAGE_COLUMNS: &str = "account_id, user_id, system_id, domain, accepted, notices, recipients,
    bytes, delivered, failed, cancelled, deferred, times";

/// What makes two rows of sums the same one.
type Key = (
    Option<Timestamp>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<String>,
);

impl Store {
    /// What went through in a span.
    pub async fn sum_usage(&self, span: &Span) -> Result<Traffic, StoreError> {
        let rows = self.usage(span, GroupBy::Nothing, None, 1).await?;
        Ok(rows.into_iter().next().unwrap_or_default().traffic)
    }

    /// What went through for each of a group, in each piece of a span: the oldest piece first, in
    /// it who sent most. A number of rows beyond `limit` says that there are too many.
    pub async fn usage(
        &self,
        span: &Span,
        group: GroupBy,
        period: Option<Period>,
        limit: u32,
    ) -> Result<Vec<UsageRow>, StoreError> {
        let mut tx = self.reads().begin_with(self.engine().snapshot()).await?;
        let mut sums: BTreeMap<Key, UsageRow> = BTreeMap::new();
        let selection = Selection { group, period };
        for chunk in chunks(&mut tx, span, period).await? {
            let usage = selection.of_usage(span, &chunk).fetch_in(&mut tx).await?;
            let refusals = selection.of_refusals(span, &chunk);
            let refusals = refusals.fetch_in(&mut tx).await?;
            let usage = usage.iter().map(|row| (row, read_traffic(row)));
            let refusals = refusals.iter().map(|row| (row, read_refused(row)));
            for (row, traffic) in usage.chain(refusals) {
                let traffic = traffic?;
                if traffic != Traffic::default() {
                    let (key, sum) = selection.read_key(row, &chunk)?;
                    sums.entry(key).or_insert(sum).traffic.add(&traffic);
                }
            }
            if sums.len() > limit as usize {
                break;
            }
        }
        tx.commit().await?;
        let mut rows: Vec<_> = sums.into_values().collect();
        rows.sort_by_cached_key(|row| {
            let sent = std::cmp::Reverse((row.traffic.counts.accepted, row.traffic.refused));
            let name = (row.user.clone(), row.system.clone(), row.domain.clone());
            (row.begins_at, sent, row.account.clone(), name)
        });
        Ok(rows)
    }
}

/// What is selected of usage and refusals alike.
struct Selection {
    group: GroupBy,
    period: Option<Period>,
}

impl Selection {
    /// Columns that rows are grouped by.
    fn keys(&self) -> Vec<&'static str> {
        let mut keys = match self.group {
            GroupBy::Nothing => vec![],
            GroupBy::User => vec!["account_id", "user_id"],
            GroupBy::System => vec!["account_id", "system_id"],
            GroupBy::Domain => vec!["account_id", "domain"],
        };
        keys.extend(self.period.and_then(Period::key));
        keys
    }

    fn of_usage(&self, span: &Span, chunk: &Chunk) -> Statement {
        let mut statement = self.head(SUMS);
        select_runs(&mut statement, chunk, USAGE, USAGE_COLUMNS, |statement| {
            narrow(statement, span);
        });
        self.finish(statement)
    }

    fn of_refusals(&self, span: &Span, chunk: &Chunk) -> Statement {
        let mut statement = self.head(REFUSED);
        let columns = "account_id, user_id, system_id, domain, count";
        select_runs(&mut statement, chunk, ERRORS, columns, |statement| {
            statement.text(" AND kind = 'refused'");
            narrow(statement, span);
        });
        self.finish(statement)
    }

    fn head(&self, sums: &str) -> Statement {
        let names = match self.group {
            GroupBy::Nothing => "",
            GroupBy::User => {
                ", COALESCE(a.name, '') AS account, COALESCE(r.username, '') AS username"
            }
            GroupBy::System => {
                ", COALESCE(a.name, '') AS account, COALESCE(s.name, '') AS system_name"
            }
            GroupBy::Domain => ", COALESCE(a.name, '') AS account",
        };
        let mut statement = Statement::new(&format!("SELECT g.*{names} FROM (SELECT {sums}"));
        select_keys(&mut statement, &self.keys());
        statement
    }

    fn finish(&self, mut statement: Statement) -> Statement {
        group(&mut statement, &self.keys());
        statement.text(") g");
        if self.group != GroupBy::Nothing {
            statement.text(" LEFT JOIN accounts a ON a.id = g.account_id");
        }
        match self.group {
            GroupBy::User => statement.text(" LEFT JOIN relay_users r ON r.id = g.user_id"),
            GroupBy::System => statement.text(" LEFT JOIN systems s ON s.id = g.system_id"),
            GroupBy::Nothing | GroupBy::Domain => &mut statement,
        };
        statement
    }

    /// What the row is of, and a sum for it with nothing in it.
    fn read_key(&self, row: &AnyRow, chunk: &Chunk) -> Result<(Key, UsageRow), StoreError> {
        let record = Record::new("usage", row);
        let mut sum = UsageRow {
            begins_at: read_at(&record, self.period, chunk)?,
            ..UsageRow::default()
        };
        if self.group == GroupBy::Nothing {
            return Ok(((sum.begins_at, None, None, None, None), sum));
        }
        let account: Option<AccountId> = read_id(&record, "account_id")?;
        sum.account = name_or_id(record.text("account")?, account.as_ref());
        sum.account_id = account;
        let account = account.map(|id| id.as_bytes().to_vec());
        let mut key = (sum.begins_at, account, None, None, None);
        match self.group {
            GroupBy::Nothing => {}
            GroupBy::User => {
                let user: Option<UserId> = read_id(&record, "user_id")?;
                let user = user.filter(|user| *user != UserId::NONE);
                sum.user = name_or_id(record.text("username")?, user.as_ref());
                sum.user_id = user;
                key.2 = user.map(|id| id.as_bytes().to_vec());
            }
            GroupBy::System => {
                let system: Option<SystemId> = read_id(&record, "system_id")?;
                let system = system.filter(|system| *system != SystemId::NONE);
                sum.system = name_or_id(record.text("system_name")?, system.as_ref());
                key.3 = system.map(|id| id.as_bytes().to_vec());
            }
            GroupBy::Domain => {
                let domain = record.text("domain")?;
                sum.domain = (!domain.is_empty()).then(|| domain.to_owned());
                key.4.clone_from(&sum.domain);
            }
        }
        Ok((key, sum))
    }
}

fn read_traffic(row: &AnyRow) -> Result<Traffic, StoreError> {
    Ok(Traffic {
        counts: read_counts(row)?,
        refused: 0,
        times: Record::new("usage", row).histogram("times")?,
    })
}

pub(in crate::store) fn read_counts(row: &AnyRow) -> Result<Counts, StoreError> {
    let record = Record::new("usage", row);
    Ok(Counts {
        accepted: record.number("accepted")?,
        notices: record.number("notices")?,
        recipients: record.number("recipients")?,
        bytes: record.number("bytes")?,
        delivered: record.number("delivered")?,
        failed: record.number("failed")?,
        cancelled: record.number("cancelled")?,
        deferred: record.number("deferred")?,
    })
}

fn read_refused(row: &AnyRow) -> Result<Traffic, StoreError> {
    Ok(Traffic {
        refused: Record::new("error_counts", row).number("refused")?,
        ..Traffic::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::IdSource,
        store::{SealKey, span::Run, tally::DAY},
    };

    /// Half a day by the hour, and a year by the day.
    fn a_year() -> Chunk {
        let run = |is_by_day, from, to| Run {
            is_by_day,
            from,
            to,
        };
        Chunk {
            begins: Timestamp::UNIX_EPOCH,
            runs: vec![run(false, DAY / 2, DAY), run(true, DAY, 366 * DAY)],
        }
    }

    /// Nothing is read that lies outside of the span, nor of another account.
    #[tokio::test]
    async fn spans_are_read_along_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let plan = async |statement: Statement| {
            let rows = statement.explain().fetch_all(store.reads()).await.unwrap();
            rows.iter()
                .map(|row| Record::new("plan", row).text("detail").unwrap().to_owned())
                .filter(|step| step.contains("usage") || step.contains("error"))
                .collect::<Vec<_>>()
        };
        let chunk = a_year();
        let all = Span::of(Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let of_account = Span {
            account: Some(AccountId::new(&IdSource::new(), Timestamp::UNIX_EPOCH)),
            ..all.clone()
        };
        for group in [GroupBy::Nothing, GroupBy::User] {
            let selection = Selection {
                group,
                period: Some(Period::Day),
            };
            let expected = |hours: &str, days: &str, of_account: bool| {
                let step = |table: &str, column: &str| {
                    if of_account {
                        format!(
                            "SEARCH {table} USING INDEX {table}_account \
                             (account_id=? AND {column}>? AND {column}<?)"
                        )
                    } else {
                        format!("SEARCH {table} USING PRIMARY KEY ({column}>? AND {column}<?)")
                    }
                };
                [step(hours, "hour"), step(days, "day")]
            };
            for (span, is_of_account) in [(&all, false), (&of_account, true)] {
                assert_eq!(
                    plan(selection.of_usage(span, &chunk)).await,
                    expected("usage", "usage_days", is_of_account)
                );
                assert_eq!(
                    plan(selection.of_refusals(span, &chunk)).await,
                    expected("error_counts", "error_days", is_of_account)
                );
            }
        }
    }
}
