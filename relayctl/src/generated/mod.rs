//! Files made from the definition of the command line, shell completions and man pages, and a page
//! made from the table of reasons.
//!
//! They depend on nothing else, so that a test can tell when one is stale. `cargo run -p relayctl
//! --example generate` writes them.

mod examples;
mod man;
mod reasons;

use std::io;

use clap_complete::aot::{Shell, generate};

pub use self::examples::{Example, commands, examples};
use crate::complete;
use crate::topics::TOPICS;

/// A file of the folder `completions/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Path below the folder.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Everything that belongs into `completions/`.
pub fn files() -> io::Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    for (shell, name) in [
        (Shell::Bash, "relayctl.bash"),
        (Shell::Zsh, "_relayctl"),
        (Shell::Fish, "relayctl.fish"),
        (Shell::PowerShell, "_relayctl.ps1"),
    ] {
        let mut text = Vec::new();
        let mut command = complete::with_hints(crate::command());
        generate(shell, &mut command, "relayctl", &mut text);
        files.push(GeneratedFile {
            name: name.to_owned(),
            text: tidy(text)?,
        });
    }
    for page in man_pages() {
        files.push(GeneratedFile {
            name: format!("man/{}", page.name),
            text: page.text,
        });
    }
    Ok(files)
}

/// What belongs into `docs/reasons.md`.
pub fn reasons_page() -> String {
    reasons::page()
}

/// The man pages: one for each command, and one for each topic.
pub fn man_pages() -> Vec<GeneratedFile> {
    let mut root = crate::command();
    root.build();
    let mut pages = Vec::new();
    add_pages(&root, "relayctl", &mut pages);
    pages.extend(TOPICS.iter().map(|topic| GeneratedFile {
        name: format!("relayctl-{}.7", topic.name),
        text: man::topic_page(topic),
    }));
    pages
}

fn add_pages(command: &clap::Command, name: &str, pages: &mut Vec<GeneratedFile>) {
    pages.push(GeneratedFile {
        name: format!("{name}.1"),
        text: man::command_page(command, name),
    });
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        add_pages(verb, &format!("{name}-{}", verb.get_name()), pages);
    }
}

/// No blanks at line ends, one line end at the end: what editors and `git diff --check` like.
fn tidy(text: Vec<u8>) -> io::Result<String> {
    let text = String::from_utf8(text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim_end().to_owned() + "\n")
}
