//! `relayctl help`

use relay_proto::ReasonInfo;

use crate::complete;
use crate::error::{Exit, Failure};
use crate::narrow;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;
use crate::topics;

/// Explain a command, a topic, or the code of an error
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl help user create
  relayctl help exit-codes
  relayctl help error
  relayctl help error address-not-registered

Topics: exit-codes, environment, scripting")]
pub(crate) struct Args {
    /// A command, a topic, or `error` and a code; `error` alone lists all codes
    #[arg(value_name = "WORD", add = complete::help_words())]
    words: Vec<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["error", code] => explain(session, code),
            ["error"] => session.out.own_rows(&codes(), &CODES),
            [topic] if topics::find(topic).is_some() => session
                .out
                .block(topics::find(topic).map_or("", |topic| topic.text)),
            words => session.out.block(&help_of(words)?),
        }
    }
}

fn help_of(words: &[&str]) -> Result<String, Failure> {
    let width = narrow::width();
    let mut command = narrow::fitted(crate::command(), width);
    command.build();
    let mut found = &mut command;
    for word in words {
        found = found.find_subcommand_mut(word).ok_or_else(|| {
            Failure::new(
                Exit::NotFound,
                "no-topic",
                format!("there is no command or topic `{}`", words.join(" ")),
            )
            .hint("relayctl --help lists commands and topics")
        })?;
    }
    Ok(narrow::with_usage(
        &found.render_long_help().to_string(),
        width,
    ))
}

/// Every code: those of relayctl itself, and those of relayd, whose table relayctl carries along.
/// So a code is explained even where no relayd answers.
fn codes() -> Vec<ReasonInfo> {
    let own = topics::OWN_CODES
        .iter()
        .map(|(code, sentence, remedy)| ReasonInfo {
            code: (*code).to_owned(),
            sentence: (*sentence).to_owned(),
            remedy: (*remedy).to_owned(),
            smtp: None,
            http: None,
        });
    own.chain(relay_proto::reasons()).collect()
}

static CODES: View<ReasonInfo> = View {
    columns: &[
        column("code", Rank::Key, |it| Cell::text(&it.code)),
        column("meaning", Rank::Text(9), |it| Cell::text(&it.sentence)),
    ],
    name: |it| &it.code,
    empty: "",
};

fn explain(session: &Session, code: &str) -> Result<(), Failure> {
    let codes = codes();
    let Some(reason) = codes.iter().find(|reason| reason.code == code) else {
        return Err(unknown(code, &codes));
    };
    if session.out.format.is_json() {
        return session.out.own_json(reason);
    }
    let smtp = reason
        .smtp
        .as_ref()
        .map(|smtp| format!("  SMTP:  {smtp}\n"));
    let http = reason.http.map(|http| {
        let exit = Exit::of_answer(http, &reason.code);
        format!("  HTTP:  {http}, exit code {exit}\n")
    });
    session.out.block(&format!(
        "{code}\n  {}.\n  try:   {}\n{}{}",
        reason.sentence,
        reason.remedy,
        smtp.unwrap_or_default(),
        http.unwrap_or_default(),
    ))
}

/// There is no such code: names those that are one or two typing mistakes away, or else share most
/// of its words.
fn unknown(code: &str, codes: &[ReasonInfo]) -> Failure {
    let typed = code.to_lowercase().replace(['_', ' '], "-");
    let mistyped = |known: &&ReasonInfo| mistakes(&typed, &known.code) <= 2;
    let mut near: Vec<_> = codes.iter().filter(mistyped).collect();
    if near.is_empty() {
        let likeness = |known: &ReasonInfo| likeness(&typed, &known.code);
        let most = codes.iter().map(likeness).max().unwrap_or(0);
        near = codes
            .iter()
            .filter(|it| most > 0 && likeness(it) == most)
            .collect();
    }
    let near: Vec<_> = near
        .iter()
        .map(|known| known.code.as_str())
        .take(5)
        .collect();
    let failure = Failure::new(
        Exit::NotFound,
        "no-topic",
        format!("there is no code `{code}`"),
    );
    let failure = if near.is_empty() {
        failure
    } else {
        failure.hint(format!("near it: {}", near.join(", ")))
    };
    failure.hint("relayctl help error lists all codes")
}

/// How many words of a code begin like those of another.
fn likeness(typed: &str, known: &str) -> usize {
    let is_like = |one: &str, other: &str| {
        let length = one.len().min(other.len()).min(4);
        length > 2 && one.get(..length) == other.get(..length)
    };
    let words = typed.split('-');
    words
        .filter(|word| known.split('-').any(|other| is_like(word, other)))
        .count()
}

/// Letters that were left out, added or replaced (Levenshtein), up to where it does not matter.
fn mistakes(typed: &str, known: &str) -> usize {
    if typed.len().abs_diff(known.len()) > 2 {
        return usize::MAX;
    }
    let known: Vec<char> = known.chars().collect();
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (line, letter) in typed.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (at, other) in known.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
