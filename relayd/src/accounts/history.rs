//! What became of each message, and what was refused.

use super::{Accounts, AdminError, Listing};
use crate::{
    model::{AccountId, Event, MessageId},
    store::{LogEntry, LogFilter, Order, RecipientStanding, RejectEntry, RejectFilter},
};

/// Traces of one answer: a Message-ID that names more is no key.
const MAX_TRACES: u32 = 10;

/// Everything about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The message.
    pub message: LogEntry,
    /// Its recipients.
    pub recipients: Vec<RecipientStanding>,
    /// Its history, oldest first.
    pub events: Vec<Event>,
}

impl Accounts {
    /// The messages that the filter names.
    pub async fn search_log(
        &self,
        filter: &LogFilter,
        order: Order,
        limit: u32,
    ) -> Result<Listing<LogEntry, MessageId>, AdminError> {
        let entries = self.store.search_messages(filter, order, limit + 1).await?;
        Ok(Listing::cut(entries, limit, |entry| entry.id))
    }

    /// The messages that a queue id, a Message-ID or a piece of an upstream reply names, newest
    /// first.
    pub async fn trace(
        &self,
        key: &str,
        account: Option<AccountId>,
    ) -> Result<Vec<Trace>, AdminError> {
        let key = key.trim();
        if key.len() < 4 {
            return Err(AdminError::not_found("message", key));
        }
        let found = self.store.trace_messages(key, account, MAX_TRACES).await?;
        if found.is_empty() {
            return Err(AdminError::not_found("message", key));
        }
        let mut traces = Vec::with_capacity(found.len());
        for message in found {
            traces.push(self.trace_of(message).await?);
        }
        Ok(traces)
    }

    /// The message of that queue id.
    pub async fn show_message(&self, id: &str) -> Result<Trace, AdminError> {
        let nothing = || AdminError::not_found("message", id);
        let id: MessageId = id.parse().map_err(|_| nothing())?;
        let found = self.store.trace_messages(&id.to_string(), None, 1).await?;
        let message = found.into_iter().find(|entry| entry.id == id);
        self.trace_of(message.ok_or_else(nothing)?).await
    }

    /// Refusals at the door, newest first.
    pub async fn list_rejects(
        &self,
        filter: &RejectFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Listing<RejectEntry, i64>, AdminError> {
        let rejects = self.store.search_rejects(filter, before, limit + 1).await?;
        Ok(Listing::cut(rejects, limit, |reject| reject.id))
    }

    async fn trace_of(&self, message: LogEntry) -> Result<Trace, AdminError> {
        Ok(Trace {
            recipients: self.store.recipients_of(message.id).await?,
            events: self.store.events_of(message.id).await?,
            message,
        })
    }
}
