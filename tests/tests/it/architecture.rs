//! Imports between the rooms of relayd run one way (docs/architecture.md).

use std::{collections::BTreeMap, fs, path::Path};

/// Which rooms a room may import from, itself aside.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &[]),
    ("machine", &[]),
    ("config", &["model"]),
    ("certificate", &["model", "config", "smtp"]),
    (
        "doctor",
        &[
            "model",
            "clock",
            "machine",
            "config",
            "certificate",
            "queue",
            "store",
        ],
    ),
    ("dns", &[]),
    ("telemetry", &["config"]),
    ("policy", &["model"]),
    ("smtp", &["model"]),
    ("upstream", &["model", "clock"]),
    ("webhook", &["model"]),
    ("store", &["model", "clock", "policy"]),
    ("queue", &["model", "clock", "policy", "store", "upstream"]),
    (
        "accounts",
        &["model", "clock", "policy", "store", "upstream", "webhook"],
    ),
    (
        "submission",
        &[
            "model", "clock", "policy", "smtp", "store", "queue", "accounts",
        ],
    ),
    (
        "api",
        &[
            "model", "clock", "policy", "store", "queue", "accounts", "doctor",
        ],
    ),
];

/// What puts the rooms together: it may use all of them, and none of them uses it.
const ABOVE: [&str; 3] = ["app", "dev", "main"];

#[test]
fn imports_run_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../relayd/src");
    let may_use: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let mut files = Vec::new();
    collect(&source, &mut files);
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for file in &files {
        let path = file
            .strip_prefix(&source)
            .expect("below the source")
            .to_string_lossy();
        let room = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        if ABOVE.contains(&room.as_str()) || ["fuzzing", "lib"].contains(&room.as_str()) {
            continue;
        }
        let Some(allowed) = may_use.get(room.as_str()) else {
            panic!("{path}: a room that the table does not know");
        };
        for used in imported_rooms(&fs::read_to_string(file).expect("readable")) {
            looked_at += 1;
            if used != room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{path} imports {used}"));
            }
        }
    }
    assert!(
        looked_at > 50,
        "only {looked_at} imports were found: is the reader broken?"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_wherever_they_stand() {
    let source = "#[cfg(test)]\nmod tests;\nuse crate::{a::X, app::{Relay, y}, store};\n\
                  fn f() { crate::dns::ask() }\n// crate::smtp\n\
                  #[cfg(test)]\nmod tests {\n    use crate::api::Api;\n}\n";
    assert_eq!(imported_rooms(source), ["app", "store", "dns"]);
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The first path segment of every `crate::…` outside of tests, groups included. Tests within a file
/// stand last; those in files of their own are declared above the imports.
fn imported_rooms(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .take_while(|line| !line.ends_with("mod tests {"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = code[at + "crate::".len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(group_members(group)),
            None => rooms.push(identifier(rest)),
        }
    }
    rooms.retain(|room| {
        MAY_USE.iter().any(|(known, _)| known == room) || ABOVE.contains(&room.as_str())
    });
    rooms
}

/// The names at the first level of `a::{x, y}, b, c::d}`.
fn group_members(group: &str) -> Vec<String> {
    let mut members = Vec::new();
    let (mut depth, mut fresh) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if depth == 0 && fresh && c.is_alphabetic() => {
                members.push(identifier(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    members
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}
