//! The second factor of an owner's sign-in: enabled by a first code of an app, asked for after the
//! right password, switched off by a code. Recovery codes stand in for a lost app, each once.
//!
//! A password that was reset by mail does not lift it: who reads the mailbox has one factor only.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Accounts, AdminError, notice::Notice, password, totp};
use crate::{
    model::{Account, AccountId, Reason, Secret},
    store::{SecondFactor, StoreError},
};

/// Recovery codes that are given at once.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that cannot be taken for one another: 16 of 31 are 79 bits.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
const RECOVERY_LENGTH: usize = 16;
const GROUP: usize = 4;

/// Whether an owner signs in with a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorOverview {
    /// Since when; `None` when not.
    pub enabled_at: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u64,
}

/// The secret for an app.
#[derive(Debug, Clone)]
pub struct NewTotp {
    /// In base32.
    pub secret: Secret,
    /// As `otpauth://` URI.
    pub uri: Secret,
}

impl Accounts {
    /// Whether the owner of an account signs in with a second factor.
    pub async fn second_factor(&self, key: &str) -> Result<SecondFactorOverview, AdminError> {
        let account = self.find_account(key).await?;
        let factor = self.store.second_factor(account.id).await?;
        Ok(SecondFactorOverview {
            enabled_at: factor.and_then(|factor| factor.enabled_at),
            recovery_codes_left: self.store.recovery_codes_left(account.id).await?,
        })
    }

    /// Makes a secret for the app of an owner, who gives the present password: a session that was
    /// left open is not enough to shut its owner out.
    pub async fn prepare_totp(&self, key: &str, current: &Secret) -> Result<NewTotp, AdminError> {
        let account = self.find_account(key).await?;
        self.check_current(&account, Some(current)).await?;
        let secret = totp::new_secret()?;
        let factor = SecondFactor {
            account_id: account.id,
            secret: secret.clone(),
            created_at: self.clock.now(),
            enabled_at: None,
            last_step: 0,
        };
        match self.store.put_second_factor(&factor).await {
            Ok(()) => {}
            Err(StoreError::NotFound) => {
                return Err(AdminError::refused(
                    Reason::StateConflict,
                    "the second factor is enabled; disable it first",
                ));
            }
            Err(error) => return Err(error.into()),
        }
        let uri = totp::uri(&self.settings.hostname, &account.name, &secret);
        Ok(NewTotp {
            secret,
            uri: Secret::new(uri),
        })
    }

    /// Enables the second factor by a first code of the app. Gives recovery codes, to be shown
    /// once. Sessions that began without a code end, but for the one whose token has the hash
    /// `session`.
    pub async fn enable_totp(
        &self,
        key: &str,
        code: &str,
        session: &[u8],
    ) -> Result<Vec<Secret>, AdminError> {
        let account = self.find_account(key).await?;
        let factor = self.store.second_factor(account.id).await?;
        let prepared = factor.filter(|factor| factor.enabled_at.is_none());
        let prepared = prepared.ok_or_else(|| {
            AdminError::refused(
                Reason::StateConflict,
                "there is no secret that waits for its first code",
            )
        })?;
        let now = self.clock.now();
        let throttle = self.spend_try(&account, now)?;
        let found = totp::step_of(&prepared.secret, code.trim(), now, 0);
        let step = found.ok_or(AdminError::Refused(Reason::TotpRejected.into()))?;
        self.throttles.second_factor.refund(&throttle);
        let codes = recovery_codes()?;
        let recovery = hashes(account.id, &codes);
        self.store
            .enable_second_factor(&prepared, now, step, &recovery, session)
            .await
            .map_err(AdminError::on_update)?;
        tracing::info!(account = %account.name, "second factor enabled");
        let text = "From now on it takes a code of your app to sign in, beside the password.";
        self.tell_of_factor(&account, "Second factor enabled", text)
            .await;
        Ok(codes)
    }

    /// Switches the second factor off. The owner proves it by a code; the operator need not.
    pub async fn disable_totp(
        &self,
        key: &str,
        by_operator: bool,
        code: Option<&str>,
    ) -> Result<(), AdminError> {
        let account = self.find_account(key).await?;
        let who = if by_operator {
            if self.enabled_factor(&account).await?.is_none() {
                return Err(not_enabled());
            }
            "by the operator"
        } else {
            self.prove(&account, code.unwrap_or_default()).await?;
            "with a code"
        };
        self.store.delete_second_factor(account.id).await?;
        tracing::info!(account = %account.name, "second factor disabled {who}");
        let text = format!(
            "It was switched off {who}. From now on the password alone is enough to sign in."
        );
        self.tell_of_factor(&account, "Second factor disabled", &text)
            .await;
        Ok(())
    }

    /// Gives new recovery codes, to be shown once; those from before are void.
    pub async fn renew_recovery_codes(
        &self,
        key: &str,
        code: &str,
    ) -> Result<Vec<Secret>, AdminError> {
        let account = self.find_account(key).await?;
        self.prove(&account, code).await?;
        let codes = recovery_codes()?;
        self.store
            .replace_recovery_codes(account.id, &hashes(account.id, &codes))
            .await?;
        tracing::info!(account = %account.name, "recovery codes renewed");
        let text = "There are new recovery codes; those from before are void.";
        self.tell_of_factor(&account, "New recovery codes", text)
            .await;
        Ok(codes)
    }

    /// Asks for the second factor of whoever gave the right password, if there is one. A wrong
    /// code is refused in the words of a wrong password.
    pub(super) async fn pass_second_factor(
        &self,
        account: &Account,
        code: Option<&Secret>,
    ) -> Result<(), AdminError> {
        if self.enabled_factor(account).await?.is_none() {
            return Ok(());
        }
        let Some(code) = code else {
            return Err(AdminError::Refused(Reason::TotpRequired.into()));
        };
        self.prove(account, code.expose())
            .await
            .map_err(|error| match error {
                AdminError::Refused(refusal) if refusal.reason == Reason::TotpRejected => {
                    tracing::info!(account = %account.name, "a second factor was refused");
                    AdminError::Refused(Reason::SignInRejected.into())
                }
                error => error,
            })
    }

    async fn enabled_factor(&self, account: &Account) -> Result<Option<SecondFactor>, AdminError> {
        let factor = self.store.second_factor(account.id).await?;
        Ok(factor.filter(|factor| factor.enabled_at.is_some()))
    }

    /// Takes a code of the app or a recovery code: each is good once.
    async fn prove(&self, account: &Account, code: &str) -> Result<(), AdminError> {
        let factor = self.enabled_factor(account).await?;
        let factor = factor.ok_or_else(not_enabled)?;
        let now = self.clock.now();
        let throttle = self.spend_try(account, now)?;
        let digits: String = code.split_whitespace().collect();
        let is_right = if totp::is_code(&digits) {
            match totp::step_of(&factor.secret, &digits, now, factor.last_step) {
                Some(step) => self.store.take_step(account.id, step).await?,
                None => false,
            }
        } else {
            self.take_recovery_code(account, &digits).await?
        };
        if !is_right {
            return Err(AdminError::Refused(Reason::TotpRejected.into()));
        }
        self.throttles.second_factor.refund(&throttle);
        Ok(())
    }

    async fn take_recovery_code(&self, account: &Account, code: &str) -> Result<bool, AdminError> {
        let hash = hash(account.id, code);
        if !self.store.take_recovery_code(account.id, &hash).await? {
            return Ok(false);
        }
        let left = self.store.recovery_codes_left(account.id).await?;
        tracing::info!(account = %account.name, left, "a recovery code was used");
        let text = format!(
            "A recovery code was used in place of a code of your app; {left} are left. New ones are \
             given by\n\n  relayctl auth totp recovery-codes"
        );
        self.tell_of_factor(account, "A recovery code was used", &text)
            .await;
        Ok(true)
    }

    /// Counts a code before it is tried; gives the key it is counted by.
    fn spend_try(&self, account: &Account, now: Timestamp) -> Result<String, AdminError> {
        let key = account.id.to_string();
        if self.throttles.second_factor.spend(&key, now) {
            return Ok(key);
        }
        Err(AdminError::Refused(Reason::AuthThrottled.into()))
    }

    async fn tell_of_factor(&self, account: &Account, subject: &str, text: &str) {
        let notice = Notice {
            subject: subject.to_owned(),
            text: format!(
                "This is about the sign-in of the account {}.\n\n{text}\n\n\
                 If that was not you, set another password by\n\n  relayctl auth reset-password\n\n\
                 and turn to the operator at once.\n",
                account.name
            ),
        };
        self.tell(account, &account.contact.email, notice).await;
    }
}

fn not_enabled() -> AdminError {
    AdminError::refused(Reason::StateConflict, "no second factor is enabled")
}

/// New recovery codes: `abcd-efgh-jkmn-pqrs`.
fn recovery_codes() -> Result<Vec<Secret>, AdminError> {
    let code = || {
        let characters = password::random_characters(ALPHABET, RECOVERY_LENGTH)?;
        let groups: Vec<_> = characters
            .as_bytes()
            .chunks(GROUP)
            .map(String::from_utf8_lossy)
            .collect();
        Ok(Secret::new(groups.join("-")))
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

fn hashes(account: AccountId, codes: &[Secret]) -> Vec<Vec<u8>> {
    let hash = |code: &Secret| hash(account, code.expose());
    codes.iter().map(hash).collect()
}

/// However it is written: in capitals, with or without hyphens.
fn hash(account: AccountId, code: &str) -> Vec<u8> {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    Sha256::digest(format!("recovery {account} {plain}").as_bytes()).to_vec()
}
