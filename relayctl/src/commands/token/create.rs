//! `relayctl token create`

use std::io::IsTerminal as _;
use std::path::PathBuf;

use relay_proto::{CreateToken, NewToken, Nothing, Role, ShowCaller};

use super::VIEW;
use crate::error::{Exit, Failure};
use crate::output::Format;
use crate::password::PasswordFile;
use crate::prompt::{Form, check};
use crate::session::Session;
use crate::time::Moment;

/// Create a token; its text is shown once
///
/// It may do what the owner of the account may that --account, the environment or the context names.
/// Made by an owner it is for the own account. One of the operator may do everything, with all
/// accounts; it is made with --operator only.
///
/// A token that ends makes none that outlives it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl token create erp --account acme --token-out erp.token
  relayctl token create monitoring --operator --read-only --expires 90d
  relayctl token create deploy --operator --token-out deploy.token")]
pub(crate) struct Args {
    /// Name of the token
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    owner: super::Owner,
    /// It may only read
    #[arg(long, env = "RELAYCTL_READ_ONLY", hide_env = true, value_parser = clap::builder::FalseyValueParser::new())]
    read_only: bool,
    /// When it ends: 90d, 2027-01-01 or a full time [default: never]
    #[arg(long, value_name = "TIME", env = "RELAYCTL_EXPIRES", hide_env = true)]
    expires: Option<Moment>,
    /// Write the text to this new file (mode 0600) instead of showing it
    #[arg(long, value_name = "FILE")]
    token_out: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let seen = std::io::stdout().is_terminal() || session.out.format.is_json();
        let mut form = Form::new(&session.prompts);
        let name = form.required("NAME", "Name of the token", self.name, check::anything)?;
        if self.token_out.is_none() && !seen {
            form.because("there is nowhere to show the token: stdout is not a terminal");
            form.missing("--token-out (or -o json)");
        }
        form.finish("relayctl token create NAME --account ACCOUNT --token-out FILE")?;
        let account = self.owner.account(session)?;
        if account.is_none() {
            check_owner(session, self.owner.operator)?;
        }
        let new = NewToken {
            name,
            account,
            read_only: self.read_only,
            expires_at: self.expires.map(|moment| moment.ahead_of(session.out.now)),
        };
        let file = self
            .token_out
            .as_deref()
            .map(PasswordFile::create)
            .transpose()?;
        let answer = match session.client()?.call::<CreateToken>(&Nothing {}, &new) {
            Ok(answer) => answer,
            Err(failure) => {
                if let Some(file) = file {
                    file.discard();
                }
                return Err(failure);
            }
        };
        let (token, secret) = (&answer.value.token, &answer.value.secret);
        let name = &token.name;
        if secret.is_empty() {
            if let Some(file) = file {
                file.discard();
            }
            return Err(not_shown(name).cause("the answer that held its text was lost on the way"));
        }
        let printed = match (file, session.out.format) {
            (Some(file), format) => file.write(&secret.as_str().into()).and_then(|path| {
                session
                    .out
                    .note(&format!("The token is in {}.", path.display()));
                match format {
                    Format::Table | Format::Wide => {
                        session.out.sentence(&format!("Token {name} created."))
                    }
                    Format::Json | Format::Jsonl => session.out.own_json(token),
                    Format::Tsv | Format::Name => {
                        session.out.rows(std::slice::from_ref(token), &VIEW)
                    }
                }
            }),
            (None, Format::Json | Format::Jsonl) => session.out.item_as_sent(&answer),
            (None, _) => session.out.block(&format!(
                "Token {name} created.\n  Token  {secret}     shown once, not stored\n"
            )),
        };
        printed.map_err(|failure| not_shown(name).cause(failure.to_string()))
    }
}

/// Who names no account gets a token of the own: that of the operator is asked for by its flag.
fn check_owner(session: &Session, for_operator: bool) -> Result<(), Failure> {
    let caller = session
        .client()?
        .call::<ShowCaller>(&Nothing {}, &Nothing {})?;
    match (caller.value.role, for_operator) {
        (Role::Operator, false) => Err(Failure::usage(
            "whose token it is to be is not said: without an account it would be the operator's, \
             for all accounts",
        )
        .hint("add --account NAME, or --operator")),
        (Role::Owner, true) => Err(Failure::usage("only the operator makes such a token")
            .hint("leave out --operator: the token is for the own account")),
        _ => Ok(()),
    }
}

fn not_shown(name: &str) -> Failure {
    Failure::new(
        Exit::Unexpected,
        "token-not-shown",
        format!("token {name} exists, but could not be shown"),
    )
    .hint(format!(
        "relayctl token revoke {name}, then create it again"
    ))
}
