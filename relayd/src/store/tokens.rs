//! Tokens of the operator and of accounts. Their texts are not stored, only SHA-256 of them.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros, micros_optional},
    topic::Topic,
};
use crate::model::{AccountId, TokenId};

pub(super) const SELECT: &str =
    "SELECT id, account_id, name, hash, read_only, created_at, expires_at, last_used_at,
    created_by FROM tokens";

/// A token without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Identifier.
    pub id: TokenId,
    /// The account it is for; `None` for the operator's own.
    pub account_id: Option<AccountId>,
    /// Name, unique among those of the account, or of the operator.
    pub name: String,
    /// SHA-256 of the text.
    pub hash: Vec<u8>,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Timestamp>,
    /// Who made it; empty where nobody noted that.
    pub created_by: String,
}

impl Store {
    /// Adds a token. A name that is taken is a conflict.
    pub async fn insert_token(&self, token: &Token) -> Result<(), StoreError> {
        let tx = self.begin_owned(token.account_id).await?;
        let mut change = self.change_in(tx, Topic::Token(token.id)).await?;
        sqlx::query(
            "INSERT INTO tokens (id, account_id, name, hash, read_only, created_at, expires_at,
                last_used_at, created_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(token.id.as_bytes().as_slice())
        .bind(owner(token.account_id))
        .bind(token.name.as_str())
        .bind(token.hash.as_slice())
        .bind(i64::from(token.read_only))
        .bind(micros(token.created_at))
        .bind(micros_optional(token.expires_at))
        .bind(micros_optional(token.last_used_at))
        .bind(token.created_by.as_str())
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// The token whose text has that hash.
    pub async fn token_by_hash(&self, hash: &[u8]) -> Result<Option<Token>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE hash = $1")))
            .bind(hash)
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_token).transpose()
    }

    /// The token of that name, of an account or of the operator.
    pub async fn token_by_name(
        &self,
        account: Option<AccountId>,
        name: &str,
    ) -> Result<Option<Token>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name = $2"
        )))
        .bind(owner(account))
        .bind(name)
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_token).transpose()
    }

    /// The token of that id.
    pub async fn token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_token).transpose()
    }

    /// At most `limit` tokens of an account, or of the operator, whose names stand behind `after`,
    /// by name.
    pub async fn tokens(
        &self,
        account: Option<AccountId>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Token>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3"
        )))
        .bind(owner(account))
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_token).collect()
    }

    /// Notes that a token was used. No change of configuration: the caches may stay.
    pub async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE tokens SET last_used_at = $1 WHERE id = $2")
            .bind(micros(at))
            .bind(id.as_bytes().as_slice())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Revokes a token.
    pub async fn delete_token(&self, id: TokenId) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Token(id)).await?;
        let done = sqlx::query("DELETE FROM tokens WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        found(&done)?;
        change.commit().await
    }
}

/// The operator's own tokens have the empty id.
fn owner(account: Option<AccountId>) -> Vec<u8> {
    account.map_or_else(Vec::new, |account| account.as_bytes().to_vec())
}

pub(super) fn read_token(row: &AnyRow) -> Result<Token, StoreError> {
    let record = Record::new("tokens", row);
    Ok(Token {
        id: record.id("id")?,
        account_id: match record.bytes("account_id")? {
            [] => None,
            _ => Some(record.id("account_id")?),
        },
        name: record.text("name")?.to_owned(),
        hash: record.bytes("hash")?.to_vec(),
        read_only: record.flag("read_only")?,
        created_at: record.time("created_at")?,
        expires_at: record.time_optional("expires_at")?,
        last_used_at: record.time_optional("last_used_at")?,
        created_by: record.text("created_by")?.to_owned(),
    })
}
