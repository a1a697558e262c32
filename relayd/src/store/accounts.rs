//! Customers.

use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    error::found,
    record::{Record, micros, micros_optional},
    sessions,
    topic::Topic,
};
use crate::model::{Account, AccountId, AccountState, Contact, Suspension};

pub(super) const COLUMNS: &str =
    "id, name, kind, company, vat_id, first_name, last_name, email, phone,
    street, postal_code, city, country, state, verified_at, activated_at, created_at,
    self_registered, domain_proof, bounces_to, note, suspended_by, suspended_for, drain_until,
    closed_at, version";

impl Store {
    /// Registers an account. A name that is taken is a conflict.
    pub async fn insert_account(&self, account: &Account) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(account.id)).await?;
        insert(change.connection(), account).await?;
        change.commit().await
    }

    /// The account of that id.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM accounts WHERE id = $1"
        )))
        .bind(id.as_bytes().as_slice())
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_account).transpose()
    }

    /// The account of that name.
    pub async fn account_by_name(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM accounts WHERE name = $1"
        )))
        .bind(name)
        .fetch_optional(self.reads())
        .await?;
        row.as_ref().map(read_account).transpose()
    }

    /// At most `limit` accounts whose names stand behind `after`, by name: those in a state, or all.
    pub async fn accounts(
        &self,
        state: Option<AccountState>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM accounts
             WHERE name > $1 AND ($2 = '' OR state = $2) ORDER BY name LIMIT $3"
        )))
        .bind(after)
        .bind(state.map_or("", AccountState::as_str))
        .bind(i64::from(limit))
        .fetch_all(self.reads())
        .await?;
        rows.iter().map(read_account).collect()
    }

    /// Writes state and times of an account, provided that its version is still the one given.
    /// `NotFound` when it is not.
    pub async fn update_account_state(&self, account: &Account) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(account.id)).await?;
        let done = sqlx::query(
            "UPDATE accounts
             SET state = $1, verified_at = $2, activated_at = $3, note = $4, suspended_by = $5,
                 suspended_for = $6, version = version + 1
             WHERE id = $7 AND version = $8",
        )
        .bind(account.state.as_str())
        .bind(micros_optional(account.verified_at))
        .bind(micros_optional(account.activated_at))
        .bind(account.note.as_str())
        .bind(suspended_by(account))
        .bind(suspended_for(account))
        .bind(account.id.as_bytes().as_slice())
        .bind(account.version)
        .execute(change.connection())
        .await?;
        found(&done)?;
        change.commit().await
    }

    /// Writes who the customer is, when the contact e-mail was confirmed, and whether domains have
    /// to be proven, provided that the version is still the one given. `NotFound` when it is not.
    /// Another contact e-mail makes all codes of the account void.
    pub async fn update_contact(&self, account: &Account) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(account.id)).await?;
        write_contact(change.connection(), account).await?;
        change.commit().await
    }

    /// The same, and ends the sessions of the account.
    pub async fn replace_contact(&self, account: &Account) -> Result<(), StoreError> {
        let mut change = self.change(Topic::Account(account.id)).await?;
        write_contact(change.connection(), account).await?;
        sessions::end(change.connection(), account.id, &[]).await?;
        change.commit().await
    }
}

/// Writes who the customer is.
pub(super) async fn write_contact(
    connection: &mut AnyConnection,
    account: &Account,
) -> Result<(), StoreError> {
    let contact = &account.contact;
    sqlx::query(
        "DELETE FROM email_codes WHERE account_id = $1 AND EXISTS (
                SELECT 1 FROM accounts WHERE id = $1 AND email <> $2)",
    )
    .bind(account.id.as_bytes().as_slice())
    .bind(contact.email.as_str())
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query(
        "UPDATE accounts
             SET company = $1, vat_id = $2, first_name = $3, last_name = $4, email = $5,
                 phone = $6, street = $7, postal_code = $8, city = $9, country = $10,
                 verified_at = $11, domain_proof = $12, bounces_to = $13, version = version + 1
             WHERE id = $14 AND version = $15",
    )
    .bind(contact.company.as_str())
    .bind(contact.vat_id.as_str())
    .bind(contact.first_name.as_str())
    .bind(contact.last_name.as_str())
    .bind(contact.email.as_str())
    .bind(contact.phone.as_str())
    .bind(contact.street.as_str())
    .bind(contact.postal_code.as_str())
    .bind(contact.city.as_str())
    .bind(contact.country.as_str())
    .bind(micros_optional(account.verified_at))
    .bind(account.domain_proof.as_str())
    .bind(account.bounces_to.as_str())
    .bind(account.id.as_bytes().as_slice())
    .bind(account.version)
    .execute(connection)
    .await?;
    found(&done)
}

/// Adds the row of an account.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    account: &Account,
) -> Result<(), StoreError> {
    let contact = &account.contact;
    sqlx::query(
        "INSERT INTO accounts (id, name, kind, company, vat_id, first_name, last_name, email,
            phone, street, postal_code, city, country, state, verified_at, activated_at,
            created_at, self_registered, domain_proof, note, suspended_by, suspended_for, version,
            bounces_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(account.id.as_bytes().as_slice())
    .bind(account.name.as_str())
    .bind(contact.kind.as_str())
    .bind(contact.company.as_str())
    .bind(contact.vat_id.as_str())
    .bind(contact.first_name.as_str())
    .bind(contact.last_name.as_str())
    .bind(contact.email.as_str())
    .bind(contact.phone.as_str())
    .bind(contact.street.as_str())
    .bind(contact.postal_code.as_str())
    .bind(contact.city.as_str())
    .bind(contact.country.as_str())
    .bind(account.state.as_str())
    .bind(micros_optional(account.verified_at))
    .bind(micros_optional(account.activated_at))
    .bind(micros(account.created_at))
    .bind(i64::from(account.self_registered))
    .bind(account.domain_proof.as_str())
    .bind(account.note.as_str())
    .bind(suspended_by(account))
    .bind(suspended_for(account))
    .bind(account.version)
    .bind(account.bounces_to.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

fn suspended_by(account: &Account) -> &'static str {
    let suspension = account.suspension.as_ref();
    suspension.map_or("", |suspension| suspension.by.as_str())
}

fn suspended_for(account: &Account) -> &str {
    let suspension = account.suspension.as_ref();
    suspension.map_or("", |suspension| suspension.reason.as_str())
}

pub(super) fn read_account(row: &AnyRow) -> Result<Account, StoreError> {
    let record = Record::new("accounts", row);
    let text = |column| record.text(column).map(str::to_owned);
    Ok(Account {
        id: record.id("id")?,
        name: text("name")?,
        contact: Contact {
            kind: record.parse("kind")?,
            company: text("company")?,
            vat_id: text("vat_id")?,
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            email: record.parse("email")?,
            phone: text("phone")?,
            street: text("street")?,
            postal_code: text("postal_code")?,
            city: text("city")?,
            country: text("country")?,
        },
        state: record.parse("state")?,
        verified_at: record.time_optional("verified_at")?,
        activated_at: record.time_optional("activated_at")?,
        created_at: record.time("created_at")?,
        self_registered: record.flag("self_registered")?,
        domain_proof: record.parse("domain_proof")?,
        bounces_to: record.parse("bounces_to")?,
        note: text("note")?,
        suspension: match record.parse_optional("suspended_by")? {
            None => None,
            Some(by) => Some(Suspension {
                by,
                reason: text("suspended_for")?,
            }),
        },
        drain_until: record.time_optional("drain_until")?,
        closed_at: record.time_optional("closed_at")?,
        version: record.number("version")?,
    })
}
