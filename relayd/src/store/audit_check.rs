//! Follows the chain of the audit log and finds what was altered, removed or slipped in.
//!
//! Where the chain begins is believed only when one of its own entries vouches for it: the one
//! that was written when older entries were deleted by their age. Whatever cannot be read counts
//! as damage, too.

use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    Store, StoreError,
    audit_chain::{AuditHash, Chain, hash_of_row, number, read_chain, read_hash},
    record::Record,
    retention::SWEEP_AUDIT,
};

/// Entries that are asked for at once while the chain is followed.
const PIECE: i64 = 500;

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

/// A walk along the chain, as far as it came.
struct Walk {
    chain: Chain,
    id: u64,
    expected: Option<AuditHash>,
    is_vouched: bool,
    check: AuditCheck,
}

impl Store {
    /// Follows the chain from its first entry to its end, and looks for the hash `expected`.
    pub async fn check_audit(&self, expected: Option<AuditHash>) -> Result<AuditCheck, StoreError> {
        // One state of the store, whatever is written meanwhile.
        let mut tx = self.reads().begin_with(self.engine().snapshot()).await?;
        let chain = match read_chain(&mut tx, "").await {
            Ok(Some(chain)) => chain,
            Ok(None) => {
                return Ok(without_ends(
                    "the record of where the chain ends is missing",
                ));
            }
            Err(StoreError::Corrupt { .. }) => {
                return Ok(without_ends(
                    "the record of where the chain ends cannot be read",
                ));
            }
            Err(error) => return Err(error),
        };
        let mut walk = Walk::new(chain, expected);
        walk.check.broken = before_the_beginning(&mut tx, chain).await?;
        while walk.check.broken.is_none() && walk.go_on(&mut tx).await? {}
        Ok(walk.end())
    }
}

impl Walk {
    fn new(chain: Chain, expected: Option<AuditHash>) -> Self {
        let (id, hash) = chain.base;
        Self {
            chain,
            id,
            expected,
            // The beginning of everything needs no word for it.
            is_vouched: chain.base == (0, AuditHash::default()),
            check: AuditCheck {
                entries: 0,
                hash,
                broken: None,
                found: (expected == Some(hash)).then_some(id),
            },
        }
    }

    /// Looks at the next entries; whether there were any.
    async fn go_on(&mut self, tx: &mut AnyConnection) -> Result<bool, StoreError> {
        let mut rows = sqlx::query("SELECT * FROM audit WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(number(self.id))
            .bind(PIECE)
            .fetch(tx);
        let mut has_rows = false;
        loop {
            let row = match rows.try_next().await {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(has_rows),
                Err(error) if is_damage(&error) => {
                    self.check.broken = Some((self.id + 1, UNREADABLE));
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            };
            has_rows = true;
            self.check.broken = self.step(&row);
            if self.check.broken.is_some() {
                return Ok(false);
            }
        }
    }

    /// Takes the next entry, or tells what is wrong with it.
    fn step(&mut self, row: &AnyRow) -> Option<(u64, &'static str)> {
        let record = Record::new("audit", row);
        let Ok(id) = record.number::<u64>("id") else {
            return Some((self.id + 1, UNREADABLE));
        };
        if id != self.id + 1 {
            return Some((self.id + 1, "this entry is missing"));
        }
        let computed = hash_of_row(&record, &self.check.hash);
        let (Ok(hash), Ok(computed)) = (read_hash(&record, "hash"), computed) else {
            return Some((id, UNREADABLE));
        };
        if hash != computed {
            return Some((id, "this entry does not fit its hash"));
        }
        if id > self.chain.last.0 {
            return Some((id, "this entry stands behind the end of the chain"));
        }
        self.is_vouched |= vouches(&record, self.chain.base);
        self.id = id;
        self.check.entries += 1;
        self.check.hash = hash;
        if self.expected == Some(hash) {
            self.check.found = Some(id);
        }
        None
    }

    /// What stands at the end.
    fn end(mut self) -> AuditCheck {
        let check = &mut self.check;
        if check.broken.is_some() {
            return self.check;
        }
        if self.id < self.chain.last.0 {
            check.broken = Some((self.id + 1, "this entry is missing"));
        } else if check.hash != self.chain.last.1 {
            check.broken = Some((
                self.id,
                "the chain does not end in the hash that was noted for it",
            ));
        } else if !self.is_vouched {
            check.broken = Some((
                self.chain.base.0,
                "entries up to this one are missing, and none tells that they were deleted by age",
            ));
        }
        self.check
    }
}

const UNREADABLE: &str = "this entry cannot be read";

fn without_ends(problem: &'static str) -> AuditCheck {
    AuditCheck {
        entries: 0,
        hash: AuditHash::default(),
        broken: Some((1, problem)),
        found: None,
    }
}

/// An entry that stands where none can be.
async fn before_the_beginning(
    tx: &mut AnyConnection,
    chain: Chain,
) -> Result<Option<(u64, &'static str)>, StoreError> {
    let row = sqlx::query("SELECT id FROM audit WHERE id <= $1 ORDER BY id LIMIT 1")
        .bind(number(chain.base.0))
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|row| {
        let id = Record::new("audit", &row).number("id").unwrap_or_default();
        (id, "this entry stands before the beginning of the chain")
    }))
}

/// Whether an entry tells that the chain was cut off at `base`.
fn vouches(record: &Record<'_>, base: (u64, AuditHash)) -> bool {
    if record.text("action").ok() != Some(SWEEP_AUDIT) {
        return false;
    }
    let told = record.text("state_after").ok();
    let told = told.and_then(|text| serde_json::from_str::<Value>(text).ok());
    told.is_some_and(|told| {
        let hash = blake3::Hash::from_bytes(base.1);
        told["last"] == base.0 && told["hash"] == hash.to_hex().as_str()
    })
}

/// Whether a row could not be read because of what is in it.
fn is_damage(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::AnyDriverError(_)
    )
}
