//! `relayctl domain show`

use relay_proto::{DomainState, Nothing, ShowDomain};

use super::{Name, VIEW, hint_lines, hints, record_lines};
use crate::complete;
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Show a domain, its record, and what SPF and DMARC say of its mail
///
/// SPF and DMARC are hints: nothing is refused by them. -o json has them as `hints`.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl domain show acme.example")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path(session)?;
        let answer = session.client()?.call::<ShowDomain>(&path, &Nothing {})?;
        let out = &session.out;
        match out.format {
            Format::Json | Format::Jsonl => {
                let hints = hints(session, &path)?;
                let mut shown = serde_json::to_value(&answer.value)
                    .map_err(|error| Failure::local("cannot write JSON", &error))?;
                shown["hints"] = serde_json::json!(hints);
                out.own_json(&shown)
            }
            Format::Table | Format::Wide => {
                out.item(&answer, &VIEW)?;
                if answer.value.state != DomainState::Verified {
                    let record = record_lines(&answer.value);
                    out.block(&format!("\nThe record that proves it:\n\n{record}"))?;
                }
                let hints = hint_lines(&hints(session, &path)?);
                if !hints.is_empty() {
                    out.block(&format!("\nWhat its DNS says of its mail:\n\n{hints}"))?;
                }
                Ok(())
            }
            Format::Tsv | Format::Name => out.item(&answer, &VIEW),
        }
    }
}
