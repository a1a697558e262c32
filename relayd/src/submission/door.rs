//! Answers the questions of the door: who are you, may you send this, where does the body go.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::{
    directory::Directory,
    identity::Identity,
    listing::Listing,
    sink::{MessageSink, Submission},
};
use crate::{
    accounts::Passwords,
    clock::SharedClock,
    model::{
        Address, Envelope, IdSource, LimitOrigin, MessageId, Reason, Recipient, Refusal,
        ReversePath,
    },
    policy::{self, Admission, Attempt, Guesses, Proof, SenderRule},
    queue::Journal,
    smtp::{Backend, Credentials, MailParameters, Peer, Quirk, RefusalContext, Stage, Terms},
    store::{Login, RefusalRecord, Store, StoreError},
};

/// Longest user name that is looked up; longer ones are never made.
const MAX_NAME: usize = 254;

/// What the machine decides about submissions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Our own name, for Received and Message-ID.
    pub hostname: String,
    /// Largest message of any plan, in bytes.
    pub message_size: u64,
    /// Names of the listeners that take mail by address alone.
    pub address_listeners: Vec<String>,
}

/// The product behind the door.
#[derive(Debug, Clone)]
pub struct Door(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) journal: Journal,
    pub(super) clock: SharedClock,
    ids: Arc<IdSource>,
    directory: Directory,
    identity: Identity,
    guesses: Arc<Guesses>,
    listing: Listing,
}

/// A device that signed in, or that is known by its address. Whether it may send is judged anew for
/// every mail.
#[derive(Debug, Clone)]
pub struct Principal {
    login: Arc<Login>,
    proof: Proof,
    /// The hash its password matched; when that is gone, so is the sign-in. `None` without one.
    hash: Option<Arc<str>>,
}

impl Door {
    /// `identity` is what verifies passwords and a random key that protects remembered ones;
    /// `guesses` watches those that are wrong.
    pub fn new(
        settings: Settings,
        store: Store,
        journal: Journal,
        clock: SharedClock,
        ids: Arc<IdSource>,
        identity: (Passwords, [u8; 32]),
        guesses: Arc<Guesses>,
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            journal,
            clock,
            ids,
            directory: Directory::new(store),
            identity: Identity::new(identity.0, identity.1),
            guesses,
            listing: Listing::new(),
        }))
    }

    /// The principal that the credentials name, or the refusal that guessing deserves.
    ///
    /// Whether the name exists shows in nothing: every look costs one run of Argon2id, and what is
    /// refused is answered so long after the beginning of the attempt as the refusal comes with.
    async fn identify(
        &self,
        client: IpAddr,
        username: &str,
        credentials: &Credentials,
        attempt: Attempt,
    ) -> Result<Principal, (Refusal, Duration)> {
        let now = |refusal| (refusal, Duration::ZERO);
        let login = self.find(username).await.map_err(now)?;
        let is_registered = login.as_ref().is_some_and(|login| {
            let mut systems = login.standing.systems.iter();
            systems.any(|system| system.network.contains(client))
        });
        let is_shut = attempt.is_user_under_attack && !is_registered;
        let hashes = match &login {
            Some(login) if !is_shut => &login.hashes[..],
            _ => &[],
        };
        let verified = self.0.identity.verify(hashes, &credentials.password);
        let hash = verified.await.map_err(now)?;
        if let (Some(login), Some(hash)) = (login, hash) {
            attempt.succeeded(is_registered, self.0.clock.now());
            let hash = hash.into();
            return Ok(Principal {
                login,
                proof: Proof::Password,
                hash: Some(hash),
            });
        }
        let reason = if attempt.is_user_under_attack {
            Reason::AuthThrottled
        } else {
            Reason::CredentialsRejected
        };
        let username = bounded(username);
        let consequence = attempt.failed(&username, self.0.clock.now());
        if let Some(ban) = consequence.ban {
            metrics::counter!("relayd_bans_total").increment(1);
            tracing::warn!(client = %ban.network, until = %ban.until, times = ban.times,
                username, "banned for guessing passwords");
        }
        metrics::counter!("relayd_sign_ins_delayed_total").increment(1);
        Err((reason.into(), consequence.delay))
    }

    /// The relay user that a refused client tried to be, or that its address stands for. Asks no
    /// store: what the look-up of this very attempt found is still known.
    fn whose(
        &self,
        context: &RefusalContext<'_, Principal>,
        tried: &str,
    ) -> (Option<Arc<Login>>, Proof) {
        let directory = &self.0.directory;
        if !tried.is_empty() {
            return (directory.last_known(tried), Proof::Password);
        }
        let found = match context.stage {
            Stage::Mail => directory.last_known_at(context.peer.remote.ip()),
            _ => None,
        };
        match found {
            Some((system, login)) => (Some(login), Proof::Address(system)),
            None => (None, Proof::Password),
        }
    }

    /// The relay user of that name. A text that cannot be a name belongs to nobody.
    async fn find(&self, username: &str) -> Result<Option<Arc<Login>>, Refusal> {
        if username.len() > MAX_NAME || username.chars().any(char::is_control) {
            return Ok(None);
        }
        self.0.directory.find(username).await.map_err(unavailable)
    }

    /// The relay user as things stand now: a session may outlive a password or a subscription.
    async fn current(&self, principal: &Principal) -> Result<Arc<Login>, Refusal> {
        let username = &principal.login.standing.user.username;
        let login = self.0.directory.find(username).await.map_err(unavailable)?;
        let is_good = |login: &Arc<Login>| match &principal.hash {
            Some(hash) => login.hashes.iter().any(|known| **known == **hash),
            // Whether the address is still that of the system is for `policy::admit` to say.
            None => true,
        };
        login
            .filter(is_good)
            .ok_or_else(|| Refusal::new(Reason::CredentialsRejected, "changed since the sign-in"))
    }

    /// Whether the device may send now, and how much.
    fn admit<'l>(
        &self,
        peer: &Peer,
        principal: &Principal,
        login: &'l Login,
    ) -> Result<Admission<'l>, Refusal> {
        let client = peer.remote.ip();
        let mut admission = policy::admit(&login.standing, client, principal.proof)?;
        let size = &mut admission.allowance.size;
        *size = size.at_most(Some(self.0.settings.message_size), LimitOrigin::Ceiling);
        Ok(admission)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used by map_err")]
fn unavailable(error: StoreError) -> Refusal {
    tracing::error!(%error, "the store does not answer");
    Reason::StoreUnavailable.into()
}

impl Backend for Door {
    type Principal = Principal;
    type Sink = MessageSink;

    fn size_limit(&self) -> u64 {
        self.0.settings.message_size
    }

    fn welcome(&self, peer: &Peer) -> Result<(), Refusal> {
        self.0.guesses.check(peer.remote.ip(), self.0.clock.now())
    }

    fn terms(&self, peer: &Peer, principal: Option<&Principal>) -> Terms {
        let admission = principal.and_then(|principal| {
            let login = &principal.login;
            let admission = self.admit(peer, principal, login).ok()?;
            Some((admission.allowance, login.standing.route?.offer))
        });
        let Some((allowance, offer)) = admission else {
            // Who may hand what on is known once somebody has signed in.
            return Terms {
                size: self.0.settings.message_size,
                recipients: usize::MAX,
                binary_mime: false,
            };
        };
        Terms {
            size: allowance.size.limit,
            recipients: usize::try_from(allowance.recipients.limit).unwrap_or(usize::MAX),
            binary_mime: offer.is_some_and(|offer| offer.binary_mime),
        }
    }

    fn quirk(&self, peer: &Peer, principal: Option<&Principal>, quirk: Quirk) {
        let user = principal.map(|principal| &principal.login.standing.user);
        let username = user.map_or("", |user| user.username.as_str());
        note_quirk(peer, username, quirk);
    }

    async fn authenticate(
        &self,
        peer: &Peer,
        credentials: Credentials,
    ) -> Result<Principal, Refusal> {
        let client = peer.remote.ip();
        let username = credentials.username.trim().to_lowercase();
        let said = (username.as_str(), &credentials.password);
        let attempt = self.0.guesses.begin(client, said, self.0.clock.now())?;
        let began = Instant::now();
        let identified = self
            .identify(client, &username, &credentials, attempt)
            .await;
        match identified {
            Ok(principal) => Ok(principal),
            Err((refusal, delay)) => {
                sleep_until(began + delay).await;
                Err(refusal)
            }
        }
    }

    async fn recognize(&self, peer: &Peer) -> Result<Option<Principal>, Refusal> {
        let found = self.0.directory.find_at(peer.remote.ip()).await;
        let found = found.map_err(unavailable)?;
        Ok(found.map(|(system, login)| Principal {
            login,
            proof: Proof::Address(system),
            hash: None,
        }))
    }

    /// A client that is refused too often gets no look-up for it.
    async fn explain_stranger(&self, peer: &Peer) -> Option<String> {
        let client = peer.remote.ip().to_canonical();
        if !self.0.listing.has_room_for_stranger(client) {
            return None;
        }
        self.0.directory.find_at(client).await.ok()??;
        Some(match self.0.settings.address_listeners.as_slice() {
            [] => format!("no listener takes mail by address alone, which {client} is set to"),
            some => format!(
                "listener {} does not take mail by address alone, which {client} is set to: use {}",
                peer.listener,
                some.join(" or ")
            ),
        })
    }

    async fn check_sender(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        let login = self.current(principal).await?;
        let admission = self.admit(peer, principal, &login)?;
        policy::judge_reverse_path(&login.standing.user, &mail.reverse_path)?;
        let sender = mail.reverse_path.address();
        let is_international = mail.smtputf8 && sender.is_some_and(Address::is_international);
        let offer = login.standing.route.and_then(|route| route.offer);
        policy::check_offer(offer, mail.encoding, is_international)?;
        admission.allowance.size.admit_size(mail.size.unwrap_or(0))
    }

    fn check_recipient(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
        count: usize,
        recipient: &Recipient,
    ) -> Result<(), Refusal> {
        if recipient.address.is_international() && !mail.smtputf8 {
            return Err(Refusal::new(Reason::InvalidAddress, "needs SMTPUTF8"));
        }
        let username = &principal.login.standing.user.username;
        let current = self.0.directory.cached(username);
        let login = current.as_ref().unwrap_or(&principal.login);
        let offer = login.standing.route.and_then(|route| route.offer);
        policy::check_offer(offer, mail.encoding, recipient.address.is_international())?;
        let admission = self.admit(peer, principal, login)?;
        admission.allowance.recipients.admit_recipients(count + 1)
    }

    async fn open(
        &self,
        peer: &Peer,
        principal: &Principal,
        mut envelope: Envelope,
    ) -> Result<MessageSink, Refusal> {
        self.0.journal.condition().check()?;
        let login = self.current(principal).await?;
        let standing = &login.standing;
        let admission = self.admit(peer, principal, &login)?;
        let allowance = admission.allowance;
        let recipients = envelope.recipients.len();
        allowance.recipients.admit_recipients(recipients)?;
        if policy::judge_reverse_path(&standing.user, &envelope.reverse_path)?
            == SenderRule::Rewrite
        {
            envelope.reverse_path = ReversePath::Address(standing.user.sender.clone());
        }
        let submission = Submission {
            id: MessageId::new(&self.0.ids, self.0.clock.now()),
            peer: peer.clone(),
            system_id: admission.system.id,
            route_id: admission.route_id,
            quotas: allowance.quotas,
            size: allowance.size,
            route_size: standing.route.and_then(|route| route.offer?.size),
            envelope,
            login: Arc::clone(&login),
        };
        Ok(MessageSink::new(Arc::clone(&self.0), submission))
    }

    fn refused(&self, context: RefusalContext<'_, Principal>, refusal: &Refusal) {
        let client = context.peer.remote.ip().to_canonical();
        metrics::counter!("relayd_refusals_total", "reason" => refusal.reason.code()).increment(1);
        let tried = bounded(&context.username.trim().to_lowercase());
        let (sender, recipient) = (bounded(context.sender), bounded(context.recipient));
        let (login, proof) = match context.principal {
            Some(principal) => (Some(Arc::clone(&principal.login)), principal.proof),
            None => self.whose(&context, &tried),
        };
        let listing = &self.0.listing;
        let is_listed = match context.principal {
            Some(principal) => listing.takes_device(principal.login.standing.user.id, client),
            None => listing.takes_stranger(client),
        };
        if is_listed {
            tracing::info!(
                reason = refusal.reason.code(),
                %client,
                listener = &*context.peer.listener,
                username = tried,
                sender,
                recipient,
                detail = refusal.detail,
                "refused"
            );
        }
        let standing = login.as_ref().map(|login| &login.standing);
        let system = standing.and_then(|standing| policy::system_at(standing, client, proof));
        self.0.journal.record_refusal(RefusalRecord {
            at: self.0.clock.now(),
            account_id: standing.map(|standing| standing.user.account_id),
            user_id: standing.map(|standing| standing.user.id),
            system_id: system.map(|system| system.id),
            username: standing.map_or(tried, |standing| standing.user.username.clone()),
            client,
            listener: context.peer.listener.to_string(),
            helo: bounded(&context.peer.helo),
            sender,
            recipient,
            reason: refusal.reason,
            reply: refusal.to_string(),
            is_listed,
        });
    }
}

/// Counts a harmless deviation, and tells whose it was.
pub(super) fn note_quirk(peer: &Peer, username: &str, quirk: Quirk) {
    metrics::counter!("relayd_smtp_quirks_total", "quirk" => quirk.name()).increment(1);
    tracing::debug!(
        quirk = quirk.name(),
        client = %peer.remote.ip().to_canonical(),
        listener = &*peer.listener,
        username,
        "quirk"
    );
}

/// Hostile text, cut to the length of the longest address (RFC 5321 §4.5.3.1.3).
fn bounded(text: &str) -> String {
    text.chars().take(254).collect()
}

#[cfg(test)]
mod tests;
