//! `relayctl plan list`

use relay_proto::{ListPlans, Nothing, PageQuery};

use super::VIEW;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// List the plans
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl plan list")]
pub(crate) struct Args {
    #[command(flatten)]
    part: Part,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let plans = session.client()?.list::<ListPlans, _>(
            &Nothing {},
            &PageQuery::default(),
            &self.part,
        )?;
        session.out.list(&plans, &VIEW)
    }
}
