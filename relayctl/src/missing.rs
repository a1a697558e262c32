//! Values that a command needs and was not given, as clap tells them: asked for where a person is,
//! named all at once where there is none.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::complete;
use crate::error::Failure;
use crate::prompt::{Prompts, check};

/// Commands whose arguments are for whoever knows them: they are named, and not asked for.
const NEVER_ASKED: [&str; 4] = ["api", "completion", "help", "man"];

/// What is missing from a command line.
#[derive(Debug)]
pub(crate) struct Missing<'c> {
    /// As they are named in the error: `USER`, `--to`.
    names: Vec<String>,
    /// The arguments themselves, where each of them is known.
    arguments: Vec<&'c clap::Arg>,
    /// The command with all that it needs.
    usage: String,
}

impl<'c> Missing<'c> {
    /// What an error of clap says to be missing, if that is what it says.
    pub(crate) fn of(error: &clap::Error, command: &'c clap::Command) -> Option<Self> {
        if error.kind() != ErrorKind::MissingRequiredArgument {
            return None;
        }
        let Some(ContextValue::Strings(shown)) = error.get(ContextKind::InvalidArg) else {
            return None;
        };
        let usage = match error.get(ContextKind::Usage) {
            Some(ContextValue::StyledStr(usage)) => usage.to_string(),
            _ => String::new(),
        };
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        let mut usage = usage.replace(" [OPTIONS]", "");
        // Of what was given, clap names the global options, too.
        for global in command.get_arguments().filter(|it| it.is_global_set()) {
            usage = usage.replace(&format!(" {global}"), "");
        }
        let usage = usage.replace(['<', '>'], "");
        let mut leaf = command;
        for word in usage.split(' ').skip(1) {
            match leaf.find_subcommand(word) {
                Some(found) => leaf = found,
                None => break,
            }
        }
        let is_asked = !NEVER_ASKED.contains(&usage.split(' ').nth(1).unwrap_or_default());
        let found = shown.iter().map(|shown| {
            let mut all = leaf.get_arguments();
            let found = all.find(|argument| argument.to_string() == *shown);
            // A switch has no value to ask for.
            found.filter(|argument| argument.get_action().takes_values())
        });
        let found: Option<Vec<_>> = found.collect();
        Some(Self {
            names: shown.iter().map(|shown| name(shown)).collect(),
            arguments: found.filter(|_| is_asked).unwrap_or_default(),
            usage,
        })
    }

    /// Asks for each of them where that may be done; gives the whole command line.
    pub(crate) fn ask(
        &self,
        prompts: &Prompts,
        given: &[OsString],
    ) -> Result<Option<Vec<OsString>>, Failure> {
        if prompts.off().is_some() || self.arguments.is_empty() {
            return Ok(None);
        }
        let end = OsStr::new("--");
        let (mut before, mut after) = match given.iter().position(|word| word == end) {
            Some(place) => (given[..place].to_vec(), given[place + 1..].to_vec()),
            None => (given.to_vec(), Vec::new()),
        };
        for argument in &self.arguments {
            let line = before.iter().chain(&after);
            let value = ask_for(argument, prompts, line)?;
            match argument.get_long() {
                Some(long) => before.push(format!("--{long}={value}").into()),
                None => after.push(value.into()),
            }
        }
        if !after.is_empty() {
            before.push(end.to_owned());
            before.append(&mut after);
        }
        Ok(Some(before))
    }

    /// The error that names all of them.
    pub(crate) fn failure(&self, prompts: &Prompts) -> Failure {
        let failure = Failure::missing(&self.names);
        let failure = match prompts.off() {
            Some(why) if !self.arguments.is_empty() => {
                failure.cause(format!("prompts are off ({why})"))
            }
            _ => failure.cause("the command does nothing without"),
        };
        failure.hint(&self.usage)
    }
}

/// One of its values, of the names that relayd knows, or any text.
fn ask_for<'l>(
    argument: &clap::Arg,
    prompts: &Prompts,
    line: impl Iterator<Item = &'l OsString>,
) -> Result<String, Failure> {
    let help = argument.get_help().map(ToString::to_string);
    let help = help.unwrap_or_default();
    let question = help.split(';').next().unwrap_or_default().trim();
    let values = argument.get_possible_values();
    let values = values.iter().filter(|value| !value.is_hide_set());
    let mut items: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
    if items.is_empty() {
        items = complete::known(argument, line);
    }
    if items.is_empty() {
        return prompts.line(question, None, false, check::anything);
    }
    let chosen = prompts.choice(question, &items, 0)?;
    Ok(items.get(chosen).cloned().unwrap_or_default())
}

/// `--to` of `--to <ADDRESS>`, `USER` of `<USER>`.
fn name(shown: &str) -> String {
    let flag = shown.split(' ').next().unwrap_or(shown);
    if flag.starts_with('-') {
        return flag.to_owned();
    }
    shown
        .trim_end_matches("...")
        .trim_matches(['<', '>'])
        .replace('|', " or ")
}
