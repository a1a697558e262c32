//! The history of routes: the settings as they were accepted, secrets sealed as in the route
//! itself, so that an earlier version can be put back in force.

use std::path::PathBuf;

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    record::{Record, micros},
};
use crate::model::{AccountId, Pace, Route, RouteId, RouteKind};

/// Versions that are kept of a route, the present one included. The secrets of older ones are gone
/// with them.
const KEPT: i64 = 10;

/// One version of a route.
#[derive(Debug, Clone)]
pub struct RouteVersion {
    /// The settings, and in `version` their number. Not known to work any more: `checked_at` and
    /// `offer` are empty.
    pub route: Route,
    /// The settings that differ from the version before, by the names of the API; none for the
    /// first, and where that is not known.
    pub changed: Vec<String>,
    /// Who set them.
    pub actor: String,
    /// From where.
    pub source: String,
    /// When.
    pub set_at: Timestamp,
}

impl Store {
    /// The versions of a route that are kept, newest first. The first is the present one.
    pub async fn route_versions(&self, route: &Route) -> Result<Vec<RouteVersion>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM route_versions WHERE account_id = $1 ORDER BY version DESC")
                .bind(route.account_id.as_bytes().as_slice())
                .fetch_all(self.reads())
                .await?;
        rows.iter()
            .map(|row| self.read_version(row, route.id))
            .collect()
    }

    /// Keeps a version, and lets the oldest go. `password` is the sealed one of the route.
    pub(super) async fn keep_version(
        &self,
        connection: &mut AnyConnection,
        route: &Route,
        before: Option<&Route>,
        password: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let changed = before.map_or_else(Vec::new, |before| route.differences(before));
        let origin = self.origin.as_deref();
        let (folder, pace) = (route.folder.as_ref(), route.pace);
        sqlx::query(
            "INSERT INTO route_versions (account_id, version, kind, server, port, security,
                mailbox, password, ca_pem, folder, connections, per_minute, recipients_per_day,
                changed, actor, source, set_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind(route.account_id.as_bytes().as_slice())
        .bind(route.version)
        .bind(route.kind.as_str())
        .bind(route.server.as_str())
        .bind(i64::from(route.port))
        .bind(route.security.as_str())
        .bind(route.mailbox.as_str())
        .bind(password)
        .bind(route.ca_pem.as_deref().unwrap_or_default())
        .bind(folder.map_or_else(String::new, |path| path.to_string_lossy().into_owned()))
        .bind(i64::from(pace.connections))
        .bind(i64::from(pace.per_minute.unwrap_or(0)))
        .bind(i64::from(pace.recipients_per_day.unwrap_or(0)))
        .bind(changed.join(" "))
        .bind(origin.map_or("relayd", |origin| origin.actor.as_str()))
        .bind(origin.map_or("", |origin| origin.source.as_str()))
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM route_versions WHERE account_id = $1 AND version <= $2")
            .bind(route.account_id.as_bytes().as_slice())
            .bind(route.version - KEPT)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn read_version(&self, row: &AnyRow, route: RouteId) -> Result<RouteVersion, StoreError> {
        let record = Record::new("route_versions", row);
        let text = |column| record.text(column).map(str::to_owned);
        let optional = |column| text(column).map(|text| Some(text).filter(|it| !it.is_empty()));
        let account: AccountId = record.id("account_id")?;
        let route = Route {
            id: route,
            account_id: account,
            kind: record.parse::<RouteKind>("kind")?,
            server: text("server")?,
            port: record.number("port")?,
            security: record.parse("security")?,
            mailbox: text("mailbox")?,
            password: self.open_password(&record)?,
            ca_pem: optional("ca_pem")?,
            folder: optional("folder")?.map(PathBuf::from),
            pace: Pace {
                connections: record.number("connections")?,
                per_minute: record.limit("per_minute")?,
                recipients_per_day: record.limit("recipients_per_day")?,
            },
            checked_at: None,
            offer: None,
            version: record.number("version")?,
        };
        let changed = record.text("changed")?.split(' ');
        Ok(RouteVersion {
            route,
            changed: changed
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            actor: text("actor")?,
            source: text("source")?,
            set_at: record.time("set_at")?,
        })
    }
}
