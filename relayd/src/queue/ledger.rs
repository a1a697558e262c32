//! What lanes need of store and journal; narrow, so that lanes are tested in memory.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use crate::{
    model::{
        AccountId, AccountState, Address, BouncesTo, Hold, MessageId, Route, RouteId, SenderHold,
        SystemId,
    },
    store::{Backlog, Due, Rerouting, Room, Settlement, UnknownReply},
};

/// Who is told that mail failed or is late.
#[derive(Debug, Clone)]
pub(crate) struct Bounces {
    pub(crate) to: BouncesTo,
    /// Of the account.
    pub(crate) contact: Address,
}

/// The store did not answer. Whatever it was, it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unanswered(pub(crate) String);

/// The durable side of the queue.
#[async_trait]
pub(crate) trait Ledger: Send + Sync + 'static {
    /// Queued messages of a route that are due, a share for each relay user and system.
    async fn due(&self, route: RouteId, room: Room) -> Result<Due, Unanswered>;
    /// The systems of an account whose mail goes first.
    async fn high_systems(&self, account: AccountId) -> Result<Vec<SystemId>, Unanswered>;
    /// When every route with queued messages is next due.
    async fn next_due(&self) -> Result<Vec<(RouteId, Timestamp)>, Unanswered>;
    /// What waits for every route with queued messages.
    async fn backlogs(&self) -> Result<Vec<Backlog>, Unanswered>;
    /// One piece of a body.
    async fn body_chunk(&self, id: MessageId, position: u32) -> Result<Option<Bytes>, Unanswered>;
    /// A route with its secrets opened.
    async fn route(&self, id: RouteId) -> Result<Option<Route>, Unanswered>;
    /// The state of the account that a route belongs to.
    async fn account_state(&self, id: AccountId) -> Result<Option<AccountState>, Unanswered>;
    /// Why a lane stands still.
    async fn hold(&self, id: RouteId) -> Result<Option<Hold>, Unanswered>;
    /// Makes a lane stand still.
    async fn set_hold(&self, id: RouteId, hold: &Hold) -> Result<(), Unanswered>;
    /// Lets a lane go on.
    async fn clear_hold(&self, id: RouteId) -> Result<(), Unanswered>;
    /// Takes back this very hold, and no other. Tells whether it stood.
    async fn lift_hold(&self, id: RouteId, hold: &Hold) -> Result<bool, Unanswered>;
    /// The senders whose mail waits in a lane.
    async fn sender_holds(&self, id: RouteId) -> Result<Vec<SenderHold>, Unanswered>;
    /// Lets the mail of a sender wait.
    async fn hold_sender(&self, id: RouteId, hold: &SenderHold) -> Result<(), Unanswered>;
    /// Takes back this very hold of a sender. Tells whether it stood.
    async fn lift_sender_hold(&self, id: RouteId, hold: &SenderHold) -> Result<bool, Unanswered>;
    /// Makes the mail of senders due that were let go on since the last time.
    async fn release_mail(&self, id: RouteId) -> Result<(), Unanswered>;
    /// The second route of an account, with the name of its server, if it can take mail: checked,
    /// and not held.
    async fn fallback(&self, account: AccountId) -> Result<Option<(RouteId, String)>, Unanswered>;
    /// Who is told what becomes of the mail of an account, and the address of its contact.
    async fn bounces(&self, account: AccountId) -> Result<Option<Bounces>, Unanswered>;
    /// Moves messages to another route. Gives how many.
    async fn reroute(&self, rerouting: Rerouting) -> Result<usize, Unanswered>;
    /// Lists a reply that nobody has judged yet. Never blocks; in a rush some are lost.
    fn note_unknown(&self, reply: UnknownReply);
    /// Delivered recipients of a route since then.
    async fn recipients_handed_over(
        &self,
        route: RouteId,
        since: Timestamp,
    ) -> Result<u64, Unanswered>;
    /// Writes what came of an attempt, with the notices that are called for; returns when it is
    /// committed. Harmless when it was written before.
    async fn settle(&self, settlement: Settlement) -> Result<(), Unanswered>;
}
