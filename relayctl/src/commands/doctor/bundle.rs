//! `relayctl doctor --bundle`: one file for whoever helps, which its sender can read before.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use relay_proto::Method;
use serde_json::{Map, Value, json};

use super::redaction::redact;
use crate::client::{Client, json_of};
use crate::error::{Exit, Failure};
use crate::output::cell::size;
use crate::output::file::create_named;
use crate::session::Session;
use crate::signals;

/// What is asked for, under which name it stands in the file.
const PARTS: [(&str, &str); 9] = [
    ("server", "/v1/server"),
    ("findings", "/v1/doctor"),
    ("configuration", "/v1/doctor/configuration"),
    ("queue", "/v1/queue/summary"),
    ("statistics_of_the_last_day", "/v1/stats/summary"),
    ("errors_by_day", "/v1/stats/errors?by=day&since="),
    ("last_rejects", "/v1/log/rejects?limit=100"),
    ("unknown_replies", "/v1/log/unknown-replies"),
    ("bans", "/v1/bans"),
];
/// Days whose errors are counted.
const DAYS: i64 = 7;
const ABOUT: &str = "What relayd tells of itself, for whoever helps. Left out: subjects, bodies, \
                     passwords, tokens, secrets, the user names that were tried, and of each mail \
                     address what stands before the @. Read it before you send it.";

/// Writes the file; it must not exist, and only its owner may read it.
pub(super) fn write(session: &Session, path: &Path) -> Result<(), Failure> {
    // Before anything is asked, so that a name that is taken is known at once.
    let file = create_named(path)?;
    signals::unfinished(path);
    let written = collect(session).and_then(|bundle| save(file, path, &bundle));
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    signals::finished(path);
    let length = written?;
    let out = &session.out;
    if out.format.is_json() {
        return out.own_json(&json!({"file": path, "bytes": length}));
    }
    let name = path.display();
    let length = size(length);
    out.sentence(&format!(
        "The bundle is in {name} ({length}). Read it before you send it."
    ))
}

fn save(mut file: File, path: &Path, bundle: &Value) -> Result<u64, Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::local(format!("cannot write {}", path.display()), error)
    };
    let text = serde_json::to_string_pretty(bundle).map_err(|error| failed(&error))?;
    let bytes = format!("{text}\n").into_bytes();
    file.write_all(&bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| failed(&error))?;
    Ok(bytes.len() as u64)
}

fn collect(session: &Session) -> Result<Value, Failure> {
    let client = session.client()?;
    let now = session.out.now;
    let since = now - jiff::SignedDuration::from_hours(24 * DAYS);
    let mut bundle = Map::new();
    bundle.insert("about".into(), ABOUT.into());
    bundle.insert("made_at".into(), format!("{now:.0}").into());
    bundle.insert("relayctl".into(), env!("CARGO_PKG_VERSION").into());
    for (name, path) in PARTS {
        session.out.detail(&format!("asking for {name}"));
        let path = if path.ends_with('=') {
            format!("{path}{since:.0}")
        } else {
            path.to_owned()
        };
        let answer = ask(client, &path).map(|answer| match name {
            "configuration" => by_name(&answer),
            _ => answer,
        });
        bundle.insert(name.into(), or_error(answer)?);
    }
    session.out.detail("asking for figures");
    bundle.insert("figures".into(), or_error(figures(client))?);
    let mut bundle = Value::Object(bundle);
    redact(&mut bundle);
    Ok(bundle)
}

fn figures(client: &Client) -> Result<Value, Failure> {
    let text = client.raw(Method::Get, "/metrics", None)?.text;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    Ok(json!(lines))
}

/// What is missing, such as all that a store knows which is down, is a finding itself. Where nobody
/// answers, or nobody may ask, there is nothing to bundle.
fn or_error(part: Result<Value, Failure>) -> Result<Value, Failure> {
    part.or_else(|failure| match failure.code() {
        "unreachable" | "certificate-refused" => Err(failure),
        _ if failure.exit() == Exit::Forbidden => Err(failure),
        _ => Ok(error_of(&failure)),
    })
}

fn error_of(failure: &Failure) -> Value {
    json!({"error": failure.to_document()})
}

/// A setting a line.
fn by_name(settings: &Value) -> Value {
    let settings = settings.as_array().into_iter().flatten();
    let named = settings.filter_map(|it| {
        let name = it.get("name")?.as_str()?.to_owned();
        Some((name, it.get("value")?.clone()))
    });
    Value::Object(named.collect())
}

/// The answer; of a list its items.
fn ask(client: &Client, path: &str) -> Result<Value, Failure> {
    let reply = client.raw(Method::Get, path, None)?;
    let mut value = json_of(&reply.text)?;
    Ok(match value.get_mut("items") {
        Some(items) => items.take(),
        None => value,
    })
}
