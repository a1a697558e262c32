//! `relayctl export`

use relay_proto::{AccountPath, Nothing, ShowConfiguration};

use super::toml_text::written;
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Print the configuration of an account as one file, for relayctl apply
///
/// TOML with comments: who the customer is, plan, domains, routes, limits, relay users and systems.
/// The same configuration is the same text, so that it can be kept under version control. Secrets
/// are not in it. Mail, statistics and the audit log are not either: relayctl account export prints
/// all data of an account, which can be kept but not applied.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl export -a acme > acme.toml
  relayctl export -a acme -o json | jq .systems")]
pub(crate) struct Args {}

impl Args {
    pub(in crate::commands) fn run(self, session: &Session) -> Result<(), Failure> {
        let Self {} = self;
        if matches!(session.out.format, Format::Tsv | Format::Name) {
            return Err(
                Failure::usage("a configuration is no list").hint("leave -o out, or -o json")
            );
        }
        let account = session.account()?;
        let path = AccountPath {
            account: account.clone(),
        };
        let client = session.client()?;
        let answer = client.call::<ShowConfiguration>(&path, &Nothing {})?;
        if session.out.format.is_json() {
            return session.out.item_as_sent(&answer);
        }
        let name = answer.value.account.name.as_deref().unwrap_or(&account);
        session.out.block(&written(&answer.value, name))
    }
}
