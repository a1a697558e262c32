//! Answers the questions of the door: who are you, may you send this, where does the body go.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::{
    directory::Directory,
    identity::Identity,
    sink::{MessageSink, Submission},
    strangers::Strangers,
};
use crate::{
    accounts::Passwords,
    clock::SharedClock,
    model::{
        Address, BodyEncoding, Envelope, IdSource, Limits, MessageId, Reason, Recipient, Refusal,
        ReversePath, RouteOffer,
    },
    policy::{self, Attempt, Guesses, SenderRule},
    queue::Journal,
    smtp::{Backend, Credentials, MailParameters, Peer, Quirk, RefusalContext, Terms},
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
    strangers: Strangers,
}

/// A device that signed in. Whether it may send is judged anew for every mail.
#[derive(Debug, Clone)]
pub struct Principal {
    login: Arc<Login>,
    /// The hash its password matched; when that is gone, so is the sign-in.
    hash: Arc<str>,
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
            strangers: Strangers::new(),
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
            return Ok(Principal { login, hash });
        }
        let reason = match attempt.is_user_under_attack {
            true => Reason::AuthThrottled,
            false => Reason::CredentialsRejected,
        };
        let consequence = attempt.failed(&bounded(username), self.0.clock.now());
        if let Some(ban) = consequence.ban {
            metrics::counter!("relayd_bans_total").increment(1);
            tracing::warn!(client = %ban.network, until = %ban.until, times = ban.times,
                username, "banned for guessing passwords");
        }
        metrics::counter!("relayd_sign_ins_delayed_total").increment(1);
        Err((reason.into(), consequence.delay))
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
        login
            .filter(|login| login.hashes.iter().any(|hash| **hash == *principal.hash))
            .ok_or_else(|| Refusal::new(Reason::CredentialsRejected, "changed since the sign-in"))
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

    fn terms(&self, principal: Option<&Principal>) -> Terms {
        let standing = principal.map(|principal| &principal.login.standing);
        let limits = standing.and_then(|standing| standing.limits);
        let offer = standing.and_then(|standing| standing.route_offer);
        let size = self.0.settings.message_size;
        Terms {
            size: limits.map_or(size, |limits| limits.message_size.min(size)),
            recipients: limits.map_or(usize::MAX, |limits| {
                usize::try_from(limits.recipients_per_message).unwrap_or(usize::MAX)
            }),
            // Who may hand it on is known once somebody has signed in.
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

    async fn check_sender(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        let login = self.current(principal).await?;
        let admission = policy::admit(&login.standing, peer.remote.ip())?;
        policy::judge_reverse_path(&login.standing.user, &mail.reverse_path)?;
        check_offer(login.standing.route_offer, mail)?;
        let limit = admission
            .limits
            .message_size
            .min(self.0.settings.message_size);
        match mail.size {
            Some(size) if size > limit => Err(too_large(limit)),
            _ => Ok(()),
        }
    }

    fn check_recipient(
        &self,
        principal: &Principal,
        mail: &MailParameters,
        count: usize,
        recipient: &Recipient,
    ) -> Result<(), Refusal> {
        if recipient.address.is_international() && !mail.smtputf8 {
            return Err(Refusal::new(Reason::InvalidAddress, "needs SMTPUTF8"));
        }
        let offer = principal.login.standing.route_offer;
        if recipient.address.is_international() && offer.is_some_and(|offer| !offer.smtputf8) {
            return Err(not_offered("SMTPUTF8"));
        }
        let limits = principal
            .login
            .standing
            .limits
            .ok_or(Reason::NoSubscription)?;
        check_recipient_count(count + 1, limits)
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
        let admission = policy::admit(standing, peer.remote.ip())?;
        check_recipient_count(envelope.recipients.len(), admission.limits)?;
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
            limits: admission.limits,
            size_limit: admission
                .limits
                .message_size
                .min(self.0.settings.message_size),
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
        let login = match context.principal {
            Some(principal) => Some(Arc::clone(&principal.login)),
            None => self.0.directory.cached(&tried),
        };
        let is_listed = context.principal.is_some() || self.0.strangers.may_be_listed(client);
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
        let system = standing.and_then(|standing| {
            standing
                .systems
                .iter()
                .find(|system| system.network.contains(client))
        });
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

/// What the route cannot carry is refused before it comes, as far as the last check of the route
/// told. (8-bit text is not: devices declare it for mail that holds none.)
fn check_offer(offer: Option<RouteOffer>, mail: &MailParameters) -> Result<(), Refusal> {
    let Some(offer) = offer else { return Ok(()) };
    let missing = match mail.encoding {
        BodyEncoding::Binary if !offer.binary_mime => "BINARYMIME",
        _ if mail.smtputf8 && is_international(mail) && !offer.smtputf8 => "SMTPUTF8",
        _ => return Ok(()),
    };
    Err(not_offered(missing))
}

fn not_offered(what: &str) -> Refusal {
    let detail = format!("its server does not offer {what}");
    Refusal::new(Reason::UnsupportedContent, detail)
}

fn is_international(mail: &MailParameters) -> bool {
    let sender = mail.reverse_path.address();
    sender.is_some_and(Address::is_international)
}

fn check_recipient_count(count: usize, limits: Limits) -> Result<(), Refusal> {
    let limit = usize::try_from(limits.recipients_per_message).unwrap_or(usize::MAX);
    if count > limit {
        let detail = format!("limit {limit}");
        return Err(Refusal::new(Reason::TooManyRecipients, detail));
    }
    Ok(())
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

/// A refusal that names the limit.
pub(super) fn too_large(limit: u64) -> Refusal {
    Refusal::new(Reason::MessageTooLarge, format!("limit {limit} bytes"))
}

#[cfg(test)]
mod tests;
