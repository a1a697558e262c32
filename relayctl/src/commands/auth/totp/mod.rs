//! `relayctl auth totp`: the second factor of a sign-in.

mod disable;
mod enable;
mod qr;
mod recovery_codes;
mod show;

use relay_proto::RecoveryCodes;

use crate::client::Answer;
use crate::error::Failure;
use crate::output::Format;
use crate::output::cell::harmless;
use crate::prompt::check;
use crate::session::Session;

super::super::verbs! {
    /// What is done with it.
    Verb {
        Enable(enable::Args),
        Disable(disable::Args),
        RecoveryCodes(recovery_codes::Args),
        Show(show::Args),
    }
}

/// The second factor of a sign-in: codes of an app beside the password
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        self.verb.run(session)
    }
}

/// The code of whoever is asked for one.
#[derive(Debug, clap::Args)]
struct Code {
    /// The code that the app shows now, or a recovery code
    #[arg(
        long = "totp-code",
        value_name = "CODE",
        env = "RELAYCTL_TOTP_CODE",
        hide_env_values = true
    )]
    code: Option<String>,
}

impl Code {
    /// The code that was given, or that a person types.
    fn or_asked(self, session: &Session, example: &str) -> Result<String, Failure> {
        match self.code {
            Some(code) => Ok(code),
            None if session.prompts.off().is_none() => ask_code(session),
            None => {
                let mut form = crate::prompt::Form::new(&session.prompts);
                form.missing("--totp-code");
                form.finish(example)?;
                Ok(String::new())
            }
        }
    }
}

/// Asks for a code. It is shown as it is typed: it is good once.
pub(super) fn ask_code(session: &Session) -> Result<String, Failure> {
    session
        .prompts
        .line("Code of the second factor", None, false, check::anything)
}

/// Shows recovery codes, this once.
fn show_codes(
    session: &Session,
    answer: &Answer<RecoveryCodes>,
    sentence: &str,
) -> Result<(), Failure> {
    let codes = answer.value.recovery_codes.iter();
    let codes: Vec<_> = codes.map(|code| harmless(code)).collect();
    match session.out.format {
        Format::Json | Format::Jsonl => session.out.item_as_sent(answer),
        Format::Tsv | Format::Name => session.out.block(&(codes.join("\n") + "\n")),
        Format::Table | Format::Wide => {
            let mut text =
                format!("{sentence}\n  Recovery codes, shown once; each is good once:\n");
            for pair in codes.chunks(2) {
                text.extend(["    ", &pair.join("   "), "\n"]);
            }
            session.out.block(&text)
        }
    }
}
