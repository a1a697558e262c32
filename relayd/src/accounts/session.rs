//! Owners sign in with e-mail and password and get a session; sessions and tokens are redeemed.
//!
//! An address that is not registered gets the same answer after the same work: one read, one run
//! of Argon2id. Only who gave the right password hears of a second factor.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Accounts, AdminError, Awaited, Listing, suspension::admits_owner, token};
use crate::{
    model::{Account, AccountId, AccountState, Reason, Refusal, Secret, SessionId},
    store::{OwnerSession, SignedInBy, StoreError},
};

/// Tells what leaked when a scanner finds one.
const PREFIX: &str = "rls_";
/// A session ends when it was not used for so long.
const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// And at the latest after so long.
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What somebody signs in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Contact e-mail.
    pub email: String,
    /// Sign-in password.
    pub password: Secret,
    /// The account, where several have this e-mail.
    pub account: Option<String>,
    /// A code of the second factor.
    pub code: Option<Secret>,
}

/// A session that began.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Whose it is.
    pub account: Account,
    /// To be shown once.
    pub secret: Secret,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A session that goes on.
#[derive(Debug, Clone)]
pub struct LiveSession {
    /// The session.
    pub session: OwnerSession,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// What a bearer of a session or token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The account that it is for; `None` for the operator.
    pub account: Option<Account>,
    /// What it is.
    pub kind: BearerKind,
    /// When it ends at the latest.
    pub expires_at: Option<Timestamp>,
}

/// A session or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BearerKind {
    /// A session.
    Session {
        /// Identifier.
        id: SessionId,
        /// SHA-256 of its text.
        hash: Vec<u8>,
    },
    /// A token.
    Token {
        /// Its name.
        name: String,
        /// Whether it may only read.
        read_only: bool,
    },
}

impl Accounts {
    /// Begins a session. `client` is where the request comes from, if that is known.
    pub async fn sign_in(
        &self,
        given: Credentials,
        client: Option<IpAddr>,
    ) -> Result<NewSession, AdminError> {
        let now = self.clock.now();
        let address = client;
        let client = origin(client);
        let email = given.email.trim();
        let throttles = &self.throttles;
        if !throttles.sign_in_client.spend(&client, now)
            || !throttles.sign_in_email.spend(email, now)
        {
            return Err(AdminError::Refused(Reason::AuthThrottled.into()));
        }
        let found = self.store.sign_in(email, given.account.as_deref()).await?;
        let hash = found.as_ref().and_then(|found| found.hash.clone());
        let is_right = if let Some(hash) = &hash {
            self.passwords.verify(&given.password, hash).await?
        } else {
            self.passwords.verify_nobody(&given.password).await?;
            false
        };
        let Some(account) = found.map(|found| found.account).filter(|_| is_right) else {
            tracing::info!(%client, "a sign-in was refused");
            return Err(AdminError::Refused(Reason::SignInRejected.into()));
        };
        throttles.sign_in_client.refund(&client);
        throttles.sign_in_email.refund(email);
        refuse_inactive(&account)?;
        self.pass_second_factor(&account, given.code.as_ref())
            .await?;
        self.begin_session(account, &hash.unwrap_or_default(), address, now)
            .await
    }

    /// `verified` is the hash that the password fitted: if it was changed since, nobody signed in.
    async fn begin_session(
        &self,
        account: Account,
        verified: &str,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<NewSession, AdminError> {
        let from = text_of(client);
        let text = token::random_text(PREFIX)?;
        let session = OwnerSession {
            id: SessionId::new(&self.ids, now),
            account_id: account.id,
            hash: hash(&text),
            created_at: now,
            created_from: from.clone(),
            used_at: now,
            used_from: from,
            expires_at: now + LIFETIME,
        };
        let by = SignedInBy {
            email: &account.contact.email,
            hash: verified,
        };
        let used_since = now.checked_sub(IDLE).unwrap_or(Timestamp::MIN);
        match self.store.insert_session(&session, &by, used_since).await {
            Ok(()) => {}
            Err(StoreError::NotFound) => {
                return Err(AdminError::Refused(Reason::SignInRejected.into()));
            }
            Err(error) => return Err(error.into()),
        }
        tracing::info!(account = %account.name, session = %session.id, "owner signed in");
        Ok(NewSession {
            account,
            secret: Secret::new(text),
            expires_at: session.expires_at,
        })
    }

    /// Ends a session.
    pub async fn sign_out(&self, id: SessionId) -> Result<(), AdminError> {
        self.store.delete_session(id).await?;
        tracing::info!(session = %id, "owner signed out");
        Ok(())
    }

    /// The sessions of an account that go on, behind the one with the id `after`, oldest first.
    /// `current` is the one that asks, if it is one.
    pub async fn list_sessions(
        &self,
        key: &str,
        current: Option<SessionId>,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Listing<LiveSession, SessionId>, AdminError> {
        let account = self.find_account(key).await?;
        let now = self.clock.now();
        let used_since = now.checked_sub(IDLE).unwrap_or(Timestamp::MIN);
        let sessions = self
            .store
            .sessions(account.id, after, limit + 1, now, used_since)
            .await?;
        let listing = Listing::cut(sessions, limit, |session| session.id);
        Ok(listing.map(|session| LiveSession {
            is_current: current == Some(session.id),
            session,
        }))
    }

    /// Ends a session of an account.
    pub async fn end_session(&self, key: &str, session: &str) -> Result<(), AdminError> {
        let account = self.find_account(key).await?;
        let unknown = || AdminError::not_found("session", session);
        let id = session.parse().map_err(|_| unknown())?;
        match self.store.delete_session_of(account.id, id).await {
            Ok(()) => {}
            Err(StoreError::NotFound) => return Err(unknown()),
            Err(error) => return Err(error.into()),
        }
        tracing::info!(account = %account.name, session = %id, "a session was ended");
        Ok(())
    }

    /// Ends all sessions of an account, but for the one whose text has the hash `kept`. How many
    /// those were.
    pub async fn end_sessions(&self, key: &str, kept: &[u8]) -> Result<u64, AdminError> {
        let account = self.find_account(key).await?;
        let ended = self.store.delete_sessions(account.id, kept).await?;
        tracing::info!(account = %account.name, ended, "sessions were ended");
        Ok(ended)
    }

    /// What the bearer of a text may do, if the text is valid now. That of an account that is not
    /// active is refused. `client` is where the request comes from, if that is known.
    pub async fn redeem(
        &self,
        text: &str,
        client: Option<IpAddr>,
    ) -> Result<Option<Bearer>, AdminError> {
        if text.starts_with(PREFIX) {
            return self.redeem_session(text, client).await;
        }
        let Some(token) = self.redeem_token(text).await? else {
            return Ok(None);
        };
        let account = match token.account_id {
            Some(id) => Some(self.active_account(id).await?),
            None => None,
        };
        Ok(Some(Bearer {
            account,
            kind: BearerKind::Token {
                name: token.name,
                read_only: token.read_only,
            },
            expires_at: token.expires_at,
        }))
    }

    /// Whether a text is still valid, as [`Accounts::redeem`] says it. That is no use of it: whoever
    /// asks again and again by itself keeps no session alive.
    pub async fn is_redeemable(&self, text: &str) -> Result<bool, AdminError> {
        if !text.starts_with(PREFIX) {
            return Ok(self.redeem(text, None).await?.is_some());
        }
        let Some((session, _)) = self.known_session(text).await? else {
            return Ok(false);
        };
        self.active_account(session.account_id).await?;
        Ok(true)
    }

    /// What the bearer of a text is who wants to end it: a session ends whatever became of its
    /// account.
    pub async fn redeem_to_end(
        &self,
        text: &str,
        client: Option<IpAddr>,
    ) -> Result<Option<Bearer>, AdminError> {
        if !text.starts_with(PREFIX) {
            return self.redeem(text, client).await;
        }
        let Some((session, hash)) = self.live_session(text, client).await? else {
            return Ok(None);
        };
        let account = self.store.account(session.account_id).await?;
        Ok(account.map(|account| bearer_of(account, &session, hash)))
    }

    async fn redeem_session(
        &self,
        text: &str,
        client: Option<IpAddr>,
    ) -> Result<Option<Bearer>, AdminError> {
        let Some((session, hash)) = self.live_session(text, client).await? else {
            return Ok(None);
        };
        let account = self.active_account(session.account_id).await?;
        Ok(Some(bearer_of(account, &session, hash)))
    }

    /// The session that a text stands for, if it goes on, and the hash of the text. That it was used
    /// is noted.
    async fn live_session(
        &self,
        text: &str,
        client: Option<IpAddr>,
    ) -> Result<Option<(OwnerSession, Vec<u8>)>, AdminError> {
        let Some((session, hash)) = self.known_session(text).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        if now.duration_since(session.used_at) >= SignedDuration::from_mins(1)
            && let from = text_of(client)
            && let Err(error) = self.store.touch_session(session.id, now, &from).await
        {
            tracing::warn!(%error, session = %session.id, "the use of a session was not noted");
        }
        Ok(Some((session, hash)))
    }

    /// The same, and nothing is noted.
    async fn known_session(
        &self,
        text: &str,
    ) -> Result<Option<(OwnerSession, Vec<u8>)>, AdminError> {
        let now = self.clock.now();
        let hash = hash(text);
        let Some(session) = self.store.session_by_hash(&hash).await? else {
            return Ok(None);
        };
        let is_equal: bool = session.hash.as_slice().ct_eq(&hash).into();
        let idle = now.duration_since(session.used_at);
        let goes_on = is_equal && session.expires_at > now && idle < IDLE;
        Ok(goes_on.then_some((session, hash)))
    }

    async fn active_account(&self, id: AccountId) -> Result<Account, AdminError> {
        let account = self.store.account(id).await?;
        let account = account.ok_or_else(|| AdminError::not_found("account", id.to_string()))?;
        refuse_inactive(&account)?;
        Ok(account)
    }
}

fn bearer_of(account: Account, session: &OwnerSession, hash: Vec<u8>) -> Bearer {
    Bearer {
        account: Some(account),
        kind: BearerKind::Session {
            id: session.id,
            hash,
        },
        expires_at: Some(session.expires_at),
    }
}

/// What requests are counted by where the address is not known: all on the Unix socket together.
pub(super) fn origin(client: Option<IpAddr>) -> String {
    match client {
        None => "local".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        // A /64 is one site.
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// An address as it is kept; empty where it is not known.
fn text_of(client: Option<IpAddr>) -> String {
    client.map_or_else(String::new, |address| address.to_canonical().to_string())
}

fn refuse_inactive(account: &Account) -> Result<(), AdminError> {
    if admits_owner(account) {
        return Ok(());
    }
    let name = &account.name;
    let awaits = awaited(account);
    let detail = match (awaits, &account.suspension) {
        ([Awaited::EmailCode, Awaited::Operator], _) => {
            format!("account {name} waits for the code that was sent by mail, and for the operator")
        }
        ([Awaited::EmailCode, ..], _) => {
            format!("account {name} waits for the code that was sent by mail")
        }
        ([Awaited::Operator, ..], _) => format!("account {name} waits for the operator"),
        ([], Some(suspension))
            if account.state == AccountState::Suspended && !suspension.reason.is_empty() =>
        {
            format!("account {name} is suspended: {}", suspension.reason)
        }
        ([], _) => format!("account {name} is {}", account.state),
    };
    Err(AdminError::NotActive {
        refusal: Refusal::new(Reason::AccountNotActive, detail),
        awaits,
    })
}

fn awaited(account: &Account) -> &'static [Awaited] {
    match (account.state, account.verified_at, account.activated_at) {
        (AccountState::Registered, None, None) => &[Awaited::EmailCode, Awaited::Operator],
        (AccountState::Registered, None, Some(_)) => &[Awaited::EmailCode],
        (AccountState::Registered, Some(_), _) => &[Awaited::Operator],
        _ => &[],
    }
}

pub(super) fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
