//! What owners sign in with, invitations, and the registration that uses both.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    EmailCode, Store, StoreError, accounts, codes,
    error::found,
    locks::lock_account,
    record::{Record, micros},
    sessions,
    topic::Topic,
};
use crate::model::{Account, AccountId, Address, InvitationId, Route};

/// An account to sign in to.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The account.
    pub account: Account,
    /// Argon2id hash in PHC form; `None` when no password was set yet.
    pub hash: Option<String>,
}

/// An invitation without its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// SHA-256 of the code.
    pub hash: Vec<u8>,
    /// The only contact e-mail it is good for.
    pub email: Option<Address>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When somebody registered with it.
    pub used_at: Option<Timestamp>,
}

/// A new account with what its owner brings along.
#[derive(Debug)]
pub struct Registration<'r> {
    /// The account.
    pub account: &'r Account,
    /// Hash of the sign-in password.
    pub hash: Option<&'r str>,
    /// SHA-256 of the code of the invitation that is used up.
    pub invitation: Option<&'r [u8]>,
    /// Its way out, already checked.
    pub route: Option<&'r Route>,
}

impl Store {
    /// Registers an account, all of it or nothing. `Conflict` when the name is taken, `NotFound`
    /// when the invitation is not good for it.
    pub async fn register(&self, new: &Registration<'_>) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(new.account.id)).await?;
        let at = new.account.created_at;
        if let Some(invitation) = new.invitation {
            let email = new.account.contact.email.as_str().to_lowercase();
            use_invitation(change.connection(), invitation, &email, at).await?;
        }
        accounts::insert(change.connection(), new.account).await?;
        if let Some(hash) = new.hash {
            put_password(change.connection(), new.account.id, hash, at).await?;
        }
        if let Some(route) = new.route {
            self.insert_route_in(change.connection(), route, at).await?;
        }
        change.commit().await
    }

    /// Whether an invitation is good for an e-mail at a time. It is not used up.
    pub async fn is_invitation_good(
        &self,
        hash: &[u8],
        email: &Address,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM invitations
             WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 AND (email = '' OR email = $3)",
        )
        .bind(hash)
        .bind(micros(at))
        .bind(email.as_str().to_lowercase())
        .fetch_optional(self.reads())
        .await?;
        Ok(row.is_some())
    }

    /// The account that whoever gives this e-mail means: the one named, or of several the one
    /// that is active, else verified, and of those the oldest. The database folds both sides, since
    /// one folds more letters than another.
    pub async fn sign_in(
        &self,
        email: &str,
        name: Option<&str>,
    ) -> Result<Option<SignIn>, StoreError> {
        let columns = accounts::COLUMNS;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {columns}, hash FROM accounts LEFT JOIN sign_ins ON account_id = id
             WHERE LOWER(email) = LOWER($1) AND ($2 = '' OR name = $2)
             ORDER BY CASE WHEN state = 'active' THEN 0 WHEN state = 'suspended' THEN 1
                           WHEN state IN ('closing', 'closed') THEN 4
                           WHEN verified_at IS NOT NULL THEN 2 ELSE 3 END, id
             LIMIT 1"
        )))
        .bind(email)
        .bind(name.unwrap_or_default())
        .fetch_optional(self.reads())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(SignIn {
            account: accounts::read_account(&row)?,
            hash: Record::new("sign_ins", &row)
                .text_optional("hash")?
                .map(str::to_owned),
        }))
    }

    /// The hash of the sign-in password of an account.
    pub async fn sign_in_hash(&self, account: AccountId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT hash FROM sign_ins WHERE account_id = $1")
            .bind(account.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        let hash = |row| Record::new("sign_ins", row).text("hash").map(str::to_owned);
        row.as_ref().map(hash).transpose()
    }

    /// Sets the sign-in password of an account and ends its sessions, but for the one whose token
    /// has the hash `kept`. Codes that were sent before are void.
    pub async fn set_sign_in(
        &self,
        account: AccountId,
        hash: &str,
        at: Timestamp,
        kept: &[u8],
    ) -> Result<(), StoreError> {
        let tx = self.begin_open(account).await?;
        let mut change = self.act_in(tx, Topic::SignIn(account)).await?;
        put_password(change.connection(), account, hash, at).await?;
        codes::delete_all(change.connection(), account).await?;
        sessions::end(change.connection(), account, kept).await?;
        change.commit().await
    }

    /// Sets the sign-in password of an account by a code, which is used up with all others of the
    /// account, and ends its sessions. Whether the code was still there.
    pub async fn reset_sign_in(
        &self,
        code: &EmailCode,
        hash: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let account = code.account_id;
        let mut tx = self.begin().await?;
        // Codes end with the account: one that is still there belongs to an open one.
        lock_account(&mut tx, self.engine(), account).await?;
        let mut change = self.act_in(tx, Topic::SignIn(account)).await?;
        if !codes::take(change.connection(), code).await? {
            return Ok(false);
        }
        put_password(change.connection(), account, hash, at).await?;
        codes::delete_all(change.connection(), account).await?;
        sessions::end(change.connection(), account, &[]).await?;
        change.commit().await?;
        Ok(true)
    }

    /// Adds an invitation.
    pub async fn insert_invitation(&self, new: &Invitation) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Invitation(new.id)).await?;
        sqlx::query(
            "INSERT INTO invitations (id, hash, email, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.id.as_bytes().as_slice())
        .bind(new.hash.as_slice())
        .bind(
            new.email
                .as_ref()
                .map_or("", Address::as_str)
                .to_lowercase(),
        )
        .bind(micros(new.created_at))
        .bind(micros(new.expires_at))
        .execute(change.connection())
        .await?;
        change.commit().await
    }

    /// At most `limit` invitations before the one of id `before`, the newest first: those that
    /// are good at `open_at`, or all.
    pub async fn invitations(
        &self,
        open_at: Option<Timestamp>,
        before: Option<InvitationId>,
        limit: u32,
    ) -> Result<Vec<Invitation>, StoreError> {
        let before = before.map_or_else(|| vec![0xff; 12], |id| id.as_bytes().to_vec());
        let rows = sqlx::query(
            "SELECT id, hash, email, created_at, expires_at, used_at FROM invitations
             WHERE id < $1 AND ($2 = 0 OR (used_at IS NULL AND expires_at > $2))
             ORDER BY id DESC LIMIT $3",
        )
        .bind(before)
        .bind(open_at.map_or(0, micros))
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter()
            .map(|row| {
                let record = Record::new("invitations", row);
                Ok(Invitation {
                    id: record.id("id")?,
                    hash: record.bytes("hash")?.to_vec(),
                    email: record.parse_optional("email")?,
                    created_at: record.time("created_at")?,
                    expires_at: record.time("expires_at")?,
                    used_at: record.time_optional("used_at")?,
                })
            })
            .collect()
    }

    /// Takes an invitation back. `NotFound` when there is none, or none that was not used.
    pub async fn delete_invitation(&self, id: InvitationId) -> Result<(), StoreError> {
        let mut change = self.act(Topic::Invitation(id)).await?;
        let done = sqlx::query("DELETE FROM invitations WHERE id = $1 AND used_at IS NULL")
            .bind(id.as_bytes().as_slice())
            .execute(change.connection())
            .await?;
        found(&done)?;
        change.commit().await
    }
}

async fn put_password(
    connection: &mut AnyConnection,
    account: AccountId,
    hash: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sign_ins (account_id, hash, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE
         SET hash = excluded.hash, changed_at = excluded.changed_at",
    )
    .bind(account.as_bytes().as_slice())
    .bind(hash)
    .bind(micros(at))
    .execute(connection)
    .await?;
    Ok(())
}

async fn use_invitation(
    connection: &mut AnyConnection,
    hash: &[u8],
    email: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE invitations SET used_at = $1
         WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 AND (email = '' OR email = $3)",
    )
    .bind(micros(at))
    .bind(hash)
    .bind(email)
    .execute(connection)
    .await?;
    found(&done)
}
