//! The sign-in password of an owner: changed, forgotten, set anew by a code.

use std::net::IpAddr;

use jiff::SignedDuration;

use super::{
    Accounts, AdminError,
    account::refuse_ended,
    code::rejected,
    notice::Notice,
    session::{Credentials, origin},
    suspension::admits_owner,
};
use crate::{
    model::{Account, Reason, Secret},
    store::CodePurpose,
};

/// How long a customer's own route must stand before it carries codes for a new password.
const SETTLED: SignedDuration = SignedDuration::from_hours(24);

/// Who changes a password.
#[derive(Debug, Clone, Copy)]
pub enum ChangedBy<'c> {
    /// The operator, who need not know the present one.
    Operator,
    /// The owner, who gives the present one and keeps the session whose text has this hash.
    Owner {
        /// The present password.
        current: Option<&'c Secret>,
        /// SHA-256 of the text of the session; empty when it is none.
        session: &'c [u8],
    },
}

impl Accounts {
    /// Sets another sign-in password. Other sessions end, and the customer is told.
    pub async fn change_sign_in_password(
        &self,
        key: &str,
        new: &Secret,
        by: ChangedBy<'_>,
    ) -> Result<(), AdminError> {
        let account = self.find_account(key).await?;
        refuse_ended(&account)?;
        let kept = match by {
            ChangedBy::Operator => &[],
            ChangedBy::Owner { current, session } => {
                self.check_current(&account, current).await?;
                session
            }
        };
        self.refuse_weak(new, account.contact.email.as_str())
            .await?;
        self.put_sign_in_password(&account, new, kept).await
    }

    pub(super) async fn check_current(
        &self,
        account: &Account,
        current: Option<&Secret>,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let email = account.contact.email.as_str();
        if !self.throttles.sign_in_email.spend(email, now) {
            return Err(AdminError::Refused(Reason::AuthThrottled.into()));
        }
        let hash = self.store.sign_in_hash(account.id).await?;
        let is_right = match (current, hash) {
            (Some(current), Some(hash)) => self.passwords.verify(current, &hash).await?,
            _ => false,
        };
        if !is_right {
            return Err(AdminError::refused(
                Reason::SignInRejected,
                "the present password does not fit",
            ));
        }
        self.throttles.sign_in_email.refund(email);
        Ok(())
    }

    /// Sends a code for a new password, if there is such an account. Returns at once and tells
    /// nothing: what is found out is for the customer's mailbox and the log.
    pub fn request_password_reset(
        &self,
        email: &str,
        account: Option<&str>,
        client: Option<IpAddr>,
    ) -> Result<(), AdminError> {
        self.count_mail(email, client)?;
        let (this, email, name) = (
            self.clone(),
            email.trim().to_owned(),
            account.map(str::to_owned),
        );
        tokio::spawn(async move {
            let sent = this.send_reset(&email, name.as_deref()).await;
            if let Err(error) = sent {
                tracing::warn!(%error, "a code for a new password was not sent");
            }
        });
        Ok(())
    }

    pub(crate) async fn send_reset(
        &self,
        email: &str,
        name: Option<&str>,
    ) -> Result<(), AdminError> {
        let Some(found) = self.store.sign_in(email, name).await? else {
            return Ok(());
        };
        let account = found.account;
        if !admits_owner(&account) {
            return Ok(());
        }
        self.refuse_fresh_route(&account).await?;
        self.send_code(&account, CodePurpose::Reset, &account.contact.email)
            .await
    }

    /// Who has a token may set the route, and would read the code on the way: where it is the
    /// customer's own, it must have stood for a while.
    async fn refuse_fresh_route(&self, account: &Account) -> Result<(), AdminError> {
        if self.settings.notifications.is_some() {
            return Ok(());
        }
        let Some(route) = self.store.route_of(account.id).await? else {
            return Err(AdminError::Refused(Reason::NoNotificationRoute.into()));
        };
        let versions = self.store.route_versions(&route).await?;
        let now = self.clock.now();
        let is_settled = versions
            .first()
            .is_some_and(|newest| now.duration_since(newest.set_at) >= SETTLED);
        if is_settled {
            return Ok(());
        }
        Err(AdminError::refused(
            Reason::NoNotificationRoute,
            "the route of the account was changed less than 24 hours ago",
        ))
    }

    /// Sets a new sign-in password by a code. All sessions end. The password is judged once the
    /// code was found right: judging takes time, and would tell who has a code.
    pub async fn reset_password(
        &self,
        given: Credentials,
        code: &str,
        client: Option<IpAddr>,
    ) -> Result<(), AdminError> {
        let email = given.email.trim();
        let found = self.store.sign_in(email, given.account.as_deref()).await?;
        let account = found.map(|found| found.account);
        let id = account.as_ref().map(|account| account.id);
        let code = self
            .find_code(email, id, CodePurpose::Reset, code, client)
            .await?;
        // A code that fits belongs to an account, and counts for the e-mail that it was sent to.
        let account = account
            .filter(|account| account.contact.email == code.email)
            .ok_or_else(rejected)?;
        // The mail may have waited, and left by a route that was set meanwhile.
        self.refuse_fresh_route(&account).await?;
        if let Err(weak) = self.refuse_weak(&given.password, email).await {
            self.store.forgive_try(&code).await?;
            return Err(weak);
        }
        let hash = self.passwords.hash(&given.password).await?;
        let now = self.clock.now();
        if !self.store.reset_sign_in(&code, &hash, now).await? {
            return Err(rejected());
        }
        self.tell_of_password(&account).await;
        Ok(())
    }

    async fn put_sign_in_password(
        &self,
        account: &Account,
        new: &Secret,
        kept: &[u8],
    ) -> Result<(), AdminError> {
        let hash = self.passwords.hash(new).await?;
        let now = self.clock.now();
        self.store.set_sign_in(account.id, &hash, now, kept).await?;
        self.tell_of_password(account).await;
        Ok(())
    }

    async fn tell_of_password(&self, account: &Account) {
        tracing::info!(account = %account.name, "sign-in password changed");
        let notice = Notice {
            subject: "Your sign-in password was changed".to_owned(),
            text: format!(
                "The sign-in password of the account {} was changed.\n\n\
                 If that was not you, set another one by\n\n  relayctl auth reset-password\n",
                account.name
            ),
        };
        self.tell(account, &account.contact.email, notice).await;
    }

    /// Counts a mail that is asked for without a sign-in.
    pub(super) fn count_mail(&self, key: &str, client: Option<IpAddr>) -> Result<(), AdminError> {
        let now = self.clock.now();
        let throttles = &self.throttles;
        throttles.mail_client.admit(&origin(client), now)?;
        throttles.mail_account.admit(&format!("asked {key}"), now)
    }

    /// Refuses a password that is easy to guess.
    pub(super) async fn refuse_weak(
        &self,
        password: &Secret,
        email: &str,
    ) -> Result<(), AdminError> {
        let local = email.split('@').next().unwrap_or_default();
        match self.passwords.judge(password, &[email, local]).await? {
            None => Ok(()),
            Some(weakness) => Err(AdminError::refused(Reason::WeakPassword, weakness)),
        }
    }
}
