//! `relayctl plan show`

use relay_proto::{Nothing, PlanPath, ShowPlan};

use super::VIEW;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show a plan
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  relayctl plan show business")]
pub(crate) struct Args {
    /// Name or id of the plan
    #[arg(value_name = "PLAN", add = complete::plans())]
    plan: String,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let answer = session
            .client()?
            .call::<ShowPlan>(&PlanPath { plan: self.plan }, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
