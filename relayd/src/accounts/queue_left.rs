//! What nobody can call back of messages that are cancelled: what had left, and what is on its way.

use std::collections::HashSet;

use super::{Accounts, AdminError};
use crate::{
    model::MessageId,
    store::{LogFilter, PartlyLeft},
};

/// Messages that are told of one by one.
const MOST_DETAILS: usize = 100;

/// What had left of messages before they were cancelled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlreadyLeft {
    /// Messages handed over for at least one recipient.
    pub messages: u64,
    /// Those recipients.
    pub recipients: u64,
    /// The first hundred of these messages.
    pub details: Vec<PartlyLeft>,
    /// Messages on their way at this moment.
    pub in_flight: Vec<MessageId>,
}

impl AlreadyLeft {
    /// Counts more of them in.
    pub(super) fn add(&mut self, more: Vec<PartlyLeft>) {
        for it in more {
            self.messages += 1;
            self.recipients += it.delivered;
            if self.details.len() < MOST_DETAILS {
                self.details.push(it);
            }
        }
    }
}

impl Accounts {
    /// Those of the messages that are on their way. Asked after a change of their state was
    /// committed, it misses none: what is settled by then is in the store.
    pub(super) fn under_way_of(&self, ids: &[MessageId]) -> Vec<MessageId> {
        let under_way: HashSet<_> = self.queue.under_way().into_iter().collect();
        let is_under_way = |id: &MessageId| under_way.contains(id);
        ids.iter().copied().filter(is_under_way).collect()
    }

    /// What could not be called back if the messages that the filter names were cancelled now.
    pub(super) async fn would_have_left(
        &self,
        filter: &LogFilter,
    ) -> Result<AlreadyLeft, AdminError> {
        let most = u32::try_from(MOST_DETAILS).unwrap_or(u32::MAX);
        let under_way = self.queue.under_way();
        let count = self.store.count_left(filter).await?;
        Ok(AlreadyLeft {
            messages: count.messages,
            recipients: count.recipients,
            details: self.store.partly_left(filter, most).await?,
            in_flight: self.store.named_among(filter, &under_way).await?,
        })
    }
}
