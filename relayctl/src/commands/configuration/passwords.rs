//! The passwords of new relay users: made here, and handed over exactly once.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use relay_proto::{Configuration, ConfigurationAction, ConfigurationChange, ConfigurationPart};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::commands::counted;
use crate::error::Failure;
use crate::password::{PasswordFile, fresh};
use crate::session::Session;

/// Made passwords, and where they go.
#[derive(Debug)]
pub(super) struct Passwords {
    made: Vec<(String, SecretString)>,
    /// Where they are already.
    file: Option<PathBuf>,
}

impl Passwords {
    /// Makes a password for each relay user that is new, and puts it into what is wanted. The file
    /// is written before anything is sent: an answer that gets lost does not take them along.
    pub(super) fn make(
        session: &Session,
        changes: &[ConfigurationChange],
        wanted: &mut Configuration,
        out: Option<&Path>,
    ) -> Result<Self, Failure> {
        let is_new = |name: &str| {
            changes.iter().any(|it| {
                it.part == ConfigurationPart::User
                    && it.action == ConfigurationAction::Add
                    && it.name == name
            })
        };
        let mut made = Vec::new();
        for user in &mut wanted.users {
            if is_new(&user.username) {
                let password = fresh();
                user.password = Some(password.expose_secret().to_owned());
                made.push((user.username.clone(), password));
            }
        }
        let seen = std::io::stdout().is_terminal() || session.out.format.is_json();
        if !made.is_empty() && out.is_none() && !seen {
            return Err(Failure::usage(format!(
                "there is nowhere to show {}: stdout is not a terminal",
                counted(made.len(), "password")
            ))
            .cause("new relay users get passwords, which are shown once")
            .hint("add --password-out FILE, or -o json"));
        }
        let file = match out.filter(|_| !made.is_empty()) {
            None => None,
            Some(path) => {
                let file = PasswordFile::create(path)?;
                Some(file.write(&lines(&made))?)
            }
        };
        Ok(Self { made, file })
    }

    /// What becomes of the file when the request failed: it goes, unless nobody knows whether it
    /// was done.
    pub(super) fn after(&self, failure: Failure) -> Failure {
        let is_unknown = failure.is_outcome_unknown();
        match &self.file {
            Some(path) if is_unknown => failure.hint(format!(
                "{} has the passwords; give the same command again to see whether they count",
                path.display()
            )),
            Some(path) => {
                let _ = std::fs::remove_file(path);
                failure
            }
            None if is_unknown && !self.made.is_empty() => failure.hint(
                "the passwords are lost; if it was done: relayctl user rotate-password NAME, of \
                 each new one",
            ),
            None => failure,
        }
    }

    /// Lines for people; empty when there is nothing to show.
    pub(super) fn shown(&self) -> String {
        if self.file.is_some() || self.made.is_empty() {
            return String::new();
        }
        let wide = self.made.iter().map(|(name, _)| name.len());
        let wide = wide.max().unwrap_or_default();
        let mut text = String::from("Passwords, shown once and not stored:\n");
        for (name, password) in &self.made {
            let name = format!("  {name:<wide$}  ");
            text.extend([&name, password.expose_secret(), "\n"]);
        }
        text
    }

    /// The same for JSON.
    pub(super) fn object(&self) -> Option<serde_json::Value> {
        if self.file.is_some() || self.made.is_empty() {
            return None;
        }
        let pairs = self.made.iter();
        let pairs = pairs.map(|(name, password)| (name.clone(), password.expose_secret().into()));
        Some(serde_json::Value::Object(pairs.collect()))
    }

    /// Where they are, for people.
    pub(super) fn note(&self) -> String {
        self.file.as_ref().map_or_else(String::new, |path| {
            let (are, s) = if self.made.len() == 1 {
                ("is", "")
            } else {
                ("are", "s")
            };
            format!("The password{s} {are} in {}.", path.display())
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.made.is_empty()
    }
}

/// A name and a password a line, parted by a tab.
fn lines(made: &[(String, SecretString)]) -> SecretString {
    let mut text = Zeroizing::new(String::new());
    for (name, password) in made {
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend([name, "\t", password.expose_secret()]);
    }
    SecretString::from(text.as_str())
}
