//! What went to each domain of recipients.

use std::collections::{BTreeMap, btree_map::Entry};

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{name_or_id, read_id};
use crate::{
    model::AccountId,
    store::{
        Period, Span, Store, StoreError,
        condition::Statement,
        record::{Record, micros},
    },
};

/// What went to one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainFlow {
    /// When the piece begins, where there are pieces.
    pub begins_at: Option<Timestamp>,
    /// Name of the account.
    pub account: Option<String>,
    /// The domain of the recipients.
    pub domain: String,
    /// Recipients of accepted messages.
    pub recipients: u64,
    /// Recipients delivered.
    pub delivered: u64,
    /// Recipients failed.
    pub failed: u64,
    /// Times that a recipient was put off.
    pub deferred: u64,
}

impl DomainFlow {
    const fn add(&mut self, other: &Self) {
        self.recipients += other.recipients;
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.deferred += other.deferred;
    }
}

impl Store {
    /// What went to each domain of recipients, most first. Counted by days: the first and the last
    /// day of the span count whole.
    pub async fn usage_by_recipient_domain(
        &self,
        span: &Span,
        period: Option<Period>,
        limit: u32,
    ) -> Result<Vec<DomainFlow>, StoreError> {
        let keys = match period {
            None => "account_id, domain",
            Some(_) => "day, account_id, domain",
        };
        let mut statement = Statement::new(&format!(
            "SELECT g.*, COALESCE(a.name, '') AS account FROM (SELECT {keys},
                CAST(SUM(recipients) AS BIGINT) AS recipients,
                CAST(SUM(delivered) AS BIGINT) AS delivered,
                CAST(SUM(failed) AS BIGINT) AS failed, CAST(SUM(deferred) AS BIGINT) AS deferred
             FROM recipient_domains"
        ));
        // Months are read as days.
        let days = if period == Some(Period::Month) { 31 } else { 1 };
        statement
            .with(" WHERE day >= ?", micros(span.first_day()))
            .with(" AND day < ?", micros(span.until))
            .and(
                "account_id = ?",
                span.account.as_ref().map(AccountId::as_bytes),
            )
            .and("domain = ?", span.domain.as_deref())
            .text(&format!(" GROUP BY {keys}"))
            .with(" LIMIT ?", (i64::from(limit) + 1) * days)
            .text(") g LEFT JOIN accounts a ON a.id = g.account_id");
        let mut flows: BTreeMap<FlowKey, DomainFlow> = BTreeMap::new();
        for row in &statement.fetch_all(self.reads()).await? {
            let (key, flow) = read_flow(row, period)?;
            match flows.entry(key) {
                Entry::Vacant(place) => drop(place.insert(flow)),
                Entry::Occupied(mut known) => known.get_mut().add(&flow),
            }
        }
        let mut flows: Vec<_> = flows.into_values().collect();
        flows.sort_by_cached_key(|it| {
            let often = std::cmp::Reverse((it.recipients, it.failed));
            (it.begins_at, often, it.account.clone(), it.domain.clone())
        });
        Ok(flows)
    }
}

type FlowKey = (Option<Timestamp>, Vec<u8>, String);

fn read_flow(row: &AnyRow, period: Option<Period>) -> Result<(FlowKey, DomainFlow), StoreError> {
    let record = Record::new("recipient_domains", row);
    let account: Option<AccountId> = read_id(&record, "account_id")?;
    let begins_at = match period {
        Some(period) => Some(period.beginning(record.time("day")?)),
        None => None,
    };
    let flow = DomainFlow {
        begins_at,
        account: name_or_id(record.text("account")?, account.as_ref()),
        domain: record.text("domain")?.to_owned(),
        recipients: record.number("recipients")?,
        delivered: record.number("delivered")?,
        failed: record.number("failed")?,
        deferred: record.number("deferred")?,
    };
    let account = record.bytes("account_id")?.to_vec();
    Ok(((flow.begins_at, account, flow.domain.clone()), flow))
}
