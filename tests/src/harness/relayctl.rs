//! relayctl as a person or script runs it: real arguments, exit codes, both streams.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::binary;

/// A command line without a terminal, without configuration of its own.
#[derive(Debug, Clone)]
pub struct Relayctl {
    program: PathBuf,
    home: PathBuf,
    environment: Vec<(String, String)>,
}

/// What one call came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Exit code; -1 when it ended by a signal.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Hints and errors.
    pub stderr: String,
}

impl Relayctl {
    /// The operator, through the Unix socket. `home` keeps its files.
    pub fn on_socket(socket: &Path, home: &Path) -> Result<Self> {
        Ok(Self {
            program: binary("relayctl")?,
            home: home.to_owned(),
            environment: vec![("RELAYCTL_SOCKET".into(), socket.display().to_string())],
        })
    }

    /// Somebody with a token, through the loopback port.
    pub fn on_tcp(api: std::net::SocketAddr, token: &str, home: &Path) -> Result<Self> {
        Ok(Self {
            program: binary("relayctl")?,
            home: home.to_owned(),
            environment: vec![
                ("RELAYCTL_URL".into(), format!("http://{api}")),
                ("RELAYCTL_TOKEN".into(), token.to_owned()),
            ],
        })
    }

    /// Somebody who has nothing yet: no address, no token; what it keeps is in `home`.
    pub(super) fn at_home(home: &Path) -> Result<Self> {
        Ok(Self {
            program: binary("relayctl")?,
            home: home.to_owned(),
            environment: Vec::new(),
        })
    }

    /// With one more environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Acts for this account.
    #[must_use]
    pub fn account(self, name: &str) -> Self {
        self.env("RELAYCTL_ACCOUNT", name)
    }

    /// Runs it, whatever comes of it. Arguments are split at blanks.
    pub fn run(&self, arguments: &str) -> Result<Outcome> {
        let arguments: Vec<&str> = arguments.split_ascii_whitespace().collect();
        self.run_with(&arguments, "")
    }

    /// The command with these arguments, to be run in some other way.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // The keyring of whoever runs the tests is none of theirs.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it with these arguments as they are, and text on stdin.
    pub fn run_with(&self, arguments: &[&str], stdin: &str) -> Result<Outcome> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting relayctl")?;
        let mut input = child.stdin.take().context("no stdin")?;
        // A relayctl that fails early does not read its stdin; its exit code says why.
        let _written = input.write_all(stdin.as_bytes());
        drop(input);
        let output = child.wait_with_output()?;
        Ok(Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// Runs it; anything but exit code 0 is an error. Gives stdout.
    pub fn ok(&self, arguments: &str) -> Result<String> {
        self.run(arguments)?.succeeded(arguments)
    }

    /// Runs it with `-o json` and reads what it prints.
    pub fn json(&self, arguments: &str) -> Result<Value> {
        let stdout = self.ok(&format!("{arguments} -o json"))?;
        serde_json::from_str(&stdout).with_context(|| format!("{arguments}: {stdout}"))
    }

    /// The items of a list.
    pub fn items(&self, arguments: &str) -> Result<Vec<Value>> {
        let mut page = self.json(arguments)?;
        let items = page.get_mut("items").map(Value::take);
        match items {
            Some(Value::Array(items)) => Ok(items),
            _ => anyhow::bail!("{arguments} printed no list: {page}"),
        }
    }
}

impl Outcome {
    /// The exit code was 0; gives stdout.
    pub fn succeeded(self, what: &str) -> Result<String> {
        ensure!(
            self.code == 0,
            "relayctl {what} ended with {}\n{}{}",
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self.stdout)
    }
}
