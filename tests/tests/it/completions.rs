//! `completions/` holds what the definition of the command line gives, no more and no less, and
//! `docs/reasons.md` what the table of reasons gives.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn completions_and_man_pages_are_not_stale() {
    const REMEDY: &str = "run `cargo run -p relayctl --example generate` and commit completions/";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../completions");
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    let there: BTreeMap<String, String> = paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let wanted = relayctl::generated::files().unwrap();
    for file in &wanted {
        assert!(
            there.get(&file.name) == Some(&file.text),
            "{} is stale: {REMEDY}",
            file.name
        );
    }
    for name in there.keys() {
        let is_wanted = wanted.iter().any(|file| file.name == *name);
        assert!(is_wanted, "{name} is made by nothing: {REMEDY}");
    }
}

#[test]
fn the_page_of_reasons_is_not_stale() {
    const REMEDY: &str =
        "run `cargo run -p relayctl --example generate` and commit docs/reasons.md";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reasons.md");
    let there = fs::read_to_string(page).unwrap_or_default();
    assert!(there == relayctl::generated::reasons_page(), "{REMEDY}");
}
