//! Counters: usage by hour, relay user, system and domain of the sender; errors; recipient domains;
//! and when a system was last seen. All in the transaction that writes what is counted, so that
//! they agree with the log to the last mail.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    NewMessage, RefusalRecord, Settlement, StoreError,
    error_counts::{ErrorKind, Errors},
    recipient_domains::{DomainCap, Domains},
    record::{Record, micros},
    rows::Rows,
};
use crate::model::{
    AccountId, Address, Histogram, MessageId, Reason, RecipientState, ReversePath, SystemId, UserId,
};

/// An hour in microseconds.
pub(super) const HOUR: i64 = 3_600_000_000;
/// A day in microseconds.
pub(super) const DAY: i64 = 24 * HOUR;

/// What a batch adds to the counters. Sorted, so that two nodes lock rows in the same order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    usage: BTreeMap<Place, Usage>,
    /// Cancelled recipients that were delivered all the same.
    not_cancelled: BTreeMap<Place, i64>,
    errors: Errors,
    domains: Domains,
    seen: BTreeMap<SystemId, Timestamp>,
}

/// The row of usage that something is counted in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Start of the hour.
    pub(super) hour: i64,
    pub(super) account: AccountId,
    pub(super) user: UserId,
    pub(super) system: SystemId,
    /// Domain of the sender; empty for none.
    pub(super) domain: String,
}

#[derive(Debug, Default)]
struct Usage {
    accepted: i64,
    notices: i64,
    recipients: i64,
    bytes: i64,
    delivered: i64,
    failed: i64,
    cancelled: i64,
    deferred: i64,
    times: Histogram,
}

/// What became of one recipient by a settlement.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) message_id: MessageId,
    pub(super) state: RecipientState,
    /// Its address.
    pub(super) address: String,
    /// Why it failed.
    pub(super) reason: Option<Reason>,
    /// Whether a person had cancelled it meanwhile.
    pub(super) was_cancelled: bool,
    /// When; not known of before cancellations were counted.
    pub(super) cancelled_at: Option<Timestamp>,
}

/// Start of the hour of a time, in microseconds.
pub(super) fn hour(time: Timestamp) -> i64 {
    let micros = micros(time);
    micros - micros.rem_euclid(HOUR)
}

/// Start of the day (UTC) of a time in microseconds.
pub(super) const fn day(micros: i64) -> i64 {
    micros - micros.rem_euclid(DAY)
}

/// The domain of a sender; empty for none.
fn sender_domain(path: &ReversePath) -> &str {
    path.address().map_or("", Address::domain)
}

/// The domain of a stored address; empty for none.
pub(super) fn domain_of(address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.to_lowercase()
}

impl Place {
    fn of_settlement(settlement: &Settlement, at: Timestamp) -> Self {
        Self {
            hour: hour(at),
            account: settlement.account_id,
            user: settlement.user_id,
            system: settlement.system_id,
            domain: sender_domain(&settlement.reverse_path).to_owned(),
        }
    }
}

impl Tally {
    /// Counts a message that somebody submitted. One of a device is counted against the limits of
    /// its relay user, at least; relayd's own against none.
    pub(super) fn accept(&mut self, message: &NewMessage) {
        self.accept_any(message, message.quotas.is_empty());
        let seen = self.seen.entry(message.system_id).or_default();
        *seen = (*seen).max(message.accepted_at);
    }

    /// Counts a notice of what became of a message.
    pub(super) fn accept_notice(&mut self, message: &NewMessage) {
        self.accept_any(message, true);
    }

    fn accept_any(&mut self, message: &NewMessage, is_notice: bool) {
        let place = Place {
            hour: hour(message.accepted_at),
            account: message.account_id,
            user: message.user_id,
            system: message.system_id,
            domain: sender_domain(&message.envelope.reverse_path).to_owned(),
        };
        let day = day(place.hour);
        let usage = self.usage.entry(place).or_default();
        let recipients = &message.envelope.recipients;
        usage.accepted += 1;
        usage.notices += i64::from(is_notice);
        usage.recipients += i64::try_from(recipients.len()).unwrap_or(i64::MAX);
        usage.bytes += i64::try_from(message.size).unwrap_or(i64::MAX);
        for recipient in recipients {
            let domain = recipient.address.domain().to_owned();
            self.domains
                .flow(day, message.account_id, domain)
                .recipients += 1;
        }
    }

    /// Counts what came of an attempt: what became of its recipients, and whether the rest was put
    /// off.
    pub(super) fn settle(
        &mut self,
        settlement: &Settlement,
        settled: &[&Settled],
        put_off_for: &[Reason],
        was_put_off: bool,
    ) {
        let place = Place::of_settlement(settlement, settlement.at);
        if settled.is_empty() && !was_put_off {
            return;
        }
        for reason in put_off_for {
            self.errors.add(&place, ErrorKind::Deferred, *reason);
        }
        let took = settlement.at.duration_since(settlement.accepted_at);
        let took = Duration::try_from(took).unwrap_or_default();
        let usage = self.usage.entry(place.clone()).or_default();
        usage.deferred += i64::from(was_put_off);
        for it in settled {
            let domain = domain_of(&it.address);
            let flow = self.domains.flow(day(place.hour), place.account, domain);
            match it.state {
                RecipientState::Delivered => {
                    usage.delivered += 1;
                    usage.times.record(took, 1);
                    flow.delivered += 1;
                }
                RecipientState::Failed => {
                    usage.failed += 1;
                    flow.failed += 1;
                    if let Some(reason) = it.reason {
                        self.errors.add(&place, ErrorKind::Failed, reason);
                    }
                }
                RecipientState::Queued => flow.deferred += i64::from(was_put_off),
                RecipientState::Cancelled => usage.cancelled += 1,
            }
            if let Some(at) = it.cancelled_at {
                let then = Place::of_settlement(settlement, at);
                *self.not_cancelled.entry(then).or_default() += 1;
            }
        }
    }

    /// Counts recipients that a person cancelled.
    pub(super) fn cancel(&mut self, place: Place, recipients: i64) {
        self.usage.entry(place).or_default().cancelled += recipients;
    }

    /// Counts a refusal at the door.
    pub(super) fn refuse(&mut self, refusal: &RefusalRecord) {
        self.errors.add_refusal(refusal);
    }

    /// Adds everything to the stored counters.
    pub(super) async fn write(
        self,
        tx: &mut AnyConnection,
        cap: &DomainCap,
    ) -> Result<(), StoreError> {
        self.open_days(tx).await?;
        let long = self.write_usage(tx).await?;
        shorten(tx, &long).await?;
        self.take_back(tx).await?;
        self.errors.write(tx).await?;
        self.write_seen(tx).await?;
        self.domains.write(tx, cap).await
    }

    /// Days that are written to are not summed up any more. First of all, since whoever sums a day
    /// up keeps others from this table meanwhile.
    async fn open_days(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        static OPEN: Rows = Rows::list("DELETE FROM summed_days WHERE day IN (", ")");
        let usage = self.usage.keys().chain(self.not_cancelled.keys());
        let hours = usage.map(|place| place.hour).chain(self.errors.hours());
        let mut days: Vec<i64> = hours.map(day).collect();
        days.sort_unstable();
        days.dedup();
        OPEN.execute(tx, &days, |day, values| {
            values.number(*day);
        })
        .await
    }

    /// Gives the rows whose histogram has become long, with their histogram.
    async fn write_usage(
        &self,
        tx: &mut AnyConnection,
    ) -> Result<Vec<(Place, Histogram)>, StoreError> {
        static COUNT: Rows = Rows::of(
            "INSERT INTO usage (hour, account_id, user_id, system_id, domain, accepted, notices,
                                recipients, bytes, delivered, failed, cancelled, deferred, times)
             VALUES ",
            14,
            " ON CONFLICT (hour, account_id, user_id, system_id, domain) DO UPDATE SET
                accepted = usage.accepted + excluded.accepted,
                notices = usage.notices + excluded.notices,
                recipients = usage.recipients + excluded.recipients,
                bytes = usage.bytes + excluded.bytes,
                delivered = usage.delivered + excluded.delivered,
                failed = usage.failed + excluded.failed,
                cancelled = usage.cancelled + excluded.cancelled,
                deferred = usage.deferred + excluded.deferred,
                times = usage.times || excluded.times
              RETURNING hour, account_id, user_id, system_id, domain,
                CASE WHEN LENGTH(times) > 400 THEN times ELSE '' END AS times",
        );
        let usage: Vec<_> = self.usage.iter().collect();
        let rows = COUNT
            .fetch(tx, &usage, |(place, usage), values| {
                values
                    .number(place.hour)
                    .bytes(place.account.as_bytes())
                    .bytes(place.user.as_bytes())
                    .bytes(place.system.as_bytes())
                    .text(&place.domain)
                    .number(usage.accepted)
                    .number(usage.notices)
                    .number(usage.recipients)
                    .number(usage.bytes)
                    .number(usage.delivered)
                    .number(usage.failed)
                    .number(usage.cancelled)
                    .number(usage.deferred)
                    .text(&usage.times.to_string());
            })
            .await?;
        let mut long = Vec::new();
        for row in &rows {
            let record = Record::new("usage", row);
            let times = record.histogram("times")?;
            if times.count() > 0 {
                let place = Place {
                    hour: record.number("hour")?,
                    account: record.id("account_id")?,
                    user: record.id("user_id")?,
                    system: record.id("system_id")?,
                    domain: record.text("domain")?.to_owned(),
                };
                long.push((place, times));
            }
        }
        Ok(long)
    }

    async fn take_back(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        static TAKE: Rows = Rows::of(
            "UPDATE usage SET cancelled = usage.cancelled - v.column6 FROM (VALUES ",
            6,
            ") AS v WHERE usage.hour = v.column1 AND usage.account_id = v.column2
                AND usage.user_id = v.column3 AND usage.system_id = v.column4
                AND usage.domain = v.column5",
        );
        let wrong: Vec<_> = self.not_cancelled.iter().collect();
        TAKE.execute(tx, &wrong, |(place, count), values| {
            values
                .number(place.hour)
                .bytes(place.account.as_bytes())
                .bytes(place.user.as_bytes())
                .bytes(place.system.as_bytes())
                .text(&place.domain)
                .number(**count);
        })
        .await
    }

    async fn write_seen(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        static SEE: Rows = Rows::of(
            "UPDATE systems SET last_seen_at = v.column2 FROM (VALUES ",
            2,
            ") AS v WHERE systems.id = v.column1",
        );
        let seen: Vec<_> = self.seen.iter().collect();
        SEE.execute(tx, &seen, |(system, at), values| {
            values.bytes(system.as_bytes()).time(**at);
        })
        .await
    }
}

/// Writes histograms anew that have become long.
async fn shorten(tx: &mut AnyConnection, long: &[(Place, Histogram)]) -> Result<(), StoreError> {
    static SHORTEN: Rows = Rows::of(
        "UPDATE usage SET times = v.column6 FROM (VALUES ",
        6,
        ") AS v WHERE usage.hour = v.column1 AND usage.account_id = v.column2
            AND usage.user_id = v.column3 AND usage.system_id = v.column4
            AND usage.domain = v.column5",
    );
    SHORTEN
        .execute(tx, long, |(place, times), values| {
            values
                .number(place.hour)
                .bytes(place.account.as_bytes())
                .bytes(place.user.as_bytes())
                .bytes(place.system.as_bytes())
                .text(&place.domain)
                .text(&times.to_string());
        })
        .await
}
