//! `relayctl account edit`

use relay_proto::{AccountChange, AccountPath, EditAccount, Nothing, ShowAccount};

use super::{Name, VIEW, contact::Contact};
use crate::error::Failure;
use crate::session::Session;

/// Change the data of an account; what is not given stays
///
/// Another contact e-mail counts once the code that is sent to it was given by relayctl account
/// verify; the operator vouches for it instead.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account edit --city Berlin --country DE\n  relayctl account edit acme --email office@acme.example"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    contact: Contact,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let change = self.contact.change();
        if change == AccountChange::default() {
            return Err(Failure::usage("there is nothing to change")
                .hint("give what is new, such as --phone NUMBER"));
        }
        let path = AccountPath {
            account: self.name.resolve(session)?,
        };
        let client = session.client()?;
        // What somebody else changes meanwhile is not written over.
        let etag = client.call::<ShowAccount>(&path, &Nothing {})?.etag;
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
