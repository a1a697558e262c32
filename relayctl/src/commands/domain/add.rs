//! `relayctl domain add`

use relay_proto::{AccountPath, AddDomain, NewDomain};

use super::{VIEW, record_lines};
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Register a sender domain, and show the TXT record that proves it
///
/// The proof holds for the domain and all below it. Publish the record where the domain's DNS is
/// kept, then relayctl domain verify. Leave it there: it is looked at every day.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl domain add acme.example
  relayctl domain add acme.example -o json")]
pub(crate) struct Args {
    /// Name of the domain
    #[arg(value_name = "DOMAIN")]
    domain: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let name = form.required("DOMAIN", "Domain", self.domain, check::anything)?;
        form.finish("relayctl domain add DOMAIN")?;
        let path = AccountPath {
            account: session.account()?,
        };
        let new = NewDomain { name };
        let answer = session
            .client()?
            .call::<AddDomain>(&path, &new)
            .map_err(|failure| match failure.code() {
                "name-taken" => failure
                    .titled(format!("the account has the domain {} already", new.name))
                    .only_hint(format!("relayctl domain show {}", new.name)),
                _ => failure,
            })?;
        let domain = &answer.value;
        let sentence = format!(
            "Domain {} added. Publish this record in its DNS:",
            domain.name
        );
        session.out.changed(&answer, &VIEW, &sentence)?;
        if session.out.format.is_for_people() {
            session
                .out
                .block(&format!("\n{}\n", record_lines(domain)))?;
        }
        session
            .out
            .next(&format!("relayctl domain verify {} --wait", domain.name));
        Ok(())
    }
}
