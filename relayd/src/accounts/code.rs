//! Codes that prove an e-mail address: made, sent, and taken back.

use std::net::IpAddr;

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Accounts, AdminError, notice::Notice, password, session::origin, throttle::throttled};
use crate::{
    model::{Account, AccountId, Address, Reason},
    store::{CodePurpose, EmailCode},
};

/// How long a code is good.
const LIFETIME: SignedDuration = SignedDuration::from_mins(30);
/// Between two codes of one purpose.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// Eight digits and five tries: one guess in twenty million.
const DIGITS: usize = 8;

impl Accounts {
    /// Sends a code to `to`; the one before it is void.
    pub(super) async fn send_code(
        &self,
        account: &Account,
        purpose: CodePurpose,
        to: &Address,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let earlier = self.store.code(account.id, purpose).await?;
        let since = earlier.map(|code| now.duration_since(code.sent_at));
        if let Some(since) = since.filter(|since| *since < PAUSE) {
            return Err(throttled(PAUSE - since));
        }
        let way = self.way_out(account).await?;
        let key = account.id.to_string();
        self.throttles.mail_account.admit(&key, now)?;
        let digits = password::random_characters(b"0123456789", DIGITS)?;
        let code = EmailCode {
            account_id: account.id,
            purpose,
            hash: hash(purpose, account.id, &digits),
            email: to.clone(),
            sent_at: now,
            expires_at: now + LIFETIME,
        };
        self.store.put_code(&code).await?;
        self.send_notice(&way, to, &letter(account, purpose, &digits))
            .await?;
        tracing::info!(account = %account.name, %purpose, "code sent");
        Ok(())
    }

    /// The code that `digits` are; it is not used up yet. Each wrong try counts for the code, the
    /// account and the client. `key` is what the caller gave: an account that does not exist
    /// (`None`) answers like one that does.
    pub(super) async fn find_code(
        &self,
        key: &str,
        account: Option<AccountId>,
        purpose: CodePurpose,
        digits: &str,
        client: Option<IpAddr>,
    ) -> Result<EmailCode, AdminError> {
        let now = self.clock.now();
        let client = origin(client);
        let key = match account {
            Some(id) => format!("{purpose} {id}"),
            None => format!("{purpose} {key}"),
        };
        let throttles = &self.throttles;
        throttles.code_client.admit(&client, now)?;
        throttles.code.admit(&key, now)?;
        let account = account.unwrap_or(AccountId::NONE);
        let code = self.store.try_code(account, purpose, now).await?;
        let code = code.ok_or_else(rejected)?;
        let given = hash(purpose, account, digits.trim());
        let is_right: bool = code.hash.as_slice().ct_eq(&given).into();
        if !is_right {
            return Err(rejected());
        }
        throttles.code_client.refund(&client);
        throttles.code.refund(&key);
        Ok(code)
    }

    /// The contact e-mail that waits for its code.
    pub(super) async fn new_email(
        &self,
        account: AccountId,
    ) -> Result<Option<Address>, AdminError> {
        let now = self.clock.now();
        let code = self.store.code(account, CodePurpose::ChangeEmail).await?;
        let pending = code.filter(|code| code.expires_at > now);
        Ok(pending.map(|code| code.email))
    }
}

/// What somebody is told whose code is not the right one, whyever.
pub(super) fn rejected() -> AdminError {
    AdminError::Refused(Reason::CodeRejected.into())
}

fn hash(purpose: CodePurpose, account: AccountId, digits: &str) -> Vec<u8> {
    Sha256::digest(format!("{purpose} {account} {digits}").as_bytes()).to_vec()
}

fn letter(account: &Account, purpose: CodePurpose, digits: &str) -> Notice {
    let name = &account.name;
    let (subject, why, command) = match purpose {
        CodePurpose::Verify => (
            "Confirm your e-mail address",
            format!("The account {name} was registered with this e-mail address."),
            format!("relayctl account verify {name} --code {digits}"),
        ),
        CodePurpose::ChangeEmail => (
            "Confirm your new e-mail address",
            format!("The account {name} is to use this e-mail address from now on."),
            format!("relayctl account verify {name} --code {digits}"),
        ),
        CodePurpose::Reset => (
            "Code for a new password",
            format!("Somebody asked for a new sign-in password of the account {name}."),
            format!(
                "relayctl auth reset-password --email {} --code {digits}",
                account.contact.email
            ),
        ),
    };
    Notice {
        subject: subject.to_owned(),
        text: format!(
            "{why}\n\nCode: {digits}\n\nIt is good for 30 minutes. Enter it by\n\n  {command}\n\n\
             If that was not you, do nothing: without the code nothing happens.\n"
        ),
    }
}
