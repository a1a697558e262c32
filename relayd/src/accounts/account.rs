//! Accounts: registered, verified, activated, rejected.

mod draft;
mod told;

use jiff::Timestamp;

use super::{
    Accounts, AdminError, Listing, ProbeStep, QueueEnd, RouteSettings, Scope, field::Fields,
    notice::Notice,
};
use crate::{
    model::{
        Account, AccountId, AccountKind, AccountState, Address, BouncesTo, DomainProof, Reason,
        Secret,
    },
    store::Registration,
};
use told::{decision, occasion};

pub(super) use draft::validate;

/// A new account as it was asked for.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Short name; made from company or person when not given.
    pub name: Option<String>,
    /// Company or person.
    pub kind: AccountKind,
    /// Name of the company.
    pub company: String,
    /// VAT identification number.
    pub vat_id: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Contact e-mail.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Country, two letters.
    pub country: String,
    /// The operator vouches for the e-mail.
    pub email_vouched: bool,
    /// The sign-in password of the owner.
    pub password: Option<Secret>,
    /// The code of an invitation.
    pub invitation: Option<String>,
    /// Whether its domains have to be proven; the operator's alone to say.
    pub domain_proof: Option<DomainProof>,
    /// Its way out: checked first, and nothing is made when that fails.
    pub route: Option<RouteSettings>,
}

/// An account that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedAccount {
    /// The account.
    pub overview: AccountOverview,
    /// What the check of its route tried; empty without one.
    pub steps: Vec<ProbeStep>,
}

/// An account and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOverview {
    /// The account.
    pub account: Account,
    /// Name of its plan.
    pub plan: Option<String>,
    /// Why no mail is taken for it now, in the order to mend it; empty when mail is taken.
    pub missing: Vec<Reason>,
    /// A contact e-mail that waits for its code.
    pub new_email: Option<Address>,
    /// Messages in its queue, held ones included.
    pub queued: u64,
}

impl Accounts {
    /// Creates an account, as the operator, with its route if one is given: both or nothing.
    pub async fn create_account(&self, new: NewAccount) -> Result<CreatedAccount, AdminError> {
        let account = self.account_of(&new, self.clock.now())?;
        let hash = match &new.password {
            None => None,
            Some(password) => {
                self.refuse_weak(password, account.contact.email.as_str())
                    .await?;
                Some(self.passwords.hash(password).await?)
            }
        };
        let route = match new.route {
            None => None,
            Some(settings) => {
                self.refuse_taken(&account.name).await?;
                Some(self.first_route(&account, settings).await?)
            }
        };
        let registration = Registration {
            account: &account,
            hash: hash.as_deref(),
            invitation: None,
            route: route.as_ref().map(|(route, _)| route),
        };
        self.store
            .register(&registration)
            .await
            .map_err(|error| AdminError::on_insert(error, &account.name))?;
        tracing::info!(account = %account.name, "account registered");
        Ok(CreatedAccount {
            overview: self.overview(account).await?,
            steps: route.map_or_else(Vec::new, |(_, steps)| steps),
        })
    }

    /// Refuses a name that is in use, before somebody waits for a check of a route.
    pub(super) async fn refuse_taken(&self, name: &str) -> Result<(), AdminError> {
        match self.store.account_by_name(name).await? {
            None => Ok(()),
            Some(_) => Err(AdminError::refused(Reason::NameTaken, name)),
        }
    }

    /// The account that was asked for, checked.
    pub(super) fn account_of(
        &self,
        new: &NewAccount,
        now: Timestamp,
    ) -> Result<Account, AdminError> {
        let (name, contact) = validate(new)?;
        Ok(Account {
            id: AccountId::new(&self.ids, now),
            name,
            contact,
            state: AccountState::Registered,
            verified_at: new.email_vouched.then_some(now),
            activated_at: None,
            created_at: now,
            self_registered: false,
            domain_proof: new.domain_proof.unwrap_or(self.settings.domain_proof),
            bounces_to: BouncesTo::Sender,
            note: String::new(),
            suspension: None,
            drain_until: None,
            closed_at: None,
            version: 1,
        })
    }

    /// The account that `key` names, by id or name.
    pub async fn find_account(&self, key: &str) -> Result<Account, AdminError> {
        let by_id = match key.parse() {
            Ok(id) => self.store.account(id).await?,
            Err(_) => None,
        };
        let found = match by_id {
            None => self.store.account_by_name(key).await?,
            found => found,
        };
        found.ok_or_else(|| AdminError::not_found("account", key))
    }

    /// The account that `key` names, and what it lacks.
    pub async fn show_account(&self, key: &str) -> Result<AccountOverview, AdminError> {
        let account = self.find_account(key).await?;
        self.overview(account).await
    }

    /// The accounts whose names stand behind `after`, by name: those in a state, or all.
    pub async fn list_accounts(
        &self,
        scope: &Scope,
        state: Option<AccountState>,
        after: &str,
        limit: u32,
    ) -> Result<Listing<AccountOverview>, AdminError> {
        let accounts = match scope {
            Scope::All => self.store.accounts(state, after, limit + 1).await?,
            Scope::Only(own) => {
                let listed = after < own.name.as_str() && state.is_none_or(|it| it == own.state);
                listed.then(|| (**own).clone()).into_iter().collect()
            }
            Scope::Nothing => Vec::new(),
        };
        let listing = Listing::cut(accounts, limit, |account| account.name.clone());
        let mut items = Vec::with_capacity(listing.items.len());
        for account in listing.items {
            items.push(self.overview(account).await?);
        }
        Ok(Listing {
            items,
            next: listing.next,
        })
    }

    /// The operator vouches for the contact e-mail.
    pub async fn verify_account(&self, key: &str) -> Result<AccountOverview, AdminError> {
        let now = self.clock.now();
        self.change_account(key, |account| {
            refuse_ended(account)?;
            account.verified_at.get_or_insert(now);
            become_active_when_due(account);
            Ok(())
        })
        .await
    }

    /// The operator activates an account; it is active as soon as its e-mail is verified, too.
    pub async fn activate_account(&self, key: &str) -> Result<AccountOverview, AdminError> {
        let now = self.clock.now();
        self.change_account(key, |account| {
            refuse_ended(account)?;
            if account.state == AccountState::Suspended {
                return Err(does_not_fit(account));
            }
            account.activated_at.get_or_insert(now);
            become_active_when_due(account);
            Ok(())
        })
        .await
    }

    /// Rejects an account that waits, for good. The customer is told why, and then all that it
    /// brought along is wiped.
    pub async fn reject_account(
        &self,
        key: &str,
        reason: &str,
    ) -> Result<AccountOverview, AdminError> {
        let mut fields = Fields::default();
        let note = fields.required("reason", reason, 200);
        fields.check()?;
        let rejected = self.change_account(key, |account| {
            if account.state != AccountState::Registered {
                return Err(does_not_fit(account));
            }
            account.note = note;
            Ok(())
        });
        let account = rejected.await?.account;
        let notice = Notice {
            subject: "Your account was not accepted".to_owned(),
            text: format!(
                "The operator did not accept the account {}.\n\nReason: {}\n",
                account.name, account.note
            ),
        };
        self.tell(&account, &account.contact.email, notice).await;
        self.close_account(&account.name, QueueEnd::Drain).await
    }

    pub(super) async fn change_account(
        &self,
        key: &str,
        change: impl FnOnce(&mut Account) -> Result<(), AdminError>,
    ) -> Result<AccountOverview, AdminError> {
        let before = self.find_account(key).await?;
        let mut account = before.clone();
        change(&mut account)?;
        if account != before {
            self.noting(&account, occasion(&before, &account))
                .update_account_state(&account)
                .await
                .map_err(AdminError::on_update)?;
            account.version += 1;
            tracing::info!(account = %account.name, state = %account.state, "account changed");
            // Its lane stops or goes on with it.
            if let Some(route) = self.store.route_of(account.id).await? {
                self.queue.wake(route.id);
            }
            if let Some(notice) = decision(&before, &account) {
                self.tell(&account, &account.contact.email, notice).await;
            }
        }
        self.overview(account).await
    }

    pub(super) async fn overview(&self, account: Account) -> Result<AccountOverview, AdminError> {
        let plan = self.plan_of(account.id).await?;
        let route = self.store.route_of(account.id).await?;
        let mut missing = Vec::new();
        if account.state != AccountState::Active {
            missing.push(Reason::AccountNotActive);
        }
        if plan.is_none() {
            missing.push(Reason::NoSubscription);
        }
        if route
            .as_ref()
            .is_none_or(|route| route.checked_at.is_none())
        {
            missing.push(Reason::RouteNotReady);
        }
        let queued = match route {
            Some(route) => self.store.count_waiting(route.id).await?,
            None => 0,
        };
        Ok(AccountOverview {
            new_email: self.new_email(account.id).await?,
            account,
            plan: plan.map(|plan| plan.name),
            missing,
            queued,
        })
    }
}

/// Verified and activated, in either order, make an account active.
fn become_active_when_due(account: &mut Account) {
    if account.state == AccountState::Registered
        && account.verified_at.is_some()
        && account.activated_at.is_some()
    {
        account.state = AccountState::Active;
    }
}

/// Refuses to change an account that has ended.
pub(super) fn refuse_ended(account: &Account) -> Result<(), AdminError> {
    if account.state.has_ended() {
        return Err(does_not_fit(account));
    }
    Ok(())
}

/// What was asked for does not fit the state of the account.
pub(super) fn does_not_fit(account: &Account) -> AdminError {
    let detail = format!("account {} is {}", account.name, account.state);
    AdminError::refused(Reason::StateConflict, detail)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };

    use async_trait::async_trait;

    use super::*;
    use crate::{
        accounts::{
            DeviceSignIn, DomainLookup, Explained, LaneActivity, MailQuestion, Outbox, Passwords,
            Ports, Probe, QueueControl, RegistrationPolicy, Remark, RouteProbe, Settings, TestDoor,
            TestSubmission, TxtLookup,
        },
        clock::ManualClock,
        model::{
            Authority, IdSource, MessageId, Pace, Refusal, Route, RouteId, RouteKind, Security,
        },
        store::{NewMessage, SealKey, Store},
        upstream::{DeviceCode, Poll, Setback},
        webhook::{Answer, Request, Sender},
    };

    struct NoOutbox;

    #[async_trait]
    impl Outbox for NoOutbox {
        async fn send(&self, _: NewMessage) -> Result<(), String> {
            unreachable!("no mail is written")
        }
    }

    struct NoProbe;

    #[async_trait]
    impl RouteProbe for NoProbe {
        async fn probe(&self, _: &Route) -> Probe {
            unreachable!("no route is probed")
        }

        async fn examine(&self, _: &Route, _: &[Address]) -> (Probe, Vec<Remark>) {
            unreachable!("no route is looked at")
        }
    }

    #[async_trait]
    impl DeviceSignIn for NoProbe {
        async fn begin(&self, _: &Route) -> Result<DeviceCode, Setback> {
            unreachable!("nobody signs in")
        }

        async fn poll(&self, _: &Route, _: &Secret) -> Result<Poll, Setback> {
            unreachable!("nobody signs in")
        }

        async fn probe(&self, _: &Route, _: Secret) -> (Probe, Secret) {
            unreachable!("nobody signs in")
        }

        fn forget(&self, _: RouteId) {
            unreachable!("nobody signs in")
        }
    }

    struct NoWebhooks;

    #[async_trait]
    impl Sender for NoWebhooks {
        async fn send(&self, _: Request) -> Answer {
            unreachable!("nothing is told")
        }
    }

    struct NoDns;

    #[async_trait]
    impl DomainLookup for NoDns {
        async fn last_word(&self, _: &str) -> TxtLookup {
            unreachable!("nothing is looked up")
        }

        async fn texts(&self, _: &str) -> TxtLookup {
            unreachable!("nothing is looked up")
        }
    }

    struct NoDoor;

    #[async_trait]
    impl TestDoor for NoDoor {
        async fn submit(&self, _: TestSubmission) -> Result<MessageId, Refusal> {
            unreachable!("no mail is tried")
        }

        async fn explain(&self, _: MailQuestion) -> Result<Explained, Refusal> {
            unreachable!("no mail is explained")
        }
    }

    #[derive(Default)]
    struct Woken(Mutex<Vec<RouteId>>);

    impl QueueControl for Woken {
        fn wake(&self, route: RouteId) {
            self.0.lock().unwrap().push(route);
        }

        fn forget(&self, _: RouteId) {
            unreachable!("no account is closed")
        }

        fn lanes(&self) -> Vec<LaneActivity> {
            Vec::new()
        }

        fn under_way(&self) -> Vec<MessageId> {
            Vec::new()
        }
    }

    fn a_route(id: RouteId, account_id: AccountId) -> Route {
        Route {
            server: "upstream.example".to_owned(),
            port: 25,
            security: Security::None,
            pace: Pace::SMARTHOST,
            ..Route::new(id, account_id, RouteKind::Smarthost)
        }
    }

    fn a_company() -> NewAccount {
        NewAccount {
            name: None,
            kind: AccountKind::Company,
            company: "Acme GmbH".to_owned(),
            vat_id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: "ada@acme.example".to_owned(),
            phone: String::new(),
            street: String::new(),
            postal_code: String::new(),
            city: String::new(),
            country: String::new(),
            email_vouched: true,
            password: None,
            invitation: None,
            domain_proof: None,
            route: None,
        }
    }

    #[tokio::test]
    async fn the_lane_of_an_account_is_told_when_the_account_stops_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let woken = Arc::new(Woken::default());
        let ids = Arc::new(IdSource::new());
        let accounts = Accounts::new(
            store.clone(),
            ManualClock::at(now),
            Arc::clone(&ids),
            Settings {
                message_size: 50 * 1024 * 1024,
                address_listeners: Vec::new(),
                private_networks: true,
                loopback_networks: true,
                address_auth_networks: Vec::new(),
                capture_folder: folder.path().into(),
                hostname: "relay.example.com".to_owned(),
                drain: Duration::from_hours(1),
                registration: RegistrationPolicy::Closed,
                domain_proof: DomainProof::Required,
                registration_servers: Vec::new(),
                notifications: None,
                webhook_networks: Vec::new(),
            },
            Passwords::new(1),
            Ports {
                probe: Arc::new(NoProbe),
                sign_in: Arc::new(NoProbe),
                queue: woken.clone(),
                outbox: Arc::new(NoOutbox),
                door: Arc::new(NoDoor),
                dns: Arc::new(NoDns),
                webhooks: Arc::new(NoWebhooks),
            },
        );
        let overview = accounts.create_account(a_company()).await.unwrap().overview;
        let route = RouteId::new(&ids, now);
        let settings = a_route(route, overview.account.id);
        store.insert_route(&settings, now).await.unwrap();
        accounts.activate_account("acme").await.unwrap();
        woken.0.lock().unwrap().clear();
        accounts
            .suspend_account("acme", Authority::Operator, "")
            .await
            .unwrap();
        assert_eq!(*woken.0.lock().unwrap(), [route]);
        accounts
            .resume_account("acme", Authority::Operator)
            .await
            .unwrap();
        assert_eq!(*woken.0.lock().unwrap(), [route, route]);
    }
}
