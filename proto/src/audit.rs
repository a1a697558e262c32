//! The audit log: who changed what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Nothing, Page, endpoint::endpoints};

/// Which entries of the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Name or id of the account they are about; all when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Who: as it stands in the entry (`token deploy`), its last word (`deploy`), or the e-mail of
    /// an owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// `next_cursor` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most entries of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One change, or one request that was done and changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its number: 1, 2, 3 …
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// Who: `operator`, `token NAME`, `token NAME of ACCOUNT`, `account NAME (E-MAIL)`, `anyone` who
    /// did not sign in, `relayd` itself.
    pub actor: String,
    /// From where: `unix socket, uid 0`, or address and port.
    pub source: String,
    /// Name of the account that it is about; `null` where it is about none.
    pub account: Option<String>,
    /// Name of the operation, as in the `OpenAPI` document.
    pub action: String,
    /// Path of the request.
    pub object: String,
    /// Identifier of the request.
    pub request_id: String,
    /// The request, with secrets redacted; `null` when there was nothing in it.
    pub request: Option<Value>,
    /// The object before, with secrets redacted; `null` when there was none.
    pub before: Option<Value>,
    /// The object after, with secrets redacted; `null` when there is none.
    pub after: Option<Value>,
    /// Hash of the chain up to and with this entry, in hexadecimal.
    pub hash: String,
}

/// What to look for while the chain is followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditCheckQuery {
    /// A hash that was noted earlier: it must still stand in the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// What came of following the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditCheck {
    /// Whether every entry is in order, and the expected hash was found.
    pub ok: bool,
    /// Entries in order, up to the first that is not.
    pub entries: u64,
    /// Hash after the last of them, in hexadecimal: note it elsewhere, with the number.
    pub hash: String,
    /// The first entry that is not in order; `null` when all are.
    pub broken: Option<AuditBreak>,
    /// Number of the entry that has the expected hash; `null` when none has, or none was expected.
    pub expected_entry: Option<u64>,
}

/// Where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditBreak {
    /// Number of the entry.
    pub entry: u64,
    /// What is wrong with it.
    pub problem: String,
}

endpoints! {
    /// Lists the audit log, newest first.
    ListAudit: Operator Get "/v1/audit" (Nothing, AuditQuery, Nothing) -> 200 Page<AuditEntry>;
    /// Follows the chain of the audit log from beginning to end.
    CheckAudit: Operator Get "/v1/audit/check" (Nothing, AuditCheckQuery, Nothing) -> 200 AuditCheck;
}
