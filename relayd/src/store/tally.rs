//! Counters: usage by relay user, system and hour, and when a system was last seen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{NewMessage, Settlement, StoreError, record::micros, rows::Rows};
use crate::model::{AccountId, SystemId, UserId};

/// What a batch adds to the counters. Sorted, so that two nodes lock rows in the same order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    usage: BTreeMap<(UserId, i64, SystemId, AccountId), Usage>,
    seen: BTreeMap<SystemId, Timestamp>,
}

#[derive(Debug, Default)]
struct Usage {
    accepted: i64,
    recipients: i64,
    bytes: i64,
    delivered: i64,
    failed: i64,
    deferred: i64,
}

/// Start of the hour of a time, in microseconds.
pub(super) fn hour(time: Timestamp) -> i64 {
    const HOUR: i64 = 3_600_000_000;
    let micros = micros(time);
    micros - micros.rem_euclid(HOUR)
}

impl Tally {
    /// Counts an accepted message.
    pub(super) fn accept(&mut self, message: &NewMessage) {
        let key = (
            message.user_id,
            hour(message.accepted_at),
            message.system_id,
            message.account_id,
        );
        let usage = self.usage.entry(key).or_default();
        let recipients = message.envelope.recipients.len();
        usage.accepted += 1;
        usage.recipients += i64::try_from(recipients).unwrap_or(i64::MAX);
        usage.bytes += i64::try_from(message.size).unwrap_or(i64::MAX);
        let seen = self.seen.entry(message.system_id).or_default();
        *seen = (*seen).max(message.accepted_at);
    }

    /// Counts what came of an attempt: recipients handed over and failed, and whether the rest
    /// was put off.
    pub(super) fn settle(
        &mut self,
        settlement: &Settlement,
        delivered: i64,
        failed: i64,
        is_deferred: bool,
    ) {
        if delivered == 0 && failed == 0 && !is_deferred {
            return;
        }
        let key = (
            settlement.user_id,
            hour(settlement.at),
            settlement.system_id,
            settlement.account_id,
        );
        let usage = self.usage.entry(key).or_default();
        usage.delivered += delivered;
        usage.failed += failed;
        usage.deferred += i64::from(is_deferred);
    }

    /// Adds everything to the stored counters.
    pub(super) async fn write(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        static COUNT: Rows = Rows::of(
            "INSERT INTO usage (user_id, hour, system_id, account_id, accepted, recipients, bytes,
                                delivered, failed, deferred) VALUES ",
            10,
            " ON CONFLICT (user_id, hour, system_id) DO UPDATE SET
                accepted = usage.accepted + excluded.accepted,
                recipients = usage.recipients + excluded.recipients,
                bytes = usage.bytes + excluded.bytes,
                delivered = usage.delivered + excluded.delivered,
                failed = usage.failed + excluded.failed,
                deferred = usage.deferred + excluded.deferred",
        );
        static SEE: Rows = Rows::of(
            "UPDATE systems SET last_seen_at = v.column2 FROM (VALUES ",
            2,
            ") AS v WHERE systems.id = v.column1",
        );
        let usage: Vec<_> = self.usage.iter().collect();
        COUNT
            .execute(
                tx,
                &usage,
                |((user, hour, system, account), usage), values| {
                    values
                        .bytes(user.as_bytes())
                        .number(*hour)
                        .bytes(system.as_bytes())
                        .bytes(account.as_bytes())
                        .number(usage.accepted)
                        .number(usage.recipients)
                        .number(usage.bytes)
                        .number(usage.delivered)
                        .number(usage.failed)
                        .number(usage.deferred);
                },
            )
            .await?;
        let seen: Vec<_> = self.seen.iter().collect();
        SEE.execute(tx, &seen, |(system, at), values| {
            values.bytes(system.as_bytes()).time(**at);
        })
        .await
    }
}
