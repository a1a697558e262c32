//! What became of each message, and what was refused.

use super::{Accounts, AdminError, Listing, NextStep, Scope};
use crate::{
    model::{AccountId, Event, MessageId, MessageState},
    store::{
        LogEntry, LogFilter, Order, RecipientStanding, RejectEntry, RejectFilter, UnknownReply,
    },
};

/// Traces of one answer: a Message-ID that names more is no key.
const MAX_TRACES: u32 = 10;

/// By what a message was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// Its queue id.
    QueueId,
    /// The beginning of its queue id.
    QueueIdPrefix,
    /// Its Message-ID.
    MessageId,
    /// A piece of a reply of the other side.
    Reply,
}

impl FoundBy {
    /// What the store must have gone by: it takes the first kind of key that finds anything.
    fn of(key: &str, message: &LogEntry) -> Self {
        let id = message.id.to_string();
        let key = key.trim();
        if id.eq_ignore_ascii_case(key) {
            Self::QueueId
        } else if id.starts_with(&key.to_ascii_lowercase()) {
            Self::QueueIdPrefix
        } else if bare(&message.header_id) == bare(key) {
            Self::MessageId
        } else {
            Self::Reply
        }
    }
}

/// A Message-ID without its angle brackets.
fn bare(id: &str) -> &str {
    id.trim_start_matches('<').trim_end_matches('>')
}

/// Everything about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The message.
    pub message: LogEntry,
    /// Its recipients.
    pub recipients: Vec<RecipientStanding>,
    /// Its history, oldest first.
    pub events: Vec<Event>,
    /// What it waits for, in words, when it is queued.
    pub waiting_for: Option<String>,
    /// What happens next; nothing once it is done with.
    pub next: Option<NextStep>,
    /// By what it was found.
    pub found_by: FoundBy,
}

impl Accounts {
    /// The messages that the filter names. Newest first, a page may hold less than it could, and
    /// tell where to go on: nobody waits long for what is rare.
    pub async fn search_log(
        &self,
        filter: &LogFilter,
        order: Order,
        limit: u32,
    ) -> Result<Listing<LogEntry, MessageId>, AdminError> {
        if let Order::NewestFirst(behind) = order {
            let (items, next) = self.store.search_page(filter, behind, limit).await?;
            return Ok(Listing { items, next });
        }
        let entries = self.store.search_messages(filter, order, limit + 1).await?;
        Ok(Listing::cut(entries, limit, |entry| entry.id))
    }

    /// The messages that a queue id or its beginning, a Message-ID or a piece of an upstream reply
    /// names, newest first; the first of these that finds any decides.
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
            let found_by = FoundBy::of(key, &message);
            traces.push(self.trace_of(message, found_by).await?);
        }
        Ok(traces)
    }

    /// The message of that queue id, if it is one the caller may see.
    pub async fn show_message(&self, scope: &Scope, id: &str) -> Result<Trace, AdminError> {
        let nothing = || AdminError::not_found("message", id);
        let id: MessageId = id.parse().map_err(|_| nothing())?;
        let account = self.account_filter(scope, None).await?;
        let key = id.to_string();
        let found = self.store.trace_messages(&key, account, 1).await?;
        let message = found.into_iter().find(|entry| entry.id == id);
        self.trace_of(message.ok_or_else(nothing)?, FoundBy::QueueId)
            .await
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

    /// Replies of other servers that nobody has judged yet, the latest first.
    pub async fn unknown_replies(&self) -> Result<Vec<UnknownReply>, AdminError> {
        Ok(self.store.unknown_replies().await?)
    }

    pub(super) async fn trace_of(
        &self,
        message: LogEntry,
        found_by: FoundBy,
    ) -> Result<Trace, AdminError> {
        let next = self.next_step(&message).await?;
        let is_queued = message.state == MessageState::Queued;
        Ok(Trace {
            waiting_for: next
                .as_ref()
                .filter(|_| is_queued)
                .map(|next| next.sentence.clone()),
            next,
            found_by,
            recipients: self.store.recipients_of(message.id).await?,
            events: self.store.events_of(message.id).await?,
            message,
        })
    }
}
