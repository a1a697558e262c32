//! Codes sent by mail: the latest of each account and purpose, as SHA-256.

use jiff::Timestamp;

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
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO email_codes (account_id, purpose, hash, email, sent_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (account_id, purpose) DO UPDATE
             SET hash = excluded.hash, email = excluded.email, sent_at = excluded.sent_at,
                 expires_at = excluded.expires_at",
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
        let row = sqlx::query(
            "SELECT account_id, purpose, hash, email, sent_at, expires_at FROM email_codes
             WHERE account_id = $1 AND purpose = $2",
        )
        .bind(account.as_bytes().as_slice())
        .bind(purpose.as_str())
        .fetch_optional(self.reads())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let record = Record::new("email_codes", &row);
        Ok(Some(EmailCode {
            account_id: record.id("account_id")?,
            purpose: record.parse("purpose")?,
            hash: record.bytes("hash")?.to_vec(),
            email: record.parse("email")?,
            sent_at: record.time("sent_at")?,
            expires_at: record.time("expires_at")?,
        }))
    }

    /// Uses a code up. Whether it was still there: of two who come at once, one has it.
    pub async fn take_code(&self, code: &EmailCode) -> Result<bool, StoreError> {
        let topic = Topic::Code(code.account_id, code.purpose.as_str());
        let mut change = self.act(topic).await?;
        let done = sqlx::query(
            "DELETE FROM email_codes WHERE account_id = $1 AND purpose = $2 AND hash = $3",
        )
        .bind(code.account_id.as_bytes().as_slice())
        .bind(code.purpose.as_str())
        .bind(code.hash.as_slice())
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        change.commit().await?;
        Ok(true)
    }
}
