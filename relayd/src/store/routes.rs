//! Routes, with their passwords sealed on the way in and opened on the way out.

use std::path::PathBuf;

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, query::Query};

use super::{
    Store, StoreError,
    record::{Record, micros, micros_optional},
    topic::Topic,
};
use crate::model::{AccountId, Pace, Route, RouteId, RouteKind, RouteOffer, Secret};

/// Bound into every sealed route password.
const PURPOSE: &str = "routes.password";

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

    /// The route of an account, if it has one.
    pub async fn route_of(&self, account: AccountId) -> Result<Option<Route>, StoreError> {
        let row = sqlx::query("SELECT * FROM routes WHERE account_id = $1")
            .bind(account.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.map(|row| self.read_route(&Record::new("routes", &row)))
            .transpose()
    }

    /// Adds the route of an account that has none. Its version in the store is 1.
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
        let query = sqlx::query(
            "INSERT INTO routes (kind, server, port, security, mailbox, password, ca_pem, folder,
                connections, per_minute, recipients_per_day, checked_at, offer, id, account_id,
                created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)",
        );
        let password = self.seal_password(route)?;
        bind_settings(query, route, password.clone())
            .bind(route.id.as_bytes().as_slice())
            .bind(route.account_id.as_bytes().as_slice())
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
        let first = Route {
            version: 1,
            ..route.clone()
        };
        self.keep_version(connection, &first, None, password, now)
            .await
    }

    /// Replaces the settings of a route, if it still has the version that `route` was read with;
    /// then the version counts up, and the history has one more.
    pub async fn update_route(&self, route: &Route, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE routes SET kind = $1, server = $2, port = $3, security = $4, mailbox = $5,
                password = $6, ca_pem = $7, folder = $8, connections = $9, per_minute = $10,
                recipients_per_day = $11, checked_at = $12, offer = $13, version = version + 1
             WHERE id = $14 AND version = $15",
        );
        let tx = self.begin_unclosed(route.account_id).await?;
        let mut change = self.change_in(tx, Topic::Route(route.id)).await?;
        let row = sqlx::query("SELECT * FROM routes WHERE id = $1")
            .bind(route.id.as_bytes().as_slice())
            .fetch_optional(change.connection())
            .await?;
        let old = row.ok_or(StoreError::NotFound)?;
        let old = self.read_route(&Record::new("routes", &old))?;
        let password = self.seal_password(route)?;
        let done = bind_settings(query, route, password.clone())
            .bind(route.id.as_bytes().as_slice())
            .bind(route.version)
            .execute(change.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict("routes.version".to_owned()));
        }
        let next = Route {
            version: route.version + 1,
            ..route.clone()
        };
        self.keep_version(change.connection(), &next, Some(&old), password, now)
            .await?;
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

    fn seal_password(&self, route: &Route) -> Result<Option<Vec<u8>>, StoreError> {
        route
            .password
            .as_ref()
            .map(|password| self.key().seal(route.account_id, PURPOSE, password))
            .transpose()
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    pub(super) fn open_password(&self, record: &Record<'_>) -> Result<Option<Secret>, StoreError> {
        let account: AccountId = record.id("account_id")?;
        record
            .bytes_optional("password")?
            .map(|sealed| self.key().open(account, PURPOSE, sealed))
            .transpose()
            .map_err(|error| record.corrupt("password", &error))
    }

    fn read_route(&self, record: &Record<'_>) -> Result<Route, StoreError> {
        let optional = |column| {
            record
                .text(column)
                .map(|text| Some(text).filter(|t| !t.is_empty()))
        };
        Ok(Route {
            id: record.id("id")?,
            account_id: record.id("account_id")?,
            kind: record.parse::<RouteKind>("kind")?,
            server: record.text("server")?.to_owned(),
            port: record.number("port")?,
            security: record.parse("security")?,
            mailbox: record.text("mailbox")?.to_owned(),
            password: self.open_password(record)?,
            ca_pem: optional("ca_pem")?.map(str::to_owned),
            folder: optional("folder")?.map(PathBuf::from),
            pace: Pace {
                connections: record.number("connections")?,
                per_minute: record.limit("per_minute")?,
                recipients_per_day: record.limit("recipients_per_day")?,
            },
            checked_at: record.time_optional("checked_at")?,
            offer: RouteOffer::from_text(record.text("offer")?),
            version: record.number("version")?,
        })
    }
}

type AnyQuery<'q> = Query<'q, Any, sqlx::any::AnyArguments>;

/// The values that the first thirteen parameters of both statements take.
fn bind_settings<'q>(
    query: AnyQuery<'q>,
    route: &Route,
    password: Option<Vec<u8>>,
) -> AnyQuery<'q> {
    let folder = route.folder.as_ref();
    query
        .bind(route.kind.as_str())
        .bind(route.server.clone())
        .bind(i64::from(route.port))
        .bind(route.security.as_str())
        .bind(route.mailbox.clone())
        .bind(password)
        .bind(route.ca_pem.clone().unwrap_or_default())
        .bind(folder.map_or_else(String::new, |path| path.to_string_lossy().into_owned()))
        .bind(i64::from(route.pace.connections))
        .bind(i64::from(route.pace.per_minute.unwrap_or(0)))
        .bind(i64::from(route.pace.recipients_per_day.unwrap_or(0)))
        .bind(micros_optional(route.checked_at))
        .bind(route.offer.map_or_else(String::new, RouteOffer::to_text))
}
