//! Pages of the documentation whose commands are run word for word.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

/// A fenced block of a page.
pub(crate) struct Block {
    /// The heading that it stands below.
    pub(crate) heading: String,
    /// What is in it.
    pub(crate) text: String,
}

/// The text of a page, by its path in the repository.
pub(crate) fn read(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    fs::read_to_string(path).unwrap()
}

/// The blocks in that language, in order.
pub(crate) fn blocks(page: &str, language: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heading = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(given) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            let text = inside.fold(String::new(), |text, line| text + line + "\n");
            if given == language {
                let heading = heading.to_owned();
                blocks.push(Block { heading, text });
            }
        } else if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        }
    }
    blocks
}

/// Runs commands in bash as a person would in that folder, up to the first that fails.
pub(crate) fn run(
    commands: &str,
    relayctl: &Path,
    folder: &Path,
    environment: &[(&str, String)],
) -> Output {
    let script = format!(
        "set -euo pipefail\nrelayctl() {{ '{}' \"$@\"; }}\n{commands}",
        relayctl.display()
    );
    Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder)
        .env("HOME", folder)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}
