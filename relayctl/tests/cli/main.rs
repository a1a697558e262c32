//! The real relayctl, run through pipes against a stand-in for the API.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
mod auth;
mod changes;
mod completion;
mod configuration;
mod doctor;
mod fake;
mod help;
mod limits;
mod manners;
mod network;
mod pictures;
mod routes;
mod tail;
mod test_mail;
mod tokens;
mod widths;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What one run left behind.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs relayctl with an empty environment of its own.
struct Relayctl {
    home: TempDir,
    environment: Vec<(String, String)>,
    stdin: Option<String>,
}

impl Relayctl {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
            stdin: None,
        }
    }

    /// Speaks to the fake API.
    fn at(fake: &fake::Api) -> Self {
        Self::new().env("RELAYCTL_SOCKET", fake.socket().to_str().unwrap())
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relayctl"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home())
            .envs(self.environment.iter().cloned())
            .current_dir(self.home())
            .stdin(if self.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut child = self.command(arguments).spawn().unwrap();
        if let (Some(text), Some(mut pipe)) = (&self.stdin, child.stdin.take()) {
            // A command that does not read its stdin may have ended already.
            let _ = pipe.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
