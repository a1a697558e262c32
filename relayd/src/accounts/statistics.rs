//! What went through, by account, relay user, system and reason.

use jiff::{SignedDuration, Timestamp};

use super::{Accounts, AdminError, Scope, field::Fields};
use crate::{
    model::MessageState,
    store::{Counts, LogFilter, RefusalCount, Span, SystemCounts, UserCounts},
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
