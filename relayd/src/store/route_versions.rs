//! The history of routes: the settings as they were accepted, secrets sealed as in the route
//! itself, so that an earlier version can be put back in force.

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    record::{Record, micros},
    route_row::{Sealed, bind, settings_columns},
};
use crate::model::{Route, RouteId};

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
        let rows = sqlx::query(
            "SELECT * FROM route_versions WHERE account_id = $1 AND role = $2
                 ORDER BY version DESC",
        )
        .bind(route.account_id.as_bytes().as_slice())
        .bind(route.role.as_str())
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| self.read_version(row, route.id))
            .collect()
    }

    /// Keeps a version, and lets the oldest go. `sealed` holds the secrets of the route.
    pub(super) async fn keep_version(
        &self,
        connection: &mut AnyConnection,
        route: &Route,
        before: Option<&Route>,
        sealed: Sealed,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let changed = before.map_or_else(Vec::new, |before| route.differences(before));
        let origin = self.origin.as_deref();
        let query = sqlx::query(concat!(
            "INSERT INTO route_versions (",
            settings_columns!(),
            ", account_id, role, version, changed, actor, source, set_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20)"
        ));
        bind(query, route, sealed)
            .bind(route.account_id.as_bytes().as_slice())
            .bind(route.role.as_str())
            .bind(route.version)
            .bind(changed.join(" "))
            .bind(origin.map_or("relayd", |origin| origin.actor.as_str()))
            .bind(origin.map_or("", |origin| origin.source.as_str()))
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "DELETE FROM route_versions WHERE account_id = $1 AND role = $2 AND version <= $3",
        )
        .bind(route.account_id.as_bytes().as_slice())
        .bind(route.role.as_str())
        .bind(route.version - KEPT)
        .execute(connection)
        .await?;
        Ok(())
    }

    fn read_version(&self, row: &AnyRow, route: RouteId) -> Result<RouteVersion, StoreError> {
        let record = Record::new("route_versions", row);
        let text = |column| record.text(column).map(str::to_owned);
        let route = self.read_settings(&record, route)?;
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
