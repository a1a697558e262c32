//! `relayctl auth totp enable`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{AccountPath, EnableTotp, NewTotp, PrepareTotp, TotpCode, TotpSecret};
use secrecy::ExposeSecret as _;

use super::super::given;
use super::{Code, ask_code, qr, show_codes};
use crate::client::Answer;
use crate::error::Failure;
use crate::output::Format;
use crate::output::cell::harmless;
use crate::prompt::Form;
use crate::session::Session;

/// Questions for the first code before the person is let go.
const TRIES: usize = 3;

/// Ask for a code of an app at each sign-in, beside the password
///
/// Shows the secret for the app; it counts once a first code of the app proved it. A script does
/// it in two runs: the first gives the secret, the second has --totp-code. Then recovery codes are
/// shown, for the day when the app is lost.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl auth totp enable
  relayctl auth totp enable --password-file acme.pw -o json
  relayctl auth totp enable --totp-code 123456 -o json")]
pub(crate) struct Args {
    /// Read the present password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the present password from this file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    code: Code,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        if let Some(code) = self.code.code {
            return enable(session, &path, code);
        }
        let mut form = Form::new(&session.prompts);
        let file = self.password_file.as_deref();
        let password = match given(session, file, self.password_stdin)? {
            None => form.secret("--password-file (or --password-stdin)", "Present password")?,
            given => given,
        };
        form.finish("relayctl auth totp enable --password-file FILE")?;
        let request = NewTotp {
            current_password: password.map_or_else(String::new, |it| it.expose_secret().to_owned()),
        };
        let made = session.client()?.call::<PrepareTotp>(&path, &request)?;
        show_secret(session, &made)?;
        if session.prompts.off().is_some() {
            session
                .out
                .next("relayctl auth totp enable --totp-code CODE");
            return Ok(());
        }
        prove(session, &path)
    }
}

/// Asks for the first code; a slip is forgiven.
fn prove(session: &Session, path: &AccountPath) -> Result<(), Failure> {
    let mut tries = 0;
    loop {
        tries += 1;
        let code = ask_code(session)?;
        match enable(session, path, code) {
            Err(failure) if failure.code() == "totp-rejected" && tries < TRIES => {
                session.out.note("That code does not fit.");
            }
            result => return result,
        }
    }
}

fn enable(session: &Session, path: &AccountPath, code: String) -> Result<(), Failure> {
    let client = session.client()?;
    let answer = client.call::<EnableTotp>(path, &TotpCode { code })?;
    let sentence = format!(
        "The second factor of account {} is enabled: sign-in asks for a code.",
        path.account
    );
    show_codes(session, &answer, &sentence)
}

fn show_secret(session: &Session, made: &Answer<TotpSecret>) -> Result<(), Failure> {
    let (secret, uri) = (harmless(&made.value.secret), harmless(&made.value.uri));
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(made),
        Format::Tsv | Format::Name => session.out.block(&format!("{secret}\n")),
        Format::Table | Format::Wide => {
            let picture = session
                .out
                .width
                .and_then(|width| qr::picture(&uri, width, session.out.color))
                .unwrap_or_default();
            session.out.block(&format!(
                "{picture}Give this secret to your app; it is shown once.\n  \
                 Secret  {}\n  URI     {uri}\n",
                in_groups(&secret)
            ))
        }
    }
}

/// In fours, as apps show it.
fn in_groups(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    let groups = characters.chunks(4).map(String::from_iter);
    groups.collect::<Vec<_>>().join(" ")
}
