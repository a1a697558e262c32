//! `relayctl plan retire`

use relay_proto::{Nothing, RetirePlan};

use super::{Name, VIEW};
use crate::error::Failure;
use crate::session::Session;

/// Offer a plan no longer
///
/// Accounts that have it keep it. Owners do not see it any more, and only the operator can give it
/// to an account. relayctl plan offer takes it back.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl plan retire starter")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path();
        let answer = session.client()?.call::<RetirePlan>(&path, &Nothing {})?;
        let plan = &answer.value;
        let kept = match plan.subscribers.unwrap_or_default() {
            0 => String::new(),
            1 => "; 1 account has it and keeps it".to_owned(),
            more => format!("; {more} accounts have it and keep it"),
        };
        let sentence = format!("Plan {} is offered no longer{kept}.", plan.name);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
