//! A message between the moment its lane gave it out and the commit of its settlement.

use std::sync::Arc;

use super::context::{Context, LaneHandle};
use crate::{model::MessageId, store::QueuedMessage};

/// Brings the message back to its lane if the task that has it ends without settling it, as by a
/// panic: else it would be in flight until a restart.
pub(super) struct Underway {
    handle: Arc<LaneHandle>,
    context: Arc<Context>,
    id: MessageId,
    recipients: usize,
    is_settled: bool,
}

impl Underway {
    pub(super) fn new(
        handle: &Arc<LaneHandle>,
        context: &Arc<Context>,
        message: &QueuedMessage,
    ) -> Self {
        Self {
            handle: Arc::clone(handle),
            context: Arc::clone(context),
            id: message.id,
            recipients: message.envelope.recipients.len(),
            is_settled: false,
        }
    }

    /// The lane was told what came of it.
    pub(super) fn settled(mut self) {
        self.is_settled = true;
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        let (now, random) = (self.context.now(), (self.context.random)());
        let mut lane = self.handle.lock();
        lane.settled(self.id, self.recipients, 0, Some(now.wall));
        // A delivery that was cut off by a shutdown is found in the store by the next start.
        if !lane.is_draining() {
            tracing::error!(queue_id = %self.id, "a delivery ended in the middle; it is repeated");
            // Not at once: what went wrong may go wrong again.
            let why = "a delivery ended in the middle".to_owned();
            lane.unreachable(why, &self.context.settings, random, now);
        }
        drop(lane);
        self.handle.keeper.notify_one();
    }
}
