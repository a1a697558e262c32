//! What devices sign in as.

use sqlx::{AnyConnection, any::AnyRow};

use super::{
    NewCredential, Store, StoreError,
    credentials::{delete_credentials, insert_credential},
    engine::Engine,
    error::found,
    limits::delete_limits,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::{AccountId, Address, RelayUser, Subject, UserId};

const SELECT: &str = "SELECT id, account_id, username, sender, other_sender, state, created_at,
    version FROM relay_users";

/// Why a relay user was not added.
#[derive(Debug, thiserror::Error)]
pub enum InsertUserError {
    /// The account has as many as its plan allows.
    #[error("{used} of {allowed} relay users are in use")]
    OverLimit {
        /// Relay users of the account.
        used: u32,
        /// How many it may have.
        allowed: u32,
    },
    /// Anything else; a conflict is a user name that is taken.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a relay user with its password, unless the account has `cap` of them already, or as
    /// many as its plan allows at this moment.
    pub async fn insert_relay_user(
        &self,
        user: &RelayUser,
        credential: &NewCredential,
        cap: u32,
    ) -> Result<(), InsertUserError> {
        // Keeps two requests from taking the last place together.
        let tx = self.begin_open(user.account_id).await?;
        let mut change = self.change_in(tx, Topic::RelayUser(user.id)).await?;
        let connection = change.connection();
        let cap = match running_cap(connection, self.engine(), user.account_id).await? {
            Some(running) => running.min(cap),
            None => cap,
        };
        let count = count_users(connection, user.account_id).await?;
        if count >= cap {
            return Err(InsertUserError::OverLimit {
                used: count,
                allowed: cap,
            });
        }
        insert(connection, user, credential).await?;
        Ok(change.commit().await?)
    }

    /// The relay user of that id.
    pub async fn relay_user(&self, id: UserId) -> Result<Option<RelayUser>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        self.with_senders(row.as_ref()).await
    }

    /// The relay user of that name, of whatever account.
    pub async fn relay_user_by_name(
        &self,
        username: &str,
    ) -> Result<Option<RelayUser>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE username = $1")))
            .bind(username)
            .fetch_optional(self.reads())
            .await?;
        self.with_senders(row.as_ref()).await
    }

    /// At most `limit` relay users of an account whose names stand behind `after`, by name.
    pub async fn relay_users(
        &self,
        account: AccountId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RelayUser>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND username > $2 ORDER BY username LIMIT $3"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        let mut users: Vec<_> = rows.iter().map(read_user).collect::<Result<_, _>>()?;
        let senders = sqlx::query(
            "SELECT user_id, address FROM allowed_senders
             WHERE user_id IN (SELECT id FROM relay_users
                 WHERE account_id = $1 AND username > $2 ORDER BY username LIMIT $3)
             ORDER BY address",
        )
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        for row in &senders {
            let record = Record::new("allowed_senders", row);
            let owner: UserId = record.id("user_id")?;
            if let Some(user) = users.iter_mut().find(|user| user.id == owner) {
                user.allowed_senders.push(record.parse("address")?);
            }
        }
        Ok(users)
    }

    /// How many relay users an account has.
    pub async fn count_relay_users(&self, account: AccountId) -> Result<u32, StoreError> {
        let mut connection = self.reads().acquire().await?;
        count_users(&mut connection, account).await
    }

    /// Writes senders and state of a relay user, provided that its version is still the one given.
    /// `NotFound` when it is not.
    pub async fn update_relay_user(&self, user: &RelayUser) -> Result<(), StoreError> {
        let tx = self.begin_open(user.account_id).await?;
        let mut change = self.change_in(tx, Topic::RelayUser(user.id)).await?;
        update(change.connection(), user).await?;
        change.commit().await
    }

    /// Deletes a relay user with its passwords. A conflict when systems still name it.
    pub async fn delete_relay_user(&self, user: UserId) -> Result<(), StoreError> {
        let mut change = self.change(Topic::RelayUser(user)).await?;
        delete(change.connection(), user).await?;
        change.commit().await
    }

    async fn with_senders(&self, row: Option<&AnyRow>) -> Result<Option<RelayUser>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let mut user = read_user(row)?;
        let rows =
            sqlx::query("SELECT address FROM allowed_senders WHERE user_id = $1 ORDER BY address")
                .bind(user.id.as_bytes().as_slice())
                .fetch_all(self.reads())
                .await?;
        user.allowed_senders = rows
            .iter()
            .map(|row| Record::new("allowed_senders", row).parse("address"))
            .collect::<Result<_, _>>()?;
        Ok(Some(user))
    }
}

/// Adds the row of a relay user, its senders and its password.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    user: &RelayUser,
    credential: &NewCredential,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO relay_users (id, account_id, username, sender, other_sender, state,
            created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(user.id.as_bytes().as_slice())
    .bind(user.account_id.as_bytes().as_slice())
    .bind(user.username.as_str())
    .bind(user.sender.as_str())
    .bind(user.other_sender.as_str())
    .bind(user.state.as_str())
    .bind(micros(user.created_at))
    .bind(user.version)
    .execute(&mut *connection)
    .await?;
    insert_senders(connection, user.id, &user.allowed_senders).await?;
    insert_credential(connection, user.id, credential).await
}

/// Writes senders and state of a relay user, provided that its version is still the one given.
pub(super) async fn update(
    connection: &mut AnyConnection,
    user: &RelayUser,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE relay_users
         SET sender = $1, other_sender = $2, state = $3, version = version + 1
         WHERE id = $4 AND version = $5",
    )
    .bind(user.sender.as_str())
    .bind(user.other_sender.as_str())
    .bind(user.state.as_str())
    .bind(user.id.as_bytes().as_slice())
    .bind(user.version)
    .execute(&mut *connection)
    .await?;
    found(&done)?;
    sqlx::query("DELETE FROM allowed_senders WHERE user_id = $1")
        .bind(user.id.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    insert_senders(connection, user.id, &user.allowed_senders).await
}

/// Deletes a relay user with all that is its own. A conflict when systems still name it.
pub(super) async fn delete(connection: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM allowed_senders WHERE user_id = $1")
        .bind(user.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    delete_credentials(connection, user).await?;
    delete_limits(connection, Subject::User(user)).await?;
    let done = sqlx::query("DELETE FROM relay_users WHERE id = $1")
        .bind(user.as_bytes().as_slice())
        .execute(connection)
        .await?;
    found(&done)
}

/// How many relay users the plan of an account allows, if it has one. The plan stays as it is until
/// the transaction ends.
pub(super) async fn running_cap(
    connection: &mut AnyConnection,
    engine: Engine,
    account: AccountId,
) -> Result<Option<u32>, StoreError> {
    let statement = format!(
        "SELECT relay_users FROM plans WHERE id = (
             SELECT plan_id FROM subscriptions WHERE account_id = $1 AND ended_at IS NULL){}",
        engine.for_update()
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(account.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Record::new("plans", &row).number("relay_users"))
        .transpose()
}

pub(super) async fn count_users(
    connection: &mut AnyConnection,
    account: AccountId,
) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS users FROM relay_users WHERE account_id = $1")
        .bind(account.as_bytes().as_slice())
        .fetch_one(connection)
        .await?;
    Record::new("relay_users", &row).number("users")
}

async fn insert_senders(
    connection: &mut AnyConnection,
    user: UserId,
    senders: &[Address],
) -> Result<(), StoreError> {
    for sender in senders {
        sqlx::query(
            "INSERT INTO allowed_senders (user_id, address) VALUES ($1, $2)
             ON CONFLICT (user_id, address) DO NOTHING",
        )
        .bind(user.as_bytes().as_slice())
        .bind(sender.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A row of relay users; the allowed senders are in a table of their own.
pub(super) fn read_user(row: &AnyRow) -> Result<RelayUser, StoreError> {
    let record = Record::new("relay_users", row);
    Ok(RelayUser {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        username: record.text("username")?.to_owned(),
        sender: record.parse("sender")?,
        allowed_senders: Vec::new(),
        other_sender: record.parse("other_sender")?,
        state: record.parse("state")?,
        created_at: record.time("created_at")?,
        version: record.number("version")?,
    })
}
