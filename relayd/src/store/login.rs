//! What a sign-in needs, read in one go.

use super::{Store, StoreError, record::Record};
use crate::model::{Limits, RelayUser, Standing, System, UserId};

/// A relay user with all that decides whether it may send, and the hashes of its passwords.
#[derive(Debug, Clone)]
pub struct Login {
    /// What the policy judges.
    pub standing: Standing,
    /// Argon2id hashes in PHC form; any one of them signs in.
    pub hashes: Vec<String>,
}

const LOGIN: &str = "
    SELECT u.id, u.account_id, u.username, u.sender, u.other_sender, u.state, u.created_at,
           u.version, a.state AS account_state, r.id AS route_id, r.checked_at,
           p.id AS plan_id, p.messages_per_minute, p.messages_per_day, p.recipients_per_day,
           p.recipients_per_message, p.message_size
    FROM relay_users u
    JOIN accounts a ON a.id = u.account_id
    LEFT JOIN subscriptions s ON s.account_id = u.account_id AND s.ended_at IS NULL
    LEFT JOIN plans p ON p.id = s.plan_id
    LEFT JOIN routes r ON r.account_id = u.account_id
    WHERE u.username = $1";

impl Store {
    /// The relay user called `username`, in lower case.
    pub async fn login(&self, username: &str) -> Result<Option<Login>, StoreError> {
        let row = sqlx::query(LOGIN)
            .bind(username)
            .fetch_optional(self.reads())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let record = Record::new("relay_users", &row);
        let id: UserId = record.id("id")?;
        let user = RelayUser {
            id,
            account_id: record.id("account_id")?,
            username: record.text("username")?.to_owned(),
            sender: record.parse("sender")?,
            allowed_senders: self.allowed_senders(id).await?,
            other_sender: record.parse("other_sender")?,
            state: record.parse("state")?,
            created_at: record.time("created_at")?,
            version: record.number("version")?,
        };
        let route = match record.bytes_optional("route_id")? {
            None => None,
            Some(_) => Some((record.id("route_id")?, record.time_optional("checked_at")?)),
        };
        let limits = match record.bytes_optional("plan_id")? {
            None => None,
            Some(_) => Some(limits(&record)?),
        };
        let standing = Standing {
            user,
            account_state: record.parse("account_state")?,
            limits,
            route,
            systems: self.systems_of(id).await?,
        };
        Ok(Some(Login {
            standing,
            hashes: self.hashes_of(id).await?,
        }))
    }

    async fn allowed_senders(
        &self,
        user: UserId,
    ) -> Result<Vec<crate::model::Address>, StoreError> {
        let rows =
            sqlx::query("SELECT address FROM allowed_senders WHERE user_id = $1 ORDER BY address")
                .bind(user.as_bytes().to_vec())
                .fetch_all(self.reads())
                .await?;
        rows.iter()
            .map(|row| Record::new("allowed_senders", row).parse("address"))
            .collect()
    }

    async fn hashes_of(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT hash FROM credentials WHERE user_id = $1 ORDER BY id")
            .bind(user.as_bytes().to_vec())
            .fetch_all(self.reads())
            .await?;
        rows.iter()
            .map(|row| {
                Record::new("credentials", row)
                    .text("hash")
                    .map(str::to_owned)
            })
            .collect()
    }

    async fn systems_of(&self, user: UserId) -> Result<Vec<System>, StoreError> {
        let rows = sqlx::query("SELECT * FROM systems WHERE user_id = $1 ORDER BY id")
            .bind(user.as_bytes().to_vec())
            .fetch_all(self.reads())
            .await?;
        rows.iter()
            .map(|row| system(&Record::new("systems", row)))
            .collect()
    }
}

/// The limits in a row of plans.
fn limits(record: &Record<'_>) -> Result<Limits, StoreError> {
    Ok(Limits {
        messages_per_minute: record.number("messages_per_minute")?,
        messages_per_day: record.number("messages_per_day")?,
        recipients_per_day: record.number("recipients_per_day")?,
        recipients_per_message: record.number("recipients_per_message")?,
        message_size: record.number("message_size")?,
    })
}

/// A row of systems.
fn system(record: &Record<'_>) -> Result<System, StoreError> {
    Ok(System {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        name: record.text("name")?.to_owned(),
        network: record.parse("network")?,
        user_id: record.id("user_id")?,
        auth: record.parse("auth")?,
        state: record.parse("state")?,
        last_seen_at: record.time_optional("last_seen_at")?,
        created_at: record.time("created_at")?,
        version: record.number("version")?,
    })
}
