//! The one writer on the mail path: takes what has queued up, writes it in one transaction,
//! fsyncs once, then answers everybody.
//!
//! There is no timer. While one batch is on its way to the disk the next one gathers, so batches
//! grow with the load and a lonely message does not wait.

use std::sync::Arc;

use metrics::{counter, histogram};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};

use super::condition::{Condition, worst};
use crate::{
    model::{MessageId, Reason, Refusal},
    store::{
        Batch, BatchResult, BodyChunk, CredentialUse, NewMessage, QueuedMessage, RefusalRecord,
        Settlement, Store, StoreError, UnknownReply,
    },
};

/// Entries of one batch, and as many again that wait for the next.
const BATCH: usize = 512;

/// Bytes of bodies in the batch on its way and the one that gathers; more have to wait.
const ROOM: usize = 32 * 1024 * 1024;

/// A body up to this size goes to the lane with its message and is not read back.
const BODY_AT_HAND: usize = 64 * 1024;

/// Hands freshly accepted messages to the lanes. Must not block; what it cannot take is found in
/// the store later.
pub type Accepted = dyn Fn(QueuedMessage) + Send + Sync;

/// Why a message was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// A limit of the relay user, or the disk is full; nothing was written.
    #[error("{0}")]
    Refused(Refusal),
    /// The store did not answer; nothing counts as accepted.
    #[error("the store is not available: {0}")]
    Unavailable(String),
}

impl From<StoreError> for AcceptError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Refused(Reason::DiskFull.into()),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// A way to the writer; clones lead to the same one.
#[derive(Debug, Clone)]
pub struct Journal {
    entries: mpsc::Sender<Entry>,
    room: Arc<Semaphore>,
    condition: Condition,
}

#[derive(Debug)]
struct Entry {
    work: Work,
    /// Its share of [`ROOM`], given back when it is written.
    room: Option<OwnedSemaphorePermit>,
}

type Answer<E> = oneshot::Sender<Result<(), E>>;

#[derive(Debug)]
enum Work {
    Accept(Box<NewMessage>, Answer<AcceptError>),
    Chunk(BodyChunk, Answer<AcceptError>),
    Settle(Box<Settlement>, Answer<StoreError>),
    Refusal(Box<RefusalRecord>),
    Discard(MessageId),
    Use(CredentialUse),
    Unknown(Box<UnknownReply>),
}

impl Journal {
    /// Starts the writer. Its task ends when every handle is dropped and all is written.
    pub fn start(store: Store, accepted: Arc<Accepted>) -> (Self, JoinHandle<()>) {
        let (entries, queue) = mpsc::channel(BATCH);
        let room = Arc::new(Semaphore::new(ROOM));
        let condition = Condition::default();
        let task = tokio::spawn(run(store, accepted, queue, condition.clone()));
        let journal = Self {
            entries,
            room,
            condition,
        };
        (journal, task)
    }

    /// Whether what comes now is likely to be written.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Accepts a message: when this returns `Ok` it is on disk, and the lanes know of it.
    pub async fn accept(&self, message: NewMessage) -> Result<(), AcceptError> {
        let bytes = message.tail.len();
        let (answer, answered) = oneshot::channel();
        let work = Work::Accept(Box::new(message), answer);
        self.submit(work, bytes, answered).await
    }

    /// Writes a piece of a body ahead of its message.
    pub async fn store_chunk(&self, chunk: BodyChunk) -> Result<(), AcceptError> {
        let bytes = chunk.bytes.len();
        let (answer, answered) = oneshot::channel();
        self.submit(Work::Chunk(chunk, answer), bytes, answered)
            .await
    }

    /// Drops the pieces of a message that will not be accepted. Never blocks; what it misses in a
    /// rush is swept later.
    pub fn discard(&self, id: MessageId) {
        let work = Work::Discard(id);
        // Full or ended: the sweep finds the pieces.
        let _ = self.entries.try_send(Entry { work, room: None });
    }

    /// Records what came of an attempt; returns when it is on disk, and the lanes know of the
    /// notices if there are any.
    pub async fn settle(&self, settlement: Settlement) -> Result<(), StoreError> {
        let notices = settlement.notices.iter();
        let bytes = notices.map(|notice| notice.mail.tail.len()).sum();
        let (answer, answered) = oneshot::channel();
        let work = Work::Settle(Box::new(settlement), answer);
        self.submit(work, bytes, answered).await
    }

    /// Records a refusal for the log. Never blocks; under a flood some are only counted.
    pub fn record_refusal(&self, refusal: RefusalRecord) {
        let work = Work::Refusal(Box::new(refusal));
        if self.entries.try_send(Entry { work, room: None }).is_err() {
            counter!("relayd_journal_dropped_refusals_total").increment(1);
        }
    }

    /// Records that a device signed in with a password. Never blocks; says whether there was room.
    pub fn record_use(&self, one: CredentialUse) -> bool {
        let work = Work::Use(one);
        self.entries.try_send(Entry { work, room: None }).is_ok()
    }

    /// Records a reply that no row of the table of replies knows. Never blocks; in a rush some are
    /// not counted.
    pub fn record_unknown_reply(&self, one: UnknownReply) {
        let work = Work::Unknown(Box::new(one));
        // Full or ended: it comes again, or is rare.
        let _ = self.entries.try_send(Entry { work, room: None });
    }

    async fn submit<E: From<StoreError>>(
        &self,
        work: Work,
        bytes: usize,
        answered: oneshot::Receiver<Result<(), E>>,
    ) -> Result<(), E> {
        let ended = || E::from(StoreError::Unavailable("the journal has ended".to_owned()));
        let share = u32::try_from(bytes.min(ROOM)).unwrap_or(u32::MAX);
        let room = match share {
            0 => None,
            share => {
                let room = Arc::clone(&self.room).acquire_many_owned(share).await;
                Some(room.map_err(|_| ended())?)
            }
        };
        let entry = Entry { work, room };
        self.entries.send(entry).await.map_err(|_| ended())?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }
}

async fn run(
    store: Store,
    accepted: Arc<Accepted>,
    mut queue: mpsc::Receiver<Entry>,
    condition: Condition,
) {
    let mut entries = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut entries, BATCH).await > 0 {
        let size = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        histogram!("relayd_journal_batch_size").record(f64::from(size));
        let began = Instant::now();
        condition.began();
        let result = Round::gather(entries.drain(..))
            .commit(&store, &*accepted)
            .await;
        condition.ended(&result);
        histogram!("relayd_journal_commit_seconds").record(began.elapsed().as_secs_f64());
    }
}

/// A batch with those who wait for it: one answer for each piece, message and settlement.
#[derive(Default)]
struct Round {
    batch: Batch,
    chunks: Vec<Answer<AcceptError>>,
    messages: Vec<Answer<AcceptError>>,
    settlements: Vec<Answer<StoreError>>,
    room: Vec<OwnedSemaphorePermit>,
}

impl Round {
    fn gather(entries: impl Iterator<Item = Entry>) -> Self {
        let mut round = Self::default();
        for entry in entries {
            round.room.extend(entry.room);
            match entry.work {
                Work::Accept(message, answer) => {
                    round.batch.messages.push(*message);
                    round.messages.push(answer);
                }
                Work::Chunk(chunk, answer) => {
                    round.batch.chunks.push(chunk);
                    round.chunks.push(answer);
                }
                Work::Settle(settlement, answer) => {
                    round.batch.settlements.push(*settlement);
                    round.settlements.push(answer);
                }
                Work::Refusal(refusal) => round.batch.refusals.push(*refusal),
                Work::Discard(id) => round.batch.discards.push(id),
                Work::Use(one) => round.batch.uses.push(one),
                Work::Unknown(one) => round.batch.unknown.push(*one),
            }
        }
        round
    }

    /// Answers everybody. An error is what the store has to say of itself.
    async fn commit(self, store: &Store, accepted: &Accepted) -> Result<(), StoreError> {
        match store.commit(&self.batch).await {
            Ok(result) => {
                self.answer(result, accepted);
                Ok(())
            }
            // Something in the batch cannot be stored. It must not take the others with it.
            Err(StoreError::Conflict(problem)) if self.batch.len() > 1 => {
                tracing::warn!(
                    problem,
                    "a journal entry cannot be stored; writing one by one"
                );
                let mut results = Vec::new();
                for round in self.split() {
                    results.push(round.commit_alone(store, accepted).await);
                }
                worst(results.into_iter())
            }
            Err(error) => {
                self.fail(&error);
                Err(error)
            }
        }
    }

    async fn commit_alone(self, store: &Store, accepted: &Accepted) -> Result<(), StoreError> {
        match store.commit(&self.batch).await {
            Ok(result) => {
                self.answer(result, accepted);
                Ok(())
            }
            Err(error) => {
                self.fail(&error);
                Err(error)
            }
        }
    }

    fn answer(self, result: BatchResult, accepted: &Accepted) {
        let messages = self.batch.messages.into_iter().zip(result.messages);
        for ((message, verdict), answer) in messages.zip(self.messages) {
            if verdict.is_ok() {
                accepted(queued(message));
            }
            // Whoever has gone needs no answer; its message is accepted all the same.
            let _ = answer.send(verdict.map_err(AcceptError::Refused));
        }
        let settlements = self.batch.settlements.into_iter();
        for notice in settlements.flat_map(|settlement| settlement.notices) {
            if result.notices.contains(&notice.mail.id) {
                accepted(queued(*notice.mail));
            }
        }
        for answer in self.chunks {
            let _ = answer.send(Ok(()));
        }
        for answer in self.settlements {
            let _ = answer.send(Ok(()));
        }
    }

    fn fail(self, error: &StoreError) {
        let waiting = self.messages.len() + self.chunks.len() + self.settlements.len();
        tracing::error!(%error, waiting, "a journal batch was not written");
        for answer in self.messages.into_iter().chain(self.chunks) {
            let _ = answer.send(Err(error.clone().into()));
        }
        for answer in self.settlements {
            let _ = answer.send(Err(error.clone()));
        }
    }

    /// Every entry as a round of its own, pieces of bodies first.
    fn split(self) -> impl Iterator<Item = Self> {
        let batches = self.batch.split();
        let mut chunks = self.chunks.into_iter();
        let mut messages = self.messages.into_iter();
        let mut settlements = self.settlements.into_iter();
        batches.map(move |batch| Self {
            chunks: chunks.by_ref().take(batch.chunks.len()).collect(),
            messages: messages.by_ref().take(batch.messages.len()).collect(),
            settlements: settlements.by_ref().take(batch.settlements.len()).collect(),
            batch,
            room: Vec::new(),
        })
    }
}

/// The message as its lane will take it; a small body goes along.
fn queued(message: NewMessage) -> QueuedMessage {
    let is_at_hand = message.stored_chunks == 0 && message.tail.len() <= BODY_AT_HAND;
    QueuedMessage {
        id: message.id,
        account_id: message.account_id,
        route_id: message.route_id,
        user_id: message.user_id,
        system_id: message.system_id,
        positions: (0..).take(message.envelope.recipients.len()).collect(),
        envelope: message.envelope,
        header_id: message.header_id,
        size: message.size,
        accepted_at: message.accepted_at,
        attempts: 0,
        due_at: message.accepted_at,
        delay_told: false,
        body: is_at_hand.then_some(message.tail),
    }
}
