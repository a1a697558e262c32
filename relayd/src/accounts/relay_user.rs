//! Relay users: what devices sign in as.

use super::{
    Accounts, AdminError, Listing,
    account::refuse_ended,
    credential::weak_password_alone,
    field::Fields,
    password::{self, HashError},
};
use crate::{
    model::{
        Account, Address, Credential, OtherSender, Reason, RelayUser, Secret, UserId, UserState,
    },
    store::{InsertUserError, StoreError},
};

/// Further senders that one relay user may have.
const MAX_SENDERS: usize = 100;
/// Devices cut long user names; this one is typed on a printer's panel.
const MADE_USERNAME_LENGTH: usize = 8;
/// Begins with a letter; without letters and digits that look alike.
const USERNAME_LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const USERNAME_CHARACTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A new relay user as it was asked for.
#[derive(Debug, Clone)]
pub struct NewRelayUser {
    /// User name; a short one is made when not given.
    pub username: Option<String>,
    /// Password; one is made when not given.
    pub password: Option<Secret>,
    /// The address it sends as.
    pub sender: String,
    /// Further addresses.
    pub allowed_senders: Vec<String>,
    /// What to do with any other sender.
    pub other_sender: OtherSender,
}

/// Changes of a relay user; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct RelayUserChange {
    /// The address it sends as.
    pub sender: Option<String>,
    /// Further addresses; the whole list.
    pub allowed_senders: Option<Vec<String>>,
    /// What to do with any other sender.
    pub other_sender: Option<OtherSender>,
}

/// A relay user, and its password when relayd made it.
#[derive(Debug, Clone)]
pub struct UserWithPassword {
    /// The relay user.
    pub user: RelayUser,
    /// To be shown once.
    pub made_password: Option<Secret>,
}

impl Accounts {
    /// Creates a relay user, within the limit of the plan.
    pub async fn create_relay_user(
        &self,
        account: &Account,
        new: NewRelayUser,
    ) -> Result<UserWithPassword, AdminError> {
        refuse_ended(account)?;
        let mut fields = Fields::default();
        let username = match &new.username {
            Some(username) => username.clone(),
            None => made_username()?,
        };
        let drafted = draft(&mut fields, &username, &new);
        let related = [username.as_str(), &account.name];
        self.check_strength(&mut fields, new.password.as_ref(), &related)
            .await?;
        let (sender, allowed_senders) = fields.finish(drafted).map_err(weak_password_alone)?;
        self.refuse_unproven(account, std::iter::once(&sender).chain(&allowed_senders))
            .await?;
        let cap = self.relay_user_cap(account).await?;
        let (credential, made_password) = self
            .credential(Credential::DEFAULT, new.password, &[])
            .await?;
        let user = RelayUser {
            id: UserId::new(&self.ids, credential.created_at),
            account_id: account.id,
            username,
            sender,
            allowed_senders,
            other_sender: new.other_sender,
            state: UserState::Active,
            created_at: credential.created_at,
            version: 1,
        };
        self.store
            .insert_relay_user(&user, &credential, cap)
            .await
            .map_err(|error| match error {
                full @ InsertUserError::OverLimit { .. } => {
                    AdminError::refused(Reason::PlanLimit, full.to_string())
                }
                InsertUserError::Store(error) => AdminError::on_insert(error, &user.username),
            })?;
        tracing::info!(account = %account.name, user = %user.username, "relay user created");
        Ok(UserWithPassword {
            user,
            made_password,
        })
    }

    /// The relay user of an account that `key` names, by id or user name.
    pub async fn find_relay_user(
        &self,
        account: &Account,
        key: &str,
    ) -> Result<RelayUser, AdminError> {
        let is_own = |user: &RelayUser| user.account_id == account.id;
        let by_id = match key.parse() {
            Ok(id) => self.store.relay_user(id).await?.filter(is_own),
            Err(_) => None,
        };
        let found = match by_id {
            None => self.store.relay_user_by_name(key).await?.filter(is_own),
            found => found,
        };
        found.ok_or_else(|| AdminError::not_found("relay user", key))
    }

    /// The relay users of an account whose names stand behind `after`, by name.
    pub async fn list_relay_users(
        &self,
        account: &Account,
        after: &str,
        limit: u32,
    ) -> Result<Listing<RelayUser>, AdminError> {
        let users = self.store.relay_users(account.id, after, limit + 1).await?;
        Ok(Listing::cut(users, limit, |user| user.username.clone()))
    }

    /// Changes the senders of a relay user. With `if_match` it must still have that version.
    pub async fn edit_relay_user(
        &self,
        account: &Account,
        key: &str,
        change: RelayUserChange,
        if_match: Option<i64>,
    ) -> Result<RelayUser, AdminError> {
        refuse_ended(account)?;
        let before = self.find_relay_user(account, key).await?;
        if if_match.is_some_and(|version| version != before.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let user = edited(&before, &change)?;
        self.refuse_unproven(account, user.senders_beside(&before))
            .await?;
        self.write_relay_user(user).await
    }

    /// Stops a relay user, or lets it go on.
    pub async fn set_relay_user_state(
        &self,
        account: &Account,
        key: &str,
        state: UserState,
    ) -> Result<RelayUser, AdminError> {
        refuse_ended(account)?;
        let mut user = self.find_relay_user(account, key).await?;
        if user.state == state {
            return Ok(user);
        }
        user.state = state;
        self.write_relay_user(user).await
    }

    /// Deletes a relay user for good, provided that no system names it.
    pub async fn delete_relay_user(&self, account: &Account, key: &str) -> Result<(), AdminError> {
        let user = self.find_relay_user(account, key).await?;
        self.store
            .delete_relay_user(user.id)
            .await
            .map_err(|error| match error {
                StoreError::Conflict(_) => AdminError::refused(
                    Reason::StateConflict,
                    format!("systems still use {}: remove them first", user.username),
                ),
                error => gone(error, key),
            })?;
        tracing::info!(account = %account.name, user = %user.username, "relay user deleted");
        Ok(())
    }

    async fn write_relay_user(&self, mut user: RelayUser) -> Result<RelayUser, AdminError> {
        self.store
            .update_relay_user(&user)
            .await
            .map_err(AdminError::on_update)?;
        user.version += 1;
        tracing::info!(user = %user.username, state = %user.state, "relay user changed");
        Ok(user)
    }

    async fn relay_user_cap(&self, account: &Account) -> Result<u32, AdminError> {
        let plan = self.plan_of(account.id).await?;
        let plan = plan.ok_or_else(|| AdminError::Refused(Reason::NoSubscription.into()))?;
        Ok(plan.relay_users)
    }
}

fn gone(error: StoreError, key: &str) -> AdminError {
    match error {
        StoreError::NotFound => AdminError::not_found("relay user", key),
        error => AdminError::Store(error),
    }
}

/// The senders of a new relay user; wrong ones and a wrong name are noted.
pub(super) fn draft(
    fields: &mut Fields,
    username: &str,
    new: &NewRelayUser,
) -> Option<(Address, Vec<Address>)> {
    fields.name("username", username, ".-_@", 64);
    let sender = fields.parse("sender", &new.sender);
    let allowed_senders = senders(fields, &new.allowed_senders);
    Some((sender?, allowed_senders))
}

/// The relay user with a change of its senders.
pub(super) fn edited(
    before: &RelayUser,
    change: &RelayUserChange,
) -> Result<RelayUser, AdminError> {
    let mut user = before.clone();
    let mut fields = Fields::default();
    if let Some(sender) = &change.sender
        && let Some(sender) = fields.parse("sender", sender)
    {
        user.sender = sender;
    }
    if let Some(allowed) = &change.allowed_senders {
        user.allowed_senders = senders(&mut fields, allowed);
    }
    if let Some(other_sender) = change.other_sender {
        user.other_sender = other_sender;
    }
    fields.check()?;
    Ok(user)
}

fn made_username() -> Result<String, HashError> {
    let first = password::random_characters(USERNAME_LETTERS, 1)?;
    let rest = password::random_characters(USERNAME_CHARACTERS, MADE_USERNAME_LENGTH - 1)?;
    Ok(first + &rest)
}

fn senders(fields: &mut Fields, given: &[String]) -> Vec<Address> {
    const FIELD: &str = "allowed_senders";
    if given.len() > MAX_SENDERS {
        fields.refuse(FIELD, format!("at most {MAX_SENDERS} addresses"));
        return Vec::new();
    }
    let mut senders: Vec<Address> = Vec::with_capacity(given.len());
    for text in given {
        match text.trim().parse::<Address>() {
            Ok(address) if senders.iter().any(|known| known.matches(&address)) => {}
            Ok(address) => senders.push(address),
            Err(error) => fields.refuse(FIELD, format!("{}: {error}", text.trim())),
        }
    }
    senders
}
