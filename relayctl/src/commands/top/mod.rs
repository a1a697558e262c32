//! `relayctl top`: what goes through, what waits and why, and what was refused, live.
//!
//! `model` is the state and what keys and samples make of it; `pages` and `foot` are what is said
//! of it in lines; `view` draws it; `run` and `screen` have the terminal, `worker` speaks with
//! relayd. All but these three know neither.

mod figure;
mod foot;
mod model;
mod pages;
mod run;
mod screen;
mod view;
mod words;
mod worker;

#[cfg(test)]
mod tests;

use std::io::IsTerminal as _;
use std::time::Duration;

use crate::error::Failure;
use crate::session::Session;
use crate::time::parse_interval;

/// Watch mail go through: counts, lanes and why they wait, last refusals and their remedy
///
/// Keys: up and down choose a lane, Tab goes to the refusals, h holds the lane's account and r
/// releases it (each asks first), Enter or t opens the trace of its oldest mail, / filters by
/// account or text, s sorts, p pauses, ? helps, q quits. While relayd restarts the last figures
/// stay, with their age.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  relayctl top\n  relayctl top --account acme --interval 10")]
pub(crate) struct Args {
    /// Between two looks: seconds, or 10s, 1m
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = parse_interval)]
    interval: Duration,
    /// Draw with plain ASCII characters; so does a locale that is not UTF-8
    #[arg(long)]
    ascii: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        check_terminal(session)?;
        run::run(session, self.interval, self.ascii)
    }
}

/// A screen needs a terminal that can move its cursor, and a person at it.
fn check_terminal(session: &Session) -> Result<(), Failure> {
    let why = if !std::io::stdout().is_terminal() {
        "stdout is not a terminal"
    } else if !std::io::stdin().is_terminal() {
        "stdin is not a terminal"
    } else if session.environment.is_dumb() {
        "this terminal cannot move its cursor"
    } else if !session.out.format.is_for_people() {
        "a screen has no other format"
    } else {
        return Ok(());
    };
    Err(Failure::usage("top draws on a terminal")
        .cause(why)
        .hint("relayctl stats summary --watch -o jsonl prints a line each time"))
}
