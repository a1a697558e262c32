//! Help and tables at three widths: kept as text, so that a person looks at what changes.

use std::fmt::Write as _;

use crate::{Relayctl, fake::Api};

const WIDTHS: [usize; 3] = [120, 80, 40];

/// The commands, those with verbs before their verbs.
fn commands() -> Vec<Vec<String>> {
    fn add(command: &clap::Command, name: &[String], all: &mut Vec<Vec<String>>) {
        all.push(name.to_vec());
        for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
            let verb_name = verb.get_name().to_owned();
            add(verb, &[name, &[verb_name]].concat(), all);
        }
    }
    let mut all = Vec::new();
    add(&relayctl::command(), &[], &mut all);
    all
}

fn help(words: &[String], width: usize) -> String {
    let relayctl = Relayctl::new().env("COLUMNS", &width.to_string());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = relayctl.run(&[words.as_slice(), &["-h"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{words:?}");
    run.stdout
}

/// One snapshot a width. The global options are the same everywhere: they stand once.
#[test]
fn help_of_every_command_fits() {
    for width in WIDTHS {
        let mut all = String::new();
        for words in commands() {
            let text = help(&words, width);
            for line in text.lines() {
                let long = line.chars().count() > width;
                // A word that is wider than what is left for it is not cut, nor is a flag from its
                // value.
                let is_flag = line.trim_start().starts_with("--");
                let is_whole = line.split_whitespace().count() <= 1 + usize::from(is_flag);
                assert!(!long || is_whole, "{words:?} at {width}: {line}");
            }
            let shown = if words.is_empty() {
                text
            } else {
                without_global_options(&text)
            };
            let _ = writeln!(all, "$ relayctl {}\n\n{shown}\n", words.join(" "));
        }
        insta::assert_snapshot!(format!("help_at_{width}"), all);
    }
}

fn without_global_options(text: &str) -> String {
    let mut blocks = text.split("\n\n");
    let mut kept: Vec<&str> = Vec::new();
    kept.extend(
        blocks
            .by_ref()
            .filter(|block| !block.starts_with("Global options:")),
    );
    kept.join("\n\n")
}

/// What relayd answers to each list, as it was recorded; with one object of long names in each.
const LISTS: &str = include_str!("lists.json");

#[derive(serde::Deserialize)]
struct List {
    command: String,
    path: String,
    answer: serde_json::Value,
}

/// A list on a terminal of that width, which `script` is. Its times are long ago, so they are dates.
fn table(list: &List, width: usize) -> String {
    let answer = list.answer.to_string();
    let path: &'static str = Box::leak(list.path.clone().into_boxed_str());
    let api = Api::start(&[(path, 200, &answer)]);
    let command = format!(
        "stty cols {width} rows 50; '{}' {} 2>&1",
        env!("CARGO_BIN_EXE_relayctl"),
        list.command
    );
    let output = std::process::Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("NO_COLOR", "1")
        .env("HOME", api.folder())
        .env("RELAYCTL_SOCKET", api.socket())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}: {text}", list.command);
    text.replace('\r', "")
}

#[test]
fn tables_of_every_list_fit() {
    let lists: Vec<List> = serde_json::from_str(LISTS).unwrap();
    for width in WIDTHS {
        let mut all = String::new();
        for list in &lists {
            let text = table(list, width);
            let _ = writeln!(all, "$ relayctl {}\n\n{text}", list.command);
        }
        insta::assert_snapshot!(format!("tables_at_{width}"), all);
    }
}
