//! What went through, hour by hour.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Counts, Span, Store, StoreError,
    condition::Statement,
    record::Record,
    stats::{SUMS, read_counts, within},
};

/// What went through in some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// What was accepted, and what became of it.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
}

impl Traffic {
    /// Adds what went through in another time.
    pub const fn add(&mut self, other: &Self) {
        let (sum, other_counts) = (&mut self.counts, &other.counts);
        sum.accepted += other_counts.accepted;
        sum.recipients += other_counts.recipients;
        sum.bytes += other_counts.bytes;
        sum.delivered += other_counts.delivered;
        sum.failed += other_counts.failed;
        sum.deferred += other_counts.deferred;
        self.refused += other.refused;
    }
}

impl Store {
    /// What went through in each hour of a span in which something did.
    pub async fn traffic_by_hour(
        &self,
        span: &Span,
    ) -> Result<BTreeMap<Timestamp, Traffic>, StoreError> {
        let mut hours: BTreeMap<_, Traffic> = BTreeMap::new();
        let mut usage = Statement::new("SELECT u.hour AS hour, ");
        usage.text(SUMS).text(" FROM usage u WHERE ");
        within(&mut usage, "u", span);
        usage.text(" GROUP BY u.hour");
        for row in &usage.fetch_all(self.reads()).await? {
            let hour = Record::new("usage", row).time("hour")?;
            hours.entry(hour).or_default().counts = read_counts(row)?;
        }
        let mut refusals = Statement::new(
            "SELECT c.hour AS hour, CAST(SUM(c.count) AS BIGINT) AS refused
             FROM refusal_counts c WHERE ",
        );
        within(&mut refusals, "c", span);
        refusals.text(" GROUP BY c.hour");
        for row in &refusals.fetch_all(self.reads()).await? {
            let record = Record::new("refusal_counts", row);
            let hour = record.time("hour")?;
            hours.entry(hour).or_default().refused = record.number("refused")?;
        }
        Ok(hours)
    }
}
