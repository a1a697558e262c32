//! The end of an account: no mail from that moment on, its queue goes out or is cancelled, then its
//! secrets are wiped. Every step can be repeated: what a crash leaves behind is taken up by
//! [`Accounts::finish_closings`], which housekeeping calls again and again.

use std::sync::Arc;

use super::{AccountOverview, Accounts, AdminError, account::does_not_fit};
use crate::{
    model::{Account, AccountState, Occasion, Route, RouteRole},
    store::{Origin, QueueAction, StoreError},
};

/// Messages cancelled in one transaction; the journal waits no longer than this takes.
const PIECE: u32 = 200;

/// What becomes of the queue of an account that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueEnd {
    /// It goes out, for as long as mail may wait at all; what is left then is cancelled.
    Drain,
    /// It is cancelled at once.
    Cancel,
}

impl Accounts {
    /// Closes an account for good. It is `closing` until its queue is empty and nothing is on its
    /// way any more, then `closed`. Asked again it goes on; a queue that goes out can still be
    /// cancelled, and never gets more time.
    pub async fn close_account(
        &self,
        key: &str,
        end: QueueEnd,
    ) -> Result<AccountOverview, AdminError> {
        let account = self.find_account(key).await?;
        if account.state == AccountState::Closed {
            return Err(does_not_fit(&account));
        }
        let is_new = account.state != AccountState::Closing;
        if is_new || end == QueueEnd::Cancel {
            let now = self.clock.now();
            let until = match end {
                QueueEnd::Drain => now + self.settings.drain,
                QueueEnd::Cancel => now,
            };
            self.store
                .begin_closing(&account, until, now)
                .await
                .map_err(AdminError::on_update)?;
            tracing::info!(account = %account.name, drain_until = %until, "account is being closed");
            if let Some(route) = self.store.route_of(account.id).await? {
                self.queue.wake(route.id);
            }
        }
        let account = self.find_account(&account.name).await?;
        self.finish_closing(&account).await?;
        self.show_account(&account.name).await
    }

    /// Goes on with all accounts that are being closed; one that makes trouble does not keep the
    /// others. How many were closed.
    pub async fn finish_closings(&self) -> Result<u64, StoreError> {
        let mut closed = 0;
        for account in self.store.closing_accounts().await? {
            let (actor, source) = ("relayd".to_owned(), "housekeeping".to_owned());
            let mut origin = Origin::new(self.clock.now(), actor, source, "FinishClosing");
            origin.object = format!("/v1/accounts/{}", account.name);
            origin.account = Some(account.id);
            let noted = Self {
                store: self.store.on_behalf_of(Arc::new(origin)),
                ..self.clone()
            };
            match noted.finish_closing(&account).await {
                Ok(is_closed) => closed += u64::from(is_closed),
                Err(error) => {
                    tracing::warn!(account = %account.name, %error, "the account is not closed yet");
                }
            }
        }
        Ok(closed)
    }

    /// Whether the account is closed now.
    async fn finish_closing(&self, account: &Account) -> Result<bool, AdminError> {
        let now = self.clock.now();
        let route = self.store.route_of(account.id).await?;
        let fallback = self.store.route_in(account.id, RouteRole::Fallback);
        let fallback = fallback.await?;
        if let Some(route) = &route {
            if account.drain_until.is_none_or(|until| until <= now) {
                self.cancel_queue(route).await?;
            }
            // What comes of a mail on its way may be a notice to its sender.
            let is_here = |lane: &super::LaneActivity| lane.route_id == route.id;
            let lanes = self.queue.lanes().into_iter();
            if lanes.filter(is_here).any(|lane| lane.in_flight > 0) {
                return Ok(false);
            }
        }
        let noting = self.noting(account, Some(Occasion::AccountClosed {}));
        if !noting.finish_closing(account.id, now).await? {
            return Ok(false);
        }
        for route in [route, fallback].into_iter().flatten() {
            self.queue.forget(route.id);
        }
        tracing::info!(account = %account.name, "account closed");
        Ok(true)
    }

    async fn cancel_queue(&self, route: &Route) -> Result<(), AdminError> {
        loop {
            let waiting = self.store.waiting_messages(route.id, PIECE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let now = self.clock.now();
            let why = "the account was closed";
            let done = self
                .store
                .act_on_messages(&waiting, QueueAction::Cancel, why, now)
                .await?;
            self.queue.wake(route.id);
            if done.is_empty() {
                // All of them were settled meanwhile.
                return Ok(());
            }
        }
    }
}
