//! `relayctl account edit`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::{Path, PathBuf};

use relay_proto::{
    AccountChange, AccountPath, BouncesTo, DomainProof, EditAccount, Nothing, Role, ShowAccount,
    ShowCaller,
};
use secrecy::ExposeSecret as _;

use super::{Name, VIEW, contact::Contact};
use crate::args::words;
use crate::commands::auth::given;
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Change the data of an account; what is not given stays
///
/// Without a flag it asks for each value, where a person is.
///
/// Another contact e-mail takes the present sign-in password, which is asked for, and counts once the
/// code that is sent to it was given by relayctl account verify. The present one takes back what was
/// asked for. The operator vouches for it instead, which ends the sessions of the account.
///
/// --domain-proof is the operator's. `required` affects live mail: asks for confirmation, or takes
/// --yes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account edit --city Berlin --country DE\n  relayctl account edit acme --email office@acme.example\n  relayctl account edit --email office@acme.example \\
      --sign-in-password-file acme.pw\n  relayctl account edit acme --domain-proof waived"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    contact: Contact,
    /// Whether its senders must lie in proven domains
    #[arg(long, value_name = "HOW", value_parser = words!(DomainProof))]
    domain_proof: Option<DomainProof>,
    /// Who is told that its mail failed or is late
    #[arg(long, value_name = "WHOM", value_parser = words!(BouncesTo))]
    bounces_to: Option<BouncesTo>,
    /// Read the present sign-in password from this file [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, value_name = "FILE", requires = "email")]
    sign_in_password_file: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut change = self.contact.change();
        change.domain_proof = self.domain_proof;
        change.bounces_to = self.bounces_to;
        let is_named = change != AccountChange::default();
        if !is_named && session.prompts.off().is_some() {
            return Err(Failure::usage("there is nothing to change")
                .hint("give what is new, such as --phone NUMBER"));
        }
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        if change.domain_proof == Some(DomainProof::Required) {
            session.confirm(&format!(
                "mail of account {} from senders outside its proven domains will be refused",
                path.account
            ))?;
        }
        let client = session.client()?;
        // What somebody else changes meanwhile is not written over.
        let before = client.call::<ShowAccount>(&path, &Nothing {})?;
        if !is_named {
            change = Contact::asked(session, &before.value)?;
            if change == AccountChange::default() {
                return session.out.sentence("Nothing was changed.");
            }
        }
        if change
            .email
            .as_ref()
            .is_some_and(|it| *it != before.value.email)
        {
            change.current_password =
                present_password(session, self.sign_in_password_file.as_deref())?;
        }
        let etag = before.etag;
        let answer = client.call_with::<EditAccount>(&path, &Nothing {}, &change, etag)?;
        let account = &answer.value;
        let sentence = format!("Account {} was changed.", account.name);
        session.out.changed(&answer, &VIEW, &sentence)?;
        if let (Some(email), true) = (&account.new_email, change.email.is_some()) {
            session.out.note(&format!("A code was sent to {email}."));
            session.out.next(&format!(
                "relayctl account verify {} --code CODE",
                account.name
            ));
        }
        Ok(())
    }
}

/// The owner gives it; the operator need not.
fn present_password(session: &Session, file: Option<&Path>) -> Result<Option<String>, Failure> {
    let caller = session
        .client()?
        .call::<ShowCaller>(&Nothing {}, &Nothing {})?;
    if caller.value.role == Role::Operator {
        return Ok(None);
    }
    let mut form = Form::new(&session.prompts);
    let password = match given(session, file, false)? {
        None => form.secret("--sign-in-password-file", "Present password")?,
        given => given,
    };
    form.finish("relayctl account edit --email ADDRESS --sign-in-password-file FILE")?;
    Ok(password.map(|password| password.expose_secret().to_owned()))
}
