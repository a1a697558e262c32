//! The end of an account, in two transactions: the first shuts it, the second wipes what is left
//! once its queue is empty. What a crash leaves in between is an account in the state `closing`,
//! which housekeeping takes up again.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros},
    subscriptions::end_running,
    topic::Topic,
};
use crate::model::{Account, AccountId, MessageId, RouteId};

/// What nobody needs from the moment on in which an account takes no more mail: all that signs in.
/// Systems stay for the log to name them, but free their addresses for others. `$1` is the account.
const SHUT: [&str; 12] = [
    "DELETE FROM sessions WHERE account_id = $1",
    "DELETE FROM sign_ins WHERE account_id = $1",
    "DELETE FROM recovery_codes WHERE account_id = $1",
    "DELETE FROM second_factors WHERE account_id = $1",
    "DELETE FROM email_codes WHERE account_id = $1",
    "DELETE FROM tokens WHERE account_id = $1",
    "DELETE FROM webhook_deliveries
     WHERE webhook_id IN (SELECT id FROM webhooks WHERE account_id = $1)",
    "DELETE FROM webhooks WHERE account_id = $1",
    "DELETE FROM credentials
     WHERE user_id IN (SELECT id FROM relay_users WHERE account_id = $1)",
    "UPDATE relay_users SET state = 'suspended', version = version + 1
     WHERE account_id = $1 AND state <> 'suspended'",
    "UPDATE systems SET state = 'suspended', auth = 'password', version = version + 1
     WHERE account_id = $1 AND (state <> 'suspended' OR auth <> 'password')",
    "DELETE FROM limits WHERE account_id = $1",
];

/// What was needed to empty the queue. `$1` is the account.
const WIPED: [&str; 3] = [
    "DELETE FROM holds WHERE route_id IN (SELECT id FROM routes WHERE account_id = $1)",
    "DELETE FROM route_versions WHERE account_id = $1",
    "DELETE FROM routes WHERE account_id = $1",
];

impl Store {
    /// Shuts an account: it becomes `closing` and gives up its queue at `drain_until`; all that
    /// signs in is wiped, and its subscription ends. `NotFound` when its version is another.
    pub async fn begin_closing(
        &self,
        account: &Account,
        drain_until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(account.id)).await?;
        let done = sqlx::query(
            "UPDATE accounts SET state = 'closing', drain_until = $1, version = version + 1
             WHERE id = $2 AND version = $3 AND state <> 'closed'",
        )
        .bind(micros(drain_until))
        .bind(account.id.as_bytes().as_slice())
        .bind(account.version)
        .execute(change.connection())
        .await?;
        found(&done)?;
        self.wipe(change.connection(), account.id, &SHUT).await?;
        end_running(change.connection(), account.id, now, self.actor(), 1).await?;
        change.commit().await
    }

    /// Ends it: the account is `closed`, and its route with all its versions is gone. Whether that
    /// was so: not when the account is not closing, or mail still waits in its lane.
    pub async fn finish_closing(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut change = self.change(Topic::Account(account)).await?;
        let done = sqlx::query(
            "UPDATE accounts
             SET state = 'closed', closed_at = $1, drain_until = NULL, suspended_by = '',
                 suspended_for = '', version = version + 1
             WHERE id = $2 AND state = 'closing'
               AND NOT EXISTS (SELECT 1 FROM messages m JOIN routes t ON t.id = m.route_id
                               WHERE t.account_id = $2 AND m.state = 'queued')
               AND NOT EXISTS (SELECT 1 FROM messages m JOIN routes t ON t.id = m.route_id
                               WHERE t.account_id = $2 AND m.state = 'held')",
        )
        .bind(micros(now))
        .bind(account.as_bytes().as_slice())
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.wipe(change.connection(), account, &WIPED).await?;
        change.commit().await?;
        Ok(true)
    }

    /// The accounts that are being closed.
    pub async fn closing_accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {} FROM accounts WHERE state = 'closing' ORDER BY id",
            super::accounts::COLUMNS
        )))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(super::accounts::read_account).collect()
    }

    /// How many messages of a lane are still in the queue, held ones included.
    pub async fn count_waiting(&self, route: RouteId) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM messages WHERE route_id = $1 AND state = 'queued')
                + (SELECT COUNT(*) FROM messages WHERE route_id = $1 AND state = 'held') AS waiting",
        )
        .bind(route.as_bytes().as_slice())
        .fetch_one(self.reads())
        .await?;
        Record::new("messages", &row).number("waiting")
    }

    /// At most `limit` messages of a lane that are still in the queue, held ones included.
    pub async fn waiting_messages(
        &self,
        route: RouteId,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM (
                SELECT id FROM messages WHERE route_id = $1 AND state = 'queued'
                UNION ALL
                SELECT id FROM messages WHERE route_id = $1 AND state = 'held') AS waiting
             LIMIT $2",
        )
        .bind(route.as_bytes().as_slice())
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| Record::new("messages", row).id("id"))
            .collect()
    }

    /// Runs statements whose deletions are to be overwritten in the file of an embedded store. When
    /// one fails, the connection goes on overwriting: that is slower, and harms nothing.
    async fn wipe(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        statements: &[&'static str],
    ) -> Result<(), StoreError> {
        let engine = self.engine();
        if let Some(pragma) = engine.wipe() {
            sqlx::raw_sql(pragma).execute(&mut *connection).await?;
        }
        for statement in statements {
            sqlx::query(*statement)
                .bind(account.as_bytes().as_slice())
                .execute(&mut *connection)
                .await?;
        }
        if let Some(pragma) = engine.stop_wiping() {
            sqlx::raw_sql(pragma).execute(&mut *connection).await?;
        }
        Ok(())
    }
}
