//! The audit log, and what of a request goes into it.

use std::{fmt::Write as _, net::IpAddr};

use axum::http::request::Parts;
use relay_proto::{self as proto, Endpoint};
use serde_json::Value;

use super::{
    Api,
    access::Connection,
    call::{Call, Routes},
    cursor,
    failure::Failure,
};
use crate::{
    accounts::{AuditedRequest, Scope, is_secret},
    store::{AuditEntry, AuditFilter, AuditHash, RequestKey},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ListAudit, _, _>(list)
        .add::<proto::CheckAudit, _, _>(check)
}

/// Where a connection comes from, in words.
#[derive(Debug, Clone)]
pub(super) struct Source(pub(super) String);

/// What the audit log keeps of a request; `None` for a GET, a question and a dry run, which change
/// nothing.
pub(super) fn noted<E: Endpoint>(
    parts: &Parts,
    request_id: &str,
    key: Option<RequestKey>,
    call: &Call<E>,
) -> Result<Option<AuditedRequest>, Failure> {
    if !E::changes_something() {
        return Ok(None);
    }
    let unreadable = |error: serde_json::Error| Failure::internal(error.to_string());
    let path = serde_json::to_value(&call.path).map_err(unreadable)?;
    let body = serde_json::to_value(&call.body).map_err(unreadable)?;
    let query = serde_json::to_value(&call.query).map_err(unreadable)?;
    if body.get("dry_run") == Some(&true.into()) {
        return Ok(None);
    }
    let account = [&path, &body, &query]
        .iter()
        .find_map(|value| value.get("account")?.as_str())
        .map(str::to_owned);
    let own = match &call.scope {
        Scope::Only(own) => Some(own.id.to_string()),
        Scope::All | Scope::Nothing => None,
    };
    Ok(Some(AuditedRequest {
        actor: call.caller.actor(),
        source: source_of(parts, call.client),
        action: E::NAME,
        object: object_of(parts.uri.path(), &query),
        account: account.or(own),
        request_id: request_id.to_owned(),
        key,
        request: body,
    }))
}

/// Whether a request only asks what would come of it.
pub(super) fn is_dry_run(body: &impl serde::Serialize) -> Result<bool, Failure> {
    let body = serde_json::to_value(body).map_err(|error| Failure::internal(error.to_string()))?;
    Ok(body.get("dry_run") == Some(&true.into()))
}

/// The path with what the endpoint knows of the query; nothing else that was sent, and no secret.
fn object_of(path: &str, query: &Value) -> String {
    let mut object = path.to_owned();
    let mut separator = '?';
    for (name, value) in query.as_object().into_iter().flatten() {
        let value = match value {
            Value::Null => continue,
            _ if is_secret(name) => "[redacted]",
            Value::String(text) => text,
            other => &other.to_string(),
        };
        let _ = write!(object, "{separator}{name}={value}");
        separator = '&';
    }
    object
}

/// The connection, and behind a proxy also whose request it is.
fn source_of(parts: &Parts, client: Option<IpAddr>) -> String {
    let direct = parts.extensions.get::<Source>();
    let direct = direct.map_or("", |source| source.0.as_str());
    let peer = match parts.extensions.get::<Connection>() {
        Some(Connection::Anybody(peer)) => *peer,
        Some(Connection::Operator) | None => None,
    };
    match client.filter(|client| Some(*client) != peer) {
        Some(client) => format!("{client} through {direct}"),
        None => direct.to_owned(),
    }
}

async fn list(
    api: Api,
    call: Call<proto::ListAudit>,
) -> Result<proto::Page<proto::AuditEntry>, Failure> {
    let query = call.query;
    let filter = AuditFilter {
        account: api
            .accounts
            .account_filter(&call.scope, query.account.as_deref())
            .await?,
        actor: query.actor,
        since: query.since,
        until: query.until,
    };
    let before = cursor::decode(query.cursor.as_deref())?;
    let entries = api
        .accounts
        .list_audit(&filter, before, cursor::limit(query.limit)?)
        .await?;
    Ok(cursor::page(entries, entry_of))
}

async fn check(api: Api, call: Call<proto::CheckAudit>) -> Result<proto::AuditCheck, Failure> {
    let expected = call.query.expect;
    let check = api.accounts.check_audit(expected.as_deref()).await?;
    Ok(proto::AuditCheck {
        ok: check.broken.is_none() && (expected.is_none() || check.found.is_some()),
        entries: check.entries,
        hash: hex(&check.hash),
        broken: check.broken.map(|(entry, problem)| proto::AuditBreak {
            entry,
            problem: problem.to_owned(),
        }),
        expected_entry: check.found,
    })
}

/// An entry as it stands on the wire.
pub(super) fn entry_of(entry: AuditEntry) -> proto::AuditEntry {
    // What is no JSON is shown as it stands: somebody has written it.
    let json = |text: String| {
        (!text.is_empty()).then(|| serde_json::from_str(&text).unwrap_or(Value::String(text)))
    };
    proto::AuditEntry {
        id: entry.id,
        at: entry.at,
        actor: entry.actor,
        source: entry.source,
        account: entry.account,
        action: entry.action,
        object: entry.object,
        request_id: entry.request_id,
        request: json(entry.request),
        before: json(entry.before),
        after: json(entry.after),
        hash: hex(&entry.hash),
    }
}

/// A hash in hexadecimal.
fn hex(hash: &AuditHash) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}
