//! `relayctl plan show`

use relay_proto::{Nothing, ShowPlan};

use super::{Name, VIEW};
use crate::complete;
use crate::error::Failure;
use crate::session::Session;

/// Show a plan
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Example:\n  relayctl plan show business")]
pub(crate) struct Args {
    #[command(flatten)]
    name: Name,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = self.name.path();
        let answer = session.client()?.call::<ShowPlan>(&path, &Nothing {})?;
        session.out.item(&answer, &VIEW)
    }
}
