//! The passwords of a relay user. It may have several with names: a new one is added, the devices
//! are changed over one by one, and the old one is removed when its last use is long ago.

use super::{
    Accounts, AdminError, UserWithPassword, WrongField,
    account::refuse_ended,
    field::Fields,
    password::{self, HashError},
};
use crate::{
    model::{Account, Credential, CredentialId, Reason, RelayUser, Secret},
    store::{self, KnownHash, PutCredentialError, StoreError},
};

/// Another password as it was asked for.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Name.
    pub name: String,
    /// The password; one is made when not given.
    pub password: Option<Secret>,
}

/// A credential that was added, and its password when relayd made it.
#[derive(Debug, Clone)]
pub struct CredentialWithPassword {
    /// User name of the relay user.
    pub user: String,
    /// The credential.
    pub credential: Credential,
    /// To be shown once.
    pub made_password: Option<Secret>,
}

impl Accounts {
    /// The credentials of a relay user, by name.
    pub async fn list_credentials(
        &self,
        account: &Account,
        user: &str,
    ) -> Result<Vec<Credential>, AdminError> {
        let user = self.find_relay_user(account, user).await?;
        Ok(self.store.credentials(user.id).await?)
    }

    /// Adds a password to a relay user; the others go on.
    pub async fn add_credential(
        &self,
        account: &Account,
        user: &str,
        new: NewCredential,
    ) -> Result<CredentialWithPassword, AdminError> {
        refuse_ended(account)?;
        let user = self.find_relay_user(account, user).await?;
        let mut fields = Fields::default();
        fields.name("name", &new.name, ".-_", 64);
        let related = [user.username.as_str(), &account.name];
        self.check_strength(&mut fields, new.password.as_ref(), &related)
            .await?;
        fields.check().map_err(weak_password_alone)?;
        let others = self.store.password_hashes(user.id).await?;
        let (credential, made_password) = self.credential(&new.name, new.password, &others).await?;
        let added = self
            .store
            .add_credential(user.id, &credential, Credential::MOST)
            .await;
        added.map_err(|error| match error {
            PutCredentialError::TooMany(present) => too_many(&user, present),
            PutCredentialError::Same => same_password(),
            PutCredentialError::Store(StoreError::NotFound) => {
                AdminError::not_found("relay user", user.username.as_str())
            }
            PutCredentialError::Store(error) => AdminError::on_insert(error, &new.name),
        })?;
        tracing::info!(account = %account.name, user = %user.username, credential = %new.name, "credential added");
        Ok(CredentialWithPassword {
            user: user.username,
            credential: Credential {
                id: credential.id,
                name: credential.name,
                created_at: credential.created_at,
                last_use: None,
            },
            made_password,
        })
    }

    /// Removes a password of a relay user; it ends at once. The last one may go, too: systems that
    /// are known by their address need none.
    pub async fn remove_credential(
        &self,
        account: &Account,
        user: &str,
        key: &str,
    ) -> Result<(), AdminError> {
        refuse_ended(account)?;
        let user = self.find_relay_user(account, user).await?;
        let credential = self.find_credential(&user, key).await?;
        self.store
            .remove_credential(user.id, credential.id)
            .await
            .map_err(|error| gone(error, key))?;
        tracing::info!(account = %account.name, user = %user.username, credential = %credential.name, "credential removed");
        Ok(())
    }

    /// Replaces the password that `credential` names, or all of them; the old ones end at once.
    pub async fn rotate_password(
        &self,
        account: &Account,
        user: &str,
        chosen: Option<Secret>,
        credential: Option<&str>,
    ) -> Result<UserWithPassword, AdminError> {
        refuse_ended(account)?;
        let user = self.find_relay_user(account, user).await?;
        let mut fields = Fields::default();
        let related = [user.username.as_str(), &account.name];
        self.check_strength(&mut fields, chosen.as_ref(), &related)
            .await?;
        fields.check().map_err(weak_password_alone)?;
        let old = match credential {
            Some(key) => Some(self.find_credential(&user, key).await?),
            None => None,
        };
        let mut others = Vec::new();
        if let Some(old) = &old {
            others = self.store.password_hashes(user.id).await?;
            others.retain(|other| other.id != old.id);
        }
        let name = old.as_ref().map_or(Credential::DEFAULT, |old| &old.name);
        let (new, made_password) = self.credential(name, chosen, &others).await?;
        let key = credential.unwrap_or(Credential::DEFAULT);
        self.store
            .replace_credential(user.id, old.as_ref().map(|old| old.id), &new)
            .await
            .map_err(|error| match error {
                PutCredentialError::TooMany(present) => too_many(&user, present),
                PutCredentialError::Same => same_password(),
                PutCredentialError::Store(error) => gone(error, key),
            })?;
        tracing::info!(account = %account.name, user = %user.username, credential = name, "password rotated");
        Ok(UserWithPassword {
            user: self.find_relay_user(account, &user.username).await?,
            made_password,
        })
    }

    /// The hash of the given password, or of a new one, which is returned as well. It stands
    /// beside `others`, and must be told apart from them.
    pub(super) async fn credential(
        &self,
        name: &str,
        chosen: Option<Secret>,
        others: &[KnownHash],
    ) -> Result<(store::NewCredential, Option<Secret>), AdminError> {
        let (password, made) = if let Some(password) = chosen {
            (password, None)
        } else {
            let password = password::generate()?;
            (password.clone(), Some(password))
        };
        let beside = others.iter().map(|other| other.hash.clone()).collect();
        let hash = self.passwords.hash_beside(&password, beside).await?;
        if others.iter().any(|other| other.hash == hash) {
            return Err(same_password());
        }
        let now = self.clock.now();
        let credential = store::NewCredential {
            id: CredentialId::new(&self.ids, now),
            name: name.to_owned(),
            hash,
            created_at: now,
        };
        Ok((credential, made))
    }

    /// Notes what is wrong with a chosen password.
    pub(super) async fn check_strength(
        &self,
        fields: &mut Fields,
        password: Option<&Secret>,
        related: &[&str],
    ) -> Result<(), AdminError> {
        if let Some(password) = password
            && let Some(weakness) = self.passwords.judge(password, related).await?
        {
            fields.refuse(PASSWORD, weakness);
        }
        Ok(())
    }

    async fn find_credential(&self, user: &RelayUser, key: &str) -> Result<Credential, AdminError> {
        let all = self.store.credentials(user.id).await?;
        all.into_iter()
            .find(|credential| credential.name == key || credential.id.to_string() == key)
            .ok_or_else(|| AdminError::not_found("credential", key))
    }
}

impl From<HashError> for AdminError {
    fn from(error: HashError) -> Self {
        Self::Internal(error.to_string())
    }
}

fn gone(error: StoreError, key: &str) -> AdminError {
    match error {
        StoreError::NotFound => AdminError::not_found("credential", key),
        StoreError::Conflict(_) => AdminError::Refused(Reason::StaleVersion.into()),
        error => AdminError::Store(error),
    }
}

/// Removing one of the two would end nothing.
fn same_password() -> AdminError {
    AdminError::Invalid(vec![WrongField {
        field: PASSWORD,
        message: "another credential of the relay user has it".to_owned(),
    }])
}

fn too_many(user: &RelayUser, present: u32) -> AdminError {
    let detail = format!(
        "relay user {0} has {present} passwords, and may have {1}: remove one by relayctl user \
         credential remove {0} NAME",
        user.username,
        Credential::MOST
    );
    AdminError::refused(Reason::StateConflict, detail)
}

const PASSWORD: &str = "password";

/// A weak password has a reason of its own, when nothing else is wrong.
pub(super) fn weak_password_alone(error: AdminError) -> AdminError {
    match error {
        AdminError::Invalid(wrong) if wrong.iter().all(is_password) && !wrong.is_empty() => {
            let messages: Vec<_> = wrong.into_iter().map(|wrong| wrong.message).collect();
            AdminError::refused(Reason::WeakPassword, messages.join("; "))
        }
        error => error,
    }
}

fn is_password(wrong: &WrongField) -> bool {
    wrong.field == PASSWORD
}
