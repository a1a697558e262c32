//! The body of one message on its way out: from memory while it is fresh, else from the store.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::ledger::Ledger;
use crate::{
    model::MessageId,
    upstream::{BodySource, BodyUnavailable},
};

pub(super) struct StoredBody {
    ledger: Arc<dyn Ledger>,
    id: MessageId,
    memory: Option<Bytes>,
    position: u32,
    size: u64,
    given: u64,
    is_missing: bool,
}

impl StoredBody {
    pub(super) fn new(
        ledger: Arc<dyn Ledger>,
        id: MessageId,
        size: u64,
        memory: Option<Bytes>,
    ) -> Self {
        Self {
            ledger,
            id,
            memory,
            position: 0,
            size,
            given: 0,
            is_missing: false,
        }
    }

    /// Whether the other side has seen any of it.
    pub(super) fn has_begun(&self) -> bool {
        self.given > 0
    }

    /// Whether the store answered that there is no such body: trying again will not help.
    pub(super) fn is_missing(&self) -> bool {
        self.is_missing
    }
}

#[async_trait]
impl BodySource for StoredBody {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyUnavailable> {
        if self.given >= self.size {
            return Ok(None);
        }
        let piece = if let Some(body) = self.memory.take() {
            body
        } else {
            let found = self.ledger.body_chunk(self.id, self.position).await;
            let found = found.map_err(|error| BodyUnavailable(error.to_string()))?;
            let Some(piece) = found.filter(|piece| !piece.is_empty()) else {
                self.is_missing = true;
                return Err(BodyUnavailable(format!(
                    "piece {} is missing in the store",
                    self.position
                )));
            };
            self.position += 1;
            piece
        };
        self.given += piece.len() as u64;
        Ok(Some(piece))
    }
}
