//! What people allowed by device code: the refresh token of a route that is in force, sealed.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    record::{Record, micros},
};
use crate::model::{AccountId, RouteId, Secret};

/// Bound into every sealed refresh token.
const TOKEN: &str = "refresh_tokens.token";

/// A refresh token, opened.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// The token.
    pub token: Secret,
    /// Who signed in, as the token said.
    pub username: String,
    /// When.
    pub allowed_at: Timestamp,
    /// When it was exchanged last.
    pub rotated_at: Timestamp,
}

impl Store {
    /// The refresh token of a route, if somebody signed in for it.
    pub async fn refresh_token(&self, route: RouteId) -> Result<Option<RefreshToken>, StoreError> {
        let row = sqlx::query("SELECT * FROM refresh_tokens WHERE route_id = $1")
            .bind(route.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let record = Record::new("refresh_tokens", &row);
        let account: AccountId = record.id("account_id")?;
        let sealed = record.bytes_optional("token")?.unwrap_or_default();
        let token = self
            .key()
            .open(account, TOKEN, sealed)
            .map_err(|error| record.corrupt("token", &error))?;
        Ok(Some(RefreshToken {
            token,
            username: record.text("username")?.to_owned(),
            allowed_at: record.time("allowed_at")?,
            rotated_at: record.time("rotated_at")?,
        }))
    }

    /// Keeps what somebody allowed, in the place of what was allowed before.
    pub(super) async fn keep_refresh_token(
        &self,
        connection: &mut AnyConnection,
        (route, account): (RouteId, AccountId),
        token: &RefreshToken,
    ) -> Result<(), StoreError> {
        let sealed = self.seal_token(account, &token.token)?;
        sqlx::query("DELETE FROM refresh_tokens WHERE route_id = $1")
            .bind(route.as_bytes().as_slice())
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO refresh_tokens (route_id, account_id, token, username, allowed_at, rotated_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(route.as_bytes().as_slice())
        .bind(account.as_bytes().as_slice())
        .bind(sealed)
        .bind(token.username.clone())
        .bind(micros(token.allowed_at))
        .bind(micros(token.rotated_at))
        .execute(connection)
        .await?;
        Ok(())
    }

    fn seal_token(&self, account: AccountId, token: &Secret) -> Result<Vec<u8>, StoreError> {
        let sealed = self.key().seal(account, TOKEN, token);
        sealed.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
