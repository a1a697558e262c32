//! The audit log: who changed what. Entries are chained, so that one that was altered, removed or
//! slipped in later is found: the hash of each covers all of its columns and the hash before it.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{
    Store, StoreError,
    condition::Statement,
    engine::Engine,
    idempotency::RequestKey,
    record::{Record, micros},
    topic::Topic,
};
use crate::model::AccountId;

/// Entries that are read at once while the chain is followed.
const PIECE: i64 = 500;
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

/// What came of following the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheck {
    /// Entries that were found in order.
    pub entries: u64,
    /// The hash after the last of them.
    pub hash: AuditHash,
    /// The first entry that is not in order, and what is wrong with it.
    pub broken: Option<(u64, &'static str)>,
    /// The entry that has the hash that was looked for.
    pub found: Option<u64>,
}

/// The ends of the chain.
#[derive(Debug, Clone, Copy)]
struct Chain {
    base: (u64, AuditHash),
    last: (u64, AuditHash),
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

    /// At most `limit` entries before the one numbered `before`, newest first.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut statement = Statement::new(
            "SELECT x.*, COALESCE(a.name, '') AS account FROM audit x
             LEFT JOIN accounts a ON a.id = x.account_id WHERE 1 = 1",
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
            .with(" ORDER BY x.id DESC LIMIT ?", i64::from(limit));
        let rows = statement.fetch_all(self.reads()).await?;
        rows.iter().map(read_entry).collect()
    }

    /// Follows the chain from its first entry to its end, and looks for the hash `expected`.
    pub async fn check_audit(&self, expected: Option<AuditHash>) -> Result<AuditCheck, StoreError> {
        // One state of the store, whatever is written meanwhile.
        let mut tx = self.reads().begin_with(self.engine().snapshot()).await?;
        let Some(chain) = read_chain(&mut tx, "").await? else {
            return Ok(AuditCheck {
                entries: 0,
                hash: AuditHash::default(),
                broken: Some((1, "the record of where the chain ends is missing")),
                found: None,
            });
        };
        let (mut id, mut hash) = chain.base;
        let mut check = AuditCheck {
            entries: 0,
            hash,
            broken: None,
            found: (expected == Some(hash)).then_some(id),
        };
        loop {
            let rows = sqlx::query("SELECT * FROM audit WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(number(id))
                .bind(PIECE)
                .fetch_all(&mut *tx)
                .await?;
            for row in &rows {
                let record = Record::new("audit", row);
                let found = (record.number("id")?, read_hash(&record, "hash")?);
                check.broken = judge(id, found, chain.last, hash_of_row(&record, &hash)?);
                if check.broken.is_some() {
                    return Ok(check);
                }
                (id, hash) = found;
                check.entries += 1;
                check.hash = hash;
                if expected == Some(hash) {
                    check.found = Some(id);
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        if id < chain.last.0 {
            check.broken = Some((id + 1, "this entry is missing"));
        } else if hash != chain.last.1 {
            check.broken = Some((
                id,
                "the chain does not end in the hash that was noted for it",
            ));
        }
        Ok(check)
    }
}

/// What is wrong with the entry `found` behind the entry numbered `id`, if anything is.
fn judge(
    id: u64,
    found: (u64, AuditHash),
    last: (u64, AuditHash),
    computed: AuditHash,
) -> Option<(u64, &'static str)> {
    if found.0 != id + 1 {
        Some((id + 1, "this entry is missing"))
    } else if found.1 != computed {
        Some((found.0, "this entry does not fit its hash"))
    } else if found.0 > last.0 {
        Some((found.0, "this entry stands behind the end of the chain"))
    } else {
        None
    }
}

/// Adds an entry to the end of the chain. Other writers wait until the transaction ends.
pub(super) async fn append(
    tx: &mut AnyConnection,
    engine: Engine,
    entry: &Entry<'_>,
) -> Result<(), StoreError> {
    let chain = read_chain(tx, engine.for_update()).await?;
    let chain = chain.ok_or_else(|| StoreError::Corrupt {
        table: "audit_chain",
        column: "last_hash",
        row: "1".to_owned(),
        problem: "the row is missing".to_owned(),
    })?;
    let id = chain.last.0 + 1;
    let (origin, account) = (entry.origin, entry.account);
    let account: &[u8] = account.as_ref().map_or(&[], |id| id.as_bytes());
    let (before, after) = (text(entry.before.as_ref()), text(entry.after.as_ref()));
    let texts = [
        &origin.actor,
        &origin.source,
        origin.action,
        &origin.object,
        &origin.request_id,
        &origin.request,
        &before,
        &after,
    ];
    let hash = hash_of(&chain.last.1, number(id), micros(origin.at), account, texts);
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
    insert.execute(&mut *tx).await?;
    sqlx::query("UPDATE audit_chain SET last_id = $1, last_hash = $2 WHERE id = 1")
        .bind(number(id))
        .bind(hash.as_slice())
        .execute(tx)
        .await?;
    Ok(())
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
    value.map_or_else(String::new, Value::to_string)
}

fn number(id: u64) -> i64 {
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

fn hash_of_row(record: &Record<'_>, previous: &AuditHash) -> Result<AuditHash, StoreError> {
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

async fn read_chain(
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

fn read_hash(record: &Record<'_>, column: &'static str) -> Result<AuditHash, StoreError> {
    let bytes = record.bytes(column)?;
    AuditHash::try_from(bytes).map_err(|error| record.corrupt(column, &error))
}

fn read_entry(row: &AnyRow) -> Result<AuditEntry, StoreError> {
    let record = Record::new("audit", row);
    let text = |column| record.text(column).map(str::to_owned);
    Ok(AuditEntry {
        id: record.number("id")?,
        at: record.time("at")?,
        actor: text("actor")?,
        source: text("source")?,
        account: record.parse_optional("account")?,
        action: text("action")?,
        object: text("object")?,
        request_id: text("request_id")?,
        request: text("request")?,
        before: text("state_before")?,
        after: text("state_after")?,
        hash: read_hash(&record, "hash")?,
    })
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
