//! What every command works with: output, prompts, the client, the account in question.

use std::cell::{Cell, OnceCell};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relay_proto::{
    Account, AccountQuery, GetServer, GetVersion, ListAccounts, Nothing, Role, ShowCaller,
};
use secrecy::SecretString;

use crate::args::Globals;
use crate::client::{Client, Connection, Part};
use crate::context::{Config, Endpoint, Target};
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::progress::Progress;
use crate::output::{Format, Output, note};
use crate::prompt::{Prompts, declined};
use crate::tokens::Place;
use crate::{Colors, format_named, tokens};

const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);

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

    /// Which relayd, by flag, environment, context and default.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        let config = match Config::path(&self.environment) {
            Ok(path) => Config::load(&path)?,
            // A service without a home folder has no contexts.
            Err(_) => Config::default(),
        };
        Target::resolve(&self.globals, &self.environment, &config)
    }

    /// The client. Nothing is sent before the first call.
    pub(crate) fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let target = self.target()?;
        let token = self.token(&target)?;
        self.out.detail(&format!("relayd at {}", target.endpoint));
        let client = self.client_with(target, token);
        Ok(self.client.get_or_init(|| client))
    }

    /// The token to show to this target. A keyring is asked once.
    pub(crate) fn token(&self, target: &Target) -> Result<Option<SecretString>, Failure> {
        if self.is_token_refused.get() {
            return Ok(None);
        }
        if let Some(token) = self.token.get() {
            return Ok(token.clone());
        }
        let place = tokens::place(&self.environment, target)?;
        if matches!(place, Some(Place::Keyring(_))) && !self.may_unlock {
            return Ok(None);
        }
        let token = tokens::token(&self.environment, target)?;
        Ok(self.token.get_or_init(|| token).clone())
    }

    /// A client for a command that waits on its own, from now on for so long: each answer has the
    /// time that it has otherwise, or what is left of the whole.
    pub(crate) fn waiting_client(&self, patience: Duration) -> Result<Client, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        let client = self.patient_client(target, token, DEFAULT_TIMEOUT);
        Ok(client.until(Instant::now().checked_add(patience)))
    }

    /// A client for a command that follows without end: it is patient with a relayd that is away.
    pub(crate) fn following_client(&self) -> Result<Client, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        let timeout = self.patience().unwrap_or(DEFAULT_TIMEOUT);
        Ok(self.patient_client(target, token, timeout.min(DEFAULT_TIMEOUT)))
    }

    /// A client that says nothing on the terminal, which shows a screen. An answer has the time
    /// that was asked for, or else `usually`.
    pub(crate) fn silent_client(&self, usually: Duration) -> Result<Client, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        Ok(Client::new(Connection {
            target,
            token,
            timeout: self.timeout.unwrap_or(usually),
            deadline: None,
            trace: self.globals.trace && !std::io::stderr().is_terminal(),
            progress: Arc::default(),
            name_context: Cell::new(false),
        }))
    }

    /// How long a command that waits on its own may take, if that was said.
    pub(crate) fn patience(&self) -> Option<Duration> {
        self.timeout
    }

    /// A client that shows this token, or none, whatever is kept for the context.
    pub(crate) fn client_with(&self, target: Target, token: Option<SecretString>) -> Client {
        self.patient_client(target, token, self.timeout.unwrap_or(DEFAULT_TIMEOUT))
    }

    fn patient_client(
        &self,
        target: Target,
        token: Option<SecretString>,
        timeout: Duration,
    ) -> Client {
        Client::new(Connection {
            target,
            token,
            timeout,
            deadline: None,
            trace: self.globals.trace,
            progress: Arc::clone(&self.progress),
            name_context: Cell::new(
                std::io::stderr().is_terminal() && !self.out.quiet && !self.is_dialogue,
            ),
        })
    }

    /// Whether relayd is spoken to by somebody it cannot know: over the network, without a token.
    fn is_stranger(&self) -> Result<bool, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        Ok(token.is_none() && matches!(target.endpoint, Endpoint::Url(_)))
    }

    /// As whom relayd is spoken to, for commands that strangers may give; `None` is a stranger. A
    /// token that relayd refuses makes one, too: it is left out from then on, since whoever
    /// registers anew has no other. Comes before the first use of the client.
    pub(crate) fn role(&self) -> Result<Option<Role>, Failure> {
        if self.is_stranger()? {
            return Ok(None);
        }
        let target = self.target()?;
        let Some(token) = self.token(&target)? else {
            // The socket lets nobody else in.
            return Ok(Some(Role::Operator));
        };
        let is_remote = matches!(target.endpoint, Endpoint::Url(_));
        let client = self.client_with(target, Some(token));
        match client.call::<ShowCaller>(&Nothing {}, &Nothing {}) {
            Ok(caller) => Ok(Some(caller.value.role)),
            Err(failure) if is_remote && failure.code() == "not-signed-in" => {
                self.is_token_refused.set(true);
                self.out.note(&match tokens::outranked(&self.environment) {
                    Some(name) => format!("relayd refused the token of {name}, so it is left out."),
                    None => {
                        "The session that was kept has ended, so it is left out; relayctl auth \
                             logout forgets it."
                            .to_owned()
                    }
                });
                Ok(None)
            }
            // Only an owner can be told so.
            Err(failure) if failure.code() == "account-not-active" => Ok(Some(Role::Owner)),
            Err(failure) => Err(failure),
        }
    }

    /// Makes sure, where questions may follow, that relayd answers and knows the caller: nobody
    /// wants to hear that after nine answers.
    pub(crate) fn reach(&self) -> Result<(), Failure> {
        if self.prompts.off().is_some() {
            return Ok(());
        }
        if self.is_stranger()? {
            // Who is to be told that a sign-in is needed is told by the command itself.
            self.client()?
                .call::<GetVersion>(&Nothing {}, &Nothing {})?;
            return Ok(());
        }
        let server = self.client()?.call::<GetServer>(&Nothing {}, &Nothing {})?;
        self.out
            .detail(&format!("relayd {} answers", server.value.version));
        Ok(())
    }

    /// The account that was named, for commands that work without one, too.
    pub(crate) fn named_account(&self) -> Result<Option<String>, Failure> {
        Ok(self.target()?.account)
    }

    /// The account to act for: the one that was named, or the only one there is.
    pub(crate) fn account(&self) -> Result<String, Failure> {
        if let Some(account) = self.account.get() {
            return Ok(account.clone());
        }
        let account = match self.named_account()? {
            Some(account) => account,
            None => self.only_account()?,
        };
        Ok(self.account.get_or_init(|| account).clone())
    }

    fn only_account(&self) -> Result<String, Failure> {
        let accounts = self.accounts()?;
        match accounts.as_slice() {
            [] => Err(
                Failure::new(Exit::NotFound, "no-account", "there is no account yet")
                    .hint("relayctl account create"),
            ),
            [only] => {
                self.out
                    .detail(&format!("account {} (the only one)", only.name));
                Ok(only.name.clone())
            }
            several => {
                let names: Vec<_> = several.iter().map(|account| account.name.clone()).collect();
                if self.prompts.off().is_none() {
                    let chosen = self.prompts.choice("Account", &names, 0)?;
                    return Ok(names.get(chosen).cloned().unwrap_or_default());
                }
                let shown = names
                    .get(..10)
                    .map_or_else(|| names.join(", "), |some| some.join(", ") + ", …");
                Err(Failure::new(
                    Exit::Usage,
                    "missing-values",
                    "missing required value: --account",
                )
                .cause(format!("there are {} accounts: {shown}", names.len()))
                .hint("name one by --account or RELAYCTL_ACCOUNT"))
            }
        }
    }

    /// Every account that may be seen.
    pub(crate) fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let all = self.client()?.list::<ListAccounts, _>(
            &Nothing {},
            &AccountQuery::default(),
            &Part::default(),
        )?;
        Ok(all.items)
    }

    /// Lets a person confirm what affects live mail; scripts say `--yes`. `effect` is a sentence
    /// with numbers, without full stop.
    pub(crate) fn confirm(&self, effect: &str) -> Result<(), Failure> {
        if self.globals.yes || self.environment.switch("RELAYCTL_YES") {
            return Ok(());
        }
        if let Some(why) = self.prompts.off() {
            return Err(Failure::new(
                Exit::Usage,
                "confirmation-missing",
                format!("not confirmed: {effect}"),
            )
            .cause(format!("prompts are off ({why})"))
            .hint("add --yes"));
        }
        // Not even --quiet asks for a yes to nothing.
        note(&format!("{effect}."));
        if self.prompts.yes("Go on?")? {
            Ok(())
        } else {
            Err(declined())
        }
    }

    /// Lets a person type `expected` before something that cannot be undone; scripts say
    /// `--confirm`. `--yes` is not enough.
    pub(crate) fn confirm_for_good(&self, effect: &str, expected: &str) -> Result<(), Failure> {
        let given = self
            .globals
            .confirm
            .as_deref()
            .or_else(|| self.environment.text("RELAYCTL_CONFIRM"));
        let given = match (given, self.prompts.off()) {
            (Some(given), _) => given.to_owned(),
            (None, Some(why)) => {
                return Err(Failure::new(
                    Exit::Usage,
                    "confirmation-missing",
                    format!("not confirmed: {effect}"),
                )
                .cause(format!("it cannot be undone, and prompts are off ({why})"))
                .hint(format!("add --confirm {expected}")));
            }
            (None, None) => {
                note(&format!("{effect}. This cannot be undone."));
                let question = format!("Type {expected} to confirm");
                let typed = self.prompts.confirmation(&question)?;
                if typed.is_empty() {
                    return Err(declined());
                }
                typed
            }
        };
        if given == expected {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Usage,
            "confirmation-wrong",
            format!("`{given}` does not confirm it; nothing was changed"),
        )
        .cause(format!("{effect}; that takes `{expected}`"))
        .hint(format!("add --confirm {expected}")))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
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
