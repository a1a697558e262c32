//! Compares what was kept and logged with what the scripts say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use memchr::memmem;
use serde_json::Value;

use super::{
    script::{ExpectedMail, Script},
    stage::Stage,
    talk::{Talk, play},
};
use crate::harness::eventually;

/// What is wrong, by name of the dialogue. `""` is for mails that belong to no dialogue.
pub async fn judge(
    stage: &Stage,
    played: &[(&Script, Talk)],
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let known: BTreeSet<&String> = played.iter().flat_map(|(_, talk)| &talk.accepted).collect();
    let kept = eventually("all accepted mails in the capture folder", || {
        let kept = kept(&stage.captured())?;
        Ok(known
            .iter()
            .all(|id| kept.contains_key(*id))
            .then_some(kept))
    })?;
    for (id, path) in kept.iter().filter(|(id, _)| !known.contains(id)) {
        let mail = fs::read(path)?;
        if !mail.starts_with(b"Received: ") {
            // A report of relayd itself: what came by SMTP has Received on top.
            continue;
        }
        let mail = mail.escape_ascii();
        let what = format!("a mail that nobody was told of: {id}: {mail}");
        wrong.entry(String::new()).or_default().push(what);
    }
    for (script, talk) in played {
        if let Err(error) = compare_mails(script, talk, &kept) {
            wrong
                .entry(script.name.clone())
                .or_default()
                .push(format!("{error:#}"));
        }
    }
    for (name, what) in compare_log(stage, played).await? {
        wrong.entry(name).or_default().push(what);
    }
    Ok(wrong)
}

/// Kept mails by queue id.
fn kept(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut kept = BTreeMap::new();
    for account in fs::read_dir(folder)? {
        for file in fs::read_dir(account?.path())? {
            let path = file?.path();
            let name = path
                .file_name()
                .context("a name")?
                .to_string_lossy()
                .into_owned();
            if let (Some(id), false) = (name.strip_suffix(".eml"), name.starts_with('.')) {
                kept.insert(id.to_owned(), path);
            }
        }
    }
    Ok(kept)
}

fn compare_mails(script: &Script, talk: &Talk, kept: &BTreeMap<String, PathBuf>) -> Result<()> {
    ensure!(
        script.mails.len() == talk.accepted.len(),
        "{} mails were accepted, {} are expected",
        talk.accepted.len(),
        script.mails.len()
    );
    for (expected, id) in script.mails.iter().zip(&talk.accepted) {
        let path = kept.get(id).context("not kept")?;
        let mail = fs::read(path)?;
        let envelope: Value = serde_json::from_slice(&fs::read(path.with_extension("json"))?)?;
        let shown = || {
            format!(
                "line {}: {envelope}\n{}",
                expected.line,
                mail.escape_ascii()
            )
        };
        compare_envelope(expected, &envelope).with_context(shown)?;
        compare_mail(expected, &mail).with_context(shown)?;
    }
    Ok(())
}

fn compare_envelope(expected: &ExpectedMail, envelope: &Value) -> Result<()> {
    if let Some(from) = &expected.from {
        let from = if from == "<>" { "" } else { from.as_str() };
        ensure!(
            envelope["mail_from"] == from,
            "another envelope sender than {from}"
        );
    }
    if !expected.to.is_empty() {
        ensure!(
            envelope["rcpt_to"] == Value::from(expected.to.clone()),
            "other recipients than {:?}",
            expected.to
        );
    }
    for (name, value) in &expected.envelope {
        let found = match &envelope[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        ensure!(found == *value, "{name} is {found}, not {value}");
    }
    Ok(())
}

fn compare_mail(expected: &ExpectedMail, mail: &[u8]) -> Result<()> {
    let end = memmem::find(mail, b"\r\n\r\n").context("no end of the header")?;
    let (header, body) = (&mail[..end + 2], &mail[end + 4..]);
    let fields = unfolded(header);
    for pattern in &expected.has {
        let found = fields.iter().any(|field| pattern.matches(field));
        ensure!(found, "the header lacks {}", pattern.shown);
    }
    for pattern in &expected.lacks {
        let found = fields.iter().any(|field| pattern.matches(field));
        ensure!(!found, "the header has {}", pattern.shown);
    }
    if let Some(expected) = &expected.body {
        ensure!(
            body == expected,
            "the body is {}, not {}",
            body.escape_ascii(),
            expected.escape_ascii()
        );
    }
    Ok(())
}

/// The fields of a header, each on one line: a fold becomes the blank behind it.
fn unfolded(header: &[u8]) -> Vec<Vec<u8>> {
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r\n").unwrap_or(line);
        match fields.last_mut() {
            Some(field) if line.starts_with(b" ") || line.starts_with(b"\t") => {
                field.extend_from_slice(line);
            }
            _ => fields.push(line.to_vec()),
        }
    }
    fields
}

/// `relayctl log rejects` has every reason that a dialogue was told, and no other.
async fn compare_log(stage: &Stage, played: &[(&Script, Talk)]) -> Result<Vec<(String, String)>> {
    let rejects = all_rejects(stage).await?;
    let mut wrong = Vec::new();
    for (script, talk) in played {
        let own = rejects.iter().filter(|(client, _)| *client == talk.client);
        let mut logged: Vec<_> = own.map(|(_, reason)| reason.clone()).collect();
        let mut expected = [&talk.refused[..], &script.logged].concat();
        logged.sort_unstable();
        expected.sort_unstable();
        if logged != expected {
            let what = format!("log rejects has {logged:?}, not {expected:?}");
            wrong.push((script.name.clone(), what));
        }
    }
    Ok(wrong)
}

/// The whole log. Refusals are written in order: once the last one is there, all are.
async fn all_rejects(stage: &Stage) -> Result<Vec<(IpAddr, String)>> {
    let last = Script::read("last", "S: 220 *\nC: THAT IS ALL\nS: 500 *\n")?;
    let client: IpAddr = [127, 255, 0, 1].into();
    if let Err(failure) = play(&last, stage.listener(last.listener())?, client).await {
        anyhow::bail!("the last refusal: {}", failure.what);
    }
    eventually("the last refusal in the log", || {
        let rejects = stage.rejects()?;
        let is_there = rejects.iter().any(|(from, _)| *from == client);
        Ok(is_there.then_some(rejects))
    })
}
