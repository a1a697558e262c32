//! What runs out is told in time: certificates and tokens 30, 7 and 1 days before their end, limits
//! of the day at 80 and 100 per cent.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use super::super::{Accounts, AdminError};
use crate::{
    model::{AccountId, Grant, LimitName, Notification, Occasion, QuotaUse, Route, RouteEnd},
    policy,
    store::{StoreError, Token, UserOfDay},
};

/// Days before the end, the last one first.
const DAYS: [i64; 3] = [1, 7, 30];
/// From how much of a limit on its user is told.
const PERCENT: u32 = 80;

/// A certificate of a listener, as far as its end goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perishable {
    /// Its file.
    pub path: PathBuf,
    /// Whom it is for.
    pub subject: String,
    /// When it begins to be good.
    pub not_before: Timestamp,
    /// When it ends.
    pub not_after: Timestamp,
}

impl Accounts {
    /// Notes which certificates and tokens end soon. How many were told for the first time.
    pub async fn note_what_ends(&self, certificates: &[Perishable]) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let mut notes = Vec::new();
        for certificate in certificates {
            notes.extend(self.end_of_certificate(certificate, now));
        }
        let horizon = now + SignedDuration::from_hours(24 * DAYS[DAYS.len() - 1]);
        for token in self.store.tokens_that_end(now, horizon).await? {
            notes.extend(self.end_of_token(&token, now));
        }
        for route in self.store.routes_that_end().await? {
            notes.extend(self.end_of_route(&route, now).await?);
        }
        self.note_all(&notes).await
    }

    /// Notes which relay users have used most of a limit of the day, or all. How many were told
    /// for the first time.
    pub async fn note_used_quotas(&self) -> Result<u64, AdminError> {
        let now = self.clock.now();
        let mut notes = Vec::new();
        for user in self.store.users_near_quota(now, PERCENT).await? {
            let (messages, recipients) = user.meter.used_of_day(now);
            for (limit, used, of) in [
                (
                    LimitName::MessagesPerDay,
                    messages,
                    user.limits.messages_per_day,
                ),
                (
                    LimitName::RecipientsPerDay,
                    recipients,
                    user.limits.recipients_per_day,
                ),
            ] {
                notes.extend(self.used_quota(&user, limit, (used, of), now));
            }
        }
        Ok(self.note_all(&notes).await?)
    }

    async fn note_all(&self, notes: &[Notification]) -> Result<u64, StoreError> {
        let mut first = 0;
        for note in notes {
            first += u64::from(self.store.note(note).await?);
        }
        Ok(first)
    }

    fn end_of_certificate(&self, it: &Perishable, now: Timestamp) -> Option<Notification> {
        let step = step((it.not_before, it.not_after), now)?;
        let path = it.path.display().to_string();
        let occasion = Occasion::CertificateExpiring {
            path: path.clone(),
            subject: it.subject.clone(),
            expires_at: it.not_after,
            days: days_left(it.not_after, now),
        };
        let cause = format_args!("{path} {} {step}", it.not_after);
        Some(Notification::new(&self.ids, now, None, occasion, cause))
    }

    fn end_of_token(&self, token: &Token, now: Timestamp) -> Option<Notification> {
        let end = token.expires_at?;
        let step = step((token.created_at, end), now)?;
        let occasion = Occasion::TokenExpiring {
            token: token.name.clone(),
            expires_at: end,
            days: days_left(end, now),
        };
        let (account, cause): (Option<AccountId>, _) =
            (token.account_id, format_args!("{} {step}", token.id));
        Some(Notification::new(&self.ids, now, account, occasion, cause))
    }

    async fn end_of_route(
        &self,
        route: &Route,
        now: Timestamp,
    ) -> Result<Option<Notification>, StoreError> {
        let certificate = route.certificate().and_then(|it| it.facts().ok());
        let token = match route.oauth.as_ref().map(|it| &it.grant) {
            Some(Grant::DeviceCode) => self.store.refresh_token(route.id).await?,
            _ => None,
        };
        let renewed_at = token.map(|token| token.rotated_at);
        let Some(end) = RouteEnd::of(route, certificate.as_ref(), renewed_at) else {
            return Ok(None);
        };
        let begin = end.since.unwrap_or(Timestamp::UNIX_EPOCH);
        let Some(step) = step((begin, end.at), now) else {
            return Ok(None);
        };
        let what = end.what.word();
        let name = if route.mailbox.is_empty() {
            route.host()
        } else {
            route.mailbox.clone()
        };
        let occasion = Occasion::RouteExpiring {
            what: what.to_owned(),
            role: route.role.to_string(),
            kind: route.kind.to_string(),
            name,
            expires_at: end.at,
            days: days_left(end.at, now),
        };
        let cause = format_args!("{} {what} {} {step}", route.id, end.at);
        let account = Some(route.account_id);
        Ok(Some(Notification::new(
            &self.ids, now, account, occasion, cause,
        )))
    }

    fn used_quota(
        &self,
        user: &UserOfDay,
        limit: LimitName,
        (count, of): (u32, u32),
        now: Timestamp,
    ) -> Option<Notification> {
        let day = policy::start_of_day(now.as_microsecond());
        let quota = QuotaUse {
            user: user.username.clone(),
            limit: limit.as_str().to_owned(),
            used: count,
            of,
            resets_at: Timestamp::from_microsecond(day + policy::DAY).ok()?,
        };
        let occasion = if count >= of {
            Occasion::QuotaReached(quota)
        } else if u64::from(count) * 100 >= u64::from(of) * u64::from(PERCENT) {
            Occasion::QuotaWarning(quota)
        } else {
            return None;
        };
        let cause = format_args!("{} {limit} {day}", user.id);
        let account = Some(user.account_id);
        Some(Notification::new(&self.ids, now, account, occasion, cause))
    }
}

/// The narrowest of the steps that has come. What lasts no longer than a step in all is not told
/// at it: it would be as soon as it was made. What has ended stays at the last one.
fn step((begin, end): (Timestamp, Timestamp), now: Timestamp) -> Option<i64> {
    let left = end.duration_since(now);
    let whole = end.duration_since(begin);
    DAYS.into_iter().find(|days| {
        let step = SignedDuration::from_hours(24 * days);
        left <= step && whole > step
    })
}

/// Whole days until then.
fn days_left(end: Timestamp, now: Timestamp) -> i64 {
    (end.duration_since(now).as_hours() / 24).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told_once_and_none_of_what_is_short_lived() {
        let end: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let ago = |days: i64| end - SignedDuration::from_hours(24 * days);
        for (life, left, expected) in [
            (90, 31, None),
            (90, 30, Some(30)),
            (90, 8, Some(30)),
            (90, 7, Some(7)),
            (90, 2, Some(7)),
            (90, 1, Some(1)),
            (90, 0, Some(1)),
            (90, -3, Some(1)),
            (30, 30, None),
            (30, 7, Some(7)),
            (7, 6, None),
            (7, 1, Some(1)),
            (1, 1, None),
        ] {
            assert_eq!(step((ago(life), end), ago(left)), expected, "{life} {left}");
        }
        assert_eq!(days_left(end, ago(7)), 7);
        assert_eq!(days_left(end, ago(-7)), 0);
    }
}
