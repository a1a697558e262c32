//! The audit log: who changed what. Entries are chained, so that one that was altered, removed or
//! slipped in later is found: the hash of each covers all of its columns and the hash before it.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{
    Store, StoreError,
    change::Part,
    condition::Statement,
    engine::Engine,
    excerpt::excerpt,
    idempotency::RequestKey,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::AccountId;

/// A page ends with the entry that makes it longer.
const PAGE_BYTES: usize = 2 * 1024 * 1024;
/// Keeps these hashes apart from any other use of the same function.
const CONTEXT: &str = "relayd 2026 audit log entry";

/// A hash of the chain.
pub type AuditHash = [u8; 32];

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

/// The ends of the chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    /// Number and hash of the last entry that was cut off at the beginning.
    pub(super) base: (u64, AuditHash),
    /// Those of the last entry.
    pub(super) last: (u64, AuditHash),
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

/// Adds entries to the end of the chain. Other writers wait until the transaction ends, and one that
/// acts on the queue makes mail wait meanwhile: the chain is read and moved on once for all of them.
pub(super) async fn append(
    tx: &mut AnyConnection,
    engine: Engine,
    entries: &[Entry<'_>],
) -> Result<(), StoreError> {
    let chain = read_chain(tx, engine.for_update()).await?;
    let chain = chain.ok_or_else(|| StoreError::Corrupt {
        table: "audit_chain",
        column: "last_hash",
        row: "1".to_owned(),
        problem: "the row is missing".to_owned(),
    })?;
    let mut last = chain.last;
    for entry in entries {
        last = insert(tx, &last, entry).await?;
    }
    sqlx::query("UPDATE audit_chain SET last_id = $1, last_hash = $2 WHERE id = 1")
        .bind(number(last.0))
        .bind(last.1.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes the entry behind the last one, and gives its id and hash.
async fn insert(
    tx: &mut AnyConnection,
    last: &(u64, AuditHash),
    entry: &Entry<'_>,
) -> Result<(u64, AuditHash), StoreError> {
    let id = last.0 + 1;
    let (origin, account) = (entry.origin, entry.account);
    let account: &[u8] = account.as_ref().map_or(&[], |id| id.as_bytes());
    // What was asked for stands in the first entry of a request, and would be the same in each.
    let (action, object, request) = match &entry.part {
        Some(part) => (part.action, part.object.as_str(), ""),
        None => (
            origin.action,
            origin.object.as_str(),
            origin.request.as_str(),
        ),
    };
    let (before, after) = (text(entry.before.as_ref()), text(entry.after.as_ref()));
    let texts = [
        &origin.actor,
        &origin.source,
        action,
        object,
        &origin.request_id,
        request,
        &before,
        &after,
    ];
    let hash = hash_of(&last.1, number(id), micros(origin.at), account, texts);
    let mut insert = sqlx::query(
        "INSERT INTO audit (id, at, account_id, hash, actor, source, action, object, request_id,
            request, state_before, state_after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(number(id))
    .bind(micros(origin.at))
    .bind(account)
    .bind(hash.as_slice());
    for text in texts {
        insert = insert.bind(text);
    }
    insert.execute(tx).await?;
    Ok((id, hash))
}

/// The beginning of the chain, as it was cut off.
pub(super) struct Cut {
    /// How many entries went.
    pub(super) entries: u64,
    /// Number of the last of them.
    pub(super) last: u64,
    /// The hash from which the chain goes on.
    pub(super) hash: AuditHash,
}

/// Deletes the entries that stand before the first one that is not older than `before`. `None`
/// when there are none.
pub(super) async fn cut(
    tx: &mut AnyConnection,
    engine: Engine,
    before: Timestamp,
) -> Result<Option<Cut>, StoreError> {
    let Some(chain) = read_chain(tx, engine.for_update()).await? else {
        return Ok(None);
    };
    let row = sqlx::query(
        "SELECT id, hash FROM audit
         WHERE id < COALESCE((SELECT MIN(id) FROM audit WHERE at >= $1), $2)
         ORDER BY id DESC LIMIT 1",
    )
    .bind(micros(before))
    .bind(number(chain.last.0 + 1))
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let record = Record::new("audit", &row);
    let (last, hash) = (record.number("id")?, read_hash(&record, "hash")?);
    let done = sqlx::query("DELETE FROM audit WHERE id <= $1")
        .bind(number(last))
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE audit_chain SET base_id = $1, base_hash = $2 WHERE id = 1")
        .bind(number(last))
        .bind(hash.as_slice())
        .execute(tx)
        .await?;
    Ok(Some(Cut {
        entries: done.rows_affected(),
        last,
        hash,
    }))
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(String::new, excerpt)
}

pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// Each part is preceded by its length, so that no two entries have the same bytes.
fn hash_of(previous: &AuditHash, id: i64, at: i64, account: &[u8], texts: [&str; 8]) -> AuditHash {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    let mut add = |part: &[u8]| {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    };
    add(previous);
    add(&id.to_le_bytes());
    add(&at.to_le_bytes());
    add(account);
    for text in texts {
        add(text.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

pub(super) fn hash_of_row(
    record: &Record<'_>,
    previous: &AuditHash,
) -> Result<AuditHash, StoreError> {
    let mut texts = [""; 8];
    let columns = [
        "actor",
        "source",
        "action",
        "object",
        "request_id",
        "request",
        "state_before",
        "state_after",
    ];
    for (text, column) in texts.iter_mut().zip(columns) {
        *text = record.text(column)?;
    }
    let account = record.bytes("account_id")?;
    let (id, at) = (record.number("id")?, record.number("at")?);
    Ok(hash_of(previous, id, at, account, texts))
}

pub(super) async fn read_chain(
    connection: &mut AnyConnection,
    lock: &'static str,
) -> Result<Option<Chain>, StoreError> {
    let text = format!("SELECT * FROM audit_chain WHERE id = 1{lock}");
    let row = sqlx::query(AssertSqlSafe(text))
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let record = Record::new("audit_chain", &row);
    Ok(Some(Chain {
        base: (record.number("base_id")?, read_hash(&record, "base_hash")?),
        last: (record.number("last_id")?, read_hash(&record, "last_hash")?),
    }))
}

pub(super) fn read_hash(
    record: &Record<'_>,
    column: &'static str,
) -> Result<AuditHash, StoreError> {
    let bytes = record.bytes(column)?;
    AuditHash::try_from(bytes).map_err(|error| record.corrupt(column, &error))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_entry_changes_its_hash_and_parts_do_not_run_together() {
        let texts = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let plain = hash_of(&[0; 32], 1, 2, &[3], texts);
        let mut others = vec![
            hash_of(&[1; 32], 1, 2, &[3], texts),
            hash_of(&[0; 32], 2, 2, &[3], texts),
            hash_of(&[0; 32], 1, 3, &[3], texts),
            hash_of(&[0; 32], 1, 2, &[], texts),
            hash_of(
                &[0; 32],
                1,
                2,
                &[3],
                ["ab", "", "c", "d", "e", "f", "g", "h"],
            ),
        ];
        for place in 0..8 {
            let mut changed = texts;
            changed[place] = "x";
            others.push(hash_of(&[0; 32], 1, 2, &[3], changed));
        }
        assert!(others.iter().all(|other| *other != plain));
    }
}
