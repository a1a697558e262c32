//! The passwords of relay users, as hashes, and when each was last used.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    change::Change,
    error::found,
    record::{Record, micros},
    rows::Rows,
    topic::Topic,
};
use crate::model::{Credential, CredentialId, LastUse, SystemId, UserId};

/// A hashed password.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Identifier.
    pub id: CredentialId,
    /// Name, unique among those of its relay user.
    pub name: String,
    /// Argon2id in PHC form.
    pub hash: String,
    /// When it was set.
    pub created_at: Timestamp,
}

/// A hash, and the credential that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHash {
    /// The credential.
    pub id: CredentialId,
    /// Argon2id in PHC form.
    pub hash: String,
}

/// A sign-in by a password, for the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialUse {
    /// The credential.
    pub id: CredentialId,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub client: IpAddr,
    /// The system at that address, if there is one.
    pub system: Option<SystemId>,
}

/// Why a credential was not written.
#[derive(Debug, thiserror::Error)]
pub enum PutCredentialError {
    /// The relay user has as many as it may.
    #[error("the relay user has {0} credentials already")]
    TooMany(u32),
    /// Another one of the relay user has the same hash, and so the same password.
    #[error("another credential has the password")]
    Same,
    /// Anything else; a conflict is a name that is taken, `NotFound` a relay user that is gone.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The credentials of a relay user, by name.
    pub async fn credentials(&self, user: UserId) -> Result<Vec<Credential>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.id AS id, c.name AS name, c.created_at AS created_at,
                c.last_used_at AS last_used_at, c.last_used_from AS last_used_from,
                s.name AS system_name
             FROM credentials c LEFT JOIN systems s ON s.id = c.last_used_system
             WHERE c.user_id = $1 ORDER BY c.name",
        )
        .bind(user.as_bytes().as_slice())
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_credential).collect()
    }

    /// The hashes of a relay user's passwords.
    pub async fn password_hashes(&self, user: UserId) -> Result<Vec<KnownHash>, StoreError> {
        let rows = sqlx::query("SELECT id, hash FROM credentials WHERE user_id = $1 ORDER BY id")
            .bind(user.as_bytes().to_vec())
            .fetch_all(self.reads())
            .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("credentials", row);
                Ok(KnownHash {
                    id: record.id("id")?,
                    hash: record.text("hash")?.to_owned(),
                })
            })
            .collect()
    }

    /// Adds a credential to a relay user that has fewer than `most`.
    pub async fn add_credential(
        &self,
        user: UserId,
        credential: &NewCredential,
        most: u32,
    ) -> Result<(), PutCredentialError> {
        // Keeps two requests from taking the last place together.
        let mut change = self.change_user(user).await?;
        let row = sqlx::query("SELECT COUNT(*) AS present FROM credentials WHERE user_id = $1")
            .bind(user.as_bytes().as_slice())
            .fetch_one(change.connection())
            .await
            .map_err(StoreError::from)?;
        let present = Record::new("credentials", &row).number("present")?;
        if present >= most {
            return Err(PutCredentialError::TooMany(present));
        }
        refuse_same(change.connection(), user, credential).await?;
        insert_credential(change.connection(), user, credential).await?;
        Ok(change.commit().await?)
    }

    /// Puts a credential in the place of another one of a relay user, or of all of them.
    /// `NotFound` when there is no such relay user or other one.
    pub async fn replace_credential(
        &self,
        user: UserId,
        old: Option<CredentialId>,
        credential: &NewCredential,
    ) -> Result<(), PutCredentialError> {
        let mut change = self.change_user(user).await?;
        match old {
            None => delete_credentials(change.connection(), user).await?,
            Some(old) => delete_credential(change.connection(), user, old).await?,
        }
        refuse_same(change.connection(), user, credential).await?;
        insert_credential(change.connection(), user, credential).await?;
        Ok(change.commit().await?)
    }

    /// Removes a credential of a relay user. `NotFound` when it has none of that id.
    pub async fn remove_credential(
        &self,
        user: UserId,
        credential: CredentialId,
    ) -> Result<(), StoreError> {
        let mut change = self.change(Topic::RelayUser(user)).await?;
        touch(change.connection(), user).await?;
        delete_credential(change.connection(), user, credential).await?;
        change.commit().await
    }

    /// Begins and counts a change of a relay user whose account is open. `NotFound` when there is
    /// none of that id.
    async fn change_user(&self, user: UserId) -> Result<Change<'_>, StoreError> {
        // A relay user stays with its account.
        let row = sqlx::query("SELECT account_id FROM relay_users WHERE id = $1")
            .bind(user.as_bytes().as_slice())
            .fetch_one(self.reads())
            .await?;
        let account = Record::new("relay_users", &row).id("account_id")?;
        let tx = self.begin_open(account).await?;
        let mut change = self.change_in(tx, Topic::RelayUser(user)).await?;
        touch(change.connection(), user).await?;
        Ok(change)
    }
}

/// Counts a change of the relay user.
async fn touch(connection: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE relay_users SET version = version + 1 WHERE id = $1")
        .bind(user.as_bytes().as_slice())
        .execute(connection)
        .await?;
    found(&done)
}

/// Two requests that bring the same password at once do not both get it: hashes of one relay user
/// have one salt.
async fn refuse_same(
    connection: &mut AnyConnection,
    user: UserId,
    credential: &NewCredential,
) -> Result<(), PutCredentialError> {
    let same = sqlx::query("SELECT 1 FROM credentials WHERE user_id = $1 AND hash = $2")
        .bind(user.as_bytes().as_slice())
        .bind(credential.hash.as_str())
        .fetch_optional(connection)
        .await
        .map_err(StoreError::from)?;
    match same {
        Some(_) => Err(PutCredentialError::Same),
        None => Ok(()),
    }
}

pub(super) async fn insert_credential(
    connection: &mut AnyConnection,
    user: UserId,
    credential: &NewCredential,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO credentials (id, user_id, name, hash, created_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(credential.id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(credential.name.as_str())
    .bind(credential.hash.as_str())
    .bind(micros(credential.created_at))
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes every credential of a relay user.
pub(super) async fn delete_credentials(
    connection: &mut AnyConnection,
    user: UserId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM credentials WHERE user_id = $1")
        .bind(user.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

async fn delete_credential(
    connection: &mut AnyConnection,
    user: UserId,
    credential: CredentialId,
) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM credentials WHERE user_id = $1 AND id = $2")
        .bind(user.as_bytes().as_slice())
        .bind(credential.as_bytes().as_slice())
        .execute(connection)
        .await?;
    found(&done)
}

/// Writes down when credentials were used. Those that are gone stay gone.
pub(super) async fn write_uses(
    tx: &mut AnyConnection,
    uses: &[CredentialUse],
) -> Result<(), StoreError> {
    static USE: Rows = Rows::of(
        "UPDATE credentials SET last_used_at = v.column2, last_used_from = v.column3,
                                last_used_system = v.column4
         FROM (VALUES ",
        4,
        ") AS v WHERE credentials.id = v.column1",
    );
    // The latest of each, and sorted, so that two nodes lock rows in the same order.
    let latest: BTreeMap<_, _> = uses.iter().map(|one| (one.id, one)).collect();
    let latest: Vec<_> = latest.into_values().collect();
    USE.execute(tx, &latest, |one, values| {
        let system = one.system.as_ref().map_or(&[][..], |id| id.as_bytes());
        values
            .bytes(one.id.as_bytes())
            .time(one.at)
            .text(&one.client.to_string())
            .bytes(system);
    })
    .await
}

fn read_credential(row: &AnyRow) -> Result<Credential, StoreError> {
    let record = Record::new("credentials", row);
    let last_use = match record.time_optional("last_used_at")? {
        None => None,
        Some(at) => Some(LastUse {
            at,
            client: record.parse("last_used_from")?,
            system: record.text_optional("system_name")?.map(str::to_owned),
        }),
    };
    Ok(Credential {
        id: record.id("id")?,
        name: record.text("name")?.to_owned(),
        created_at: record.time("created_at")?,
        last_use,
    })
}
