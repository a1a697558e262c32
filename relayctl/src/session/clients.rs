//! Which relayd is spoken to, with which token, and how patiently.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::Session;
use crate::client::{Client, Connection};
use crate::context::{Config, Target};
use crate::error::Failure;
use crate::tokens::{self, Place};

const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);

impl Session {
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
        let client = Client::new(self.connection(DEFAULT_TIMEOUT)?);
        Ok(client.until(Instant::now().checked_add(patience)))
    }

    /// A client for a command that follows without end: it is patient with a relayd that is away.
    pub(crate) fn following_client(&self) -> Result<Client, Failure> {
        let timeout = self.patience().unwrap_or(DEFAULT_TIMEOUT);
        let connection = self.connection(timeout.min(DEFAULT_TIMEOUT))?;
        Ok(Client::new(connection))
    }

    /// A client that says nothing on the terminal, which shows a screen. An answer has the time
    /// that was asked for, or else `usually`.
    pub(crate) fn silent_client(&self, usually: Duration) -> Result<Client, Failure> {
        Ok(Client::new(Connection {
            trace: self.globals.trace && !std::io::stderr().is_terminal(),
            progress: Arc::default(),
            name_context: Cell::new(false),
            ..self.connection(self.timeout.unwrap_or(usually))?
        }))
    }

    /// A client that shows this token, or none, whatever is kept for the context.
    pub(crate) fn client_with(&self, target: Target, token: Option<SecretString>) -> Client {
        let timeout = self.timeout.unwrap_or(DEFAULT_TIMEOUT);
        Client::new(self.connection_with(target, token, timeout))
    }

    fn connection(&self, timeout: Duration) -> Result<Connection, Failure> {
        let target = self.target()?;
        let token = self.token(&target)?;
        Ok(self.connection_with(target, token, timeout))
    }

    fn connection_with(
        &self,
        target: Target,
        token: Option<SecretString>,
        timeout: Duration,
    ) -> Connection {
        Connection {
            target,
            token,
            timeout,
            deadline: None,
            trace: self.globals.trace,
            progress: Arc::clone(&self.progress),
            name_context: Cell::new(
                std::io::stderr().is_terminal() && !self.out.quiet && !self.is_dialogue,
            ),
        }
    }
}
