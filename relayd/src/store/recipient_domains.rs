//! Where mail goes to: counts by domain of the recipients, for each account and day (UTC).
//!
//! Whoever sends to many domains, or makes them up, must not fill the store: the first domains of
//! an account on a day are counted one by one, all others together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::AnyConnection;

use super::{StoreError, record::Record, rows::Rows, tally::DAY};
use crate::model::AccountId;

/// Domains of an account that are counted one by one on a day.
pub const MAX_RECIPIENT_DOMAINS: usize = 200;
/// What the others are counted as; no domain has parentheses.
pub const OTHER_DOMAINS: &str = "(others)";

/// What went to one domain.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Flow {
    pub(super) recipients: i64,
    pub(super) delivered: i64,
    pub(super) failed: i64,
    pub(super) deferred: i64,
}

impl Flow {
    const fn add(&mut self, other: Self) {
        self.recipients += other.recipients;
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.deferred += other.deferred;
    }
}

/// Which domains have a row of their own: those in the store, and those that a transaction wanted
/// to write. One that failed leaves a name behind without a row, which does no harm.
#[derive(Debug, Default)]
pub(super) struct DomainCap(Mutex<Named>);

type Named = BTreeMap<(i64, AccountId), BTreeSet<String>>;

impl DomainCap {
    fn named(&self) -> MutexGuard<'_, Named> {
        // Whoever panicked here left whole names.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a batch adds to the counts.
#[derive(Debug, Default)]
pub(super) struct Domains(BTreeMap<(i64, AccountId, String), Flow>);

impl Domains {
    /// The counts of a domain on the day that begins at `day`.
    pub(super) fn flow(&mut self, day: i64, account: AccountId, domain: String) -> &mut Flow {
        self.0.entry((day, account, domain)).or_default()
    }

    /// Adds everything to the stored counts.
    pub(super) async fn write(
        self,
        tx: &mut AnyConnection,
        cap: &DomainCap,
    ) -> Result<(), StoreError> {
        static COUNT: Rows = Rows::of(
            "INSERT INTO recipient_domains (day, account_id, domain, recipients, delivered, failed,
                                            deferred) VALUES ",
            7,
            " ON CONFLICT (day, account_id, domain) DO UPDATE SET
                recipients = recipient_domains.recipients + excluded.recipients,
                delivered = recipient_domains.delivered + excluded.delivered,
                failed = recipient_domains.failed + excluded.failed,
                deferred = recipient_domains.deferred + excluded.deferred",
        );
        self.load(tx, cap).await?;
        let mut counts: BTreeMap<(i64, AccountId, String), Flow> = BTreeMap::new();
        for ((day, account, domain), flow) in self.0 {
            let domain = place(cap, (day, account), domain);
            counts.entry((day, account, domain)).or_default().add(flow);
        }
        let counts: Vec<_> = counts.iter().collect();
        COUNT
            .execute(tx, &counts, |((day, account, domain), flow), values| {
                values
                    .number(*day)
                    .bytes(account.as_bytes())
                    .text(domain)
                    .number(flow.recipients)
                    .number(flow.delivered)
                    .number(flow.failed)
                    .number(flow.deferred);
            })
            .await
    }

    /// Reads which domains have a row, where that is not known yet, and forgets old days.
    async fn load(&self, tx: &mut AnyConnection, cap: &DomainCap) -> Result<(), StoreError> {
        static SELECT: Rows = Rows::of(
            "SELECT d.day AS day, d.account_id AS account_id, d.domain AS domain
             FROM recipient_domains d JOIN (VALUES ",
            2,
            ") AS v ON d.day = v.column1 AND d.account_id = v.column2",
        );
        let mut unknown: Vec<_> = {
            let mut named = cap.named();
            if let Some((newest, ..)) = self.0.keys().next_back() {
                named.retain(|(day, _), _| *day >= newest - DAY);
            }
            let keys = self.0.keys().map(|(day, account, _)| (*day, *account));
            keys.filter(|key| !named.contains_key(key)).collect()
        };
        unknown.dedup();
        let rows = SELECT
            .fetch(tx, &unknown, |(day, account), values| {
                values.number(*day).bytes(account.as_bytes());
            })
            .await?;
        let mut found: Named = unknown
            .into_iter()
            .map(|key| (key, BTreeSet::new()))
            .collect();
        for row in &rows {
            let record = Record::new("recipient_domains", row);
            let key = (record.number("day")?, record.id("account_id")?);
            let domain = record.text("domain")?.to_owned();
            found.entry(key).or_default().insert(domain);
        }
        let mut named = cap.named();
        for (key, domains) in found {
            named.entry(key).or_default().extend(domains);
        }
        Ok(())
    }
}

/// The domain itself, or the others.
fn place(cap: &DomainCap, key: (i64, AccountId), domain: String) -> String {
    let mut named = cap.named();
    let known = named.entry(key).or_default();
    if known.contains(&domain) {
        return domain;
    }
    if known.len() < MAX_RECIPIENT_DOMAINS {
        known.insert(domain.clone());
        return domain;
    }
    OTHER_DOMAINS.to_owned()
}
