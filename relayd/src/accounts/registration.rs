//! Registration by customers themselves: who may, invitations, the code that proves the e-mail.
//!
//! Whether an e-mail is registered already makes no difference here: every registration makes an
//! account of its own, and only who reads the mail gets on with it.

use std::{net::IpAddr, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{
    Accounts, AdminError, CreatedAccount, Listing, NewAccount,
    account::refuse_ended,
    code::rejected,
    domain::proof_is_the_operators,
    field::Fields,
    notice::Notice,
    password,
    session::{hash, origin},
};
use crate::{
    model::{Account, Address, DomainProof, InvitationId, Reason, Secret},
    store::{CodePurpose, Invitation, Origin, Registration, StoreError},
};

/// Who may register an account; the operator always may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RegistrationPolicy {
    /// Anybody.
    Open,
    /// Who has an invitation.
    Invite,
    /// Nobody else.
    #[default]
    Closed,
}

/// How long an invitation is good when nothing else is said, and at most.
const INVITATION: SignedDuration = SignedDuration::from_hours(7 * 24);
const INVITATION_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Letters and digits that cannot be taken for one another.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
const INVITATION_LENGTH: usize = 24;
/// How long a registration waits for its code.
const PATIENCE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Names tried when the one made from the company is taken.
const NAMES: u32 = 20;

/// An invitation with its code.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Identifier.
    pub id: InvitationId,
    /// To be shown once.
    pub code: String,
    /// The only contact e-mail it is good for.
    pub email: Option<Address>,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Accounts {
    /// Registers an account for whoever asks, as far as the operator lets them, with its route if
    /// one is given: both or nothing.
    pub async fn register(
        &self,
        new: NewAccount,
        client: Option<IpAddr>,
    ) -> Result<CreatedAccount, AdminError> {
        let invitation = self.admit(&new)?;
        let now = self.clock.now();
        // What is wrong with the values costs nobody a try.
        let (mut account, password) = self.registered_account(&new, now)?;
        let (route, is_named) = (new.route, new.name.is_some());
        let staged = self.registered_route(&account, route)?;
        // From here on there is work to do for somebody who is not known.
        let throttles = &self.throttles;
        throttles.registration_client.admit(&origin(client), now)?;
        let email = account.contact.email.as_str();
        self.refuse_weak(&password, email).await?;
        self.refuse_invitation(&account, invitation.as_deref())
            .await?;
        // Nothing is tried for somebody who will not get an account.
        if is_named {
            self.refuse_taken(&account.name).await?;
        }
        throttles.registration_email.admit(email, now)?;
        let password = self.passwords.hash(&password).await?;
        let (route, steps) = match staged {
            None => (None, Vec::new()),
            Some(staged) => {
                self.count_registered_route(&staged)?;
                let (route, steps) = self.probe_first(&account.name, staged).await?;
                (Some(route), steps)
            }
        };
        let new = Registration {
            account: &account.clone(),
            hash: Some(&password),
            invitation: invitation.as_deref(),
            route: route.as_ref(),
        };
        self.insert_registration(&mut account, new, is_named)
            .await?;
        tracing::info!(account = %account.name, "account registered by its owner");
        self.send_first_code(&account);
        Ok(CreatedAccount {
            overview: self.overview(account).await?,
            steps,
        })
    }

    /// The account that was asked for and the sign-in password of its owner, as far as can be seen
    /// from the values alone.
    fn registered_account(
        &self,
        new: &NewAccount,
        now: Timestamp,
    ) -> Result<(Account, Secret), AdminError> {
        let mut account = self.account_of(new, now)?;
        account.domain_proof = DomainProof::Required;
        account.verified_at = None;
        account.self_registered = true;
        let mut fields = Fields::default();
        if new.password.is_none() {
            fields.refuse("password", "is required");
        }
        let password = fields.finish(new.password.clone())?;
        Ok((account, password))
    }

    /// Whether somebody may register like this at all; the hash of the invitation, if one was given.
    fn admit(&self, new: &NewAccount) -> Result<Option<Vec<u8>>, AdminError> {
        if new.domain_proof.is_some() {
            return Err(AdminError::Refused(proof_is_the_operators()));
        }
        match (self.settings.registration, &new.invitation) {
            (RegistrationPolicy::Closed, _) => {
                Err(AdminError::Refused(Reason::RegistrationClosed.into()))
            }
            (RegistrationPolicy::Invite, None) => {
                Err(AdminError::Refused(Reason::InvitationRejected.into()))
            }
            (_, given) => Ok(given.as_deref().map(|code| hash(code.trim()))),
        }
    }

    async fn refuse_invitation(
        &self,
        account: &Account,
        invitation: Option<&[u8]>,
    ) -> Result<(), AdminError> {
        let Some(hash) = invitation else {
            return Ok(());
        };
        let email = &account.contact.email;
        let is_good = self.store.is_invitation_good(hash, email, self.clock.now());
        if is_good.await? {
            return Ok(());
        }
        Err(AdminError::Refused(Reason::InvitationRejected.into()))
    }

    /// A name that was made, not given, gets a number when it is taken.
    async fn insert_registration(
        &self,
        account: &mut Account,
        new: Registration<'_>,
        is_named: bool,
    ) -> Result<(), AdminError> {
        let name = account.name.clone();
        let mut number = 1;
        loop {
            let new = Registration { account, ..new };
            match self.store.register(&new).await {
                Ok(()) => return Ok(()),
                Err(StoreError::NotFound) => {
                    return Err(AdminError::Refused(Reason::InvitationRejected.into()));
                }
                Err(StoreError::Conflict(_)) if !is_named && number < NAMES => {
                    number += 1;
                    account.name = format!("{}-{number}", name.get(..36).unwrap_or(&name));
                }
                Err(error) => return Err(AdminError::on_insert(error, &account.name)),
            }
        }
    }

    /// In the background: how long it takes is nobody's business.
    fn send_first_code(&self, account: &Account) {
        let (this, account) = (self.clone(), account.clone());
        tokio::spawn(async move {
            let email = &account.contact.email;
            let sent = this.send_code(&account, CodePurpose::Verify, email).await;
            if let Err(error) = sent {
                tracing::warn!(account = %account.name, %error, "the first code was not sent");
            }
        });
    }

    /// Sends another code, if the account waits for its first one. Returns at once and tells nothing.
    pub fn request_code(&self, key: &str, client: Option<IpAddr>) -> Result<(), AdminError> {
        self.count_mail(key, client)?;
        let (this, key) = (self.clone(), key.to_owned());
        tokio::spawn(async move {
            if let Err(error) = this.resend_first_code(&key).await {
                tracing::info!(account = %key, %error, "no code was sent");
            }
        });
        Ok(())
    }

    /// Another contact e-mail is for those to ask for who may change it.
    async fn resend_first_code(&self, key: &str) -> Result<(), AdminError> {
        let account = self.find_account(key).await?;
        if account.verified_at.is_some() {
            return Ok(());
        }
        self.resend_code(key).await
    }

    /// Sends another code to the e-mail of the account that waits for one, and tells why not.
    pub async fn resend_code(&self, key: &str) -> Result<(), AdminError> {
        let account = self.find_account(key).await?;
        refuse_ended(&account)?;
        if account.verified_at.is_none() {
            let email = &account.contact.email;
            return self.send_code(&account, CodePurpose::Verify, email).await;
        }
        match self.new_email(account.id).await? {
            Some(email) => {
                self.send_code(&account, CodePurpose::ChangeEmail, &email)
                    .await
            }
            None => Err(AdminError::refused(
                Reason::StateConflict,
                format!("the e-mail of account {} is confirmed", account.name),
            )),
        }
    }

    /// Confirms the contact e-mail by its code, be it the first or another one.
    pub async fn confirm_email(
        &self,
        key: &str,
        code: &str,
        client: Option<IpAddr>,
    ) -> Result<(), AdminError> {
        let account = match self.find_account(key).await {
            Ok(account) => Some(account),
            Err(AdminError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let is_first = account.as_ref().is_none_or(|it| it.verified_at.is_none());
        let purpose = if is_first {
            CodePurpose::Verify
        } else {
            CodePurpose::ChangeEmail
        };
        let id = account.as_ref().map(|account| account.id);
        let code = self.find_code(key, id, purpose, code, client).await?;
        if !self.store.take_code(&code).await? {
            return Err(rejected());
        }
        // A code that fits belongs to an account.
        let account = account.ok_or_else(rejected)?;
        if is_first {
            if code.email != account.contact.email {
                return Err(rejected());
            }
            return self.verify_account(&account.name).await.map(drop);
        }
        self.exchange_email(account, code.email).await
    }

    async fn exchange_email(&self, before: Account, email: Address) -> Result<(), AdminError> {
        let mut account = before.clone();
        account.contact.email = email;
        account.verified_at = Some(self.clock.now());
        self.store
            .update_contact(&account)
            .await
            .map_err(AdminError::on_update)?;
        tracing::info!(account = %account.name, "contact e-mail changed");
        let notice = Notice {
            subject: "Your contact e-mail was changed".to_owned(),
            text: format!(
                "The account {} has another contact e-mail now: {}\n\n\
                 If that was not you, turn to the operator at once.\n",
                account.name, account.contact.email
            ),
        };
        self.tell(&account, &before.contact.email, notice).await;
        Ok(())
    }

    /// Makes an invitation for one registration; with an e-mail it is good for that one only.
    pub async fn invite(
        &self,
        email: Option<&str>,
        expires_at: Option<Timestamp>,
    ) -> Result<NewInvitation, AdminError> {
        let now = self.clock.now();
        let mut fields = Fields::default();
        let email: Option<Address> = email.and_then(|email| fields.parse("email", email));
        let expires_at = expires_at.unwrap_or(now + INVITATION);
        if expires_at <= now || expires_at > now + INVITATION_MAX {
            fields.refuse("expires_at", "must lie ahead, by a year at most");
        }
        fields.check()?;
        let code = password::random_characters(ALPHABET, INVITATION_LENGTH)?;
        let invitation = Invitation {
            id: InvitationId::new(&self.ids, now),
            hash: hash(&code),
            email: email.clone(),
            created_at: now,
            expires_at,
            used_at: None,
        };
        self.store.insert_invitation(&invitation).await?;
        tracing::info!(invitation = %invitation.id, "invitation made");
        Ok(NewInvitation {
            id: invitation.id,
            code,
            email,
            expires_at,
        })
    }

    /// The invitations before the one of id `before`, the newest first: those that are good now,
    /// or all.
    pub async fn list_invitations(
        &self,
        all: bool,
        before: Option<InvitationId>,
        limit: u32,
    ) -> Result<Listing<Invitation, InvitationId>, AdminError> {
        let open_at = (!all).then(|| self.clock.now());
        let found = self.store.invitations(open_at, before, limit + 1).await?;
        Ok(Listing::cut(found, limit, |invitation| invitation.id))
    }

    /// Takes an invitation back: its code is good for nothing.
    pub async fn revoke_invitation(&self, key: &str) -> Result<(), AdminError> {
        let missing = || AdminError::not_found("invitation that was not used", key);
        let id = key.parse().map_err(|_| missing())?;
        match self.store.delete_invitation(id).await {
            Err(StoreError::NotFound) => Err(missing()),
            done => {
                done?;
                tracing::info!(invitation = %id, "invitation revoked");
                Ok(())
            }
        }
    }

    /// Throws away registrations that nobody confirmed, and notes it in the audit log. How many
    /// those were.
    pub async fn sweep_registrations(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let before = now.checked_sub(PATIENCE).unwrap_or(Timestamp::MIN);
        let (actor, source) = ("relayd".to_owned(), "housekeeping".to_owned());
        let mut origin = Origin::new(now, actor, source, "SweepRegistrations");
        "/v1/accounts".clone_into(&mut origin.object);
        let store = self.store.on_behalf_of(Arc::new(origin));
        store.sweep_registrations(before).await
    }
}
