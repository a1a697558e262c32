//! relayctl as a library: `main`, and the definition that completions and man pages come from.
//!
//! A command is a struct of arguments with a `run` method, one file each below `commands/`. It
//! talks to relayd through `client`, to people through `prompt`, and prints through `output`.

mod args;
mod client;
mod commands;
mod complete;
mod context;
mod environment;
mod error;
pub mod generated;
mod narrow;
mod output;
mod password;
mod prompt;
mod session;
mod time;
mod tokens;
mod topics;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _};

use crate::args::{Cli, Color};
use crate::environment::Environment;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::error::{Exit, Failure};
use crate::output::{Format, write_stdout};
use crate::session::Session;

/// The definition of the command line.
pub fn command() -> clap::Command {
    fn without_help_verbs(command: clap::Command) -> clap::Command {
        command
            .disable_help_subcommand(true)
            .mut_subcommands(without_help_verbs)
    }
    without_help_verbs(Cli::command())
}

/// Runs relayctl with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    forbid_core_dumps();
    if complete::answered() {
        return ExitCode::SUCCESS;
    }
    let environment = Environment::of_process();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let color = Colors::decide(&arguments, &environment);
    let default_format = environment.text("RELAYCTL_OUTPUT").and_then(format_named);
    let as_json =
        args::json_before_parsing(&arguments, default_format.is_some_and(Format::is_json));
    let result = parse(&arguments, color, as_json).and_then(|cli| {
        cli.noun
            .run(&Session::new(cli.globals, environment, color)?)
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(as_json, color.stderr);
            ExitCode::from(failure.exit().number())
        }
    }
}

/// Passwords and tokens that are in memory stay there. Without the limit all else still works.
fn forbid_core_dumps() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

fn format_named(name: &str) -> Option<Format> {
    clap::ValueEnum::from_str(name, true).ok()
}

/// Which streams are coloured.
#[derive(Debug, Clone, Copy)]
struct Colors {
    stdout: bool,
    stderr: bool,
}

impl Colors {
    /// `--color`, then `NO_COLOR`, then `CLICOLOR_FORCE`, then whether it is a terminal.
    fn decide(arguments: &[OsString], environment: &Environment) -> Self {
        let on = |is_terminal: bool| match args::color_before_parsing(arguments).unwrap_or_default()
        {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if environment.text("NO_COLOR").is_some() => false,
            Color::Auto if environment.switch("CLICOLOR_FORCE") => true,
            Color::Auto => is_terminal && environment.text("TERM") != Some("dumb"),
        };
        Self {
            stdout: on(std::io::stdout().is_terminal()),
            stderr: on(std::io::stderr().is_terminal()),
        }
    }
}

/// Help and version go to stdout and end well; mistakes become a failure.
fn parse(arguments: &[OsString], color: Colors, as_json: bool) -> Result<Cli, Failure> {
    let choice = |on| {
        if on {
            ColorChoice::Always
        } else {
            ColorChoice::Never
        }
    };
    let width = narrow::width();
    let parsed = narrow::fitted(command(), width)
        .color(choice(color.stdout))
        .try_get_matches_from(arguments)
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    parsed.map_err(|error| {
        let styled = |on| {
            if on {
                error.render().ansi().to_string()
            } else {
                error.render().to_string()
            }
        };
        if !error.use_stderr() {
            return match write_stdout(&narrow::with_usage(&styled(color.stdout), width)) {
                Ok(()) => Failure::silent(Exit::Done),
                Err(error) => error.into(),
            };
        }
        if as_json {
            let text = error.render().to_string();
            let mut lines = text.lines().filter(|line| !line.trim().is_empty());
            let first = lines
                .next()
                .unwrap_or("wrong usage")
                .trim_start_matches("error: ");
            let rest: Vec<_> = lines.map(str::trim).collect();
            return Failure::usage(first).cause(rest.join("\n"));
        }
        output::styled_note(&styled(color.stderr));
        Failure::silent(Exit::Usage)
    })
}
