//! Where the password of a relay user comes from and where it goes; shared by `user create`,
//! `user rotate-password` and `user credential add`.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::io::IsTerminal as _;
use std::path::PathBuf;

use relay_proto::RelayUserWithPassword;
use secrecy::{ExposeSecret as _, SecretString};

use super::VIEW;
use crate::client::{Answer, json_of};
use crate::error::Failure;
use crate::output::Format;
use crate::password::{PasswordFile, fresh, from_file, from_stdin, lost};
use crate::prompt::Form;
use crate::session::Session;

/// What says where a password comes from.
const SOURCE: &str = "--generate (or --password-stdin, --password-file)";

/// The flags.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Password")]
pub(in crate::commands) struct PasswordFlags {
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
pub(in crate::commands) struct NewPassword {
    pub(in crate::commands) password: SecretString,
    /// It was made here, so it must be handed over.
    made: bool,
    file: Option<PasswordFile>,
}

impl PasswordFlags {
    /// Decides, asks, or notes the flag as missing. Opens the file for a made password, so that
    /// nothing is changed when it cannot be handed over.
    pub(in crate::commands) fn resolve(
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
            return given(from_stdin("password")?);
        }
        if let Some(path) = &self.password_file {
            return given(from_file(path, "password")?);
        }
        if !self.generate {
            if let Some(password) = session.environment.text("RELAYCTL_USER_PASSWORD") {
                return given(password.into());
            }
            if !form.asks() {
                form.missing(SOURCE);
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
            if !form.asks() {
                form.because("there is nowhere to show the password: stdout is not a terminal");
                form.missing("--password-out (or -o json)");
                return Ok(None);
            }
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

    /// Notes what is missing before anything else is done or asked.
    pub(super) fn note_missing(&self, session: &Session, form: &mut Form<'_>) {
        let is_given = self.generate
            || self.password_stdin
            || self.password_file.is_some()
            || session.environment.text("RELAYCTL_USER_PASSWORD").is_some();
        if !form.asks() && !is_given {
            form.missing(SOURCE);
        }
    }

    fn open(&self) -> Result<Option<PasswordFile>, Failure> {
        self.password_out
            .as_deref()
            .map(PasswordFile::create)
            .transpose()
    }
}

impl NewPassword {
    /// A strong one, to be shown once.
    pub(in crate::commands) fn generated() -> Self {
        Self {
            password: fresh(),
            made: true,
            file: None,
        }
    }

    /// The password, if it was made here and a person has to see it.
    pub(in crate::commands) fn to_show(&self) -> Option<&SecretString> {
        self.made.then_some(&self.password)
    }

    /// The answer, and the password to hand over; after a refusal no empty file stays behind. Where
    /// nobody knows whether it was done, a made password is kept in its file, or `remedy` is named.
    pub(in crate::commands) fn unless_refused<T>(
        self,
        result: Result<Answer<T>, Failure>,
        remedy: &str,
    ) -> Result<(Self, Answer<T>), Failure> {
        match result {
            Ok(answer) => Ok((self, answer)),
            Err(failure) if failure.is_outcome_unknown() => Err(self.kept(failure, remedy)),
            Err(failure) => {
                if let Some(file) = self.file {
                    file.discard();
                }
                Err(match failure.code() {
                    "weak-password" => failure.hint("or let relayctl make one: --generate"),
                    _ => failure,
                })
            }
        }
    }

    fn kept(self, failure: Failure, remedy: &str) -> Failure {
        if !self.made {
            return failure;
        }
        match self.file.map(|file| file.write(&self.password)) {
            Some(Ok(path)) => failure.hint(format!(
                "{} has the password, which counts if it was done; {remedy} makes another",
                path.display()
            )),
            Some(Err(_)) | None => {
                failure.hint(format!("the password is lost; if it was done: {remedy}"))
            }
        }
    }

    /// Hands the password over after the request: to the file, into the JSON of the answer, or to
    /// the screen. `remedy` is the way out when that fails, and `rows` print the object itself.
    pub(super) fn hand_over(
        self,
        session: &Session,
        answer: &str,
        sentence: &str,
        remedy: &str,
        rows: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(file) = self.file {
            let written = file.write(&self.password);
            let path = written.map_err(|failure| lost(&failure, remedy))?;
            let note = format!("The password is in {}.", path.display());
            session.out.note(&note);
            return show(session, answer, None, sentence, rows);
        }
        let must_be_seen = self.made;
        let shown = must_be_seen.then_some(&self.password);
        let printed = show(session, answer, shown, sentence, rows);
        // A reader that went away before the password was written is no success here.
        printed.map_err(|failure| {
            if must_be_seen {
                lost(&failure, remedy)
            } else {
                failure
            }
        })
    }

    /// The same for an answer that is a relay user; `{user}` in the sentence is its name. `name` is
    /// what it was called before the answer.
    pub(super) fn hand_over_user(
        self,
        session: &Session,
        result: Result<Answer<RelayUserWithPassword>, Failure>,
        name: Option<&str>,
        sentence: &str,
    ) -> Result<(), Failure> {
        let remedy = format!("relayctl user rotate-password {}", name.unwrap_or("NAME"));
        let (password, answer) = self.unless_refused(result, &remedy)?;
        let user = &answer.value.user;
        let sentence = sentence.replace("{user}", &user.username);
        let remedy = format!("relayctl user rotate-password {}", user.username);
        password.hand_over(session, &answer.text, &sentence, &remedy, || {
            session.out.rows(std::slice::from_ref(user), &VIEW)
        })
    }
}

fn show(
    session: &Session,
    answer: &str,
    password: Option<&SecretString>,
    sentence: &str,
    rows: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let out = &session.out;
    match (out.format, password) {
        (Format::Json | Format::Jsonl, None) => out.json_as_sent(answer),
        (Format::Json | Format::Jsonl, Some(password)) => {
            let mut object = json_of(answer)?;
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
        (Format::Tsv | Format::Name, _) => rows(),
    }
}
