//! The audit log: who changed what, and who asked for it.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::AnyRow;

use super::{
    AuditHash, Store, StoreError,
    audit_chain::{number, read_hash},
    change::Part,
    condition::Statement,
    idempotency::RequestKey,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::AccountId;

/// A page ends with the entry that makes it longer.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// Who asks for changes, and how. A store that acts on behalf of it writes an entry with each
/// change.
#[derive(Debug)]
pub struct Origin {
    /// When it was asked for.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// From where.
    pub source: String,
    /// Whose objects it is about, as far as the request says.
    pub account: Option<AccountId>,
    /// Name of the operation.
    pub action: &'static str,
    /// Path of the request.
    pub object: String,
    /// Identifier of the request, which also stands in the log.
    pub request_id: String,
    /// The key by which the request may be repeated.
    pub key: Option<RequestKey>,
    /// The request itself as JSON without secrets; empty when there is nothing in it.
    pub request: String,
    is_recorded: AtomicBool,
}

impl Origin {
    /// An origin that has left no entry yet. `request` holds no secrets.
    pub fn new(at: Timestamp, actor: String, source: String, action: &'static str) -> Self {
        Self {
            at,
            actor,
            source,
            account: None,
            action,
            object: String::new(),
            request_id: String::new(),
            key: None,
            request: String::new(),
            is_recorded: AtomicBool::new(false),
        }
    }

    /// An entry of it was committed.
    pub(super) fn note_recorded(&self) {
        self.is_recorded.store(true, Ordering::Release);
    }

    fn is_recorded(&self) -> bool {
        self.is_recorded.load(Ordering::Acquire)
    }
}

/// An entry in the making.
pub(super) struct Entry<'o> {
    pub(super) origin: &'o Origin,
    /// Its name, where it is one of several of the same request.
    pub(super) part: Option<Part>,
    pub(super) account: Option<AccountId>,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// An entry as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number: 1, 2, 3 …
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// From where.
    pub source: String,
    /// Name of the account, where it is about one that exists.
    pub account: Option<String>,
    /// Name of the operation.
    pub action: String,
    /// Path of the request.
    pub object: String,
    /// Identifier of the request.
    pub request_id: String,
    /// The request as JSON without secrets; empty when there was nothing in it.
    pub request: String,
    /// The object before, as JSON; empty when there was none.
    pub before: String,
    /// The object after, as JSON; empty when there was none.
    pub after: String,
    /// Hash of the chain up to and with this entry.
    pub hash: AuditHash,
}

impl AuditEntry {
    /// Bytes of its texts.
    fn length(&self) -> usize {
        let texts = [
            &self.actor,
            &self.source,
            &self.object,
            &self.request,
            &self.before,
            &self.after,
        ];
        texts.iter().map(|text| text.len()).sum()
    }
}

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// About this account.
    pub account: Option<AccountId>,
    /// By this actor: as it stands in the entry, its last word, or the e-mail of an owner.
    pub actor: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// Whether older ones follow.
    pub has_more: bool,
}

impl Store {
    /// The same store; what is changed through it goes down in the audit log, asked for by
    /// `origin`.
    #[must_use]
    pub fn on_behalf_of(&self, origin: std::sync::Arc<Origin>) -> Self {
        Self {
            origin: Some(origin),
            ..self.clone()
        }
    }

    /// Who asks for what is changed; empty where relayd acts by itself.
    pub(super) fn actor(&self) -> &str {
        self.origin.as_deref().map_or("", |origin| &origin.actor)
    }

    /// Writes an entry for a request that was done and left none, since it changed nothing in the
    /// store.
    pub async fn record_unchanged(&self) -> Result<(), StoreError> {
        let Some(origin) = self.origin.as_deref() else {
            return Ok(());
        };
        if origin.is_recorded() {
            return Ok(());
        }
        self.act(Topic::Messages).await?.commit().await
    }

    /// At most `limit` entries before the one numbered `before`, newest first; fewer when they are
    /// long.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<AuditPage, StoreError> {
        let mut statement = Statement::new(
            "SELECT x.*, COALESCE(a.name, '') AS account FROM audit x
             LEFT JOIN accounts a ON a.id = x.account_id WHERE x.id > 0",
        );
        statement
            .and(
                "x.account_id = ?",
                filter.account.as_ref().map(AccountId::as_bytes),
            )
            .and(
                "(x.actor = ? OR substr(x.actor, length(x.actor) - length(?)) = ' ' || ?
                  OR substr(x.actor, length(x.actor) - length(?) - 1) = '(' || ? || ')')",
                filter.actor.as_deref(),
            )
            .and("x.at >= ?", filter.since.map(micros))
            .and("x.at < ?", filter.until.map(micros))
            .and("x.id < ?", before.map(number))
            .with(" ORDER BY x.id DESC LIMIT ?", i64::from(limit) + 1);
        let mut rows = statement.fetch(self.reads());
        let mut page = AuditPage {
            entries: Vec::new(),
            has_more: false,
        };
        let mut bytes = 0;
        while let Some(row) = rows.try_next().await? {
            if bytes > PAGE_BYTES || page.entries.len() >= limit as usize {
                page.has_more = true;
                break;
            }
            let entry = read_entry(&row);
            bytes += entry.length();
            page.entries.push(entry);
        }
        Ok(page)
    }
}

/// What of an entry cannot be read, since somebody damaged it, is shown as that: the others are
/// to be seen all the same, and the check of the chain names it.
fn read_entry(row: &AnyRow) -> AuditEntry {
    const DAMAGED: &str = "(damaged)";
    let record = Record::new("audit", row);
    let text = |column| record.text(column).unwrap_or(DAMAGED).to_owned();
    AuditEntry {
        id: record.number("id").unwrap_or_default(),
        at: record.time("at").unwrap_or(Timestamp::UNIX_EPOCH),
        actor: text("actor"),
        source: text("source"),
        account: record.parse_optional("account").unwrap_or_default(),
        action: text("action"),
        object: text("object"),
        request_id: text("request_id"),
        request: text("request"),
        before: text("state_before"),
        after: text("state_after"),
        hash: read_hash(&record, "hash").unwrap_or_default(),
    }
}
