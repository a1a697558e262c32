//! Registered devices.

use std::net::IpAddr;

use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    limits::delete_limits,
    locks::lock_house,
    record::{Record, micros, micros_optional},
    rows::Rows,
    topic::Topic,
};
use crate::model::{AccountId, Network, Subject, System, SystemAuth, SystemId};

const SELECT: &str = "SELECT id, account_id, name, network, user_id, auth, state, priority,
    last_seen_at, created_at, version FROM systems";

/// Why a system was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteSystemError {
    /// A device that signs in by its address alone must be told apart by it: this network meets
    /// that of another such system.
    #[error(
        "the network overlaps {network} of {system} of {account}, which signs in by address, too"
    )]
    Overlap {
        /// Its network.
        network: Network,
        /// Its name.
        system: String,
        /// The name of its account.
        account: String,
    },
    /// Anything else; a conflict is a name that is taken, `NotFound` a version that is stale.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A network by which a system signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressClaim {
    /// Whose.
    pub id: SystemId,
    /// The network.
    pub network: Network,
    /// Name of the system.
    pub system: String,
    /// Name of its account.
    pub account: String,
}

impl From<AddressClaim> for WriteSystemError {
    fn from(claim: AddressClaim) -> Self {
        Self::Overlap {
            network: claim.network,
            system: claim.system,
            account: claim.account,
        }
    }
}

impl Store {
    /// Registers a system.
    pub async fn insert_system(&self, system: &System) -> Result<(), WriteSystemError> {
        let tx = self.begin_open(system.account_id).await?;
        let mut change = self.change_in(tx, Topic::System(system.id)).await?;
        self.refuse_overlaps(change.connection(), &[system]).await?;
        insert(change.connection(), system).await?;
        Ok(change.commit().await?)
    }

    /// Writes what can change of a system, provided that its version is still the one given. In
    /// another network it was not seen yet.
    pub async fn update_system(&self, system: &System) -> Result<(), WriteSystemError> {
        let tx = self.begin_open(system.account_id).await?;
        let mut change = self.change_in(tx, Topic::System(system.id)).await?;
        self.refuse_overlaps(change.connection(), &[system]).await?;
        update(change.connection(), system).await?;
        Ok(change.commit().await?)
    }

    /// The systems of an account whose mail goes first.
    pub async fn high_systems(&self, account: AccountId) -> Result<Vec<SystemId>, StoreError> {
        let rows =
            sqlx::query("SELECT id FROM systems WHERE account_id = $1 AND priority = 'high'")
                .bind(account.as_bytes().as_slice())
                .fetch_all(self.reads())
                .await?;
        rows.iter()
            .map(|row| Record::new("systems", row).id("id"))
            .collect()
    }

    /// The system of that id.
    pub async fn system(&self, id: SystemId) -> Result<Option<System>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_system).transpose()
    }

    /// An account's system of that name.
    pub async fn system_by_name(
        &self,
        account: AccountId,
        name: &str,
    ) -> Result<Option<System>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name = $2"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(name)
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_system).transpose()
    }

    /// The system that signs in by the address `client` alone, and the name of its relay user, of
    /// all accounts. `None` when there is not exactly one; suspended ones count, too. `None` also
    /// where a device of another account has signed in with a password, in a network that is no
    /// wider: who sends from there without one may be that device.
    ///
    /// Networks are stored in canonical form, so those around an address can be looked up in an
    /// index one by one: 33 texts for IPv4, 129 for IPv6, however many systems there are.
    pub async fn system_at(
        &self,
        client: IpAddr,
    ) -> Result<Option<(SystemId, String)>, StoreError> {
        static FIND: Rows = Rows::list(
            "SELECT s.id, s.account_id, s.network, u.username FROM systems s JOIN relay_users u ON u.id = s.user_id
             WHERE s.auth = 'address' AND s.network IN (",
            ")",
        );
        let networks: Vec<_> = Network::around(client).collect();
        let mut connection = self.reads().acquire().await?;
        let rows = FIND
            .fetch(&mut connection, &networks, |network, values| {
                values.text(&network.to_string());
            })
            .await?;
        let [row] = rows.as_slice() else {
            return Ok(None);
        };
        let record = Record::new("systems", row);
        let (account, network) = (record.id("account_id")?, record.parse("network")?);
        if is_of_others(&mut connection, &networks, account, network).await? {
            return Ok(None);
        }
        let username = record.text("username")?.to_owned();
        Ok(Some((record.id("id")?, username)))
    }

    /// At most `limit` systems of an account whose names stand behind `after`, by name.
    pub async fn systems(
        &self,
        account: AccountId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<System>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_system).collect()
    }

    /// Removes a system.
    pub async fn delete_system(&self, id: SystemId) -> Result<(), StoreError> {
        let mut change = self.change(Topic::System(id)).await?;
        delete(change.connection(), id).await?;
        change.commit().await
    }

    /// Refuses systems that sign in by their address where that is another's, too. Those given are
    /// compared as they are here, all others as they are stored.
    pub(super) async fn refuse_overlaps(
        &self,
        connection: &mut AnyConnection,
        systems: &[&System],
    ) -> Result<(), WriteSystemError> {
        let claims: Vec<_> = systems
            .iter()
            .filter(|system| system.auth == SystemAuth::Address)
            .collect();
        if claims.is_empty() {
            return Ok(());
        }
        // One such write at a time, or two that overlap each other could pass together.
        lock_house(connection, self.engine()).await?;
        for other in claims_in(connection).await? {
            let (id, network) = (other.id, other.network);
            let meets = |claim: &&&&System| claim.id != id && claim.network.overlaps(&network);
            if claims.iter().any(|claim| meets(&claim)) {
                return Err(other.into());
            }
        }
        Ok(())
    }

    /// All systems that sign in by their address, of every account.
    pub async fn address_claims(&self) -> Result<Vec<AddressClaim>, StoreError> {
        claims_in(&mut *self.reads().acquire().await?).await
    }
}

async fn claims_in(connection: &mut AnyConnection) -> Result<Vec<AddressClaim>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.id, s.network, s.name, a.name AS account FROM systems s
         JOIN accounts a ON a.id = s.account_id WHERE s.auth = $1",
    )
    .bind(SystemAuth::Address.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let record = Record::new("systems", row);
            Ok(AddressClaim {
                id: record.id("id")?,
                network: record.parse("network")?,
                system: record.text("name")?.to_owned(),
                account: record.text("account")?.to_owned(),
            })
        })
        .collect()
}

/// Adds the row of a system.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    system: &System,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO systems (id, account_id, name, network, user_id, auth, state,
            last_seen_at, created_at, version, priority)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(system.id.as_bytes().as_slice())
    .bind(system.account_id.as_bytes().as_slice())
    .bind(system.name.as_str())
    .bind(system.network.to_string())
    .bind(system.user_id.as_bytes().as_slice())
    .bind(system.auth.as_str())
    .bind(system.state.as_str())
    .bind(micros_optional(system.last_seen_at))
    .bind(micros(system.created_at))
    .bind(system.version)
    .bind(system.priority.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what can change of a system, provided that its version is still the one given.
pub(super) async fn update(
    connection: &mut AnyConnection,
    system: &System,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE systems
         SET last_seen_at = CASE WHEN network = $1 THEN last_seen_at END,
             network = $1, user_id = $2, auth = $3, state = $4, priority = $5,
             version = version + 1
         WHERE id = $6 AND version = $7",
    )
    .bind(system.network.to_string())
    .bind(system.user_id.as_bytes().as_slice())
    .bind(system.auth.as_str())
    .bind(system.state.as_str())
    .bind(system.priority.as_str())
    .bind(system.id.as_bytes().as_slice())
    .bind(system.version)
    .execute(connection)
    .await?;
    found(&done)
}

/// Removes the row of a system, and its limits.
pub(super) async fn delete(connection: &mut AnyConnection, id: SystemId) -> Result<(), StoreError> {
    delete_limits(connection, Subject::System(id)).await?;
    let done = sqlx::query("DELETE FROM systems WHERE id = $1")
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await?;
    found(&done)
}

/// Whether one of these networks is that of a device of another account that has signed in with
/// its password, and no wider than `network`.
async fn is_of_others(
    connection: &mut AnyConnection,
    networks: &[Network],
    account: AccountId,
    network: Network,
) -> Result<bool, StoreError> {
    static FIND: Rows = Rows::list(
        "SELECT account_id, network FROM systems
         WHERE auth = 'password' AND state = 'active' AND last_seen_at IS NOT NULL
           AND network IN (",
        ")",
    );
    let narrow: Vec<_> = networks
        .iter()
        .filter(|other| other.prefix_len() >= network.prefix_len())
        .collect();
    let rows = FIND
        .fetch(connection, &narrow, |network, values| {
            values.text(&network.to_string());
        })
        .await?;
    for row in &rows {
        if Record::new("systems", row).id::<AccountId>("account_id")? != account {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A row of systems.
pub(super) fn read_system(row: &AnyRow) -> Result<System, StoreError> {
    let record = Record::new("systems", row);
    Ok(System {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        name: record.text("name")?.to_owned(),
        network: record.parse("network")?,
        user_id: record.id("user_id")?,
        auth: record.parse("auth")?,
        state: record.parse("state")?,
        priority: record.parse("priority")?,
        last_seen_at: record.time_optional("last_seen_at")?,
        created_at: record.time("created_at")?,
        version: record.number("version")?,
    })
}
