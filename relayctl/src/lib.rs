//! relayctl as a library: `main`, and the definition that completions and man pages come from.
//!
//! A command is a struct of arguments with a `run` method, one file each below `commands/`. It
//! talks to relayd through `client`, to people through `prompt`, and prints through `output`.

mod args;
mod chart;
mod client;
mod commands;
mod complete;
mod context;
mod environment;
mod error;
mod fault;
pub mod generated;
mod missing;
mod narrow;
mod output;
mod password;
mod patience;
mod prompt;
mod session;
mod signals;
mod smtp;
mod time;
mod tokens;
mod topics;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::rc::Rc;

use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::args::{Cli, Color};
use crate::commands::readers;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::missing::Missing;
use crate::output::pager::{Pages, Screen};
use crate::output::{Format, write_stdout};
use crate::prompt::Prompts;
use crate::session::Session;

/// The definition of the command line.
pub fn command() -> clap::Command {
    fn mended(command: clap::Command) -> clap::Command {
        // What a variable says for one command must not change an object that another one edits.
        let command = if command.get_name() == "edit" {
            command.mut_args(|argument| argument.env(clap::builder::Resettable::Reset))
        } else {
            command
        };
        command
            .disable_help_subcommand(true)
            .mut_subcommands(mended)
    }
    mended(Cli::command())
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
    fault::report_panics(as_json);
    let result = parse(arguments, &environment, color, as_json)
        .and_then(|(cli, only_reads)| run(cli, only_reads, environment, color));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let failure =
                failure.with_next_step(|| help_of(&std::env::args_os().collect::<Vec<_>>()));
            failure.print(as_json, color.stderr);
            ExitCode::from(failure.exit().number())
        }
    }
}

/// Runs the command. What it says is for the pager when it only reads: nothing that is shown once,
/// and nothing that somebody waits for.
fn run(cli: Cli, only_reads: bool, environment: Environment, color: Colors) -> Result<(), Failure> {
    let no_input = cli.globals.no_input;
    let pages = Pages::wanted(no_input, &environment, Screen::of_stdout()).filter(|_| only_reads);
    let mut session = Session::new(cli.globals, environment, color)?;
    let pages = pages.map(Rc::new);
    session.out.pages.clone_from(&pages);
    let done = cli.noun.run(&session);
    // What was said before a failure is shown before it.
    let shown = pages.map_or(Ok(()), |pages| pages.show());
    done.and(shown)
}

/// The command that explains the one that was given.
fn help_of(arguments: &[OsString]) -> String {
    let definition = command();
    let (mut leaf, mut path) = (&definition, "relayctl".to_owned());
    for word in arguments.iter().skip(1).filter_map(|word| word.to_str()) {
        if let Some(found) = leaf.find_subcommand(word) {
            leaf = found;
            path.extend([" ", leaf.get_name()]);
        }
    }
    path + " --help"
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
            Color::Auto => is_terminal && !environment.is_dumb(),
        };
        Self {
            stdout: on(std::io::stdout().is_terminal()),
            stderr: on(std::io::stderr().is_terminal()),
        }
    }
}

/// Reads the command line; what is missing is asked for where a person is. Gives whether the
/// command only reads, too.
fn parse(
    mut arguments: Vec<OsString>,
    environment: &Environment,
    color: Colors,
    as_json: bool,
) -> Result<(Cli, bool), Failure> {
    let choice = if color.stdout {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    };
    let width = narrow::width();
    loop {
        let parsed = narrow::fitted(command(), width)
            .color(choice)
            .try_get_matches_from(&arguments)
            .and_then(|mut matches| {
                let only_reads = readers::only_reads(&matches);
                Ok((Cli::from_arg_matches_mut(&mut matches)?, only_reads))
            });
        let error = match parsed {
            Ok(command) => return Ok(command),
            Err(error) => error,
        };
        let no_input = args::no_input_before_parsing(&arguments);
        let mut definition = command();
        // What clap names is what it made of the definition.
        definition.build();
        let Some(missing) = Missing::of(&error, &definition) else {
            let about = (no_input, environment);
            return Err(wrong_usage(&error, about, color, width, as_json));
        };
        let prompts = Prompts::decide(no_input, environment, color.stderr);
        match missing.ask(&prompts, &arguments)? {
            Some(complete) => arguments = complete,
            None => return Err(missing.failure(&prompts)),
        }
    }
}

/// Help and version go to stdout and end well; mistakes become a failure.
fn wrong_usage(
    error: &clap::Error,
    (no_input, environment): (bool, &Environment),
    color: Colors,
    width: usize,
    as_json: bool,
) -> Failure {
    let styled = |on| {
        if on {
            error.render().ansi().to_string()
        } else {
            error.render().to_string()
        }
    };
    if !error.use_stderr() {
        let text = narrow::with_usage(&styled(color.stdout), width);
        let shown = match Pages::wanted(no_input, environment, Screen::of_stdout()) {
            Some(pages) => {
                pages.add(&text);
                pages.show()
            }
            None => write_stdout(&text).map_err(Failure::from),
        };
        return shown.err().unwrap_or_else(|| Failure::silent(Exit::Done));
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
    output::styled_note(&error::plain(&styled(color.stderr)));
    Failure::silent(Exit::Usage)
}
