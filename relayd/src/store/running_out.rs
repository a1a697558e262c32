//! What is about to run out: limits of the day, and tokens.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError, Token,
    limits::read_meter,
    plans::read_limits,
    record::{Record, micros},
    tokens,
};
use crate::{
    model::{AccountId, Limits, Subject, UserId},
    policy::{self, Meter},
};

/// A relay user that has sent a good part of what it may on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserOfDay {
    /// The relay user.
    pub id: UserId,
    /// Its account.
    pub account_id: AccountId,
    /// Its name.
    pub username: String,
    /// The limits in force for it.
    pub limits: Limits,
    /// What it has used.
    pub meter: Meter,
}

impl Store {
    /// The relay users that have used at least `percent` of a limit of the day of `now`, and
    /// possibly some that have not.
    pub async fn users_near_quota(
        &self,
        now: Timestamp,
        percent: u32,
    ) -> Result<Vec<UserOfDay>, StoreError> {
        // What is set for a relay user may be more or less than the plan: whoever is near one of
        // them is a candidate, and the caller judges by the limits in force.
        let rows = sqlx::query(
            "SELECT r.subject_id AS subject_id, r.arrival AS arrival, r.day AS day,
                r.messages AS messages, r.recipients AS recipients,
                u.account_id AS account_id, u.username AS username,
                p.messages_per_minute AS messages_per_minute,
                p.messages_per_day AS messages_per_day,
                p.recipients_per_day AS recipients_per_day,
                p.recipients_per_message AS recipients_per_message,
                p.message_size AS message_size
             FROM rates r
             JOIN relay_users u ON u.id = r.subject_id
             JOIN subscriptions s ON s.account_id = u.account_id AND s.ended_at IS NULL
             JOIN plans p ON p.id = s.plan_id
             LEFT JOIN limits l ON l.subject_id = u.id
             WHERE r.day = $1
               AND (r.messages * 100 >= p.messages_per_day * $2
                    OR r.recipients * 100 >= p.recipients_per_day * $2
                    OR (l.messages_per_day > 0 AND r.messages * 100 >= l.messages_per_day * $2)
                    OR (l.recipients_per_day > 0
                        AND r.recipients * 100 >= l.recipients_per_day * $2))
             ORDER BY r.subject_id",
        )
        .bind(policy::start_of_day(micros(now)))
        .bind(i64::from(percent))
        .fetch_all(self.reads())
        .await?;
        let mut users = Vec::with_capacity(rows.len());
        for row in &rows {
            users.push(self.user_of_day(row).await?);
        }
        Ok(users)
    }

    async fn user_of_day(&self, row: &AnyRow) -> Result<UserOfDay, StoreError> {
        let record = Record::new("rates", row);
        let id: UserId = record.id("subject_id")?;
        let set = self.limits_of(Subject::User(id)).await?;
        Ok(UserOfDay {
            id,
            account_id: record.id("account_id")?,
            username: record.text("username")?.to_owned(),
            limits: read_limits(&record)?.under(set.as_ref()),
            meter: read_meter(row)?.1,
        })
    }

    /// The tokens that end between two times, of the operator and of all accounts.
    pub async fn tokens_that_end(
        &self,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Token>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{} WHERE expires_at > $1 AND expires_at <= $2 ORDER BY expires_at, id",
            tokens::SELECT
        )))
        .bind(micros(after))
        .bind(micros(until))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(tokens::read_token).collect()
    }
}
