//! `Idempotency-Key`: a POST that is repeated with the same key is done once, and answered again
//! with the same reply, without the secrets in it.

use std::{future::Future, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use relay_proto::{Endpoint, IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use serde_json::Value;
use tracing::Instrument;

use super::{call::Finished, failure::Failure};
use crate::{
    accounts::{Accounts, is_secret},
    model::Reason,
    store::{KeptReply, RequestKey, Reservation},
};

/// Longest key.
const KEY_LIMIT: usize = 200;
/// Larger replies are not kept.
const REPLY_LIMIT: usize = 256 * 1024;

/// The key of a request, if it carries one and its endpoint takes it.
pub(super) fn key_of<E: Endpoint>(
    headers: &HeaderMap,
    caller: impl FnOnce() -> String,
) -> Result<Option<RequestKey>, Failure> {
    let Some(given) = headers.get(IDEMPOTENCY_KEY).filter(|_| E::takes_key()) else {
        return Ok(None);
    };
    let key = given
        .to_str()
        .ok()
        .filter(|key| (1..=KEY_LIMIT).contains(&key.len()));
    match key {
        Some(key) => Ok(Some(RequestKey {
            caller: caller(),
            key: key.to_owned(),
        })),
        None => Err(Failure::field(
            IDEMPOTENCY_KEY,
            format!("1 to {KEY_LIMIT} visible ASCII characters"),
        )),
    }
}

/// Does `work` unless it was done before. It ends even when the client goes away: the key would
/// otherwise tell of work that nobody does.
pub(super) async fn once<E: Endpoint>(
    accounts: Accounts,
    key: RequestKey,
    fingerprint: [u8; 32],
    deadline: Duration,
    work: impl Future<Output = Result<Finished, Failure>> + Send + 'static,
) -> Result<Response, Failure> {
    match accounts.reserve_key(&key, &fingerprint).await? {
        Reservation::Fresh => {}
        Reservation::Done(reply) => return Ok(replay(reply)),
        Reservation::Different => return Err(Failure::new(Reason::KeyReused)),
        Reservation::Running => return Err(Failure::new(Reason::RequestInProgress)),
        Reservation::ReplyLost => return Err(Failure::new(Reason::ReplyLost)),
    }
    let task = async move {
        let result = match tokio::time::timeout(deadline, work).await {
            Ok(result) => result,
            Err(_) => Err(Failure::timeout()),
        };
        match &result {
            Ok(finished) => keep::<E>(&accounts, &key, finished).await?,
            Err(_) => accounts.release_key(&key).await?,
        }
        result
    };
    let done = tokio::spawn(task.in_current_span()).await;
    let finished = done.map_err(|error| Failure::internal(error.to_string()))??;
    Ok(finished.into_response())
}

/// A reply that is not kept leaves the mark of its change, so that a repetition is told so.
async fn keep<E: Endpoint>(
    accounts: &Accounts,
    key: &RequestKey,
    finished: &Finished,
) -> Result<(), Failure> {
    let json = match &finished.json {
        None => Some(String::new()),
        Some(json) => without_secrets::<E>(json).filter(|json| json.len() <= REPLY_LIMIT),
    };
    let Some(json) = json else { return Ok(()) };
    let reply = KeptReply {
        status: finished.status.as_u16(),
        etag: finished.etag.clone().unwrap_or_default(),
        json,
    };
    Ok(accounts.keep_reply(key, &reply).await?)
}

fn replay(reply: KeptReply) -> Response {
    let finished = Finished {
        status: StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK),
        etag: Some(reply.etag).filter(|tag| !tag.is_empty()),
        json: Some(reply.json).filter(|json| !json.is_empty()),
    };
    let mut response = finished.into_response();
    let name = HeaderName::from_static(IDEMPOTENCY_REPLAYED);
    let value = HeaderValue::from_static("true");
    response.headers_mut().insert(name, value);
    response
}

/// The reply with `null` in the place of each secret, or with an empty text where the type of the
/// reply demands one.
fn without_secrets<E: Endpoint>(json: &str) -> Option<String> {
    let reply: Value = serde_json::from_str(json).ok()?;
    [Value::Null, Value::String(String::new())]
        .into_iter()
        .map(|nothing| {
            let mut reply = reply.clone();
            omit(&mut reply, &nothing);
            reply.to_string()
        })
        .find(|json| serde_json::from_str::<E::Reply>(json).is_ok())
}

fn omit(value: &mut Value, nothing: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.is_string() && is_secret(name) {
                    *value = nothing.clone();
                } else {
                    omit(value, nothing);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| omit(item, nothing)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
