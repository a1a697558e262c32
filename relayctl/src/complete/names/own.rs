//! What relayctl knows itself: codes, topics, commands, and paths of the API.

use super::{Name, name};
use crate::topics::{OWN_CODES, TOPICS};

pub(super) fn codes() -> Vec<Name> {
    let own = OWN_CODES
        .iter()
        .map(|(code, meaning, _)| name(*code, *meaning));
    let reasons = relay_proto::reasons().into_iter();
    own.chain(reasons.map(|reason| name(reason.code, reason.sentence)))
        .collect()
}

fn topics() -> impl Iterator<Item = Name> {
    TOPICS.iter().map(|topic| name(topic.name, topic.title))
}

/// The commands below these words.
fn commands(words: &[String]) -> Vec<Name> {
    let root = crate::command();
    let mut found = Some(&root);
    for word in words {
        found = found.and_then(|command| command.find_subcommand(word));
    }
    let verbs = found.into_iter().flat_map(clap::Command::get_subcommands);
    verbs
        .filter(|verb| !verb.is_hide_set())
        .map(|verb| {
            let about = verb.get_about().map(ToString::to_string);
            name(verb.get_name(), about.unwrap_or_default())
        })
        .collect()
}

pub(super) fn man_words(words: &[String]) -> Vec<Name> {
    let mut found = commands(words);
    if words.is_empty() {
        found.extend(topics());
    }
    found
}

pub(super) fn help_words(words: &[String]) -> Vec<Name> {
    if words == ["error"] {
        return codes();
    }
    let mut found = man_words(words);
    if words.is_empty() {
        found.push(name("error", "the code of an error"));
    }
    found
}

/// Paths of the API, up to the first name in them.
pub(super) fn paths() -> Vec<Name> {
    let mut all: Vec<Name> = relay_proto::endpoints()
        .into_iter()
        .map(|it| {
            let fixed = it.path.split('{').next().unwrap_or_default();
            name(fixed, "")
        })
        .collect();
    all.sort();
    all.dedup();
    all
}
