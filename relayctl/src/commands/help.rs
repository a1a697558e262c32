//! `relayctl help`

use relay_proto::{Nothing, ReasonPath, ShowReason};

use crate::error::{Exit, Failure};
use crate::output::cell::harmless;
use crate::session::Session;
use crate::topics;

/// Explain a command, a topic, or the code of an error
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl help user create
  relayctl help exit-codes
  relayctl help error address-not-registered

Topics: exit-codes, environment, scripting")]
pub(crate) struct Args {
    /// A command, a topic, or `error` and a code
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["error", code] => explain(session, code),
            ["error"] => Err(Failure::usage("which code?").hint("relayctl help error CODE")),
            [topic] if topics::find(topic).is_some() => session
                .out
                .block(topics::find(topic).map_or("", |topic| topic.text)),
            words => session.out.block(&help_of(words)?),
        }
    }
}

fn help_of(words: &[&str]) -> Result<String, Failure> {
    let mut command = crate::command();
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
    Ok(found.render_long_help().to_string())
}

/// Explains codes of relayctl itself without a connection, and those of relayd by asking it.
fn explain(session: &Session, code: &str) -> Result<(), Failure> {
    if let Some((_, meaning, remedy)) = topics::OWN_CODES.iter().find(|(own, _, _)| *own == code) {
        return session
            .out
            .block(&format!("{code}\n  {meaning}.\n  try:   {remedy}\n"));
    }
    let path = ReasonPath {
        code: code.to_owned(),
    };
    let answer = session.client()?.call::<ShowReason>(&path, &Nothing {})?;
    if session.out.format.is_json() {
        return session.out.item_as_sent(&answer);
    }
    let reason = &answer.value;
    let smtp = reason
        .smtp
        .as_ref()
        .map(|smtp| format!("  SMTP:  {}\n", harmless(smtp)));
    let http = reason.http.map(|http| {
        let exit = Exit::of_answer(http, &reason.code);
        format!("  HTTP:  {http}, exit code {exit}\n")
    });
    session.out.block(&format!(
        "{}\n  {}.\n  try:   {}\n{}{}",
        harmless(&reason.code),
        harmless(&reason.sentence),
        harmless(&reason.remedy),
        smtp.unwrap_or_default(),
        http.unwrap_or_default(),
    ))
}
