//! What a sign-in needs, read in one go.

use std::net::IpAddr;

use super::{
    KnownHash, Store, StoreError, plans::read_limits, record::Record, relay_users::read_user,
    systems::read_system,
};
use crate::model::{Address, RouteOffer, Standing, System, UserId, WayOut};

/// A relay user with all that decides whether it may send, and the hashes of its passwords.
#[derive(Debug, Clone)]
pub struct Login {
    /// What the policy judges.
    pub standing: Standing,
    /// The hashes of its passwords; any one of them signs in.
    pub hashes: Vec<KnownHash>,
}

impl Login {
    /// Whether a system of this relay user has that address.
    pub fn is_at(&self, client: IpAddr) -> bool {
        let mut systems = self.standing.systems.iter();
        systems.any(|system| system.network.contains(client))
    }
}

const LOGIN: &str = "
    SELECT u.id, u.account_id, u.username, u.sender, u.other_sender, u.state, u.created_at,
           u.version, a.state AS account_state, a.suspended_for, a.domain_proof, r.id AS route_id,
           r.checked_at, r.offer AS route_offer,
           p.id AS plan_id, p.messages_per_minute, p.messages_per_day, p.recipients_per_day,
           p.recipients_per_message, p.message_size
    FROM relay_users u
    JOIN accounts a ON a.id = u.account_id
    LEFT JOIN subscriptions s ON s.account_id = u.account_id AND s.ended_at IS NULL
    LEFT JOIN plans p ON p.id = s.plan_id
    LEFT JOIN routes r ON r.account_id = u.account_id AND r.role = 'primary'
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
        let mut user = read_user(&row)?;
        user.allowed_senders = self.allowed_senders(user.id).await?;
        let id = user.id;
        let route = match record.bytes_optional("route_id")? {
            None => None,
            Some(_) => Some(WayOut {
                id: record.id("route_id")?,
                checked_at: record.time_optional("checked_at")?,
                offer: RouteOffer::from_text(record.text("route_offer")?),
            }),
        };
        let limits = match record.bytes_optional("plan_id")? {
            None => None,
            Some(_) => Some(read_limits(&record)?),
        };
        let domain_proof = record.parse("domain_proof")?;
        let sender_domains = self.sender_domains(user.account_id, domain_proof).await?;
        let overrides = self.overrides_of(id, user.account_id).await?;
        let standing = Standing {
            user,
            account_state: record.parse("account_state")?,
            sender_domains,
            suspended_for: record.text("suspended_for")?.to_owned(),
            limits,
            route,
            systems: self.systems_of(id).await?,
            overrides,
        };
        Ok(Some(Login {
            standing,
            hashes: self.password_hashes(id).await?,
        }))
    }

    async fn allowed_senders(&self, user: UserId) -> Result<Vec<Address>, StoreError> {
        let rows =
            sqlx::query("SELECT address FROM allowed_senders WHERE user_id = $1 ORDER BY address")
                .bind(user.as_bytes().to_vec())
                .fetch_all(self.reads())
                .await?;
        rows.iter()
            .map(|row| Record::new("allowed_senders", row).parse("address"))
            .collect()
    }

    async fn systems_of(&self, user: UserId) -> Result<Vec<System>, StoreError> {
        let rows = sqlx::query("SELECT * FROM systems WHERE user_id = $1 ORDER BY id")
            .bind(user.as_bytes().to_vec())
            .fetch_all(self.reads())
            .await?;
        rows.iter().map(read_system).collect()
    }
}
