//! What went through, by account, relay user, system and reason.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Accounts, AdminError, Scope, field::Fields};
use crate::{
    model::MessageState,
    store::{Counts, LogFilter, RefusalCount, Span, SystemCounts, Traffic, UserCounts},
};

/// Rows of one answer; whoever has more narrows the span or the account.
const MAX_ROWS: u32 = 1000;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The sum of a span, and what waits now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatsSummary {
    /// Beginning of the first hour counted.
    pub since: Timestamp,
    /// End of the span.
    pub until: Timestamp,
    /// What went through.
    pub counts: Counts,
    /// Refusals at the door.
    pub refused: u64,
    /// Messages that wait now.
    pub queued: u64,
    /// Messages that a person stopped.
    pub held: u64,
}

/// A piece of a span, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// 60 minutes.
    Hour,
    /// From midnight to midnight.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    /// When the piece begins in which the hour lies.
    fn beginning(self, hour: Timestamp) -> Timestamp {
        let date = hour.to_zoned(TimeZone::UTC).date();
        let date = match self {
            Self::Hour => return hour,
            Self::Day => date,
            Self::Month => date.first_of_month(),
        };
        date.to_zoned(TimeZone::UTC)
            .map_or(hour, |midnight| midnight.timestamp())
    }
}

/// What a relay user sent, and what its plan allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStats {
    /// What it sent.
    pub counts: UserCounts,
    /// Messages it may submit in a day; `None` without a subscription.
    pub messages_per_day: Option<u32>,
}

impl Accounts {
    /// The span that a query names: the last 24 hours when it names none.
    pub async fn span(
        &self,
        scope: &Scope,
        account: Option<&str>,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Span, AdminError> {
        let until = until.unwrap_or_else(|| self.clock.now());
        let day = SignedDuration::from_hours(24);
        let since = since.unwrap_or_else(|| until.checked_sub(day).unwrap_or(until));
        let mut fields = Fields::default();
        if since > until {
            fields.refuse("since", "lies behind `until`");
        }
        fields.check()?;
        Ok(Span {
            account: self.account_filter(scope, account).await?,
            since,
            until,
        })
    }

    /// The sum of a span.
    pub async fn summarize_stats(&self, span: Span) -> Result<StatsSummary, AdminError> {
        let waiting = |state| LogFilter {
            account: span.account,
            states: vec![state],
            ..LogFilter::default()
        };
        Ok(StatsSummary {
            since: span.first_hour(),
            until: span.until,
            counts: self.store.sum_usage(&span).await?,
            refused: self.store.sum_refusals(&span).await?,
            queued: self
                .store
                .count_messages(&waiting(MessageState::Queued))
                .await?,
            held: self
                .store
                .count_messages(&waiting(MessageState::Held))
                .await?,
        })
    }

    /// What went through in each piece of a span in which something did, oldest first.
    pub async fn series(
        &self,
        span: Span,
        period: Period,
    ) -> Result<Vec<(Timestamp, Traffic)>, AdminError> {
        let hours = self.store.traffic_by_hour(&span).await?;
        let mut pieces: BTreeMap<_, Traffic> = BTreeMap::new();
        for (hour, traffic) in &hours {
            let piece = pieces.entry(period.beginning(*hour)).or_default();
            piece.add(traffic);
        }
        Ok(pieces.into_iter().collect())
    }

    /// What each relay user sent in a span, most first.
    pub async fn user_stats(&self, span: Span) -> Result<Vec<UserStats>, AdminError> {
        let now = self.clock.now();
        let micros = now.as_microsecond();
        let today = Timestamp::from_microsecond(micros - micros.rem_euclid(MICROS_PER_DAY));
        let rows = self
            .store
            .usage_by_user(&span, today.unwrap_or(now), MAX_ROWS)
            .await?;
        let mut stats = Vec::with_capacity(rows.len());
        for counts in rows {
            let plan = self.plan_of(counts.account_id).await?;
            stats.push(UserStats {
                counts,
                messages_per_day: plan.map(|plan| plan.limits.messages_per_day),
            });
        }
        Ok(stats)
    }

    /// What each system sent in a span, most first.
    pub async fn system_stats(&self, span: Span) -> Result<Vec<SystemCounts>, AdminError> {
        Ok(self.store.usage_by_system(&span, MAX_ROWS).await?)
    }

    /// Refusals of a span by reason, most first.
    pub async fn error_stats(&self, span: Span) -> Result<Vec<RefusalCount>, AdminError> {
        Ok(self.store.refusals_by_reason(&span, MAX_ROWS).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_lies_in_its_day_and_month() {
        let beginning = |period: Period, hour: &str| {
            let hour: Timestamp = hour.parse().unwrap();
            period.beginning(hour).to_string()
        };
        for (period, hour, expected) in [
            (Period::Hour, "2028-02-29T23:00:00Z", "2028-02-29T23:00:00Z"),
            (Period::Day, "2028-02-29T23:00:00Z", "2028-02-29T00:00:00Z"),
            (
                Period::Month,
                "2028-02-29T23:00:00Z",
                "2028-02-01T00:00:00Z",
            ),
            (
                Period::Month,
                "2027-01-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            assert_eq!(beginning(period, hour), expected);
        }
    }
}
