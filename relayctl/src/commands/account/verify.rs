//! `relayctl account verify`

use relay_proto::{AccountPath, ConfirmEmail, EmailCode, Nothing, Role, ShowCaller, VerifyAccount};

use super::Name;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Confirm the contact e-mail of an account by its code; the operator vouches for it without one
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account verify acme --code 12345678\n  relayctl account verify acme"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    /// The code from the mail
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut form = Form::new(&session.prompts);
        let code = match self.code {
            None if needs_code(session)? => {
                Some(form.required("--code", "Code from the mail", None, check::anything)?)
            }
            given => given,
        };
        form.finish("relayctl account verify NAME --code CODE")?;
        let Some(code) = code else {
            return self.name.advance::<VerifyAccount>(session, |name| {
                format!("The e-mail of account {name} counts as verified.")
            });
        };
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let client = session.client()?;
        client.call::<ConfirmEmail>(&path, &EmailCode { code })?;
        let sentence = format!("The e-mail of account {} is confirmed.", path.account);
        session.out.sentence(&sentence)
    }
}

/// Whether the caller cannot vouch for an e-mail: all but the operator.
fn needs_code(session: &Session) -> Result<bool, Failure> {
    if session.is_stranger()? {
        return Ok(true);
    }
    let caller = session
        .client()?
        .call::<ShowCaller>(&Nothing {}, &Nothing {})?;
    Ok(caller.value.role == Role::Owner)
}
