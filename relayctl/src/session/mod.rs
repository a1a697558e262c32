//! What every command works with: output, prompts, the client, the account in question.

mod account;
mod caller;
mod clients;
mod confirm;

use std::cell::{Cell, OnceCell};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::args::Globals;
use crate::client::Client;
use crate::context::Config;
use crate::environment::Environment;
use crate::error::Failure;
use crate::output::progress::Progress;
use crate::output::{Format, Output};
use crate::prompt::Prompts;
use crate::{Colors, format_named};

/// One run of relayctl.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) out: Output,
    pub(crate) prompts: Prompts,
    /// What is waited for, on a terminal.
    pub(crate) progress: Arc<Progress>,
    pub(crate) globals: Globals,
    pub(crate) environment: Environment,
    /// As the flag or the environment says.
    timeout: Option<Duration>,
    /// Whether a keyring may be asked, which may ask a person to unlock it.
    may_unlock: bool,
    /// Which relayd changes go to was said already.
    is_dialogue: bool,
    client: OnceCell<Client>,
    /// The token to show, once it was looked for.
    token: OnceCell<Option<SecretString>>,
    /// relayd refused the token, which is left out since.
    is_token_refused: Cell<bool>,
    account: OnceCell<String>,
}

impl Session {
    /// Decides what flags and environment decide; connects to nothing and reads no file.
    pub(crate) fn new(
        globals: Globals,
        environment: Environment,
        color: Colors,
    ) -> Result<Self, Failure> {
        let globals = telling(globals, &environment)?;
        let format = match (globals.output, environment.text("RELAYCTL_OUTPUT")) {
            (Some(format), _) => format,
            (None, Some(name)) => format_named(name).ok_or_else(|| {
                Failure::usage(format!("RELAYCTL_OUTPUT: there is no format `{name}`"))
                    .hint("valid are table, wide, json, jsonl, tsv, name")
            })?,
            (None, None) => Format::default(),
        };
        let timeout = match (globals.timeout, environment.text("RELAYCTL_TIMEOUT")) {
            (Some(timeout), _) => Some(timeout),
            (None, Some(text)) => Some(
                crate::time::parse_duration(text)
                    .map_err(|why| Failure::usage(format!("RELAYCTL_TIMEOUT: {why}")))?,
            ),
            (None, None) => None,
        };
        let out = Output {
            format,
            columns: globals.columns.clone(),
            header: !globals.no_header,
            quiet: globals.quiet,
            verbose: globals.verbose,
            width: terminal_width(),
            color: color.stdout,
            now: now(),
            frame: None,
            pages: None,
        };
        let prompts = Prompts::decide(globals.no_input, &environment, color.stderr);
        // The trace is written in the middle of a wait.
        let progress = Progress::decide(globals.quiet || globals.trace, &environment);
        Ok(Self {
            out,
            prompts,
            progress: Arc::new(progress),
            globals,
            environment,
            timeout,
            may_unlock: true,
            is_dialogue: false,
            client: OnceCell::new(),
            token: OnceCell::new(),
            is_token_refused: Cell::new(false),
            account: OnceCell::new(),
        })
    }

    /// The same, for completions: no output, no waiting.
    pub(crate) fn hurried(
        environment: Environment,
        globals: Globals,
        timeout: Duration,
    ) -> Result<Self, Failure> {
        let globals = Globals {
            quiet: true,
            no_input: true,
            timeout: Some(timeout),
            ..globals
        };
        let colors = Colors {
            stdout: false,
            stderr: false,
        };
        let session = Self::new(globals, environment, colors)?;
        Ok(Self {
            may_unlock: false,
            ..session
        })
    }

    /// The same for a dialogue of several commands: with these options, for a person, and knowing
    /// nothing yet of relayd.
    pub(crate) fn for_dialogue(&self, globals: Globals) -> Self {
        let out = Output {
            format: Format::default(),
            columns: Vec::new(),
            quiet: false,
            ..self.out.clone()
        };
        Self {
            out,
            prompts: self.prompts.clone(),
            progress: Arc::clone(&self.progress),
            globals,
            environment: self.environment.clone(),
            timeout: self.timeout,
            may_unlock: self.may_unlock,
            is_dialogue: true,
            client: OnceCell::new(),
            token: OnceCell::new(),
            is_token_refused: Cell::new(false),
            account: OnceCell::new(),
        }
    }

    /// Where the configuration is, and what it says.
    pub(crate) fn config(&self) -> Result<(PathBuf, Config), Failure> {
        let path = Config::path(&self.environment)?;
        let config = Config::load(&path)?;
        Ok((path, config))
    }

    /// How long a command that waits on its own may take, if that was said.
    pub(crate) fn patience(&self) -> Option<Duration> {
        self.timeout
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// How much is told on stderr: as a flag says, or else the environment.
fn telling(mut globals: Globals, environment: &Environment) -> Result<Globals, Failure> {
    if globals.quiet || globals.verbose || globals.trace {
        return Ok(globals);
    }
    match environment.text("RELAYCTL_LOG") {
        None => {}
        Some("quiet") => globals.quiet = true,
        Some("verbose") => globals.verbose = true,
        Some("trace") => globals.trace = true,
        Some(other) => {
            return Err(
                Failure::usage(format!("RELAYCTL_LOG: there is no level `{other}`"))
                    .hint("valid are quiet, verbose, trace"),
            );
        }
    }
    Ok(globals)
}

/// Columns of the terminal that stdout is.
pub(crate) fn terminal_width() -> Option<usize> {
    let stdout = console::Term::stdout();
    if !stdout.is_term() {
        return None;
    }
    Some(
        stdout
            .size_checked()
            .map_or(80, |(_, columns)| usize::from(columns).max(1)),
    )
}
