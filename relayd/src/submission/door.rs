//! Answers the questions of the door: who are you, may you send this, where does the body go.

use std::sync::Arc;

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
        BodyEncoding, Envelope, IdSource, LimitOrigin, MessageId, Reason, Recipient, Refusal,
        ReversePath,
    },
    policy::{self, Admission, Proof, SenderRule},
    queue::Journal,
    smtp::{Backend, Credentials, MailParameters, Peer, RefusalContext},
    store::{Login, RefusalRecord, Store, StoreError},
};

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
    strangers: Strangers,
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
    /// `identity` is what verifies passwords and a random key that protects remembered ones.
    pub fn new(
        settings: Settings,
        store: Store,
        journal: Journal,
        clock: SharedClock,
        ids: Arc<IdSource>,
        identity: (Passwords, [u8; 32]),
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            journal,
            clock,
            ids,
            directory: Directory::new(store),
            identity: Identity::new(identity.0, identity.1),
            strangers: Strangers::new(),
        }))
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

    async fn authenticate(
        &self,
        _peer: &Peer,
        credentials: Credentials,
    ) -> Result<Principal, Refusal> {
        let username = credentials.username.trim().to_lowercase();
        let login = self
            .0
            .directory
            .find(&username)
            .await
            .map_err(unavailable)?;
        let hashes = login.as_ref().map_or(&[][..], |login| &login.hashes);
        let hash = self
            .0
            .identity
            .verify(hashes, &credentials.password)
            .await?;
        match (login, hash) {
            (Some(login), Some(hash)) => Ok(Principal {
                login,
                proof: Proof::Password,
                hash: Some(hash.into()),
            }),
            _ => Err(Reason::CredentialsRejected.into()),
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

    async fn check_sender(
        &self,
        peer: &Peer,
        principal: &Principal,
        mail: &MailParameters,
    ) -> Result<(), Refusal> {
        let login = self.current(principal).await?;
        let admission = self.admit(peer, principal, &login)?;
        policy::judge_reverse_path(&login.standing.user, &mail.reverse_path)?;
        if mail.encoding == BodyEncoding::Binary {
            // EHLO does not offer it: no route could hand it on without encoding it anew.
            return Err(Refusal::new(Reason::UnsupportedContent, "BINARYMIME"));
        }
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
        let admission = self.admit(peer, principal, login)?;
        admission.allowance.recipients.admit_recipients(count + 1)
    }

    async fn open(
        &self,
        peer: &Peer,
        principal: &Principal,
        mut envelope: Envelope,
    ) -> Result<MessageSink, Refusal> {
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
            route_size: standing.route.and_then(|route| route.size_limit),
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
            None => (self.0.directory.cached(&tried), Proof::Password),
        };
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
            is_listed: context.principal.is_some() || self.0.strangers.may_be_listed(client),
        });
    }
}

/// Hostile text, cut to the length of the longest address (RFC 5321 §4.5.3.1.3).
fn bounded(text: &str) -> String {
    text.chars().take(254).collect()
}
