//! Limits that are set besides those of the plan, and what was used of limits.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    condition::Statement,
    record::{Record, micros},
    topic::Topic,
};
use crate::{
    model::{
        AccountId, LimitScope, LimitSet, Limits, Override, Overrides, Subject, SystemId, UserId,
        UserState,
    },
    policy::{self, Meter},
};

pub(super) const SELECT_LIMITS: &str =
    "SELECT subject_id, scope, messages_per_minute, messages_per_day,
    recipients_per_day, recipients_per_message, message_size, set_by FROM limits";

impl Store {
    /// What is set for a subject, if anything is.
    pub async fn limits_of(&self, subject: Subject) -> Result<Option<Override>, StoreError> {
        let mut connection = self.reads().acquire().await?;
        read_limits_of(&mut connection, subject).await
    }

    /// Changes what is set for a subject to what `decide` makes of it; nothing set is taken for a
    /// reset. No other change of the account's limits comes in between, so that a decision on who
    /// set the old ones holds.
    pub async fn change_limits<E: From<StoreError>>(
        &self,
        account: AccountId,
        subject: Subject,
        now: Timestamp,
        decide: impl FnOnce(Option<Override>) -> Result<Override, E> + Send,
    ) -> Result<Override, E> {
        let tx = self.begin_open(account).await?;
        let mut change = self.change_in(tx, Topic::Limits(account, subject)).await?;
        let connection = change.connection();
        let old = read_limits_of(connection, subject).await?;
        let set = decide(old)?;
        replace(connection, account, subject, (old.as_ref(), &set), now).await?;
        change.commit().await?;
        Ok(set)
    }

    /// What the limits of a subject are judged by. Systems and accounts have one only while a limit
    /// is set for them.
    pub async fn meter(&self, subject: Subject) -> Result<Meter, StoreError> {
        let row = sqlx::query(
            "SELECT subject_id, arrival, day, messages, recipients FROM rates
             WHERE subject_id = $1",
        )
        .bind(subject.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        row.as_ref()
            .map_or(Ok(Meter::default()), |row| Ok(read_meter(row)?.1))
    }

    /// All that is set for a relay user, its systems and its account.
    pub(super) async fn overrides_of(
        &self,
        user: UserId,
        account: AccountId,
    ) -> Result<Overrides, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT_LIMITS} WHERE subject_id = $1 OR subject_id = $2
                OR subject_id IN (SELECT id FROM systems WHERE user_id = $1)"
        )))
        .bind(user.as_bytes().as_slice())
        .bind(account.as_bytes().as_slice())
        .fetch_all(self.reads())
        .await?;
        let mut found = Overrides {
            user: None,
            account: None,
            systems: BTreeMap::new(),
        };
        for row in &rows {
            let record = Record::new("limits", row);
            let set = read_override(row)?;
            match record.parse("scope")? {
                LimitScope::User => found.user = Some(set),
                LimitScope::Account => found.account = Some(set),
                LimitScope::System => {
                    let system: SystemId = record.id("subject_id")?;
                    found.systems.insert(system, set);
                }
            }
        }
        Ok(found)
    }
}

/// How much a relay user may submit in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyLimits {
    /// Messages.
    pub messages: u32,
    /// Recipients.
    pub recipients: u32,
    /// Whether it may submit at all.
    pub is_active: bool,
}

impl Store {
    /// What each relay user may submit in a day, by plan and by what is set for it; all, or those
    /// of one account. Those without a subscription are not among them.
    pub async fn daily_limits(
        &self,
        account: Option<AccountId>,
    ) -> Result<BTreeMap<UserId, DailyLimits>, StoreError> {
        let mut statement = Statement::new(
            "SELECT r.id AS id, r.state AS state, p.messages_per_day AS plan_messages,
                p.recipients_per_day AS plan_recipients, l.messages_per_day AS messages_per_day,
                l.recipients_per_day AS recipients_per_day, COALESCE(l.set_by, '') AS set_by
             FROM relay_users r
             JOIN subscriptions s ON s.account_id = r.account_id AND s.ended_at IS NULL
             JOIN plans p ON p.id = s.plan_id
             LEFT JOIN limits l ON l.subject_id = r.id WHERE 1 = 1",
        );
        statement.and(
            "r.account_id = ?",
            account.as_ref().map(AccountId::as_bytes),
        );
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_daily).collect()
    }
}

fn read_daily(row: &AnyRow) -> Result<(UserId, DailyLimits), StoreError> {
    let record = Record::new("limits", row);
    let plan = Limits {
        messages_per_minute: 0,
        messages_per_day: record.number("plan_messages")?,
        recipients_per_day: record.number("plan_recipients")?,
        recipients_per_message: 0,
        message_size: 0,
    };
    let set = match record.parse_optional("set_by")? {
        Some(set_by) => Some(Override {
            limits: LimitSet {
                messages_per_day: record.limit("messages_per_day")?,
                recipients_per_day: record.limit("recipients_per_day")?,
                ..LimitSet::default()
            },
            set_by,
        }),
        None => None,
    };
    let limits = plan.under(set.as_ref());
    let state: UserState = record.parse("state")?;
    let daily = DailyLimits {
        messages: limits.messages_per_day,
        recipients: limits.recipients_per_day,
        is_active: state == UserState::Active,
    };
    Ok((record.id("id")?, daily))
}

/// What devices sent: notices use up no limit. SUM of BIGINT is NUMERIC on PostgreSQL, which `Any`
/// cannot read.
const SUMS: &str = "CAST(COALESCE(SUM(accepted - notices), 0) AS BIGINT) AS messages,
    CAST(COALESCE(SUM(recipients - notices), 0) AS BIGINT) AS recipients";

/// The subject `$1`, which is one of the account `$3`.
const fn of(subject: Subject) -> &'static str {
    match subject {
        Subject::User(_) => "user_id = $1 AND account_id = $3",
        Subject::System(_) => "account_id = $3 AND system_id = $1",
        Subject::Account(_) => "account_id = $1 AND account_id = $3",
    }
}

/// Puts other limits in the place of the old ones; nothing set is a reset.
pub(super) async fn replace(
    connection: &mut AnyConnection,
    account: AccountId,
    subject: Subject,
    (old, set): (Option<&Override>, &Override),
    now: Timestamp,
) -> Result<(), StoreError> {
    delete_limits(connection, subject).await?;
    if set.limits.is_empty() {
        return Ok(());
    }
    insert_limits(connection, account, subject, set, now).await?;
    let is_new = !old.is_some_and(|old| old.limits.is_counted());
    if is_new && set.limits.is_counted() && subject.scope() != LimitScope::User {
        start_meter(connection, account, subject, now).await?;
    }
    Ok(())
}

pub(super) async fn read_limits_of(
    connection: &mut AnyConnection,
    subject: Subject,
) -> Result<Option<Override>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{SELECT_LIMITS} WHERE subject_id = $1"
    )))
    .bind(subject.as_bytes().as_slice())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read_override).transpose()
}

async fn insert_limits(
    connection: &mut AnyConnection,
    account: AccountId,
    subject: Subject,
    set: &Override,
    now: Timestamp,
) -> Result<(), StoreError> {
    let limits = &set.limits;
    let small = |limit: Option<u32>| i64::from(limit.unwrap_or(0));
    sqlx::query(
        "INSERT INTO limits (subject_id, scope, account_id, messages_per_minute,
            messages_per_day, recipients_per_day, recipients_per_message, message_size, set_by,
            set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(subject.as_bytes().as_slice())
    .bind(subject.scope().as_str())
    .bind(account.as_bytes().as_slice())
    .bind(small(limits.messages_per_minute))
    .bind(small(limits.messages_per_day))
    .bind(small(limits.recipients_per_day))
    .bind(small(limits.recipients_per_message))
    .bind(i64::try_from(limits.message_size.unwrap_or(0)).unwrap_or(i64::MAX))
    .bind(set.set_by.as_str())
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets what is set for a subject.
pub(super) async fn delete_limits(
    connection: &mut AnyConnection,
    subject: Subject,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM limits WHERE subject_id = $1")
        .bind(subject.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// Systems and accounts are counted only while a limit is set for them: what they sent before on
/// this day is read from their usage, so that setting a limit does not renew it.
async fn start_meter(
    connection: &mut AnyConnection,
    account: AccountId,
    subject: Subject,
    now: Timestamp,
) -> Result<(), StoreError> {
    let day = policy::start_of_day(micros(now));
    let text = format!(
        "INSERT INTO rates (subject_id, arrival, day, messages, recipients)
         SELECT $1, 0, $2, {SUMS} FROM usage
         WHERE {} AND hour >= $2 AND hour < $4
         ON CONFLICT (subject_id) DO UPDATE SET day = excluded.day,
            messages = excluded.messages, recipients = excluded.recipients",
        of(subject)
    );
    sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(subject.as_bytes().as_slice())
        .bind(day)
        .bind(account.as_bytes().as_slice())
        .bind(day + 2 * policy::DAY)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) fn read_override(row: &AnyRow) -> Result<Override, StoreError> {
    let record = Record::new("limits", row);
    Ok(Override {
        limits: LimitSet {
            messages_per_minute: record.limit("messages_per_minute")?,
            messages_per_day: record.limit("messages_per_day")?,
            recipients_per_day: record.limit("recipients_per_day")?,
            recipients_per_message: record.limit("recipients_per_message")?,
            message_size: record.size_limit("message_size")?,
        },
        set_by: record.parse("set_by")?,
    })
}

/// A row of rates, and whose it is.
pub(super) fn read_meter(row: &AnyRow) -> Result<([u8; 12], Meter), StoreError> {
    let record = Record::new("rates", row);
    let subject = record.bytes("subject_id")?;
    let subject = subject
        .try_into()
        .map_err(|error| record.corrupt("subject_id", &error))?;
    let meter = Meter {
        arrival: record.number("arrival")?,
        day: record.number("day")?,
        messages: record.number("messages")?,
        recipients: record.number("recipients")?,
    };
    Ok((subject, meter))
}
