//! Files made from the definition of the command line, shell completions and man pages, and a page
//! made from the table of reasons.
//!
//! They depend on nothing else, so that a test can tell when one is stale. `cargo run -p relayctl
//! --example generate` writes them.

mod reasons;

use std::io;

use clap_complete::aot::{Shell, generate};
use clap_complete::env::Shells;

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
        generate(shell, &mut crate::command(), "relayctl", &mut text);
        files.push(GeneratedFile {
            name: name.to_owned(),
            text: tidy(text)?,
        });
    }
    for page in man_pages()? {
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
pub fn man_pages() -> io::Result<Vec<GeneratedFile>> {
    let mut root = with_every_help(crate::command());
    root.build();
    let mut pages = Vec::new();
    add_pages(&root, "relayctl", &mut pages)?;
    pages.extend(TOPICS.iter().map(|topic| GeneratedFile {
        name: format!("relayctl-{}.7", topic.name),
        text: topic_page(topic.name, topic.title, topic.text),
    }));
    Ok(pages)
}

/// A man page has room for what `-h` leaves out.
fn with_every_help(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|argument| argument.hide_short_help(false));
    command.mut_subcommands(with_every_help)
}

fn add_pages(
    command: &clap::Command,
    name: &str,
    pages: &mut Vec<GeneratedFile>,
) -> io::Result<()> {
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone())
        .date("")
        .source("relayd")
        .manual("relayctl");
    page.render(&mut text)?;
    pages.push(GeneratedFile {
        name: format!("{name}.1"),
        text: tidy(text)?,
    });
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        add_pages(verb, &format!("{name}-{}", verb.get_name()), pages)?;
    }
    Ok(())
}

fn topic_page(name: &str, title: &str, text: &str) -> String {
    let title_line = format!("relayctl-{name}");
    let body: String = text
        .lines()
        .map(|line| {
            let line = line.replace('\\', "\\e").replace('-', "\\-");
            // A dot or quote at the beginning of a line would be a request to troff.
            if line.starts_with(['.', '\'']) {
                format!("\\&{line}\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    format!(
        ".TH {title_line} 7 \"\" relayd relayctl\n.SH NAME\n{} \\- {title}\n.SH DESCRIPTION\n.nf\n{body}.fi\n",
        title_line.replace('-', "\\-")
    )
}

/// No blanks at line ends, one line end at the end: what editors and `git diff --check` like.
fn tidy(text: Vec<u8>) -> io::Result<String> {
    let text = String::from_utf8(text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim_end().to_owned() + "\n")
}

/// The hook that makes a shell ask relayctl itself for completions.
pub fn hook(shell: &str) -> io::Result<String> {
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or(io::ErrorKind::Unsupported)?;
    let mut text = Vec::new();
    completer.write_registration("COMPLETE", "relayctl", "relayctl", "relayctl", &mut text)?;
    String::from_utf8(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
