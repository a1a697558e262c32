//! Routes, with their secrets sealed on the way in and opened on the way out.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Store, StoreError,
    record::{Record, micros, micros_optional},
    refresh_tokens::forget,
    route_row::{bind, settings_columns},
    topic::Topic,
};
use crate::model::{AccountId, Route, RouteId, RouteOffer, RouteRole};

/// What stands against the removal of a route: mail would wait for it for good.
pub const MAIL_WAITS: &str = "messages.route_id";

impl Store {
    /// The route of that id.
    pub async fn route(&self, id: RouteId) -> Result<Option<Route>, StoreError> {
        let row = sqlx::query("SELECT * FROM routes WHERE id = $1")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| self.read_route(&Record::new("routes", &row)))
            .transpose()
    }

    /// The route that the mail of an account takes, if it has one.
    pub async fn route_of(&self, account: AccountId) -> Result<Option<Route>, StoreError> {
        self.route_in(account, RouteRole::Primary).await
    }

    /// The route of an account in that role, if it has one.
    pub async fn route_in(
        &self,
        account: AccountId,
        role: RouteRole,
    ) -> Result<Option<Route>, StoreError> {
        let row = sqlx::query("SELECT * FROM routes WHERE account_id = $1 AND role = $2")
            .bind(account.as_bytes().as_slice())
            .bind(role.as_str())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| self.read_route(&Record::new("routes", &row)))
            .transpose()
    }

    /// The routes of open accounts that live on something that ends some day. One that cannot be
    /// read is left out: it is told where it is used.
    pub async fn routes_that_end(&self) -> Result<Vec<Route>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.* FROM routes t JOIN accounts a ON a.id = t.account_id
             WHERE t.kind IN ('smtp-oauth', 'graph', 'connector')
                AND a.state NOT IN ('closed', 'closing')
             ORDER BY t.id",
        )
        .fetch_all(self.reads())
        .await?;
        let routes = rows
            .iter()
            .map(|row| self.read_route(&Record::new("routes", row)));
        Ok(routes.filter_map(Result::ok).collect())
    }

    /// How many other accounts have a connector that knows this relay by its address.
    pub async fn connectors_by_address(&self, except: AccountId) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(DISTINCT account_id) AS others FROM routes
             WHERE kind = 'connector' AND secret IS NULL AND account_id <> $1",
        )
        .bind(except.as_bytes().as_slice())
        .fetch_one(self.reads())
        .await?;
        Record::new("routes", &row).number("others")
    }

    /// Adds the route of an account that has none in its role. Its version in the store is 1.
    pub async fn insert_route(&self, route: &Route, now: Timestamp) -> Result<(), StoreError> {
        let tx = self.begin_unclosed(route.account_id).await?;
        let mut change = self.change_in(tx, Topic::Route(route.id)).await?;
        self.insert_route_in(change.connection(), route, now)
            .await?;
        change.commit().await
    }

    /// Adds a route as part of something larger.
    pub(super) async fn insert_route_in(
        &self,
        connection: &mut AnyConnection,
        route: &Route,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(concat!(
            "INSERT INTO routes (",
            settings_columns!(),
            ", checked_at, offer, id, account_id, role, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, 1)"
        ));
        let sealed = self.seal_route(route)?;
        bind(query, route, sealed.clone())
            .bind(micros_optional(route.checked_at))
            .bind(route.offer.map_or_else(String::new, RouteOffer::to_text))
            .bind(route.id.as_bytes().as_slice())
            .bind(route.account_id.as_bytes().as_slice())
            .bind(route.role.as_str())
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
        let first = Route {
            version: 1,
            ..route.clone()
        };
        self.keep_version(connection, &first, None, sealed, now)
            .await
    }

    /// Replaces the settings of a route, and forgets who signed in for another application or at
    /// another endpoint, if it still has the version that `route` was read with;
    /// then the version counts up, and the history has one more.
    pub async fn update_route(&self, route: &Route, now: Timestamp) -> Result<(), StoreError> {
        let tx = self.begin_unclosed(route.account_id).await?;
        let mut change = self.change_in(tx, Topic::Route(route.id)).await?;
        self.update_route_in(change.connection(), route, now)
            .await?;
        change.commit().await
    }

    /// The same as part of something larger.
    pub(super) async fn update_route_in(
        &self,
        connection: &mut AnyConnection,
        route: &Route,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE routes SET kind = $1, server = $2, port = $3, security = $4, mailbox = $5,
                password = $6, secret = $7, ca_pem = $8, folder = $9, details = $10,
                connections = $11, per_minute = $12, recipients_per_day = $13, checked_at = $14,
                offer = $15, version = version + 1
             WHERE id = $16 AND version = $17",
        );
        let row = sqlx::query("SELECT * FROM routes WHERE id = $1")
            .bind(route.id.as_bytes().as_slice())
            .fetch_optional(&mut *connection)
            .await?;
        let old = row.ok_or(StoreError::NotFound)?;
        let old = self.read_route(&Record::new("routes", &old))?;
        let sealed = self.seal_route(route)?;
        let done = bind(query, route, sealed.clone())
            .bind(micros_optional(route.checked_at))
            .bind(route.offer.map_or_else(String::new, RouteOffer::to_text))
            .bind(route.id.as_bytes().as_slice())
            .bind(route.version)
            .execute(&mut *connection)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict("routes.version".to_owned()));
        }
        let next = Route {
            version: route.version + 1,
            ..route.clone()
        };
        self.keep_version(connection, &next, Some(&old), sealed, now)
            .await?;
        if !old.shares_sign_in(route) {
            forget(connection, route.id).await?;
        }
        Ok(())
    }

    /// Removes a route, if it still has the version that `route` was read with: its hold, its
    /// history and every secret of it, too. `Conflict` with [`MAIL_WAITS`] while mail waits for it.
    pub async fn remove_route(&self, route: &Route) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Route(route.id)).await?;
        remove(change.connection(), route).await?;
        change.commit().await
    }

    /// Notes the result of a probe: when it succeeded, or `None` when it did not, and what was on
    /// offer, unless the route was changed since it was read.
    pub async fn set_route_checked(
        &self,
        route: &Route,
        checked_at: Option<Timestamp>,
        offer: Option<RouteOffer>,
    ) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Route(route.id)).await?;
        let done = sqlx::query(
            "UPDATE routes SET checked_at = $1, offer = $2 WHERE id = $3 AND version = $4",
        )
        .bind(micros_optional(checked_at))
        .bind(offer.map_or_else(String::new, RouteOffer::to_text))
        .bind(route.id.as_bytes().as_slice())
        .bind(route.version)
        .execute(change.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict("routes.version".to_owned()));
        }
        change.commit().await
    }

    fn read_route(&self, record: &Record<'_>) -> Result<Route, StoreError> {
        Ok(Route {
            checked_at: record.time_optional("checked_at")?,
            offer: RouteOffer::from_text(record.text("offer")?),
            ..self.read_settings(record, record.id("id")?)?
        })
    }
}

/// Removes a route and what is its own, unless mail waits for it.
pub(super) async fn remove(
    connection: &mut AnyConnection,
    route: &Route,
) -> Result<(), StoreError> {
    let waiting = sqlx::query(
        "SELECT id FROM messages WHERE route_id = $1 AND state IN ('queued', 'held') LIMIT 1",
    )
    .bind(route.id.as_bytes().as_slice())
    .fetch_optional(&mut *connection)
    .await?;
    if waiting.is_some() {
        return Err(StoreError::Conflict(MAIL_WAITS.to_owned()));
    }
    for statement in [
        "DELETE FROM holds WHERE route_id = $1",
        "DELETE FROM refresh_tokens WHERE route_id = $1",
    ] {
        sqlx::query(statement)
            .bind(route.id.as_bytes().as_slice())
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("DELETE FROM route_versions WHERE account_id = $1 AND role = $2")
        .bind(route.account_id.as_bytes().as_slice())
        .bind(route.role.as_str())
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query("DELETE FROM routes WHERE id = $1 AND version = $2")
        .bind(route.id.as_bytes().as_slice())
        .bind(route.version)
        .execute(connection)
        .await?;
    match done.rows_affected() {
        0 => Err(StoreError::Conflict("routes.version".to_owned())),
        _ => Ok(()),
    }
}
