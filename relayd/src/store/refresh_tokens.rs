//! What people allowed by device code: refresh tokens, sealed. They change with each use.

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, RouteId, Secret};

/// Bound into every sealed token.
const PURPOSE: &str = "refresh_tokens.token";

/// The refresh token of a route.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// The route that it is for.
    pub route_id: RouteId,
    /// Whose route it is.
    pub account_id: AccountId,
    /// The token in force.
    pub token: Secret,
    /// Who signed in; empty where the other side did not tell.
    pub username: String,
    /// When.
    pub allowed_at: Timestamp,
    /// When it was last used. Microsoft ends one that is not used for 90 days.
    pub rotated_at: Timestamp,
}

impl Store {
    /// The refresh token of a route; `None` when nobody has signed in.
    pub async fn refresh_token(&self, route: RouteId) -> Result<Option<RefreshToken>, StoreError> {
        let row = sqlx::query("SELECT * FROM refresh_tokens WHERE route_id = $1")
            .bind(route.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| self.read_refresh_token(&Record::new("refresh_tokens", &row)))
            .transpose()
    }

    /// Keeps what a person has just allowed, in place of what was allowed before. The audit log
    /// tells who signed in. `Conflict` when the route has another version than `version`: it may
    /// lead elsewhere by now.
    pub async fn put_refresh_token(
        &self,
        new: &RefreshToken,
        version: i64,
    ) -> Result<(), StoreError> {
        let sealed = self.seal_refresh_token(new.account_id, &new.token)?;
        let mut change = self.act(Topic::Route(new.route_id)).await?;
        // Nobody changes the route before this is written.
        let locked =
            sqlx::query("UPDATE routes SET version = version WHERE id = $1 AND version = $2")
                .bind(new.route_id.as_bytes().as_slice())
                .bind(version)
                .execute(change.connection())
                .await?;
        if locked.rows_affected() == 0 {
            return Err(StoreError::Conflict("routes.version".to_owned()));
        }
        sqlx::query(
            "INSERT INTO refresh_tokens
                (route_id, account_id, token, username, allowed_at, rotated_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (route_id) DO UPDATE
                SET token = excluded.token, username = excluded.username,
                    allowed_at = excluded.allowed_at, rotated_at = excluded.rotated_at",
        )
        .bind(new.route_id.as_bytes().as_slice())
        .bind(new.account_id.as_bytes().as_slice())
        .bind(sealed)
        .bind(new.username.as_str())
        .bind(micros(new.allowed_at))
        .bind(micros(new.rotated_at))
        .execute(change.connection())
        .await?;
        change.tell(|| json!({ "authorized_as": new.username }));
        change.commit().await
    }

    /// Puts `new` in the place of `old`. Gives whether `old` was in force: if not, somebody has
    /// signed in anew, and that stays.
    pub async fn rotate_refresh_token(
        &self,
        route: RouteId,
        old: &Secret,
        new: &Secret,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(current) = self.refresh_token_in(&mut tx, route).await? else {
            return Ok(false);
        };
        if current.token.expose() != old.expose() {
            return Ok(false);
        }
        let sealed = self.seal_refresh_token(current.account_id, new)?;
        let done = sqlx::query(
            "UPDATE refresh_tokens SET token = $1, rotated_at = $2
             WHERE route_id = $3 AND allowed_at = $4",
        )
        .bind(sealed)
        .bind(micros(now))
        .bind(route.as_bytes().as_slice())
        .bind(micros(current.allowed_at))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets what was allowed for a route. Gives whether there was anything.
    pub async fn remove_refresh_token(&self, route: RouteId) -> Result<bool, StoreError> {
        let mut change = self.act(Topic::Route(route)).await?;
        let was_there = forget(change.connection(), route).await?;
        change.tell(|| json!({ "authorized_as": null }));
        change.commit().await?;
        Ok(was_there)
    }

    async fn refresh_token_in(
        &self,
        connection: &mut AnyConnection,
        route: RouteId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let row = sqlx::query("SELECT * FROM refresh_tokens WHERE route_id = $1")
            .bind(route.as_bytes().as_slice())
            .fetch_optional(connection)
            .await?;
        row.map(|row| self.read_refresh_token(&Record::new("refresh_tokens", &row)))
            .transpose()
    }

    fn seal_refresh_token(
        &self,
        account: AccountId,
        token: &Secret,
    ) -> Result<Vec<u8>, StoreError> {
        let sealed = self.key().seal(account, PURPOSE, token);
        sealed.map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    fn read_refresh_token(&self, record: &Record<'_>) -> Result<RefreshToken, StoreError> {
        let account_id = record.id("account_id")?;
        let token = self
            .key()
            .open(account_id, PURPOSE, record.bytes("token")?)
            .map_err(|error| record.corrupt("token", &error))?;
        Ok(RefreshToken {
            route_id: record.id("route_id")?,
            account_id,
            token,
            username: record.text("username")?.to_owned(),
            allowed_at: record.time("allowed_at")?,
            rotated_at: record.time("rotated_at")?,
        })
    }
}

/// Forgets what was allowed for a route, as part of something larger.
pub(super) async fn forget(
    connection: &mut AnyConnection,
    route: RouteId,
) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM refresh_tokens WHERE route_id = $1")
        .bind(route.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
