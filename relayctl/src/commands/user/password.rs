//! Where the password of a relay user comes from and where it goes; shared by `user create` and
//! `user rotate-password`.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::io::IsTerminal as _;
use std::path::PathBuf;

use relay_proto::RelayUserWithPassword;
use secrecy::{ExposeSecret as _, SecretString};

use super::VIEW;
use crate::client::Answer;
use crate::error::Failure;
use crate::output::Format;
use crate::password::{PasswordFile, fresh, from_file, from_stdin, lost};
use crate::prompt::Form;
use crate::session::Session;

/// The flags.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Password")]
pub(super) struct PasswordFlags {
    /// Make a strong password and show it once
    #[arg(long, conflicts_with_all = ["password_stdin", "password_file"])]
    generate: bool,
    /// Read the password from stdin [env: RELAYCTL_USER_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Write the made password to this new file (mode 0600) instead of showing it
    #[arg(long, value_name = "FILE", requires = "generate")]
    password_out: Option<PathBuf>,
}

/// A password that is about to be set.
#[derive(Debug)]
pub(super) struct NewPassword {
    pub(super) password: SecretString,
    /// It was made here, so it must be handed over.
    made: bool,
    file: Option<PasswordFile>,
}

impl PasswordFlags {
    /// Decides, asks, or notes the flag as missing. Opens the file for a made password, so that
    /// nothing is changed when it cannot be handed over.
    pub(super) fn resolve(
        self,
        session: &Session,
        form: &mut Form<'_>,
    ) -> Result<Option<NewPassword>, Failure> {
        let given = |password| {
            Ok(Some(NewPassword {
                password,
                made: false,
                file: None,
            }))
        };
        if self.password_stdin {
            return given(from_stdin()?);
        }
        if let Some(path) = &self.password_file {
            return given(from_file(path, "password")?);
        }
        if !self.generate {
            if let Some(password) = session.environment.text("RELAYCTL_USER_PASSWORD") {
                return given(password.into());
            }
            if !form.asks() {
                form.missing("--generate (or --password-stdin, --password-file)");
                return Ok(None);
            }
            let items = [
                "a strong one, made now".to_owned(),
                "one that I type".to_owned(),
            ];
            if form.choice("--generate", "Password", &items, Some(0))? == 1 {
                return match form.new_secret("--password-stdin", "Password")? {
                    Some(password) => given(password),
                    None => Ok(None),
                };
            }
        }
        let seen = std::io::stdout().is_terminal() || session.out.format.is_json();
        if self.password_out.is_none() && !seen {
            return Err(Failure::usage(
                "there is nowhere to show the password: stdout is not a terminal",
            )
            .hint("add --password-out FILE, or -o json"));
        }
        Ok(Some(NewPassword {
            password: fresh(),
            made: true,
            file: self.open()?,
        }))
    }

    fn open(&self) -> Result<Option<PasswordFile>, Failure> {
        self.password_out
            .as_deref()
            .map(PasswordFile::create)
            .transpose()
    }
}

impl NewPassword {
    /// Hands the password over after the request: to the file, into the JSON, or to the screen.
    pub(super) fn hand_over(
        self,
        session: &Session,
        result: Result<Answer<RelayUserWithPassword>, Failure>,
        sentence: &str,
    ) -> Result<(), Failure> {
        let answer = match result {
            Ok(answer) => answer,
            Err(failure) => {
                if let Some(file) = self.file {
                    file.discard();
                }
                return Err(failure);
            }
        };
        let user = answer.value.user.username.clone();
        let must_be_seen = self.made && self.file.is_none();
        let printed = match self.file {
            Some(file) => file
                .write(&self.password)
                .map_err(|failure| lost(&failure, &user))
                .and_then(|path| {
                    session
                        .out
                        .note(&format!("The password is in {}.", path.display()));
                    show(session, &answer, None, &sentence.replace("{user}", &user))
                }),
            None => show(
                session,
                &answer,
                must_be_seen.then_some(&self.password),
                &sentence.replace("{user}", &user),
            ),
        };
        // A reader that went away before the password was written is no success here.
        printed.map_err(|failure| {
            if must_be_seen {
                lost(&failure, &user)
            } else {
                failure
            }
        })
    }
}

fn show(
    session: &Session,
    answer: &Answer<RelayUserWithPassword>,
    password: Option<&SecretString>,
    sentence: &str,
) -> Result<(), Failure> {
    let out = &session.out;
    match (out.format, password) {
        (Format::Json | Format::Jsonl, None) => out.item_as_sent(answer),
        (Format::Json | Format::Jsonl, Some(password)) => {
            let mut object: serde_json::Value = serde_json::from_str(&answer.text)
                .map_err(|error| Failure::local("the answer is not JSON", &error))?;
            if let Some(fields) = object.as_object_mut() {
                fields.insert("password".into(), password.expose_secret().into());
            }
            out.own_json(&object)
        }
        (Format::Table | Format::Wide, Some(password)) => out.block(&format!(
            "{sentence}\n  Password  {}     shown once, not stored\n",
            password.expose_secret()
        )),
        (Format::Table | Format::Wide, None) => out.sentence(sentence),
        (Format::Tsv | Format::Name, _) => {
            out.rows(std::slice::from_ref(&answer.value.user), &VIEW)
        }
    }
}
