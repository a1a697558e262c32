//! Codes sent by mail: the latest of each account and purpose, as SHA-256.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, Address, text_enum};

text_enum! {
    /// What a code is good for.
    CodePurpose {
        /// Confirms the contact e-mail of a new account.
        Verify = "verify",
        /// Confirms another contact e-mail.
        ChangeEmail = "change-email",
        /// Sets a new sign-in password.
        Reset = "reset",
    }
}

/// Wrong tries that make a code void.
const TRIES: i64 = 5;

const SELECT: &str = "SELECT account_id, purpose, hash, email, sent_at, expires_at
    FROM email_codes WHERE account_id = $1 AND purpose = $2";

/// A code without its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailCode {
    /// Whose it is.
    pub account_id: AccountId,
    /// What it is good for.
    pub purpose: CodePurpose,
    /// SHA-256 of purpose, account and code.
    pub hash: Vec<u8>,
    /// Where it was sent.
    pub email: Address,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Store {
    /// Keeps a code; the one before it, of the same purpose, is void. No entry of its own in the
    /// audit log: a code changes nothing until it is used, and the request that asked for it has
    /// one.
    pub async fn put_code(&self, code: &EmailCode) -> Result<(), StoreError> {
        let mut tx = self.begin_open(code.account_id).await?;
        sqlx::query(
            "INSERT INTO email_codes (account_id, purpose, hash, email, sent_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (account_id, purpose) DO UPDATE
             SET hash = excluded.hash, email = excluded.email, sent_at = excluded.sent_at,
                 expires_at = excluded.expires_at, tries = 0",
        )
        .bind(code.account_id.as_bytes().as_slice())
        .bind(code.purpose.as_str())
        .bind(code.hash.as_slice())
        .bind(code.email.as_str())
        .bind(micros(code.sent_at))
        .bind(micros(code.expires_at))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The code of an account for a purpose.
    pub async fn code(
        &self,
        account: AccountId,
        purpose: CodePurpose,
    ) -> Result<Option<EmailCode>, StoreError> {
        let row = sqlx::query(SELECT)
            .bind(account.as_bytes().as_slice())
            .bind(purpose.as_str())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_code).transpose()
    }

    /// Counts a try of the code of an account for a purpose, and gives the code; `None` when there
    /// is none, when it has ended at `now`, and when it was tried too often. Writes alike in all
    /// cases: how long it takes tells nothing.
    pub async fn try_code(
        &self,
        account: AccountId,
        purpose: CodePurpose,
        now: Timestamp,
    ) -> Result<Option<EmailCode>, StoreError> {
        let mut tx = self.begin().await?;
        let counted = sqlx::query(
            "UPDATE email_codes SET tries = tries + 1
             WHERE account_id = $1 AND purpose = $2 AND expires_at > $3 AND tries < $4",
        )
        .bind(account.as_bytes().as_slice())
        .bind(purpose.as_str())
        .bind(micros(now))
        .bind(TRIES)
        .execute(&mut *tx)
        .await?;
        let row = match counted.rows_affected() {
            0 => None,
            _ => {
                sqlx::query(SELECT)
                    .bind(account.as_bytes().as_slice())
                    .bind(purpose.as_str())
                    .fetch_optional(&mut *tx)
                    .await?
            }
        };
        sqlx::query("UPDATE code_tries SET total = total + 1")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        row.as_ref().map(read_code).transpose()
    }

    /// Takes a try back: the code was right, and something else was wrong.
    pub async fn forgive_try(&self, code: &EmailCode) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE email_codes SET tries = tries - 1
             WHERE account_id = $1 AND purpose = $2 AND hash = $3 AND tries > 0",
        )
        .bind(code.account_id.as_bytes().as_slice())
        .bind(code.purpose.as_str())
        .bind(code.hash.as_slice())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes all codes of an account void.
    pub async fn delete_codes(&self, account: AccountId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        delete_all(&mut tx, account).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Uses a code up. Whether it was still there: of two who come at once, one has it.
    pub async fn take_code(&self, code: &EmailCode) -> Result<bool, StoreError> {
        let topic = Topic::Code(code.account_id, code.purpose.as_str());
        let mut change = self.act(topic).await?;
        if !take(change.connection(), code).await? {
            return Ok(false);
        }
        change.commit().await?;
        Ok(true)
    }
}

/// Deletes a code. Whether it was still there.
pub(super) async fn take(
    connection: &mut AnyConnection,
    code: &EmailCode,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("DELETE FROM email_codes WHERE account_id = $1 AND purpose = $2 AND hash = $3")
            .bind(code.account_id.as_bytes().as_slice())
            .bind(code.purpose.as_str())
            .bind(code.hash.as_slice())
            .execute(connection)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Makes all codes of an account void as part of something larger.
pub(super) async fn delete_all(
    connection: &mut AnyConnection,
    account: AccountId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM email_codes WHERE account_id = $1")
        .bind(account.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

fn read_code(row: &AnyRow) -> Result<EmailCode, StoreError> {
    let record = Record::new("email_codes", row);
    Ok(EmailCode {
        account_id: record.id("account_id")?,
        purpose: record.parse("purpose")?,
        hash: record.bytes("hash")?.to_vec(),
        email: record.parse("email")?,
        sent_at: record.time("sent_at")?,
        expires_at: record.time("expires_at")?,
    })
}
