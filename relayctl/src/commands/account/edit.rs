//! `relayctl account edit`

use relay_proto::{AccountChange, AccountPath, DomainProof, EditAccount, Nothing, ShowAccount};

use super::{Name, VIEW, contact::Contact};
use crate::args::words;
use crate::error::Failure;
use crate::session::Session;

/// Change the data of an account; what is not given stays
///
/// Another contact e-mail counts once the code that is sent to it was given by relayctl account
/// verify; the operator vouches for it instead.
///
/// --domain-proof is the operator's. `required` affects live mail: asks for confirmation, or takes
/// --yes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account edit --city Berlin --country DE\n  relayctl account edit acme --email office@acme.example\n  relayctl account edit acme --domain-proof waived"
)]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    contact: Contact,
    /// Whether its senders must lie in proven domains
    #[arg(long, value_name = "HOW", value_parser = words!(DomainProof))]
    domain_proof: Option<DomainProof>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let mut change = self.contact.change();
        change.domain_proof = self.domain_proof;
        if change == AccountChange::default() {
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
