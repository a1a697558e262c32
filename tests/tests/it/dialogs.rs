//! Every dialogue of `tests/dialogs/`, over real sockets. `DIALOG=name` plays those whose name
//! holds that text, and shows what was said.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

use futures_util::{StreamExt, stream};
use relay_tests::dialog::{Failure, Script, Stage, Talk, judge, play};
use tempfile::TempDir;

/// Connections at a time.
const AT_ONCE: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn all_go_as_they_are_written() {
    let wanted = std::env::var("DIALOG").unwrap_or_default();
    let scripts: Vec<Script> = files()
        .iter()
        .map(|path| Script::load(path).unwrap_or_else(|error| panic!("{error:#}")))
        .filter(|script| script.name.contains(&wanted))
        .collect();
    assert!(!scripts.is_empty(), "there is no dialogue {wanted}");

    let folder = TempDir::new().unwrap();
    let stage = Stage::build(folder.path()).await.unwrap();
    let mut played = Vec::new();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (script, outcome) in play_all(&stage, &scripts).await {
        match outcome {
            Ok(talk) => played.push((script, talk)),
            Err(failure) => wrong
                .entry(script.name.clone())
                .or_default()
                .push(shown(&failure)),
        }
    }
    for (name, what) in judge(&stage, &played).await.unwrap() {
        wrong.entry(name).or_default().extend(what);
    }
    assert!(wrong.is_empty(), "{}", report(&wrong));
}

/// There are as many as we say, and everything they are about is in their names.
#[test]
fn there_are_enough() {
    assert!(files().len() >= 150);
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogs");
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "smtp"));
    files.sort();
    files
}

/// Each on a connection of its own, from an address of its own.
async fn play_all<'a>(
    stage: &Stage,
    scripts: &'a [Script],
) -> Vec<(&'a Script, Result<Talk, Failure>)> {
    let talks = scripts.iter().enumerate().map(|(at, script)| async move {
        let server = stage.listener(script.listener()).unwrap();
        let outcome = play(
            script,
            server,
            script.client().unwrap_or_else(|| client(at)),
        )
        .await;
        (script, outcome)
    });
    stream::iter(talks)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

fn client(at: usize) -> IpAddr {
    let low = |number: usize| u8::try_from(number % 250).unwrap() + 1;
    Ipv4Addr::new(127, 100, low(at / 250), low(at)).into()
}

fn shown(failure: &Failure) -> String {
    format!(
        "{}\n    {}",
        failure.what,
        failure.transcript.join("\n    ")
    )
}

fn report(wrong: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = format!("{} dialogues went another way:\n", wrong.len());
    for (name, what) in wrong {
        let _ = write!(text, "\n== {name}\n{}\n", what.join("\n"));
    }
    text
}
