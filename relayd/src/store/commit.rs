//! One batch of the journal: everything in it, or nothing, in one transaction.

use sqlx::AnyConnection;

use super::{
    BodyChunk, CredentialUse, NewMessage, RefusalRecord, Settlement, Store, StoreError,
    UnknownReply, accept, credentials, refused, rows::Rows, settle, tally::Tally, unknown_replies,
};
use crate::model::{MessageId, Refusal};

/// What one transaction of the journal writes.
#[derive(Debug, Default, Clone)]
pub(crate) struct Batch {
    /// Pieces of bodies ahead of their messages.
    pub(crate) chunks: Vec<BodyChunk>,
    /// Messages to accept, judged by their limits in this order.
    pub(crate) messages: Vec<NewMessage>,
    /// Outcomes of attempts.
    pub(crate) settlements: Vec<Settlement>,
    /// Refusals at the door.
    pub(crate) refusals: Vec<RefusalRecord>,
    /// Messages that will not come, whose pieces go.
    pub(crate) discards: Vec<MessageId>,
    /// Sign-ins by passwords.
    pub(crate) uses: Vec<CredentialUse>,
    /// Replies that no row knows.
    pub(crate) unknown: Vec<UnknownReply>,
}

impl Batch {
    /// Number of entries.
    pub(crate) fn len(&self) -> usize {
        self.chunks.len()
            + self.messages.len()
            + self.settlements.len()
            + self.refusals.len()
            + self.discards.len()
            + self.uses.len()
            + self.unknown.len()
    }

    /// Every entry as a batch of its own, in the order in which a batch is written.
    pub(crate) fn split(self) -> impl Iterator<Item = Self> {
        let chunks = self.chunks.into_iter().map(|chunk| Self {
            chunks: vec![chunk],
            ..Self::default()
        });
        let messages = self.messages.into_iter().map(|message| Self {
            messages: vec![message],
            ..Self::default()
        });
        let settlements = self.settlements.into_iter().map(|settlement| Self {
            settlements: vec![settlement],
            ..Self::default()
        });
        let refusals = self.refusals.into_iter().map(|refusal| Self {
            refusals: vec![refusal],
            ..Self::default()
        });
        let discards = self.discards.into_iter().map(|discard| Self {
            discards: vec![discard],
            ..Self::default()
        });
        let uses = self.uses.into_iter().map(|one| Self {
            uses: vec![one],
            ..Self::default()
        });
        let unknown = self.unknown.into_iter().map(|one| Self {
            unknown: vec![one],
            ..Self::default()
        });
        chunks
            .chain(messages)
            .chain(settlements)
            .chain(refusals)
            .chain(discards)
            .chain(uses)
            .chain(unknown)
    }
}

/// What came of a committed batch.
#[derive(Debug)]
pub(crate) struct BatchResult {
    /// One for each message, in order: accepted, or the limit that it would break.
    pub(crate) messages: Vec<Result<(), Refusal>>,
    /// The notices of the settlements that were accepted; the others were not called for.
    pub(crate) notices: Vec<MessageId>,
}

impl Store {
    /// Writes the batch and returns when it is on disk. After an error nothing of it is.
    pub(crate) async fn commit(&self, batch: &Batch) -> Result<BatchResult, StoreError> {
        let mut tx = self.begin_log().await?;
        let mut tally = Tally::default();

        let verdicts = accept::judge(&mut tx, self.engine(), &batch.messages).await?;
        let (mut accepted, mut gone) = (Vec::new(), batch.discards.clone());
        for (message, verdict) in batch.messages.iter().zip(&verdicts) {
            match verdict {
                Ok(()) => accepted.push(message),
                Err(_) if message.stored_chunks > 0 => gone.push(message.id),
                Err(_) => {}
            }
        }
        accept::write(&mut tx, &batch.chunks, &accepted).await?;
        for message in &accepted {
            tally.accept(message);
        }

        let notices = settle::apply(&mut tx, self.engine(), &batch.settlements, &mut tally).await?;
        // relayd itself sends these: they are no use that the relay user makes of its limits.
        accept::write(&mut tx, &[], &notices).await?;
        for notice in &notices {
            tally.accept_notice(notice);
        }
        for refusal in &batch.refusals {
            tally.refuse(refusal);
        }
        tally.write(&mut tx, self.domain_cap()).await?;
        credentials::write_uses(&mut tx, &batch.uses).await?;
        refused::write(&mut tx, &batch.refusals).await?;
        unknown_replies::write(&mut tx, &batch.unknown).await?;
        delete_orphans(&mut tx, &gone).await?;

        tx.commit().await?;
        self.logged();
        Ok(BatchResult {
            messages: verdicts,
            notices: notices.iter().map(|notice| notice.id).collect(),
        })
    }
}

/// Deletes the pieces of messages that were never accepted. The messages among the ids keep
/// theirs, whatever the caller believes.
pub(super) async fn delete_orphans(
    tx: &mut AnyConnection,
    ids: &[MessageId],
) -> Result<(), StoreError> {
    static DELETE: Rows = Rows::list(
        "DELETE FROM bodies WHERE message_id IN (",
        ") AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = bodies.message_id)",
    );
    DELETE
        .execute(tx, ids, |id, values| {
            values.bytes(id.as_bytes());
        })
        .await
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::{model::IdSource, store::SealKey};

    fn large_chunk(ids: &IdSource) -> Batch {
        let chunk = BodyChunk {
            message_id: MessageId::new(ids, Timestamp::UNIX_EPOCH),
            position: 0,
            bytes: Bytes::from(vec![b'x'; 100_000]),
        };
        Batch {
            chunks: vec![chunk],
            ..Batch::default()
        }
    }

    /// SQLite rolls back by itself when the disk is full, behind the back of sqlx.
    #[tokio::test]
    async fn a_full_disk_is_told_apart_and_the_store_goes_on_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::load_or_create(&folder.path().join("key")).unwrap();
        let url = format!("sqlite:{}", folder.path().join("relay.db").display());
        let store = Store::open(&url, key).await.unwrap();
        let set_room = async |pages: &'static str| {
            sqlx::query(pages)
                .execute(&store.shared.pools.writes)
                .await
                .unwrap();
        };
        let ids = IdSource::new();
        for _ in 0..2 {
            set_room("PRAGMA max_page_count = 200").await;
            store.commit(&large_chunk(&ids)).await.unwrap();
            let mut full = store.commit(&large_chunk(&ids)).await;
            while full.is_ok() {
                full = store.commit(&large_chunk(&ids)).await;
            }
            assert_eq!(full.unwrap_err(), StoreError::Full);
            set_room("PRAGMA max_page_count = 100000").await;
            store.commit(&large_chunk(&ids)).await.unwrap();
            let mut tx = store.begin().await.unwrap();
            sqlx::query("DELETE FROM bodies")
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            sqlx::query("VACUUM")
                .execute(&store.shared.pools.writes)
                .await
                .unwrap();
        }
    }
}
