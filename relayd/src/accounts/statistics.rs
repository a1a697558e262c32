//! What went through, by account, relay user, system, domain and reason, against the time before
//! and against the limits.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Accounts, AdminError, LimitTarget, Scope, field::Fields};
use crate::{
    model::{Account, LimitName, LimitScope, MessageState, SystemId, UserId},
    store::{
        DailyLimits, DomainFlow, ErrorCount, GroupBy, LogFilter, Period, Span, Traffic, UsageRow,
    },
};

/// Rows of one answer; whoever has more narrows the span or the account.
const MAX_ROWS: u32 = 10_000;

/// What a query asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatsFilter<'q> {
    /// Name or id of the account.
    pub account: Option<&'q str>,
    /// Name or id of a relay user.
    pub user: Option<&'q str>,
    /// Name or id of a system.
    pub system: Option<&'q str>,
    /// A domain.
    pub domain: Option<&'q str>,
    /// Beginning; 24 hours before the end when not given.
    pub since: Option<Timestamp>,
    /// End; now when not given.
    pub until: Option<Timestamp>,
}

/// The sum of a span, and what waits now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsSummary {
    /// Beginning of the first hour counted.
    pub since: Timestamp,
    /// End of the span.
    pub until: Timestamp,
    /// What went through.
    pub traffic: Traffic,
    /// Messages that wait now.
    pub queued: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// Beginning and end of the span before.
    pub before: (Timestamp, Timestamp),
    /// What went through in it.
    pub traffic_before: Traffic,
    /// Today against the limit; of one account only.
    pub today: Option<StatsToday>,
}

/// What devices submitted today (UTC), and what they may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatsToday {
    /// Messages accepted.
    pub messages: u64,
    /// Messages that are allowed, if there is a limit.
    pub messages_limit: Option<u64>,
    /// Recipients of these messages.
    pub recipients: u64,
    /// Recipients that are allowed, if there is a limit.
    pub recipients_limit: Option<u64>,
}

/// What a relay user sent, and what it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStats {
    /// What it sent.
    pub row: UsageRow,
    /// Messages it may submit in a day; none without a subscription.
    pub messages_per_day: Option<u32>,
    /// Messages it submitted today; none of a piece of a span.
    pub messages_today: Option<u64>,
}

impl Accounts {
    /// The span that a query names: the last 24 hours when it names none.
    pub async fn span(&self, scope: &Scope, filter: StatsFilter<'_>) -> Result<Span, AdminError> {
        let until = filter.until.unwrap_or_else(|| self.clock.now());
        let day = SignedDuration::from_hours(24);
        let since = filter.since.unwrap_or_else(|| earlier(until, day));
        let mut fields = Fields::default();
        if since > until {
            fields.refuse("since", "lies behind `until`");
        }
        fields.check()?;
        let account = self.account_named(scope, filter.account).await?;
        let user = match filter.user {
            Some(key) => Some(self.user_of_stats(account.as_ref(), key).await?),
            None => None,
        };
        let system = match filter.system {
            Some(key) => Some(self.system_of_stats(account.as_ref(), key).await?),
            None => None,
        };
        Ok(Span {
            account: account.map(|account| account.id),
            user,
            system,
            domain: filter.domain.map(str::to_lowercase),
            since,
            until,
        })
    }

    /// A relay user by its name, or any by its id: one that was deleted has counts still.
    async fn user_of_stats(
        &self,
        account: Option<&Account>,
        key: &str,
    ) -> Result<UserId, AdminError> {
        let found = self.store.relay_user_by_name(key).await?;
        let found = found.filter(|user| account.is_none_or(|it| it.id == user.account_id));
        match (found, key.parse()) {
            (Some(user), _) => Ok(user.id),
            (None, Ok(id)) => Ok(id),
            (None, Err(_)) => Err(AdminError::not_found("relay user", key)),
        }
    }

    /// A system by its name, or any by its id: one that was removed has counts still.
    async fn system_of_stats(
        &self,
        account: Option<&Account>,
        key: &str,
    ) -> Result<SystemId, AdminError> {
        let found = match account {
            Some(account) => self.store.system_by_name(account.id, key).await?,
            None => None,
        };
        match (found, key.parse()) {
            (Some(system), _) => Ok(system.id),
            (None, Ok(id)) => Ok(id),
            (None, Err(_)) if account.is_none() => {
                let mut fields = Fields::default();
                fields.refuse("system", "names are unique in an account: name it, too");
                fields.check()?;
                Err(AdminError::not_found("system", key))
            }
            (None, Err(_)) => Err(AdminError::not_found("system", key)),
        }
    }

    /// The sum of a span, of the one before, and of today.
    pub async fn summarize_stats(&self, span: Span) -> Result<StatsSummary, AdminError> {
        let waiting = |state| LogFilter {
            account: span.account,
            states: vec![state],
            ..LogFilter::default()
        };
        let before = before(&span);
        let today = self.today(&span).await?;
        Ok(StatsSummary {
            since: span.first_hour(),
            until: span.until,
            traffic: self.store.sum_usage(&span).await?,
            queued: self
                .store
                .count_messages(&waiting(MessageState::Queued))
                .await?,
            held: self
                .store
                .count_messages(&waiting(MessageState::Held))
                .await?,
            traffic_before: self.store.sum_usage(&before).await?,
            before: (before.since, before.until),
            today,
        })
    }

    /// Today's mail of whom the span is of, against the limit.
    async fn today(&self, span: &Span) -> Result<Option<StatsToday>, AdminError> {
        if span.account.is_none() && span.user.is_none() && span.system.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        let today = Span {
            since: Period::Day.beginning(now),
            until: now,
            ..span.clone()
        };
        let counts = self.store.sum_usage(&today).await?.counts;
        let (messages_limit, recipients_limit) = match span.domain {
            Some(_) => (None, None),
            None => self.limits_of_span(span).await?,
        };
        Ok(Some(StatsToday {
            messages: counts.accepted.saturating_sub(counts.notices),
            messages_limit,
            recipients: counts.recipients.saturating_sub(counts.notices),
            recipients_limit,
        }))
    }

    /// Messages and recipients of a day that whom the span is of may submit.
    async fn limits_of_span(&self, span: &Span) -> Result<(Option<u64>, Option<u64>), AdminError> {
        let own = match (span.system, span.account) {
            (Some(system), _) => return self.limits_of_system(system).await,
            (None, Some(account)) => match self.store.account(account).await? {
                Some(account) => {
                    let name = account.name.clone();
                    self.daily_limits_of(&account, LimitScope::Account, name)
                        .await?
                }
                None => (None, None),
            },
            (None, None) => (None, None),
        };
        let users = self.store.daily_limits(span.account).await?;
        if let Some(user) = span.user {
            let limits = users.get(&user);
            return Ok((
                limits.map(|limits| limits.messages.into()),
                limits.map(|limits| limits.recipients.into()),
            ));
        }
        let active = || users.values().filter(|limits| limits.is_active);
        let sum = |amount: fn(&DailyLimits) -> u32| {
            let sum = active().map(|limits| u64::from(amount(limits))).sum();
            (!users.is_empty()).then_some(sum)
        };
        let at_most = |sum: Option<u64>, own: Option<u64>| match (sum, own) {
            (Some(sum), Some(own)) => Some(sum.min(own)),
            (sum, own) => sum.or(own),
        };
        Ok((
            at_most(sum(|limits| limits.messages), own.0),
            at_most(sum(|limits| limits.recipients), own.1),
        ))
    }

    async fn limits_of_system(
        &self,
        system: SystemId,
    ) -> Result<(Option<u64>, Option<u64>), AdminError> {
        let Some(system) = self.store.system(system).await? else {
            return Ok((None, None));
        };
        match self.store.account(system.account_id).await? {
            Some(account) => {
                self.daily_limits_of(&account, LimitScope::System, system.name)
                    .await
            }
            None => Ok((None, None)),
        }
    }

    async fn daily_limits_of(
        &self,
        account: &Account,
        scope: LimitScope,
        name: String,
    ) -> Result<(Option<u64>, Option<u64>), AdminError> {
        let overview = self
            .show_limits(account, &LimitTarget { scope, name })
            .await?;
        let limit = |name| {
            let line = overview.lines.iter().find(|line| line.name == name)?;
            Some(line.in_force?.limit)
        };
        Ok((
            limit(LimitName::MessagesPerDay),
            limit(LimitName::RecipientsPerDay),
        ))
    }

    /// What went through in each piece of a span in which something did, oldest first.
    pub async fn series(&self, span: Span, period: Period) -> Result<Vec<UsageRow>, AdminError> {
        self.usage(&span, GroupBy::Nothing, Some(period)).await
    }

    /// What each relay user sent in a span, most first.
    pub async fn user_stats(
        &self,
        span: Span,
        period: Option<Period>,
    ) -> Result<Vec<UserStats>, AdminError> {
        let rows = self.usage(&span, GroupBy::User, period).await?;
        let (mut today, mut limits) = (BTreeMap::new(), BTreeMap::new());
        if period.is_none() {
            let now = self.clock.now();
            let span = Span {
                since: Period::Day.beginning(now),
                until: now,
                ..span.clone()
            };
            for row in self.usage(&span, GroupBy::User, None).await? {
                let counts = row.traffic.counts;
                let sent = counts.accepted.saturating_sub(counts.notices);
                today.insert(row.user_id, sent);
            }
            limits = self.store.daily_limits(span.account).await?;
        }
        let stats = rows.into_iter().map(|row| {
            let limits = row.user_id.and_then(|user| limits.get(&user));
            let sent = || today.get(&row.user_id).copied().unwrap_or(0);
            UserStats {
                messages_per_day: limits.map(|limits| limits.messages),
                messages_today: period.is_none().then(sent),
                row,
            }
        });
        Ok(stats.collect())
    }

    /// What each of a group sent in a span, most first.
    pub async fn usage(
        &self,
        span: &Span,
        group: GroupBy,
        period: Option<Period>,
    ) -> Result<Vec<UsageRow>, AdminError> {
        let rows = self.store.usage(span, group, period, MAX_ROWS).await?;
        not_too_many(rows)
    }

    /// What was sent to each domain of recipients in a span, most first.
    pub async fn recipient_domain_stats(
        &self,
        span: Span,
        period: Option<Period>,
    ) -> Result<Vec<DomainFlow>, AdminError> {
        let mut fields = Fields::default();
        let why = "recipient domains are counted by account and day";
        if span.user.is_some() {
            fields.refuse("user", why);
        }
        if span.system.is_some() {
            fields.refuse("system", why);
        }
        if period == Some(Period::Hour) {
            fields.refuse("by", why);
        }
        fields.check()?;
        let rows = self
            .store
            .usage_by_recipient_domain(&span, period, MAX_ROWS)
            .await?;
        not_too_many(rows)
    }

    /// What was refused, failed or was put off in a span, by reason, most first.
    pub async fn error_stats(
        &self,
        span: Span,
        period: Option<Period>,
    ) -> Result<Vec<ErrorCount>, AdminError> {
        let rows = self.store.errors_by_reason(&span, period, MAX_ROWS).await?;
        not_too_many(rows)
    }
}

fn not_too_many<T>(rows: Vec<T>) -> Result<Vec<T>, AdminError> {
    let mut fields = Fields::default();
    if rows.len() > MAX_ROWS as usize {
        let why = format!(
            "gives more than {MAX_ROWS} rows: ask for a shorter time, larger pieces or one account"
        );
        fields.refuse("since", why);
    }
    fields.check()?;
    Ok(rows)
}

/// The same hours of the day before, or of as many days before as the span has begun. Without the
/// hours of the span itself.
fn before(span: &Span) -> Span {
    let length = span.until.duration_since(span.since).as_secs();
    let days = (length + 86_399).div_euclid(86_400).max(1);
    let shift = SignedDuration::from_hours(24 * days);
    let first_hour = span.first_hour();
    Span {
        since: earlier(first_hour, shift),
        until: earlier(span.until, shift).min(first_hour),
        ..span.clone()
    }
}

fn earlier(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_before_has_the_same_hours_and_none_of_the_span() {
        for (since, until, expected) in [
            // The last 24 hours, and the 24 before.
            ("11-22T14:20", "11-23T14:20", "11-21T14:00 11-22T14:00"),
            ("11-22T14:00", "11-23T14:00", "11-21T14:00 11-22T14:00"),
            // Today until now, and yesterday until then.
            ("11-23T00:00", "11-23T14:20", "11-22T00:00 11-22T14:20"),
            ("11-23T14:20", "11-23T14:20", "11-22T14:00 11-22T14:20"),
            // A week, and the week before.
            ("11-16T10:30", "11-23T10:30", "11-09T10:00 11-16T10:00"),
        ] {
            let time = |text| format!("2026-{text}:00Z").parse().unwrap();
            let before = before(&Span::of(time(since), time(until)));
            let text = |time: Timestamp| time.strftime("%m-%dT%H:%M").to_string();
            let found = format!("{} {}", text(before.since), text(before.until));
            assert_eq!(found, expected, "{since} {until}");
        }
    }
}
