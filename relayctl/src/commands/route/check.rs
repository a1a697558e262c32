//! `relayctl route check`

use relay_proto::{AccountPath, CheckRoute, Nothing};

use super::Which;
use crate::commands::steps;
use crate::error::Failure;
use crate::output::Format;
use crate::session::Session;

/// Check the route of an account against its server, step by step
///
/// DNS, TCP, TLS, EHLO, token and sign-in as they fit the kind of the route; then the certificate of
/// the server and its end, the clock, SIZE against the limits, MAIL FROM as each sender (nothing is
/// sent), and SPF of the sender domains: each with its literal reply, the cause, and what mends it.
/// A sender that is refused hides no other. When the sign-in works, the route counts as checked,
/// and a hold for credentials ends. Exit code 9 when a step fails; warnings alone end with 0.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl route check --account acme
  relayctl route check --account acme --fallback")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let path = AccountPath {
            account: account.clone(),
        };
        let (client, query) = (session.client()?, self.which.query());
        let waiting = client.doing("Checking the route");
        let answer = client.call_with::<CheckRoute>(&path, &query, &Nothing {}, None)?;
        drop(waiting);
        let noun = self.which.noun();
        let result = &answer.value;
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.item_as_sent(&answer)?,
            Format::Table | Format::Wide => {
                let story = steps::story(&result.steps, session.out.width);
                session.out.block(&story)?;
            }
            Format::Tsv | Format::Name => session
                .out
                .rows(std::slice::from_ref(&result.route), &super::VIEW)?,
        }
        if result.ok {
            return session
                .out
                .sentence(&format!("The {noun} of account {account} works."));
        }
        Err(steps::failed(
            &session.out,
            &format!("the {noun} of account {account} does not work"),
            &result.steps,
        ))
    }
}
