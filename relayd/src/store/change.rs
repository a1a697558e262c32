//! A change of configuration, or of what a person may change beside it, with its entry in the
//! audit log: both are written, or neither.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use sqlx::{Any, AnyConnection, Transaction};

use super::{
    Store, StoreError,
    audit::{Entry, Origin},
    audit_chain,
    engine::Engine,
    idempotency, notifications,
    topic::Topic,
};
use crate::model::Notification;

/// A write transaction that says what it is about. Dropped without [`Change::commit`], it leaves
/// no trace.
pub(super) struct Change<'s> {
    tx: Transaction<'static, Any>,
    engine: Engine,
    /// Counts up with the commit, unless no cache has to know.
    generation: Option<&'s AtomicU64>,
    topic: Topic,
    audit: Option<Audit<'s>>,
    /// Entries of what was changed before in the same transaction, oldest first.
    told: Vec<Entry<'s>>,
    note: Option<&'s Notification>,
}

/// How one of several changes is named in the audit log: as the request that makes it alone.
#[derive(Debug)]
pub(super) struct Part {
    /// Name of the operation.
    pub(super) action: &'static str,
    /// Path of the request.
    pub(super) object: String,
}

struct Audit<'s> {
    origin: &'s Origin,
    part: Option<Part>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Store {
    /// Begins a change of configuration: all of it or nothing. Caches of it are thrown away.
    pub(super) async fn change(&self, topic: Topic) -> Result<Change<'_>, StoreError> {
        let tx = self.begin().await?;
        self.change_in(tx, topic).await
    }

    /// The same in a transaction that has locked what comes first.
    pub(super) async fn change_in(
        &self,
        tx: Transaction<'static, Any>,
        topic: Topic,
    ) -> Result<Change<'_>, StoreError> {
        self.begin_change(tx, topic, Some(&self.shared.generation))
            .await
    }

    /// Begins a change of something that is cached nowhere: mail, holds.
    pub(super) async fn act(&self, topic: Topic) -> Result<Change<'_>, StoreError> {
        let tx = self.begin().await?;
        self.act_in(tx, topic).await
    }

    /// The same in a transaction that has locked what comes first.
    pub(super) async fn act_in(
        &self,
        tx: Transaction<'static, Any>,
        topic: Topic,
    ) -> Result<Change<'_>, StoreError> {
        self.begin_change(tx, topic, None).await
    }

    async fn begin_change<'s>(
        &'s self,
        mut tx: Transaction<'static, Any>,
        topic: Topic,
        generation: Option<&'s AtomicU64>,
    ) -> Result<Change<'s>, StoreError> {
        let engine = self.engine();
        let audit = match self.origin.as_deref() {
            None => None,
            Some(origin) => Some(Audit {
                origin,
                part: None,
                before: topic.read(&mut tx, engine).await?,
                after: None,
            }),
        };
        Ok(Change {
            tx,
            engine,
            generation,
            topic,
            audit,
            told: Vec::new(),
            note: self.note.as_deref(),
        })
    }
}

impl<'s> Change<'s> {
    /// Where the statements of this change go.
    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }

    /// Goes on with another object, in the same transaction: all of them are changed, or none, and
    /// each has an entry of its own.
    pub(super) async fn turn_to(&mut self, topic: Topic, part: Part) -> Result<(), StoreError> {
        let finished = self.audit.take();
        let origin = finished.as_ref().map(|audit| audit.origin);
        if let Some(audit) = finished {
            let entry = self.entry_of(audit).await?;
            self.told.push(entry);
        }
        self.topic = topic;
        if let Some(origin) = origin {
            self.audit = Some(Audit {
                origin,
                part: Some(part),
                before: self.topic.read(&mut self.tx, self.engine).await?,
                after: None,
            });
        }
        Ok(())
    }

    /// Says what came of it, where that is not the state of one object.
    pub(super) fn tell(&mut self, outcome: impl FnOnce() -> Value) {
        if let Some(audit) = &mut self.audit {
            audit.after = Some(outcome());
        }
    }

    /// Nothing has changed after all that is worth telling.
    pub(super) fn keep_quiet(&mut self) {
        self.note = None;
    }

    /// Makes the change, its entry and its notification last, and tells the caches.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if let Some(note) = self.note {
            notifications::insert(&mut self.tx, note).await?;
        }
        let origin = match self.audit.take() {
            None => None,
            Some(audit) => Some(self.record(audit).await?),
        };
        self.tx.commit().await?;
        if let Some(generation) = self.generation {
            generation.fetch_add(1, Ordering::AcqRel);
        }
        if let Some(origin) = origin {
            origin.note_recorded();
        }
        Ok(())
    }

    /// What the audit log is to tell of the object at hand.
    async fn entry_of(&mut self, audit: Audit<'s>) -> Result<Entry<'s>, StoreError> {
        let after = match audit.after {
            Some(after) => Some(after),
            None => self.topic.read(&mut self.tx, self.engine).await?,
        };
        Ok(Entry {
            origin: audit.origin,
            part: audit.part,
            account: self.topic.account().or(audit.origin.account),
            before: audit.before,
            after,
        })
    }

    /// Last of all, since it makes all other writers of entries wait until the commit.
    async fn record(&mut self, audit: Audit<'s>) -> Result<&'s Origin, StoreError> {
        let origin = audit.origin;
        let last = self.entry_of(audit).await?;
        if let Some(key) = &origin.key {
            idempotency::mark_changed(&mut self.tx, key).await?;
        }
        let mut entries = std::mem::take(&mut self.told);
        entries.push(last);
        audit_chain::append(&mut self.tx, self.engine, &entries).await?;
        Ok(origin)
    }
}
