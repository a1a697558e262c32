//! What the line says before the word that is completed.

use std::path::PathBuf;

use clap::{Arg, Command};

use super::Columns;
use crate::args::Globals;

/// A line that ends in a word to complete.
#[derive(Debug)]
pub(super) struct Request {
    /// Which relayd and which account it is about.
    globals: Globals,
    /// The words before the last one, without global flags and their values.
    words: Vec<String>,
    /// What is typed of the last one.
    current: String,
    /// Whether relayd may be asked.
    may_ask: bool,
    /// The columns of what the command prints.
    columns: Vec<&'static str>,
}

impl Request {
    /// Takes a line apart, whose program is left out. Global flags may stand anywhere; their values
    /// are taken out, since a value may be called as a command is.
    pub(super) fn new(command: &Command, mut line: Vec<String>, may_ask: bool) -> Option<Self> {
        let current = line.pop()?;
        let flags: Vec<&Arg> = command
            .get_arguments()
            .filter(|it| it.is_global_set() && it.get_action().takes_values())
            .collect();
        let mut globals = Globals::default();
        let mut words = Vec::new();
        let mut rest = line.into_iter().peekable();
        while let Some(word) = rest.next() {
            if word == "--" {
                words.push(word);
                words.extend(rest);
                break;
            }
            let Some((flag, value)) = flags.iter().find_map(|flag| split(flag, &word)) else {
                words.push(word);
                continue;
            };
            match value.or_else(|| rest.next()) {
                Some(value) => keep(&mut globals, flag, value),
                // Its value is what is asked for.
                None => words.push(word),
            }
        }
        let verb = words.iter().fold(command, |command, word| {
            command.find_subcommand(word).unwrap_or(command)
        });
        let columns = verb.get::<Columns>().map(|it| it.0.clone());
        Some(Self {
            globals,
            words,
            current,
            may_ask,
            columns: columns.unwrap_or_default(),
        })
    }

    /// Which relayd and which account it is about.
    pub(super) fn globals(&self) -> Globals {
        self.globals.clone()
    }

    /// Whether relayd may be asked.
    pub(super) const fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// The columns of what the command prints.
    pub(super) fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// What is typed of the last word.
    pub(super) fn current(&self) -> &str {
        &self.current
    }

    /// The whole line, without global flags.
    pub(super) fn words_for_clap(&self) -> Vec<String> {
        let program = std::iter::once("relayctl".to_owned());
        program
            .chain(self.words.iter().cloned())
            .chain([self.current.clone()])
            .collect()
    }

    /// The words before the last one, flags and their values among them.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// The word after the first place where these stand in a row.
    pub(super) fn word_after(&self, row: &[&str]) -> Option<&str> {
        let mut places = self.words.windows(row.len() + 1);
        places.find_map(|place| {
            let (last, before) = place.split_last()?;
            (before == row).then_some(last.as_str())
        })
    }

    /// Whether this word stands before the last one.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    /// The value of a flag that is not global.
    pub(super) fn value_of(&self, flag: &str) -> Option<&str> {
        let begin = format!("{flag}=");
        let joined = self.words.iter().find_map(|it| it.strip_prefix(&begin));
        joined.or_else(|| self.word_after(&[flag]))
    }
}

/// The flag and the value that stands in the same word, if the word is this flag.
fn split<'f>(flag: &'f Arg, word: &str) -> Option<(&'f Arg, Option<String>)> {
    let value = if let Some(long) = word.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        (flag.get_long() == Some(name)).then_some(value)?
    } else {
        let after = word.strip_prefix('-')?.strip_prefix(flag.get_short()?)?;
        let value = after.strip_prefix('=').unwrap_or(after);
        (!after.is_empty()).then_some(value)
    };
    Some((flag, value.map(str::to_owned)))
}

fn keep(globals: &mut Globals, flag: &Arg, value: String) {
    match flag.get_id().as_str() {
        "context" => globals.context = Some(value),
        "account" => globals.account = Some(value),
        "socket" => globals.socket = Some(PathBuf::from(value)),
        "url" => globals.url = Some(value),
        "ca_file" => globals.ca_file = Some(PathBuf::from(value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str) -> Request {
        let words = line.split(' ').map(str::to_owned).collect();
        Request::new(&crate::command(), words, false).unwrap()
    }

    #[test]
    fn global_flags_are_understood_wherever_and_however_they_stand() {
        for line in [
            "--account acme -c lab user show ",
            "-aacme user --context=lab show ",
            "user show -c=lab --account acme ",
        ] {
            let request = request(line);
            let globals = request.globals();
            assert_eq!(globals.account.as_deref(), Some("acme"), "{line}");
            assert_eq!(globals.context.as_deref(), Some("lab"), "{line}");
            assert_eq!(request.words(), ["user", "show"], "{line}");
            assert_eq!(request.words_for_clap(), ["relayctl", "user", "show", ""]);
        }
    }

    #[test]
    fn a_flag_whose_value_is_asked_for_stays() {
        assert_eq!(request("user --account ").words(), ["user", "--account"]);
        assert_eq!(request("-q user sh").words(), ["-q", "user"]);
        assert_eq!(
            request("x -- --account y ").words(),
            ["x", "--", "--account", "y"]
        );
    }

    #[test]
    fn words_and_values_are_found() {
        let request = request("user credential remove scanner --scope=user --by day ");
        let user = request.word_after(&["credential", "remove"]);
        assert_eq!(user, Some("scanner"));
        assert_eq!(request.word_after(&["credential", "add"]), None);
        assert_eq!(request.value_of("--scope"), Some("user"));
        assert_eq!(request.value_of("--by"), Some("day"));
        assert!(request.has("remove") && !request.has("list"));
    }
}
