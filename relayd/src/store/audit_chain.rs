//! The chain of the audit log. Entries hang together, so that one that was altered, removed or slipped
//! in later is found: the hash of each covers all of its columns and the hash before it.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{
    StoreError,
    audit::Entry,
    engine::Engine,
    excerpt::excerpt,
    record::{Record, micros},
};

/// Keeps these hashes apart from any other use of the same function.
const CONTEXT: &str = "relayd 2026 audit log entry";

/// A hash of the chain.
pub type AuditHash = [u8; 32];

/// The ends of the chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    /// Number and hash of the last entry that was cut off at the beginning.
    pub(super) base: (u64, AuditHash),
    /// Those of the last entry.
    pub(super) last: (u64, AuditHash),
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
