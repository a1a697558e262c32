//! Registrations that nobody confirmed are thrown away.

use jiff::Timestamp;
use serde_json::json;
use sqlx::{Acquire as _, AnyConnection};

use super::{
    Store, StoreError,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::AccountId;

/// Accounts that go in one transaction, and stand in one entry of the audit log.
const PIECE: i64 = 100;

/// What was given to an account shows that somebody looked at it.
const STALE: &str = "SELECT id, name FROM accounts
    WHERE state = 'registered' AND self_registered = 1 AND verified_at IS NULL
      AND activated_at IS NULL AND created_at < $1 AND id > $2
      AND NOT EXISTS (SELECT 1 FROM messages WHERE account_id = accounts.id
                        AND state IN ('queued', 'held'))
      AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE account_id = accounts.id)
      AND NOT EXISTS (SELECT 1 FROM relay_users WHERE account_id = accounts.id)
      AND NOT EXISTS (SELECT 1 FROM systems WHERE account_id = accounts.id)
      AND NOT EXISTS (SELECT 1 FROM limits WHERE account_id = accounts.id)
      AND NOT EXISTS (SELECT 1 FROM domains WHERE account_id = accounts.id)
      AND NOT EXISTS (SELECT 1 FROM tokens WHERE account_id = accounts.id)
    ORDER BY id LIMIT $3";

/// What a registration itself brings along.
const PARTS: [&str; 9] = [
    "DELETE FROM recovery_codes WHERE account_id = $1",
    "DELETE FROM second_factors WHERE account_id = $1",
    "DELETE FROM email_codes WHERE account_id = $1",
    "DELETE FROM sessions WHERE account_id = $1",
    "DELETE FROM sign_ins WHERE account_id = $1",
    "DELETE FROM route_versions WHERE account_id = $1",
    "DELETE FROM holds WHERE route_id IN (SELECT id FROM routes WHERE account_id = $1)",
    "DELETE FROM routes WHERE account_id = $1",
    "DELETE FROM accounts WHERE id = $1",
];

impl Store {
    /// Throws away what was registered before `before` by its owner and neither confirmed nor
    /// looked at by the operator. How many accounts that were. One that cannot be deleted stays,
    /// and the others go.
    pub async fn sweep_registrations(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut swept = 0;
        let mut after = AccountId::NONE;
        loop {
            let mut change = self.change(Topic::Registrations).await?;
            let found = stale(change.connection(), before, after).await?;
            let Some((last, _)) = found.last() else {
                return Ok(swept);
            };
            after = *last;
            let mut names = Vec::new();
            for (id, name) in found {
                match delete(change.connection(), id).await {
                    Ok(()) => names.push(name),
                    Err(error) => {
                        tracing::warn!(account = %name, %error, "a registration that nobody confirmed stays");
                    }
                }
            }
            if names.is_empty() {
                continue;
            }
            swept += names.len() as u64;
            change.tell(|| json!({ "deleted": names.len(), "names": names }));
            change.commit().await?;
        }
    }
}

async fn stale(
    connection: &mut AnyConnection,
    before: Timestamp,
    after: AccountId,
) -> Result<Vec<(AccountId, String)>, StoreError> {
    let rows = sqlx::query(STALE)
        .bind(micros(before))
        .bind(after.as_bytes().as_slice())
        .bind(PIECE)
        .fetch_all(connection)
        .await?;
    let read = |row| {
        let record = Record::new("accounts", row);
        Ok((record.id("id")?, record.text("name")?.to_owned()))
    };
    rows.iter().map(read).collect()
}

/// All of an account, or nothing of it.
async fn delete(connection: &mut AnyConnection, account: AccountId) -> Result<(), StoreError> {
    let mut savepoint = connection.begin().await?;
    for statement in PARTS {
        sqlx::query(statement)
            .bind(account.as_bytes().as_slice())
            .execute(&mut *savepoint)
            .await?;
    }
    Ok(savepoint.commit().await?)
}
