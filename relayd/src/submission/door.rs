//! Answers the questions of the door: who are you, may you send this, where does the body go.

mod refusals;
mod sign_in;

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;

use super::{
    directory::Directory,
    identity::Identity,
    judgement::{self, AtMail, under_ceiling},
    listing::Listing,
    sink::{MessageSink, Submission},
    uses::Uses,
};
use crate::{
    accounts::Passwords,
    clock::SharedClock,
    model::{CredentialId, Envelope, IdSource, MessageId, Reason, Recipient, Refusal, ReversePath},
    policy::{self, Admission, Guesses, Proof, SenderRule, Senders},
    queue::Journal,
    smtp::{Backend, Credentials, Entrance, MailParameters, Peer, Quirk, RefusalContext, Terms},
    store::{Login, Store, StoreError},
};

/// What the machine decides about submissions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Our own name, for Received and Message-ID.
    pub hostname: String,
    /// Largest message of any plan, in bytes.
    pub message_size: u64,
    /// The listeners.
    pub entrances: Vec<Entrance>,
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
    store: Store,
    identity: Identity,
    guesses: Arc<Guesses>,
    listing: Listing,
    uses: Uses,
}

/// A device that signed in, or that is known by its address. Whether it may send is judged anew for
/// every mail.
#[derive(Debug, Clone)]
pub struct Principal {
    login: Arc<Login>,
    proof: Proof,
    /// What it signed in with; when that is gone, so is the sign-in. `None` without a password.
    credential: Option<CredentialId>,
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
            directory: Directory::new(store.clone()),
            store,
            identity: Identity::new(identity.0, identity.1),
            guesses,
            listing: Listing::new(),
            uses: Uses::new(),
        }))
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.0.directory
    }

    pub(super) fn guesses(&self) -> &Arc<Guesses> {
        &self.0.guesses
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn ids(&self) -> &IdSource {
        &self.0.ids
    }

    /// What time it is.
    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The relay user of that name, as one who has signed in.
    pub(super) async fn principal_of(&self, username: &str) -> Result<Option<Principal>, Refusal> {
        let found = self.0.directory.find(username).await.map_err(unavailable)?;
        Ok(found.map(|login| Principal {
            login,
            proof: Proof::Password,
            credential: None,
        }))
    }

    /// The relay user as things stand now: a session may outlive a password or a subscription.
    async fn current(&self, principal: &Principal) -> Result<Arc<Login>, Refusal> {
        let username = &principal.login.standing.user.username;
        let login = self.0.directory.find(username).await.map_err(unavailable)?;
        let is_good = |login: &Arc<Login>| match principal.credential {
            Some(id) => login.hashes.iter().any(|known| known.id == id),
            // Whether the address is still that of the system is for `policy::admit` to say.
            None => true,
        };
        login
            .filter(is_good)
            .ok_or_else(|| Refusal::new(Reason::CredentialsRejected, "changed since the sign-in"))
    }

    /// What a device should know that is registered by its address, on a listener that does not
    /// look at addresses.
    pub(super) fn explain_known(&self, listener: &str, client: IpAddr) -> String {
        let entrances = self.0.settings.entrances.iter();
        let fitting = entrances.filter(|entrance| entrance.address_auth);
        let names: Vec<&str> = fitting.map(|entrance| &*entrance.name).collect();
        match names.as_slice() {
            [] => format!("no listener takes mail by address alone, which {client} is set to"),
            some => format!(
                "listener {listener} does not take mail by address alone, which {client} is set \
                 to: use {}",
                some.join(" or ")
            ),
        }
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
        let ceiling = self.0.settings.message_size;
        admission.allowance = under_ceiling(admission.allowance, ceiling);
        Ok(admission)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used by map_err")]
pub(super) fn unavailable(error: StoreError) -> Refusal {
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
        self.sign_in(peer.remote.ip(), &credentials).await
    }

    async fn recognize(&self, peer: &Peer) -> Result<Option<Principal>, Refusal> {
        let found = self.0.directory.find_at(peer.remote.ip()).await;
        let found = found.map_err(unavailable)?;
        Ok(found.map(|(system, login)| Principal {
            login,
            proof: Proof::Address(system),
            credential: None,
        }))
    }

    /// A client that is refused too often gets no look-up for it.
    async fn explain_stranger(&self, peer: &Peer) -> Option<String> {
        let client = peer.remote.ip().to_canonical();
        if !self.0.listing.has_room_for_stranger(client) {
            return None;
        }
        self.0.directory.find_at(client).await.ok()??;
        Some(self.explain_known(&peer.listener, client))
    }

    async fn check_sender(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        let login = self.current(principal).await?;
        let admission = self.admit(peer, principal, &login)?;
        AtMail::judge(&login.standing, mail).verdict(admission.allowance.size, mail)
    }

    fn check_recipient(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
        count: usize,
        recipient: &Recipient,
    ) -> Result<(), Refusal> {
        let username = &principal.login.standing.user.username;
        let current = self.0.directory.cached(username);
        let login = current.as_ref().unwrap_or(&principal.login);
        judgement::fits(&login.standing, mail, recipient)?;
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
        let senders = Senders::of(standing);
        let mut rewritten = None;
        if policy::judge_reverse_path(senders, &envelope.reverse_path)? == SenderRule::Rewrite {
            let own = ReversePath::Address(standing.user.sender.clone());
            rewritten = Some(std::mem::replace(&mut envelope.reverse_path, own));
        }
        let opened_at = self.0.clock.now();
        let submission = Submission {
            id: MessageId::new(&self.0.ids, opened_at),
            peer: peer.clone(),
            system_id: admission.system.id,
            route_id: admission.route_id,
            quotas: allowance.quotas,
            size: allowance.size,
            route_size: standing.route.and_then(|route| route.offer?.size),
            envelope,
            login: Arc::clone(&login),
            proof: principal.proof,
            rewritten,
            opened_at,
            mark: None,
        };
        Ok(MessageSink::new(Arc::clone(&self.0), submission))
    }

    fn refused(&self, context: RefusalContext<'_, Principal>, refusal: &Refusal) {
        self.tell_refusal(&context, refusal);
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

#[cfg(test)]
mod tests;
