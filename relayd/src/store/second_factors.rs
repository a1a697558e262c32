//! The second factor of owners: the secret of the app, sealed, and recovery codes as SHA-256.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros, micros_optional},
    sessions,
    topic::Topic,
};
use crate::model::{AccountId, Secret};

/// Bound into every sealed secret.
const PURPOSE: &str = "second_factors.secret";

/// The second factor of an account.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// Whose it is.
    pub account_id: AccountId,
    /// The secret that the app shares, in base32.
    pub secret: Secret,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it counts; `None` before a first code proved it.
    pub enabled_at: Option<Timestamp>,
    /// The step of time of the last code that was taken.
    pub last_step: i64,
}

impl Store {
    /// The second factor of an account, be it enabled or not.
    pub async fn second_factor(
        &self,
        account: AccountId,
    ) -> Result<Option<SecondFactor>, StoreError> {
        let row = sqlx::query(
            "SELECT secret, created_at, enabled_at, last_step FROM second_factors
             WHERE account_id = $1",
        )
        .bind(account.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let record = Record::new("second_factors", &row);
        let secret = self
            .key()
            .open(account, PURPOSE, record.bytes("secret")?)
            .map_err(|error| record.corrupt("secret", &error))?;
        Ok(Some(SecondFactor {
            account_id: account,
            secret,
            created_at: record.time("created_at")?,
            enabled_at: record.time_optional("enabled_at")?,
            last_step: record.number("last_step")?,
        }))
    }

    /// Recovery codes of an account that were not used yet.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u64, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) AS codes_left FROM recovery_codes WHERE account_id = $1")
                .bind(account.as_bytes().as_slice())
                .fetch_one(self.reads())
                .await?;
        Record::new("recovery_codes", &row).number("codes_left")
    }

    /// Keeps a second factor in place of one that was never enabled; `NotFound` where one is
    /// enabled, since that does not give way.
    pub async fn put_second_factor(&self, new: &SecondFactor) -> Result<(), StoreError> {
        let sealed = self
            .key()
            .seal(new.account_id, PURPOSE, &new.secret)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let tx = self.begin_open(new.account_id).await?;
        let mut change = self.act_in(tx, Topic::SecondFactor(new.account_id)).await?;
        let done = sqlx::query(
            "INSERT INTO second_factors (account_id, secret, created_at, enabled_at, last_step)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (account_id) DO UPDATE
             SET secret = excluded.secret, created_at = excluded.created_at,
                 enabled_at = excluded.enabled_at, last_step = excluded.last_step
             WHERE second_factors.enabled_at IS NULL",
        )
        .bind(new.account_id.as_bytes().as_slice())
        .bind(sealed)
        .bind(micros(new.created_at))
        .bind(micros_optional(new.enabled_at))
        .bind(new.last_step)
        .execute(change.connection())
        .await?;
        found(&done)?;
        change.commit().await
    }

    /// Lets a second factor count from `at` on: the one made at `made_at`, proved by the code of
    /// `step`. Sessions that began without it end, but for the one whose token has the hash `kept`.
    /// `NotFound` where another has taken its place.
    pub async fn enable_second_factor(
        &self,
        proved: &SecondFactor,
        at: Timestamp,
        step: i64,
        recovery: &[Vec<u8>],
        kept: &[u8],
    ) -> Result<(), StoreError> {
        let account = proved.account_id;
        let tx = self.begin_open(account).await?;
        let mut change = self.act_in(tx, Topic::SecondFactor(account)).await?;
        let done = sqlx::query(
            "UPDATE second_factors SET enabled_at = $1, last_step = $2
             WHERE account_id = $3 AND enabled_at IS NULL AND created_at = $4",
        )
        .bind(micros(at))
        .bind(step)
        .bind(account.as_bytes().as_slice())
        .bind(micros(proved.created_at))
        .execute(change.connection())
        .await?;
        found(&done)?;
        put_recovery_codes(change.connection(), account, recovery).await?;
        sessions::end(change.connection(), account, kept).await?;
        change.commit().await
    }

    /// Takes the code of a step, unless it or a later one was taken. Nobody's change: the audit
    /// log has what the code was for.
    pub async fn take_step(&self, account: AccountId, step: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE second_factors SET last_step = $1 WHERE account_id = $2 AND last_step < $1",
        )
        .bind(step)
        .bind(account.as_bytes().as_slice())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Uses up a recovery code, if there is one of that hash. Of two who come at once, one has it.
    pub async fn take_recovery_code(
        &self,
        account: AccountId,
        hash: &[u8],
    ) -> Result<bool, StoreError> {
        let mut change = self.act(Topic::SecondFactor(account)).await?;
        let done = sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1 AND hash = $2")
            .bind(account.as_bytes().as_slice())
            .bind(hash)
            .execute(change.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        change.commit().await?;
        Ok(true)
    }

    /// Puts other recovery codes in the place of those there are.
    pub async fn replace_recovery_codes(
        &self,
        account: AccountId,
        hashes: &[Vec<u8>],
    ) -> Result<(), StoreError> {
        let tx = self.begin_open(account).await?;
        let mut change = self.act_in(tx, Topic::SecondFactor(account)).await?;
        put_recovery_codes(change.connection(), account, hashes).await?;
        change.commit().await
    }

    /// Forgets the second factor of an account with its recovery codes. Whether there was one.
    pub async fn delete_second_factor(&self, account: AccountId) -> Result<bool, StoreError> {
        let mut change = self.act(Topic::SecondFactor(account)).await?;
        let mut deleted = 0;
        for table in ["recovery_codes", "second_factors"] {
            let statement = format!("DELETE FROM {table} WHERE account_id = $1");
            deleted = sqlx::query(sqlx::AssertSqlSafe(statement))
                .bind(account.as_bytes().as_slice())
                .execute(change.connection())
                .await?
                .rows_affected();
        }
        if deleted == 0 {
            return Ok(false);
        }
        change.commit().await?;
        Ok(true)
    }
}

async fn put_recovery_codes(
    connection: &mut AnyConnection,
    account: AccountId,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1")
        .bind(account.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_codes (account_id, hash) VALUES ($1, $2)")
            .bind(account.as_bytes().as_slice())
            .bind(hash.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
