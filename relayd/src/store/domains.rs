//! Sender domains and how far their proof has come.

use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros, micros_optional},
    topic::Topic,
};
use crate::model::{
    AccountId, AccountState, Domain, DomainId, DomainName, DomainProof, DomainState, SenderDomains,
};

const SELECT: &str = "SELECT id, account_id, name, token, state, created_at, verified_at,
    failing_since, checked_at, next_check_at, found, version FROM domains";

/// Why a domain was not added.
#[derive(Debug, thiserror::Error)]
pub enum InsertDomainError {
    /// The account has as many as it may.
    #[error("the account has {0} domains already")]
    OverLimit(u32),
    /// Anything else; a conflict is a domain that the account has.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a domain, unless the account has `cap` of them already.
    pub async fn insert_domain(&self, domain: &Domain, cap: u32) -> Result<(), InsertDomainError> {
        // Keeps two requests from taking the last place together.
        let tx = self.begin_open(domain.account_id).await?;
        let mut change = self.change_in(tx, Topic::Domain(domain.id)).await?;
        let count = count_domains(change.connection(), domain.account_id).await?;
        if count >= cap {
            return Err(InsertDomainError::OverLimit(count));
        }
        insert(change.connection(), domain).await?;
        Ok(change.commit().await?)
    }

    /// An account's domain of that name.
    pub async fn domain_by_name(
        &self,
        account: AccountId,
        name: &DomainName,
    ) -> Result<Option<Domain>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name = $2"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(name.as_str())
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_domain).transpose()
    }

    /// The domain of that id.
    pub async fn domain(&self, id: DomainId) -> Result<Option<Domain>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.as_bytes().as_slice())
            .fetch_optional(self.reads())
            .await?;
        row.as_ref().map(read_domain).transpose()
    }

    /// At most `limit` domains of an account whose names stand behind `after`, by name.
    pub async fn domains(
        &self,
        account: AccountId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Domain>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "{SELECT} WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3"
        )))
        .bind(account.as_bytes().as_slice())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_domain).collect()
    }

    /// At most `limit` domains that are to be looked at by `now`, the longest overdue first. Not
    /// those of closed accounts.
    pub async fn domains_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Domain>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "{SELECT} WHERE next_check_at <= $1
                AND account_id NOT IN (SELECT id FROM accounts WHERE state = $2)
             ORDER BY next_check_at, id LIMIT $3"
        )))
        .bind(micros(now))
        .bind(AccountState::Closed.as_str())
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_domain).collect()
    }

    /// Writes another state of a domain with all that a look at its record found, provided that
    /// its version is still the one given. `NotFound` when it is not.
    pub async fn update_domain(&self, domain: &Domain) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Domain(domain.id)).await?;
        write_look(change.connection(), domain).await?;
        change.commit().await
    }

    /// The same where the state stayed: no change of configuration, so that the caches may stay
    /// and the audit log has nothing to tell.
    pub async fn note_domain_check(&self, domain: &Domain) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        write_look(&mut tx, domain).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes a domain.
    pub async fn delete_domain(&self, id: DomainId) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Domain(id)).await?;
        delete(change.connection(), id).await?;
        change.commit().await
    }

    /// Where the senders of an account may lie.
    pub async fn sender_domains(
        &self,
        account: AccountId,
        proof: DomainProof,
    ) -> Result<SenderDomains, StoreError> {
        if proof == DomainProof::Waived {
            return Ok(SenderDomains::Any);
        }
        let rows = sqlx::query("SELECT id, name, state FROM domains WHERE account_id = $1")
            .bind(account.as_bytes().as_slice())
            .fetch_all(self.reads())
            .await?;
        let mut proven = Vec::with_capacity(rows.len());
        for row in &rows {
            let record = Record::new("domains", row);
            let state: DomainState = record.parse("state")?;
            if state.is_proven() {
                proven.push(record.parse("name")?);
            }
        }
        Ok(SenderDomains::Proven(proven))
    }
}

/// Adds the row of a domain.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    domain: &Domain,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO domains (id, account_id, name, token, state, created_at, verified_at,
            failing_since, checked_at, next_check_at, found, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(domain.id.as_bytes().as_slice())
    .bind(domain.account_id.as_bytes().as_slice())
    .bind(domain.name.as_str())
    .bind(domain.token.as_str())
    .bind(domain.state.as_str())
    .bind(micros(domain.created_at))
    .bind(micros_optional(domain.verified_at))
    .bind(micros_optional(domain.failing_since))
    .bind(micros_optional(domain.checked_at))
    .bind(micros(domain.next_check_at))
    .bind(domain.found.as_str())
    .bind(domain.version)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the row of a domain.
pub(super) async fn delete(connection: &mut AnyConnection, id: DomainId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM domains WHERE id = $1")
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await?;
    found(&done)
}

pub(super) async fn count_domains(
    connection: &mut AnyConnection,
    account: AccountId,
) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS domains FROM domains WHERE account_id = $1")
        .bind(account.as_bytes().as_slice())
        .fetch_one(connection)
        .await?;
    Record::new("domains", &row).number("domains")
}

async fn write_look(connection: &mut AnyConnection, domain: &Domain) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE domains
         SET state = $1, verified_at = $2, failing_since = $3, checked_at = $4,
             next_check_at = $5, found = $6, version = version + 1
         WHERE id = $7 AND version = $8",
    )
    .bind(domain.state.as_str())
    .bind(micros_optional(domain.verified_at))
    .bind(micros_optional(domain.failing_since))
    .bind(micros_optional(domain.checked_at))
    .bind(micros(domain.next_check_at))
    .bind(domain.found.as_str())
    .bind(domain.id.as_bytes().as_slice())
    .bind(domain.version)
    .execute(connection)
    .await?;
    found(&done)?;
    Ok(())
}

fn read_domain(row: &AnyRow) -> Result<Domain, StoreError> {
    let record = Record::new("domains", row);
    Ok(Domain {
        id: record.id("id")?,
        account_id: record.id("account_id")?,
        name: record.parse("name")?,
        token: record.text("token")?.to_owned(),
        state: record.parse("state")?,
        created_at: record.time("created_at")?,
        verified_at: record.time_optional("verified_at")?,
        failing_since: record.time_optional("failing_since")?,
        checked_at: record.time_optional("checked_at")?,
        next_check_at: record.time("next_check_at")?,
        found: record.text("found")?.to_owned(),
        version: record.number("version")?,
    })
}
