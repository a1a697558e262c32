//! The durable side of the queue as it is in production: the store to read, the journal to write.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::{
    Journal,
    ledger::{Bounces, Ledger, Unanswered},
};
use crate::{
    clock::SharedClock,
    model::{
        AccountId, AccountState, Hold, IdSource, MessageId, Notification, Route, RouteId,
        RouteRole, SenderHold, SystemId,
    },
    store::{Backlog, Due, Rerouting, Room, Settlement, Store, StoreError, UnknownReply},
};

pub(super) struct Durable {
    pub(super) store: Store,
    pub(super) journal: Journal,
    pub(super) clock: SharedClock,
    pub(super) ids: Arc<IdSource>,
}

impl Durable {
    /// The store, which writes beside a change of this lane what is to be told of it.
    async fn telling(
        &self,
        id: RouteId,
        note: impl FnOnce(AccountId) -> Notification + Send,
    ) -> Result<Store, StoreError> {
        let account = self.store.account_of_route(id).await?;
        Ok(match account {
            Some(account) => self.store.noting(note(account)),
            None => self.store.clone(),
        })
    }

    /// The same for the end of a hold: the lane goes on.
    async fn releasing(&self, id: RouteId) -> Result<Store, StoreError> {
        let now = self.clock.now();
        let note = |account| Notification::of_release(&self.ids, now, account, id);
        self.telling(id, note).await
    }
}

impl From<StoreError> for Unanswered {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

#[async_trait]
impl Ledger for Durable {
    async fn due(&self, route: RouteId, room: Room) -> Result<Due, Unanswered> {
        Ok(self
            .store
            .due_shares(route, &room, self.clock.now())
            .await?)
    }

    async fn high_systems(&self, account: AccountId) -> Result<Vec<SystemId>, Unanswered> {
        Ok(self.store.high_systems(account).await?)
    }

    async fn next_due(&self) -> Result<Vec<(RouteId, Timestamp)>, Unanswered> {
        Ok(self.store.next_due().await?)
    }

    async fn backlogs(&self) -> Result<Vec<Backlog>, Unanswered> {
        Ok(self.store.backlogs().await?)
    }

    async fn body_chunk(&self, id: MessageId, position: u32) -> Result<Option<Bytes>, Unanswered> {
        Ok(self.store.body_chunk(id, position).await?)
    }

    async fn route(&self, id: RouteId) -> Result<Option<Route>, Unanswered> {
        Ok(self.store.route(id).await?)
    }

    async fn account_state(&self, id: AccountId) -> Result<Option<AccountState>, Unanswered> {
        let account = self.store.account(id).await?;
        Ok(account.map(|account| account.state))
    }

    async fn hold(&self, id: RouteId) -> Result<Option<Hold>, Unanswered> {
        Ok(self.store.hold(id).await?)
    }

    async fn set_hold(&self, id: RouteId, hold: &Hold) -> Result<(), Unanswered> {
        let note = |account| Notification::of_hold(&self.ids, account, id, hold);
        Ok(self.telling(id, note).await?.set_hold(id, hold).await?)
    }

    async fn clear_hold(&self, id: RouteId) -> Result<(), Unanswered> {
        Ok(self.releasing(id).await?.clear_hold(id).await?)
    }

    async fn lift_hold(&self, id: RouteId, hold: &Hold) -> Result<bool, Unanswered> {
        Ok(self.releasing(id).await?.lift_hold(id, hold).await?)
    }

    async fn sender_holds(&self, id: RouteId) -> Result<Vec<SenderHold>, Unanswered> {
        Ok(self.store.sender_holds(id, self.clock.now()).await?)
    }

    async fn hold_sender(&self, id: RouteId, hold: &SenderHold) -> Result<(), Unanswered> {
        let store = match self.store.account_of_route(id).await? {
            Some(account) => {
                let note = Notification::of_sender_hold(&self.ids, account, id, hold);
                self.store.noting(note)
            }
            None => self.store.clone(),
        };
        Ok(store.hold_sender(id, hold).await?)
    }

    async fn lift_sender_hold(&self, id: RouteId, hold: &SenderHold) -> Result<bool, Unanswered> {
        Ok(self.store.lift_sender_hold(id, hold).await?)
    }

    async fn release_mail(&self, id: RouteId) -> Result<(), Unanswered> {
        Ok(self.store.release_mail(id).await?)
    }

    async fn fallback(&self, account: AccountId) -> Result<Option<(RouteId, String)>, Unanswered> {
        let found = self.store.route_in(account, RouteRole::Fallback).await?;
        let Some(route) = found.filter(|route| route.checked_at.is_some()) else {
            return Ok(None);
        };
        let is_held = self.store.hold(route.id).await?.is_some();
        let name = if route.server.is_empty() {
            route.kind.to_string()
        } else {
            route.server
        };
        Ok((!is_held).then_some((route.id, name)))
    }

    async fn bounces(&self, account: AccountId) -> Result<Option<Bounces>, Unanswered> {
        let account = self.store.account(account).await?;
        Ok(account.map(|account| Bounces {
            to: account.bounces_to,
            contact: account.contact.email,
        }))
    }

    async fn reroute(&self, rerouting: Rerouting) -> Result<usize, Unanswered> {
        Ok(self.store.reroute(&rerouting).await?)
    }

    fn note_unknown(&self, reply: UnknownReply) {
        self.journal.record_unknown_reply(reply);
    }

    async fn recipients_handed_over(
        &self,
        route: RouteId,
        since: Timestamp,
    ) -> Result<u64, Unanswered> {
        Ok(self.store.recipients_handed_over(route, since).await?)
    }

    async fn settle(&self, settlement: Settlement) -> Result<(), Unanswered> {
        let id = settlement.message_id;
        match self.journal.settle(settlement).await {
            Err(StoreError::NotFound) => {
                // Taken out by a person while it was on its way: nothing is left to write.
                tracing::warn!(queue_id = %id, "a message vanished before its settlement");
                Ok(())
            }
            result => Ok(result?),
        }
    }
}
