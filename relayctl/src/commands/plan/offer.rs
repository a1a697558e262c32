//! `relayctl plan offer`

use relay_proto::{Nothing, OfferPlan};

use super::{Name, VIEW};
use crate::error::Failure;
use crate::session::Session;

/// Offer a retired plan again
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl plan offer starter")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path();
        let answer = session.client()?.call::<OfferPlan>(&path, &Nothing {})?;
        let sentence = format!("Plan {} is offered.", answer.value.name);
        session.out.changed(&answer, &VIEW, &sentence)
    }
}
