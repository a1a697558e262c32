//! What administration asks of other rooms; `app.rs` plugs them together.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;

use crate::{
    model::{
        AccountId, Address, MessageId, Reason, Refusal, ReversePath, Route, RouteId, RouteOffer,
        Secret,
    },
    store::NewMessage,
    upstream::{DeviceCode, Poll, Remark, Setback},
};

/// One thing that a probe tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeStep {
    /// What was tried.
    pub name: String,
    /// Whether it succeeded.
    pub ok: bool,
    /// What was found, or the literal reply.
    pub detail: String,
    /// What mends it, where that is known better than from the reason; empty otherwise.
    pub remedy: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was tried, in order; a failure is the last.
    pub steps: Vec<ProbeStep>,
    /// Why it failed, with the literal reply or error; `None` when it did not.
    pub failure: Option<(Reason, String)>,
    /// What the other side offers, where it was found out.
    pub offer: Option<RouteOffer>,
}

/// Tries a route: connects, encrypts, signs in, sends nothing.
#[async_trait]
pub trait RouteProbe: Send + Sync {
    /// Tries it. Bounded by deadlines of its own.
    async fn probe(&self, route: &Route) -> Probe;

    /// Tries it, and looks closer where that succeeds: whether the other side takes mail from these
    /// senders, too. Sends nothing.
    async fn examine(&self, route: &Route, senders: &[Address]) -> (Probe, Vec<Remark>);
}

/// Lets people sign in for a route by device code.
#[async_trait]
pub trait DeviceSignIn: Send + Sync {
    /// Asks for a code for the person who is to sign in.
    async fn begin(&self, route: &Route) -> Result<DeviceCode, Setback>;

    /// Looks whether the person has signed in. An error is worth another look.
    async fn poll(&self, route: &Route, device_code: &Secret) -> Result<Poll, Setback>;

    /// Tries a route by what a person has just allowed, and gives it back as it is then: it changes
    /// with each use. The id of `route` is that of no other.
    async fn probe(&self, route: &Route, refresh_token: Secret) -> (Probe, Secret);

    /// Somebody has signed in anew for a route: what is remembered of it is no more.
    fn forget(&self, route: RouteId);
}

/// What a lane does at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LanePhase {
    /// Nothing waits.
    Idle,
    /// Mail is going out.
    Sending,
    /// Mail waits for its next attempt.
    Waiting,
    /// Mail waits for the pace of the route.
    Paced,
    /// It stands still.
    Held,
}

/// A lane as it runs in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneActivity {
    /// Its route.
    pub route_id: RouteId,
    /// What it does.
    pub phase: LanePhase,
    /// Why mail waits, in words; empty when that follows from the phase.
    pub why: String,
    /// Connections open now.
    pub connections: u32,
    /// Messages on their way or being written down.
    pub in_flight: u32,
}

/// The running queue.
pub trait QueueControl: Send + Sync {
    /// The route, its hold, or messages of its lane were changed in the store: look again. Must
    /// not block.
    fn wake(&self, route: RouteId);

    /// The route is gone, and nothing waits for it: let go of its lane. Must not block.
    fn forget(&self, route: RouteId);

    /// What the lanes do.
    fn lanes(&self) -> Vec<LaneActivity>;

    /// The messages that are being handed over at this moment, or whose settlement is being
    /// written.
    fn under_way(&self) -> Vec<MessageId>;
}

/// Takes mail that relayd itself writes.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Queues it; when this returns `Ok` it is safe on disk. The error is for the log.
    async fn send(&self, message: NewMessage) -> Result<(), String>;
}

/// A mail to try the way with, as a system would send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSubmission {
    /// The relay user.
    pub username: String,
    /// The address of the system.
    pub client: IpAddr,
    /// MAIL FROM and From.
    pub sender: Address,
    /// RCPT TO and To.
    pub recipient: Address,
    /// One line.
    pub subject: String,
    /// Who asked for it, for the history.
    pub by: String,
}

/// A mail that nobody sends: what would the door say to it?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailQuestion {
    /// Whose relay users and systems are spoken of. Of those of others nothing is told.
    pub account: AccountId,
    /// Its name, for remedies.
    pub account_name: String,
    /// Whether bans of addresses may be told that are no systems of the account.
    pub knows_bans: bool,
    /// The relay user that signs in; by address alone without one.
    pub username: Option<String>,
    /// Where the device connects from.
    pub client: IpAddr,
    /// The listener; one that fits when not given.
    pub listener: Option<String>,
    /// Whether the device encrypts; as the listener does when not given.
    pub encrypts: Option<bool>,
    /// MAIL FROM, as it stands between the brackets. Empty for none.
    pub sender: String,
    /// The text of the header From; `None` for a mail without one.
    pub from: Option<String>,
    /// RCPT TO, each as it stands between the brackets.
    pub recipients: Vec<String>,
    /// Bytes of the mail; a small one when not given.
    pub size: Option<u64>,
}

/// What came of one thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepVerdict {
    /// It is right.
    Ok,
    /// The mail is taken; but it waits, or is changed.
    Warning,
    /// It is refused.
    Refused,
    /// It cannot be judged while an earlier one is refused, or is not to be told.
    Skipped,
}

/// One thing that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedStep {
    /// What it is about.
    pub name: &'static str,
    /// When a device meets it: `connect`, `AUTH`, `MAIL`, `RCPT`, `DATA` or `queue`.
    pub stage: &'static str,
    /// What came of it.
    pub verdict: StepVerdict,
    /// What was found.
    pub detail: String,
    /// Why it is not right.
    pub reason: Option<Reason>,
    /// What mends it; empty when nothing has to be.
    pub remedy: String,
    /// What the device is told; `None` when it is not refused.
    pub reply: Option<String>,
}

/// What the door would say to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The listener that was looked at.
    pub listener: String,
    /// Whether the connection would be encrypted.
    pub is_encrypted: bool,
    /// The relay user, where one is known.
    pub username: Option<String>,
    /// The system, where one is known.
    pub system: Option<String>,
    /// The way that it would go.
    pub route: Option<RouteId>,
    /// The reverse path that it would go with.
    pub sender: Option<ReversePath>,
    /// What was looked at, in the order in which a device meets it.
    pub steps: Vec<ExplainedStep>,
}

/// The door, for mail that tries it.
#[async_trait]
pub trait TestDoor: Send + Sync {
    /// Submits it by the rules and limits that devices meet; it is safe on disk when this succeeds.
    async fn submit(&self, test: TestSubmission) -> Result<MessageId, Refusal>;

    /// Says what would come of a mail by the same rules. Nothing is sent, counted or written down.
    /// Refused is a question that cannot be answered.
    async fn explain(&self, question: MailQuestion) -> Result<Explained, Refusal>;
}

/// What DNS says of the TXT records of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxtLookup {
    /// The texts; none where DNS says that there are none. The error is why nobody could tell.
    pub found: Result<Vec<String>, String>,
    /// Who was asked, as a name or an address.
    pub asked: Vec<String>,
}

/// Asks DNS. Bounded by deadlines of its own.
#[async_trait]
pub trait DomainLookup: Send + Sync {
    /// The TXT records of a name as the servers of its zone have them at this moment.
    async fn last_word(&self, name: &str) -> TxtLookup;

    /// The same as resolvers know it, which may be some hours old.
    async fn texts(&self, name: &str) -> TxtLookup;
}
